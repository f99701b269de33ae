"""How much was done month by month, and how much in the same month a year before?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, frame
from dashboard.charts.dates import across, dips, iso, month_start
from dashboard.i18n import Translator
from dashboard.view import View

YEAR = 12
MOST_STROKES = 48
"""Beyond so many months the strokes of the year before would hide the columns."""


def work_columns(view: View, first: int, counts: Sequence[float], months: int) -> Drawing:
    """Draw the newest months as columns, each with a stroke for a year before."""
    _, translator = view.translator.text, view.translator
    shown = min(len(counts), months) if months else len(counts)
    begun = first + len(counts) - shown
    rows = [(number, *_pair(first, counts, number)) for number in range(begun, begun + shown)]
    said = work_words(first, counts, translator)
    headers = [_("Month"), _("commits"), _("a year before")]
    table = [
        [translator.month(month_start(number)), _whole(now, translator), _whole(then, translator)]
        for number, now, then in reversed(rows)
    ]
    about = _("Commits by people, merges left out. Grey: the usual pauses of summer and new year.")
    if view.past is None:
        about += " " + _("The newest month is not over.")
    if shown <= MOST_STROKES:
        about += " " + _("The stroke marks the same month a year before.")
    return Drawing(
        _chart(view, rows),
        said,
        Numbers(headers, table, (sum(counts[len(counts) - shown :]), "commits")),
        about=about,
        metric="commits",
    )


def _pair(first: int, counts: Sequence[float], number: int) -> tuple[float, float | None]:
    before = number - first - YEAR
    return counts[number - first], counts[before] if before >= 0 else None


def _whole(value: float | None, translator: Translator) -> str:
    return "–" if value is None else translator.number(value, 0)


def work_words(first: int, counts: Sequence[float], translator: Translator) -> str:
    """Say how much was done in a year, in the year before, and when most was."""
    year, before = sum(counts[-YEAR:]), sum(counts[-2 * YEAR : -YEAR])
    most = max(range(max(0, len(counts) - YEAR), len(counts)), key=lambda index: counts[index])
    _, ngettext = translator.text, translator.plural
    said = [
        ngettext(
            "{n} commit in the last 12 months.", "{n} commits in the last 12 months.", round(year)
        )
    ]
    if year:
        number, month = translator.number(counts[most], 0), month_start(first + most)
        said.append(
            _("Most of them ({most}) in {month}.", most=number, month=translator.month(month))
        )
    if len(counts) > YEAR:
        before_said = translator.number(before, 0)
        said.append(_("In the 12 months before there were {before}.", before=before_said))
    return " ".join(said)


def _chart(view: View, rows: Sequence[tuple[int, float, float | None]]) -> Any:
    _, colours = view.translator.text, view.palette
    since, until = month_start(rows[0][0]), month_start(rows[-1][0] + 1)
    x = across("month")
    data = frame(
        month=[iso(month_start(number)) for number, _now, _then in rows],
        end=[iso(month_start(number + 1)) for number, _now, _then in rows],
        said=[view.translator.month(month_start(number)) for number, _now, _then in rows],
        count=[now for _number, now, _then in rows],
        before=[then for _number, _now, then in rows],
    )
    pauses = dips(since, until)
    shade = (
        alt.Chart(frame(month=[a for a, _b in pauses], end=[b for _a, b in pauses]))
        .mark_rect(color=colours.line, opacity=0.35)
        .encode(x=x, x2=alt.X2("end:T"))
    )
    height = alt.Y("count:Q", title=_("commits"), axis=alt.Axis(tickCount=4, tickMinStep=1))
    tooltip = [
        alt.Tooltip("said:N", title=None),
        alt.Tooltip("count:Q", title=_("commits")),
        alt.Tooltip("before:Q", title=_("a year before")),
    ]
    base = alt.Chart(data, height=220).encode(x=x, x2=alt.X2("end:T"), tooltip=tooltip)
    bars = base.mark_bar(
        color=colours.primary, opacity=0.85, stroke=colours.background, strokeWidth=1
    ).encode(y=height, y2=alt.Y2Datum(0))
    marks = base.mark_rule(color=colours.text, strokeWidth=2).encode(y=alt.Y("before:Q"))
    layers = [*([shade] if pauses else []), bars, *([marks] if len(rows) <= MOST_STROKES else [])]
    return alt.layer(*layers)
