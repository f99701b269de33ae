"""What charts are drawn from, by cases that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from collector.metrics.windows import month_start
from collector.model import DAY, Project
from collector.series import SERIES, drawn
from collector.series.months import month
from tests.activities import (
    activity,
    at,
    change_request,
    close,
    comment,
    commit,
    commits,
    issue,
    merge,
    works_for,
)

NOW = at("2026-01-01")


def of(key: str, *lines: Any, as_of: int = NOW, **more: Any) -> Any:
    return drawn(activity(*lines, **more), as_of).get(key)


def test_work_counts_each_month_from_the_first_commit_on() -> None:
    found = of("work", commit("2025-10-03"), commit("2025-10-09"), commit("2025-12-31"))
    assert month_start(found["first"]) == at("2025-10-01")
    assert found["commits"] == [2, 0, 1]


def test_flow_tells_what_became_of_proposed_changes() -> None:
    found = of(
        "flow",
        change_request("2025-10-01", "eva", merge("2025-11-02", "ana")),
        change_request("2025-11-05", "eva", close("2025-12-01", "ana")),
        change_request("2025-11-06", "eva"),
        change_request("2025-11-06", "renovate[bot]"),
    )
    assert found["first"] == month(at("2025-10-01"))
    assert found["opened"] == [1, 2, 0]
    assert found["merged"] == [0, 1, 0]
    assert found["declined"] == [0, 0, 1]


def test_the_waiting_band_counts_those_who_still_wait() -> None:
    found = of(
        "waiting",
        issue("2025-11-10", "eva", comment("2025-11-12", "ana")),
        issue("2025-11-10", "eva"),
    )
    assert found["dates"] == [at("2025-12-01"), at("2026-01-01"), NOW]
    assert found["n"] == [2, 2, 2]
    assert found["median"][0] == pytest.approx((48 + 21 * 24) / 2)
    assert found["p25"][0] <= found["median"][0] <= found["p90"][0]


def test_a_quarter_in_which_nobody_asked_has_no_waiting_band() -> None:
    found = of("waiting", issue("2025-01-10", "eva", comment("2025-01-11", "ana")))
    assert found["median"][0] == 24.0
    assert found["median"][-1] is None
    assert found["n"][-1] is None


def test_ages_put_open_items_into_classes() -> None:
    found = of(
        "ages",
        issue("2025-12-20", "eva"),
        issue("2024-01-01", "eva"),
        issue("2024-01-01", "eva", close("2025-01-01", "ana")),
        change_request("2025-11-01", "eva"),
    )
    assert found == {
        "limits": [30, 90, 365],
        "issues": [1, 0, 0, 1],
        "change_requests": [0, 1, 0, 0],
    }


def test_bodies_name_what_is_not_known() -> None:
    found = of(
        "bodies",
        commits(3, "2025-06-01", "ana"),
        commits(1, "2025-07-01", "ben"),
        works_for("ana", "city"),
    )
    assert found["years"] == [{"until": NOW, "credits": {"": 1, "city": 3}}]


def test_ownership_gives_amounts_without_persons() -> None:
    found = of("ownership", commits(3, "2025-06-01", "ana"), commits(5, "2025-07-01", "ben"))
    assert found == {"credits": [5, 3], "total": 8, "persons": 2}


def test_cohorts_are_told_only_of_twenty_people_or_more() -> None:
    few = [commit("2024-03-01", f"p{i}") for i in range(19)]
    assert of("cohorts", few) is None
    found = of("cohorts", few, commit("2025-03-01", "p0"), commit("2025-05-01", "late"))
    assert found == {"cohorts": [{"year": 2024, "people": [19, 1]}, {"year": 2025, "people": [1]}]}


def test_holders_say_who_works_on_it_regularly_and_for_whom() -> None:
    lines = [commit(f"2025-{month:02}-05", "ana") for month in (6, 7, 8)]
    found = of("holders", *lines, commit("2025-09-01", "ben"), works_for("ana", "supplier-x"))
    first, second = found["told"]
    assert (first["credits"], first["regular"], first["organisation"]) == (3, True, "supplier-x")
    assert (second["credits"], second["regular"], second["organisation"]) == (1, False, "")
    assert first["traces"]
    assert first["first"] == at("2025-06-05")
    assert found["organisations"] == {
        "": {"credits": 1, "regular": 0},
        "supplier-x": {"credits": 3, "regular": 1},
    }
    assert (found["credits"], found["persons"], found["regular"]) == (4, 2, 1)


@pytest.mark.parametrize("series", SERIES, ids=lambda one: one.key)
def test_without_records_nothing_is_said(series: Any) -> None:
    assert series.compute(activity(project=Project("app")), NOW) is None or series.key == "ages"


@pytest.mark.parametrize("series", SERIES, ids=lambda one: one.key)
def test_what_comes_later_changes_nothing(series: Any) -> None:
    past = [
        *commits(4, "2025-06-01", "ana"),
        change_request("2025-10-01", "eva", merge("2025-11-02", "ana")),
        issue("2025-11-10", "eva"),
    ]
    future = [
        *commits(9, "2026-02-01", "ben"),
        change_request("2026-02-01", "zoe", merge("2026-02-02", "ana")),
        issue("2026-03-01", "zoe"),
    ]
    before = series.compute(activity(*past), NOW)
    assert series.compute(activity(*past, *future), NOW) == before
    assert series.compute(activity(*past), NOW + 40 * DAY) is not None or before is None
