"""How many carry a project: the golden cases of METRICS.md, People."""

import pytest

from collector.metric import State
from collector.model import Repository
from tests.activities import (
    activity,
    at,
    change_request,
    comment,
    commit,
    commits,
    issue,
    merge,
    review,
)
from tests.measuring import NOW, number, value

GIT_ONLY = Repository("https://git.example/app", read_until=NOW)


@pytest.mark.parametrize(
    ("amounts", "factor"),
    [
        ([1000, 202, 90, 33, 332, 343, 42, 433], 2),
        ([50, 50], 1),
        ([1], 1),
        ([1, 1, 1], 2),
        ([3, 2, 1], 1),
    ],
)
def test_the_absence_factor_is_the_fewest_who_hold_half(amounts: list[int], factor: int) -> None:
    records = activity(
        *(commits(amount, "2025-06-01", f"p{i}") for i, amount in enumerate(amounts))
    )
    assert number("contributor_absence_factor", records) == factor


def test_nobody_at_all_has_no_absence_factor() -> None:
    assert value("contributor_absence_factor", activity()).state is State.NOT_APPLICABLE


def test_core_contributors_do_four_fifths() -> None:
    records = activity(*(commits(20, "2025-06-01", f"p{i}") for i in range(5)))
    assert number("core_contributors", records) == 4
    assert number("top_contributor_share", records) == 0.2


def test_co_authors_are_credited_and_the_commit_counts_once() -> None:
    records = activity(commit("2025-06-01", "ana", co=["ben", "claude", "ana"]))
    assert number("committers", records) == 2
    assert number("commits", records) == 1
    assert value("committers", records).parts == {"credits": 2}


def test_a_human_in_a_trailer_of_a_bots_commit_is_credited() -> None:
    records = activity(commit("2025-06-01", "copilot", co=["ana"]))
    assert number("committers", records) == 1
    assert number("commits", records) == 0


def test_regular_committers_are_seen_in_three_months() -> None:
    months = ["2025-03-31", "2025-04-01", "2025-12-31"]
    records = activity(
        *(commit(day, "ana") for day in months), *(commit(day, "ben") for day in months[:2])
    )
    assert number("regular_committers", records) == 1


def test_the_month_that_the_year_cuts_counts_whole() -> None:
    as_of = at("2026-01-20")  # the year begins on 2025-01-20
    days = ["2025-01-05", "2025-05-01", "2025-06-01"]
    records = activity(*(commit(day, "ana") for day in days))
    assert number("regular_committers", records, as_of) == 1
    assert number("regular_committers", activity(*(commit(d) for d in days[1:])), as_of) == 0


def test_contributions_of_every_kind_make_a_contributor() -> None:
    records = activity(
        commit("2025-06-01", "ana"),
        issue("2025-06-02", "ben", comment("2025-06-03", "eva"), comment("2025-06-03", "x[bot]")),
        change_request(
            "2025-06-04", "ivo", review("2025-06-05", "jan"), merge("2025-06-06", "kim")
        ),
        issue("2025-06-07", "dependabot"),
    )
    assert number("contributors", records) == 5
    assert value("contributors", records).parts["sources"] == ["git", "forge"]


def test_without_a_forge_contributors_are_those_of_git_and_say_so() -> None:
    records = activity(commit("2025-06-01", "ana"), repositories=[GIT_ONLY])
    found = value("contributors", records)
    assert (found.value, found.parts["sources"]) == (1, ["git"])
    assert value("active_maintainers", records).state is State.UNKNOWN


def test_new_contributors_came_within_the_year() -> None:
    records = activity(
        commit("2023-06-01", "ana"), commit("2025-06-01", "ana"), commit("2025-06-01", "ben")
    )
    assert number("new_contributors", records) == 1


def test_new_contributors_are_unknown_where_history_is_not_whole() -> None:
    shallow = Repository("https://git.example/app", read_until=NOW, complete=False)
    records = activity(commit("2025-06-01"), repositories=[shallow])
    assert value("new_contributors", records).state is State.UNKNOWN
    assert value("commits", records).coverage == 0


def test_retention_is_the_share_of_last_years_people_who_stayed() -> None:
    records = activity(
        commit("2024-06-01", "ana"), commit("2024-06-01", "ben"), commit("2025-06-01", "ana")
    )
    assert number("contributor_retention", records) == 0.5
    none = activity(commit("2025-06-01"))
    assert value("contributor_retention", none).state is State.NOT_APPLICABLE


def test_work_left_is_that_of_people_who_are_silent_for_half_a_year() -> None:
    records = activity(
        commits(3, "2024-01-01", "ana"),
        commit("2025-12-01", "ben"),
        commits(4, "2024-01-01", "eva"),
        issue("2025-12-01", "eva"),
    )
    found = value("work_left_share", records)
    assert (found.value, found.parts["left"], found.parts["credits"]) == (3 / 8, 3, 8)


def test_work_left_says_nothing_of_a_project_left_by_all() -> None:
    records = activity(commits(3, "2024-01-01", "ana"))
    assert value("work_left_share", records).state is State.NOT_APPLICABLE


def test_maintainers_are_those_who_merge() -> None:
    records = activity(
        change_request("2025-12-01", "ana", merge("2025-12-02", "ben")),
        change_request("2025-12-01", "ana", merge("2025-12-03", "mergify")),
        change_request("2025-01-01", "ana", merge("2025-02-03", "eva")),
    )
    assert number("active_maintainers", records) == 1
