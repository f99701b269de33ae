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

METRICS: tuple[Metric, ...] = (
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
"""Every metric, in the order of METRICS.md."""

BY_KEY = {metric.key: metric for metric in METRICS}
