"""What must be done first? The attention entries of the first screen.

The collector finds them at the end of each pass and keeps them with the database. Where it has
not (an older pass), the few that judgements alone tell are derived here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from collector.metric import Part
from collector.model import Instant
from collector.store.read_dashboard import Json, ProjectRow
from dashboard.components.checks import phrase
from dashboard.i18n import N_, Translator
from dashboard.position import Change
from dashboard.words import QUESTIONS, status

SHOWN = 7
KINDS = {
    "decide": N_("Decide"),
    "answer": N_("Answer"),
    "goal": N_("Goals"),
    "news": N_("Good news"),
    "unsorted": N_("Not sorted"),
}
ORDER = tuple(KINDS)
WEIGHT = {"abandoned": 5, "at_rest": 2, "slowing": 3}
WAITED_TOO_LONG = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to work through. ``weight`` orders: criticality times severity.

    ``project`` is empty where a host is concerned, ``name`` then says which.
    """

    kind: str
    project: str
    name: str
    what: str
    why: str
    helps: str
    weight: float
    since: Instant | None = None
    links: tuple[str, ...] = ()
    role: str = ""


def first(found: Sequence[Entry]) -> tuple[Entry, ...]:
    """Choose the heaviest few, and put those of a kind beside each other."""
    return tuple(sorted(found[:SHOWN], key=lambda entry: _rank(entry.kind)))


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def kept(
    given: Sequence[Json], names: Mapping[str, str], translator: Translator
) -> tuple[Entry, ...]:
    """Read the entries the last pass found, in its order; ``names``: what projects are called."""
    return tuple(_kept(one, names, translator) for one in given)


def _kept(given: Json, names: Mapping[str, str], translator: Translator) -> Entry:
    project = str(given.get("project") or "")
    since, links = given.get("since"), given.get("links")
    return Entry(
        str(given.get("kind") or "decide"),
        project if project in names else "",
        names.get(project) or project or str(given.get("about") or ""),
        phrase(given.get("what"), translator),
        phrase(given.get("why"), translator),
        phrase(given.get("helps"), translator),
        _number(given.get("severity")) * _number(given.get("criticality")),
        since if isinstance(since, int) else None,
        tuple(str(address) for address in links) if isinstance(links, list) else (),
        str(given.get("role") or ""),
    )


def _number(given: Part) -> float:
    return float(given) if isinstance(given, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is put into words when it is shown: of thousands seven are read."""

    weight: float
    project: str
    kind: str
    written: Callable[[], Entry]


def derived(
    rows: Sequence[ProjectRow],
    waiting: Mapping[int, float],
    changed: Sequence[Change],
    translator: Translator,
) -> tuple[Draft, ...]:
    """List what judgements alone tell, the heaviest first."""
    drafts = [
        Draft(weight, row.key, "decide", partial(_decide, row, weight, translator))
        for row in rows
        if (weight := _gravity(row))
    ]
    for row in rows:
        days = waiting.get(row.id, 0)
        if days > WAITED_TOO_LONG and row.status != "retired":
            weight = (4.0 if days > 3 * WAITED_TOO_LONG else 3.0) * _criticality(row)
            write = partial(_answer, row, days, weight, translator)
            drafts.append(Draft(weight, row.key, "answer", write))
    by_id = {row.id: row for row in rows}
    for change in changed:
        if change.better:
            row = by_id[change.project_id]
            drafts.append(Draft(0.5, row.key, "news", partial(_good, row, translator)))
    return tuple(sorted(drafts, key=lambda draft: (-draft.weight, draft.project, draft.kind)))


def _criticality(row: ProjectRow) -> int:
    return row.criticality or 4


def _gravity(row: ProjectRow) -> float:
    """How heavy is what is to be decided? 0: nothing is."""
    severity = float(WEIGHT.get(row.status, 0))
    if not severity and row.risk == "high" and row.status != "retired":
        severity = 4.0 if _criticality(row) >= 7 else 0.0
    return severity * _criticality(row)


def _decide(row: ProjectRow, weight: float, translator: Translator) -> Entry:
    _ = translator.text
    why = phrase(row.summary.get("reason"), translator)
    if row.status in WEIGHT:
        word = _(status(row.status).word)
        helps = _("Decide: fix, fund, hand over, retire, or accept it with a date to look again.")
        what = word[:1].upper() + word[1:]
        return Entry("decide", row.key, row.name, what, why, helps, weight)
    what = _("High risk, and much depends on it")
    why = _unanswered(row, translator) or why
    helps = _("Ask for a second maintainer, or plan the hand-over while it is quiet.")
    return Entry("decide", row.key, row.name, what, why, helps, weight)


def _unanswered(row: ProjectRow, translator: Translator) -> str:
    """Say which of the questions that make the risk high is answered with no."""
    answers = row.summary.get("questions")
    if not isinstance(answers, dict):
        return ""
    asked = [QUESTIONS[key] for key in ("survive", "safe") if answers.get(key) == "not met"]
    return " ".join(f"{translator.text(question)} {translator.text('No.')}" for question in asked)


def _answer(row: ProjectRow, days: float, weight: float, translator: Translator) -> Entry:
    _ = translator.text
    what = _(
        "Somebody from outside has waited {days} for an answer", days=translator.duration(days)
    )
    helps = _("A first answer, even “we will look at this in January”, keeps people.")
    return Entry("answer", row.key, row.name, what, "", helps, weight)


def _good(row: ProjectRow, translator: Translator) -> Entry:
    _ = translator.text
    what = _("Is {status} again", status=_(status(row.status).word))
    why = phrase(row.summary.get("reason"), translator)
    return Entry("news", row.key, row.name, what, why, "", 0.5)
