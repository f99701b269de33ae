"""In which language does the reader want the page? Links to this very view in each of them."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st
from babel import Locale

from dashboard import i18n
from dashboard.components.html import Html, items, tag
from dashboard.view import View


def own_name(code: str) -> str:
    """Give a language's name as those call it who speak it."""
    name = Locale.parse(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]


def address(code: str) -> str:
    """Give the address of the view as it stands, in another language."""
    keys = [key for key in st.query_params if key != "lang"]
    kept = [(key, value) for key in keys for value in st.query_params.get_all(key)]
    return "?" + urlencode([*kept, ("lang", code)])


def choice(view: View) -> Html:
    """Offer every language that has a catalogue.

    They are links, not a widget: the page is loaded anew, so that its ``lang`` is right for a
    screen reader, and the server keeps the choice in a cookie.
    """
    offered = i18n.languages()
    if len(offered) < 2:
        return Html("")
    listed = items(*(_one(code, code == view.translator.language) for code in offered))
    label = view.translator.text("Language")
    return tag("nav", listed, cls="ov-languages", aria_label=label)


def _one(code: str, current: bool) -> Html:
    name = own_name(code)
    if current:
        return tag("span", name, lang=code, aria_current="true")
    return tag("a", name, href=address(code), target="_self", lang=code, hreflang=code)
