"""How is the work spread over people: how many does one need for half of it?"""

from __future__ import annotations

from collector.metric import YEAR, Part
from collector.metrics.windows import credits_per_person
from collector.model import Activity, Instant

MOST = 60


def ownership(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Credits of each person of the year, most first, without saying who; None: nobody.

    Beyond the first so many persons only their number and sum are kept.
    """
    amounts = credits_per_person(activity, as_of, YEAR)
    if not amounts.size:
        return None
    told = [int(amount) for amount in amounts[:MOST]]
    return {
        "credits": [*told],
        "total": int(amounts.sum()),
        "persons": int(amounts.size),
    }
