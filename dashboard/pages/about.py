"""To come."""

from __future__ import annotations

from dashboard.view import View, begin


def page(view: View) -> None:
    """Show the page."""
    begin(view, "about")
