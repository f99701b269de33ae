"""How does a chart get onto paper? As SVG of a fixed width, made here: nothing is asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from dashboard.charts import VALIDATED, Drawing, themed
from dashboard.components.html import NOT_XML
from dashboard.theme import Palette, in_turn

WIDTH = 640
LOWER, LOW = 0.65, 200
"""How much lower than a page's a chart is that is higher than so many pixels: paper is short."""
LEADS = ("href", "tooltip")
"""What a printed mark has no use for: it cannot be pressed, nor pointed at."""
GAP, SIGN, LETTER, AXIS = 24, 44, 6.3, 80
"""Pixels: between a legend's words, of a sign with its gaps, of a letter, left of the chart."""
ROOM = {"left": 14, "right": 5, "top": 5, "bottom": 5}
"""Words are measured in letters as wide as Arial's; a reader's may be an eighth wider."""
_COLOUR = re.compile('(?<=")#[0-9a-f]{6}(?=")')
_CLIP = re.compile(r'(?<=id="clip)\d+|(?<=url\(#clip)\d+')


def svg(drawing: Drawing, colours: Palette, language: str, width: int = WIDTH) -> str:
    """Draw a chart for a document, so many pixels wide with all that belongs to it."""
    import vl_convert  # eighty megabytes, for documents alone

    spec = _still(themed(drawing.chart, colours, language).to_dict(validate=VALIDATED))
    spec["width"] = width
    if isinstance(height := spec.get("height"), int | float):
        spec["height"] = max(min(height, LOW), LOWER * height, drawing.least)
    spec["padding"] = ROOM
    spec["config"]["legend"]["columnPadding"] = GAP
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"]["legend"]["columns"] = columns(max(_legends(spec), key=len, default=()), width)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    made = vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
    return _numbered(made)


def _numbered(picture: str) -> str:
    """Number what parts are clipped by from 0 on: it is counted over all pictures of a process."""
    order = {name: str(at) for at, name in enumerate(dict.fromkeys(_CLIP.findall(picture)))}
    return _CLIP.sub(lambda found: order[found[0]], picture)


def recoloured(picture: str, drawn: Palette, wanted: Palette) -> str:
    """Give a picture in the colours of another appearance, as if it were drawn in them."""
    pairs = dict(zip(in_turn(drawn), in_turn(wanted), strict=True))
    return _COLOUR.sub(lambda found: pairs.get(found[0], found[0]), picture)


def _still(spec: Any) -> Any:
    """Leave out of a chart's parts all that waits for a reader's hand, and what is no character.

    Of one that XML cannot hold the whole process would die.
    """
    if isinstance(spec, list):
        return [_still(part) for part in spec]
    if isinstance(spec, dict):
        return {key: _still(part) for key, part in spec.items() if key not in LEADS}
    return NOT_XML.sub("\ufffd", spec) if isinstance(spec, str) else spec


def _legends(spec: Any) -> Iterator[Sequence[str]]:
    """Give the words of each legend."""
    parts = spec if isinstance(spec, list) else spec.values() if isinstance(spec, dict) else ()
    if isinstance(spec, dict) and spec.get("legend") and "scale" in spec:
        yield spec["scale"].get("domain", ())
    for part in parts:
        yield from _legends(part)


def columns(names: Sequence[str], width: int) -> int:
    """Into how many columns do a legend's words fit?"""
    for count in range(len(names), 1, -1):
        widest = (max(map(len, names[at::count])) for at in range(count))
        if sum(SIGN + LETTER * longest for longest in widest) <= width - AXIS:
            return count
    return 1
