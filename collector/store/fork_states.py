"""Forks: where they stood to their upstream, and what our people sent back to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, func, select

from collector.accounts import AccountRow
from collector.model import AccountKind, ForkState, Instant, ItemKind
from collector.store.rows import upsert
from collector.store.schema import accounts, fork_states, items, repositories

Joined = Callable[[Sequence[AccountRow]], Mapping[int, int]]
"""Which accounts, ours and these, are which person?"""


def put_fork(
    connection: Connection, repository_id: int, state: ForkState | None, at: Instant
) -> int:
    """Keep where a fork stands, dated; how many rows changed?"""
    if state is None:
        return 0
    row = {"repository_id": repository_id, "at": at, **asdict(state)}
    return upsert(connection, fork_states, [row])


def read_fork_states(
    connection: Connection, ids: Sequence[int]
) -> tuple[tuple[int, Instant, ForkState], ...]:
    """Where the forks among some repositories stood, oldest first."""
    c = fork_states.c
    question = select(fork_states).where(c.repository_id.in_(ids)).order_by(c.at, c.repository_id)
    return tuple(
        (ids.index(row.repository_id), row.at, ForkState(row.ahead, row.behind, row.synced))
        for row in connection.execute(question)
    )


def sent_back(
    connection: Connection, found: Sequence[Row[Any]], joined: Joined, persons: Mapping[int, int]
) -> tuple[tuple[Instant, int], ...] | None:
    """The change requests that our people opened at the upstreams that are collected too.

    ``persons``: account → place in the activity, of our own accounts. None: none is collected.
    """
    above = {row.settings["upstream"].lower() for row in found if row.settings.get("upstream")}
    if not above:
        return None
    r, i = repositories.c, items.c
    upstreams = connection.execute(
        select(r.id).where(func.lower(r.url).in_(above), r.forge_read_until.is_not(None))
    ).scalars()
    ids = list(upstreams)
    if not ids:
        return None
    opened = connection.execute(
        select(i.author, i.created).where(
            i.repository_id.in_(ids),
            i.kind == ItemKind.CHANGE_REQUEST,
            i.author.is_not(None),
            i.vanished_at.is_(None),
        )
    ).all()
    ours = _ours(connection, {row.author for row in opened}, joined, persons)
    return tuple(sorted((row.created, ours[row.author]) for row in opened if row.author in ours))


def _ours(
    connection: Connection, authors: set[int], joined: Joined, persons: Mapping[int, int]
) -> dict[int, int]:
    """Which of the authors at upstream are persons of ours, and which?"""
    names = list(AccountRow.__dataclass_fields__)
    mine = select(items.c.author).where(items.c.author.in_(authors))
    rows = connection.execute(
        select(*(accounts.c[name] for name in names)).where(accounts.c.id.in_(mine))
    )
    theirs = [AccountRow(**(dict(row._mapping) | {"kind": AccountKind(row.kind)})) for row in rows]
    clusters = joined(theirs)
    known = {
        clusters[account]: person for account, person in persons.items() if account in clusters
    }
    return {
        row.id: known[clusters[row.id]]
        for row in theirs
        if row.id in clusters and clusters[row.id] in known
    }
