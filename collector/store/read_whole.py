"""How much of the portfolio is there? Counted by the database, so that no row is carried about."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, case, func, select

from collector.model import Instant
from collector.store.private import PRIVATE
from collector.store.schema import judgements, metric_values, projects, repositories


def collected(
    engine: Engine, read: Collection[str], *, private: bool = True
) -> tuple[int, int, Instant | None]:
    """Count the repositories in one of the states ``read``, and all; give the newest judgement."""
    c = repositories.c
    newest = (
        select(func.max(judgements.c.as_of))
        .join(projects, projects.c.id == judgements.c.project_id)
        .where(projects.c.hidden.is_(False))
    )
    question = select(func.count(), func.count(case((c.state.in_(read), c.id)))).where(
        c.hidden.is_(False)
    )
    if not private:
        newest = newest.where(projects.c.id.not_in(PRIVATE))
        question = question.where(c.project_id.not_in(PRIVATE))
    with engine.connect() as connection:
        known, done, at = connection.execute(question.add_columns(newest.scalar_subquery())).one()
    return done, known, at


def metric_states(engine: Engine, *, private: bool = True) -> dict[str, dict[str, int]]:
    """Count, for each metric, the projects by state: measured, does not apply, not collected."""
    table = metric_values.c
    question = select(table.metric, table.state, func.count()).group_by(table.metric, table.state)
    if not private:
        question = question.where(table.project_id.not_in(PRIVATE))
    counted: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for metric, state, count in connection.execute(question):
            counted.setdefault(metric, {})[state] = count
    return counted
