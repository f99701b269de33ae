"""For whom a person worked when they contributed: dated affiliations laid over records."""

from __future__ import annotations

from collections import Counter
from typing import cast

import numpy as np

from collector.metrics.agreements import own_team
from collector.metrics.windows import before, between, contributions, remembered
from collector.model import Activity, Indices, Instant, Instants

UNKNOWN = 0
"""Number of the organisation nobody knows; the others count from 1."""


@remembered
def bodies(activity: Activity) -> tuple[str, ...]:
    """The organisations that anybody here ever worked for; the unknown one is ``""``."""
    return ("", *sorted({affiliation.organisation for affiliation in activity.affiliations}))


@remembered
def suppliers(activity: Activity) -> frozenset[str]:
    """Organisations that are suppliers: called so, or named in a contract that is not in-house."""
    project = activity.project
    called = {body for body, kind in project.organisations.items() if kind == "supplier"}
    hired = {one.party for one in project.contracts if not own_team(activity, one)}
    return frozenset(called | hired)


def credits_by_organisation(activity: Activity, as_of: Instant, days: int) -> Counter[str]:
    """How many credits does each organisation hold? Unattributed ones stand under ``""``."""
    credits_ = activity.credits
    window = between(credits_.time, before(as_of, days), as_of)
    there = credits_.arrival[window] < as_of
    return _count(activity, employer_of_credits(activity)[window][there])


def organisations_active(activity: Activity, as_of: Instant, days: int) -> frozenset[str]:
    """Which organisations contributed anything?"""
    everything = contributions(activity)
    window = between(everything.time, before(as_of, days), as_of)
    there = everything.known[window] < as_of
    return frozenset(_count(activity, _employer_of_contributions(activity)[window][there])) - {""}


def _count(activity: Activity, employers: Indices) -> Counter[str]:
    counts = np.bincount(employers, minlength=1)
    names = bodies(activity)
    return Counter({names[i]: int(counts[i]) for i in np.flatnonzero(counts)})


@remembered
def employer_of_credits(activity: Activity) -> Indices:
    """The number (in ``bodies``) of the organisation behind each credit, when it was earned."""
    return _employers(activity, activity.credits.person, activity.credits.time)


@remembered
def _employer_of_contributions(activity: Activity) -> Indices:
    everything = contributions(activity)
    return _employers(activity, everything.person, everything.time)


def _employers(activity: Activity, person: Indices, time: Instants) -> Indices:
    """Lay affiliations over the rows, the surest last: mail, then configuration as it stands."""
    number = {name: i for i, name in enumerate(bodies(activity))}
    employer = np.full(len(person), UNKNOWN, dtype=np.int32)
    order = np.argsort(person, kind="stable")  # time stays sorted within a person
    sorted_person, sorted_time = person[order], time[order]
    laid = sorted(activity.affiliations, key=lambda affiliation: affiliation.source != "mail")
    for affiliation in laid:
        own = between(sorted_person.astype(np.int64), affiliation.person, affiliation.person + 1)
        times = sorted_time[own]
        since, until = affiliation.span.since, affiliation.span.until
        first = own.start + (0 if since is None else int(np.searchsorted(times, since)))
        last = own.stop if until is None else own.start + int(np.searchsorted(times, until))
        employer[order[first:last]] = number[affiliation.organisation]
    return cast("Indices", employer)
