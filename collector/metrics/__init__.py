"""The metrics: one file per family of METRICS.md."""

from collector.metric import Metric
from collector.metrics import flow

METRICS: tuple[Metric, ...] = (*flow.METRICS,)
"""Every metric, in the order of METRICS.md."""

BY_KEY = {metric.key: metric for metric in METRICS}
