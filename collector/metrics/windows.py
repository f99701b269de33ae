"""What families share: windows over sorted records by bisection, and views computed once.

Nothing here knows a metric. Every function answers as of an instant: a commit exists from its
arrival on and is placed at its time (C4), an item's event exists from when it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np

from collector.metric import YEAR
from collector.model import DAY, Activity, EventKind, Flags, Indices, Instant, Instants

P = ParamSpec("P")
T = TypeVar("T")

WEEK = 7 * DAY
MONDAY = 4 * DAY
"""1970-01-05 was a Monday: ISO weeks are counted from it."""

_ALWAYS: WeakKeyDictionary[Activity, dict[Hashable, object]] = WeakKeyDictionary()
_NOW: WeakKeyDictionary[Activity, tuple[Instant, dict[Hashable, object]]] = WeakKeyDictionary()


def remembered(compute: Callable[P, T]) -> Callable[P, T]:
    """Compute ``f(activity, …)`` once for as long as the activity lives: f must not know dates."""

    @wraps(compute)
    def recall(*given: P.args, **named: P.kwargs) -> T:
        activity, *rest = cast("tuple[Activity, Any]", given)
        memory = _ALWAYS.setdefault(activity, {})
        return _recalled(memory, (compute, *rest), lambda: compute(*given, **named))

    return recall


def remembered_as_of(compute: Callable[P, T]) -> Callable[P, T]:
    """Compute ``f(activity, as_of, …)`` once while the metrics of that ``as_of`` are computed."""

    @wraps(compute)
    def recall(*given: P.args, **named: P.kwargs) -> T:
        activity, as_of, *rest = cast("tuple[Activity, Instant, Any]", given)
        kept, memory = _NOW.get(activity, (None, {}))
        if kept != as_of:
            memory = {}
            _NOW[activity] = (as_of, memory)
        return _recalled(memory, (compute, *rest), lambda: compute(*given, **named))

    return recall


def _recalled(
    memory: dict[Hashable, object], key: tuple[object, ...], compute: Callable[[], T]
) -> T:
    if key not in memory:
        memory[key] = compute()
    return cast("T", memory[key])


def between(times: Instants, since: Instant, until: Instant) -> slice:
    """The rows of a sorted column in the half-open window ``[since, until)``."""
    first, last = np.searchsorted(times, (since, until))
    return slice(int(first), int(last))


def before(as_of: Instant, days: int) -> Instant:
    """The start of the window of so many days before ``as_of``."""
    return as_of - days * DAY


# ---------------------------------------------------------------- commits


@dataclass(frozen=True, slots=True)
class HumanCommits:
    """Commits by humans, sorted by ``time``; ``row`` is their row in ``Activity.commits``."""

    time: Instants
    arrival: Instants
    row: Indices

    def existing(self, as_of: Instant, since: Instant, until: Instant) -> Flags:
        """Which of those placed in the window had arrived?  Use with ``between``."""
        return self.arrival[between(self.time, since, until)] < as_of


@remembered
def human_commits(activity: Activity) -> HumanCommits:
    """All commits by humans, ever."""
    commits = activity.commits
    row = np.flatnonzero(commits.human).astype(np.int32)
    return HumanCommits(commits.time[row], commits.arrival[row], row)


@remembered
def human_arrivals(activity: Activity) -> Instants:
    """When humans' commits arrived, sorted."""
    return np.sort(human_commits(activity).arrival)


@remembered_as_of
def commit_times(activity: Activity, as_of: Instant, since: Instant, until: Instant) -> Instants:
    """The times of human commits in a window, as existing at ``as_of``."""
    human = human_commits(activity)
    return human.time[between(human.time, since, until)][human.existing(as_of, since, until)]


def commit_rows(activity: Activity, as_of: Instant, days: int) -> Indices:
    """Rows of ``Activity.commits``, bots' included, of the last so many days."""
    window = between(activity.commits.time, before(as_of, days), as_of)
    there = np.flatnonzero(activity.commits.arrival[window] < as_of)
    rows: Indices = (there + window.start).astype(np.int32)
    return rows


def weeks_with_commits(activity: Activity, as_of: Instant, weeks: int) -> int:
    """In how many of the last so many whole ISO weeks was there a human commit?"""
    end = as_of - (as_of - MONDAY) % WEEK
    times = commit_times(activity, as_of, end - weeks * WEEK, end)
    return int(np.unique((times - MONDAY) // WEEK).size)


def month_of(times: Instants) -> Instants:
    """The number of the calendar month (UTC) of each instant; 0 is January 1970."""
    return times.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def month_start(month: int) -> Instant:
    """When a calendar month of that number began."""
    return int(np.datetime64(month, "M").astype("datetime64[s]").astype(np.int64))


def commits_by_month(activity: Activity, as_of: Instant, months: int = 12) -> list[int]:
    """Human commits of the last so many calendar months, oldest first, the running one last."""
    last = int(month_of(np.array([as_of - 1]))[0])
    first = last - months + 1
    times = commit_times(activity, as_of, month_start(first), as_of)
    return [int(count) for count in np.bincount(month_of(times) - first, minlength=months)]


# ---------------------------------------------------------------- credits and contributions


@remembered_as_of
def credited(activity: Activity, as_of: Instant, since: Instant) -> Indices:
    """Who was credited from ``since`` on? One person index per credit (C5)."""
    credits_ = activity.credits
    window = between(credits_.time, since, as_of)
    return credits_.person[window][credits_.arrival[window] < as_of]


def credits_per_person(activity: Activity, as_of: Instant, days: int) -> Indices:
    """How many credits each person that has one got in the last so many days, most first."""
    counts = np.bincount(credited(activity, as_of, before(as_of, days)))
    return np.sort(counts[counts > 0])[::-1].astype(np.int32)


def absence_factor(amounts: Indices, share: float = 0.5) -> int:
    """How few hold at least this share of it all? ``amounts``: what each holds, most first."""
    held = np.cumsum(amounts, dtype=np.int64)
    # In whole numbers of a hundredth: 50 of 100 is half, without rounding.
    return int(np.searchsorted(held * 100, int(held[-1]) * round(share * 100))) + 1


@dataclass(frozen=True, slots=True)
class Contributions:
    """One row per contribution of any kind, sorted by ``time``; it exists from ``known`` on."""

    time: Instants
    known: Instants
    person: Indices


@remembered
def contributions(activity: Activity) -> Contributions:
    """Credited commits, items opened, comments and reviews, of humans whose account exists."""
    credits_, items, events = activity.credits, activity.items, activity.events
    said = np.isin(events.kind, (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT))
    said &= (events.actor_kind == 0) & (events.actor >= 0)
    opened = (items.author_kind == 0) & (items.author >= 0)
    time = np.concatenate((credits_.time, items.created[opened], events.at[said]))
    known = np.concatenate((credits_.arrival, items.created[opened], events.at[said]))
    person = np.concatenate((credits_.person, items.author[opened], events.actor[said]))
    order = np.argsort(time, kind="stable")
    return Contributions(time[order], known[order], person[order])


@remembered_as_of
def contributed(activity: Activity, as_of: Instant, since: Instant, until: Instant) -> Flags:
    """Per person: did they contribute anything in the window, as known at ``as_of``?"""
    everything = contributions(activity)
    window = between(everything.time, since, until)
    found = np.zeros(len(activity.persons), dtype=np.bool_)
    found[everything.person[window][everything.known[window] < as_of]] = True
    return found


def active_persons(activity: Activity, as_of: Instant, days: int = YEAR) -> Flags:
    """Per person: did they contribute anything in the last so many days?"""
    return contributed(activity, as_of, before(as_of, days), as_of)
