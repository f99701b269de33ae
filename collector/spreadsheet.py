"""How does a text reach a spreadsheet without being run there?"""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""What a spreadsheet takes for the beginning of a formula."""


def as_text(text: str) -> str:
    """Mark a text that looks like a formula as text, by an apostrophe before it."""
    return f"'{text}" if text.lstrip().startswith(STARTS) or text.startswith(STARTS) else text
