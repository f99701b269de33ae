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
from dashboard.data import Source
from dashboard.i18n import N_, Translator
from dashboard.position import Change
from dashboard.words import QUESTIONS, status

KINDS = {
    "decide": N_("Decide"),
    "answer": N_("Answer"),
    "goal": N_("Goals"),
    "news": N_("Good news"),
    "unsorted": N_("Not sorted"),
}
WEIGHT = {"abandoned": 5, "at_rest": 2, "slowing": 3}
WAITED_TOO_LONG = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to work through.

    ``project`` is empty where a host is concerned, ``name`` then says which.
    """

    kind: str
    project: str
    name: str
    what: str
    why: str
    helps: str
    since: Instant | None = None
    links: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is put into words when it is shown: of thousands a few are read."""

    weight: float
    project: str
    kind: str
    rule: str
    about: str
    written: Callable[[], Entry]


def drafts(
    source: Source, changed: Sequence[Change], ospo: str, translator: Translator
) -> Sequence[Draft]:
    """Take what the last pass found; where it has not looked, what judgements alone tell."""
    found, rows = source.attention(), source.own(ospo)
    if found is None:
        return derived(rows, source.values_of("oldest_outsider_waiting"), changed, translator)
    names = {row.key: row.name for row in source.projects()}
    ospos = {one.key: one.name for one in source.ospos()}
    if ospo:
        own = {row.key for row in rows} | {ospo}
        found = tuple(
            one for one in found if {str(one.get("project")), str(one.get("about"))} & own
        )
    return kept(found, names, translator, ospos)


def kept(
    given: Sequence[Json],
    names: Mapping[str, str],
    translator: Translator,
    ospos: Mapping[str, str] | None = None,
) -> tuple[Draft, ...]:
    """Take the entries the last pass found; ``names``: what projects are called.

    ``ospos``: what OSPOs are called, which an entry may be about instead.
    """
    return tuple(
        Draft(
            _number(one.get("severity")) * _number(one.get("criticality")),
            str(one.get("project") or ""),
            _kind(one),
            str(one.get("rule") or ""),
            str(one.get("about") or ""),
            partial(_kept, one, names, translator, ospos or {}),
        )
        for one in given
    )


def _kind(given: Json) -> str:
    kind = str(given.get("kind"))
    return kind if kind in KINDS else "decide"


def _kept(
    given: Json, names: Mapping[str, str], translator: Translator, ospos: Mapping[str, str]
) -> Entry:
    project, about = str(given.get("project") or ""), str(given.get("about") or "")
    since, links = given.get("since"), given.get("links")
    return Entry(
        _kind(given),
        project if project in names else "",
        names.get(project) or project or ospos.get(about, about),
        phrase(given.get("what"), translator),
        phrase(given.get("why"), translator),
        phrase(given.get("helps"), translator),
        since if isinstance(since, int) else None,
        tuple(str(address) for address in links) if isinstance(links, list) else (),
        str(given.get("role") or ""),
    )


def _number(given: Part) -> float:
    return float(given) if isinstance(given, int | float) else 0.0


def derived(
    rows: Sequence[ProjectRow],
    waiting: Mapping[int, float],
    changed: Sequence[Change],
    translator: Translator,
) -> tuple[Draft, ...]:
    """List what judgements alone tell."""
    drafts = [
        Draft(weight, row.key, "decide", "judged", "", partial(_decide, row, translator))
        for row in rows
        if (weight := _gravity(row))
    ]
    for row in rows:
        days = waiting.get(row.id, 0)
        if days > WAITED_TOO_LONG and row.status != "retired":
            weight = (4.0 if days > 3 * WAITED_TOO_LONG else 3.0) * _criticality(row)
            write = partial(_answer, row, days, translator)
            drafts.append(Draft(weight, row.key, "answer", "waiting", "", write))
    by_id = {row.id: row for row in rows}
    for change in changed:
        if change.better and change.project_id in by_id:
            row = by_id[change.project_id]
            drafts.append(
                Draft(0.5, row.key, "news", "better", "", partial(_good, row, translator))
            )
    return tuple(drafts)


def _criticality(row: ProjectRow) -> int:
    return row.criticality or 4


def _gravity(row: ProjectRow) -> float:
    """How heavy is what is to be decided? 0: nothing is."""
    severity = float(WEIGHT.get(row.status, 0))
    if not severity and row.risk == "high" and row.status != "retired":
        severity = 4.0 if _criticality(row) >= 7 else 0.0
    return severity * _criticality(row)


def _decide(row: ProjectRow, translator: Translator) -> Entry:
    _ = translator.text
    why = phrase(row.summary.get("reason"), translator)
    if row.status in WEIGHT:
        word = _(status(row.status).word)
        helps = _("Decide: fix, fund, hand over, retire, or accept it with a date to look again.")
        what = word[:1].upper() + word[1:]
        return Entry("decide", row.key, row.name, what, why, helps)
    what = _("High risk, and much depends on it")
    why = unanswered(row, translator) or why
    helps = _("Ask for a second maintainer, or plan the hand-over while it is quiet.")
    return Entry("decide", row.key, row.name, what, why, helps)


def unanswered(row: ProjectRow, translator: Translator) -> str:
    """Say which of the questions that make the risk high is answered with no."""
    answers = row.summary.get("questions")
    if not isinstance(answers, dict):
        return ""
    asked = [QUESTIONS[key] for key in ("survive", "safe") if answers.get(key) == "not met"]
    return " ".join(f"{translator.text(question)} {translator.text('No.')}" for question in asked)


def _answer(row: ProjectRow, days: float, translator: Translator) -> Entry:
    _ = translator.text
    what = _(
        "Somebody from outside has waited {days} for an answer", days=translator.duration(days)
    )
    helps = _("A first answer, even “we will look at this in January”, keeps people.")
    return Entry("answer", row.key, row.name, what, "", helps)


def _good(row: ProjectRow, translator: Translator) -> Entry:
    _ = translator.text
    what = _("Is {status} again", status=_(status(row.status).word))
    why = phrase(row.summary.get("reason"), translator)
    return Entry("news", row.key, row.name, what, why, "")
