"""How did the portfolio stand at a past date? Read from the stored judgement of every month."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, and_, func, select, true

from collector.model import Instant
from collector.store.packed import Packed, text_of
from collector.store.schema import projects, status_changes, status_history


@dataclass(frozen=True, slots=True)
class PastProject:
    """One project as it was judged at the start of the month of a date (``as_of``).

    ``answers``: question → met | at risk | not met | too few cases | unknown | n/a.
    """

    project_id: int
    as_of: Instant
    status: str
    reason: Packed
    risk: str
    criticality: int | None
    answers: Packed


@dataclass(frozen=True, slots=True)
class StoredChange:
    """An event: a project's status changed and stayed so. ``before`` is empty at its beginning."""

    project_id: int
    at: Instant
    before: str
    after: str
    reason: Mapping[str, Any]


def first_month(engine: Engine) -> Instant | None:
    """Since when is anything known of how the projects stood? None: nothing was measured."""
    with engine.connect() as connection:
        return connection.execute(select(func.min(status_history.c.as_of))).scalar()


def portfolio_at(
    engine: Engine, as_of: Instant, only: Collection[int] | None = None
) -> tuple[PastProject, ...]:
    """Every project that had begun by then, as it was judged at the start of that month.

    ``only``: these alone.
    """
    table = status_history.c
    asked = true() if only is None else table.project_id.in_(only)
    newest = (
        select(table.project_id, func.max(table.as_of).label("month"))
        .where(table.as_of <= as_of, asked)
        .group_by(table.project_id)
        .subquery()
    )
    question = (
        select(
            table.project_id,
            table.as_of,
            table.status,
            text_of(table.reason).label("reason"),
            table.risk,
            table.criticality,
            text_of(table.answers).label("answers"),
        )
        .join(newest, and_(newest.c.project_id == table.project_id, newest.c.month == table.as_of))
        .join(projects, projects.c.id == table.project_id)
        .where(projects.c.hidden.is_(False))
        .order_by(projects.c.name, projects.c.key)
    )
    with engine.connect() as connection:
        return tuple(_past(row) for row in connection.execute(question))


def _past(row: Row[Any]) -> PastProject:
    return PastProject(
        row.project_id,
        row.as_of,
        row.status,
        Packed(row.reason),
        (row.risk or "") if row.status != "unknown" else "",
        row.criticality,
        Packed(row.answers),
    )


def changes(
    engine: Engine, project_id: int | None = None, since: Instant = 0, until: Instant | None = None
) -> tuple[StoredChange, ...]:
    """The events of one project, or of all, in a half-open span of time; oldest first."""
    table = status_changes.c
    question = (
        select(table.project_id, table.at, table.before, table.after, table.reason)
        .join(projects, projects.c.id == table.project_id)
        .where(projects.c.hidden.is_(False), table.at >= since)
        .order_by(table.at, table.project_id)
    )
    if project_id is not None:
        question = question.where(table.project_id == project_id)
    if until is not None:
        question = question.where(table.at < until)
    with engine.connect() as connection:
        return tuple(StoredChange(*row) for row in connection.execute(question))
