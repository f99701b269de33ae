"""How a project stands: each status with its reason (METRICS.md, Status)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.judgement import Judgement, judge
from collector.judgement.status import Status, gap_limit, standing
from collector.model import DAY, Activity, Phrase, Project, User
from tests.activities import (
    REPOSITORY,
    Line,
    activity,
    at,
    change_request,
    comment,
    commit,
    issue,
    merge,
    tag,
)
from tests.test_metrics_registry import as_ofs, lines, shifted


def every(days: int, since: str, until: str, who: str = "ana") -> list[object]:
    return [commit(when, who) for when in range(at(since), at(until), days * DAY)]


def status(project: Activity, day: str) -> Status:
    return standing(project, at(day)).status


def judged(project: Activity, day: str) -> Judgement:
    return judge(project, at(day))


def test_weekly_work_is_active() -> None:
    assert status(activity(every(7, "2022-01-01", "2024-01-01")), "2024-01-01") is Status.ACTIVE


def test_the_first_ninety_days_are_new() -> None:
    young = activity(every(7, "2024-01-01", "2025-01-01"))
    assert status(young, "2024-03-30") is Status.NEW
    assert status(young, "2024-04-01") is Status.ACTIVE


def test_old_work_that_was_just_published_is_new() -> None:
    published = replace(REPOSITORY, facts=replace(REPOSITORY.facts, created=at("2024-01-01")))
    moved = activity(every(7, "2020-01-01", "2024-06-01"), repositories=[published])
    assert status(moved, "2024-02-01") is Status.NEW
    assert status(moved, "2024-06-01") is Status.ACTIVE


def test_a_dead_project_is_at_rest_and_never_looks_healthy() -> None:
    dead = activity(every(7, "2020-01-01", "2022-01-01"))
    assert status(dead, "2023-06-01") is Status.AT_REST
    assert judged(dead, "2023-06-01").risk == "high"


def test_a_dead_project_somebody_waits_for_is_abandoned() -> None:
    dead = activity(
        every(7, "2020-01-01", "2022-01-01"),
        change_request("2021-01-01", "ben", merge("2021-01-02", "ana")),
        issue("2023-01-01", "user"),
    )
    found = standing(dead, at("2023-06-01"))
    assert found.status is Status.ABANDONED
    assert "waited for 151 days" in str(found.reason)
    assert judged(dead, "2023-06-01").risk == "high"


@pytest.mark.parametrize(
    "project",
    [Project("p", users=(User("City", "configuration"),)), Project("p", service="https://x")],
)
def test_a_dead_project_with_users_or_a_service_is_abandoned(project: Project) -> None:
    dead = activity(every(7, "2020-01-01", "2022-01-01"), project=project)
    assert status(dead, "2023-06-01") is Status.ABANDONED


def test_what_a_desperate_user_writes_is_no_care() -> None:
    dead = activity(
        every(7, "2020-01-01", "2022-01-01"),
        issue("2023-05-01", "user", comment("2023-05-02", "other"), comment("2023-05-03", "user")),
    )
    assert status(dead, "2023-06-01") is Status.AT_REST


def test_a_finished_project_that_answers_is_quiet_not_ill() -> None:
    merged = change_request("2021-12-30", "ben", merge("2021-12-31", "ana"))
    answered = [
        issue(f"20{year}-{month:02}-01", "user", comment(f"20{year}-{month:02}-03", "ana"))
        for year in (22, 23)
        for month in range(1, 13)
    ]
    finished = activity(every(7, "2020-01-01", "2022-01-01"), merged, answered)
    assert status(finished, "2023-11-01") is Status.QUIET


def test_merging_a_bots_update_is_care() -> None:
    updates = [
        change_request(f"2022-{month:02}-01", "renovate[bot]", merge(f"2022-{month:02}-02", "ana"))
        for month in range(1, 13)
    ]
    human = change_request("2021-12-01", "ben", merge("2021-12-31", "ana"))
    kept = activity(every(7, "2020-01-01", "2022-01-01"), human, updates)
    assert status(kept, "2023-01-01") is Status.QUIET


def test_a_delivery_is_care() -> None:
    kept = activity(every(7, "2020-01-01", "2022-01-01"), tag("2022-12-20", "v2.0"))
    assert status(kept, "2023-01-01") is Status.QUIET


def test_less_care_than_usual_is_slowing_and_says_what_is_usual() -> None:
    slow = activity(every(7, "2020-01-01", "2022-01-01"))
    found = standing(slow, at("2022-06-01"))
    assert found.status is Status.SLOWING
    assert "up to 90 days" in str(found.reason)
    assert found.since == at("2021-12-29") + 90 * DAY


def test_long_pauses_that_are_usual_are_no_slowing() -> None:
    rare = activity(every(120, "2018-01-01", "2022-01-01"))
    assert gap_limit(rare, at("2022-01-01")) == pytest.approx(180)
    assert status(rare, "2022-03-15") is Status.QUIET


def test_a_seasonal_project_rests_outside_its_season() -> None:
    seasons = [every(3, f"{year}-01-15", f"{year}-06-01") for year in range(2020, 2024)]
    settings = Project("tax", rhythm="seasonal", season=((1, 15, 5, 31),))
    seasonal = activity(*seasons, project=settings)
    found = standing(seasonal, at("2023-12-01"))
    assert (found.status, str(found.reason)) == (Status.QUIET, "It is outside its season.")
    assert status(seasonal, "2024-02-01") in (Status.ACTIVE, Status.QUIET)
    assert status(seasonal, "2024-05-20") is Status.SLOWING
    assert status(seasonal, "2024-12-01") is Status.AT_REST
    undeclared = activity(*seasons)
    assert status(undeclared, "2023-12-01") is Status.SLOWING


def test_before_it_is_needed_a_project_is_quiet() -> None:
    settings = Project("census", next_needed=at("2031-01-01"))
    census = activity(every(7, "2020-01-01", "2022-01-01"), project=settings)
    assert status(census, "2026-01-01") is Status.QUIET
    assert status(census, "2031-01-02") is Status.AT_REST


def test_a_project_declared_finished_is_not_slowing() -> None:
    settings = Project("p", rhythm="finished")
    finished = activity(every(7, "2020-01-01", "2022-01-01"), project=settings)
    assert status(finished, "2022-08-01") is Status.QUIET


def test_an_archived_project_is_retired_from_that_day_on() -> None:
    archived = replace(REPOSITORY, archived_at=at("2022-03-01"))
    retired = activity(every(7, "2020-01-01", "2022-01-01"), repositories=[archived])
    assert status(retired, "2022-02-01") is Status.ACTIVE
    assert status(retired, "2022-03-02") is Status.RETIRED


def test_a_project_that_could_not_be_read_says_why() -> None:
    reason = Phrase("git asked for a password")
    unread = replace(REPOSITORY, read_until=None, forge_read_until=None, git_reason=reason)
    found = standing(activity(repositories=[unread]), at("2022-03-02"))
    assert (found.status, found.reason) == (Status.UNKNOWN, reason)


def test_an_empty_project_is_unknown() -> None:
    assert status(activity(), "2022-03-02") is Status.UNKNOWN


def test_one_person_is_a_high_risk_and_a_second_would_change_it() -> None:
    alone = judged(activity(every(7, "2022-01-01", "2024-01-01")), "2024-01-01")
    check = next(one for one in alone.checks if one.key == "regular_committers")
    assert alone.status is Status.ACTIVE
    assert alone.risk == "high"
    assert str(check.change) == "A second person who works on it in three different months."
    assert str(check.why) == "People who work on it regularly: 1."


TAX = Project("tax", rhythm="seasonal", season=((1, 15, 5, 31),))
DUMP = [
    commit(when, "firm", files=80) for when in range(at("2021-01-04"), at("2024-01-01"), 21 * DAY)
]
LIVES = {
    "seasonal": (
        activity(*(every(3, f"{year}-01-15", f"{year}-06-01") for year in range(2020, 2024)),
                 project=TAX),
        Status.QUIET, "It is outside its season.", "high",
    ),
    "finished": (
        activity(every(7, "2020-01-01", "2022-01-01"), issue("2023-07-01", "eva",
                 comment("2023-07-02", "ana")), change_request("2021-12-01", "ben",
                 merge("2021-12-31", "ana")), project=Project("p", rhythm="finished")),
        Status.QUIET,
        "There was work in 0 of the last 26 weeks; somebody looked after it 183 days ago.", "high",
    ),
    "new": (
        activity(every(7, "2023-11-15", "2024-01-01")),
        Status.NEW, "It began or was published 47 days ago.", "high",
    ),
    "dumped": (
        activity(DUMP), Status.ACTIVE, "There was work in 8 of the last 26 weeks.", "high",
    ),
    "one person": (
        activity(every(7, "2022-01-01", "2024-01-01")),
        Status.ACTIVE, "There was work in 26 of the last 26 weeks.", "high",
    ),
    "three people": (
        activity(*(every(7, "2022-01-01", "2024-01-01", who) for who in ("ana", "ben", "eva"))),
        Status.ACTIVE, "There was work in 26 of the last 26 weeks.", "raised",
    ),
    "archived": (
        activity(every(7, "2020-01-01", "2022-01-01"),
                 repositories=[replace(REPOSITORY, archived_at=at("2022-03-01"))]),
        Status.RETIRED, "All its repositories are archived.", "high",
    ),
    "abandoned": (
        activity(every(7, "2020-01-01", "2022-01-01"), issue("2023-05-01", "eva")),
        Status.ABANDONED,
        "Nobody has looked after it for 733 days, and somebody from outside has waited for "
        "245 days.", "high",
    ),
    "dead": (
        activity(every(7, "2020-01-01", "2022-01-01")),
        Status.AT_REST,
        "Nobody has looked after it for 733 days; nobody is known to use it or to wait.", "high",
    ),
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_each_kind_of_life_has_its_status_and_its_sentence(life: str) -> None:
    records, status_, sentence, risk = LIVES[life]
    found = judge(records, at("2024-01-01"))
    assert (found.status, str(found.reason)) == (status_, sentence)
    assert (life, found.risk) == (life, risk)


def test_maintenance_expects_care_twice_a_year() -> None:
    lines = every(7, "2020-01-01", "2022-01-01")
    kept = activity(lines, project=Project("p", rhythm="maintenance"))
    assert status(kept, "2022-06-01") is Status.QUIET
    assert status(kept, "2022-07-10") is Status.SLOWING


def test_less_care_than_usual_never_says_as_long_as_usual() -> None:
    slow = activity(every(7, "2020-01-01", "2022-01-01"))
    found = standing(slow, at("2021-12-29") + 91 * DAY)
    assert str(found.reason) == (
        "Nobody has looked after it for 91 days; pauses of up to 90 days are usual here."
    )


@given(lines, as_ofs, st.integers(-3, 3))
@settings(max_examples=60, deadline=None)
def test_only_the_distance_in_time_counts_where_no_season_is_declared(
    records: list[Line], as_of: int, years: int
) -> None:
    by = years * 364 * DAY
    moved = activity(*(shifted(line, by) for line in records))
    then, now = standing(moved, as_of + by), standing(activity(*records), as_of)
    assert (then.status, then.reason, then.gap_limit_days) == (
        now.status,
        now.reason,
        now.gap_limit_days,
    )


@given(lines, as_ofs, st.data())
@settings(max_examples=60, deadline=None)
def test_a_judgement_does_not_depend_on_the_order_of_records(
    records: list[Line], as_of: int, data: st.DataObject
) -> None:
    mixed = activity(*data.draw(st.permutations(records)))
    assert judge(mixed, as_of) == judge(activity(*records), as_of)
