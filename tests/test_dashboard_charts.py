"""What the charts of a project say in words is made of the same numbers as they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collector.metrics import BY_KEY
from collector.model import DAY
from collector.series.months import month
from dashboard import i18n
from dashboard.charts.affiliations import Year, affiliation_words, largest
from dashboard.charts.ages import age_words
from dashboard.charts.cohorts import cohort_words
from dashboard.charts.dates import dips
from dashboard.charts.flow import flow_words
from dashboard.charts.ownership import cumulated, half, ownership_words
from dashboard.charts.timeline import Mark, timeline_words
from dashboard.charts.waiting import Wait, waiting_words
from dashboard.charts.work import work_words
from dashboard.components.compare import before, by_date, date_back, dates, months_back
from dashboard.components.html import link
from dashboard.components.wrong import MAIL
from dashboard.data import Point

SPEAK = i18n.translator("en")
NOW = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp())
NOVEMBER = month(NOW)


def test_the_months_are_compared_with_the_year_before() -> None:
    counts = [1] * 12 + [0] * 11 + [9]
    assert work_words(NOVEMBER - 23, counts, SPEAK) == (
        "9 commits in the last 12 months. Most of them (9) in Nov 2026. "
        "In the 12 months before there were 12."
    )
    assert work_words(NOVEMBER - 1, [1, 0], SPEAK) == (
        "1 commit in the last 12 months. Most of them (1) in Oct 2026."
    )


def test_half_of_the_work_is_found_where_the_curve_meets_the_line() -> None:
    """The vector of CHAOSS, and the tie."""
    amounts = [1000, 433, 343, 332, 202, 90, 42, 33]
    assert half(cumulated(amounts, sum(amounts))) == 2
    assert half(cumulated([50, 50], 100)) == 1
    assert ownership_words(cumulated(amounts, sum(amounts)), 8, SPEAK) == (
        "8 people wrote it in the last year. 2 of them do half of the work; the busiest does 40 %."
    )


def test_the_wait_is_said_with_its_cases_and_the_year_before() -> None:
    waits = [Wait(NOW - 365 * DAY, 1, 24, 48, 7), Wait(NOW, 2, 48, 240, 14)]
    assert waiting_words(waits, SPEAK) == (
        "Half of those who asked (14 cases) had an answer within 2 days, nine in ten within "
        "10 days. A year before (Nov 2025) half had one within 24 hours."
    )


def test_the_flow_says_what_became_of_what_was_proposed() -> None:
    counts = {"opened": [1] * 24, "merged": [0] * 12 + [1] * 12, "declined": [0] * 24}
    assert flow_words(counts, {NOVEMBER: 3.0}, SPEAK) == (
        "12 changes were proposed in the last 12 months; taken: 12, declined: 0. "
        "Still open: 3. Proposed in the 12 months before: 12."
    )


def test_the_ages_say_how_much_is_older_than_a_year() -> None:
    assert age_words({"issues": [1, 0, 2, 3], "change_requests": [1, 0, 0, 0]}, SPEAK) == (
        "6 issues are open. 3 of them have been open for more than a year. "
        "1 proposed change is open."
    )


def test_organisations_are_said_with_how_much_is_known() -> None:
    years = [Year(NOW, {"": 20, "a": 60, "b": 20}), Year(NOW - 365 * DAY, {"a": 30, "b": 70})]
    assert largest(years) == ["a", "b"]
    assert affiliation_words(years, SPEAK) == (
        "a did 60 % of the work of the last year; of 80 % of it the organisation is known. "
        "In the year before it did 30 %."
    )


def test_cohorts_say_how_many_stayed() -> None:
    assert cohort_words([(2024, [10, 5, 1]), (2025, [4, 2])], SPEAK) == (
        "14 people came since 2024. Of those who came in a year, 50 % were there in the next."
    )


def test_the_time_axis_says_what_it_holds_and_what_came_last() -> None:
    marks = [
        Mark("release", NOW - 9 * DAY, "v2"),
        Mark("status", NOW - 40 * DAY, "active", status="active"),
        Mark("goal", NOW + 90 * DAY, "wait: 3 days"),
    ]
    assert timeline_words(marks, NOW, SPEAK) == (
        "In the time shown: 1 release, 1 change of status, 1 goal. "
        "The newest: v2, November 14, 2026."
    )
    assert timeline_words([], NOW, SPEAK) == "Nothing but work is known of this time."


def test_the_usual_pauses_are_summer_and_the_turn_of_the_year() -> None:
    since = int(datetime(2025, 12, 1, tzinfo=UTC).timestamp())
    assert dips(since, NOW) == [("2025-12-20", "2026-01-07"), ("2026-07-01", "2026-09-01")]


def test_a_figure_is_compared_with_the_window_before_and_the_same_season() -> None:
    commits, wait = BY_KEY["commits"], BY_KEY["first_answer_wait"]
    assert (months_back(commits), months_back(wait)) == (12, 3)
    assert dates(NOW, [commits, wait]) == (date_back(NOW, 12), date_back(NOW, 3))
    points = [
        Point("commits", date_back(NOW, 12), 40.0, "ok", None, None),
        Point("first_answer_wait", date_back(NOW, 3), 48.0, "ok", 9, None),
    ]
    found = by_date(points)
    assert ">Nov 2025: 40<" in before(commits, found, NOW, SPEAK)
    assert ">Aug 2026: 2 days<" in before(wait, found, NOW, SPEAK)
    assert before(BY_KEY["stars"], found, NOW, SPEAK) == ""


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "mailto:a@b.c?body=<x>", "mailto:a b@c.d", "data:text/html,x"],
)
def test_only_mails_of_our_own_making_become_links(address: str) -> None:
    assert "href" not in link("x", address)


@pytest.mark.parametrize("contact", ["a@b", "a@b.c\n", "a@b.c\nBcc: x@y.z", "a@b.c?bcc=x@y.z", "x"])
def test_a_contact_that_is_no_mail_address_begins_no_letter(contact: str) -> None:
    assert not MAIL.fullmatch(contact)
