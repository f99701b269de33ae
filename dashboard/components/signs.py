"""How is a status said? By word, shape and colour together, never by one of them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.components.html import Html, items, join, tag, unseen
from dashboard.i18n import Translator


def shape(sign: words.Sign, colour: str) -> Html:
    """Draw a sign's shape; those who listen hear its word instead."""
    name = colour.replace("_", "-")
    return tag(
        "span",
        cls=f"ov-shape ov-{sign.shape}",
        style=f"--c:var(--ov-{name})",
        aria_hidden="true",
    )


def _signed(sign: words.Sign, colour: str, translator: Translator, cls: str = "") -> Html:
    word = tag("span", translator.text(sign.word))
    return tag("span", shape(sign, colour), word, cls=f"ov-sign {cls}".strip())


def status(key: str, translator: Translator, cls: str = "") -> Html:
    """Say a status."""
    colour = key if key in words.STATUS else "unknown"
    return _signed(words.status(key), colour, translator, cls)


def result(key: str, translator: Translator) -> Html:
    """Say the result of a check."""
    return _signed(words.result(key), words.COLOUR.get(key, "unknown"), translator)


def said(key: str, words_: str) -> Html:
    """Say something in words of its own, with the shape and colour of a result."""
    mark = shape(words.result(key), words.COLOUR.get(key, "unknown"))
    return tag("span", mark, tag("span", words_), cls="ov-sign")


def risk(key: str, translator: Translator) -> Html:
    """Say how high the risk is."""
    sign = words.RISK.get(key) or words.RISK[""]
    return _signed(sign, words.COLOUR.get(key, "unknown"), translator)


def answers(given: Mapping[str, object], translator: Translator) -> Html:
    """Show the answers to the five questions as five small shapes, each with its words."""
    _ = translator.text
    shown = []
    for key, question in words.QUESTIONS.items():
        answer = str(given.get(key) or "unknown")
        said = f"{_(question)} {_(words.ANSWER_SHORT.get(answer, answer))}"
        mark = shape(words.result(answer), words.COLOUR.get(answer, "unknown"))
        shown.append(tag("span", mark, unseen(said + ". "), title=said))
    return tag("span", *shown, cls="ov-answers")


def sparkline(values: Sequence[float], said: str) -> Html:
    """Draw twelve small columns, and say in words what they show."""
    highest = max(values, default=0) or 1
    bars = [tag("span", style=f"height:{round(100 * value / highest)}%") for value in values]
    return join(tag("span", *bars, cls="ov-spark", aria_hidden="true"), unseen(said))


def share(counts: Mapping[str, int], translator: Translator) -> Html:
    """Draw how many projects have each status: one bar, and the same in words below."""
    present = [key for key in words.ORDER if counts.get(key)]
    bar = tag(
        "div",
        *(_part(key, counts[key]) for key in present),
        cls="ov-share",
        aria_hidden="true",
    )
    said = [join(status(key, translator), " ", tag("b", counts[key])) for key in present]
    return join(bar, items(*said, cls="ov-legend"))


def _part(key: str, count: int) -> Html:
    hatched = "ov-hatched" if key in ("unknown", "retired") else None
    return tag("span", cls=hatched, style=f"flex:{count};--c:var(--ov-{key.replace('_', '-')})")
