"""Issues, change requests and what happened to them, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, select

from collector.model import GHOST, NOT_GIVEN, Events, ItemKind, Items
from collector.store.columns import BATCH, History, People, short
from collector.store.schema import items, responses

VERDICTS = {None: 0, "approved": 1, "changes_requested": 2, "commented": 3, "dismissed": 4}


def read_items(connection: Connection, ids: Sequence[int]) -> Sequence[Any]:
    """The items of some repositories that exist, in the order in which they were opened."""
    c = items.c
    return connection.execute(
        select(
            c.repository_id, c.native_id, c.kind, c.number, c.author, c.created, c.draft,
            c.merge_commit,
        )
        .where(c.repository_id.in_(ids), c.vanished_at.is_(None))
        .order_by(c.created, c.repository_id, c.native_id)
    ).all()  # fmt: skip


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


def _item_url(row: Any, repository: Row[Any]) -> str:
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
    question = select(
        c.repository_id, c.item, c.kind, c.at, c.actor, c.actor_given, c.verdict
    ).where(c.repository_id.in_(ids), c.vanished_at.is_(None))
    rows = connection.execute(question, execution_options={"yield_per": BATCH})
    flat = np.fromiter(_event_numbers(rows, row_of), dtype=np.int64)
    item, at, kind, known, actor, given, verdict = flat.reshape(-1, 7).T
    order = np.lexsort((actor, kind, at, item))
    absent = np.where(given[order] == 1, GHOST, NOT_GIVEN)
    is_known, who = known[order] == 1, actor[order]
    return Events(
        item=item[order].astype(np.int32),
        at=at[order],
        kind=kind[order].astype(np.uint8),
        actor=np.where(is_known, people.person(who), absent).astype(np.int32),
        actor_kind=np.where(is_known, people.kind(who), 0).astype(np.uint8),
        verdict=verdict[order].astype(np.uint8),
    )


def _event_numbers(rows: Any, row_of: Mapping[tuple[int, str], int]) -> Iterator[int]:
    """Seven numbers an event, for a flat column."""
    for repository_id, item, kind, at, actor, given, verdict in rows:
        row = row_of.get((repository_id, item))
        if row is not None:
            yield row
            yield at
            yield kind
            yield actor is not None
            yield actor or 0
            yield given
            yield VERDICTS.get(verdict, 0)
