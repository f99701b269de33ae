"""What a sample of durations says: median and p90, by linear interpolation (C8)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from collector.metric import Part, State, Value, not_applicable
from collector.model import Phrase


def quantile(ordered: NDArray[np.float64], share: float) -> float:
    """Which value has this share of the sorted sample below it? numpy's default, but quick."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def durations(
    seconds: NDArray[np.int64], unit: float, empty: str, parts: Mapping[str, Part] | None = None
) -> Value:
    """The median of durations in units of so many seconds, with p90 and n; n/a if none (C8)."""
    named = parts or {}
    if not len(seconds):
        return Value(None, State.NOT_APPLICABLE, Phrase(empty), n=0, parts=named)
    ordered = np.sort(seconds) / unit
    return Value(quantile(ordered, 0.5), n=len(ordered), p90=quantile(ordered, 0.9), parts=named)


def ratio(part: int, whole: int, empty: str, parts: Mapping[str, Part] | None = None) -> Value:
    """Part ÷ whole with both beside it; n/a with this reason where the whole is nothing."""
    named = parts or {}
    if not whole:
        missing = not_applicable(empty)
        return Value(None, missing.state, missing.reason, n=0, parts=named)
    return Value(part / whole, n=whole, parts=named)
