"""What must be done first? The attention entries of the first screen, at most seven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.store.read_dashboard import Json, ProjectRow
from dashboard.i18n import N_, Translator
from dashboard.position import Change
from dashboard.words import status

SHOWN = 7
KINDS = {
    "decide": N_("Decide"),
    "answer": N_("Answer"),
    "goals": N_("Goals"),
    "good": N_("Good news"),
    "unsorted": N_("Not sorted"),
}
WEIGHT = {"abandoned": 5, "at_rest": 2, "slowing": 3}
WAITED_TOO_LONG = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to work through. ``weight`` orders: criticality times severity."""

    kind: str
    project: str
    name: str
    what: str
    why: str
    helps: str
    weight: float


def entries(
    rows: Sequence[ProjectRow],
    waiting: Mapping[int, float],
    changed: Sequence[Change],
    translator: Translator,
) -> tuple[Entry, ...]:
    """Derive what to do from the judgements: the heaviest first, each project once a kind."""
    found = [entry for row in rows if (entry := _decide(row, translator))]
    found += [
        _answer(row, waiting[row.id], translator)
        for row in rows
        if waiting.get(row.id, 0) > WAITED_TOO_LONG and row.status != "retired"
    ]
    by_id = {row.id: row for row in rows}
    found += [_good(by_id[change.project_id], translator) for change in changed if change.better]
    return tuple(sorted(found, key=lambda entry: (-entry.weight, entry.project, entry.kind)))


def _criticality(row: ProjectRow) -> int:
    return row.criticality or 4


def _decide(row: ProjectRow, translator: Translator) -> Entry | None:
    _ = translator.text
    severity = WEIGHT.get(row.status, 0)
    reason = row.summary.get("reason")
    why = translator.phrase(reason if isinstance(reason, dict) else None)
    if severity:
        what = _(status(row.status).word).capitalize()
        helps = _("Decide: fix, fund, hand over, retire, or accept it with a date to look again.")
        return Entry("decide", row.key, row.name, what, why, helps, severity * _criticality(row))
    if row.risk == "high" and _criticality(row) >= 7 and row.status != "retired":
        what = _("High risk, and much depends on it")
        helps = _("Ask for a second maintainer, or plan the hand-over while it is quiet.")
        return Entry("decide", row.key, row.name, what, why, helps, 4.0 * _criticality(row))
    return None


def _answer(row: ProjectRow, days: float, translator: Translator) -> Entry:
    _ = translator.text
    what = _(
        "Somebody from outside has waited {days} for an answer", days=translator.duration(days)
    )
    helps = _("A first answer, even “we will look at this in January”, keeps people.")
    severity = 4.0 if days > 3 * WAITED_TOO_LONG else 3.0
    return Entry("answer", row.key, row.name, what, "", helps, severity * _criticality(row))


def _good(row: ProjectRow, translator: Translator) -> Entry:
    _ = translator.text
    reason: Json | None = row.summary.get("reason")  # type: ignore[assignment]
    what = _("Is {status} again", status=_(status(row.status).word))
    return Entry("good", row.key, row.name, what, translator.phrase(reason), "", 0.5)
