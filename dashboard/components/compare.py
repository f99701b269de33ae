"""How was it before? The period before, and the same season a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.metric import Metric
from collector.metrics.windows import month_start
from collector.model import Instant
from collector.series.months import month
from dashboard.components.explain import amount
from dashboard.components.html import Html, tag
from dashboard.data import Point
from dashboard.i18n import Translator

YEAR = 12
PER_MONTH = 30
Earlier = Mapping[tuple[str, Instant], Point]


def months_back(metric: Metric) -> int:
    """Count the months to the period before: as long as the window, at least one."""
    return max(1, min(YEAR, round((metric.window or PER_MONTH) / PER_MONTH)))


def date_back(today: Instant, months: int) -> Instant:
    """Give the start of the month so many months before."""
    return month_start(month(today) - months)


def dates(today: Instant, metrics: Sequence[Metric]) -> tuple[Instant, ...]:
    """List the dates at which these metrics are compared."""
    return tuple(sorted({date_back(today, n) for n in (YEAR, *map(months_back, metrics))}))


def by_date(points: Sequence[Point]) -> Earlier:
    """Arrange points so that they can be looked up."""
    return {(point.metric, point.as_of): point for point in points}


def before(metric: Metric, earlier: Earlier, today: Instant, translator: Translator) -> Html:
    """Say the values before; nothing where none is known."""
    said = told(metric, earlier, today, translator)
    return tag("div", " · ".join(said), cls="ov-before") if said else Html("")


def told(metric: Metric, earlier: Earlier, today: Instant, translator: Translator) -> list[str]:
    """List the values before, each with its month: of a year and of the period before."""
    found = []
    for back in sorted({months_back(metric), YEAR}):
        point = earlier.get((metric.key, date_back(today, back)))
        if point is not None and point.value is not None:
            said = amount(point.value, metric.unit, translator, point.n)
            found.append(
                translator.text("{month}: {value}", month=translator.month(point.as_of), value=said)
            )
    return found
