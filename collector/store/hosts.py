"""What was found out about the hosts of the portfolio, and what they still allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, select, update

from collector.forge import Allowance
from collector.model import Instant
from collector.store.rows import upsert
from collector.store.schema import budgets, hosts, repositories


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host that configuration does not say the kind of. ``why``: what to tell people of it."""

    host: str
    kind: str | None
    asked_at: Instant
    why: str | None = None
    answered: bool = True


def remembered(engine: Engine) -> dict[str, HostRow]:
    """All that was found out, by host."""
    with engine.connect() as connection:
        return {row.host: HostRow(**row._mapping) for row in connection.execute(select(hosts))}


def remember(engine: Engine, row: HostRow) -> None:
    """Keep what was found out; repositories there are of that kind from now on."""
    with engine.begin() as connection:
        upsert(connection, hosts, [asdict(row)])
        if row.kind:
            connection.execute(
                update(repositories).where(repositories.c.host == row.host).values(kind=row.kind)
            )


def notes_of(engine: Engine, repository_ids: Iterable[int]) -> dict[str, Mapping[str, Any]]:
    """What is odd in the records of these repositories (``collector.notes``), by address."""
    r = repositories.c
    question = select(r.url, r.notes).where(r.id.in_(list(repository_ids))).order_by(r.url)
    with engine.connect() as connection:
        return {row.url: row.notes or {} for row in connection.execute(question)}


def allowances(engine: Engine) -> tuple[Allowance, ...]:
    """What hosts last said is left of each budget."""
    question = select(budgets).order_by(budgets.c.credential, budgets.c.resource)
    with engine.connect() as connection:
        return tuple(Allowance(*row) for row in connection.execute(question))


def put_allowances(engine: Engine, found: Iterable[Allowance]) -> None:
    """Note what hosts last said is left."""
    if rows := [asdict(each) for each in found]:
        with engine.begin() as connection:
            upsert(connection, budgets, rows)
