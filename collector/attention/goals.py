"""How far is a goal? From where it began, where it is now, and when it will be reached so.

A goal counts from its ``from`` on, or, where none is given, from a year before its day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from collector.metric import YEAR, Better
from collector.metrics import BY_KEY
from collector.model import DAY, Instant

Points = Sequence[tuple[Instant, float]]
"""A metric's values at the start of each month, oldest first; months without one are left out."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What the OSPO and the project want to reach."""

    metric: str
    target: float
    by: Instant
    agreed_with: str | None = None
    since: Instant | None = None

    @property
    def begins(self) -> Instant:
        """From when on is the way counted?"""
        return self.by - YEAR * DAY if self.since is None else self.since

    def reached(self, value: float) -> bool:
        """Is a value as good as the target?"""
        lower = BY_KEY[self.metric].better is Better.LOWER
        return value <= self.target if lower else value >= self.target


@dataclass(frozen=True, slots=True)
class Way:
    """A goal's way. ``expected``: where an even way would be today.

    ``reached_since``: from when on it has been reached without a break. ``arrives``: the day on
    which the target is reached at the pace so far; None where it does not come nearer.
    """

    start: float
    start_at: Instant
    now: float
    expected: float
    reached_since: Instant | None
    arrives: Instant | None


def way(goal: Goal, points: Points, now: float, as_of: Instant) -> Way:
    """From the monthly values and today's, how far is a goal?"""
    start_at, start = _start(goal, points, now, as_of)
    gone = min(1.0, max(0.0, (as_of - start_at) / max(goal.by - start_at, DAY)))
    return Way(
        start,
        start_at,
        now,
        start + (goal.target - start) * gone,
        _reached_since(goal, points, now, as_of),
        _arrives(goal, start, start_at, now, as_of),
    )


def behind(goal: Goal, found: Way) -> bool:
    """Is it worse today than an even way would be?"""
    lower = BY_KEY[goal.metric].better is Better.LOWER
    late = found.now > found.expected if lower else found.now < found.expected
    return late and not goal.reached(found.now)


def _start(goal: Goal, points: Points, now: float, as_of: Instant) -> tuple[Instant, float]:
    place = bisect_right([at for at, _ in points], goal.begins)
    if place:
        return max(points[place - 1][0], goal.begins), points[place - 1][1]
    return points[0] if points and points[0][0] < as_of else (min(goal.begins, as_of), now)


def _reached_since(goal: Goal, points: Points, now: float, as_of: Instant) -> Instant | None:
    if not goal.reached(now):
        return None
    since = as_of
    for at, value in reversed(points):
        if at > as_of:
            continue
        if not goal.reached(value):
            break
        since = at
    return since


def _arrives(
    goal: Goal, start: float, start_at: Instant, now: float, as_of: Instant
) -> Instant | None:
    missing, gained = goal.target - now, now - start
    if goal.reached(now) or not gained or missing / gained < 0:
        return None
    return as_of + int((as_of - start_at) * missing / gained)
