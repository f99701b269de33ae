"""What is every section of the project page given, and what do they all do with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.metric import Part
from collector.metrics import BY_KEY
from collector.model import Instant
from dashboard.components import compare
from dashboard.components.explain import figure
from dashboard.components.html import Html, join, link, tag
from dashboard.data import Json, ProjectRow, StatusPoint, ValueRow
from dashboard.view import View


@dataclass(frozen=True, slots=True)
class Shown:
    """The project of the page, with what was already read of it. ``months``: 0 is all of them."""

    view: View
    row: ProjectRow
    values: Mapping[str, ValueRow]
    series: Mapping[str, Json]
    statuses: Sequence[StatusPoint]
    months: int

    @property
    def today(self) -> Instant:
        """Give the date of the figures."""
        return self.row.as_of or self.view.now

    def figures(self, keys: Sequence[str]) -> Html:
        """Show some figures, each with its explanation and what it was before."""
        metrics = [BY_KEY[key] for key in keys]
        dates = compare.dates(self.today, list(BY_KEY.values()))
        earlier = compare.by_date(self.view.source.history_at(self.row.id, dates))
        translator = self.view.translator
        shown = [
            figure(
                metric,
                self.values.get(metric.key),
                translator,
                join(
                    compare.before(metric, earlier, self.today, translator),
                    tag("p", self.records(metric.key), cls="ov-small ov-links"),
                ),
            )
            for metric in metrics
        ]
        return tag("div", *shown, cls="ov-figures")

    def records(self, key: str) -> Html:
        """Lead to the records behind a figure."""
        href = self.view.project(self.row.key, m=key)
        return link(self.view.translator.text("What was found"), href)


def numbers(given: Part) -> list[float]:
    """Give the numbers of a stored list; what is none counts as nothing."""
    found = given if isinstance(given, list) else []
    return [float(each) if isinstance(each, int | float) else 0.0 for each in found]


def whole(given: Part) -> int:
    """Give a stored whole number."""
    return int(given) if isinstance(given, int | float) else 0


def objects(given: Part) -> list[dict[str, Part]]:
    """Give the objects of a stored list."""
    found = given if isinstance(given, list) else []
    return [each for each in found if isinstance(each, dict)]
