"""How does collected text come into a page? Escaped, cut, without direction tricks; only here."""

from __future__ import annotations

import re
from html import escape, unescape

LONGEST = 200
VOID = {"br", "hr", "img"}

# Characters that turn or hide the text beside them (U+202E and its kin), control characters, and
# what is no character at all, which no document may hold.
_TRICKS = re.compile(
    "[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\ud800-\udfff\ufffe\uffff]"
)
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold, escaped or not."""
NUMBER = re.compile(r"(?<![\w&#;])(\d+(?:[.,\u00a0\u202f]\d+)*)(?!\w)")
SAFE_LINK = re.compile(
    r"^(https?://[^\s]+|mailto:[\w.+-]+@[\w.-]+(\?[\w.%&=+~-]*)?"
    r"|(\./)?([A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*)?(\?[^\s]*)?(#[^\s]*)?)$"
)


class Html(str):
    """Markup of our own making, safe to show; any other string is escaped."""

    __slots__ = ()


def plain(text: object, longest: int = LONGEST) -> str:
    """Give collected text as one line a reader can trust: no tricks, not too long."""
    cleaned = " ".join(_TRICKS.sub("", str(text)[: longest * 8]).split())
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1].rstrip() + "…"


def safe(child: object) -> Html:
    """Escape a child unless it is markup of ours."""
    return child if isinstance(child, Html) else Html(escape(_TRICKS.sub("", str(child)[:4000])))


def bold_numbers(text: str) -> Html:
    """Set the numbers of a sentence in bold: they are what is looked for."""
    return Html(
        re.sub(r"(?<![\w&#;])(\d+(?:[.,\u00a0\u202f]\d+)*)(?!\w)", r"<b>\1</b>", safe(text))
    )


def tag(name: str, *children: object, **attributes: object) -> Html:
    """Make one element; ``cls`` stands for class, ``_`` in a name for ``-``."""
    opened = "".join(
        _attribute(key, value) for key, value in attributes.items() if value not in (None, False)
    )
    if name in VOID:
        return Html(f"<{name}{opened}>")
    return Html(f"<{name}{opened}>{''.join(safe(child) for child in children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = {"cls": "class", "for_": "for"}.get(key, key.replace("_", "-"))
    if value is True:
        return f" {name}"
    if name == "href" and not SAFE_LINK.match(str(value)):
        return ""
    return f' {name}="{escape(plain(value, 4000))}"'


def join(*children: object, between: str = "") -> Html:
    """Put several children side by side."""
    return Html(escape(between).join(safe(child) for child in children))


def link(text: object, href: str, **attributes: object) -> Html:
    """Make a link; one that leads out opens in a new window and tells nobody where from."""
    if href.startswith(("http://", "https://")):
        attributes |= {"target": "_blank", "rel": "noopener noreferrer"}
    if not SAFE_LINK.match(href):
        return tag("span", plain(text))
    return tag("a", plain(text), href=href, **attributes)


def worded(text: object) -> str:
    """Give the words of markup of ours, or of any text."""
    return unescape(re.sub(r"<[^>]*>", "", text)) if isinstance(text, Html) else str(text)


def unseen(text: object) -> Html:
    """Text for those who listen instead of look."""
    return tag("span", text, cls="ov-unseen")


def items(*entries: object, cls: str | None = None) -> Html:
    """Make a list."""
    return tag("ul", *(tag("li", entry) for entry in entries), cls=cls)
