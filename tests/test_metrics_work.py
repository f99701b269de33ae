"""How much is done, how steadily, by what kind of hands (METRICS.md, Work)."""

from dataclasses import replace

from collector.metric import State
from collector.metrics.windows import commits_by_month
from collector.model import Phrase, Repository
from tests.activities import (
    REPOSITORY,
    activity,
    at,
    change_request,
    comment,
    commit,
    commits,
    issue,
    merge,
    tag,
)
from tests.measuring import NOW, number, value

UNREAD = Repository("https://git.example/x", git_reason=Phrase("the host asks for a password"))


def test_commits_are_counted_in_a_half_open_year() -> None:
    records = activity(
        commit("2024-12-31 23:59:59"), commit("2025-01-01"), commit("2025-12-31 23:59:59"),
        commit("2026-01-01"), commit("2025-06-01", "renovate"),
    )  # fmt: skip
    found = value("commits", records)
    assert (found.value, found.parts["by_month"]) == (2, {"2025-01": 1, "2025-12": 1})
    assert commits_by_month(records, NOW) == [1, *[0] * 10, 1]


def test_a_commit_exists_from_its_arrival_and_counts_at_its_time() -> None:
    records = activity(commit("2025-01-10", arrived="2025-12-20"))
    assert number("commits", records, at("2025-12-20")) == 0
    assert number("commits", records, at("2025-12-21")) == 1
    assert number("commits", records, at("2026-01-11")) == 0
    assert number("days_since_last_commit", records) == 12


def test_frequency_is_per_week_of_the_quarter() -> None:
    assert number("commit_frequency", activity(commits(90, "2025-12-01"))) == 7


def test_active_weeks_are_whole_iso_weeks() -> None:
    # 2026-01-01 is a Thursday: the thirteen weeks are 2025-09-29 … 2025-12-28.
    inside = activity(commit("2025-09-29"), commit("2025-12-28 23:00"), commit("2025-12-24"))
    assert number("active_weeks_ratio", inside) == 2 / 13
    outside = activity(commit("2025-09-28 23:59:59"), commit("2025-12-29"))
    assert number("active_weeks_ratio", outside) == 0


def test_a_trend_needs_twenty_earlier_commits() -> None:
    records = activity(commits(20, "2024-10-01"), commits(30, "2025-10-01"))
    assert number("activity_trend", records) == 0.5
    few = activity(commits(19, "2024-10-01"), commits(30, "2025-10-01"))
    assert value("activity_trend", few).state is State.NOT_APPLICABLE


def test_bots_and_declared_ai_have_shares_of_their_own() -> None:
    records = activity(
        commits(4, "2025-06-01", "ana"),
        commits(3, "2025-06-02", "dependabot"),
        commits(2, "2025-06-03", "copilot"),
        commit("2025-06-04", "ben", declares_ai=True),
    )
    assert number("bot_share", records) == 5 / 10
    assert number("declared_ai_share", records) == 3 / 7
    assert value("bot_share", activity()).state is State.NOT_APPLICABLE


def test_a_heap_after_a_pause_is_a_dump() -> None:
    records = activity(
        commit("2025-01-02", files=500),
        commit("2025-01-16", files=50),
        commit("2025-01-17", files=-1),
        commit("2025-02-17", files=49),
        commit("2025-03-17", "renovate", files=500),
        commit("2025-03-18", files=700),
    )
    assert number("dumped_share", records) == 2 / 5


def test_dumps_are_unknown_where_no_tree_was_read() -> None:
    records = activity(commit("2025-01-02"), commit("2025-02-02", files=-2))
    assert value("dumped_share", records).state is State.UNKNOWN


def test_a_pause_is_one_of_the_repository() -> None:
    two = [REPOSITORY, replace(REPOSITORY, url="https://github.com/city/ui")]
    records = activity(
        commit("2025-01-02"),
        commit("2025-03-01", repository=1),
        commit("2025-03-02", files=99),
        repositories=two,
    )
    assert number("dumped_share", records) == 1 / 3


def test_archived_repositories_are_left_out_of_the_share_of_active_ones() -> None:
    old = replace(REPOSITORY, url="https://github.com/city/old", archived_at=at("2025-01-01"))
    idle = replace(REPOSITORY, url="https://github.com/city/idle")
    records = activity(commit("2025-12-20"), repositories=[REPOSITORY, old, idle])
    assert number("active_repositories_share", records) == 0.5
    assert number("active_repositories_share", records, at("2024-12-31")) == 0
    gone = activity(commit("2025-12-20"), repositories=[old])
    assert value("active_repositories_share", gone).state is State.NOT_APPLICABLE


def test_care_is_work_delivery_or_an_insiders_answer() -> None:
    lines = [
        commit("2025-01-01", "ana"),
        change_request("2025-02-01", "ben", merge("2025-02-02", "ana")),
    ]
    assert number("days_since_care", activity(*lines)) == 333
    assert number("days_since_care", activity(*lines, tag("2025-12-01", "1.0-rc1"))) == 31
    update = change_request("2025-12-10", "dependabot", merge("2025-12-12", "ana"))
    assert number("days_since_care", activity(*lines, update)) == 20
    desperate = issue("2025-12-20", "eva", comment("2025-12-22", "eva"))
    assert number("days_since_care", activity(*lines, desperate)) == 333


def test_what_was_not_read_is_unknown_with_its_reason() -> None:
    found = value("commits", activity(repositories=[UNREAD]))
    assert (found.state, str(found.reason)) == (State.UNKNOWN, "the host asks for a password")
    half = value("commits", activity(commit("2025-06-01"), repositories=[REPOSITORY, UNREAD]))
    assert (half.value, half.coverage) == (1, 0.5)


def test_a_project_without_counted_repositories_has_no_commits_to_count() -> None:
    records = activity(repositories=[replace(REPOSITORY, counted=False)])
    assert value("commits", records).state is State.NOT_APPLICABLE


def test_read_and_empty_is_a_true_nothing() -> None:
    assert number("commits", activity()) == 0
    assert value("days_since_last_commit", activity()).state is State.NOT_APPLICABLE
