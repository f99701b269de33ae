"""Of those who came in one year, how many were there in the years after?"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from collector.metric import Part
from collector.metrics.windows import contributions
from collector.model import Activity, Instant

ENOUGH = 20
"""Below so many people a cohort says more of single persons than of the project."""
YEARS = 8


def cohorts(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """People by calendar year of their first contribution, and how many came back each year.

    None: fewer than ``ENOUGH`` people came in the years that are told.
    """
    everything = contributions(activity)
    there = (everything.known < as_of) & (everything.time < as_of)
    person, time = everything.person[there], everything.time[there]
    if not person.size:
        return None
    year = time.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    first = np.full(int(person.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, person, year)
    last = datetime.fromtimestamp(as_of - 1, UTC).year
    pairs = np.unique(np.stack((person, year)), axis=1)
    rows = [
        _row(first, pairs, begun, last)
        for begun in range(max(int(year.min()), last - YEARS + 1), last + 1)
    ]
    told: list[Part] = [row for row, came in rows if came]
    return {"cohorts": told} if sum(came for _row, came in rows) >= ENOUGH else None


def _row(
    first: np.ndarray, pairs: np.ndarray, begun: int, last: int
) -> tuple[dict[str, Part], int]:
    person, year = pairs
    own = first[person] == begun
    stayed = [int(np.count_nonzero(own & (year == later))) for later in range(begun, last + 1)]
    return {"year": begun, "people": [*stayed]}, stayed[0]
