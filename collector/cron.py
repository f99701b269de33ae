"""When is something due? Cron expressions in a time zone, read as ``cron(8)`` reads them.

Five fields (minute, hour, day of month, month, day of week with Sunday as 0 or 7) or one of
``@hourly @daily @weekly @monthly @yearly``. APScheduler computes the calendar; its own reading
of crontab lines counts weekdays from Monday and joins the two day fields with "and", which
would surprise everybody who has ever written a crontab. A time that the clock skips is served
all the same; one that it repeats (02:00–03:00 on the last Sunday of October) is served twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collector.model import DAY, Instant

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

HORIZON = 5 * 366 * DAY
"""How far back and forth a slot is looked for: 29 February is never further away."""

MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
HINT = 'write five fields, for example "0 3 * * *" for every night at three'


class NotCron(ValueError):
    """An expression that names no times. Its text says what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The instants that one expression names."""

    expression: str
    timezone: str

    def after(self, at: Instant) -> Instant | None:
        """Which is the first slot at or after an instant? None: there is none."""
        moment = datetime.fromtimestamp(at, UTC)
        found = _trigger(self.expression, self.timezone).get_next_fire_time(None, moment)
        if found is None:
            return None
        slot = int(found.timestamp())
        return slot if slot <= at + HORIZON else None

    def before(self, at: Instant) -> Instant | None:
        """Which is the newest slot at or before an instant? None: there was none."""
        low, high = at - HORIZON, at + 1  # a slot follows low not later than at; none follows high
        if (found := self.after(low)) is None or found > at:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            candidate = self.after(middle)
            if candidate is not None and candidate <= at:
                low, found = middle, candidate
            else:
                high = middle
        return found


def slots(expression: str, timezone: str) -> Slots:
    """The slots of an expression; ``NotCron`` says what is wrong with it."""
    found = Slots(" ".join(expression.split()), timezone)
    _trigger(found.expression, timezone)
    return found


@lru_cache(maxsize=64)
def _trigger(expression: str, timezone: str) -> BaseTrigger:
    from apscheduler.triggers.combining import OrTrigger

    parts = [_calendar(fields, timezone) for fields in _alternatives(_fields(expression))]
    return parts[0] if len(parts) == 1 else OrTrigger(parts)


def _calendar(fields: list[str], timezone: str) -> BaseTrigger:
    from apscheduler.triggers.cron import CronTrigger

    names = ("minute", "hour", "day", "month", "day_of_week")
    try:
        return CronTrigger(**dict(zip(names, fields, strict=True)), timezone=ZoneInfo(timezone))
    except (ValueError, TypeError, KeyError) as error:
        raise NotCron(f"“{' '.join(fields)}” is not a cron expression ({error}): {HINT}.") from None


def _fields(expression: str) -> list[str]:
    fields = MACROS.get(expression, expression).lower().split()
    if len(fields) != 5:
        raise NotCron(f"“{expression}” has {len(fields)} fields, a cron line has five: {HINT}.")
    fields[4] = ",".join(_weekday(part) for part in fields[4].split(","))
    return fields


def _alternatives(fields: list[str]) -> list[list[str]]:
    """Cron runs when *either* day field matches, if both are restricted."""
    if fields[2].startswith("*") or fields[4].startswith("*"):
        return [fields]
    return [[*fields[:4], "*"], [*fields[:2], "*", *fields[3:]]]


def _weekday(part: str) -> str:
    """Weekdays by name, since numbers mean other days to cron than to APScheduler."""
    span, slash, step = part.partition("/")
    for number, name in enumerate(WEEKDAYS[:7]):
        span = span.replace(name, str(number))
    match = re.fullmatch(r"([0-7])(?:-([0-7]))?", span)
    if match is None:
        return part
    first, last = int(match[1]), int(match[2] or (6 if slash else match[1]))
    if last == 0 < first:
        last = 7  # "fri-sun": Sunday ends the week as well as it begins it
    days = range(first, last + 1, int(step) if step.isdecimal() and int(step) else 1)
    return ",".join(dict.fromkeys(WEEKDAYS[day] for day in days)) or part
