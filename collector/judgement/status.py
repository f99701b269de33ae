"""How does a project stand? The status of METRICS.md, first match wins, with its reason.

*Care* is what shows that somebody looks after it. ``rhythm``, ``season`` and ``next_needed``
say when care can be expected: a pause outside the season is no neglect, but whoever missed the
whole last season is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

import numpy as np

from collector.metric import YEAR
from collector.metrics import BY_KEY
from collector.metrics.care import care_times
from collector.metrics.facts import declared_text
from collector.metrics.samples import quantile
from collector.metrics.sources import archived, counted
from collector.metrics.windows import remembered_as_of, weeks_with_commits
from collector.model import DAY, Activity, Instant, Phrase, Project, Repository

LEAST_LIMIT, MOST_LIMIT = 90.0, 365.0
EXPECTED = {"maintenance": 183.0, "finished": MOST_LIMIT}
"""The least that ``L`` can be where less work is to be expected, as declared (``rhythm``)."""
GAP_YEARS, LEAST_GAP, FEWEST_GAPS, GAP_FACTOR = 3 * 365, 7, 5, 1.5
NEW_FOR = 90
LONG_WAIT = 90
WEEKS, QUIET_BELOW = 26, 0.25


class Status(StrEnum):
    """How a project stands, from worst known to best; ``words`` are what people read."""

    RETIRED = "retired"
    UNKNOWN = "unknown"
    NEW = "new"
    ABANDONED = "abandoned"
    AT_REST = "at_rest"
    SLOWING = "slowing"
    QUIET = "quiet"
    ACTIVE = "active"


WORDS = {
    Status.RETIRED: "retired",
    Status.UNKNOWN: "could not be read",
    Status.NEW: "new",
    Status.ABANDONED: "left alone though it is used",
    Status.AT_REST: "at rest",
    Status.SLOWING: "less care than usual",
    Status.QUIET: "quiet, looked after",
    Status.ACTIVE: "active",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A status with its reason. ``since``: from when on it can be said to hold, where it can.

    ``idle_days``: days without care, as far as care was to be expected. ``excused``: none was.
    """

    status: Status
    reason: Phrase
    gap_limit_days: float
    since: Instant | None = None
    care_days: float | None = None
    idle_days: float | None = None
    excused: bool = False


@dataclass(frozen=True, slots=True)
class _Pause:
    """How long has nobody looked after it, and does the calendar excuse that?"""

    last: Instant
    days: float
    idle: float
    excuse: Phrase | None


@remembered_as_of
def standing(activity: Activity, as_of: Instant) -> Standing:
    """How does this project stand at this date, and why?"""
    limit = gap_limit(activity, as_of)
    early = _retired(activity, as_of) or _unreadable(activity, as_of) or _new(activity, as_of)
    if early:
        status, reason, since = early
        care = _last_care(activity, as_of)
        days = None if care is None else (as_of - care) / DAY
        return Standing(status, reason, limit, since, days, days)
    return _by_care(activity, as_of, limit, _pause(activity, as_of))


def gap_limit(activity: Activity, as_of: Instant) -> float:
    """How many days may pass here without care before it is less than usual? (L)"""
    times = care_times(activity, as_of)
    days = np.unique(times[np.searchsorted(times, as_of - GAP_YEARS * DAY) :] // DAY)
    gaps = np.diff(days)
    gaps = gaps[gaps >= LEAST_GAP]
    least = EXPECTED.get(activity.project.rhythm, LEAST_LIMIT)
    if len(gaps) < FEWEST_GAPS:
        return least
    usual = GAP_FACTOR * quantile(np.sort(gaps), 0.9)
    return max(least, min(MOST_LIMIT, usual))


# ---------------------------------------------------------------- what does not depend on care

Early = tuple[Status, Phrase, Instant | None]


def _retired(activity: Activity, as_of: Instant) -> Early | None:
    project = activity.project
    if project.stage == "retired" and (project.retired_since or as_of) <= as_of:
        return Status.RETIRED, Phrase("It is declared retired."), project.retired_since
    if declared_text(activity, as_of, "development_status") == "obsolete":
        return Status.RETIRED, Phrase("Its publiccode.yml declares it obsolete."), None
    repositories = counted(activity)
    if repositories and all(archived(repository, as_of) for repository in repositories):
        return Status.RETIRED, Phrase("All its repositories are archived."), _archived(repositories)
    return None


def _archived(repositories: list[Repository]) -> Instant | None:
    dates = [r.archived_at or r.facts.archived_at for r in repositories]
    known = [date for date in dates if date is not None]
    return max(known) if len(known) == len(dates) else None


def _unreadable(activity: Activity, as_of: Instant) -> Early | None:
    read = [r for r in activity.repositories if r.read_until or r.forge_read_until]
    if not read:
        reasons = (r.git_reason or r.forge_reason for r in activity.repositories)
        reason = next((reason for reason in reasons if reason), None)
        return Status.UNKNOWN, reason or Phrase("It has not been read yet."), None
    if _first_signal(activity, as_of) is None:
        return Status.UNKNOWN, Phrase("There is nothing in it: no commit, no issue."), None
    return None


def _first_signal(activity: Activity, as_of: Instant) -> Instant | None:
    """When did anything at all happen first?"""
    firsts = [int(activity.commits.arrival.min())] if len(activity.commits.arrival) else []
    firsts += [int(activity.items.created[0])] if len(activity.items.created) else []
    firsts += [tag.time for tag in activity.tags]
    first = min(firsts, default=as_of)
    return first if first < as_of else None


def _new(activity: Activity, as_of: Instant) -> Early | None:
    arrivals = activity.commits.arrival
    dates = [r.facts.created for r in counted(activity)]
    known = [date for date in dates if date is not None]
    starts = [int(arrivals.min())] if len(arrivals) else []
    starts += [min(known)] if known and len(known) == len(dates) else []
    recent = [start for start in starts if start < as_of and as_of - start < NEW_FOR * DAY]
    if not recent:
        return None
    start = max(recent)
    days = (as_of - start) // DAY
    return Status.NEW, Phrase("It began or was published {days:days_ago}.", {"days": days}), start


# ---------------------------------------------------------------- what does


def _last_care(activity: Activity, as_of: Instant) -> Instant | None:
    times = care_times(activity, as_of)
    return int(times[-1]) if len(times) else None


def _pause(activity: Activity, as_of: Instant) -> _Pause:
    last = _last_care(activity, as_of)
    if last is None:
        last = _first_signal(activity, as_of) or as_of
    days = (as_of - last) / DAY
    project = activity.project
    if project.next_needed is not None and as_of < project.next_needed:
        told = Phrase("It is not needed before {date:day}.", {"date": project.next_needed})
        return _Pause(last, days, 0.0, told)
    seasons = [*_seasons(project, as_of)]
    if len(seasons) < 2 or last < _missed_from(seasons, as_of):
        return _Pause(last, days, days, None)
    start, end = seasons[-1]
    if as_of < end:
        return _Pause(last, days, (as_of - max(last, start)) / DAY, None)
    return _Pause(last, days, 0.0, Phrase("It is outside its season."))


def _missed_from(seasons: list[tuple[Instant, Instant]], as_of: Instant) -> Instant:
    """Since when must there have been care, lest a whole season was missed?"""
    running = as_of < seasons[-1][1]
    return seasons[-2 if running else -1][0]


def _seasons(project: Project, as_of: Instant) -> Iterator[tuple[Instant, Instant]]:
    """The seasons that began in the last three years, oldest first, as [start, end)."""
    year = datetime.fromtimestamp(as_of, UTC).year
    found = [_season(one, other) for one in range(year - 3, year + 1) for other in project.season]
    yield from sorted(season for season in found if season[0] <= as_of)


def _season(year: int, season: tuple[int, int, int, int]) -> tuple[Instant, Instant]:
    from_month, from_day, until_month, until_day = season
    start = _midnight(year, from_month, from_day)
    over_new_year = (until_month, until_day) < (from_month, from_day)
    end = _midnight(year + over_new_year, until_month, until_day) + timedelta(days=1)
    return int(start.timestamp()), int(end.timestamp())


def _midnight(year: int, month: int, day: int) -> datetime:
    if (month, day) == (2, 29):
        return datetime(year, 3, 1, tzinfo=UTC) - timedelta(days=1)
    return datetime(year, month, day, tzinfo=UTC)


def _by_care(activity: Activity, as_of: Instant, limit: float, pause: _Pause) -> Standing:
    weeks = weeks_with_commits(activity, as_of, WEEKS)
    facts = {"days": round(pause.days), "limit": round(limit), "weeks": weeks, "of": WEEKS}
    status, reason, since = Status.ACTIVE, Phrase(_ACTIVE, facts), None
    if pause.idle > YEAR:
        status, reason = _left(activity, as_of, facts)
        since = pause.last + YEAR * DAY
    elif pause.idle > limit:
        told = {"days": ceil(pause.days), "limit": int(limit)}
        status, reason = Status.SLOWING, Phrase(_SLOWING, told)
        since = as_of - int((pause.idle - limit) * DAY)
    elif pause.excuse is not None:
        status, reason = Status.QUIET, pause.excuse
    elif weeks / WEEKS < QUIET_BELOW:
        status, reason = Status.QUIET, Phrase(_QUIET, facts)
    excused = pause.excuse is not None
    return Standing(status, reason, limit, since, pause.days, pause.idle, excused)


_ACTIVE = "There was work in {weeks} of the last {of:weeks}."
_QUIET = (
    "There was work in {weeks} of the last {of:weeks}; somebody looked after it {days:days_ago}."
)
_SLOWING = (
    "Nobody has looked after it for {days:days}; pauses of up to {limit:days} are usual here."
)


def _left(activity: Activity, as_of: Instant, facts: dict[str, int]) -> tuple[Status, Phrase]:
    """Nobody has cared for a year: is it left alone though it is used, or at rest?"""
    waiting = BY_KEY["oldest_outsider_waiting"].compute(activity, as_of).value
    users = BY_KEY["users"].compute(activity, as_of).value
    if waiting is not None and waiting > LONG_WAIT:
        return Status.ABANDONED, Phrase(_LEFT_WAITING, {**facts, "waiting": round(waiting)})
    if activity.project.service:
        return Status.ABANDONED, Phrase(_LEFT_SERVICE, facts)
    if users:
        return Status.ABANDONED, Phrase(_LEFT_USERS, {**facts, "users": int(users)})
    return Status.AT_REST, Phrase(_AT_REST, facts)


_LEFT_WAITING = (
    "Nobody has looked after it for {days:days}, "
    "and somebody from outside has waited for {waiting:days}."
)
_LEFT_SERVICE = "Nobody has looked after it for {days:days}, and a service runs on it."
_LEFT_USERS = "Nobody has looked after it for {days:days}, and it has users: {users}."
_AT_REST = "Nobody has looked after it for {days:days}; nobody is known to use it or to wait."
