"""What is written of the portfolio and of a pass: registration, the fence, states, runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from collector.forge import Cost
from collector.model import Instant, RepositoryState
from collector.store import lines
from collector.store.notes import counted
from collector.store.rows import upsert
from collector.store.schema import (
    meta,
    ospos,
    projects,
    repositories,
    repository_aliases,
    runs,
)
from collector.store.schema_shelf import found, found_in, sources

Json = Mapping[str, Any]


class StaleRun(Exception):
    """Another run of this repository has begun since: what this one has read is not written."""


@dataclass(frozen=True, slots=True)
class OspoRow:
    """An OSPO as configured."""

    id: str
    name: str
    settings: Json


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as configured."""

    key: str
    ospo: str
    name: str
    settings: Json


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository as configured. Equal ``key``: the same one, however its URL is written."""

    key: str
    url: str
    host: str
    kind: str
    project: str
    settings: Json


# ---------------------------------------------------------------- the portfolio


def sync(
    engine: Engine,
    ospo_rows: Collection[OspoRow],
    project_rows: Collection[ProjectRow],
    repository_rows: Collection[RepositoryRow],
) -> None:
    """Make the stored portfolio the configured one; what is no longer there is hidden, kept."""
    with engine.begin() as connection:
        connection.execute(delete(ospos).where(ospos.c.id.not_in([row.id for row in ospo_rows])))
        upsert(connection, ospos, [asdict(row) for row in ospo_rows])
        _sync(connection, projects, [asdict(row) | {"hidden": False} for row in project_rows])
        ids = {row.key: row.id for row in connection.execute(select(projects.c.key, projects.c.id))}
        rows = []
        for row in repository_rows:
            stored = asdict(row) | {"hidden": False, "project_id": ids[row.project]}
            del stored["project"]
            rows.append(stored)
        _follow_aliases(connection, [row.key for row in repository_rows])
        _sync(connection, repositories, rows)
        lines.follow(connection)


def _follow_aliases(connection: Connection, wanted: Sequence[str]) -> None:
    """A repository that is configured under its new address now keeps its row and its records."""
    known = select(repositories.c.key, repositories.c.id)
    ids = {row.key: row.id for row in connection.execute(known)}
    keys = {number: key for key, number in ids.items()}
    for url, number in connection.execute(select(repository_aliases)).all():
        if url in wanted and url not in ids and keys.get(number) not in wanted:
            by_id = repositories.c.id == number
            connection.execute(update(repositories).where(by_id).values(key=url))
            row = {"url": keys[number], "repository_id": number}
            upsert(connection, repository_aliases, [row])


def put_alias(engine: Engine, key: str, repository_id: int) -> None:
    """Remember another address of a repository, in the form in which keys are written."""
    with engine.begin() as connection:
        row = {"url": key, "repository_id": repository_id}
        upsert(connection, repository_aliases, [row])


def _sync(connection: Connection, table: Table, rows: Sequence[Json]) -> None:
    """Insert, update or hide by ``key``."""
    stored = {
        row.key: dict(row._mapping)
        for row in connection.execute(select(*_columns(table, rows), table.c.id))
    }
    wanted = {row["key"]: row for row in rows}
    for key in sorted(wanted):
        if key not in stored:
            connection.execute(insert(table).values(**wanted[key]))
        elif any(stored[key][name] != value for name, value in wanted[key].items()):
            by_id = table.c.id == stored[key]["id"]
            connection.execute(update(table).where(by_id).values(**wanted[key]))
    gone = [stored[key]["id"] for key in sorted(stored.keys() - wanted.keys())]
    for row_id in gone:
        connection.execute(update(table).where(table.c.id == row_id).values(hidden=True))


def _columns(table: Table, rows: Sequence[Json]) -> list[Any]:
    return [table.c[name] for name in (rows[0] if rows else ("key",))]


def purge(engine: Engine) -> int:
    """Delete for good what is no longer configured; how many repositories were that?"""
    with engine.begin() as connection:
        gone = connection.execute(delete(repositories).where(repositories.c.hidden)).rowcount
        connection.execute(delete(projects).where(projects.c.hidden))
        connection.execute(delete(sources).where(sources.c.hidden))
        lies = select(found_in.c.found_id)
        connection.execute(delete(found).where(found.c.id.not_in(lies)))
    return gone


def put_meta(engine: Engine, **values: str) -> None:
    """Write notes about the database itself."""
    with engine.begin() as connection:
        upsert(connection, meta, [{"key": key, "value": value} for key, value in values.items()])


# ---------------------------------------------------------------- the fence


def begin(engine: Engine, repository_id: int, now: Instant) -> int:
    """Raise the repository's run number: from here on only the run that holds it may write."""
    with engine.begin() as connection:
        by_id = repositories.c.id == repository_id
        connection.execute(
            update(repositories)
            .where(by_id)
            .values(run_id=repositories.c.run_id + 1, last_attempt=now)
        )
        return int(connection.execute(select(repositories.c.run_id).where(by_id)).scalar_one())


@contextmanager
def fenced(engine: Engine, repository_id: int, run_id: int) -> Iterator[Connection]:
    """A transaction that only the repository's newest run gets; others raise ``StaleRun``."""
    with engine.begin() as connection:
        newest = connection.execute(
            select(repositories.c.run_id)
            .where(repositories.c.id == repository_id)
            .with_for_update()
        ).scalar()
        if newest != run_id:
            raise StaleRun(f"run {run_id} of repository {repository_id} was overtaken")
        yield connection


def record(
    connection: Connection,
    repository_id: int,
    *,
    changed: bool = False,
    columns: Json | None = None,
    **values: Any,
) -> None:
    """Write columns of a repository; ``changed`` records make its project be measured again."""
    values |= columns or {}
    if changed:
        values["revision"] = repositories.c.revision + 1
    connection.execute(
        update(repositories).where(repositories.c.id == repository_id).values(**values)
    )


SOURCES = {"git": "git_error", "forge": "forge_error"}


def succeeded(
    connection: Connection,
    repository_id: int,
    source: str,
    state: RepositoryState,
    now: Instant,
    cost: Cost,
) -> dict[str, Any]:
    """The columns of a repository after git or the forge was read.

    What the other of the two could not do stays said.
    """
    other = next(column for name, column in SOURCES.items() if name != source)
    row = connection.execute(
        select(repositories.c[other], repositories.c.cost).where(repositories.c.id == repository_id)
    ).one()
    found: dict[str, Any] = {
        SOURCES[source]: None,
        f"{source}_read_until": now,
        "last_success": now,
        "cost": _cost(row.cost, source, cost),
    }
    if row[0] is None:
        found |= {"state": state, "error": None, "error_since": None}
    return found


def _cost(stored: Json | None, source: str, cost: Cost) -> dict[str, Any]:
    """What the pass has cost: git is read first, the forge's part comes on top."""
    now = asdict(cost)
    if source == "git" or not stored:
        return now
    return {name: round(stored.get(name, 0) + value, 3) for name, value in now.items()}


def confirm_git(engine: Engine, repository_id: int, run_id: int, now: Instant, cost: Cost) -> None:
    """Git was asked and nothing had moved."""
    with fenced(engine, repository_id, run_id) as connection:
        row = connection.execute(
            select(repositories.c.head, repositories.c.facts).where(
                repositories.c.id == repository_id
            )
        ).one()
        state = _state(row.head, row.facts)
        done = succeeded(connection, repository_id, "git", state, now, cost)
        record(connection, repository_id, **done)


def _state(head: bytes | None, facts: Json | None) -> RepositoryState:
    if facts and facts.get("archived"):
        return RepositoryState.ARCHIVED
    return RepositoryState.OK if head else RepositoryState.EMPTY


def confirm_forge(
    engine: Engine,
    repository_id: int,
    run_id: int,
    now: Instant,
    marker: str,
    lacks: Collection[str] = (),
    *,
    settled_drift: Mapping[str, int] | None = None,
    cost: Cost | None = None,
    moved: str | None = None,
    count: bool = True,
) -> None:
    """The forge's records are complete as of now. ``moved`` says where the repository is now.

    ``count``: what is odd among them is counted again.
    """
    with fenced(engine, repository_id, run_id) as connection:
        row = connection.execute(
            select(repositories.c.head, repositories.c.facts, repositories.c.forge_lacks).where(
                repositories.c.id == repository_id
            )
        ).one()
        state = _state(row.head, row.facts)
        done = succeeded(connection, repository_id, "forge", state, now, cost or Cost())
        if moved is not None and "state" in done:
            done |= {"state": RepositoryState.MOVED, "error": moved, "error_since": now}
        if settled_drift is not None:
            done["settled_drift"] = dict(settled_drift)
        if count:
            done["notes"] = counted(connection, repository_id, now)
        changed = (row.forge_lacks or []) != sorted(lacks)
        record(
            connection,
            repository_id,
            changed=changed,
            forge_marker=marker,
            forge_lacks=sorted(lacks),
            **done,
        )


def fail(
    engine: Engine,
    repository_id: int,
    run_id: int,
    now: Instant,
    state: RepositoryState,
    sentence: str,
    cost: Cost,
    source: str = "git",
) -> None:
    """Reading failed; what was stored stays, and since when it fails is kept."""
    with fenced(engine, repository_id, run_id) as connection:
        row = connection.execute(
            select(repositories.c.error_since, repositories.c.cost).where(
                repositories.c.id == repository_id
            )
        ).one()
        record(
            connection,
            repository_id,
            state=state,
            error=sentence,
            error_since=row.error_since or now,
            cost=_cost(row.cost, source, cost),
            columns={SOURCES[source]: sentence},
        )


# ---------------------------------------------------------------- passes


def start_run(engine: Engine, kind: str, now: Instant) -> int:
    """Note that a pass begins; its number."""
    with engine.begin() as connection:
        key = connection.execute(insert(runs).values(kind=kind, started=now)).inserted_primary_key
    assert key is not None  # noqa: S101 - the table has a key
    return int(key[0])


def finish_run(engine: Engine, run: int, now: Instant, exit_code: int, summary: Json) -> None:
    """Note how a pass ended."""
    with engine.begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.id == run)
            .values(finished=now, exit_code=exit_code, summary=dict(summary))
        )
