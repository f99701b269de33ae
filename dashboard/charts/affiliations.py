"""Which organisations did the work, year by year?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, by_rows, frame
from dashboard.components.html import plain
from dashboard.i18n import N_, Translator
from dashboard.view import View

ENOUGH = 0.6
"""Below so much known work shares say more of our knowledge than of the project."""
NAMED = 4
OTHERS, UNKNOWN = N_("others"), N_("not known")


@dataclass(frozen=True, slots=True)
class Year:
    """Credits of the year before ``until``, by organisation; the unknown one is ``""``."""

    until: int
    credits: Mapping[str, float]

    @property
    def known(self) -> float:
        """Give the share of the work whose organisation is known."""
        total = sum(self.credits.values())
        return 1 - self.credits.get("", 0) / total if total else 0.0


def affiliation_bars(view: View, years: Sequence[Year]) -> Drawing | None:
    """Draw shares by year, newest last; None below the coverage."""
    drawn = [year for year in years if year.known >= ENOUGH]
    if not drawn or drawn[0].until != years[0].until:
        return None
    _, translator = view.translator.text, view.translator
    names = largest(drawn)
    said = affiliation_words(drawn, translator)
    headers = [_("Year until"), *(plain(name, 40) for name in names), _(OTHERS), _(UNKNOWN)]
    table = [
        [
            translator.month(year.until),
            *(translator.percent(share) for share in _shares(year, names)),
        ]
        for year in drawn
    ]
    about = _("Credits for commits by the organisation their authors worked for at the time.")
    chart = _chart(view, drawn, names)
    credits = sum(sum(year.credits.values()) for year in drawn)
    numbers = Numbers(headers, table, (credits, "commits"))
    return Drawing(chart, said, numbers, about=about, metric="owner_share")


def largest(years: Sequence[Year]) -> list[str]:
    """Name the organisations with most of the work over all years."""
    sums: dict[str, float] = {}
    for year in years:
        for name, amount in year.credits.items():
            if name:
                sums[name] = sums.get(name, 0) + amount
    return sorted(sums, key=lambda name: (-sums[name], name))[:NAMED]


def _shares(year: Year, names: Sequence[str]) -> list[float]:
    total = sum(year.credits.values())
    named = [year.credits.get(name, 0) / total for name in names]
    unknown = year.credits.get("", 0) / total
    return [*named, max(0.0, 1 - sum(named) - unknown), unknown]


def affiliation_words(years: Sequence[Year], translator: Translator) -> str:
    """Say who did most in the newest year, and how much is known."""
    newest = years[0]
    known = {name: amount for name, amount in newest.credits.items() if name}
    first = max(known, key=lambda name: (known[name], name))
    said = translator.text(
        "{name} did {share} of the work of the last year; of {known} of it the organisation is "
        "known.",
        name=plain(first, 60),
        share=translator.percent(known[first] / sum(newest.credits.values())),
        known=translator.percent(newest.known),
    )
    if len(years) < 2:
        return said
    before = years[1].credits.get(first, 0) / sum(years[1].credits.values())
    return f"{said} " + translator.text(
        "In the year before it did {share}.", share=translator.percent(before)
    )


def _chart(view: View, years: Sequence[Year], names: Sequence[str]) -> Any:
    _, colours = view.translator.text, view.palette
    shown = [*(plain(name, 28) for name in names), _(OTHERS), _(UNKNOWN)]
    rows = [
        (view.translator.month(year.until), name, place, share)
        for year in years
        for place, (name, share) in enumerate(zip(shown, _shares(year, names), strict=True))
        if share > 0
    ]
    data = frame(
        year=[row[0] for row in rows],
        body=[row[1] for row in rows],
        order=[row[2] for row in rows],
        share=[round(row[3], 4) for row in rows],
    )
    palette = [*colours.categories[: len(names)], colours.statuses["unknown"], colours.line]
    there = [any(row[1] == name for row in rows) for name in shown]
    palette = [colour for colour, is_there in zip(palette, there, strict=True) if is_there]
    shown = [name for name, is_there in zip(shown, there, strict=True) if is_there]
    base = alt.Chart(data)
    bars = base.mark_bar(stroke=colours.background, strokeWidth=1).encode(
        x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5)),
        y=alt.Y(
            "year:N",
            title=None,
            sort=[view.translator.month(year.until) for year in years],
            axis=alt.Axis(domain=False, ticks=False),
        ),
        color=alt.Color(
            "body:N",
            sort=shown,
            scale=alt.Scale(domain=shown, range=palette),
            legend=alt.Legend(title=None),
        ),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("body:N", title=None),
            alt.Tooltip("year:N", title=None),
            alt.Tooltip("share:Q", format=".0%", title=None),
        ],
    )
    return by_rows(bars, 38, len(years))
