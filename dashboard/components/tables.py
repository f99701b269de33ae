"""How is a table made? With a caption, header cells, and a way to scroll it by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.components.html import Html, tag


def table(
    caption: str,
    headers: Sequence[object],
    rows: Iterable[Sequence[object]],
    numeric: Sequence[int] = (),
    wide: Sequence[int] = (),
) -> Html:
    """Make a table; the first cell of each row is its header."""
    head = tag("thead", tag("tr", *(_header(i, text, numeric) for i, text in enumerate(headers))))
    body = tag("tbody", *(_row(row, numeric, wide) for row in rows))
    made = tag("table", tag("caption", caption), head, body, cls="ov-table")
    return tag("div", made, cls="ov-scroll", role="region", aria_label=caption, tabindex="0")


def _header(index: int, text: object, numeric: Sequence[int]) -> Html:
    return tag("th", text, scope="col", cls="ov-num" if index in numeric else None)


def _row(cells: Sequence[object], numeric: Sequence[int], wide: Sequence[int]) -> Html:
    made = []
    for index, cell in enumerate(cells):
        cls = "ov-num" if index in numeric else "ov-text" if index in wide else None
        if index == 0:
            made.append(tag("th", cell, scope="row", cls="ov-name"))
        else:
            made.append(tag("td", cell, cls=cls))
    return tag("tr", *made)
