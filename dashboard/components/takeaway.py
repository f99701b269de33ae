"""How does a reader take a page's numbers along? As CSV, as JSON, as a link to this very view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from collector.metric import Part
from dashboard import exports
from dashboard.components.html import link, tag
from dashboard.view import View, show

Records = Sequence[dict[str, Part]]


def takeaway(
    view: View, name: str, columns: Sequence[str], records: Callable[[], Records], page: str = ""
) -> None:
    """Offer the records under this name, made only when asked for, and the view's address."""
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
        show(tag("p", link(_("Link to this view"), address(page)), cls="ov-small ov-links"))


def address(page: str) -> str:
    """Give the address of the view as it stands."""
    query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
    return f"?{query}" if query else page
