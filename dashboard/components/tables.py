"""How is a table made? With a caption, header cells, and a way to scroll it by keyboard.

On a narrow screen it stacks: each row becomes a card whose cells say what they are. What a table
is made of is said by roles too, since a stacked one no longer looks like a table to a browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.components.html import Html, tag, worded


def table(
    caption: str,
    headers: Sequence[object],
    rows: Iterable[Sequence[object]],
    numeric: Sequence[int] = (),
    wide: Sequence[int] = (),
    stacked: bool = True,
) -> Html:
    """Make a table; the first cell of each row is its header."""
    cells = [_header(i, text, numeric) for i, text in enumerate(headers)]
    head = tag("thead", tag("tr", *cells, role="row"), role="rowgroup")
    labels = [worded(text) for text in headers]
    made_rows = (_row(row, numeric, wide, labels) for row in rows)
    body = tag("tbody", *made_rows, role="rowgroup")
    return framed(caption, head, body, stacked=stacked)


def framed(caption: str, *parts: Html, stacked: bool = True) -> Html:
    """Put a table's parts into a frame that scrolls by itself."""
    cls = "ov-table ov-stack" if stacked else "ov-table"
    made = tag("table", tag("caption", caption), *parts, cls=cls, role="table")
    return tag("div", made, cls="ov-scroll", role="region", aria_label=caption, tabindex="0")


def _header(index: int, text: object, numeric: Sequence[int]) -> Html:
    cls = "ov-num" if index in numeric else None
    return tag("th", text, scope="col", cls=cls, role="columnheader")


def _row(
    cells: Sequence[object],
    numeric: Sequence[int],
    wide: Sequence[int],
    labels: Sequence[str],
) -> Html:
    made = []
    for index, cell in enumerate(cells):
        cls = "ov-num" if index in numeric else "ov-text" if index in wide else None
        if index == 0:
            made.append(tag("th", cell, scope="row", cls="ov-name", role="rowheader"))
        else:
            label = labels[index] if index < len(labels) else ""
            made.append(tag("td", cell, cls=cls, data_label=label, role="cell"))
    return tag("tr", *made, role="row")
