"""Two independent calculations of the families that no archive tells of agree everywhere."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
)
from tests.measuring import NOW
from tests.naive_declared import Plain
from tests.test_metrics_registry import as_ofs, lines, times

BODIES = {"city": "public-body", "region": "public-body", "firm": "supplier", "other": "company"}

days = (
    st.none()
    | times.map(lambda at: at - at % DAY)
    | st.integers(0, 900).map(lambda ahead: NOW - NOW % DAY + ahead * DAY)
)
spans = st.builds(Span, days, days)
agreements = st.lists(
    st.builds(Agreement, st.sampled_from(["firm", "other", "city", "grant"]), spans), max_size=4
).map(tuple)
users = st.lists(
    st.builds(User, st.sampled_from(["Brno", "BRNO", "Praha"]), st.just("configuration"), days),
    max_size=3,
).map(tuple)
projects = st.builds(
    Project,
    id=st.just("app"),
    owner=st.just("city"),
    contracts=agreements,
    funding=agreements,
    users=users,
    organisations=st.just(BODIES),
)
jobs = st.lists(
    st.builds(
        WorksFor,
        st.sampled_from(["ana", "ben", "eva"]),
        st.sampled_from([*BODIES]),
        spans,
        st.sampled_from(["configuration", "mail"]),
    ),
    max_size=5,
)


PEOPLE = ["ana", "ben", "eva", "renovate", GHOST]
LONG = 500 * DAY


def busy(seed: int) -> list[Line]:
    """A year and more of dense work: a few people, their commits, questions and proposals."""
    chance = random.Random(seed)

    def when() -> int:
        return NOW - chance.randrange(LONG)

    made: list[Line] = [
        commit(when(), chance.choice(PEOPLE[:3]), files=chance.choice([-1, 2, 90]))
        for _ in range(chance.randrange(60))
    ]
    for number in range(chance.randrange(40)):
        created, kind = when(), chance.choice(list(ItemKind))
        events = [
            EventLine(
                created + chance.randrange(1, 40 * DAY), chance.choice([*PEOPLE, NOBODY]), event
            )
            for event in chance.sample(
                [EventKind.COMMENT, EventKind.REVIEW, EventKind.CLOSED, EventKind.MERGED],
                chance.randrange(4),
            )
            if kind is ItemKind.CHANGE_REQUEST or event is not EventKind.MERGED
        ]
        made.append(ItemLine(created, PEOPLE[number % 5], kind, tuple(events)))
    return made


def test_plain_loops_give_the_same_values_of_dense_work() -> None:
    told: Counter[str] = Counter()
    for seed in range(60):
        records = busy(seed)
        hands = [WorksFor("ana", "city"), WorksFor("ben", "firm", Span(None, NOW - 200 * DAY))]
        project = Project("app", owner="city", organisations=BODIES)
        built = activity(*records, *hands, project=project)
        for as_of in (NOW, NOW - 45 * DAY):
            for key, wanted in Plain([*records, *hands], project).at(as_of).items():
                found = BY_KEY[key].compute(built, as_of)
                assert found.value == pytest.approx(wanted), (seed, key, found)
                told[key] += wanted is not None
    declared = {"users", "days_to_contract_end", "days_to_funding_end"}
    assert all(told[key] >= 10 for key in told if key not in declared), told


@given(lines, jobs, projects, as_ofs)
@settings(max_examples=100, deadline=None)
def test_plain_loops_give_the_same_values(
    records: Sequence[Line], employed: Sequence[WorksFor], project: Project, as_of: int
) -> None:
    built = activity(*records, *employed, project=project)
    for key, wanted in Plain([*records, *employed], project).at(as_of).items():
        found = BY_KEY[key].compute(built, as_of)
        assert found.value == pytest.approx(wanted), (key, found)
