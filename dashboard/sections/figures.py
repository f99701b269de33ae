"""What is known in figures? All of them, by family; those without a value say why."""

from __future__ import annotations

from collections.abc import Sequence

from collector.metrics import BY_KEY
from dashboard import words
from dashboard.components.explain import definitions, missing_text
from dashboard.components.html import Html, join, tag
from dashboard.sections.shown import Shown
from dashboard.view import show


def section(shown: Shown) -> None:
    """Show every figure that has a value, and list those that have none."""
    for title, family in words.families():
        told = [key for key in family if key in shown.values]
        known = [key for key in told if shown.values[key].state == "ok"]
        if told:
            show(
                tag("h2", shown.view.translator.text(title)),
                shown.figures(known),
                _without_value(shown, [key for key in told if key not in known]),
            )


def _without_value(shown: Shown, keys: Sequence[str]) -> Html:
    """List the figures that have no value, each with its reason, out of the way."""
    if not keys:
        return Html("")
    translator = shown.view.translator
    said = translator.plural(
        "{n} figure has no value, and why", "{n} figures have no value, and why", len(keys)
    )
    facts: list[tuple[str, object]] = [
        (
            translator.text(BY_KEY[key].words or BY_KEY[key].title),
            join(missing_text(shown.values[key], translator), " ", shown.records(key)),
        )
        for key in keys
    ]
    return tag("details", tag("summary", said), definitions(facts))
