"""``packs``: what official checklists say of each project, with every input they used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from collector import portfolio
from collector.commands.common import as_of, configuration, day, known, known_projects
from collector.commands.paper import paper, said_of, say
from collector.commands.stored import current
from collector.config import Config
from collector.judgement import Json
from collector.model import Instant
from collector.rulepack import (
    Pack,
    PackResult,
    RuleResult,
    checklists,
    evaluate,
    from_json,
    packs,
    to_json,
)
from collector.run import pseudonyms
from collector.store import migrate, read
from collector.store.checklists import pack_results_of
from collector.store.engine import connect
from collector.store.read_activity import activity

if TYPE_CHECKING:
    from rich.console import Console

Found = tuple[str, tuple[PackResult, ...]]


def show(projects: Sequence[str], wanted: Sequence[str], date: str | None, format: str) -> int:
    """Print what each pack comes to. ``wanted``: only these packs, for every project asked."""
    config = configuration()
    known_projects(config, projects)
    every = packs(config)
    known([pack.id for pack in every], wanted, "rule pack")
    chosen = [pack for pack in every if pack.id in wanted]
    found = _found(config, projects, every, chosen, as_of(date))
    if format == "json":
        print(json.dumps([_record(*each) for each in found], ensure_ascii=False, indent=1))
    else:
        _print(paper(), found, at_length=bool(projects or wanted))
    return 0


def _found(
    config: Config,
    projects: Sequence[str],
    every: Sequence[Pack],
    chosen: Sequence[Pack],
    at: Instant,
) -> Iterator[Found]:
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    config = portfolio.with_found(engine, config)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    states = read.project_states(engine, projects)
    known_today = current(config, states, at)
    for state in states:
        project = config.project(state.key)
        if project is None:
            continue
        lists = checklists(every, project)
        wanted = chosen or lists.packs
        if state.key in known_today and set(wanted) <= set(lists.packs):
            yield state.key, _stored(engine, state.id, wanted)
        else:
            records = activity(engine, state.key, who)
            yield state.key, evaluate(wanted, records, at, lists.answers)


def _stored(engine: Engine, project_id: int, wanted: Sequence[Pack]) -> tuple[PackResult, ...]:
    """What was measured of these packs, in their order."""
    found = {each.pack: each for each in map(from_json, pack_results_of(engine, project_id))}
    return tuple(found[pack.id] for pack in wanted)


def _record(project: str, results: tuple[PackResult, ...]) -> Json:
    found = [{**to_json(each), "as_of": day(each.as_of)} for each in results]
    return {"project": project, "packs": [*found]}


# ---------------------------------------------------------------- for people


def _print(console: Console, found: Iterator[Found], *, at_length: bool) -> None:
    nothing = True
    for project, results in found:
        nothing = False
        say(console, project)
        for result in results:
            _pack(console, result, at_length=at_length)
        say(console)
    if nothing:
        say(console, "Nothing is collected yet. Start with: ospo-vitals collect")


def _pack(console: Console, result: PackResult, *, at_length: bool) -> None:
    level = result.level_name or "no level reached"
    say(console, f"{result.name} as of {day(result.as_of)}: {level}", 2)
    for each in result.levels:
        reached = {True: "reached", False: "not reached", None: "open"}[each.reached]
        say(console, f"{each.name}: {reached}, {each.met} met, {each.needs} needed", 4)
    shown = result.rules if at_length else result.missing
    if not at_length and shown:
        say(console, "Missing for the next level:", 4)
    for rule in shown:
        _rule(console, rule, at_length=at_length)
    if at_length:
        say(console, f"Source: {result.source}", 4)


def _rule(console: Console, rule: RuleResult, *, at_length: bool) -> None:
    wish = "" if rule.required else " (a recommendation)"
    say(console, f"{rule.id}: {rule.state.value}{wish}. {rule.title}", 6)
    say(console, rule.why, 8)
    if at_length and rule.metric:
        part = f", n {rule.n}" if rule.n is not None else ""
        inputs = "; ".join(f"{name} {said_of(part)}" for name, part in rule.parts.items())
        say(console, f"{rule.metric}{part}{': ' if inputs else ''}{inputs}", 8)
    if rule.answered and rule.evidence:
        say(console, f"Evidence: {rule.evidence}", 8)
    if at_length and rule.note:
        say(console, rule.note, 8)
