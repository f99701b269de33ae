"""Which page is shown? The router: one function per page, a flat navigation."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import problem, settings, signing_in, theme
from dashboard.components import languages
from dashboard.pages import PAGES, Page
from dashboard.view import View, open_view, show

OF_PEOPLE = frozenset({"people"})
"""Not offered to whom nothing derived from single persons is shown."""
WITHOUT_DATABASE = frozenset({"method", "about"})


def main() -> None:
    """Show the page the address names."""
    st.html(theme.style_sheet())  # first: the browser readies itself for markup while we work
    view = open_view(settings.current())
    _ = view.translator.text
    made = [
        st.Page(
            partial(_show, view, path, body),
            title=_(title),
            url_path=path,
            default=not path,
            visibility="hidden" if path in OF_PEOPLE and not view.shows_people else "visible",
        )
        for path, title, body in PAGES
    ]
    st.logo(str(theme.ASSETS / "logo.png"), size="large")
    chosen = st.navigation(made, position="top")
    st.set_page_config(
        page_title=f"{chosen.title} · OSPO Vitals",
        page_icon=str(theme.ASSETS / "favicon.png"),
        layout="wide",
    )
    chosen.run()


def _show(view: View, path: str, body: Page) -> None:
    if not view.let_in:
        signing_in.page(view)
        return
    top = st.container()
    _body(view, path, body)
    with top:  # drawn last: only now the address says all that was chosen
        show(languages.choice(view))


def _body(view: View, path: str, body: Page) -> None:
    if view.state.source is None and path not in WITHOUT_DATABASE:
        problem.page(view)
        return
    body(view)
    signing_in.who(view)
