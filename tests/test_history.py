"""Only what changed is measured again, and the outcome is the one of measuring everything."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine, select

from collector import history
from collector.history import JUDGED_BY, NOTHING, VERSIONS, Past, past
from collector.measure import Task, measure
from collector.model import (
    DAY,
    Activity,
    FileFact,
    ForkState,
    Project,
    Repository,
    RepositoryFacts,
    StoredPast,
    Threshold,
)
from collector.store import read
from collector.store.schema import metric_history, status_changes, status_history
from collector.store.write_measured import stored_past, write_measured
from tests.activities import REPOSITORY, Line, activity, at, close, commit, issue, tag, works_for
from tests.stores import portfolio
from tests.test_metrics_registry import build, lines
from tests.test_past import life

TODAY = at("2024-01-10")


def kept(found: Past, versions: dict[str, int] = VERSIONS) -> StoredPast:
    """As it would be stored."""
    rests = {month.as_of: (month.basis, month.rests_on) for month in found.judged}
    return StoredPast(rests, dict(versions))


def again(records: Activity, before: Activity, *given: Threshold) -> Past:
    return past(records, TODAY, given, kept(past(before, TODAY)))


def work(*more: Line) -> Activity:
    weekly = [commit(when, "ana") for when in range(at("2022-01-01"), TODAY, 7 * DAY)]
    return activity(weekly, issue("2022-05-01", "eva"), *more)


def test_where_nothing_changed_nothing_is_measured() -> None:
    found = again(work(), work())
    assert (found.values, found.judged, found.changes) == ((), (), None)


def test_new_work_touches_no_month_of_the_past() -> None:
    assert again(work(commit("2024-01-05", "ana"), tag("2024-01-06", "v1")), work()).values == ()


@pytest.mark.parametrize(
    ("late", "since"),
    [
        (commit("2023-06-10", "ana"), "2023-07-01"),
        (issue("2023-06-10", "eva"), "2023-07-01"),
        (tag("2023-06-10", "v1.0"), "2023-07-01"),
        (works_for("ana", "city"), "2022-02-01"),
    ],
)
def test_what_came_late_touches_the_months_after_it(late: Line, since: str) -> None:
    months = sorted({month for _, month, _ in again(work(late), work()).values})
    assert months[0] == at(since)
    assert months[-1] == at("2024-01-01")


def test_an_answer_that_came_late_touches_the_months_after_the_answer() -> None:
    before = activity(issue("2022-05-01", "eva"), commit("2022-01-01", "ana"))
    after = activity(
        issue("2022-05-01", "eva", close("2023-03-10", "ana")), commit("2022-01-01", "ana")
    )
    assert min(month for _, month, _ in again(after, before).values) == at("2023-04-01")


def test_a_file_and_a_repository_that_was_read_touch_what_they_tell_of() -> None:
    def with_file(until: int | None) -> Activity:
        fact = FileFact("LICENSE", "LICENSE", at("2022-03-03"), until, "MIT")
        return replace(work(), repositories=(replace(REPOSITORY, files=(fact,)),))

    months = {month for _, month, _ in again(with_file(at("2023-09-09")), with_file(None)).values}
    assert min(months) == at("2023-10-01")
    unread = replace(work(), repositories=(replace(REPOSITORY, forge_read_until=None),))
    assert min(month for _, month, _ in again(work(), unread).values) == at("2022-02-01")


def test_a_threshold_judges_the_past_again_and_measures_nothing() -> None:
    found = again(work(), work(), Threshold("regular_committers", 1, 0))
    assert found.values == ()
    assert len(found.judged) == len(found.months)
    critical = replace(work(), project=Project("app", criticality=9))
    assert again(critical, work()).values == ()
    assert again(replace(work(), project=Project("app", name="New")), work()).judged == ()


def test_a_definition_that_changed_is_measured_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = kept(past(work(), TODAY))
    monkeypatch.setitem(history.VERSIONS, "stars", 2)
    found = past(work(), TODAY, (), stored)
    assert {key for key, _, _ in found.values} == {"stars"}
    assert found.judged == ()
    monkeypatch.setitem(history.VERSIONS, "four_eyes", 2)
    assert "four_eyes" in JUDGED_BY
    found = past(work(), TODAY, (), stored)
    assert {key for key, _, _ in found.values} == {"stars", "four_eyes"}
    assert len(found.judged) == len(found.months)


RESTS_ON = {
    Activity: {
        "project", "repositories", "commits", "credits", "items", "events", "tags", "snapshots",
        "affiliations", "people_since", "invalid_dates", "imports", "fork_states", "sent_back",
    },
    Repository: {
        "url", "role", "counted", "main", "archived_at", "read_until", "forge_read_until",
        "forge_lacks", "complete", "empty", "upstream", "release_tag_pattern",
        "deployment_tag_pattern", "files", "facts",
    },
    RepositoryFacts: {"created", "archived_at", "has_issues", "mirror_of"},
}  # fmt: skip
"""What a basis is made of."""

OTHERS = {
    Activity: {"persons", "names", "traces"},  # as many as there are; only shown
    Repository: {"git_reason", "forge_reason", "state", "forge_totals", "name"},  # as of now
    RepositoryFacts: {
        "native_id", "canonical_url", "default_branch", "archived", "fork_of", "private", "empty",
        "license", "topics", "security_policy", "checks_failing_since", "checks_passed_at",
        "default_branch_protected", "checks_pending",
    },  # known as of the day of reading only
}  # fmt: skip


@pytest.mark.parametrize("kind", RESTS_ON, ids=lambda kind: kind.__name__)
def test_every_field_that_the_past_could_rest_on_is_in_its_basis(kind: type) -> None:
    fields = set(kind.__dataclass_fields__)
    assert fields == RESTS_ON[kind] | OTHERS[kind], "add it to collector/basis.py, or say why not"


def test_a_fork_that_was_compared_touches_the_months_from_then_on() -> None:
    forked = replace(work(), fork_states=((0, at("2023-11-01") + 5, ForkState(1, 2, None)),))
    assert min(month for _, month, _ in again(forked, work()).values) == at("2023-11-01")


# ---------------------------------------------------------------- incremental equals full


def rows(engine: Engine) -> list[list[str]]:
    with engine.connect() as connection:
        return [
            sorted(map(repr, connection.execute(select(table))))
            for table in (metric_history, status_history, status_changes)
        ]


def stored(engine: Engine, records: Activity, as_of: int, *, anew: bool) -> None:
    state = read.project_states(engine)[0]
    known = NOTHING if anew else stored_past(engine, state.id)
    each = Task(state, (), "digest", True, anew=anew)
    write_measured(engine, measure(records, each, as_of, known))


def test_measured_step_by_step_is_measured_at_once(engine: Engine) -> None:
    portfolio(engine)
    records = life(4)
    for as_of in ("2020-03-05", "2020-03-20", "2021-06-01", "2021-08-10"):
        stored(engine, records, at(as_of), anew=False)
        found = rows(engine)
        stored(engine, records, at(as_of), anew=True)
        assert rows(engine) == found
    stored(engine, life(5), at("2021-08-10"), anew=False)
    found = rows(engine)
    stored(engine, life(5), at("2021-08-10"), anew=True)
    assert rows(engine) == found


def bare(found: Past) -> tuple[object, ...]:
    values = {(key, month): repr(value) for key, month, value in found.values}
    judged = {month.as_of: month for month in found.judged}
    return found.months, values, judged


@given(lines, lines)
@settings(max_examples=10, deadline=None)
def test_whatever_comes_is_measured_as_if_it_had_always_been_there(
    first: Iterable[Line], more: Iterable[Line]
) -> None:
    known = past(build(first), TODAY)
    found = past(build([*first, *more]), TODAY, (), kept(known))
    wanted = past(build([*first, *more]), TODAY)
    months, values, judged = bare(wanted)
    _, old_values, old_judged = bare(known)
    _, new_values, new_judged = bare(found)
    assert found.months == months
    assert {k: v for k, v in {**old_values, **new_values}.items() if k[1] in set(months)} == values
    assert {k: v for k, v in {**old_judged, **new_judged}.items() if k in set(months)} == judged
