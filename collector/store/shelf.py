"""What is written and read of the shelf: what sources list, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from collector.catalogue import Found
from collector.model import Instant
from collector.store.rows import upsert
from collector.store.schema import files, projects, repositories, repository_aliases
from collector.store.schema_shelf import found, found_aliases, found_in, sources


@dataclass(frozen=True, slots=True)
class Entry:
    """A found repository under the key that makes it one with itself; so its aliases."""

    key: str
    host: str
    found: Found
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelved:
    """What one source says of a repository, and where it stands."""

    source: str
    ospo: str
    id: int
    key: str
    host: str
    found: Found
    first_seen: Instant
    gone_since: Instant | None
    state: str
    reason: Mapping[str, Any] | None
    project: str | None


# ---------------------------------------------------------------- what they list


def put_found(engine: Engine, source: str, entries: Sequence[Entry], now: Instant) -> list[int]:
    """Write what a source lists; their numbers. A repository found twice is one."""
    distinct = _distinct(entries)
    with engine.begin() as connection:
        numbers = _numbers(connection, distinct)
        rows = {
            numbers[key]: {
                "source": source,
                "found_id": numbers[key],
                "head": entry.found.head,
                "facts": _facts(entry.found),
            }
            for key, entry in distinct.items()
        }
        known = select(found_in.c.found_id, found_in.c.facts).where(
            found_in.c.source == source, found_in.c.found_id.in_(list(rows))
        )
        old = {row.found_id: row.facts for row in connection.execute(known)}
        new = [
            {**row, "first_seen": now, "state": "new"} for n, row in rows.items() if n not in old
        ]
        if new:
            connection.execute(insert(found_in), new)
        for number, facts in old.items():
            if facts != rows[number]["facts"]:
                here = (found_in.c.source == source) & (found_in.c.found_id == number)
                values = {name: rows[number][name] for name in ("facts", "head")}
                connection.execute(update(found_in).where(here).values(**values))
    return list(rows)


def _distinct(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The entries by key, each once, whether it comes twice by address, alias or native id."""
    distinct: dict[str, Entry] = {}
    known: dict[object, str] = {}
    for entry in entries:
        names: list[object] = [entry.key, *entry.aliases]
        names += [(entry.host, entry.found.native_id)] if entry.found.native_id else []
        first = next((known[name] for name in names if name in known), entry.key)
        if first == entry.key:
            distinct[entry.key] = entry
        known |= dict.fromkeys(names, first)
    return distinct


def _facts(one: Found) -> dict[str, Any]:
    """All that is said, and nothing that is not."""
    said = {name: value for name, value in asdict(one).items() if value not in (None, False, ())}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}


def found_of(facts: Mapping[str, Any], url: str) -> Found:
    """What ``_facts`` wrote."""
    known = {each.name for each in fields(Found)}
    said = {key: value for key, value in facts.items() if key in known}
    for key in ("topics", "based_on", "aliases"):
        said[key] = tuple(said.get(key) or ())
    return Found(**{**said, "url": url})


def _numbers(connection: Connection, entries: Mapping[str, Entry]) -> dict[str, int]:
    """The number of each entry: the one it has by address, alias or native id, or a new one."""
    known = _Known(connection, entries)
    numbers: dict[str, int] = {}
    new: list[Entry] = []
    for key, entry in entries.items():
        number = known.number(entry)
        if number is None:
            new.append(entry)
        else:
            numbers[key] = number
            known.rename(number, entry)
    if new:
        made = connection.execute(
            insert(found).returning(found.c.id, sort_by_parameter_order=True),
            [
                {"key": e.key, "url": e.found.url, "host": e.host, "native_id": e.found.native_id}
                for e in new
            ],
        ).scalars()
        numbers |= dict(zip((entry.key for entry in new), made, strict=True))
    aliases = {
        alias: {"key": alias, "found_id": numbers[key]}
        for key, entry in entries.items()
        for alias in entry.aliases
        if alias != key
    }
    upsert(connection, found_aliases, list(aliases.values()))
    return numbers


class _Known:
    """What is stored of a batch of entries, by all that they may be known by."""

    def __init__(self, connection: Connection, entries: Mapping[str, Entry]) -> None:
        self._connection = connection
        keys = {*entries, *(alias for entry in entries.values() for alias in entry.aliases)}
        natives = {e.found.native_id for e in entries.values() if e.found.native_id}
        question = select(found).where(found.c.key.in_(keys) | found.c.native_id.in_(natives))
        rows = connection.execute(question).all()
        self._rows = {row.id: row for row in rows}
        self._by_key = {row.key: row.id for row in rows}
        self._by_native = {(row.host, row.native_id): row.id for row in rows if row.native_id}
        listed = select(found_aliases).where(found_aliases.c.key.in_(keys))
        self._by_alias = {row.key: row.found_id for row in connection.execute(listed)}

    def number(self, entry: Entry) -> int | None:
        native = self._by_native.get((entry.host, entry.found.native_id))
        named = [self._by_key.get(key) for key in (entry.key, *entry.aliases)]
        named.append(self._by_alias.get(entry.key))
        return next((number for number in (native, *named) if number is not None), None)

    def rename(self, number: int, entry: Entry) -> None:
        """Keep the address under which it is listed now; a row that stands there is the same."""
        other = self._by_key.get(entry.key)
        if other is not None and other != number:
            self._merge(other, number)
        values = {"key": entry.key, "url": entry.found.url, "host": entry.host}
        if entry.found.native_id:
            values["native_id"] = entry.found.native_id
        row = self._rows.get(number)
        if row is None or any(row._mapping[name] != value for name, value in values.items()):
            by_id = found.c.id == number
            self._connection.execute(update(found).where(by_id).values(**values))
        self._by_key[entry.key] = number

    def _merge(self, other: int, into: int) -> None:
        have = select(found_in.c.source).where(found_in.c.found_id == into)
        moved = (found_in.c.found_id == other) & found_in.c.source.not_in(have)
        self._connection.execute(update(found_in).where(moved).values(found_id=into))
        self._connection.execute(delete(found).where(found.c.id == other))


# ---------------------------------------------------------------- where it stands


def shelved(engine: Engine, source: str | None = None, *states: str) -> Iterator[Shelved]:
    """What the sources list, one row after the other, in the order of addresses."""
    question = (
        select(found_in, sources.c.ospo, found.c.key, found.c.url, found.c.host, found.c.project)
        .join(found, found.c.id == found_in.c.found_id)
        .join(sources, sources.c.key == found_in.c.source)
        .where(sources.c.hidden.is_(False))
        .order_by(found.c.key, found_in.c.source)
    )
    if source is not None:
        question = question.where(found_in.c.source == source)
    if states:
        question = question.where(found_in.c.state.in_(states))
    with engine.connect() as connection:
        for row in connection.execute(question, execution_options={"yield_per": 1_000}):
            yield Shelved(
                row.source, row.ospo, row.found_id, row.key, row.host,
                found_of(row.facts, row.url), row.first_seen, row.gone_since, row.state,
                row.reason, row.project,
            )  # fmt: skip


def put_states(engine: Engine, rows: Sequence[tuple[str, int, str, object]]) -> None:
    """Write where found repositories stand: (source, number, state, reason)."""
    with engine.begin() as connection:
        for source, number, state, reason in rows:
            here = (found_in.c.source == source) & (found_in.c.found_id == number)
            values = {"state": state, "reason": reason}
            connection.execute(update(found_in).where(here).values(**values))


def project_ids(engine: Engine) -> set[str]:
    """The projects of their own that found repositories became."""
    with engine.connect() as connection:
        question = select(found.c.project).where(found.c.project.is_not(None)).distinct()
        return {str(key) for key in connection.execute(question).scalars()}


def put_projects(engine: Engine, ids: Mapping[int, str | None]) -> None:
    """Write which project of its own each found repository is."""
    with engine.begin() as connection:
        for number, project in sorted(ids.items()):
            connection.execute(update(found).where(found.c.id == number).values(project=project))


@dataclass(frozen=True, slots=True)
class Configured:
    """What is known of the configured repositories, to tell found ones from them.

    ``heads``, ``roots``: newest and oldest commit → the first repository that has it. ``read``:
    the two commits of each repository whose git was read.
    """

    keys: frozenset[str]
    native_ids: frozenset[tuple[str, str]]
    heads: Mapping[str, str]
    roots: Mapping[str, str]
    read: Mapping[str, tuple[str, str | None]]


def configured(engine: Engine, own: Collection[str]) -> Configured:
    """The configured repositories; those of projects ``own`` came from the shelf themselves."""
    r = repositories.c
    question = select(
        r.id, r.key, r.url, r.host, r.native_id, r.head, r.root, r.hidden,
        projects.c.key.label("project"),
    ).join(projects, projects.c.id == r.project_id)  # fmt: skip
    with engine.connect() as connection:
        rows = connection.execute(question.order_by(r.id)).all()
        aliases = connection.execute(select(repository_aliases)).all()
        shared = dict(_shared_heads(connection))
    ours = [row for row in rows if not row.hidden and row.project not in own]
    numbers = {row.id for row in ours}
    first = ours + [row for row in rows if not row.hidden and row.project in own]
    return Configured(
        keys=frozenset(
            [row.key for row in ours] + [key for key, number in aliases if number in numbers]
        ),
        native_ids=frozenset((row.host, row.native_id) for row in ours if row.native_id),
        heads=shared | {row.head.hex(): row.url for row in reversed(first) if row.head},
        roots={row.root.hex(): row.url for row in reversed(first) if row.root},
        read={
            row.key: (row.head.hex(), row.root.hex() if row.root else None)
            for row in rows
            if row.head
        },
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """What the publiccode.yml of a repository says that was read: its name, address, origin."""

    name: str | None
    url: str | None
    based_on: tuple[str, ...]


def declared(engine: Engine) -> dict[str, Declared]:
    """What repositories that came from the shelf say of themselves, by key."""
    r, f = repositories.c, files.c
    question = (
        select(r.key, f.data)
        .join(files, f.repository_id == r.id)
        .join(found, found.c.key == r.key)
        .where(f.key == "publiccode.yml", f.until.is_(None), f.data.is_not(None))
    )
    with engine.connect() as connection:
        return {
            row.key: Declared(
                row.data.get("name"), row.data.get("url"), tuple(row.data.get("based_on") or ())
            )
            for row in connection.execute(question)
        }


def _shared_heads(connection: Connection) -> Iterator[tuple[str, str]]:
    """Newest commits that several found repositories have, with the first of these."""
    several = (
        select(found_in.c.head, func.min(found_in.c.found_id).label("first"))
        .where(found_in.c.head.is_not(None), found_in.c.gone_since.is_(None))
        .group_by(found_in.c.head)
        .having(func.count(found_in.c.found_id.distinct()) > 1)
        .subquery()
    )
    question = select(several.c.head, found.c.url).join(found, found.c.id == several.c.first)
    yield from ((row.head, row.url) for row in connection.execute(question))
