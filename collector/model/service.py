"""What a service's own figures say: one row of a file of outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from collector.model.records import Instant


@dataclass(frozen=True, slots=True)
class ServiceFigure:
    """The value of an indicator of a service on a day.

    ``n``: sample size, where there is one. ``responsible``: who answers for the figure; empty
    where the file does not say. After ``stale_after_days`` it is to be renewed.
    """

    indicator: str
    at: Instant
    value: float
    unit: str
    source: str
    responsible: str
    stale_after_days: int
    n: int | None = None
