"""What holds for every metric there is (METRICS.md, Conventions)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.metric import Metric, State, Value
from collector.metric_keys import METRIC_KEYS
from collector.metrics import BY_KEY, METRICS
from collector.model import DAY, AccountKind, Activity, EventKind, ItemKind, Project, Repository
from tests.activities import (
    GHOST,
    NOBODY,
    REPOSITORY,
    CommitLine,
    EventLine,
    ItemLine,
    Line,
    TagLine,
    activity,
    kind_of,
    tag,
    works_for,
)
from tests.measuring import NOW

PEOPLE = ["ana", "ben", "eva", "renovate", "copilot", "x[bot]"]
BODIES = {"city": "public-body", "firm": "supplier"}
PROJECT = Project("app", owner="city", organisations=BODIES)
HANDS = [works_for("ana", "city"), works_for("ben", "firm", until="2025-06-01")]
YEARS = 4 * 365 * DAY

times = st.integers(0, YEARS).map(lambda ago: NOW - ago)
who = st.sampled_from(PEOPLE)


@st.composite
def commit_lines(draw: st.DrawFn) -> CommitLine:
    arrival = draw(times)
    time = arrival - draw(st.sampled_from([0, 0, 3600, 40 * DAY]))
    co = draw(st.lists(who, max_size=1))
    files = draw(st.sampled_from([-1, 1, 80]))
    return CommitLine(time, arrival, draw(who), tuple(co), draw(st.booleans()), files)


@st.composite
def item_lines(draw: st.DrawFn) -> ItemLine:
    created = draw(times)
    kind = draw(st.sampled_from(ItemKind))
    kinds = [EventKind.COMMENT, EventKind.REVIEW, EventKind.CLOSED, EventKind.REOPENED]
    kinds += [EventKind.MERGED] if kind is ItemKind.CHANGE_REQUEST else []
    actor = st.sampled_from([*PEOPLE, GHOST, NOBODY])
    events = [
        EventLine(created + draw(st.integers(1, 300 * DAY)), draw(actor), event)
        for event in draw(st.lists(st.sampled_from(kinds), max_size=4))
    ]
    return ItemLine(created, draw(who), kind, tuple(events))


tag_names = st.sampled_from(["1.0", "v1.0", "1.1", "2.0-rc1", "prod-1", "helm/v1"])
lines = st.lists(
    st.one_of(commit_lines(), item_lines(), st.builds(tag, times, tag_names)), max_size=25
)
as_ofs = st.integers(0, 4 * 365).map(lambda ago: NOW - ago * DAY)


def build(records: Iterable[Line]) -> Activity:
    return activity(*records, *HANDS, project=PROJECT, maintainers=["ana"])


def bare(value: Value) -> tuple[object, ...]:
    return value.value, value.state, str(value.reason), value.n, value.p90


def measured(
    records: Iterable[Line], as_of: int, metrics: Sequence[Metric] = METRICS
) -> dict[str, tuple[object, ...]]:
    built = build(records)
    return {metric.key: bare(metric.compute(built, as_of)) for metric in metrics}


def until(records: Iterable[Line], as_of: int) -> list[Line]:
    """Only what had happened by then."""
    kept: list[Line] = []
    for line in records:
        match line:
            case CommitLine() if line.arrival < as_of:
                kept.append(line)
            case ItemLine() if line.created < as_of:
                events = tuple(event for event in line.events if event.at < as_of)
                kept.append(replace(line, events=events))
            case TagLine() if line.fact.time < as_of:
                kept.append(line)
    return kept


def shifted(line: Line, by: int) -> Line:
    match line:
        case CommitLine():
            return replace(line, time=line.time + by, arrival=line.arrival + by)
        case ItemLine():
            events = tuple(replace(event, at=event.at + by) for event in line.events)
            return replace(line, created=line.created + by, events=events)
        case TagLine():
            return TagLine(replace(line.fact, time=line.fact.time + by))
    return line


@given(lines, as_ofs)
def test_the_future_does_not_change_the_past(records: list[Line], as_of: int) -> None:
    assert measured(records, as_of) == measured(until(records, as_of), as_of)


@given(lines, as_ofs, st.data())
def test_the_order_of_records_does_not_matter(
    records: list[Line], as_of: int, data: st.DataObject
) -> None:
    assert measured(records, as_of) == measured(data.draw(st.permutations(records)), as_of)


CALENDAR = {"regular_committers", "answered_in_two_business_days"}
CONFIGURED = {"elephant_factor", "owner_share", "top_supplier_share", "contributing_public_bodies"}
CONFIGURED |= {"affiliation_coverage", "days_since_care", "outsiders_answered"}
CONFIGURED |= {"oldest_outsider_waiting", "work_left_share"}
"""They depend on dated affiliations, which the test leaves where they are."""


@given(lines, as_ofs, st.integers(-3, 3))
def test_only_the_distance_in_time_counts(records: list[Line], as_of: int, years: int) -> None:
    by = years * 364 * DAY
    free = [metric for metric in METRICS if metric.key not in CALENDAR | CONFIGURED]
    moved = [shifted(line, by) for line in records]
    assert measured(records, as_of, free) == measured(moved, as_of + by, free)


ABOUT_BOTS = {"bot_share", "declared_ai_share"}


def is_bot(name: str) -> bool:
    return name not in (GHOST, NOBODY) and kind_of(name) is not AccountKind.HUMAN


def without_bots(line: Line) -> Line | None:
    """No commit or comment of a bot; what bots open, close or merge is another matter."""
    if isinstance(line, CommitLine):
        people = tuple(name for name in line.co if not is_bot(name))
        return None if is_bot(line.who) and not people else replace(line, co=people)
    if isinstance(line, ItemLine):
        said = (EventKind.COMMENT, EventKind.REVIEW)
        kept = tuple(e for e in line.events if not (is_bot(e.who) and e.kind in said))
        return replace(line, events=kept)
    return line


@given(lines, as_ofs)
def test_what_bots_write_might_as_well_not_be_there(records: list[Line], as_of: int) -> None:
    human = [metric for metric in METRICS if metric.key not in ABOUT_BOTS]
    rest = [kept for line in records if (kept := without_bots(line))]
    assert measured(records, as_of, human) == measured(rest, as_of, human)


TOUCHED = {"dependency_update_latency", "days_since_care", "active_maintainers"}
TOUCHED |= {"contributors", "new_contributors", "contributor_retention", "work_left_share"}
TOUCHED |= {"contributing_public_bodies", "outsiders_answered", "oldest_outsider_waiting"}
TOUCHED |= {"declared_vs_observed", "forge_drift"}
"""What people do on a bot's proposal is care, a contribution, and shows that they may merge."""


@given(lines, as_ofs)
def test_what_bots_open_might_as_well_not_be_there(records: list[Line], as_of: int) -> None:
    human = [metric for metric in METRICS if metric.key not in TOUCHED]
    rest = [line for line in records if not (isinstance(line, ItemLine) and is_bot(line.who))]
    assert measured(records, as_of, human) == measured(rest, as_of, human)


@given(lines, as_ofs)
@settings(max_examples=40)
def test_every_value_can_be_written_as_json(records: list[Line], as_of: int) -> None:
    built = build(records)
    for metric in METRICS:
        value = metric.compute(built, as_of)
        json.dumps([value.value, value.n, value.p90, value.coverage, dict(value.parts)])
        assert (value.value is None) or value.state is State.OK, metric.key
        assert (value.reason is None) == (value.state is State.OK), metric.key
        assert value.coverage is None or 0 <= value.coverage <= 1, metric.key


@given(lines, as_ofs)
@settings(max_examples=40)
def test_a_second_look_gives_the_same(records: list[Line], as_of: int) -> None:
    built = build(records)
    first = {metric.key: metric.compute(built, as_of) for metric in METRICS}
    for metric in METRICS:
        metric.compute(built, as_of - 100 * DAY)
    assert {metric.key: metric.compute(built, as_of) for metric in METRICS} == first


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_what_was_never_read_has_no_value(metric: Metric) -> None:
    unread = activity(repositories=[Repository("https://git.example/x")])
    found = metric.compute(unread, NOW)
    assert (found.value, found.state is State.OK) == (None, False)
    assert str(found.reason)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_before_anything_happened_nothing_is_invented(metric: Metric) -> None:
    found = metric.compute(activity(), NOW)
    if found.state is State.OK:
        assert found.value in (0, None), found


def test_every_key_is_one_of_the_published_ones_and_stands_once() -> None:
    keys = [metric.key for metric in METRICS]
    assert len(keys) == len(set(keys)) == len(BY_KEY)
    assert set(keys) <= set(METRIC_KEYS)


def test_every_metric_explains_itself() -> None:
    for metric in METRICS:
        assert metric.question.endswith("?"), metric.key
        assert metric.formula, metric.key
        assert metric.words, metric.key
        assert metric.reference, metric.key


def test_forks_and_mirrors_are_measured_too() -> None:
    fork = replace(REPOSITORY, upstream="https://github.com/z/y", role="mirror")
    built = activity(repositories=[fork])
    assert all(metric.compute(built, NOW) for metric in METRICS)
