"""Databases of every earlier version come up to this one with every row they held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from collector.store import migrate
from collector.store.engine import connect

ROWS = 40
MEASURED_AGAIN = frozenset((("projects", "digest"), ("projects", "measured_at")))
"""Emptied on purpose where a version measures anew; nothing that was read is among it."""

Column = tuple[str, str]
Stored = Mapping[Column, list[tuple[Any, ...]]]


def value(column: sa.Column[Any], number: int) -> object:
    """Something that fits a column; rows of one number belong together in all tables."""
    for reference in column.foreign_keys:
        return value(reference.column, number)
    kind = column.type
    if isinstance(kind, sa.String):
        return f"{number:04} {column.name} ř"[: kind.length]
    made: dict[type, object] = {
        sa.JSON: {"n": number},
        sa.Boolean: number % 2 == 0,
        sa.LargeBinary: number.to_bytes(20, "big"),
        sa.Float: number + 0.5,
    }
    return next((each for of, each in made.items() if isinstance(kind, of)), number)


def fill(engine: Engine, known: frozenset[str]) -> frozenset[str]:
    """Write rows into the tables that came since, parents first; all tables there are now."""
    there = sa.MetaData()
    there.reflect(engine)
    with engine.begin() as connection:
        for table in there.sorted_tables:
            if table.name not in known | {"alembic_version"}:
                rows = [{c.name: value(c, n) for c in table.columns} for n in range(1, ROWS + 1)]
                connection.execute(table.delete())  # what the upgrade made of other rows
                connection.execute(table.insert(), rows)
    return frozenset(there.tables)


def stored(engine: Engine) -> Stored:
    """The values of every column, with the key of their row."""
    there, found = sa.MetaData(), {}
    there.reflect(engine)
    with engine.connect() as connection:
        for table in there.sorted_tables:
            key = [each.name for each in table.primary_key.columns]
            rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            whole = [dict(row) for row in rows.mappings()]
            for column in table.columns:
                cells = [(*(row[k] for k in key), row[column.name]) for row in whole]
                found[table.name, column.name] = cells
    return {at: cells for at, cells in found.items() if at[0] != "alembic_version"}


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    """A database of each kind without tables."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def test_every_row_of_every_earlier_version_is_there_after_the_upgrade(empty: Engine) -> None:
    engine = empty
    known: frozenset[str] = frozenset()
    before: dict[Column, list[tuple[Any, ...]]] = {}
    for revision in reversed(migrate.revisions()):
        migrate.upgrade(engine, revision)
        known = fill(engine, known)
        before = {**stored(engine), **before}
    after = stored(engine)
    assert {table for table, _ in before} > {"repositories", "commits", "metric_history"}
    assert all(len(cells) == ROWS for cells in after.values())
    kept = before.keys() - MEASURED_AGAIN
    assert {at: before[at] for at in kept} == {at: after[at] for at in kept}
    assert migrate.state(engine) is migrate.Tables.CURRENT


def test_going_down_to_the_first_tables_and_up_again_keeps_what_both_know(engine: Engine) -> None:
    fill(engine, frozenset())
    before = stored(engine)
    migrate.downgrade(engine, migrate.revisions()[-1])
    common = stored(engine).keys() - MEASURED_AGAIN
    migrate.upgrade(engine)
    after = stored(engine)
    assert len(common) > 100
    assert {at: before[at] for at in common} == {at: after[at] for at in common}
