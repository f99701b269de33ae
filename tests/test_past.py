"""A portfolio as of any past date: the judgement of each month, and events that held 28 days."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from collector.history import first_event
from collector.history import past as whole_past
from collector.judgement import all_events, judge, new_events
from collector.judgement.events import HELD_FOR, half_months
from collector.judgement.status import standing
from collector.measure import Task, measure, measure_all, task
from collector.model import DAY, Activity, Project, StatusChange
from collector.rulepack import Checklists
from collector.store import past, read
from collector.store.schema import (
    judgements,
    metric_history,
    metric_values,
    project_series,
    projects,
    status_changes,
    status_history,
)
from collector.store.write_measured import write_measured
from tests.activities import activity, at, commit, issue, tag
from tests.stores import ANA, START, WHO, portfolio, put_git, reading
from tests.stores import commit as stored_commit


def life(seed: int) -> Activity:
    """Years of work with pauses of all lengths."""
    random_ = random.Random(seed)
    when, lines = at("2018-01-03"), []
    while when < at("2024-01-01"):
        lines.append(commit(when, random_.choice(["ana", "ben"])))
        when += int(DAY * random_.choice([3, 7, 7, 20, 40, 120, 250, 500]))
    return activity(lines, tag("2018-06-01", "v1.0"), issue("2019-01-01", "eva"))


def slowly(records: Activity, since: int, as_of: int) -> list[tuple[int, str, str]]:
    """Every day looked at, one after the other."""
    runs: list[tuple[int, str]] = []
    for day in range(since // DAY + 1, as_of // DAY + 1):
        status = standing(records, day * DAY).status.value
        if not runs or runs[-1][1] != status:
            runs.append((day * DAY, status))
    ends = [start for start, _ in runs[1:]] + [as_of]
    held = [run for run, end in zip(runs, ends, strict=True) if end - run[0] >= HELD_FOR * DAY]
    pairs = pairwise(held)
    return [(b[0], a[1], b[1]) for a, b in pairs if a[1] != b[1]]


def bare(changes: tuple[StatusChange, ...]) -> list[tuple[int, str, str]]:
    return [(change.at, change.before, change.after) for change in changes]


def test_events_are_those_that_a_look_at_every_single_day_finds() -> None:
    for seed in range(6):
        records, as_of = life(seed), at("2024-03-07")
        found = bare(all_events(records, first_event(records), as_of))
        assert found[0][1] == ""
        assert found[1:] == slowly(records, first_event(records), as_of)


@given(st.integers(0, 20), st.integers(0, 700), st.lists(st.integers(1, 31), max_size=12))
@settings(max_examples=25, deadline=None)
def test_events_seen_day_by_day_are_those_seen_at_once(
    seed: int, ago: int, steps: list[int]
) -> None:
    records, as_of = life(seed), at("2022-01-01") + ago * DAY
    known = list(all_events(records, first_event(records), as_of))
    for step in steps:
        as_of += step * DAY
        known += new_events(records, known[-1], as_of)
    assert known == [*all_events(records, first_event(records), as_of)]


def test_each_half_month_is_looked_at_and_the_last_day() -> None:
    found = [*half_months(at("2023-12-10"), at("2024-02-03"))]
    days = ["2023-12-15", "2024-01-01", "2024-01-15", "2024-02-01", "2024-02-03"]
    assert found == [at(day) for day in days]


def stored(engine: Engine, records: Activity, as_of: int, *, whole: bool) -> None:
    state = read.project_states(engine)[0]
    write_measured(engine, measure(records, Task(state, (), "digest", whole), as_of))


def test_the_past_is_read_as_it_was_judged(engine: Engine) -> None:
    portfolio(engine)
    records = life(3)
    stored(engine, records, at("2024-01-01"), whole=True)
    for day in ("2019-07-15", "2021-02-01", "2023-12-31"):
        (found,) = past.portfolio_at(engine, at(day))
        judged = judge(records, found.as_of)
        assert found.as_of == at(day[:8] + "01")
        assert (found.status, found.risk) == (judged.status.value, judged.risk)
        assert found.answers == {q.key: q.answer.value for q in judged.questions}
    assert past.portfolio_at(engine, at("2017-01-01")) == ()


def test_events_are_stored_once_and_new_ones_come_day_by_day(engine: Engine) -> None:
    portfolio(engine)
    records, begun = life(1), at("2022-05-04")
    stored(engine, records, begun, whole=True)
    for day in range(40):
        stored(engine, records, begun + day * 7 * DAY, whole=False)
    end = begun + 39 * 7 * DAY
    wanted = all_events(records, first_event(records), end)
    found = past.changes(engine)
    assert [(c.at, c.before, c.after) for c in found] == bare(wanted)
    assert [c.reason["text"] for c in found] == [c.reason.template for c in wanted]
    assert past.changes(engine, since=end) == ()
    with engine.connect() as connection:
        assert len(connection.execute(select(status_changes)).all()) == len(wanted)


def test_a_later_day_changes_no_month_that_was_judged() -> None:
    records = life(2)
    early, late = whole_past(records, at("2022-01-01")), whole_past(records, at("2023-01-01"))
    assert late.judged[: len(early.judged)] == early.judged
    assert early.changes
    assert late.changes
    assert late.changes[: len(early.changes) - 1] == early.changes[:-1]


def test_a_decision_to_retire_holds_from_its_day_on() -> None:
    project = Project("app", stage="retired", retired_since=at("2023-06-01"))
    lines = [commit(when, "ana") for when in range(at("2022-01-01"), at("2023-06-01"), 7 * DAY)]
    records = activity(lines, project=project)
    assert standing(records, at("2023-05-01")).status.value == "active"
    assert standing(records, at("2023-06-01")).status.value == "retired"


TABLES = (metric_values, metric_history, judgements, status_history, status_changes, projects,
          project_series)  # fmt: skip


def everything(engine: Engine) -> list[list[str]]:
    with engine.connect() as connection:
        return [sorted(map(repr, connection.execute(select(table)))) for table in TABLES]


def test_measuring_an_earlier_date_again_loses_nothing_that_came_after_it(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading([stored_commit(n, ANA, 12 * n) for n in range(60)]))
    today = START + 800 * DAY

    def measured(as_of: int, *, dated: bool) -> None:
        state = read.project_states(engine)[0]
        found = task(state, "it", (), Checklists(), as_of, anew=True, dated=dated)
        assert found is not None
        measure_all(engine, [found], WHO, as_of)

    measured(today, dated=False)
    before = everything(engine)
    with engine.begin() as connection:  # a month that somebody has spoiled
        spoiled = metric_history.c.as_of < START + 100 * DAY
        connection.execute(delete(metric_history).where(spoiled))
    measured(START + 300 * DAY, dated=True)
    assert everything(engine) == before
    measured(today, dated=True)
    assert everything(engine) == before
