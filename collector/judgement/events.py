"""When did a project's status change? An event is a change that has held for 28 days.

The status is looked at on the 1st and the 15th of each month, so that nothing that holds for
28 days can pass unseen; the day itself is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

from collector.judgement.status import Status, standing
from collector.model import DAY, NO_TIME, Activity, Instant, StatusChange

HELD_FOR = 28
LOOKED_BACK = 150
"""Days in which every event begins that cannot have been known at the last measuring: that was
at most a month ago."""

_ALWAYS = -NO_TIME


Run = tuple[Instant, str]
"""From this day on, this status."""


def status_changes(history: Iterable[Run], as_of: Instant) -> tuple[StatusChange, ...]:
    """Which changes of status have held for 28 days? Shorter ones are no events."""
    return tuple(
        StatusChange(after[0], before[1], after[1])
        for before, after in pairwise(_held(history, as_of))
        if before[1] != after[1]
    )


def _held(history: Iterable[Run], as_of: Instant) -> list[Run]:
    runs: list[Run] = []
    for at, status in history:
        if at <= as_of and (not runs or runs[-1][1] != status):
            runs.append((at, status))
    ends = [*(at for at, _ in runs[1:]), as_of]
    return [run for run, end in zip(runs, ends, strict=False) if end - run[0] >= HELD_FOR * DAY]


def all_events(activity: Activity, since: Instant, as_of: Instant) -> tuple[StatusChange, ...]:
    """Every event of a project's history; the first says how it began."""
    runs = _runs(activity, since, as_of)
    began = [StatusChange(at, "", status) for at, status in _held(runs, as_of)[:1]]
    changes = (*began, *status_changes(runs, as_of))
    return tuple(_with_reason(activity, change) for change in changes)


def new_events(activity: Activity, known: StatusChange, as_of: Instant) -> tuple[StatusChange, ...]:
    """The events after the last known one, where the project was measured within a month."""
    since = max(known.at, as_of - LOOKED_BACK * DAY)
    runs = _runs(activity, since, as_of, [(_ALWAYS, known.after)])
    return tuple(_with_reason(activity, change) for change in status_changes(runs, as_of))


def _with_reason(activity: Activity, change: StatusChange) -> StatusChange:
    reason = standing(activity, change.at).reason
    return StatusChange(change.at, change.before, change.after, reason)


def _runs(
    activity: Activity, since: Instant, as_of: Instant, known: Iterable[Run] = ()
) -> list[Run]:
    """From which day on had it which status?"""
    runs, looked = [*known], since
    for at in half_months(since, as_of):
        status = standing(activity, at).status
        if not runs or runs[-1][1] != status:
            runs.append((_first_day(activity, looked, at, status), status))
        looked = at
    return runs


def _first_day(activity: Activity, before: Instant, after: Instant, status: Status) -> Instant:
    """The first day with this status between a day that had another and one that has it."""
    low, high = before // DAY, after // DAY
    while high - low > 1:
        middle = (low + high) // 2
        if standing(activity, middle * DAY).status is status:
            high = middle
        else:
            low = middle
    return high * DAY


def half_months(since: Instant, until: Instant) -> Iterator[Instant]:
    """Midnights UTC of each 1st and 15th from ``since`` on, and ``until`` itself."""
    start = datetime.fromtimestamp(max(since, 0), UTC)
    year, month = start.year, start.month
    while True:
        for day in (1, 15):
            at = int(datetime(year, month, day, tzinfo=UTC).timestamp())
            if at >= until:
                if since < until:
                    yield until
                return
            if at >= since:
                yield at
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
