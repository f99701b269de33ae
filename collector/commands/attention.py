"""``attention``: what to look at this week, the gravest first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from collector import clock, weekly
from collector.attention import Entry, Situation, entry_json, shown
from collector.commands.common import configuration, day
from collector.commands.paper import paper, say
from collector.store import migrate
from collector.store.engine import connect

if TYPE_CHECKING:
    from rich.console import Console

MOST_LINKS = 3


def look(format: str) -> int:
    """Print the entries of all projects."""
    config = configuration()
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    known = tuple(weekly.situations(engine, config))
    entries = weekly.entries(known, config, clock.now())
    if format == "json":
        print(json.dumps([entry_json(entry) for entry in entries], ensure_ascii=False, indent=1))
    else:
        _list(paper(), known, entries)
    return 0


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
