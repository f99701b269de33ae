"""What is there to translate? Collects every sentence people read into the catalogues.

``python -m dashboard.i18n.messages`` writes the catalogues again: new sentences are added
empty, those no longer said are dropped, translations stay. ``--check`` only tells.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from collector.config.rulepack_file import packs
from collector.config.rulepack_models import RulePack
from collector.examples import EXAMPLES
from collector.judgement.rules import RULES
from collector.metric import Metric
from collector.metrics import METRICS
from collector.model.phrase import UNITS
from collector.rulepack.measures import MEASURES
from collector.shipped import shipped
from dashboard.i18n import FOLDER, STORED

ROOT = Path(__file__).parents[2]
SAID = {
    "collector": frozenset({"N_", "Phrase", "not_applicable", "unknown"}),
    "dashboard": frozenset({"N_", "_", "text"}),
}
"""What each package calls with a sentence as its first argument."""
ERRORS = frozenset(
    {
        "AccessDenied", "CredentialRefused", "NoRoom", "RateLimited", "RepositoryGone",
        "RepositoryMoved", "Unavailable", "UnexpectedAnswer",
    }
)  # fmt: skip
"""What says why a host could not be read. Its sentence is stored in English; what is filled in
is numbered, so that a stored one is known again by its template (``Translator.told``)."""
COUNTED = frozenset({"ngettext", "plural"})
NOISE = tuple(
    f'"{name}:'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
"""Lines of a catalogue's head that change at every writing, or name nobody."""

FILLED = re.compile(r"\{[^{}]*\}")
"""What is filled in says nothing by itself."""
WORDS = re.compile(r"(^|[ :])[a-z-]{3,}($|[ :])")
"""A reference that says more than where it stands."""

Sentence = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence, and the file in which it is said."""

    message: Sentence
    place: str


@cache
def messages() -> tuple[Found, ...]:
    """Every sentence that people read, with where it is said: the source is read once."""
    return (*_in_code(), *_in_registries())


def _in_registries() -> Iterator[Found]:
    """Described rows: metrics, rules, units, official checklists."""
    for metric in METRICS:
        yield from (Found(text, "collector/metrics") for text in _metric(metric) if text)
    for measure in MEASURES:
        yield from (Found(text, "collector/rulepack/measures") for text in _metric(measure) if text)
    yield from (Found(example.why, "collector/examples.py") for example in EXAMPLES)
    for pack in packs(shipped("config")):
        yield from (Found(text, f"config/rulepacks/{pack.id}.yaml") for text in _pack(pack) if text)
    for rule in RULES:
        sentences = (rule.title, *rule.why.values(), rule.change)
        yield from (Found(text, "collector/judgement/rules.py") for text in sentences if text)
    for unit in UNITS.values():
        yield Found(unit, "collector/model/phrase.py")


def _metric(metric: Metric) -> tuple[str, ...]:
    """What is said of a metric."""
    return (
        metric.title,
        metric.words,
        metric.question,
        metric.formula,
        metric.unit,
        metric.limits,
        metric.reference if WORDS.search(metric.reference) else "",
    )


def _pack(pack: RulePack) -> Iterator[str | None]:
    """What is said of an official checklist; names of bodies and of packs stay as they are."""
    yield pack.about
    yield from (level.name for level in pack.levels)
    for rule in pack.rules:
        yield from (rule.title, rule.ask, rule.note)


def _in_code() -> Iterator[Found]:
    trees = {
        str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8"))
        for package in ("collector", "dashboard")
        for file in sorted((ROOT / package).rglob("*.py"))
    }
    constants = {name: text for tree in trees.values() for name, text in _constants(tree)}
    for place, tree in trees.items():
        near = constants | dict(_constants(tree))  # a name means its own module's sentence
        for node in ast.walk(tree):
            if place.startswith(STORED):
                yield from (Found(text, place) for text in _errors(node))
            if isinstance(node, ast.Call) and node.args:
                for message in _said(node, near, SAID[place.partition("/")[0]]):
                    yield Found(message, place)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The sentences that a module names first and says later."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _said(call: ast.Call, constants: dict[str, str], marks: frozenset[str]) -> Iterator[Sentence]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in marks:
        yield from _texts(call.args[0], constants)
    elif name in COUNTED and len(call.args) > 1:
        singular, plural = (_texts(argument, constants) for argument in call.args[:2])
        yield from zip(singular, plural, strict=False)


def _errors(node: ast.AST) -> Iterator[str]:
    """The sentences that say why a host could not be read."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[sentence, *_]) if name in ERRORS:
            yield from _numbered(sentence)
        case ast.Tuple(elts=[_, ast.Name(id=name), sentence]) if name in ERRORS:
            yield from _numbered(sentence)


def _numbered(node: ast.expr) -> Iterator[str]:
    """A sentence; what an f-string fills in is numbered."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            number = count()
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{next(number)}}}"
                for part in parts
            )


def _texts(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """The sentences an expression can be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in constants:
            yield constants[name]
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, constants)
            yield from _texts(orelse, constants)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _texts(value, constants)


def template() -> Catalog:
    """All sentences as an empty catalogue."""
    made = Catalog(project="OSPO Vitals", charset="utf-8")
    for found in messages():
        if any(character.isalpha() for character in FILLED.sub("", "".join(found.message))):
            made.add(found.message, locations=[(found.place, 0)])
    return made


def updated(file: Path) -> str:
    """A catalogue with all sentences of today and the translations it has."""
    with file.open("rb") as written:
        catalogue = read_po(written, locale=file.stem)
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    said = BytesIO()
    write_po(
        said, catalogue, width=98, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    lines = said.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(NOISE))


def missing(file: Path) -> list[str]:
    """The sentences that a catalogue does not translate yet."""
    with file.open("rb") as written:
        catalogue = read_po(written, locale=file.stem)
    wanted = [message for message in template() if message.id]
    return [str(each.id) for each in wanted if not _is_translated(each, catalogue)]


def _is_translated(wanted: Message, catalogue: Catalog) -> bool:
    name = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
    known = catalogue.get(name)
    if known is None or known.fuzzy or not known.string:
        return False
    return isinstance(known.string, str) or all(known.string)


def main(arguments: list[str]) -> int:
    """Write the catalogues again, or with ``--check`` say what they lack."""
    lacking = 0
    for file in sorted(FOLDER.glob("*.po")):
        if "--check" not in arguments:
            file.write_text(updated(file), encoding="utf-8")
        absent = missing(file)
        lacking += len(absent)
        for sentence in absent:
            print(f"{file.name}: not translated: {sentence}")
        print(f"{file.name}: {len(absent)} sentences wait for a translation.")
    return 1 if lacking and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
