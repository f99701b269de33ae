"""How does a project stand, in a README? A picture with word, shape and colour."""

from __future__ import annotations

import unicodedata
from html import escape

from collector.model import Instant
from dashboard.data import ProjectRow
from dashboard.i18n import Translator
from dashboard.theme import LIGHT
from dashboard.words import status

NAME = "OSPO Vitals"
PAD, SHAPE, HEIGHT = 7, 10, 20
NARROW, WIDE = frozenset("fijlrtI.,:;'()| "), frozenset("mwMW@%")
DRAWN = {
    "disc": '<circle r="4.5"/>',
    "ring": '<circle r="3.5" fill="none" stroke-width="2"/>',
    "plus": '<path d="M-4.5,0H4.5M0,-4.5V4.5" stroke-width="2.5"/>',
    "diamond": '<path d="M0,-5L5,0L0,5L-5,0Z"/>',
    "square": '<path d="M-4,-4H4V4H-4Z"/>',
    "down": '<path d="M-5,-4H5L0,5Z"/>',
    "hollow": '<path d="M-3.5,-3.5H3.5V3.5H-3.5Z" fill="none" stroke-width="2"/>',
    "bar": '<path d="M-5,-1.5H5V1.5H-5Z"/>',
}


def badge(row: ProjectRow, translator: Translator, stale: Instant) -> str:
    """Draw a project's status; ``stale``: figures older than this say of what day they are."""
    if row.measured_at is None:
        return _drawn(translator, translator.text("not measured yet"), "unknown")
    word = translator.text(status(row.status).word)
    if row.measured_at < stale:
        word = f"{word} ({translator.day(row.as_of or row.measured_at)})"
        return _drawn(translator, word, row.status, old=True)
    return _drawn(translator, word, row.status)


def unknown(translator: Translator) -> str:
    """Draw that there is no such project."""
    return _drawn(translator, translator.text("not known"), "unknown")


def _drawn(translator: Translator, word: str, key: str, *, old: bool = False) -> str:
    """Draw the two halves; old figures have no colour of their own."""
    colour = LIGHT.muted if old else LIGHT.statuses.get(key, LIGHT.muted)
    left, text = 2 * PAD + width(NAME), width(word)
    right = 3 * PAD + SHAPE + text
    whole, at = left + right, left + 2 * PAD + SHAPE
    title = escape(f"{NAME}: {word}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}"'
        f' role="img" aria-label="{title}" xml:lang="{escape(translator.language)}">'
        f"<title>{title}</title>"
        f'<rect width="{whole}" height="{HEIGHT}" rx="3" fill="#ffffff"/>'
        f'<path d="M3,0H{left}V{HEIGHT}H3A3,3,0,0,1,0,{HEIGHT - 3}V3A3,3,0,0,1,3,0Z"'
        ' fill="#3a4350"/>'
        f'<rect x=".5" y=".5" width="{whole - 1}" height="{HEIGHT - 1}" rx="2.5" fill="none"'
        ' stroke="#3a4350"/>'
        f'<g transform="translate({left + PAD + SHAPE // 2},{HEIGHT // 2})" fill="{colour}"'
        f' stroke="{colour}" stroke-width="0">{DRAWN[status(key).shape]}</g>'
        '<g font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f'<text x="{PAD}" y="14" fill="#ffffff" textLength="{left - 2 * PAD}">{NAME}</text>'
        f'<text x="{at}" y="14" fill="{LIGHT.text}" textLength="{text}">{escape(word)}</text>'
        "</g></svg>\n"
    )


def width(text: str) -> int:
    """How wide is a text at 11 pixels? Marks above and below letters take no room."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return round(sum(_width(letter) for letter in letters))


def _width(letter: str) -> float:
    if letter in NARROW:
        return 4.2
    if letter in WIDE:
        return 10.4
    return 7.5 if letter.isupper() else 6.5
