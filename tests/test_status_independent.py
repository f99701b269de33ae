"""Who takes part, care, the usual pause and the status agree with plain loops over dense lives."""

import random
from collections import Counter

import pytest

from collector.judgement.status import gap_limit, standing
from collector.metrics import BY_KEY
from collector.model import DAY, Agreement, EventKind, ItemKind, Project, Span, User
from tests.activities import (
    GHOST,
    NOBODY,
    EventLine,
    ItemLine,
    Line,
    WorksFor,
    activity,
    commit,
    tag,
)
from tests.measuring import NOW
from tests.naive_status import Standing

BODIES = {"city": "public-body", "firm": "supplier"}
HANDS = [WorksFor("ana", "city"), WorksFor("ben", "firm", Span(None, NOW - 200 * DAY))]
CONTRACT = Agreement("firm", Span(NOW - 900 * DAY, NOW - 300 * DAY))
PEOPLE = ["ana", "ben", "eva", "ida", "leo", "renovate", "x[bot]", GHOST]
YEARS = 1500


def life(seed: int) -> list[Line]:
    """Four years: busy, ebbing, resting, with questions all along."""
    chance = random.Random(seed)
    end = NOW - chance.choice([0, 40, 150, 300, 500, 700, 900]) * DAY
    pause = chance.choice([2, 9, 30, 70])
    made: list[Line] = []
    when = NOW - YEARS * DAY
    while when < end:
        when += int(DAY * chance.expovariate(1 / pause)) + 1
        who = chance.choice(PEOPLE[:6])
        made.append(commit(when - chance.choice([0, 0, 9 * DAY]), who, arrived=when))
    for _ in range(chance.randrange(50)):
        created = end - chance.randrange(YEARS * DAY)
        kind = chance.choice(list(ItemKind))
        kinds = [EventKind.COMMENT, EventKind.REVIEW, EventKind.CLOSED]
        kinds += [EventKind.MERGED] if kind is ItemKind.CHANGE_REQUEST else []
        events = tuple(
            EventLine(created + chance.randrange(1, 90 * DAY), chance.choice([*PEOPLE, NOBODY]), k)
            for k in chance.sample(kinds, chance.randrange(len(kinds)))
        )
        made.append(ItemLine(created, chance.choice(PEOPLE), kind, events))
    made += [ItemLine(end + days * DAY, "eve", ItemKind.ISSUE) for days in (30, 400)[seed % 3 :]]
    made += [
        tag(end - chance.randrange(YEARS * DAY), name)
        for name in chance.sample(["v1", "1.1", "2.0-rc1", "prod-3", "docs/x"], 2)
    ]
    return made


@pytest.mark.parametrize("used", [False, True])
def test_plain_loops_give_the_same_standing_of_many_lives(used: bool) -> None:
    users = (User("Brno", "configuration"),) if used else ()
    project = Project("app", owner="city", organisations=BODIES, contracts=(CONTRACT,), users=users)
    seen: Counter[str] = Counter()
    for seed in range(16):
        lines = [*life(seed), *HANDS]
        ours = activity(*lines, project=project, maintainers=["leo"])
        plain = Standing(lines, project, {"leo"})
        for as_of in range(NOW - 1400 * DAY, NOW + DAY, 140 * DAY):
            for key, wanted in plain.at(as_of).items():
                found = BY_KEY[key].compute(ours, as_of).value
                assert found == pytest.approx(wanted), (seed, as_of, key)
            status = plain.status(as_of)
            if status != "?":
                found = standing(ours, as_of)
                assert gap_limit(ours, as_of) == pytest.approx(plain.limit()), (seed, as_of)
                assert found.status.value == status, (seed, as_of)
            seen[status] += 1
    assert {"new", "active", "quiet", "slowing", "abandoned"} <= seen.keys(), seen
    assert used or seen["at_rest"], seen
