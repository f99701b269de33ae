"""How long did people wait for a first answer: the quick, the usual, the slow ones?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, frame
from dashboard.charts.dates import across, iso
from dashboard.charts.history import when
from dashboard.components.explain import amount
from dashboard.i18n import Translator
from dashboard.view import View

PER_DAY = 24
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Wait:
    """What those waited who asked in the 90 days before a date, in hours."""

    at: int
    quick: float
    usual: float
    slow: float
    n: int


def waiting_band(view: View, waits: Sequence[Wait]) -> Drawing:
    """Draw the band from the quick quarter to the slow tenth, with the median in it."""
    _, translator = view.translator.text, view.translator
    said = waiting_words(waits, translator)
    headers = [_("Date"), _("A quarter waited at most"), _("Half"), _("Nine in ten"), _("Cases")]
    table = [
        [
            when(wait.at, translator),
            *(amount(hours, "hours", translator) for hours in (wait.quick, wait.usual, wait.slow)),
            translator.number(wait.n, 0),
        ]
        for wait in reversed(waits)
    ]
    about = _(
        "Each point looks at who asked in the 90 days before it; those still waiting count with "
        "their wait so far. Hollow points: fewer than 5 cases."
    )
    chart = _chart(view, waits)
    numbers = Numbers(headers, table, (waits[-1].n, "cases"))
    return Drawing(chart, said, numbers, about=about, metric="first_answer_wait")


def waiting_words(waits: Sequence[Wait], translator: Translator) -> str:
    """Say the newest wait, that of a year before, and that of the slow tenth."""
    last = waits[-1]
    said = translator.plural(
        "Half of those who asked ({n} case) had an answer within {usual}, nine in ten within "
        "{slow}.",
        "Half of those who asked ({n} cases) had an answer within {usual}, nine in ten within "
        "{slow}.",
        last.n,
        usual=amount(last.usual, "hours", translator),
        slow=amount(last.slow, "hours", translator),
    )
    earlier = [wait for wait in waits if wait.at <= last.at - 360 * 86_400]
    if not earlier:
        return said
    before = earlier[-1]
    return f"{said} " + translator.text(
        "A year before ({month}) half had one within {usual}.",
        month=translator.month(before.at),
        usual=amount(before.usual, "hours", translator),
    )


def _chart(view: View, waits: Sequence[Wait]) -> Any:
    _, colours = view.translator.text, view.palette
    data = frame(
        at=[iso(wait.at) for wait in waits],
        quick=[round(wait.quick / PER_DAY, 2) for wait in waits],
        usual=[round(wait.usual / PER_DAY, 2) for wait in waits],
        slow=[round(wait.slow / PER_DAY, 2) for wait in waits],
        n=[wait.n for wait in waits],
    )
    x = across("at")
    up = alt.Y("usual:Q", title=_("days"), axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("usual:Q", title=_("half, days")),
        alt.Tooltip("slow:Q", title=_("nine in ten, days")),
        alt.Tooltip("n:Q", title=_("cases")),
    ]
    base = alt.Chart(data, height=240).encode(x=x)
    band = base.mark_area(color=colours.primary, opacity=0.16).encode(
        y=alt.Y("quick:Q", title=_("days")), y2=alt.Y2("slow:Q")
    )
    line = base.mark_line(color=colours.primary, strokeWidth=2.2).encode(y=up)
    few = alt.condition(
        f"datum.n < {ENOUGH}", alt.value(colours.background), alt.value(colours.primary)
    )
    points = base.mark_point(
        filled=True, size=42, stroke=colours.primary, strokeWidth=1.5, opacity=1
    ).encode(y=up, fill=few, tooltip=tooltip)
    return band + line + points
