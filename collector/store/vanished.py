"""What no longer exists at the forge gets a tombstone: it is counted no more, and may come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, select, update

from collector.forge import Page
from collector.model import Instant
from collector.store.rows import batched
from collector.store.schema import items, releases, responses


def bury_responses(connection: Connection, repository_id: int, page: Page, now: Instant) -> int:
    """Responses that a whole item no longer has get a tombstone."""
    changed = 0
    given = {response.native_id for response in page.responses}
    for some in batched(page.complete_items, 200):
        stored = connection.execute(
            select(responses.c.native_id).where(
                responses.c.repository_id == repository_id,
                responses.c.item.in_(some),
                responses.c.vanished_at.is_(None),
            )
        ).scalars()
        gone = [native_id for native_id in stored if native_id not in given]
        changed += _tombstones(connection, responses, repository_id, gone, now)
    return changed


def bury_items(
    connection: Connection, repository_id: int, existing: frozenset[str], now: Instant
) -> int:
    """Items that a full reading did not find have vanished, with all that was said of them."""
    gone = _gone(connection, items, repository_id, existing)
    _tombstones(connection, responses, repository_id, gone, now, responses.c.item)
    return _tombstones(connection, items, repository_id, gone, now)


def bury_releases(
    connection: Connection, repository_id: int, existing: frozenset[str], now: Instant
) -> int:
    """Releases that a reading of them all did not find were deleted, or are drafts again."""
    gone = _gone(connection, releases, repository_id, existing)
    return _tombstones(connection, releases, repository_id, gone, now)


def _gone(
    connection: Connection, table: Table, repository_id: int, existing: frozenset[str]
) -> list[str]:
    """What is stored as existing and does not exist."""
    stored = connection.execute(
        select(table.c.native_id).where(
            table.c.repository_id == repository_id, table.c.vanished_at.is_(None)
        )
    ).scalars()
    return [native_id for native_id in stored if native_id not in existing]


def bury_everything(connection: Connection, repository_id: int, now: Instant) -> None:
    """Another repository stands under this name: nothing of the former one exists any more."""
    for table in (items, responses, releases):
        connection.execute(
            update(table)
            .where(table.c.repository_id == repository_id, table.c.vanished_at.is_(None))
            .values(vanished_at=now)
        )


def _tombstones(
    connection: Connection,
    table: Table,
    repository_id: int,
    gone: Sequence[str],
    now: Instant,
    by: Column[Any] | None = None,
) -> int:
    column = table.c.native_id if by is None else by
    for some in batched(gone, 500):
        connection.execute(
            update(table)
            .where(
                table.c.repository_id == repository_id,
                column.in_(some),
                table.c.vanished_at.is_(None),
            )
            .values(vanished_at=now)
        )
    return len(gone)
