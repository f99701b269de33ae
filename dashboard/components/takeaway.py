"""How does a reader take a page's numbers along? As CSV, as JSON, as a link to this very view.

Where a program may ask without signing in, what needs attention is offered as a feed too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from collector.metric import Part
from dashboard import exports
from dashboard.components.html import Html, join, link, tag
from dashboard.view import View, show

Records = Sequence[dict[str, Part]]


def takeaway(
    view: View,
    name: str,
    columns: Sequence[str],
    records: Callable[[], Records],
    page: str = "",
    feed: str | None = None,
) -> None:
    """Offer the records under this name, made only when asked for, and the view's address.

    ``feed``: of which OSPO the feed is offered beside them, "" for all of them.
    """
    _ = view.translator.text
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "CSV",
            lambda: exports.to_csv(records(), columns),
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            key=f"csv_{name}",
            help=_("Take these figures away as a spreadsheet"),
        )
        st.download_button(
            "JSON",
            lambda: exports.to_json(records()),
            f"{name}.json",
            "application/json",
            on_click="ignore",
            key=f"json_{name}",
            help=_("Take these figures away as data"),
        )
        links = [link(_("Link to this view"), address(page))]
        if feed is not None and view.past is None and view.settings.unguarded:
            links.append(_feed(view, feed))
        show(tag("p", join(*links, between=" · "), cls="ov-small ov-links"))


def _feed(view: View, ospo: str) -> Html:
    """Lead to what needs attention as a feed, in the reader's language."""
    asked = {"ospo": ospo, "lang": view.translator.language}
    query = urlencode({key: value for key, value in asked.items() if value})
    said = view.translator.text("What needs attention, as a feed (Atom)")
    return tag("a", said, href=f"feed.atom?{query}", type="application/atom+xml")


def address(page: str) -> str:
    """Give the address of the view as it stands."""
    query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
    return f"?{query}" if query else page
