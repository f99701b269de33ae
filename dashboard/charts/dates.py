"""Where does a date stand on a time axis? One axis for all charts, in UTC like the figures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import altair as alt

from collector.metrics.windows import month_start
from collector.model import DAY, Instant

MONTHS = {"3": 36, "all": 0}


def iso(at: Instant) -> str:
    """Write a date as charts read it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def across(field: str, since: Instant | None = None, until: Instant | None = None) -> Any:
    """Make the time axis; with a span, all charts of a page share it.

    One layer of a chart says the span, and none that has a second end: Vega takes the same span
    written twice for a conflict, and says so in the browser's console.
    """
    scale: dict[str, Any] = {"type": "utc", "nice": False}
    if since is not None and until is not None:
        scale["domain"] = [iso(since), iso(until)]
    axis = alt.Axis(grid=False, tickCount={"expr": "width < 420 ? 4 : 9"}, labelOverlap=True)
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(**scale), axis=axis)


def dips(since: Instant, until: Instant) -> list[tuple[str, str]]:
    """List the usual pauses in a span: July and August, and the turn of the year."""
    first, last = (datetime.fromtimestamp(at, UTC).year for at in (since, until))
    spans = [
        (datetime(year + turn, *begun, tzinfo=UTC), datetime(year + over, *ended, tzinfo=UTC))
        for year in range(first - 1, last + 1)
        for turn, begun, over, ended in ((0, (7, 1), 0, (9, 1)), (0, (12, 20), 1, (1, 7)))
    ]
    return [
        (iso(max(since, int(a.timestamp()))), iso(min(until, int(b.timestamp()))))
        for a, b in spans
        if int(b.timestamp()) > since + 10 * DAY and int(a.timestamp()) < until - 3 * DAY
    ]


__all__ = ["MONTHS", "across", "dips", "iso", "month_start"]
