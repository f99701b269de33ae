"""What are charts drawn from? The SELECTs of the dashboard's pictures, precomputed rows only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from sqlalchemy import Engine, func, select

from collector.model import Instant
from collector.store.packed import Packed, text_of
from collector.store.private import PRIVATE
from collector.store.read_dashboard import Json, Point, StatusPoint
from collector.store.schema import (
    metric_history,
    metric_values,
    ospos,
    project_series,
    projects,
    status_history,
)


@dataclass(frozen=True, slots=True)
class OspoRow:
    """One OSPO as configuration names it."""

    key: str
    name: str
    settings: Json


def ospo_rows(engine: Engine) -> tuple[OspoRow, ...]:
    """List the OSPOs, by name."""
    with engine.connect() as connection:
        found = connection.execute(
            select(ospos.c.id, ospos.c.name, ospos.c.settings).order_by(ospos.c.name, ospos.c.id)
        )
        return tuple(OspoRow(row.id, row.name, row.settings or {}) for row in found)


def series(engine: Engine, project_id: int) -> Mapping[str, Json]:
    """Give what a project's charts are drawn from, by kind."""
    c = project_series.c
    with engine.connect() as connection:
        found = connection.execute(select(c.key, c.data).where(c.project_id == project_id))
        return {row.key: row.data for row in found}


def series_everywhere(engine: Engine, key: str) -> Iterator[tuple[int, Json]]:
    """Give one kind for every project that is shown and has it, one after the other.

    Never all at once: of 20,000 projects they take more room than what is made of them.
    """
    c = project_series.c
    question = (
        select(c.project_id, text_of(c.data).label("data"))
        .join(projects, projects.c.id == c.project_id)
        .where(c.key == key, projects.c.hidden.is_(False))
        .order_by(c.project_id)
    )
    with engine.connect() as connection:
        for row in connection.execution_options(yield_per=500).execute(question):
            yield row.project_id, json.loads(row.data)


def history_at(engine: Engine, project_id: int, dates: Sequence[Instant]) -> tuple[Point, ...]:
    """Give every metric of a project at the start of some months."""
    c = metric_history.c
    question = select(c.metric, c.as_of, c.value, c.state, c.n, c.p90).where(
        c.project_id == project_id, c.as_of.in_(dates)
    )
    with engine.connect() as connection:
        return tuple(Point(*row) for row in connection.execute(question))


def history_of(
    engine: Engine, project_ids: Sequence[int], metrics: Sequence[str]
) -> Mapping[int, tuple[Point, ...]]:
    """Give the monthly values of some metrics of some projects, oldest first."""
    c = metric_history.c
    question = (
        select(c.project_id, c.metric, c.as_of, c.value, c.state, c.n, c.p90)
        .where(c.project_id.in_(project_ids), c.metric.in_(metrics))
        .order_by(c.project_id, c.metric, c.as_of)
    )
    found: dict[int, list[Point]] = {}
    with engine.connect() as connection:
        for row in connection.execute(question):
            found.setdefault(row[0], []).append(Point(*row[1:]))
    return {key: tuple(points) for key, points in found.items()}


def values_at(
    engine: Engine,
    metrics: Sequence[str],
    dates: Sequence[Instant],
    only: Collection[int] | None = None,
) -> Mapping[tuple[str, Instant], Mapping[int, float]]:
    """Give some metrics of every project at the start of some months, where they have a value.

    ``only``: of these projects alone.
    """
    c = metric_history.c
    shown = select(projects.c.id).where(projects.c.hidden.is_(False))
    question = select(c.project_id, c.metric, c.as_of, c.value).where(
        c.project_id.in_(shown if only is None else only),
        c.metric.in_(metrics),
        c.as_of.in_(dates),
        c.value.is_not(None),
    )
    found: dict[tuple[str, Instant], dict[int, float]] = {}
    with engine.connect() as connection:
        for row in connection.execute(question):
            found.setdefault((row.metric, row.as_of), {})[row.project_id] = row.value
    return found


def spread(
    engine: Engine, ospo: str, metrics: Sequence[str], at: Instant | None
) -> Mapping[str, Sequence[tuple[int, float]]]:
    """Give some metrics of an OSPO's projects, by project, where they have a value.

    ``at``: as they were at the start of that month; None: the newest.
    """
    c = metric_values.c if at is None else metric_history.c
    question = (
        select(c.metric, c.project_id, c.value)
        .join(projects, projects.c.id == c.project_id)
        .where(projects.c.ospo == ospo, projects.c.hidden.is_(False))
        .where(c.metric.in_(metrics), c.value.is_not(None))
    )
    if at is not None:
        question = question.where(c.as_of == at)
    found: dict[str, list[tuple[int, float]]] = {}
    with engine.connect() as connection:
        for metric, project_id, value in connection.execute(question):
            found.setdefault(metric, []).append((project_id, value))
    return found


def answers_at(
    engine: Engine,
    ospo: str,
    dates: Sequence[Instant],
    questions: Sequence[str],
    private: bool,
) -> Mapping[tuple[Instant, str], Mapping[str, int]]:
    """Count an OSPO's projects by their answer to each question, at the start of some months.

    Counted by the database, so that the past of many projects is not carried about.
    """
    c = status_history.c
    told = text_of(c.answers).label("told")  # equal answers are equal text
    asked = (
        select(c.as_of, told, func.count().label("projects"))
        .join(projects, projects.c.id == c.project_id)
        .where(projects.c.ospo == ospo, projects.c.hidden.is_(False), c.as_of.in_(dates))
        .group_by(c.as_of, told)
    )
    if not private:
        asked = asked.where(projects.c.id.not_in(PRIVATE))
    found: dict[tuple[Instant, str], dict[str, int]] = {}
    with engine.connect() as connection:
        for as_of, text, count in connection.execute(asked):
            answers = Packed(text)
            for key in questions:
                answer = str(answers.get(key) or "unknown")
                counted = found.setdefault((as_of, key), {})
                counted[answer] = counted.get(answer, 0) + count
    return found


def turns(engine: Engine) -> tuple[StatusPoint, ...]:
    """Give the statuses of all projects where they became another, without reasons.

    One in ten months or so: what stays the same is not carried about.
    """
    table = status_history.c
    before = func.lag(table.status).over(partition_by=table.project_id, order_by=table.as_of)
    each = select(table.project_id, table.as_of, table.status, before.label("before")).subquery()
    question = (
        select(each.c.project_id, each.c.as_of, each.c.status)
        .where(each.c.before.is_distinct_from(each.c.status))
        .order_by(each.c.project_id, each.c.as_of)
    )
    with engine.connect() as connection:
        return tuple(
            StatusPoint(row.project_id, row.as_of, intern(row.status), _NO_REASON)
            for row in connection.execute(question)
        )


_NO_REASON: Json = {}
