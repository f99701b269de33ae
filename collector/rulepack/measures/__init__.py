"""What rule packs read beside the metrics: one file per family, each a row like a metric's.

They are no metrics of METRICS.md: they exist because an official checklist asks for them, and
nothing but a rule pack judges by them.
"""

from collector.metric import Metric
from collector.rulepack.measures import (
    answers,
    declarations,
    files,
    half_year,
    places,
    scorecard,
)

MEASURES: tuple[Metric, ...] = (
    *half_year.MEASURES,
    *answers.MEASURES,
    *scorecard.MEASURES,
    *files.MEASURES,
    *declarations.MEASURES,
    *places.MEASURES,
)
"""Every measure of the rule packs."""

BY_KEY = {measure.key: measure for measure in MEASURES}
