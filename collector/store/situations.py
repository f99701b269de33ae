"""What was measured last of every project, as attention reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from collector.config.project_settings import project_from
from collector.metric import State, Value
from collector.model import Instant, Phrase, Project, Repository
from collector.store.read_activity import stored_repository
from collector.store.schema import (
    judgements,
    metric_values,
    projects,
    repositories,
    status_history,
)


@dataclass(frozen=True, slots=True)
class LastMeasured:
    """One project as it was judged last. ``judgement`` is as ``judgement.to_json`` wrote it."""

    project: Project
    as_of: Instant
    repositories: tuple[Repository, ...]
    judgement: Mapping[str, Any]
    values: Mapping[str, Value]
    history: tuple[tuple[Instant, str], ...]


def last_measured(engine: Engine) -> Iterator[LastMeasured]:
    """Every configured project that has been judged, one at a time."""
    question = (
        select(projects.c.id, projects.c.settings, judgements.c.as_of, judgements.c.judgement)
        .join(judgements, judgements.c.project_id == projects.c.id)
        .where(projects.c.hidden.is_(False))
        .order_by(projects.c.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(question).all()
        values, history = _values(connection), _history(connection)
        for row in rows:
            yield LastMeasured(
                project_from(row.settings),
                row.as_of,
                _repositories(connection, row.id),
                row.judgement,
                values[row.id],
                tuple(history[row.id]),
            )


def _repositories(connection: Connection, project_id: int) -> tuple[Repository, ...]:
    c = repositories.c
    question = select(repositories).where(c.project_id == project_id, c.hidden.is_(False))
    found = connection.execute(question.order_by(c.id)).all()
    return tuple(stored_repository(connection, row) for row in found)


def _values(connection: Connection) -> dict[int, dict[str, Value]]:
    found: dict[int, dict[str, Value]] = defaultdict(dict)
    for row in connection.execute(select(metric_values)):
        reason = Phrase(row.reason["text"], row.reason["args"]) if row.reason else None
        found[row.project_id][row.metric] = Value(
            row.value,
            State(row.state),
            reason,
            n=row.n,
            p90=row.p90,
            coverage=row.coverage,
            parts=row.parts or {},
        )
    return found


def _history(connection: Connection) -> dict[int, list[tuple[Instant, str]]]:
    c = status_history.c
    found: dict[int, list[tuple[Instant, str]]] = defaultdict(list)
    question = select(c.project_id, c.as_of, c.status).order_by(c.project_id, c.as_of)
    for project_id, at, status in connection.execute(question):
        found[project_id].append((at, status))
    return found
