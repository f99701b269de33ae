"""What is odd in the records of a repository: counted when they change, kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, or_, select

from collector.forge import ITEM_NAMES, Page, comment_name, item_name, release_name, review_name
from collector.model import DAY, Instant, ItemKind
from collector.notes import UNREADABLE
from collector.store.forget import people_since
from collector.store.schema import items, repositories, responses

TOTALS = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "change_requests"}
MOST = 1_000
"""Of more unreadable items the first are kept."""


def with_page(connection: Connection, repository_id: int, page: Page) -> Mapping[str, Any]:
    """The columns to write after a page: which items are left out as unreadable now."""
    stored = _stored(connection, repository_id)
    before = list(stored.get(UNREADABLE) or ())
    if not before and not page.unreadable:
        return {}
    read = {item_name(ItemKind.ISSUE, each.number) for each in page.issues}
    read |= {item_name(ItemKind.CHANGE_REQUEST, each.number) for each in page.change_requests}
    read |= {release_name(each.tag) for each in page.releases}
    read |= {comment_name(each.native_id) for each in page.responses}
    whole = set(page.complete_items)
    read |= {review_name(e.number) for e in page.change_requests if e.native_id in whole}
    if page.existing_releases is not None:
        before = [name for name in before if not name.startswith(release_name(""))]
    left = [name for name in dict.fromkeys([*before, *page.unreadable]) if name not in read]
    return {"notes": {**stored, UNREADABLE: left[:MOST]}}


def counted(connection: Connection, repository_id: int, now: Instant) -> Mapping[str, Any]:
    """All notes on what is stored as existing now."""
    i, r = items.c, responses.c
    item = (i.repository_id == repository_id) & i.vanished_at.is_(None)
    answer = (r.repository_id == repository_id) & r.vanished_at.is_(None)
    left_out = _left_out(connection, repository_id, item)
    later, since = now + DAY, people_since(connection) or 0

    def number(table: Any, *where: Any) -> int:
        question = select(func.count()).select_from(table).where(*where)
        return int(connection.execute(question).scalar_one())

    # Whom retention has forgotten is no account that the forge has lost.
    ghosts = number(items, item, i.author.is_(None), i.updated >= since)
    ghosts += number(responses, answer, r.actor.is_(None), r.actor_given, r.at >= since)
    future = number(items, item, or_(i.created > later, i.updated > later))
    future += number(responses, answer, r.at > later)
    unread = sum(name.startswith(tuple(ITEM_NAMES.values())) for name in left_out)
    missing = max(0, _missing(connection, item) - unread)
    return {UNREADABLE: left_out, "ghosts": ghosts, "future": future, "missing": missing}


def _left_out(connection: Connection, repository_id: int, existing: Any) -> list[str]:
    """What could not be understood and is still there.

    Where as many items are stored as the forge counts, none is left out any more.
    """
    left_out = list(_stored(connection, repository_id).get(UNREADABLE) or ())
    if not left_out:
        return []
    question = select(items.c.kind, items.c.number).where(existing)
    rows = connection.execute(question).all()
    totals = connection.execute(
        select(repositories.c.totals).where(repositories.c.id == repository_id)
    ).scalar()
    reviews = {review_name(row.number) for row in rows if row.kind == ItemKind.CHANGE_REQUEST}
    none_of = tuple(
        f"{name} "
        for kind, name in ITEM_NAMES.items()
        if sum(row.kind == kind for row in rows) >= (totals or {}).get(TOTALS[kind], len(rows) + 1)
    )
    return [
        name
        for name in left_out
        if not name.startswith(none_of) and (name in reviews or not name.startswith("review "))
    ]


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
