"""Who belonged to a project at a time (C10)? All other humans are outsiders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from collector.metric import TWO_YEARS
from collector.model import DAY, Activity, Flags, Indices, Instant, Instants

_PERSON = 2**40
"""A person and a time fit in one sortable number: times are below this."""


def insiders_at(
    activity: Activity,
    merges: tuple[Indices, Instants],
    person: Indices,
    at: Instants,
) -> Flags:
    """Was each person an insider at the time beside it?

    ``merges``: who merged someone else's change request, and when. A merge counts from its own
    instant on: who merges shows by it that they may.
    """
    inside = merged_recently(merges, person, at)
    inside |= np.isin(person, np.array(sorted(activity.project.maintainers), dtype=np.int32))
    for who, since, until in _affiliated(activity):
        inside |= (person == who) & (at >= since) & (at < until)
    return inside


def merged_recently(merges: tuple[Indices, Instants], person: Indices, at: Instants) -> Flags:
    """Did each person merge someone else's change request in the 730 days up to this time?"""
    keys = np.sort(merges[0].astype(np.int64) * _PERSON + merges[1])
    if not len(keys):
        return np.zeros(len(person), dtype=np.bool_)
    asked = person.astype(np.int64) * _PERSON + at
    place = np.searchsorted(keys, asked, side="right") - 1
    return (place >= 0) & (keys[place] >= asked - TWO_YEARS * DAY)


def _affiliated(activity: Activity) -> Iterator[tuple[int, Instant, Instant]]:
    """Who worked for the owner or for a supplier under contract, and from when until when?"""
    project = activity.project
    for affiliation in activity.affiliations:
        since, until = _bounds(affiliation.span.since, affiliation.span.until)
        if affiliation.organisation == project.owner:
            yield affiliation.person, since, until
        for contract in project.contracts:
            if contract.party == affiliation.organisation:
                start, end = _bounds(contract.span.since, contract.span.until)
                yield affiliation.person, max(since, start), min(until, end)


def _bounds(since: Instant | None, until: Instant | None) -> tuple[Instant, Instant]:
    return (0 if since is None else since, _PERSON if until is None else until)
