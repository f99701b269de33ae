"""Where do the figures come from, and what does a newcomer find?"""

from __future__ import annotations

from collector.metric import Part
from dashboard import words
from dashboard.components import signs
from dashboard.components.html import Html, items, plain, tag
from dashboard.components.sources import repository_table
from dashboard.data import ValueRow
from dashboard.sections.shown import Shown
from dashboard.view import View, show


def section(shown: Shown) -> None:
    """Show the files that were looked for, and the repositories with their reading."""
    _ = shown.view.translator.text
    show(
        tag("h2", _("Files that newcomers look for")),
        _files(shown.view, shown.values.get("community_files")),
    )
    rows = shown.view.source.repositories(shown.row.id)
    show(tag("h2", _("Repositories")), repository_table(shown.view, rows))


def _files(view: View, value: ValueRow | None) -> Html:
    _ = view.translator.text
    found: Part = value.parts.get("found") if value else None
    missing: Part = value.parts.get("missing") if value else None
    if not isinstance(found, dict) or not isinstance(missing, list):
        return tag("p", _("The files were not read."), cls="ov-muted")
    listed = [_file(view, "met", name, str(place)) for name, place in found.items()]
    listed += [_file(view, "unknown", str(name), "") for name in missing]
    return items(*listed, cls="ov-legend")


def _file(view: View, result: str, name: str, place: str) -> Html:
    _ = view.translator.text
    mark = signs.shape(words.result(result), words.COLOUR[result])
    said = plain(place, 60) if place else _("missing")
    return tag(
        "span",
        mark,
        tag("span", tag("b", plain(name, 40)), " ", tag("span", said, cls="ov-why")),
        cls="ov-sign",
    )
