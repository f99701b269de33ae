"""What sees somebody who has not signed in? The door, and nothing behind it."""

from __future__ import annotations

import streamlit as st

from dashboard.view import View, empty


def page(view: View) -> None:
    """Ask to sign in."""
    _ = view.translator.text
    empty(
        view,
        _("Please sign in"),
        _("This dashboard is for the staff of the OSPO and those it lets in."),
    )
    st.button(_("Sign in"), on_click=st.login, type="primary")


def who(view: View) -> None:
    """Say who has signed in, with the way out."""
    _ = view.translator.text
    if view.settings.access == "oidc" and view.let_in:
        st.button(
            _("Sign out: {who}", who=view.reader.who),
            on_click=st.logout,
            type="tertiary",
            key="sign-out",
        )
