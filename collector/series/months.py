"""From which month to which is a chart drawn? Months are counted from January 1970 (UTC)."""

from __future__ import annotations

import numpy as np

from collector.metrics.windows import month_of
from collector.model import Flags, Instant, Instants


def month(at: Instant) -> int:
    """The number of the calendar month of an instant."""
    return int(month_of(np.array([at]))[0])


def monthly(times: Instants, chosen: Flags, first: int, last: int) -> list[int]:
    """How many of the chosen instants lie in each month from ``first`` to ``last``?"""
    numbers = month_of(times[chosen]) - first
    within = numbers[(numbers >= 0) & (numbers <= last - first)]
    return [int(count) for count in np.bincount(within, minlength=last - first + 1)]
