"""What does the portfolio look like as a whole? Risk against criticality, and status over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

import altair as alt

from collector.model import Instant
from dashboard import words
from dashboard.charts import MOST_MARKS, Drawing, Numbers, frame
from dashboard.charts.history import when
from dashboard.components.html import plain
from dashboard.data import ProjectRow
from dashboard.i18n import N_, Translator
from dashboard.standing import RISKS, Judged, cells
from dashboard.view import View

RISK_WORDS = {"low": N_("low risk"), "raised": N_("raised risk"), "high": N_("high risk")}
MONTHS = 36
INSET = 11
"""Pixels from the border of a cell to the middle of its marks."""
HEIGHT, LINE, GRADES = 480, 14.5, 10
"""Pixels of the whole, and from one line of letters to the next; grades that share the height."""


def quadrant(view: View, found: Judged) -> Drawing:
    """Draw how bad it would be if a project stopped against how likely that is."""
    _ = view.translator.text
    headers = [_("How bad if it stopped"), *(_(RISK_WORDS[key]) for key in RISKS)]
    grades = sorted({grade for _key, grade in found.cells}, reverse=True)
    table = [[str(grade), *(found.cells.get((key, grade), 0) for key in RISKS)] for grade in grades]
    binned = found.count > len(found.rows)
    drawn = _bins(view, found.cells) if binned else _dots(view, found.rows)
    least = 0 if binned else _least(cells(found.rows))
    about = _(
        "How bad: 1 to 10, the OSPO's own judgement, or our guess until it is given. "
        "High risk: an essential check on survival or safety is not met."
    )
    numbers = Numbers(headers, table, (found.count, "projects"))
    said = quadrant_words(found, view.translator)
    return Drawing(drawn, said, numbers, about=about, least=least)


def quadrant_words(found: Judged, translator: Translator) -> str:
    """Say what the quadrant shows."""
    ngettext = translator.plural
    head = ngettext("{n} project is judged.", "{n} projects are judged.", found.count)
    if not found.urgent:
        return head + " " + translator.text("None is at high risk while much depends on it.")
    said = ngettext(
        "{n} is at high risk while much depends on it: {names}",
        "{n} are at high risk while much depends on them: {names}",
        found.urgent,
        names=", ".join(plain(name, 40) for name in found.names),
    )
    return f"{head} {said}{' …' if found.urgent > len(found.names) else '.'}"


def _scales(view: View) -> tuple[list[str], Any]:
    _ = view.translator.text
    risks = [_(RISK_WORDS[key]) for key in RISKS]
    vertical = alt.Y(
        "criticality:Q",
        title=_("How bad if it stopped (1–10)"),
        scale=alt.Scale(domain=[0.5, 10.5], nice=False),
        axis=alt.Axis(values=[1, 3, 5, 7, 10], tickCount=5),
    )
    return risks, vertical


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its cell a project stands, and which share of the cell's width is its own."""

    across: float
    up: float
    room: float


def _dots(view: View, rows: Sequence[ProjectRow]) -> Any:
    _ = view.translator.text
    risks, vertical = _scales(view)
    places = _spread(rows)
    data = frame(
        risk=[_(RISK_WORDS[row.risk]) for row in rows],
        place=[RISKS.index(row.risk) + places[row.id].across for row in rows],
        criticality=[(row.criticality or 0) + places[row.id].up for row in rows],
        room=[places[row.id].room for row in rows],
        name=[plain(row.name, 60) for row in rows],
        status=[_(words.status(row.status).word) for row in rows],
        href=[view.project(row.key) for row in rows],
    )
    across = alt.X(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[0, 3], nice=False),
        axis=alt.Axis(
            values=[0.5, 1.5, 2.5],
            labelExpr="datum.value < 1 ? '{}' : datum.value < 2 ? '{}' : '{}'".format(
                *(risk.replace("'", "’") for risk in risks)
            ),
            grid=False,
        ),
    )
    base = alt.Chart(data, height=max(HEIGHT, _least(cells(rows))))
    tooltip = [alt.Tooltip(f"{key}:N", title=None) for key in ("name", "status", "risk")]
    marks = base.mark_point(filled=True, size=130, opacity=1, xOffset=INSET).encode(
        x=across,
        y=vertical,
        color=_status_colour(view, rows),
        shape=_status_shape(view, rows),
        href=alt.Href("href:N"),
        tooltip=tooltip,
    )
    fitting = {"expr": f"width / {len(RISKS)} * datum.room - {2 * INSET + 1}"}  # to the next mark
    labels = base.mark_text(
        align="left", dx=INSET + 9, fontSize=12, color=view.palette.text, limit=fitting
    ).encode(
        x=across,
        y=vertical,
        text=alt.Text("name:N"),
        opacity=alt.condition("width < 560", alt.value(0), alt.value(1)),  # no room for names
    )
    borders = (
        alt.Chart(frame(x=[1, 2]))
        .mark_rule(color=view.palette.line, strokeDash=[4, 4])
        .encode(x=alt.X("x:Q"))
    )
    return borders + marks + labels


def _spread(rows: Sequence[ProjectRow]) -> dict[int, Place]:
    """Place projects of the same cell below each other, then beside, never on top."""
    places: dict[int, Place] = {}
    sizes = cells(rows)
    step = _step(sizes)
    filled: Counter[tuple[str, int]] = Counter()
    for row in rows:
        key = (row.risk, row.criticality or 0)
        columns = _columns(sizes[key])
        line, column = divmod(filled[key], columns)
        middle = (ceil(sizes[key] / columns) - 1) / 2
        places[row.id] = Place(column / columns, step * (middle - line), 1 / columns)
        filled[key] += 1
    return places


def _columns(count: int) -> int:
    """So few that names have room, so many that the cell does not grow too high."""
    return 1 if count <= 4 else 2 if count <= 8 else 3


def _deepest(sizes: Mapping[tuple[str, int], int]) -> int:
    """How many lines has the cell that has most?"""
    return max((ceil(count / _columns(count)) for count in sizes.values()), default=1)


def _step(sizes: Mapping[tuple[str, int], int]) -> float:
    """Which share of a grade's height has each line, so that neighbouring grades stay apart?"""
    return 1 / max(2, _deepest(sizes))


def _least(sizes: Mapping[tuple[str, int], int]) -> float:
    """How high must it be for one line of letters not to touch the next?"""
    return LINE * GRADES / _step(sizes)


def _bins(view: View, counts: Mapping[tuple[str, int], int]) -> Any:
    """Draw counts instead of dots: above a few dozen projects names do not fit."""
    _ = view.translator.text
    risks = [_(RISK_WORDS[key]) for key in RISKS]
    data = frame(
        risk=[_(RISK_WORDS[key]) for key, _grade in counts],
        criticality=[grade for _key, grade in counts],
        count=list(counts.values()),
        said=[view.translator.number(count, 0) for count in counts.values()],
    )
    base = alt.Chart(data, height=420).encode(
        x=alt.X("risk:N", sort=risks, title=None, axis=alt.Axis(labelAngle=0, domain=False)),
        y=alt.Y(
            "criticality:O",
            title=_("How bad if it stopped (1–10)"),
            scale=alt.Scale(domain=list(range(10, 0, -1))),
        ),
    )
    most = max(counts.values(), default=1)
    circles = base.mark_circle(color=view.palette.primary, opacity=0.3).encode(
        size=alt.Size("count:Q", scale=alt.Scale(domain=[0, most], range=[0, 1400]), legend=None),
        tooltip=[alt.Tooltip("count:Q", title=_("Projects"))],
    )
    labels = base.mark_text(color=view.palette.text, fontWeight=600).encode(text=alt.Text("said:N"))
    return circles + labels


def _status_domain(view: View, rows: Iterable[ProjectRow]) -> list[str]:
    present = {row.status for row in rows}
    return [key for key in words.ORDER if key in present]


def _status_colour(view: View, rows: Sequence[ProjectRow]) -> Any:
    _ = view.translator.text
    keys = _status_domain(view, rows)
    scale = alt.Scale(
        domain=[_(words.STATUS[key].word) for key in keys],
        range=[view.palette.statuses[key] for key in keys],
    )
    return alt.Color("status:N", scale=scale, legend=alt.Legend(title=None))


def _status_shape(view: View, rows: Sequence[ProjectRow]) -> Any:
    _ = view.translator.text
    keys = _status_domain(view, rows)
    scale = alt.Scale(
        domain=[_(words.STATUS[key].word) for key in keys],
        range=[words.STATUS[key].mark for key in keys],
    )
    return alt.Shape("status:N", scale=scale, legend=alt.Legend(title=None))


def over_time(view: View, today: Instant, ospo: str = "") -> Drawing:
    """Draw how many projects had each status, month by month, the newest as of today."""
    _ = view.translator.text
    dates = month_starts(today, MONTHS)
    counted = view.source.statuses_at(tuple(dates), ospo)
    counted = [*counted[:-1], dict(view.source.standing(ospo, today).position.counts)]
    present = [key for key in words.ORDER if any(counts.get(key) for counts in counted)]
    said = over_time_words(dates, counted, view.translator)
    headers = [_("Month"), *(_(words.STATUS[key].word) for key in present)]
    table = [
        [when(date, view.translator), *(counts.get(key, 0) for key in present)]
        for date, counts in zip([*dates[:-1], today], counted, strict=True)
        if counts
    ]
    chart = _bars(view, dates, counted, present)
    about = (
        _("The status at the start of each month; the newest column is that of today.")
        if view.past is None
        else _("The status at the start of each month.")
    )
    numbers = Numbers(headers, table[::-1], (sum(counted[-1].values()), "projects"))
    return Drawing(chart, said, numbers, about=about)


def over_time_words(
    dates: Sequence[Instant], counted: Sequence[dict[str, int]], translator: Translator
) -> str:
    """Say how the number of projects looked after has changed."""
    known = [(date, counts) for date, counts in zip(dates, counted, strict=True) if counts]
    if len(known) < 2:
        return translator.text("There is not yet a second month to compare with.")
    (first, before), (last, after) = known[0], known[-1]
    return translator.text(
        "In {first} {before} of {all_before} projects were looked after, in {last} {after} of "
        "{all_after}.",
        first=translator.month(first),
        last=translator.month(last),
        before=sum(before.get(key, 0) for key in words.LOOKED_AFTER),
        after=sum(after.get(key, 0) for key in words.LOOKED_AFTER),
        all_before=sum(before.values()),
        all_after=sum(after.values()),
    )


def _bars(
    view: View,
    dates: Sequence[Instant],
    counted: Sequence[dict[str, int]],
    present: Sequence[str],
) -> Any:
    _ = view.translator.text
    cells = [
        (f"{datetime.fromtimestamp(date, UTC):%Y-%m-%d}", key, counts[key])
        for date, counts in zip(dates, counted, strict=True)
        for key in present
        if counts.get(key)
    ][:MOST_MARKS]
    data = frame(
        month=[cell[0] for cell in cells],
        status=[_(words.STATUS[cell[1]].word) for cell in cells],
        order=[words.ORDER.index(cell[1]) for cell in cells],
        count=[cell[2] for cell in cells],
    )
    scale = alt.Scale(
        domain=[_(words.STATUS[key].word) for key in present],
        range=[view.palette.statuses[key] for key in present],
    )
    return (
        alt.Chart(data, height=340)
        .mark_bar(stroke=view.palette.background, strokeWidth=1)
        .encode(
            x=alt.X(
                "yearmonth(month):O",
                title=None,
                axis=alt.Axis(labelAngle=0, format="%b %y", labelOverlap=True),
            ),
            y=alt.Y("count:Q", title=_("Projects"), axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("status:N", scale=scale, legend=alt.Legend(title=None)),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("status:N", title=None),
                alt.Tooltip("count:Q", title=_("Projects")),
            ],
        )
    )


def month_starts(today: Instant, count: int) -> list[Instant]:
    """List the first days of the last months, oldest first."""
    day = datetime.fromtimestamp(today, UTC)
    number = day.year * 12 + day.month - 1
    months = [divmod(number - back, 12) for back in range(count)]
    return [int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp()) for year, month in months][
        ::-1
    ]
