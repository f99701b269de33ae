"""What becomes of proposed changes: how many come in, are taken, are declined, still wait?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.charts import MOST_MARKS, Drawing, Numbers, frame
from dashboard.charts.dates import across, iso, month_start
from dashboard.i18n import N_, Translator
from dashboard.view import View

Counts = Mapping[str, Sequence[float]]
WAYS = {
    "opened": N_("opened"),
    "merged": N_("taken (merged)"),
    "declined": N_("declined"),
}
WAITING = N_("still open")


def flow_columns(
    view: View, first: int, counts: Counts, waiting: Mapping[int, float], months: int
) -> Drawing:
    """Draw what came in upwards, what was decided downwards, what waits as a line."""
    _, translator = view.translator.text, view.translator
    length = len(counts["opened"])
    begun = length - min(length, months) if months else 0
    said = flow_words(counts, waiting, translator)
    headers = [_("Month"), *(_(word) for word in WAYS.values()), _(WAITING)]
    table = [
        [
            translator.month(month_start(first + at)),
            *(translator.number(counts[way][at], 0) for way in WAYS),
            translator.number(waiting[first + at], 0) if first + at in waiting else "–",
        ]
        for at in range(length - 1, begun - 1, -1)
    ]
    chart = _chart(view, first, begun, counts, waiting)
    about = _(
        "Changes proposed by people, by month; above the line what came in, below it what was "
        "decided."
    )
    return Drawing(
        chart,
        said,
        Numbers(headers, table, (sum(counts["opened"][begun:]), "changes")),
        about=about,
        metric="change_requests_opened",
    )


def flow_words(counts: Counts, waiting: Mapping[int, float], translator: Translator) -> str:
    """Say what came in and what became of it in the last twelve months, and in those before."""
    year = {way: sum(counts[way][-12:]) for way in WAYS}
    _, ngettext = translator.text, translator.plural
    said = [
        ngettext(
            "{n} change was proposed in the last 12 months; taken: {merged}, declined: {declined}.",
            "{n} changes were proposed in the last 12 months; taken: {merged}, "
            "declined: {declined}.",
            round(year["opened"]),
            merged=translator.number(year["merged"], 0),
            declined=translator.number(year["declined"], 0),
        )
    ]
    if waiting:
        still = translator.number(waiting[max(waiting)], 0)
        said.append(_("Still open: {open}.", open=still))
    if len(counts["opened"]) > 12:
        before = translator.number(sum(counts["opened"][-24:-12]), 0)
        said.append(_("Proposed in the 12 months before: {before}.", before=before))
    return " ".join(said)


def _stacked(counts: Counts, begun: int) -> Iterator[tuple[int, str, float, float]]:
    """Give each column its place: what came in above the line, what was decided below it."""
    for at in range(begun, len(counts["opened"])):
        opened, merged, declined = (counts[way][at] for way in WAYS)
        for way, low, high in (
            ("opened", 0.0, opened),
            ("merged", -merged, 0.0),
            ("declined", -merged - declined, -merged),
        ):
            if high > low:
                yield at, way, low, high


def _chart(view: View, first: int, begun: int, counts: Counts, waiting: Mapping[int, float]) -> Any:
    _, colours = view.translator.text, view.palette
    length = len(counts["opened"])
    rows = list(_stacked(counts, begun))[-MOST_MARKS:]
    since, until = month_start(first + begun), month_start(first + length)
    data = frame(
        month=[iso(month_start(first + at)) for at, *_rest in rows],
        end=[iso(month_start(first + at + 1)) for at, *_rest in rows],
        way=[_(WAYS[way]) for _at, way, *_rest in rows],
        low=[low for _at, _way, low, _high in rows],
        high=[high for _at, _way, _low, high in rows],
        shown=[high - low for _at, _way, low, high in rows],
    )
    open_ = [
        (number, count) for number, count in sorted(waiting.items()) if number >= first + begun
    ]
    domain = [_(word) for word in (*WAYS.values(), *([WAITING] if open_ else []))]
    palette = [
        colours.categories[0],
        colours.statuses["active"],
        colours.statuses["slowing"],
        colours.text,
    ]
    scale = alt.Scale(domain=domain, range=palette[: len(domain)])
    x = across("month")
    up = alt.Y(
        "low:Q",
        title=_("proposed changes"),
        axis=alt.Axis(tickCount=5, tickMinStep=1, labelExpr="abs(datum.value)"),
    )
    tooltip = [
        alt.Tooltip("way:N", title=None),
        alt.Tooltip("shown:Q", title=_("proposed changes")),
    ]
    colour = alt.Color("way:N", scale=scale, legend=alt.Legend(title=None))
    bars = (
        alt.Chart(data, height=260)
        .mark_bar(stroke=colours.background, strokeWidth=1)
        .encode(x=x, x2=alt.X2("end:T"), y=up, y2=alt.Y2("high:Q"), color=colour, tooltip=tooltip)
    )
    line = (
        alt.Chart(
            frame(
                month=[iso(month_start(number)) for number, _count in open_],
                count=[count for _number, count in open_],
                way=[_(WAITING)] * len(open_),
            )
        )
        .mark_line(strokeWidth=2, strokeDash=[4, 3])
        .encode(x=across("month", since, until), y=alt.Y("count:Q"), color=colour)
    )
    return bars + line
