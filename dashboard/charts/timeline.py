"""What happened when? Work, deliveries, status, decisions, goals and money on one time axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from collector.model import Instant
from dashboard import words
from dashboard.charts import MOST_MARKS, Drawing, Numbers, by_rows, frame
from dashboard.charts.dates import across, iso, month_start
from dashboard.i18n import N_, Translator
from dashboard.theme import Palette
from dashboard.view import View

LANES = {
    "work": N_("work"),
    "status": N_("status"),
    "release": N_("releases"),
    "deployment": N_("put into operation"),
    "decision": N_("decisions"),
    "goal": N_("goals, due"),
    "contract": N_("contracts"),
    "funding": N_("money"),
}
SHAPES = {"release": "circle", "deployment": "square", "decision": "diamond", "goal": "triangle-up"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One event: in which lane, when (until when, for what lasts), and its words.

    ``status``: the key of the status that begins here, for its colour and shape.
    """

    lane: str
    at: Instant
    said: str
    until: Instant | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when is drawn, and where today is."""

    since: Instant
    until: Instant
    today: Instant


def timeline(view: View, marks: Sequence[Mark], work: Mapping[int, float], span: Span) -> Drawing:
    """Draw a lane for each kind of event; ``work``: commits by number of the month."""
    _, translator = view.translator.text, view.translator
    shown = [m for m in marks if (m.until or m.at) >= span.since and m.at <= span.until]
    said = timeline_words(shown, span.today, translator)
    table = [
        [
            translator.day(mark.at),
            _(LANES[mark.lane]),
            mark.said + (f" – {translator.day(mark.until)}" if mark.until else ""),
        ]
        for mark in sorted(shown, key=lambda mark: -mark.at)
    ]
    about = _("The darker a month, the more was done in it. The line is the day of these figures.")
    numbers = Numbers([_("Date"), _("What"), _("Which")], table, (len(shown), "events"))
    return Drawing(_chart(view, shown[-MOST_MARKS:], work, span), said, numbers, about=about)


def timeline_words(marks: Sequence[Mark], today: Instant, translator: Translator) -> str:
    """Say how much of each kind there is, and what came last and what is due next."""
    _ = translator.text
    counted = Counter(mark.lane for mark in marks)
    told = [said for lane, said in _counted(counted, translator) if counted[lane]]
    if not told:
        return _("Nothing but work is known of this time.")
    said = _("In the time shown: {kinds}.", kinds=", ".join(told))
    past = [m for m in marks if m.at <= today and m.lane not in ("contract", "funding")]
    if past:
        last = max(past, key=lambda mark: mark.at)
        said += " " + _("The newest: {said}, {day}.", said=last.said, day=translator.day(last.at))
    return said


def _counted(counted: Counter[str], translator: Translator) -> list[tuple[str, str]]:
    ngettext = translator.plural
    return [
        ("release", ngettext("{n} release", "{n} releases", counted["release"])),
        (
            "deployment",
            ngettext(
                "{n} time put into operation",
                "{n} times put into operation",
                counted["deployment"],
            ),
        ),
        ("status", ngettext("{n} change of status", "{n} changes of status", counted["status"])),
        ("decision", ngettext("{n} decision", "{n} decisions", counted["decision"])),
        ("goal", ngettext("{n} goal", "{n} goals", counted["goal"])),
        ("contract", ngettext("{n} contract", "{n} contracts", counted["contract"])),
        ("funding", ngettext("{n} source of money", "{n} sources of money", counted["funding"])),
    ]


def _chart(view: View, marks: Sequence[Mark], work: Mapping[int, float], span: Span) -> Any:
    _, colours = view.translator.text, view.palette
    present = {mark.lane for mark in marks} | ({"work"} if work else set())
    lanes = [lane for lane in LANES if lane in present]
    order = [_(LANES[lane]) for lane in lanes]
    up = alt.Y(
        "lane:N",
        title=None,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(domain=False, ticks=False, grid=True, labelLimit=130),
    )
    x = across("at")
    today = (
        alt.Chart(frame(at=[iso(span.today)]))
        .mark_rule(color=colours.muted, strokeDash=[3, 3])
        .encode(x=across("at", span.since, span.until))
    )
    layers = [today, *_work(view, work, span, up, x), *_lasting(view, marks, up, x)]
    return by_rows(alt.layer(*layers, *_points(view, marks, up, x)), 40, len(lanes))


def _work(view: View, work: Mapping[int, float], span: Span, up: Any, x: Any) -> list[Any]:
    """Draw a field for each month, the darker the more was done."""
    shown = [
        (number, count)
        for number, count in sorted(work.items())
        if count and span.since <= month_start(number) < span.until
    ]
    if not shown:
        return []
    data = frame(
        at=[iso(month_start(number)) for number, _count in shown],
        end=[iso(month_start(number + 1)) for number, _count in shown],
        lane=[view.translator.text(LANES["work"])] * len(shown),
        count=[count for _number, count in shown],
        said=[view.translator.month(month_start(number)) for number, _count in shown],
    )
    strength = alt.Opacity("count:Q", scale=alt.Scale(type="sqrt", range=[0.12, 0.95]), legend=None)
    made = alt.Chart(data).mark_rect(color=view.palette.primary, height=22)
    tooltip = [
        alt.Tooltip("said:N", title=None),
        alt.Tooltip("count:Q", title=view.translator.text("commits")),
    ]
    return [made.encode(x=x, x2=alt.X2("end:T"), y=up, opacity=strength, tooltip=tooltip)]


def _lasting(view: View, marks: Sequence[Mark], up: Any, x: Any) -> list[Any]:
    """Draw contracts and money as bars from their beginning to their end."""
    shown = [mark for mark in marks if mark.until is not None]
    if not shown:
        return []
    data = frame(
        at=[iso(mark.at) for mark in shown],
        end=[iso(mark.until or mark.at) for mark in shown],
        lane=[view.translator.text(LANES[mark.lane]) for mark in shown],
        said=[mark.said for mark in shown],
    )
    base = alt.Chart(data).encode(
        x=x, x2=alt.X2("end:T"), y=up, tooltip=[alt.Tooltip("said:N", title=None)]
    )
    return [
        base.mark_bar(color=view.palette.statuses["at_rest"], opacity=0.55, height=14, clip=True)
    ]


def _points(view: View, marks: Sequence[Mark], up: Any, x: Any) -> list[Any]:
    """Draw what happens on a day, each kind with its shape."""
    layers = []
    for colour, shape, shown in _kinds(view.palette, marks):
        data = frame(
            at=[iso(mark.at) for mark in shown],
            lane=[view.translator.text(LANES[mark.lane]) for mark in shown],
            said=[mark.said for mark in shown],
            day=[view.translator.day(mark.at) for mark in shown],
        )
        made = alt.Chart(data).mark_point(
            filled=True, shape=shape, color=colour, size=95, opacity=1,
            stroke=view.palette.background, strokeWidth=1,
        )  # fmt: skip
        tooltip = [alt.Tooltip(f"{name}:N", title=None) for name in ("said", "day")]
        layers.append(made.encode(x=x, y=up, tooltip=tooltip))
    return layers


def _kinds(colours: Palette, marks: Sequence[Mark]) -> list[tuple[str, str, Sequence[Mark]]]:
    found: dict[tuple[str, str], list[Mark]] = {}
    for mark in marks:
        if mark.until is None:
            status = mark.status if mark.status in words.STATUS else ""
            shape = words.STATUS[status].mark if status else SHAPES.get(mark.lane, "circle")
            colour = colours.statuses[status] if status else colours.text
            found.setdefault((colour, shape), []).append(mark)
    return [(colour, shape, shown) for (colour, shape), shown in found.items()]
