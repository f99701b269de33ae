"""How rows are written: in batches, keys sorted, and only where something differs."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from collector.model import Commit

Row = Mapping[str, Any]
BATCH = 5_000

_T = TypeVar("_T")


def batched(values: Iterable[_T], size: int = BATCH) -> Iterator[list[_T]]:
    """The values in lists of at most ``size``."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch


def upsert(
    connection: Connection, table: Table, rows: Iterable[Row], *, keep: Collection[str] = ()
) -> int:
    """Insert rows, or update those whose key exists and that differ; how many changed?

    Keys are sorted, so that two writers of shared rows wait for each other instead of
    blocking each other for ever. All rows must have the same columns. In the columns ``keep``
    null means "not said this time": what is stored stays.
    """
    key = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in key))
    if not ordered:
        return 0
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table)
    others = [name for name in ordered[0] if name not in key]
    if not others:
        statement: Any = insert.on_conflict_do_nothing(index_elements=key)
    else:
        new = {
            name: func.coalesce(insert.excluded[name], table.c[name])
            if name in keep
            else insert.excluded[name]
            for name in others
        }
        statement = insert.on_conflict_do_update(
            index_elements=key,
            set_=new,
            where=or_(*(table.c[name].is_distinct_from(new[name]) for name in others)),
        )
    return sum(
        connection.execute(statement, batch, execution_options={"preserve_rowcount": True}).rowcount
        for batch in batched(ordered)
    )


def replace(connection: Connection, table: Table, repository_id: int, rows: Collection[Row]) -> int:
    """Make these all the rows that ``table`` has of a repository; how many changed?

    For small tables: what is stored is read and compared first.
    """
    key = [column.name for column in table.primary_key]
    stored = connection.execute(
        select(*(table.c[name] for name in key)).where(table.c.repository_id == repository_id)
    )
    wanted = {tuple(row[name] for name in key) for row in rows}
    gone = [tuple(row) for row in stored if tuple(row) not in wanted]
    for some in batched(gone, 200):
        connection.execute(delete(table).where(_any_key(table, key, some)))
    return len(gone) + upsert(connection, table, rows)


def _any_key(table: Table, key: Sequence[str], values: Sequence[tuple[Any, ...]]) -> Any:
    return or_(
        *(
            and_(*(table.c[name] == part for name, part in zip(key, value, strict=True)))
            for value in values
        )
    )


class Seen:
    """The keys that a whole reading gave, eight bytes each: what else is stored has vanished."""

    def __init__(self, table: Table, repository_id: int) -> None:
        self._table = table
        self._repository_id = repository_id
        self._marks = array("q")

    def add(self, rows: Iterable[Row]) -> None:
        """Note rows that were given."""
        names = self._names()
        self._marks.extend(hash(tuple(row[name] for name in names)) for row in rows)

    def delete_others(self, connection: Connection) -> int:
        """Delete the repository's rows that were not given; how many were that?"""
        marks = array("q", sorted(self._marks))
        columns = [self._table.c[name] for name in self._names()]
        here = self._table.c.repository_id == self._repository_id
        stored = connection.execute(
            select(*columns).where(here), execution_options={"yield_per": BATCH}
        )
        gone = [tuple(row) for row in stored if not _holds(marks, hash(tuple(row)))]
        for some in batched(gone, 200):
            connection.execute(delete(self._table).where(here, tuple_(*columns).in_(some)))
        return len(gone)

    def _names(self) -> list[str]:
        return [c.name for c in self._table.primary_key if c.name != "repository_id"]


def _holds(marks: array[int], mark: int) -> bool:
    at = bisect_left(marks, mark)
    return at < len(marks) and marks[at] == mark


class Beginning:
    """A stream of commits that notes what the history begins with; of several the smallest sha."""

    def __init__(self, commits: Iterable[Commit]) -> None:
        self._commits = commits
        self._root: bytes | None = None

    def __iter__(self) -> Iterator[Commit]:
        for commit in self._commits:
            if not commit.parents and (self._root is None or commit.sha < self._root):
                self._root = commit.sha
            yield commit

    def columns(self, replaces: bool) -> Row:
        """What is to be written of it: a reading of what is new alone does not see it."""
        return {"root": self._root} if replaces or self._root else {}
