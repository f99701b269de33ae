"""``attention``: what to look at this week, the gravest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collector import clock
from collector.attention import Decision, Entry, Goal, Situation, attention, entry_json, shown
from collector.commands.common import configuration, day
from collector.commands.paper import paper, say
from collector.config import Config
from collector.cron import slots
from collector.judgement import from_json
from collector.model import DAY
from collector.project_settings import instant
from collector.store import migrate
from collector.store.engine import connect
from collector.store.situations import LastMeasured, last_measured

if TYPE_CHECKING:
    from rich.console import Console

    from collector.config_values import ProjectConfig

MOST_LINKS = 3


def look(format: str) -> int:
    """Print the entries of all projects."""
    config = configuration()
    known = tuple(situations(config))
    entries = attention(known, clock.today(), _days_between_passes(config))
    if format == "json":
        print(json.dumps([entry_json(entry) for entry in entries], ensure_ascii=False, indent=1))
    else:
        _list(paper(), known, entries)
    return 0


def situations(config: Config) -> Iterator[Situation]:
    """Each project as it was judged last, with the goals and decisions of its file now."""
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    declared = {project.id: project for project in config.projects}
    for one in last_measured(engine):
        if one.project.id in declared:
            yield _situation(one, declared[one.project.id])


def _situation(one: LastMeasured, project: ProjectConfig) -> Situation:
    said = project.declared
    return Situation(
        one.project,
        one.repositories,
        from_json(one.judgement),
        one.values,
        one.history,
        tuple(
            Goal(each.metric, each.target, instant(each.by) or 0, each.agreed_with)
            for each in said.goals
        ),
        tuple(
            Decision(
                each.about,
                instant(each.date) or 0,
                each.decision,
                instant(each.review_on),
                each.text,
            )
            for each in said.decisions
        ),
    )


def _days_between_passes(config: Config) -> float:
    """How often is data collected? A day where the schedule does not say."""
    timetable = slots(config.schedule.collect, config.timezone)
    following = timetable.after(clock.now())
    before = None if following is None else timetable.before(following - 1)
    return 1.0 if following is None or before is None else (following - before) / DAY


def _list(console: Console, known: tuple[Situation, ...], entries: tuple[Entry, ...]) -> None:
    if not known:
        say(console, "Nothing is measured yet. Start with: ospo-vitals collect")
        return
    if not entries:
        say(console, f"Nothing needs a decision in the {len(known)} projects measured.")
    first, more = shown(entries)
    for place, entry in enumerate(first, 1):
        _print(console, place, entry)
    if more:
        say(console, f"and {more} more: ospo-vitals attention --format json")


def _print(console: Console, place: int, entry: Entry) -> None:
    since = f" · since {day(entry.since)}" if entry.since is not None else ""
    say(console, f"{place}. {entry.project or entry.about} · {entry.kind}{since}")
    say(console, entry.what, 3)
    say(console, f"Why it matters: {entry.why}", 3)
    say(console, f"What helps: {entry.helps} ({entry.role})", 3)
    for link in entry.links[:MOST_LINKS]:
        say(console, link, 3)
    if len(entry.links) > MOST_LINKS:
        say(console, f"and {len(entry.links) - MOST_LINKS} more", 3)
    say(console)
