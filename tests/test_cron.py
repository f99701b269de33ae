"""Cron expressions mean what cron means by them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.cron import NotCron, slots

ZONE = "Europe/Bratislava"


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def stamp(at: int | None) -> str:
    assert at is not None
    return datetime.fromtimestamp(at, UTC).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("expression", "before", "after"),
    [
        ("0 3 * * *", "Sun 2026-03-29 01:00", "Mon 2026-03-30 01:00"),
        ("0 6 1 * *", "Sun 2026-03-01 05:00", "Wed 2026-04-01 04:00"),
        ("*/5 * * * *", "Sun 2026-03-29 12:00", "Sun 2026-03-29 12:05"),
        ("0 0 29 2 *", "Wed 2024-02-28 23:00", "Mon 2028-02-28 23:00"),
        ("@weekly", "Sat 2026-03-28 23:00", "Sat 2026-04-04 22:00"),
    ],
)
def test_slots_follow_the_clock_of_the_time_zone(expression: str, before: str, after: str) -> None:
    """On the day on which summer time begins, too."""
    found, now = slots(expression, ZONE), instant("2026-03-29T12:00")
    assert stamp(found.before(now)) == before
    assert stamp(found.after(now + 1)) == after


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 4 * * 0", "Sun"),
        ("0 4 * * 7", "Sun"),
        ("0 4 * * 1", "Mon"),
        ("0 4 * * 5-7", "Fri Sat Sun"),
        ("0 4 * * fri-sun", "Fri Sat Sun"),
        ("0 4 * * SUN-TUE", "Mon Sun Tue"),
        ("0 4 * * 1-5/2", "Fri Mon Wed"),
    ],
)
def test_weekdays_count_from_sunday_as_in_every_crontab(expression: str, days: str) -> None:
    found, at, seen = slots(expression, ZONE), instant("2026-06-01T00:00"), set()
    for _ in range(10):
        at = found.after(at + 1) or 0
        seen.add(stamp(at)[:3])
    assert " ".join(sorted(seen)) == days


def test_two_restricted_day_fields_mean_either() -> None:
    """Cron's rule: Friday or the 13th, not only Friday the 13th."""
    found = slots("0 4 13 * 5", "UTC")
    assert stamp(found.after(instant("2026-06-10T00:00"))) == "Fri 2026-06-12 04:00"
    assert stamp(found.after(instant("2026-06-12T05:00"))) == "Sat 2026-06-13 04:00"


def test_a_day_that_never_comes_has_no_slots() -> None:
    found = slots("0 0 31 2 *", ZONE)
    assert found.after(instant("2026-01-01T00:00")) is None
    assert found.before(instant("2026-01-01T00:00")) is None


@pytest.mark.parametrize(
    "expression", ["", "0 3 * *", "99 3 * * *", "0 3 * * someday", "0 3 * * * *", "at three"]
)
def test_what_is_not_cron_is_told_in_a_sentence(expression: str) -> None:
    with pytest.raises(NotCron, match="write five fields, for example"):
        slots(expression, ZONE)


@given(
    expression=st.sampled_from(
        ["0 3 * * *", "17 */6 * * *", "30 2 * * *", "0 6 1 * *", "0 4 * * 1"]
    ),
    at=st.integers(1_500_000_000, 1_900_000_000),
)
def test_the_newest_slot_is_a_slot_and_none_lies_between(expression: str, at: int) -> None:
    """Any two schedulers that look within a period name the same period."""
    found = slots(expression, ZONE)
    newest = found.before(at)
    assert newest is not None
    assert newest <= at
    assert found.before(newest) == newest
    following = found.after(newest + 1)
    assert following is not None
    assert following > at
    assert found.before(following - 1) == newest


def test_a_time_that_the_clock_skips_is_served_once_all_the_same() -> None:
    """At half past two, on the night on which summer time begins."""
    found = slots("30 2 * * *", ZONE)
    noon = instant("2021-03-28T12:00")
    named = {found.before(at) for at in range(noon - 12 * 3600, noon, 300)}
    assert len(named) == 2  # that night's, and the one of the night before
