"""Facts about people that are older than they may be kept: the fact stays, the person goes.

A commit stays a commit and an answer an answer, by somebody who is not known any more. Bots are
no people. Items go with all that was said on them, once nothing has moved on them since.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, Select, delete, except_, exists, select, union, update

from collector.model import AccountKind, Instant
from collector.store.rows import upsert
from collector.store.schema import (
    account_links,
    accounts,
    commit_credits,
    commits,
    items,
    meta,
    releases,
    responses,
)

NOBODY = 0
"""Author of a commit whose person was forgotten: no account has this id."""

META = "people_since"


def forget_people(engine: Engine, before: Instant) -> int:
    """Forget who did what was done before; how many facts lost their person?

    Later readings bring some back (git tells its history whole): it is done after each.
    """
    with engine.begin() as connection:
        changed = _of_commits(connection, before) + _of_items(connection, before)
        changed += connection.execute(
            update(releases)
            .where(releases.c.published < before, releases.c.author.is_not(None))
            .values(author=None)
        ).rowcount
        _of_accounts(connection)
        upsert(connection, meta, [{"key": META, "value": str(before)}])
    return changed


def forget_unmentioned(engine: Engine) -> None:
    """Forget the accounts that no fact refers to any more.

    Only in a pass, which nobody else makes at the same time: a transaction of another that is
    about to mention one of them would not be seen.
    """
    with engine.begin() as connection:
        _of_accounts(connection)


def people_since(connection: Connection) -> Instant | None:
    """Since when is it known who did what? None: always."""
    found = connection.execute(select(meta.c.value).where(meta.c.key == META)).scalar()
    return None if found is None else int(found)


def _bots() -> Select[tuple[int]]:
    return select(accounts.c.id).where(accounts.c.kind != AccountKind.HUMAN)


def _of_commits(connection: Connection, before: Instant) -> int:
    c = commits.c
    human = c.author.not_in(_bots()) & (c.author != NOBODY)
    old = select(c.repository_id).where(
        c.repository_id == commit_credits.c.repository_id,
        c.sha == commit_credits.c.sha,
        c.arrival < before,
    )
    named = connection.execute(delete(commit_credits).where(exists(old))).rowcount
    written = connection.execute(
        update(commits).where(c.arrival < before, human).values(author=NOBODY)
    ).rowcount
    return named + written


def _of_items(connection: Connection, before: Instant) -> int:
    still = select(items.c.native_id).where(
        items.c.repository_id == responses.c.repository_id,
        items.c.native_id == responses.c.item,
        items.c.updated < before,
    )
    r, bots = responses.c, _bots()
    said = connection.execute(
        update(responses)
        .where(r.actor.is_not(None), r.actor.not_in(bots), r.at < before, exists(still))
        .values(actor=None)
    ).rowcount
    opened = connection.execute(
        update(items)
        .where(items.c.author.is_not(None), items.c.author.not_in(bots), items.c.updated < before)
        .values(author=None)
    ).rowcount
    return said + opened


def _of_accounts(connection: Connection) -> None:
    """Accounts that no fact refers to any more, and what .mailmap says of them, go."""
    links = union(select(account_links.c.account), select(account_links.c.same_as)).subquery()
    unmentioned = except_(select(links.c[0]), *_mentions())
    connection.execute(
        delete(account_links).where(
            account_links.c.account.in_(unmentioned), account_links.c.same_as.in_(unmentioned)
        )
    )
    linked = (select(account_links.c.account), select(account_links.c.same_as))
    gone = except_(select(accounts.c.id), *_mentions(), *linked)
    connection.execute(delete(accounts).where(accounts.c.id.in_(gone)))


def _mentions() -> tuple[Select[tuple[int]], ...]:
    """Whom facts name; what vanished at the forge is no fact any more."""
    told = ((items, items.c.author), (responses, responses.c.actor), (releases, releases.c.author))
    return (
        select(commits.c.author),
        select(commit_credits.c.account),
        *(
            select(who).where(who.is_not(None), table.c.vanished_at.is_(None))
            for table, who in told
        ),
    )
