"""How an intake check is printed: one page for people, one document for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from collector.commands.common import day
from collector.commands.paper import Column, listed, number, paper, say, show
from collector.intake import FIGURES, Intake
from collector.judgement import phrase_json, to_json
from collector.judgement.checks import Result
from collector.judgement.status import WORDS
from collector.metric import State, Value
from collector.metrics import BY_KEY

if TYPE_CHECKING:
    from rich.console import Console

    from collector.judgement import Question

SHOWN = (Result.NOT_MET, Result.AT_RISK)


def document(found: Intake) -> dict[str, Any]:
    """As programs read it."""
    return {
        "url": found.url,
        "as_of": day(found.as_of),
        "judgement": to_json(found.judgement),
        "values": {
            key: {
                "value": value.value,
                "state": value.state.value,
                "reason": str(value.reason) if value.reason else None,
                "n": value.n,
                "parts": dict(value.parts),
            }
            for key, value in found.values.items()
        },
        "settle": [{**_phrase(each), "words": str(each)} for each in found.settle],
        "not_read": list(found.not_read),
    }


def _phrase(each: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", phrase_json(each))


def page(found: Intake) -> None:
    """Print the page."""
    console, judgement = paper(), found.judgement
    say(console, found.url)
    say(console, f"As of {day(found.as_of)}: {WORDS[judgement.status]}. {judgement.reason}")
    for sentence in found.not_read:
        say(console, f"Not all could be read: {sentence}")
    _heading(console, "The five questions")
    for question in judgement.questions:
        for indent, words in _question(question):
            say(console, words, indent)
    _heading(console, "Figures")
    figures = [row for key in FIGURES if (row := _figure(key, found.values.get(key)))]
    show(console, [Column("", folds=True), Column("", right=True)], figures)
    _heading(console, "On paper")
    for words in _paper(found):
        say(console, words)
    _heading(console, "To settle before it is hosted")
    for at, told in enumerate(found.settle, 1):
        say(console, f"{at}. {told}")
    if not found.settle:
        say(console, "Nothing stands out. What remains: who pays for it, who answers, for whom.")


def _heading(console: Console, words: str) -> None:
    say(console)
    say(console, words)
    say(console, "-" * len(words))


def _question(question: Question) -> Iterator[tuple[int, str]]:
    """A question, its answer, and the checks that made it so."""
    yield 0, f"{question.title} {ANSWERS[question.answer]}"
    for check in question.checks:
        if check.result in SHOWN:
            yield 2, f"{check.why} {check.change or ''}".strip()


ANSWERS = {
    Result.MET: "Yes.",
    Result.AT_RISK: "In part.",
    Result.NOT_MET: "No.",
    Result.TOO_FEW: "Too few cases to say.",
    Result.UNKNOWN: "Not known.",
    Result.NOT_APPLICABLE: "Does not apply.",
}


def _figure(key: str, value: Value | None) -> list[str] | None:
    if value is None or value.state is not State.OK or value.value is None:
        return None
    metric = BY_KEY[key]
    said = number(round(value.value, 2))
    if metric.unit == "ratio":
        said = f"{value.value:.0%}"
    return [metric.words or metric.title, said]


def _paper(found: Intake) -> Iterator[str]:
    licence = found.values["license"].parts
    yield f"Licence: {licence.get('spdx') or 'none that we know'}" + (
        f" ({licence['place']})" if licence.get("place") else ""
    )
    files = found.values["community_files"].parts
    there, missing = (cast("dict[str, Any] | list[str]", files.get(k) or []) for k in FILES)
    yield f"Files: {listed(there) or 'none'}"
    if missing:
        yield f"Not found: {listed(missing)}"
    described = found.values["publiccode_valid"]
    if described.state is State.OK:
        yield "publiccode.yml: " + ("valid" if described.value else "has faults")
    yield f"Stage of life: {listed(cast('list[str]', _life(found)))}"


FILES = ("found", "missing")


def _life(found: Intake) -> object:
    return found.values["lifecycle"].parts.get("main") or ["not known"]
