"""Which projects does a reader look for? The list filtered, ordered, counted and paged by SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, case, func, literal, select

from collector.model import Instant
from collector.store.lines import folded
from collector.store.private import PRIVATE
from collector.store.schema import metric_history, status_history
from collector.store.schema_lines import project_lines as lines

STATUS_RANK = {
    key: rank
    for rank, key in enumerate(
        ("abandoned", "slowing", "at_rest", "unknown", "new", "quiet", "active")
    )
}
"""Which status needs attention first; what is retired needs none."""
RISK_RANK = {"high": 0, "raised": 1, "low": 2}
ORDERS = {
    "commit": ("days_since_last_commit", False),
    "people": ("contributors", True),
    "few": ("contributor_absence_factor", False),
    "wait": ("first_answer_wait", True),
}
"""Orders by a figure: its name, and whether the greatest comes first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; what is empty asks for nothing. ``text``: words of the name."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    risk: str = ""
    ospo: str = ""
    order: str = "attention"
    """``attention``, ``name`` or one of ``ORDERS``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader may see, and of which time.

    ``private``: also projects with a private repository. ``open``: nothing that is derived from
    people; ``closed`` names the figures that are. ``at``: as it was at the start of that month.
    """

    private: bool = True
    open: bool = False
    closed: Collection[str] = ()
    at: Instant | None = None


def counts(engine: Engine, seen: Seen) -> dict[str, int]:
    """Count all projects by status."""
    asked = _question(seen, Wanted(order="name")).order_by(None).subquery()
    question = select(asked.c.status, func.count().label("met")).group_by(asked.c.status)
    with engine.connect() as connection:
        return {row.status: row.met for row in connection.execute(question)}


def count(engine: Engine, seen: Seen, wanted: Wanted) -> int:
    """Count the projects that are asked for."""
    asked = _question(seen, wanted).order_by(None).subquery()
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(asked)).scalar_one()


def ids(
    engine: Engine, seen: Seen, wanted: Wanted, limit: int | None = None, offset: int = 0
) -> list[int]:
    """Give the projects that are asked for, in order: all, or some of them from a place on.

    Those without the figure come last; equal ones stand by name, then by key.
    """
    asked = _question(seen, wanted).limit(limit).offset(offset or None)
    with engine.connect() as connection:
        return [row.project_id for row in connection.execute(asked)]


def _question(seen: Seen, wanted: Wanted) -> Select[Any]:
    status, risk, criticality = _judged(seen)
    question = select(lines.c.project_id, status.label("status")).select_from(lines)
    if seen.at is not None:
        question = question.join(status_history, _month(seen.at))
    if not seen.private:
        question = question.where(lines.c.project_id.not_in(PRIVATE))
    question = question.where(*_filters(wanted, status, risk))
    first: tuple[ColumnElement[Any], ...] = ()
    if wanted.order == "attention":
        first = _rank(STATUS_RANK, status), _rank(RISK_RANK, risk), -func.coalesce(criticality, 0)
    elif wanted.order in ORDERS and ORDERS[wanted.order][0] not in seen.closed:
        key, descending = ORDERS[wanted.order]
        figure: ColumnElement[Any] = lines.c[key]
        if seen.at is not None:
            figure = metric_history.c.value
            question = question.join(metric_history, _figure(key, seen.at), isouter=True)
        first = figure.is_(None), figure.desc() if descending else figure
    return question.order_by(*first, lines.c.name, lines.c.key)


def _judged(seen: Seen) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """Status, risk and criticality: of today, or of a past month, where they are kept apart."""
    if seen.at is None:
        return lines.c.status, lines.c.open_risk if seen.open else lines.c.risk, lines.c.criticality
    c = status_history.c
    known: ColumnElement[Any] = func.coalesce(c.risk, "")
    risk = case((c.status == "unknown", literal("")), else_=known)
    # Of the past it is not kept what the risk would be without people.
    return c.status, literal("") if seen.open else risk, c.criticality


def _month(at: Instant) -> ColumnElement[bool]:
    """A project's newest month up to that date."""
    c, other = status_history.c, status_history.alias()
    newest = (
        select(func.max(other.c.as_of))
        .where(other.c.project_id == lines.c.project_id, other.c.as_of <= at)
        .scalar_subquery()
    )
    # Plus zero: from the narrow table to its month, never from all months to the narrow table.
    return and_(c.project_id == lines.c.project_id + 0, c.as_of == newest)


def _figure(key: str, at: Instant) -> ColumnElement[bool]:
    c = metric_history.c
    return and_(c.project_id == lines.c.project_id, c.metric == key, c.as_of == at)


def _filters(
    wanted: Wanted, status: ColumnElement[Any], risk: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    found = [lines.c.sought.contains(word, autoescape=True) for word in folded(wanted.text).split()]
    if wanted.ospo:
        found.append(lines.c.ospo == wanted.ospo)
    if wanted.statuses:
        found.append(status.in_(wanted.statuses))
    if wanted.risk:
        found.append(risk == wanted.risk)
    return found


def _rank(ranks: dict[str, int], column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case(ranks, value=column, else_=len(ranks))
