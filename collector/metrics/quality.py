"""Data quality: how far can the other figures be trusted? Never judged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from collector.metric import Better, Metric, Part, Value, unknown
from collector.metrics.sources import forge_missing, from_git, known_at
from collector.model import Activity, Instant, ItemKind, Repository

COUNTED_BY_FORGES = {
    "issues": ItemKind.ISSUE,
    "change_requests": ItemKind.CHANGE_REQUEST,
}


@from_git
def invalid_dates(activity: Activity, as_of: Instant) -> Value:
    """How many commits bear a date that cannot be?"""
    found = bisect_left(activity.invalid_dates, as_of)
    return Value(found, n=found)


@from_git
def history_imports(activity: Activity, as_of: Instant) -> Value:
    """On which days was history imported that had been written elsewhere?"""
    days: list[Part] = [
        {"repository": url, "day": day} for url, day in activity.imports if day < as_of
    ]
    return Value(len(days), n=len(days), parts={"days": days})


def repositories_unread(activity: Activity, as_of: Instant) -> Value:
    """How many of its repositories could not be read, or only in part?"""
    known = activity.repositories
    if not any(repository.read_until for repository in known):
        return unknown("no repository of the project has been read yet")
    missing = [each for each in known if each.read_until is None or not each.complete]
    listed: list[Part] = [{"repository": each.url, "why": _why(each)} for each in missing]
    return Value(len(missing), n=len(known), parts={"repositories": listed})


def _why(repository: Repository) -> str:
    if repository.read_until is not None:
        return "a part of its history only"
    return str(repository.git_reason or "git has not been read yet")


def forge_drift(activity: Activity, as_of: Instant) -> Value:
    """How far is our count of issues and change requests from the forge's own?"""
    compared = [*_compared(activity)]
    if not compared:
        return forge_missing(activity) or unknown("the forge does not count them itself")
    if not all(known_at(each.forge_read_until, as_of) for each, _, _, _ in compared):
        return unknown("the forge tells only how it is now")
    rows: list[Part] = [
        {"repository": each.url, "kind": kind, "stored": ours, "forge": theirs}
        for each, kind, ours, theirs in compared
    ]
    drift = sum(abs(ours - theirs) for _, _, ours, theirs in compared)
    return Value(drift, n=len(rows), parts={"compared": rows})


def _compared(activity: Activity) -> Iterator[tuple[Repository, str, int, int]]:
    items = activity.items
    for row, repository in enumerate(activity.repositories):
        if repository.forge_read_until is None:
            continue
        for name, kind in COUNTED_BY_FORGES.items():
            if name in repository.forge_totals:
                own = (items.repository == row) & (items.kind == kind)
                ours = int(np.count_nonzero(own))
                yield repository, name, ours, repository.forge_totals[name]


METRICS = (
    Metric(
        "invalid_dates",
        "Invalid dates",
        "How many commits bear a date that cannot be?",
        "count",
        Better.NEITHER,
        "own: data quality",
        invalid_dates,
        "commits with an author or arrival date before 1990 or more than a day after the reading",
        words="commits with an impossible date",
        limits="The other date of the commit places it; with none it is counted here only, at "
        "every date.",
    ),
    Metric(
        "history_imports",
        "History imports",
        "Was its history written elsewhere and imported?",
        "count",
        Better.NEITHER,
        "own: data quality",
        history_imports,
        "days on which more than half of all commits so far arrived, written 30 days earlier or "
        "more (median)",
        words="days on which history was imported",
    ),
    Metric(
        "repositories_unread",
        "Repositories unread",
        "How many of its repositories could not be read?",
        "count",
        Better.NEITHER,
        "own: data quality",
        repositories_unread,
        "repositories whose git was never read, or only in part",
        words="repositories that could not be read",
        limits="As it is now, whichever date is asked for.",
    ),
    Metric(
        "forge_drift",
        "Forge drift",
        "Does our count differ from the forge's own?",
        "count",
        Better.NEITHER,
        "own: data quality",
        forge_drift,
        "|issues stored − the forge's count| + the same of change requests, over the repositories",
        needs=("forge",),
        words="differs from the forge's own count",
        limits="The forge counts as of now: earlier dates are unknown.",
    ),
)
