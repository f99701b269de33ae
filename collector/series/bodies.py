"""Which organisations did the work, year by year?"""

from __future__ import annotations

from collector.metric import YEAR, Part
from collector.metrics.employers import credits_by_organisation
from collector.metrics.windows import before
from collector.model import Activity, Instant

YEARS = 6
UNKNOWN = ""


def bodies(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Credits of each year before ``as_of`` by organisation, newest first; None: no credits.

    Work whose organisation nobody knows stands under the empty name.
    """
    years: list[Part] = []
    for back in range(YEARS):
        until = before(as_of, back * YEAR)
        held = credits_by_organisation(activity, until, YEAR)
        if held:
            counts: dict[str, Part] = dict(sorted(held.items()))
            years.append({"until": until, "credits": counts})
    return {"years": years} if years else None
