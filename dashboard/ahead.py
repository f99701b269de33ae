"""What does every page need from Streamlit at once? It is loaded with the page, not after it.

Streamlit's front end fetches each kind of element when the first one of it arrives, and React
then holds back what waited for it by up to 300 ms. Nearly all of our pages is the element
``Html``: loaded early it is there when the first text comes, and the text is shown a quarter of
a second sooner.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import streamlit

ELEMENT = "../lib/src/components/elements/Html/Html.tsx"
STATIC = Path(streamlit.__file__).parent / "static"


@cache
def scripts() -> bytes:
    """Give the script tags to put into the head; none where Streamlit has changed its files."""
    try:
        listed = json.loads((STATIC / "manifest.json").read_bytes())
        page = (STATIC / "index.html").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return b""
    needed = [file for file in _files(listed) if file not in page]
    return "".join(
        f'<script type="module" crossorigin src="./{file}"></script>' for file in needed
    ).encode()


def _files(listed: Mapping[str, Mapping[str, object]]) -> list[str]:
    """List the element's file and, before it, those it imports."""
    found: dict[str, None] = {}
    waiting = [ELEMENT]
    while waiting:
        part = listed.get(waiting.pop(), {})
        file = str(part.get("file", ""))
        if file and file not in found:
            found[file] = None
            waiting += cast("list[str]", part.get("imports", []))
    return list(found)[::-1]
