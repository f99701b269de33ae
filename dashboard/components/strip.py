"""How has the status been? One cell a month, a row a year, each cell with its word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from collector.model import Instant
from dashboard import words
from dashboard.components import signs
from dashboard.components.html import Html, items, join, tag, unseen
from dashboard.data import StatusPoint
from dashboard.i18n import Translator


def monthly(points: Sequence[StatusPoint], today: Instant) -> dict[tuple[int, int], str]:
    """Give the status at the end of each month (the newest: today), from the first one on."""
    found: dict[tuple[int, int], str] = {}
    if not points:
        return found
    first, last = (datetime.fromtimestamp(at, UTC) for at in (points[0].as_of, today))
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        after = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC).timestamp()
        known = [point.status for point in points if point.as_of < after]
        if known:
            found[year, month + 1] = known[-1]
    return found


def status_strip(points: Sequence[StatusPoint], today: Instant, translator: Translator) -> Html:
    """Draw the months as a table that can also be read out."""
    _ = translator.text
    cells = monthly(points, today)
    if not cells:
        return tag("p", _("There is no history yet."), cls="ov-muted")
    years = range(min(cells)[0], max(cells)[0] + 1)
    letters = [tag("th", translator.month_letter(month), scope="col") for month in range(1, 13)]
    head = tag("thead", tag("tr", tag("td", cls="ov-none"), *letters))
    body = tag("tbody", *(_year(year, cells, translator) for year in reversed(years)))
    caption = tag("caption", _("Status month by month"), cls="ov-unseen")
    present = [key for key in words.ORDER if key in cells.values()]
    legend = items(*(signs.status(key, translator) for key in present), cls="ov-legend")
    table = tag("table", caption, head, body, cls="ov-strip")
    scroll = tag(
        "div",
        table,
        style="overflow-x:auto",
        tabindex="0",
        role="region",
        aria_label=_("Status month by month"),
    )
    return join(scroll, legend)


def _year(year: int, cells: dict[tuple[int, int], str], translator: Translator) -> Html:
    shown = [_cell(cells.get((year, month)), translator) for month in range(1, 13)]
    return tag("tr", tag("th", str(year), scope="row"), *shown)


def _cell(status: str | None, translator: Translator) -> Html:
    if status is None:
        return tag("td", cls="ov-none")
    colour = status if status in words.STATUS else "unknown"
    word = translator.text(words.status(status).word)
    return tag(
        "td",
        signs.shape(words.status(status), colour),
        unseen(word),
        title=word,
        style=f"--c:var(--ov-{colour.replace('_', '-')})",
    )


def last_change(points: Sequence[StatusPoint]) -> StatusPoint | None:
    """Give the point at which the present status began."""
    began: StatusPoint | None = None
    for point in points:
        if began is None or point.status != began.status:
            began = point
    return began
