"""Is the service used, and does it work for people? An indicator beside what was delivered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import altair as alt

from collector.model import Instant, ServiceFigure
from dashboard.charts import MOST_MARKS, Drawing, Numbers, frame
from dashboard.charts.dates import across, iso
from dashboard.charts.timeline import Mark
from dashboard.components.html import plain
from dashboard.i18n import N_, Translator
from dashboard.view import View

INDICATORS = {
    "service_users": N_("people who use the service"),
    "service_visits": N_("visits"),
    "service_transactions": N_("transactions"),
    "service_digital_share": N_("share of transactions done online"),
    "service_uptake": N_("share of those entitled who use it"),
    "service_satisfaction": N_("satisfaction"),
    "service_completion": N_("share of those who finish what they begin"),
    "service_cost": N_("cost"),
}

SCALE = re.compile(r"\d{1,3}-\d{1,3}", re.ASCII)
"""The unit of an answer on a scale, such as 1-5."""


def name(indicator: str, translator: Translator) -> str:
    """Say an indicator; one of the project's own is said as it calls it."""
    known = INDICATORS.get(indicator)
    return translator.text(known) if known else plain(indicator.replace("_", " "), 60)


def outcome_line(view: View, figures: Sequence[ServiceFigure], marks: Sequence[Mark]) -> Drawing:
    """Draw one indicator, with a stroke for each delivery and a diamond for each decision."""
    _, translator = view.translator.text, view.translator
    said = outcome_words(figures, translator)
    headers = [_("Date"), name(figures[0].indicator, translator), _("Cases"), _("Source")]
    table = [
        [
            translator.day(one.at),
            value(one, translator),
            "–" if one.n is None else translator.number(one.n, 0),
            plain(one.source, 80),
        ]
        for one in reversed(figures)
    ]
    since = figures[0].at
    shown = [
        mark
        for mark in marks
        if mark.at >= since and mark.lane in ("release", "deployment", "decision")
    ]
    newest = figures[-1]
    about = _(
        "Strokes: deliveries; diamonds: decisions. Source: {source}.",
        source=plain(newest.source, 120),
    )
    if newest.responsible:
        about += " " + _("{who} answers for it.", who=plain(newest.responsible, 80))
    cases = sum(one.n or 1 for one in figures)  # a figure without a number of cases is one
    numbers = Numbers(headers, table, (cases, "cases"))
    return Drawing(_chart(view, figures, shown), said, numbers, about=about)


def value(one: ServiceFigure, translator: Translator) -> str:
    """Say a value in its unit."""
    if one.unit == "ratio":
        return translator.percent(one.value)
    if SCALE.fullmatch(one.unit):
        told = {"value": translator.number(one.value), "scale": one.unit.replace("-", "–")}
        return translator.text("{value} on a scale of {scale}", **told)
    unit = "" if one.unit in ("", "count") else f" {plain(one.unit, 20)}"
    return translator.number(one.value) + unit


def outcome_words(figures: Sequence[ServiceFigure], translator: Translator) -> str:
    """Say the newest value, that of a year before, and the first."""
    last = figures[-1]
    said = translator.text(
        "{name}: {value} on {day}.",
        name=name(last.indicator, translator),
        value=value(last, translator),
        day=translator.day(last.at),
    )
    earlier = [one for one in figures if one.at <= last.at - 350 * 86_400] or list(figures[:1])
    before = earlier[-1]
    if before is not last:
        day = translator.day(before.at)
        said += " " + translator.text(
            "On {day}: {value}.", day=day, value=value(before, translator)
        )
    return f"{said[:1].upper()}{said[1:]}"


def stale(figures: Sequence[ServiceFigure], today: Instant) -> bool:
    """Tell whether the newest figure is older than it may be."""
    return today - figures[-1].at > figures[-1].stale_after_days * 86_400


def _chart(view: View, figures: Sequence[ServiceFigure], marks: Sequence[Mark]) -> Any:
    colours = view.palette
    own = figures[-MOST_MARKS:]
    data = frame(
        at=[iso(one.at) for one in own],
        value=[one.value for one in own],
        said=[value(one, view.translator) for one in own],
    )
    x = across("at")
    percent = own[-1].unit == "ratio"
    axis = alt.Axis(tickCount=4, format="%") if percent else alt.Axis(tickCount=4)
    up = alt.Y("value:Q", title=None, axis=axis, scale=_scale(own[-1].unit))
    tooltip = [alt.Tooltip("said:N", title=None)]
    point = alt.OverlayMarkDef(size=40, color=colours.primary)
    line = (
        alt.Chart(data, height=190)
        .mark_line(color=colours.primary, strokeWidth=2.2, point=point)
        .encode(x=x, y=up, tooltip=tooltip)
    )
    layers = []
    if delivered := [mark for mark in marks if mark.lane != "decision"]:
        strokes = _marks(delivered).mark_rule(color=colours.line, strokeWidth=2)
        layers.append(strokes.encode(x=x, tooltip=tooltip))
    layers.append(line)
    if decided := [mark for mark in marks if mark.lane == "decision"]:
        diamonds = _marks(decided).mark_point(
            shape="diamond", filled=True, size=110, color=colours.text, opacity=1
        )
        layers.append(diamonds.encode(x=x, y=alt.value(8), tooltip=tooltip))
    return alt.layer(*layers)


def _scale(unit: str) -> Any:
    """From 0 on, or as long as the scale on which people answered."""
    if not SCALE.fullmatch(unit):
        return alt.Scale(zero=True)
    return alt.Scale(domain=[float(end) for end in unit.split("-")])


def _marks(marks: Sequence[Mark]) -> Any:
    return alt.Chart(frame(at=[iso(one.at) for one in marks], said=[one.said for one in marks]))
