"""``whatif``: the portfolio as it would be judged without a supplier, a person or a grant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from collector import portfolio
from collector.commands.common import as_of, configuration, day, known
from collector.commands.paper import paper, say
from collector.commands.stored import current
from collector.config import Config
from collector.errors import ConfigurationError
from collector.identity import alias
from collector.judgement import Json
from collector.judgement.status import WORDS, Status
from collector.model import Instant
from collector.run import pseudonyms
from collector.store import migrate, read
from collector.store.checklists import touched_by
from collector.store.engine import connect
from collector.store.read import ProjectState
from collector.store.read_activity import Loaded, Who, load
from collector.whatif import KINDS, Flip, Outcome, Without, now, outcome, to_json

if TYPE_CHECKING:
    from rich.console import Console

NOUNS = {
    "supplier": "supplier or organisation",
    "person": "person under `identities`, and no login or mail",
    "funding": "source of funding",
}


def look(without: str, date: str | None, format: str) -> int:
    """Print what would become of the projects that are touched."""
    config = configuration()
    asked = parse(without)
    today = as_of(None)
    ends = today if date is None else as_of(date)
    found = outcomes(config, asked, min(today, ends), ends)
    if format == "json":
        print(json.dumps(_record(asked, ends, found), ensure_ascii=False, indent=1))
    else:
        _print(paper(), asked, ends, found)
    return 0


def parse(text: str) -> Without:
    """Who goes. Raises ``ConfigurationError`` for a form that is not known."""
    kind, mark, id_ = text.partition(":")
    if not mark or not id_:
        raise ConfigurationError(
            f"{text!r} does not say who goes. Write supplier:ID, person:NAME or funding:SOURCE."
        )
    known(KINDS, [kind], "kind of loss")
    return Without(kind, id_)


def outcomes(config: Config, without: Without, at: Instant, ends: Instant) -> tuple[Outcome, ...]:
    """What would become of each project that is touched, the most critical first.

    Raises ``ConfigurationError``, naming the nearest, where nobody is called so.
    """
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    config = portfolio.with_found(engine, config)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    thresholds = portfolio.thresholds(config)
    names, met, found = _names(config, without.kind), False, []
    for state in _may_be_touched(engine, config, without, at, named=without.id in names):
        loaded = load(engine, state.key, who)
        persons = _by_account(loaded, without, names, who)
        met = met or persons is not None
        project = now(loaded.activity, at, thresholds.get(state.key, ()))
        one = outcome(project, without, ends, persons)
        if one is not None:
            found.append(one)
    if not met and not found:
        known(names, [without.id], NOUNS[without.kind])
    return tuple(sorted(found, key=lambda one: (not one.nobody, -one.criticality, one.project)))


def _may_be_touched(
    engine: Engine, config: Config, without: Without, at: Instant, *, named: bool
) -> Iterator[ProjectState]:
    """Every project but those of which is stored that it would not be touched."""
    states = read.project_states(engine)
    # Whom configuration does not name is looked for in the records.
    known_today = current(config, states, at) if named else frozenset()
    touched = touched_by(engine, str(without))
    for state in states:
        if state.key not in known_today or state.id in touched:
            yield state


def _names(config: Config, kind: str) -> frozenset[str]:
    """What configuration calls those who may go."""
    if kind == "person":
        return frozenset(person.name for person in config.identities)
    if kind == "funding":
        return frozenset(
            each.source for project in config.projects for each in project.declared.funding
        )
    suppliers = (
        each.supplier for project in config.projects for each in project.declared.contracts
    )
    return frozenset((*(body.id for body in config.organisations), *suppliers))


def _by_account(
    loaded: Loaded, without: Without, names: frozenset[str], who: Who
) -> frozenset[int] | None:
    """Somebody whom configuration does not name, by login or mail; None: by name, or not here."""
    if without.kind != "person" or without.id in names:
        return None
    wanted = alias(without.id, [without.id], [], who.pseudonyms)
    found = frozenset(
        loaded.numbers[loaded.resolution.person[row.id]]
        for row in loaded.accounts
        if row.id in loaded.resolution.person and wanted.names(row, who.pseudonyms)
    )
    return found or None


# ---------------------------------------------------------------- output


def _record(without: Without, ends: Instant, found: tuple[Outcome, ...]) -> Json:
    projects = [{**to_json(each), "as_of": day(each.as_of), "ends": day(each.ends)}
                for each in found]  # fmt: skip
    return {
        "without": str(without),
        "from": day(ends),
        "touched": len(found),
        "nobody": [each.project for each in found if each.nobody],
        "projects": [*projects],
    }


def _print(console: Console, without: Without, ends: Instant, found: tuple[Outcome, ...]) -> None:
    if not found:
        say(console, f"No project would be touched if {without} went on {day(ends)}.")
        return
    lost = [each.project for each in found if each.nobody]
    said = f"If {without} goes on {day(ends)}: projects touched: {len(found)}, "
    say(console, f"{said}left with nobody: {len(lost)}{' (' if lost else ''}"
        f"{', '.join(lost)}{')' if lost else ''}.")  # fmt: skip
    for each in found:
        say(console)
        for line in _lines(each):
            say(console, line, 0 if line.startswith(each.project) else 2)


def _lines(one: Outcome) -> Iterator[str]:
    yield f"{one.project}{': nobody of its regular people would be left' if one.nobody else ''}"
    yield f"People who work on it regularly: {_change(*one.regular)}"
    status = (WORDS[Status(each)] for each in one.status)
    yield f"Status: {_change(*status)}; risk: {_change(*one.risk)}"
    if one.ending:
        yield f"Ends then: {', '.join(one.ending)}"
    for flip in one.flips:
        yield _flip(flip)
    if one.undelivered is not None and (one.undelivered or one.theirs):
        yield f"Not delivered yet: {one.undelivered} commits, {one.theirs} of them theirs"
    if one.open_proposals:
        yield f"Open proposals of theirs: {one.open_proposals}"


def _flip(flip: Flip) -> str:
    return f"{flip.title}: {flip.before.value} → {flip.after.value}. {flip.why}"


def _change(before: object, after: object) -> str:
    words = ["not known" if each is None else str(each) for each in (before, after)]
    return words[0] if words[0] == words[1] else " → ".join(words)
