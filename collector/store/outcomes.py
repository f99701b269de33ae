"""The figures of services: how they are kept, and how pages read them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, delete, insert, select

from collector.model import ServiceFigure
from collector.store.rows import batched
from collector.store.schema import outcomes, projects

FIELDS = tuple(ServiceFigure.__dataclass_fields__)


def write_outcomes(engine: Engine, project_key: str, figures: Iterable[ServiceFigure]) -> None:
    """Make these all the figures of a project's service."""
    rows = [{name: getattr(each, name) for name in FIELDS} for each in figures]
    with engine.begin() as connection:
        project = connection.execute(
            select(projects.c.id).where(projects.c.key == project_key)
        ).scalar()
        if project is None:
            return
        connection.execute(delete(outcomes).where(outcomes.c.project_id == project))
        for batch in batched({**row, "project_id": project} for row in rows):
            connection.execute(insert(outcomes), batch)


def figures(engine: Engine, project_id: int) -> tuple[ServiceFigure, ...]:
    """The figures of a project's service, by indicator and date."""
    c = outcomes.c
    question = (
        select(*(c[name] for name in FIELDS))
        .where(c.project_id == project_id)
        .order_by(c.indicator, c.at)
    )
    with engine.connect() as connection:
        return tuple(ServiceFigure(*row) for row in connection.execute(question))
