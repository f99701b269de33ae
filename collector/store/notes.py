"""What is odd in the records of a repository: counted when they change, kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, or_, select

from collector.forge import Page
from collector.model import DAY, Instant, ItemKind
from collector.notes import UNREADABLE
from collector.store.schema import items, repositories, responses

NAMES = {ItemKind.ISSUE: "issue", ItemKind.CHANGE_REQUEST: "change request"}
MOST = 1_000
"""Of more unreadable items the first are kept."""


def with_page(connection: Connection, repository_id: int, page: Page) -> Mapping[str, Any]:
    """The columns to write after a page: which items are left out as unreadable now."""
    stored = _stored(connection, repository_id)
    before = list(stored.get(UNREADABLE) or ())
    if not before and not page.unreadable:
        return {}
    odd = [f"{NAMES[kind]} {number}" for kind, number in page.unreadable]
    read = {f"issue {each.number}" for each in page.issues}
    read |= {f"change request {each.number}" for each in page.change_requests}
    left = [name for name in dict.fromkeys([*before, *odd]) if name not in read]
    return {"notes": {**stored, UNREADABLE: left[:MOST]}}


def counted(connection: Connection, repository_id: int, now: Instant) -> Mapping[str, Any]:
    """All notes on what is stored as existing now."""
    stored = _stored(connection, repository_id)
    left_out = list(stored.get(UNREADABLE) or ())
    i, r = items.c, responses.c
    item = (i.repository_id == repository_id) & i.vanished_at.is_(None)
    answer = (r.repository_id == repository_id) & r.vanished_at.is_(None)
    later = now + DAY

    def number(table: Any, *where: Any) -> int:
        question = select(func.count()).select_from(table).where(*where)
        return int(connection.execute(question).scalar_one())

    ghosts = number(items, item, i.author.is_(None))
    ghosts += number(responses, answer, r.actor.is_(None), r.actor_given)
    future = number(items, item, or_(i.created > later, i.updated > later))
    future += number(responses, answer, r.at > later)
    missing = max(0, _missing(connection, item) - len(left_out))
    return {UNREADABLE: left_out, "ghosts": ghosts, "future": future, "missing": missing}


def _stored(connection: Connection, repository_id: int) -> Mapping[str, Any]:
    question = select(repositories.c.notes).where(repositories.c.id == repository_id)
    return connection.execute(question).scalar() or {}


def _missing(connection: Connection, existing: Any) -> int:
    """How many numbers are nobody's? Where two kinds share numbers, each is counted apart."""
    number = items.c.number
    by_kind = connection.execute(
        select(func.max(number), func.count(func.distinct(number)))
        .where(existing)
        .group_by(items.c.kind)
    ).all()
    everything = select(func.count(func.distinct(number))).where(existing)
    distinct = int(connection.execute(everything).scalar_one())
    highest, counts = [row[0] for row in by_kind], [row[1] for row in by_kind]
    if sum(counts) > distinct:
        return int(sum(highest) - sum(counts))
    return int(max(highest, default=0)) - distinct
