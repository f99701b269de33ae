"""What if a figure looks wrong? A letter to the OSPO, begun for the reader."""

from __future__ import annotations

import re
from urllib.parse import quote

from dashboard.components.html import Html, link, plain, tag
from dashboard.view import View

MAIL = re.compile(r"^[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+$", re.ASCII)


def wrong(view: View, contact: str, about: str, day: str) -> Html:
    """Offer a way to say that something is wrong: by mail, on a page, or in whose portfolio."""
    _ = view.translator.text
    question = _("This looks wrong? Tell us")
    if MAIL.fullmatch(contact):
        return tag("p", link(question, letter(view, contact, about, day)), cls="ov-wrong")
    if contact.startswith(("https://", "http://")):
        return tag("p", link(question, contact), cls="ov-wrong")
    said = _(
        "This looks wrong? The OSPO has named no contact yet (“contact” in its portfolio file)."
    )
    return tag("p", said, cls="ov-wrong ov-muted")


def letter(view: View, contact: str, about: str, day: str) -> str:
    """Begin a mail: what it is about, of which day, and what helps to find the fault."""
    _ = view.translator.text
    name = plain(about, 100)
    subject = _("OSPO Vitals: {name}", name=name)
    body = _(
        "About: {name}, data of {day}.\n\nWhich figure looks wrong:\n\nWhat I expected, and why:\n",
        name=name,
        day=day,
    )
    return f"mailto:{contact}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
