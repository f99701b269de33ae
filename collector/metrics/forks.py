"""Forks: how far a copy of somebody else's project has drifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from collector.metric import YEAR, Better, Metric, Part, Value, not_applicable, unknown
from collector.metrics.sources import Compute
from collector.metrics.windows import before, credited
from collector.model import DAY, Activity, ForkState, Instant

NOT_COMPARED = "its upstream has not been compared yet"
BEFORE = "how it stood to its upstream is known since it was first compared only"


def standing(activity: Activity, as_of: Instant) -> dict[int, ForkState]:
    """Where each fork stood when it was last compared: repository row → state."""
    return {row: state for row, at, state in activity.fork_states if at - at % DAY <= as_of}


def _of_forks(value: Callable[[dict[int, ForkState], Instant], float | None]) -> Compute:
    """A figure of all forks of a project, with each fork's own beside it."""

    def measured(activity: Activity, as_of: Instant) -> Value:
        if not any(repository.upstream for repository in activity.repositories):
            return not_applicable("no repository of this project is a fork")
        states = standing(activity, as_of)
        if not states:
            return unknown(BEFORE if activity.fork_states else NOT_COMPARED)
        found = value(states, as_of)
        parts: dict[str, Part] = {"repositories": _each(activity, states)}
        if found is None:
            return replace(
                not_applicable("it has no commit in common with its upstream"), parts=parts
            )
        return Value(found, n=len(states), parts=parts)

    return measured


def _each(activity: Activity, states: dict[int, ForkState]) -> list[Part]:
    return [
        {
            "repository": activity.repositories[row].url,
            "upstream": activity.repositories[row].upstream,
            "ahead": state.ahead,
            "behind": state.behind,
            "synced": state.synced,
        }
        for row, state in sorted(states.items())
    ]


def _ahead(states: dict[int, ForkState], as_of: Instant) -> float:
    return float(sum(state.ahead for state in states.values()))


def _behind(states: dict[int, ForkState], as_of: Instant) -> float:
    return float(sum(state.behind for state in states.values()))


def _since_sync(states: dict[int, ForkState], as_of: Instant) -> float | None:
    """Of several forks the one that was left alone longest."""
    dates = [state.synced for state in states.values() if state.synced is not None]
    return max(0.0, (as_of - min(dates)) / DAY) if dates else None


def patches_sent_back(activity: Activity, as_of: Instant) -> Value:
    """How many changes did our people propose to upstream in a year?"""
    if not any(repository.upstream for repository in activity.repositories):
        return not_applicable("no repository of this project is a fork")
    if activity.sent_back is None:
        return unknown(
            "the upstream's proposed changes are not collected: add it as a project with"
            " relation: upstream"
        )
    ours = {*credited(activity, as_of, 0).tolist(), *activity.project.maintainers}
    jobs = [each for each in activity.affiliations if each.organisation == activity.project.owner]
    sent = [
        person
        for at, person in activity.sent_back
        if before(as_of, YEAR) <= at < as_of
        and (person in ours or any(job.person == person and job.span.holds(at) for job in jobs))
    ]
    return Value(float(len(sent)), parts={"persons": len(set(sent))})


METRICS = (
    Metric(
        "commits_ahead",
        "Commits ahead",
        "What have we that upstream has not?",
        "count",
        Better.LOWER,
        "own",
        _of_forks(_ahead),
        "commits of the fork that upstream does not contain, without merges, bots included",
        words="commits that upstream does not have",
    ),
    Metric(
        "commits_behind",
        "Commits behind",
        "What has upstream that we have not?",
        "count",
        Better.LOWER,
        "own",
        _of_forks(_behind),
        "commits of upstream's default branch that the fork does not contain, without merges",
        words="commits of upstream that are missing",
    ),
    Metric(
        "days_since_sync",
        "Days since sync",
        "When did we last take over from upstream?",
        "days",
        Better.LOWER,
        "own",
        _of_forks(_since_sync),
        "date − the newest commit that both have",
        words="days since upstream was taken over",
    ),
    Metric(
        "patches_sent_back",
        "Patches sent back",
        "Do we give back?",
        "count",
        Better.HIGHER,
        "own",
        patches_sent_back,
        "change requests of our people at upstream in a year",
        YEAR,
        needs=("forge",),
        version=2,
        words="changes proposed to upstream",
    ),
)
