"""Where repositories are looked for: what is stored of each source, and how its readings went."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, Engine, select, update

from collector.catalogue import Broken
from collector.model import Instant
from collector.store.rows import batched, upsert
from collector.store.schema_shelf import found_in, sources

NAMED = 20
"""Broken entries of a source that are kept by name; the others are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where repositories are looked for, and how its last reading went."""

    key: str
    ospo: str
    title: str
    cursor: str | None = None
    checked_at: Instant | None = None
    read_at: Instant | None = None
    error: str | None = None
    error_since: Instant | None = None
    listed: int = 0
    broken: int = 0
    broken_entries: Sequence[Sequence[str]] = ()


def sync_sources(engine: Engine, wanted: Collection[Source]) -> None:
    """Make the stored sources the configured ones; what is gone is hidden."""
    rows = [{"key": s.key, "ospo": s.ospo, "title": s.title, "hidden": False} for s in wanted]
    with engine.begin() as connection:
        upsert(connection, sources, rows)
        gone = sources.c.key.not_in([row["key"] for row in rows])
        connection.execute(update(sources).where(gone).values(hidden=True))


def source_rows(engine: Engine) -> tuple[Source, ...]:
    """Every configured source."""
    names = [each.name for each in fields(Source)]
    question = (
        select(*(sources.c[name] for name in names))
        .where(sources.c.hidden.is_(False))
        .order_by(sources.c.ospo, sources.c.title)
    )
    with engine.connect() as connection:
        return tuple(
            Source(**{**row._mapping, "broken_entries": row.broken_entries or ()})
            for row in connection.execute(question)
        )


def source_failed(engine: Engine, key: str, now: Instant, sentence: str) -> None:
    """Note that a source could not be read to its end; what it listed before stays."""
    row = sources.c.key == key
    with engine.begin() as connection:
        since = connection.scalar(select(sources.c.error_since).where(row))
        values = {"error": sentence, "error_since": since or now, "checked_at": now}
        connection.execute(update(sources).where(row).values(**values))


def source_unchanged(engine: Engine, key: str, now: Instant) -> None:
    """Note that a source lists what it listed."""
    values = {"error": None, "error_since": None, "checked_at": now, "read_at": now}
    with engine.begin() as connection:
        connection.execute(update(sources).where(sources.c.key == key).values(**values))


def source_read(
    engine: Engine,
    key: str,
    now: Instant,
    cursor: str | None,
    seen: array[int],
    broken: Sequence[Broken],
    broken_count: int,
) -> None:
    """Note that a source was read to its end; what it no longer lists is marked so.

    Where a broken entry may hide others, nothing is said to be gone.
    """
    hidden = any(each.hides for each in broken)
    with engine.begin() as connection:
        _mark(connection, key, now, set(seen), hidden=hidden)
        connection.execute(
            update(sources)
            .where(sources.c.key == key)
            .values(
                cursor=None if hidden else cursor,
                checked_at=now,
                read_at=now,
                error=None,
                error_since=None,
                listed=len(set(seen)),
                broken=broken_count,
                broken_entries=[[each.entry[:200], each.why[:500]] for each in broken[:NAMED]],
            )
        )


def _mark(connection: Connection, key: str, now: Instant, seen: set[int], *, hidden: bool) -> None:
    """Mark what is no longer listed, and unmark what is again."""
    mine = found_in.c.source == key
    stored = connection.execute(select(found_in.c.found_id, found_in.c.gone_since).where(mine))
    gone, back = [], []
    for number, since in stored:
        if number in seen and since is not None:
            back.append(number)
        elif number not in seen and since is None and not hidden:
            gone.append(number)
    for numbers, value in ((gone, now), (back, None)):
        for some in batched(numbers, 500):
            rows = mine & found_in.c.found_id.in_(some)
            connection.execute(update(found_in).where(rows).values(gone_since=value))
