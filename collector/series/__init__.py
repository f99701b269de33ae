"""What charts show that no single metric says: one question per file. This is the list.

Each is computed with the metrics, stored whole as JSON for its project, and only read by pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from collector.metric import Part
from collector.model import Activity, Instant
from collector.series.ages import ages
from collector.series.bodies import bodies
from collector.series.cohorts import cohorts
from collector.series.flow import flow
from collector.series.holders import holders
from collector.series.ownership import ownership
from collector.series.waiting import waiting
from collector.series.work import work

Drawn = dict[str, Part]


@dataclass(frozen=True, slots=True)
class Series:
    """What one chart is drawn from. ``people``: it tells of single persons, if not by name."""

    key: str
    compute: Callable[[Activity, Instant], Drawn | None]
    people: bool = False


SERIES = (
    Series("work", work),
    Series("flow", flow),
    Series("waiting", waiting),
    Series("ages", ages),
    Series("bodies", bodies),
    Series("ownership", ownership, people=True),
    Series("cohorts", cohorts, people=True),
    Series("holders", holders, people=True),
)


def drawn(activity: Activity, as_of: Instant) -> dict[str, Drawn]:
    """Everything that charts of one project need; what cannot be said is left out."""
    found = {series.key: series.compute(activity, as_of) for series in SERIES}
    return {key: data for key, data in found.items() if data is not None}


__all__ = ["SERIES", "Drawn", "Series", "drawn"]
