"""Issues, change requests and what happened to them, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, select

from collector.model import GHOST, NOT_GIVEN, Events, ItemKind, Items
from collector.store.columns import History, People, short
from collector.store.schema import items, responses

VERDICTS = {None: 0, "approved": 1, "changes_requested": 2, "commented": 3, "dismissed": 4}


def read_items(connection: Connection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The items of some repositories that exist, in the order in which they were opened."""
    return connection.execute(
        select(items)
        .where(items.c.repository_id.in_(ids), items.c.vanished_at.is_(None))
        .order_by(items.c.created, items.c.repository_id, items.c.native_id)
    ).all()


def item_columns(
    rows: Sequence[Row[Any]],
    ids: Sequence[int],
    people: People,
    history: History,
    found: Sequence[Row[Any]],
) -> Items:
    """Items as columns; the row of an item is its place in ``rows``."""
    author = np.array([row.author or 0 for row in rows], dtype=np.int64)
    given = np.array([row.author is not None for row in rows], dtype=np.bool_)
    merged = np.array(
        [short(row.merge_commit) if row.merge_commit else 0 for row in rows], dtype=np.int64
    )
    return Items(
        created=np.array([row.created for row in rows], dtype=np.int64),
        kind=np.array([row.kind for row in rows], dtype=np.uint8),
        author=np.where(given, people.person(author), GHOST).astype(np.int32),
        author_kind=np.where(given, people.kind(author), 0).astype(np.uint8),
        number=np.array([row.number for row in rows], dtype=np.int32),
        repository=np.array([ids.index(row.repository_id) for row in rows], dtype=np.int32),
        merge_change=_changes(history, merged),
        url=tuple(_item_url(row, found[ids.index(row.repository_id)]) for row in rows),
        draft=np.array([row.draft for row in rows], dtype=np.bool_),
    )


def _changes(history: History, merged: NDArray[np.int64]) -> NDArray[np.int32]:
    """Which ``Commits.change`` did each merge commit make? -1: none that we have."""
    if not len(history.changes):
        return np.full(len(merged), -1, dtype=np.int32)
    at = np.clip(np.searchsorted(history.changes, merged), 0, len(history.changes) - 1)
    fits = (history.changes[at] == merged) & (merged != 0)
    return np.where(fits, at, -1).astype(np.int32)


def _item_url(row: Row[Any], repository: Row[Any]) -> str:
    """Where people see the item: on GitHub, GitLab and Forgejo by its number."""
    change = row.kind == ItemKind.CHANGE_REQUEST
    base = repository.url.removesuffix("/").removesuffix(".git")
    if repository.kind == "gitlab":
        return f"{base}/-/{'merge_requests' if change else 'issues'}/{row.number}"
    word = "pulls" if repository.kind in ("forgejo", "gitea") else "pull"
    return f"{base}/{word if change else 'issues'}/{row.number}"


def event_columns(
    connection: Connection, ids: Sequence[int], item_rows: Sequence[Row[Any]], people: People
) -> Events:
    """All that happened to these items, sorted by item and time."""
    row_of = {(row.repository_id, row.native_id): at for at, row in enumerate(item_rows)}
    c = responses.c
    rows = [
        (row_of[row.repository_id, row.item], row)
        for row in connection.execute(
            select(c.repository_id, c.item, c.kind, c.at, c.actor, c.actor_given, c.verdict).where(
                c.repository_id.in_(ids), c.vanished_at.is_(None)
            )
        )
        if (row.repository_id, row.item) in row_of
    ]
    rows.sort(key=lambda pair: (pair[0], pair[1].at, pair[1].kind))
    actor = np.array([row.actor or 0 for _, row in rows], dtype=np.int64)
    known = np.array([row.actor is not None for _, row in rows], dtype=np.bool_)
    given = np.array([row.actor_given for _, row in rows], dtype=np.bool_)
    absent = np.where(given, GHOST, NOT_GIVEN)
    return Events(
        item=np.array([at for at, _ in rows], dtype=np.int32),
        at=np.array([row.at for _, row in rows], dtype=np.int64),
        kind=np.array([row.kind for _, row in rows], dtype=np.uint8),
        actor=np.where(known, people.person(actor), absent).astype(np.int32),
        actor_kind=np.where(known, people.kind(actor), 0).astype(np.uint8),
        verdict=np.array([VERDICTS.get(row.verdict, 0) for _, row in rows], dtype=np.uint8),
    )
