"""How is a figure drawn? One way: themed, with a sentence that says it and a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from dashboard.charts.locale import locale
from dashboard.components.html import join, link, tag
from dashboard.components.tables import table
from dashboard.theme import Palette
from dashboard.view import View, show

Rows = Sequence[Sequence[object]]
FONT = "Source Sans, sans-serif"
"""Without quotes: between them the names are not understood where charts are printed."""
MOST_MARKS = 2000
VALIDATED = False
"""Tests check every chart against the schema; readers do not wait for it."""


def themed(chart: Any, colours: Palette, language: str) -> Any:
    """Give a chart our colours, every label and line explicitly, and the reader's numbers."""
    axis: dict[str, Any] = {
        "labelColor": colours.muted,
        "titleColor": colours.muted,
        "gridColor": colours.line,
        "gridOpacity": 0.6,
        "domainColor": colours.line,
        "tickColor": colours.line,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    legend: dict[str, Any] = {
        "labelColor": colours.text,
        "titleColor": colours.muted,
        "labelFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "bottom",
        "labelLimit": 260,
        "columns": {"expr": "width < 420 ? 1 : width < 640 ? 2 : 4"},
    }
    return chart.configure(  # once: each call builds the whole chart again
        background="transparent",
        font=FONT,
        aria=False,  # the sentence speaks
        locale=locale(language),
        mark={"aria": False},
        view={"stroke": None},
        axis=axis,
        legend=legend,
        text={"color": colours.text, "fontSize": 12},
        rule={"color": colours.muted},
        title={"color": colours.text, "anchor": "start", "fontSize": 14},
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """The same data as the chart's, as a table; the first column is each row's header.

    ``n``: on how many of what it rests (a unit of ``UNITS``).
    """

    headers: Sequence[str]
    rows: Rows
    n: tuple[float, str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart before it is shown on a page or printed in a document.

    ``chart``: not yet themed. ``said``: the sentence that says it. ``about``: how it is to be
    read. ``metric``: whose definition explains it. ``least``: how low, in pixels, it may become.
    """

    chart: Any
    said: str
    numbers: Numbers
    about: str = ""
    metric: str = ""
    least: float = 0


def show_chart(view: View, drawn: Drawing) -> None:
    """Draw a chart, say it in a sentence, and offer its numbers and its definition."""
    _ = view.translator.text
    spec = themed(drawn.chart, view.palette, view.translator.language).to_dict(validate=VALIDATED)
    st.vega_lite_chart(spec=within(spec), theme=None, width="stretch", alt=drawn.said)
    headers, rows = drawn.numbers.headers, drawn.numbers.rows
    numeric = list(range(1, len(headers)))
    listed = tag(
        "details",
        tag("summary", _("Show as table")),
        table(drawn.said, headers, rows, numeric=numeric, stacked=False),
    )
    more = [tag("span", each) for each in explained(view, drawn)]
    if drawn.metric:
        more.append(tag("span", link(_("How is this counted?"), f"method?m={drawn.metric}")))
    show(
        tag("p", drawn.said, cls="ov-said"),
        tag("p", join(*more, between=" "), cls="ov-why") if more else "",
        listed,
    )


def within(spec: dict[str, Any]) -> dict[str, Any]:
    """Put a chart's data where it is drawn from: into its layers.

    Data that stands at the top Streamlit makes into tables first, and loads pandas for it: seventy
    megabytes that nothing else of ours needs.
    """
    whole = {key: spec[key] for key in _WHOLE if key in spec}
    drawn = {key: part for key, part in spec.items() if key not in (*_WHOLE, "datasets")}
    return {**whole, "layer": [_filled(drawn, spec.get("datasets", {}))]}


_WHOLE = ("$schema", "autosize", "config", "height", "width")
"""What is said once of a whole chart."""


def _filled(spec: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    made = dict(spec)
    if "name" in spec.get("data", {}):
        made["data"] = {"values": named[spec["data"]["name"]]}
    if "layer" in spec:
        made["layer"] = [_filled(layer, named) for layer in spec["layer"]]
    return made


def explained(view: View, drawn: Drawing) -> Iterator[str]:
    """How is it to be read, on how much does it rest, and of which day is it?"""
    _, translator = view.translator.text, view.translator
    n, unit = drawn.numbers.n
    if drawn.about:
        yield drawn.about
    yield _("Based on: {cases}.", cases=translator.count(n, unit))
    day = view.past or view.source.collected()[2]
    if day:
        yield f"{_('Data as of {day}', day=translator.day(day))}."


def by_rows(chart: Any, each: int, rows: int) -> Any:
    """Give a chart as much height as its rows need, ``each`` so many pixels.

    Told in pixels, not as a step: Vega warns of a step in every chart that is fitted to its width.
    """
    fitted = alt.AutoSizeParams(type="fit-x", contains="padding")
    return chart.properties(height=each * max(rows, 1), autosize=fitted)


class _Shared(alt.InlineData):
    """Data that all steps of making a chart share: each step copies everything else."""

    def __deepcopy__(self, _memo: object) -> _Shared:
        return self


def frame(**columns: Sequence[object]) -> alt.InlineData:
    """Make a chart's data out of columns, without a data frame between."""
    names = list(columns)
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return _Shared(values=rows)
