"""Community files that an owner keeps for all of its repositories: written, and read with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from collector.model import FileFact, Instant
from collector.store.rows import upsert
from collector.store.schema import repositories
from collector.store.schema_shelf import owner_files, owners

DEFAULTS = frozenset({"CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "SUPPORT", "GOVERNANCE"})
"""The files that hold for every repository of an owner; a licence, say, never does."""


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What was last known of an owner's own repository. ``there``: it exists."""

    key: str
    cursor: str | None
    checked_at: Instant
    there: bool


def owner_of(key: str) -> str:
    """Who owns a repository: its key without its name."""
    return key.rpartition("/")[0]


def owner_rows(engine: Engine) -> Mapping[str, OwnerRow]:
    """Every owner that was asked for."""
    question = select(owners.c.key, owners.c.cursor, owners.c.checked_at, owners.c.there)
    with engine.connect() as connection:
        return {row.key: OwnerRow(*row) for row in connection.execute(question)}


def put_owner(
    engine: Engine,
    key: str,
    url: str,
    now: Instant,
    *,
    there: bool,
    cursor: str | None,
    files: Iterable[FileFact] | None,
) -> None:
    """Write what an owner keeps; ``files`` None: as before. Its projects are measured again."""
    row = {"key": key, "url": url, "cursor": cursor, "checked_at": now, "there": there}
    with engine.begin() as connection:
        upsert(connection, owners, [row])
        if files is not None and _replaced(connection, key, files):
            _touch(connection, key)


def _replaced(connection: Connection, key: str, files: Iterable[FileFact]) -> bool:
    names = ("key", "since", "until", "place", "readable")
    mine = owner_files.c.owner == key
    stored = connection.execute(select(*(owner_files.c[name] for name in names)).where(mine)).all()
    new = [tuple(getattr(fact, name) for name in names) for fact in files if fact.key in DEFAULTS]
    if sorted(map(repr, map(tuple, stored))) == sorted(map(repr, new)):
        return False
    connection.execute(delete(owner_files).where(mine))
    if new:
        rows = [{"owner": key, **dict(zip(names, each, strict=True))} for each in new]
        connection.execute(insert(owner_files), rows)
    return True


def _touch(connection: Connection, key: str) -> None:
    """Let the projects of an owner be measured again."""
    known = connection.execute(select(repositories.c.id, repositories.c.key))
    ids = [row.id for row in known if owner_of(row.key) == key]
    for number in ids:
        connection.execute(
            update(repositories)
            .where(repositories.c.id == number)
            .values(revision=repositories.c.revision + 1)
        )


def read_owner_files(connection: Connection, key: str) -> tuple[FileFact, ...]:
    """What the owner of a repository keeps for it; the place names the other repository."""
    c = owner_files.c
    question = (
        select(owner_files, owners.c.url)
        .join(owners, owners.c.key == c.owner)
        .where(c.owner == owner_of(key))
        .order_by(c.key, c.since)
    )
    return tuple(
        FileFact(
            key=row.key,
            place=f"{row.url}: {row.place}",
            since=row.since,
            until=row.until,
            readable=row.readable,
        )
        for row in connection.execute(question)
        if row.place
    )
