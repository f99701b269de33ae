"""``attention``: what to look at this week, the gravest first, by what it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from collector import clock, portfolio, weekly
from collector.attention import (
    Entry,
    Group,
    Situation,
    attention,
    entry_json,
    grouped,
    shown,
    situation,
)
from collector.commands.common import as_of, configuration, day
from collector.commands.paper import paper, say
from collector.config import Config
from collector.history import first_event, month_starts, values_at
from collector.judgement import Json, all_events, judge
from collector.metrics import BY_KEY
from collector.model import DAY, Activity, Instant
from collector.run import pseudonyms
from collector.store import migrate, read
from collector.store.engine import connect
from collector.store.read_activity import activity
from collector.store.situations import Answers, stored_answers

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Engine

    from collector.attention.goals import Points
    from collector.config.values import ProjectConfig
    from collector.model import Threshold

MOST_LINKS = 3
HEADINGS = {
    "decide": "To decide",
    "answer": "To answer",
    "goal": "Goals",
    "news": "Good news",
    "unsorted": "Not sorted yet",
}


def look(format: str, date: str | None = None) -> int:
    """Print the entries of all projects, as they were measured last or as of any date."""
    config = configuration()
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    if date is None:
        known = tuple(weekly.situations(engine, config))
        entries = weekly.entries(engine, known, config, clock.now())
    else:
        known = tuple(_as_they_were(engine, config, as_of(date)))
        entries = attention(known, as_of(date))
    if format == "json":
        print(json.dumps([*_documents(entries)], ensure_ascii=False, indent=1))
    else:
        _list(paper(), known, entries, date)
    return 0


def _documents(entries: Iterable[Entry]) -> Iterator[Json]:
    """Each entry with its group's number: one kind about one project is one thing to do."""
    for number, group in enumerate(grouped(entries), 1):
        for entry in group.entries:
            yield {**entry_json(entry), "group": number}


# ---------------------------------------------------------------- any date


def _as_they_were(engine: Engine, config: Config, at: Instant) -> Iterator[Situation]:
    """Every project that had begun by then, judged from the stored records."""
    who, given = portfolio.who(config, pseudonyms(config.data_dir)), portfolio.thresholds(config)
    declared = {project.id: project for project in config.projects}
    for state in read.project_states(engine):
        if state.key in declared and declared[state.key].declared.relation == "hosted":
            loaded = activity(engine, state.key, who)
            if first_event(loaded) < at:
                answers = stored_answers(engine, state.id, at)
                yield _as_it_was(loaded, declared[state.key], given[state.key], answers, at)


def _as_it_was(
    loaded: Activity,
    project: ProjectConfig,
    given: tuple[Threshold, ...],
    answers: Answers,
    at: Instant,
) -> Situation:
    goals = weekly.goals(project)
    series = {goal.metric: _points(loaded, goal.metric, goal.begins, at) for goal in goals}
    values = values_at(loaded, at)
    return situation(
        loaded,
        judge(loaded, at, given, values),
        values,
        changes=all_events(loaded, first_event(loaded), at),
        answers=answers,
        series=series,
        goals=goals,
        decisions=weekly.decisions(project),
    )


def _points(loaded: Activity, metric: str, since: Instant, at: Instant) -> Points:
    months = month_starts(max(since - 31 * DAY, first_event(loaded)), at)
    found = ((month, BY_KEY[metric].compute(loaded, month).value) for month in months)
    return tuple((month, value) for month, value in found if value is not None)


# ---------------------------------------------------------------- paper


def _list(
    console: Console, known: tuple[Situation, ...], entries: tuple[Entry, ...], date: str | None
) -> None:
    if not known and not entries:
        none = "Nothing is measured yet. Start with: ospo-vitals collect"
        say(
            console, none if date is None else f"No project that was collected began before {date}."
        )
        return
    if not entries:
        say(console, f"Nothing needs a decision in the {len(known)} projects measured.")
    groups, more = shown(entries)
    kind = ""
    for place, group in enumerate(groups, 1):
        if group.first.kind != kind:
            kind = group.first.kind
            say(console, HEADINGS[kind])
            say(console)
        _print(console, place, group)
    if more:
        say(console, f"and {more} more: ospo-vitals attention --format json")


def _print(console: Console, place: int, group: Group[Entry]) -> None:
    first = group.first
    say(console, f"{place}. {first.project or first.about}{_since(first)}")
    say(console, first.what, 3)
    say(console, f"Why it matters: {first.why}", 3)
    say(console, f"What helps: {first.helps} ({first.role}{_answered_by(first)})", 3)
    for entry in group.entries[1:]:
        say(console, f"Also{_since(entry)}: {entry.what}", 3)
    links = list(dict.fromkeys(link for entry in group.entries for link in entry.links))
    for link in links[:MOST_LINKS]:
        say(console, link, 3)
    if len(links) > MOST_LINKS:
        say(console, f"and {len(links) - MOST_LINKS} more", 3)
    say(console)


def _answered_by(entry: Entry) -> str:
    """What a decision in the portfolio file must be about to answer the entry."""
    about = entry.about.removeprefix("review:")
    decided = entry.project and entry.kind in ("decide", "answer", "goal")
    return f"; a decision about {about} answers it" if decided else ""


def _since(entry: Entry) -> str:
    return f" · since {day(entry.since)}" if entry.since is not None else ""
