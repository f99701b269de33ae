"""What was measured last of every project, as attention reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from collector.config.project_settings import project_from
from collector.metric import State, Value
from collector.model import DAY, Instant, Phrase, Project, Repository, StatusChange
from collector.store.read_activity import stored_repository
from collector.store.schema import (
    judgements,
    metric_history,
    metric_values,
    outcomes,
    projects,
    repositories,
    status_changes,
    status_history,
)

Answers = tuple[tuple[Instant, Mapping[str, str]], ...]
"""How the questions were answered at the start of each month, oldest first."""


@dataclass(frozen=True, slots=True)
class LastMeasured:
    """One project as it was judged last. ``judgement`` is as ``judgement.to_json`` wrote it."""

    project: Project
    as_of: Instant
    repositories: tuple[Repository, ...]
    judgement: Mapping[str, Any]
    values: Mapping[str, Value]
    changes: tuple[StatusChange, ...]
    answers: Answers
    series: Mapping[str, tuple[tuple[Instant, float], ...]]
    """The monthly values of the metrics that were asked for."""
    stale: Mapping[str, Instant]
    """Indicator of its service → since when its newest figure is too old."""


def last_measured(engine: Engine, series: Iterable[str] = ()) -> Iterator[LastMeasured]:
    """Every configured project that has been judged, one at a time."""
    question = (
        select(projects.c.id, projects.c.settings, judgements.c.as_of, judgements.c.judgement)
        .join(judgements, judgements.c.project_id == projects.c.id)
        .where(projects.c.hidden.is_(False))
        .order_by(projects.c.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(question).all()
        newest = max((row.as_of for row in rows), default=0)
        values, changes = _values(connection), _changes(connection)
        answers = _answers(connection, newest)
        monthly, stale = _series(connection, series), _stale(connection, newest)
        for row in rows:
            yield LastMeasured(
                project_from(row.settings),
                row.as_of,
                _repositories(connection, row.id),
                row.judgement,
                values[row.id],
                tuple(changes[row.id]),
                tuple(answers[row.id]),
                {metric: tuple(points) for metric, points in monthly[row.id].items()},
                stale[row.id],
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


def _changes(connection: Connection) -> dict[int, list[StatusChange]]:
    found: dict[int, list[StatusChange]] = defaultdict(list)
    for row in connection.execute(
        select(status_changes).order_by(status_changes.c.project_id, status_changes.c.at)
    ):
        reason = Phrase(row.reason["text"], row.reason["args"])
        found[row.project_id].append(StatusChange(row.at, row.before, row.after, reason))
    return found


def stored_answers(engine: Engine, project_id: int, until: Instant) -> Answers:
    """How one project's questions were answered in the months up to a date."""
    with engine.connect() as connection:
        return tuple(_answers(connection, until, project_id)[project_id])


def _answers(
    connection: Connection, until: Instant, project_id: int | None = None
) -> dict[int, list[tuple[Instant, Mapping[str, str]]]]:
    c = status_history.c
    question = select(c.project_id, c.as_of, c.answers).where(
        c.as_of <= until, c.answers.is_not(None)
    )
    if project_id is not None:
        question = question.where(c.project_id == project_id)
    found: dict[int, list[tuple[Instant, Mapping[str, str]]]] = defaultdict(list)
    for row in connection.execute(question.order_by(c.project_id, c.as_of)):
        found[row.project_id].append((row.as_of, row.answers))
    return found


def _series(
    connection: Connection, metrics: Iterable[str]
) -> dict[int, dict[str, list[tuple[Instant, float]]]]:
    c = metric_history.c
    found: dict[int, dict[str, list[tuple[Instant, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    question = select(c.project_id, c.metric, c.as_of, c.value).where(
        c.metric.in_(sorted(metrics)), c.value.is_not(None)
    )
    for row in connection.execute(question.order_by(c.project_id, c.metric, c.as_of)):
        found[row.project_id][row.metric].append((row.as_of, row.value))
    return found


def _stale(connection: Connection, as_of: Instant) -> dict[int, dict[str, Instant]]:
    c = outcomes.c
    found: dict[int, dict[str, Instant]] = defaultdict(dict)
    for row in connection.execute(select(outcomes).where(c.at < as_of).order_by(c.at)):
        expired = row.at + row.stale_after_days * DAY
        found[row.project_id].pop(row.indicator, None)
        if expired < as_of:
            found[row.project_id][row.indicator] = expired
    return found
