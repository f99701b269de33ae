"""What ``status`` says of looking for repositories: where, how it went, what is not sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine

from collector.commands.common import day, moment
from collector.commands.paper import paper, say
from collector.store.read_shelf import Shelf, shelf, shelves
from collector.store.sources import Source, source_rows

SHOWN = 5
"""Broken entries of a source that are printed; JSON gives more of them."""


def failing(engine: Engine) -> bool:
    """Could a source not be read?"""
    return any(source.error for source in source_rows(engine))


def document(engine: Engine) -> dict[str, Any]:
    """As programs read it."""
    return {
        **asdict(shelf(engine)),
        "ospos": {ospo: asdict(one) for ospo, one in shelves(engine).items()},
        "sources": [_record(source) for source in source_rows(engine)],
    }


def _record(source: Source) -> dict[str, Any]:
    return {
        "ospo": source.ospo,
        "source": source.title,
        "last_success": moment(source.read_at),
        "last_error": source.error,
        "listed": source.listed,
        "broken": source.broken,
        "broken_entries": [{"entry": entry, "why": why} for entry, why in source.broken_entries],
    }


def tell(engine: Engine) -> None:
    """Print it for people; nothing where nothing is looked for."""
    console = paper()
    for source in source_rows(engine):
        for indent, words in _lines(source):
            say(console, words, indent)
    for words in _shelf(shelf(engine)):
        say(console, words)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    if source.error:
        since = day(source.error_since)
        yield 0, f"{source.ospo}: {source.title} could not be searched since {since}:"
        yield 2, source.error
    if source.broken:
        yield 0, f"{source.ospo}: entries of {source.title} that cannot be used: {source.broken}."
        for entry, why in source.broken_entries[:SHOWN]:
            yield 2, f"{entry}: {why}"
        if source.broken > SHOWN:
            yield 2, f"and {source.broken - SHOWN} more"


def _shelf(one: Shelf) -> Iterator[str]:
    if one.not_sorted:
        yield (
            f"Repositories that are not sorted yet: {one.not_sorted}. For a proposal run:"
            " ospo-vitals sort"
        )
    if one.set_aside:
        yield f"Set aside as forks, copies or by configuration: {one.set_aside}."
    if one.gone:
        yield f"No longer listed where they were found: {one.gone}."
