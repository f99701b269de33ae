"""Of which month does a report tell, and as of which date? The day after its end, 00:00 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from collector.errors import UserError
from collector.metrics.windows import month_start
from collector.model import Instant
from collector.series.months import month
from dashboard.data import Source
from dashboard.past import PastSource, code, months


class NoSuchMonth(UserError):
    """Of the month that is asked for nothing is known."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Period:
    """A month, and the date of the figures. ``past``: newer figures exist, and are left out."""

    month: Instant
    at: Instant
    past: bool = False

    @property
    def over(self) -> bool:
        """Is the month over, or does the report end in the middle of it?"""
        return self.at >= month_start(month(self.month) + 1)


def period(source: Source, asked: str | None, now: Instant) -> Period:
    """Find the month that is asked for (``YYYY-MM``), or the last one that is over.

    Raise ``NoSuchMonth``. Where the newest figures are older than that, theirs is the month.
    """
    newest = source.newest()
    if newest is None:
        raise NoSuchMonth(
            "Nothing is measured yet, so there is nothing to report."
            " Collect first: ospo-vitals collect"
        )
    number = _number(asked) if asked else min(month(now) - 1, month(newest - 1))
    end = month_start(number + 1)
    if end >= newest:
        if month_start(number) >= newest:
            raise NoSuchMonth(
                f"There are no figures of {_code(number)} yet: the newest are of {_day(newest)}."
            )
        return Period(month_start(number), newest)
    known = months(source, newest)
    if code(end) not in known:
        first = min(known.values(), default=newest)
        raise NoSuchMonth(
            f"Nothing is known of {_code(number)}: the first report there can be is that of"
            f" {_code(month(first - 1))}. Give --month {_code(month(first - 1))} or later."
        )
    return Period(month_start(number), end, past=True)


def as_of(source: Source, chosen: Period, *, people: bool) -> Source:
    """Give the door to the figures as of that date. ``people``: whether they may be told of."""
    if not chosen.past:
        return source
    return PastSource(
        source.url, source.freshness, source.private, base=source, at=chosen.at, open=not people
    )


def month_code(at: Instant) -> str:
    """Name the month in which an instant lies, as a command and an address have it."""
    return _code(month(at))


def _number(asked: str) -> int:
    try:
        begun = datetime.strptime(asked, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise NoSuchMonth(
            f"{asked[:20]!r} is not a month. Write it as YYYY-MM, for example 2026-10."
        ) from None
    return month(int(begun.timestamp()))


def _code(number: int) -> str:
    return code(month_start(number))


def _day(at: Instant) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
