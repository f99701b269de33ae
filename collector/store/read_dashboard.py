"""What do the pages show? The few SELECTs of the dashboard, over precomputed tables only."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, cast

from sqlalchemy import Engine, Row, func, select

from collector.metric import Part
from collector.model import Instant
from collector.store.lines import shown_risk
from collector.store.packed import Packed, text_of
from collector.store.private import PRIVATE
from collector.store.schema import (
    judgements,
    meta,
    metric_history,
    metric_values,
    projects,
    releases,
    repositories,
    runs,
    status_history,
    tags,
)

Json = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which pass do the figures come from, and does another one work right now?"""

    run_id: int
    finished: Instant | None
    running_since: Instant | None
    meta: Mapping[str, str]
    measured: Instant | None = None

    @property
    def stamp(self) -> int:
        """What caches are keyed by: the pass, or, during the very first one, what is measured."""
        return self.run_id or -(self.measured or 0)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One line of the project list; ``summary`` is None as long as nothing was measured."""

    id: int
    key: str
    ospo: str
    name: str
    settings: Json
    measured_at: Instant | None
    as_of: Instant | None
    status: str
    risk: str
    criticality: int | None
    summary: Json
    relation: str = "hosted"


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """One repository: where it stands and how its last reading went."""

    id: int
    url: str
    host: str
    kind: str
    project_id: int | None
    state: str
    error: str | None
    error_since: Instant | None
    last_attempt: Instant | None
    last_success: Instant | None
    git_read_until: Instant | None
    forge_read_until: Instant | None
    totals: Json
    cost: Json
    settings: Json
    notes: Json | None = None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """The newest value of one metric of one project, whole."""

    metric: str
    as_of: Instant
    value: float | None
    state: str
    reason: Json | None
    n: int | None
    p90: float | None
    coverage: float | None
    parts: Json
    version: int
    collected_until: Instant | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a metric's history."""

    metric: str
    as_of: Instant
    value: float | None
    state: str
    n: int | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class StatusPoint:
    """The status a project had from this date on."""

    project_id: int
    as_of: Instant
    status: str
    reason: Json


@dataclass(frozen=True, slots=True)
class RunRow:
    """One pass: when, and how it ended."""

    id: int
    kind: str
    started: Instant
    finished: Instant | None
    exit_code: int | None
    summary: Json


@dataclass(frozen=True, slots=True)
class Delivered:
    """One tag or forge release, as its repository names it."""

    name: str
    at: Instant
    repository_id: int
    prerelease: bool = False


LONG_NOTES = ("attention",)
"""What is kept in ``meta`` and too long to be read with every page."""

_notes = select(meta.c.key, meta.c.value).where(meta.c.key.not_in(LONG_NOTES))


def freshness(engine: Engine) -> Freshness:
    """Ask for the newest finished pass (its id keys every cache) and for a running one."""
    with engine.connect() as connection:
        newest = connection.execute(
            select(runs.c.id, runs.c.finished)
            .where(runs.c.finished.is_not(None))
            .order_by(runs.c.id.desc())
            .limit(1)
        ).first()
        running = connection.execute(
            select(runs.c.started)
            .where(runs.c.finished.is_(None), runs.c.id > (newest.id if newest else 0))
            .order_by(runs.c.id.desc())
            .limit(1)
        ).scalar()
        notes = {row.key: row.value for row in connection.execute(_notes)}
        if newest is None:
            measured = connection.execute(select(func.max(projects.c.measured_at))).scalar()
            return Freshness(0, None, running, notes, measured)
    return Freshness(newest.id, newest.finished, running, notes)


def project_rows(
    engine: Engine, *, private: bool = True, only: Collection[int] | None = None
) -> tuple[ProjectRow, ...]:
    """List every project that is shown, with the summary of its newest judgement.

    ``private`` false: without those that have a private repository. ``only``: these alone.
    """
    question = (
        select(
            projects.c.id,
            projects.c.key,
            projects.c.ospo,
            projects.c.name,
            text_of(projects.c.settings).label("settings"),
            projects.c.settings["project"]["relation"].as_string().label("relation"),
            projects.c.measured_at,
            judgements.c.as_of,
            judgements.c.status,
            judgements.c.risk,
            judgements.c.criticality,
            text_of(judgements.c.summary).label("summary"),
        )
        .join(judgements, judgements.c.project_id == projects.c.id, isouter=True)
        .where(projects.c.hidden.is_(False))
        .order_by(projects.c.name, projects.c.key)
    )
    if not private:
        question = question.where(projects.c.id.not_in(PRIVATE))
    if only is not None:
        question = question.where(projects.c.id.in_(only))
    with engine.connect() as connection:
        return tuple(_project(row) for row in connection.execute(question))


def _project(row: Any) -> ProjectRow:
    return ProjectRow(
        row.id,
        row.key,
        intern(row.ospo),
        row.name,
        Packed(row.settings),
        row.measured_at,
        row.as_of,
        intern(row.status or "unknown"),
        intern(shown_risk(row.status, row.risk)),
        row.criticality,
        Packed(row.summary),
        intern(row.relation or "hosted"),
    )


def attention(engine: Engine) -> tuple[Json, ...] | None:
    """What deserves attention, as the last pass found it? None: it did not look."""
    with engine.connect() as connection:
        found = connection.execute(select(meta.c.value).where(meta.c.key == "attention")).scalar()
    if not found:
        return None
    try:
        entries = json.loads(found)
    except ValueError:
        return None
    return tuple(entry for entry in entries if isinstance(entry, dict))


def judgement(engine: Engine, project_id: int) -> Json:
    """Why has this project its status? The whole judgement, empty if there is none."""
    with engine.connect() as connection:
        found = connection.execute(
            select(judgements.c.judgement).where(judgements.c.project_id == project_id)
        ).scalar()
    return cast("Json", found or {})


def metric_rows(engine: Engine, project_id: int) -> tuple[ValueRow, ...]:
    """List the newest value of each metric of one project."""
    names = [column.name for column in metric_values.c if column.name != "project_id"]
    with engine.connect() as connection:
        found = connection.execute(
            select(*(metric_values.c[name] for name in names))
            .where(metric_values.c.project_id == project_id)
            .order_by(metric_values.c.metric)
        )
        return tuple(_value(row) for row in found)


def _value(row: Row[Any]) -> ValueRow:
    return ValueRow(
        row.metric,
        row.as_of,
        row.value,
        row.state,
        row.reason,
        row.n,
        row.p90,
        row.coverage,
        row.parts or {},
        row.version,
        row.collected_until,
    )


def values_of(engine: Engine, metric: str) -> dict[int, float]:
    """Give one metric's newest value for every project that has one."""
    with engine.connect() as connection:
        found = connection.execute(
            select(metric_values.c.project_id, metric_values.c.value).where(
                metric_values.c.metric == metric, metric_values.c.value.is_not(None)
            )
        )
        return {row.project_id: row.value for row in found}


def history(engine: Engine, project_id: int, metrics: Sequence[str]) -> tuple[Point, ...]:
    """Give the monthly values of some metrics of one project, oldest first."""
    table = metric_history.c
    with engine.connect() as connection:
        found = connection.execute(
            select(table.metric, table.as_of, table.value, table.state, table.n, table.p90)
            .where(table.project_id == project_id, table.metric.in_(metrics))
            .order_by(table.metric, table.as_of)
        )
        return tuple(Point(*row) for row in found)


def statuses(engine: Engine, project_id: int) -> tuple[StatusPoint, ...]:
    """Give the statuses of one project, oldest first, with the reasons."""
    table = status_history.c
    question = select(table.project_id, table.as_of, table.status, table.reason).where(
        table.project_id == project_id
    )
    with engine.connect() as connection:
        return tuple(
            StatusPoint(*row) for row in connection.execute(question.order_by(table.as_of))
        )


def repository_rows(
    engine: Engine, project_id: int | None = None, *, private: bool = True
) -> tuple[RepositoryRow, ...]:
    """List the repositories, all or those of one project, with their reading state.

    ``private`` false: without those of projects that have a private one.
    """
    columns = [repositories.c[name] for name in RepositoryRow.__dataclass_fields__]
    asked = [text_of(c).label(c.name) if c.name in _PACKED else c for c in columns]
    question = select(*asked).where(repositories.c.hidden.is_(False))
    if project_id is not None:
        question = question.where(repositories.c.project_id == project_id)
    if not private:
        question = question.where(repositories.c.project_id.not_in(PRIVATE))
    with engine.connect() as connection:
        found = connection.execute(question.order_by(repositories.c.url))
        shared: dict[str, Packed] = {}  # what thousands of repositories say alike
        return tuple(_repository(row, shared) for row in found)


_PACKED = ("totals", "cost", "settings")
_WORDS = ("host", "kind", "state")


def _repository(row: Row[Any], shared: dict[str, Packed]) -> RepositoryRow:
    given = dict(row._mapping)
    for key in _PACKED:
        told = given[key] or ""
        if told not in shared:
            shared[told] = Packed(told)
        given[key] = shared[told]
    given |= {key: intern(given[key]) for key in _WORDS}  # the same few, thousands of times
    return RepositoryRow(**given)


def run_rows(engine: Engine, limit: int = 30) -> tuple[RunRow, ...]:
    """List the newest passes, newest first."""
    table = runs.c
    with engine.connect() as connection:
        found = connection.execute(
            select(
                table.id, table.kind, table.started, table.finished, table.exit_code, table.summary
            )
            .order_by(table.id.desc())
            .limit(limit)
        )
        return tuple(RunRow(*row[:5], row[5] or {}) for row in found)


def project_states(engine: Engine, project_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """Give the state of each metric of some projects."""
    table = metric_values.c
    question = select(table.project_id, table.metric, table.state).where(
        table.project_id.in_(project_ids)
    )
    with engine.connect() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(question)}


def newest_tags(engine: Engine, project_id: int, limit: int = 400) -> tuple[Delivered, ...]:
    """List the newest tags and forge releases of one project, newest first."""
    mine = select(repositories.c.id).where(repositories.c.project_id == project_id)
    with engine.connect() as connection:
        tagged = connection.execute(
            select(tags.c.name, tags.c.time, tags.c.repository_id)
            .where(tags.c.repository_id.in_(mine))
            .order_by(tags.c.time.desc())
            .limit(limit)
        ).all()
        released = connection.execute(
            select(
                releases.c.tag,
                releases.c.published,
                releases.c.repository_id,
                releases.c.prerelease,
            )
            .where(releases.c.repository_id.in_(mine), releases.c.vanished_at.is_(None))
            .order_by(releases.c.published.desc())
            .limit(limit)
        ).all()
    found = {(row.repository_id, row.name): Delivered(*row) for row in tagged}
    found |= {(row.repository_id, row.tag): Delivered(*row) for row in released}
    return tuple(sorted(found.values(), key=lambda item: -item.at)[:limit])
