"""Forks: how far a copy of somebody else's project has drifted."""

from __future__ import annotations

from collector.metric import YEAR, Better, Metric, Value, not_applicable, unknown
from collector.model import Activity, Instant

NOT_COMPARED = "it has not been compared with its upstream yet; collect it once more"


def of_upstream(activity: Activity, as_of: Instant) -> Value:
    """How far from its upstream is it? Of forks only."""
    if not any(repository.upstream for repository in activity.repositories):
        return not_applicable("no repository of this project is a fork")
    return unknown(NOT_COMPARED)


METRICS = (
    Metric(
        "commits_ahead",
        "Commits ahead",
        "What have we that upstream has not?",
        "count",
        Better.LOWER,
        "own",
        of_upstream,
        "commits of the fork that upstream does not contain",
        words="commits that upstream does not have",
    ),
    Metric(
        "commits_behind",
        "Commits behind",
        "What has upstream that we have not?",
        "count",
        Better.LOWER,
        "own",
        of_upstream,
        "commits of upstream that the fork does not contain",
        words="commits of upstream that are missing",
    ),
    Metric(
        "days_since_sync",
        "Days since sync",
        "When did we last take over from upstream?",
        "days",
        Better.LOWER,
        "own",
        of_upstream,
        "date − newest upstream commit contained",
        words="days since upstream was taken over",
    ),
    Metric(
        "patches_sent_back",
        "Patches sent back",
        "Do we give back?",
        "count",
        Better.HIGHER,
        "own",
        of_upstream,
        "change requests of our people at upstream in a year",
        YEAR,
        needs=("forge",),
        words="changes proposed to upstream",
    ),
)
