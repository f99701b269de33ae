"""The metrics: one file per family of METRICS.md."""

from collector.metric import Metric
from collector.metrics import (
    continuity,
    deliveries,
    flow,
    forks,
    openness,
    organisations,
    participation,
    people,
    quality,
    work,
)
from collector.metrics.remembering import remembering

_PLAIN: tuple[Metric, ...] = (
    *work.METRICS,
    *flow.METRICS,
    *people.METRICS,
    *organisations.METRICS,
    *participation.METRICS,
    *deliveries.METRICS,
    *openness.METRICS,
    *continuity.METRICS,
    *forks.METRICS,
    *quality.METRICS,
)

METRICS: tuple[Metric, ...] = tuple(remembering(metric) for metric in _PLAIN)
"""Every metric, in the order of METRICS.md."""

BY_KEY = {metric.key: metric for metric in METRICS}
