"""On whom does the project hang: which persons and which organisations carry it now?"""

from __future__ import annotations

import numpy as np

from collector.metric import YEAR, Part
from collector.metrics.employers import bodies, employer_of_credits
from collector.metrics.people import months_credited, regular
from collector.metrics.windows import before, between
from collector.model import Activity, Indices, Instant

MOST = 12
MOST_TRACES = 24


def holders(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Those who carry the year's work, and how much of it; None: nobody does.

    A person is told by the keyed hashes of their accounts, which is what joins them over
    projects, and by the organisation of their newest credit.
    """
    credits_ = activity.credits
    window = between(credits_.time, before(as_of, YEAR), as_of)
    there = credits_.arrival[window] < as_of
    person, employer = (
        column[window][there] for column in (credits_.person, employer_of_credits(activity))
    )
    if not person.size:
        return None
    amounts = np.bincount(person)
    often = regular(months_credited(activity, as_of))
    order = np.argsort(-amounts, kind="stable")
    told = [int(i) for i in order if amounts[i]][:MOST]
    newest = {int(who): int(where) for who, where in zip(person, employer, strict=True)}
    names = bodies(activity)
    persons: list[Part] = [
        {
            "traces": [*activity.traces[who][:MOST_TRACES]] if activity.traces else [],
            "credits": int(amounts[who]),
            "regular": bool(who < len(often) and often[who]),
            "organisation": names[newest[who]],
            "first": _first(activity, who),
        }
        for who in told
    ]
    return {
        "credits": int(amounts.sum()),
        "persons": int(np.count_nonzero(amounts)),
        "regular": int(np.count_nonzero(often)),
        "told": persons,
        "organisations": _organisations(activity, employer, often, newest),
    }


def _first(activity: Activity, who: int) -> Instant:
    """When was this person first credited?"""
    return int(activity.credits.time[activity.credits.person == who][0])


def _organisations(
    activity: Activity, employer: Indices, often: np.ndarray, newest: dict[int, int]
) -> dict[str, Part]:
    """Per organisation: credits, and how many of those who work on it regularly are its people."""
    counts = np.bincount(employer)
    found: dict[str, Part] = {}
    for number, name in enumerate(bodies(activity)):
        if number < len(counts) and counts[number]:
            own = sum(
                where == number and who < len(often) and bool(often[who])
                for who, where in newest.items()
            )
            found[name] = {"credits": int(counts[number]), "regular": own}
    return found
