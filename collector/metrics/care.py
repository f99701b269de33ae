"""Care: the signs that somebody looks after a project (METRICS.md, Status)."""

from __future__ import annotations

import numpy as np

from collector.metrics.delivered import delivered
from collector.metrics.items_view import insider_events
from collector.metrics.windows import human_arrivals, remembered_as_of
from collector.model import DAY, Activity, Instant, Instants


@remembered_as_of
def care_times(activity: Activity, as_of: Instant) -> Instants:
    """When was there care before ``as_of``, sorted?

    Human commits arriving, deliveries, and what insiders did on others' items.
    """
    arrivals = human_arrivals(activity)
    times = np.concatenate(
        (
            arrivals[: int(np.searchsorted(arrivals, as_of))],
            delivered(activity, as_of).time,
            insider_events(activity, as_of),
        )
    )
    times.sort()
    return times


@remembered_as_of
def days_without_care(activity: Activity, as_of: Instant) -> float | None:
    """For how many days has nobody looked after the project? None: nobody ever did."""
    times = care_times(activity, as_of)
    return (as_of - int(times[-1])) / DAY if times.size else None
