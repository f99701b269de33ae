"""People: how many carry the project, and what happens when one goes."""

from __future__ import annotations

import numpy as np

from collector.metric import HALF_YEAR, YEAR, Better, Metric, Value, not_applicable, unknown
from collector.metrics.care import days_without_care
from collector.metrics.samples import ratio
from collector.metrics.sources import counted, covered, from_either, from_forge, from_git
from collector.metrics.windows import (
    absence_factor,
    active_persons,
    before,
    between,
    contributed,
    credited,
    credits_per_person,
    month_of,
    month_start,
    remembered_as_of,
)
from collector.model import (
    N_,
    NOT_GIVEN,
    AccountKind,
    Activity,
    EventKind,
    Flags,
    Indices,
    Instant,
)

REGULAR_MONTHS = 3
LEFT_WINDOW = 3 * 365
NO_CREDITS = "nobody was credited with a commit in the last 365 days"
NO_MERGERS = "the forge does not say who merged"


@from_either
def contributors(activity: Activity, as_of: Instant) -> Value:
    """How many people contributed anything?"""
    found = int(np.count_nonzero(active_persons(activity, as_of)))
    return Value(found, n=found)


@from_git
def committers(activity: Activity, as_of: Instant) -> Value:
    """How many people are credited with commits?"""
    amounts = credits_per_person(activity, as_of, YEAR)
    return Value(len(amounts), n=int(amounts.sum()), parts={"credits": int(amounts.sum())})


def _factor(activity: Activity, as_of: Instant, share: float) -> Value:
    amounts = credits_per_person(activity, as_of, YEAR)
    if not amounts.size:
        return not_applicable(NO_CREDITS)
    total = int(amounts.sum())
    factor = absence_factor(amounts, share)
    held = int(amounts[:factor].sum())
    parts = {"credits": total, "held": held, "persons": len(amounts)}
    return Value(factor, n=total, parts={**parts})


@from_git
def contributor_absence_factor(activity: Activity, as_of: Instant) -> Value:
    """How few people do half of the work?"""
    return _factor(activity, as_of, 0.5)


@from_git
def core_contributors(activity: Activity, as_of: Instant) -> Value:
    """How few people do four fifths of the work?"""
    return _factor(activity, as_of, 0.8)


@from_git
def top_contributor_share(activity: Activity, as_of: Instant) -> Value:
    """How much does the busiest person do?"""
    amounts = credits_per_person(activity, as_of, YEAR)
    top, total = int(amounts[:1].sum()), int(amounts.sum())
    return ratio(top, total, NO_CREDITS, {"top": top, "credits": total})


@remembered_as_of
def _months_credited(activity: Activity, as_of: Instant) -> tuple[Indices, Indices]:
    """Person and month (counted from the year's first) of each credit of the year's months."""
    first = int(month_of(np.array([before(as_of, YEAR)]))[0])
    window = between(activity.credits.time, month_start(first), as_of)
    there = activity.credits.arrival[window] < as_of
    month = month_of(activity.credits.time[window][there]) - first
    return activity.credits.person[window][there], month.astype(np.int32)


def months_credited(activity: Activity, as_of: Instant) -> Indices:
    """Per person index: in how many calendar months of the year were they credited?"""
    person, month = _months_credited(activity, as_of)
    once_a_month = np.unique(person.astype(np.int64) * 64 + month)
    return np.bincount(once_a_month // 64).astype(np.int32)


def regular(months: Indices) -> Flags:
    """Who of them works on it regularly?"""
    return months >= REGULAR_MONTHS


@from_git
def regular_committers(activity: Activity, as_of: Instant) -> Value:
    """How many people work on it regularly?"""
    credits_ = len(_months_credited(activity, as_of)[0])
    months = months_credited(activity, as_of)
    found = int(np.count_nonzero(regular(months)))
    return Value(found, n=credits_, parts={"persons": int(np.count_nonzero(months))})


@from_either
def work_left_share(activity: Activity, as_of: Instant) -> Value:
    """How much of the work was done by people who are gone?"""
    idle = days_without_care(activity, as_of)
    if idle is not None and idle > YEAR:
        return not_applicable("nobody has looked after it for more than a year")
    persons = credited(activity, as_of, before(as_of, LEFT_WINDOW))
    gone = ~active_persons(activity, as_of, HALF_YEAR)
    left = int(np.count_nonzero(gone[persons]))
    return ratio(
        left,
        len(persons),
        "nobody was credited with a commit in the last three years",
        {"left": left, "credits": len(persons)},
    )


@from_either
def new_contributors(activity: Activity, as_of: Instant) -> Value:
    """How many people came to it for the first time?"""
    if any(r.read_until is None or not r.complete for r in counted(activity)):
        return unknown("the history was not read from its beginning")
    active = active_persons(activity, as_of)
    earlier = contributed(activity, as_of, -(2**62), before(as_of, YEAR))
    found = int(np.count_nonzero(active & ~earlier))
    return Value(found, n=int(np.count_nonzero(active)))


@from_either
def contributor_retention(activity: Activity, as_of: Instant) -> Value:
    """Which share of last year's people are still there?"""
    since, until = before(as_of, 2 * YEAR), before(as_of, YEAR)
    earlier = contributed(activity, as_of, since, until)
    stayed = int(np.count_nonzero(earlier & active_persons(activity, as_of)))
    persons = int(np.count_nonzero(earlier))
    return ratio(
        stayed,
        persons,
        N_("nobody contributed in the year before"),
        {"stayed": stayed, "persons": persons},
    )


@from_forge
def active_maintainers(activity: Activity, as_of: Instant) -> Value:
    """How many people accept changes?"""
    read = [r for r in activity.repositories if r.forge_read_until is not None]
    if all("actors" in repository.forge_lacks for repository in read):
        return unknown(NO_MERGERS)
    events = activity.events
    merged = (events.kind == EventKind.MERGED) & (events.at < as_of)
    merged &= events.at >= before(as_of, HALF_YEAR)
    actor, kind = events.actor[merged], events.actor_kind[merged]
    given = actor != NOT_GIVEN
    if len(actor) and not given.any():
        return unknown(NO_MERGERS)
    people = np.unique(actor[(actor >= 0) & (kind == AccountKind.HUMAN)])
    value = Value(len(people), n=len(actor), parts={"merged": len(actor)})
    return covered(value, float(given.mean())) if len(actor) else value


METRICS = (
    Metric(
        "contributors",
        "Contributors",
        "How many people take part?",
        "count",
        Better.HIGHER,
        "CHAOSS 3467",
        contributors,
        "distinct persons with a credited commit, change request, review, issue or comment "
        "in a year",
        YEAR,
        needs=("git", "forge"),
        words="people who took part",
    ),
    Metric(
        "committers",
        "Committers",
        "How many people write it?",
        "count",
        Better.HIGHER,
        "CHAOSS 3945",
        committers,
        "distinct persons credited with a commit in a year",
        YEAR,
        words="people who wrote it",
    ),
    Metric(
        "contributor_absence_factor",
        "Contributor absence factor",
        "How few people do half of the work?",
        "count",
        Better.HIGHER,
        "CHAOSS 3944",
        contributor_absence_factor,
        "smallest number of persons who hold at least half of the credits of a year",
        YEAR,
        words="people who do half of the work",
    ),
    Metric(
        "core_contributors",
        "Core contributors",
        "How few people do four fifths of the work?",
        "count",
        Better.HIGHER,
        "CHAOSS 3944",
        core_contributors,
        "smallest number of persons who hold at least 80 % of the credits of a year",
        YEAR,
        words="people who do four fifths of the work",
    ),
    Metric(
        "top_contributor_share",
        "Top contributor share",
        "How much rests on one person?",
        "ratio",
        Better.LOWER,
        "CHAOSS 3944",
        top_contributor_share,
        "credits of the most credited person ÷ credits, in a year",
        YEAR,
        words="share of the busiest person",
    ),
    Metric(
        "regular_committers",
        "Regular committers",
        "Who really carries it?",
        "count",
        Better.HIGHER,
        "own",
        regular_committers,
        "persons credited in at least 3 different calendar months (UTC) that overlap the year",
        YEAR,
        words="people who work on it regularly",
        limits="The month in which the year begins counts whole.",
    ),
    Metric(
        "work_left_share",
        "Work left share",
        "How much was done by people who are gone?",
        "ratio",
        Better.LOWER,
        "own",
        work_left_share,
        "credits of the last three years by persons without any contribution in 183 days ÷ all "
        "those credits; not where nobody has looked after it for a year",
        LEFT_WINDOW,
        needs=("git", "forge"),
        words="work of people who have left",
    ),
    Metric(
        "new_contributors",
        "New contributors",
        "Do new people come?",
        "count",
        Better.HIGHER,
        "CHAOSS 3613",
        new_contributors,
        "persons whose first contribution ever lies in the year",
        YEAR,
        needs=("git", "forge"),
        words="people who came",
    ),
    Metric(
        "contributor_retention",
        "Contributor retention",
        "Do people stay?",
        "ratio",
        Better.HIGHER,
        "CHAOSS conversion",
        contributor_retention,
        "persons active in the year and in the year before ÷ those active in the year before",
        2 * YEAR,
        needs=("git", "forge"),
        words="people who stayed",
    ),
    Metric(
        "active_maintainers",
        "Active maintainers",
        "How many people accept changes?",
        "count",
        Better.HIGHER,
        "CHAOSS 4736",
        active_maintainers,
        "persons who merged at least one change request in 183 days",
        HALF_YEAR,
        needs=("forge",),
        words="people who accept changes",
    ),
)
