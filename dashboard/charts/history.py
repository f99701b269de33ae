"""How has it been over the years? Lines of monthly values, and the columns of one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import altair as alt

from collector.metrics import BY_KEY
from collector.model import DAY, Instant
from dashboard.charts import MOST_MARKS, Drawing, Numbers, frame
from dashboard.charts.dates import across, iso
from dashboard.components.explain import amount
from dashboard.data import Point, ValueRow
from dashboard.i18n import Translator
from dashboard.view import View

YEAR = 365 * DAY
DASHES = ([1, 0], [6, 3], [2, 3], [10, 3, 2, 3], [1, 4])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: what it is called, and its unit."""

    metric: str
    name: str
    unit: str


def lines(
    view: View, points: Sequence[Point], drawn: Sequence[Line], about: str, metric: str = ""
) -> Drawing | None:
    """Draw monthly values as lines; None below two values."""
    known = [point for point in points if point.value is not None]
    drawn = [line for line in drawn if sum(point.metric == line.metric for point in known) > 1]
    if not drawn:
        return None
    said = " ".join(_begun(line, line_words(line, known, view.translator)) for line in drawn)
    numbers = _numbers(view, known, drawn)
    return Drawing(_chart(view, known, drawn), said, numbers, about=about, metric=metric)


def up_to(
    points: Sequence[Point], values: Mapping[str, ValueRow], today: Instant
) -> tuple[Point, ...]:
    """Add the newest figures to those of the months: else a line ends up to a month before."""
    last = max((point.as_of for point in points), default=today)
    newest = (
        Point(key, today, value.value, value.state, value.n, value.p90)
        for key, value in values.items()
        if today > last and value.value is not None
    )
    return (*points, *newest)


def _begun(line: Line, said: str) -> str:
    """Begin a sentence with a capital, unless it begins with the name of a project."""
    return said[:1].upper() + said[1:] if line.metric in BY_KEY else said


def line_words(line: Line, points: Sequence[Point], translator: Translator) -> str:
    """Say how a line goes: newest, a year before, highest."""
    own = [(point.as_of, point.value) for point in points if point.metric == line.metric]
    (last, value), highest = own[-1], max(own, key=lambda item: (item[1] or 0, item[0]))
    before = next((one for one in reversed(own) if one[0] <= last - YEAR), own[0])
    return translator.text(
        "{name}: {value} ({last}), {before} ({earlier}), at most {highest} ({month}).",
        name=line.name,
        value=amount(value or 0, line.unit, translator),
        last=when(last, translator),
        before=amount(before[1] or 0, line.unit, translator),
        earlier=translator.month(before[0]),
        highest=amount(highest[1] or 0, line.unit, translator),
        month=when(highest[0], translator),
    )


def when(at: Instant, translator: Translator) -> str:
    """Say a month by its name, and the day of the newest figures, which no month begins, whole."""
    first = datetime.fromtimestamp(at, UTC).day == 1
    return translator.month(at) if first else translator.day(at)


def _numbers(view: View, points: Sequence[Point], drawn: Sequence[Line]) -> Numbers:
    _ = view.translator.text
    found = {(point.metric, point.as_of): point.value for point in points}
    dates = sorted({point.as_of for point in points}, reverse=True)
    rows = [
        [when(date, view.translator), *(_said(view, found, line, date) for line in drawn)]
        for date in dates
    ]
    return Numbers([_("Month"), *(line.name for line in drawn)], rows, (len(dates), "months"))


def _said(view: View, found: dict[tuple[str, int], float | None], line: Line, date: int) -> str:
    value = found.get((line.metric, date))
    return "–" if value is None else amount(value, line.unit, view.translator)


def _chart(view: View, points: Sequence[Point], drawn: Sequence[Line]) -> Any:
    names = {line.metric: line.name for line in drawn}
    per = {"hours": 24.0}
    units = {line.metric: per.get(line.unit, 1.0) for line in drawn}
    own = [point for point in points if point.metric in names][-MOST_MARKS:]
    data = frame(
        month=[iso(point.as_of) for point in own],
        value=[round((point.value or 0) / units[point.metric], 2) for point in own],
        name=[names[point.metric] for point in own],
    )
    title = view.translator.text("days") if drawn[0].unit in ("hours", "days") else None
    order = list(names.values())
    several = len(drawn) > 1
    legend = alt.Legend(title=None, symbolType="stroke") if several else None
    encoding: dict[str, Any] = {
        "x": across("month"),
        "y": alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5, tickMinStep=1)),
        "color": alt.Color(
            "name:N",
            scale=alt.Scale(domain=order, range=list(view.palette.categories[: len(order)])),
            legend=legend,
        ),
        "strokeDash": alt.StrokeDash(
            "name:N", scale=alt.Scale(domain=order, range=list(DASHES[: len(order)])), legend=legend
        ),
    }
    base = alt.Chart(data, height=240).encode(**encoding)
    line = base.mark_line(strokeWidth=2.2, interpolate="monotone")
    ends = _ends(data, encoding)
    if several:
        return alt.layer(line, *ends) if ends else line
    area = base.mark_area(opacity=0.12, interpolate="monotone", line=False)
    return alt.layer(area.encode(strokeDash=alt.Undefined), line, *ends)


def _ends(data: alt.InlineData, encoding: dict[str, Any]) -> list[Any]:
    """Mark the newest figure of each line, where no month begins on its day."""
    newest = [row for row in data.values if not str(row["month"]).endswith("-01")]
    if not newest:
        return []
    dots = alt.Chart(alt.InlineData(values=newest)).mark_point(filled=True, size=45, opacity=1)
    return [dots.encode(x=encoding["x"], y=encoding["y"], color=encoding["color"])]
