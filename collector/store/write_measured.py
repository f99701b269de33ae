"""How a project's measurement is written: whole, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from collector.metric import Value
from collector.model import Instant, JudgedMonth, Phrase, StatusChange
from collector.store.rows import batched, upsert
from collector.store.schema import (
    judgements,
    metric_history,
    metric_values,
    pack_history,
    pack_results,
    project_series,
    projects,
    status_changes,
    status_history,
    what_if,
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MeasuredRows:
    """All that is stored of one measurement of a project.

    ``history`` and ``judged`` None: the past is as it was, only today's figures are new.
    """

    project_id: int
    as_of: Instant
    digest: str
    collected_until: Instant | None
    versions: Mapping[str, int]
    values: Mapping[str, Value]
    judgement: Json
    summary: Json
    history: Sequence[tuple[str, Instant, Value]] | None = None
    judged: Sequence[JudgedMonth] | None = None
    changes: Sequence[StatusChange] = ()
    """Of the whole past where ``judged`` is given, else those that are new."""
    kept_until: Instant | None = None
    """Judgements before it, and events, stay as they are stored: people of then were forgotten."""
    forgotten: Collection[tuple[str, Instant]] = ()
    """Metric and month of values that cannot be known any more: they stay as they are stored."""
    series: Mapping[str, Json] = field(default_factory=dict)
    packs: Sequence[Json] = ()
    levels: Sequence[tuple[str, Instant, str | None]] | None = None
    outcomes: Sequence[Json] = ()


def write_measured(engine: Engine, measured: MeasuredRows) -> None:
    """Write what was measured of a project."""
    with engine.begin() as connection:
        _replace(connection, metric_values, measured.project_id, _value_rows(measured))
        if measured.history is not None:
            kept = {(measured.project_id, *each) for each in measured.forgotten}
            rows = _as_stored(
                connection, metric_history, measured.project_id, _history_rows(measured), kept
            )
            _replace(connection, metric_history, measured.project_id, rows)
        if measured.judged is None:
            upsert(connection, status_changes, list(_change_rows(measured)))
        else:
            _write_judged(connection, measured)
        if measured.levels is not None:
            _write_levels(connection, measured)
        _replace(connection, project_series, measured.project_id, _series_rows(measured))
        _replace(connection, pack_results, measured.project_id, _pack_rows(measured))
        _replace(connection, what_if, measured.project_id, _outcome_rows(measured))
        upsert(connection, judgements, [_judgement_row(measured)])
        connection.execute(
            update(projects)
            .where(projects.c.id == measured.project_id)
            .values(digest=measured.digest, measured_at=measured.as_of)
        )


def _write_judged(connection: Connection, measured: MeasuredRows) -> None:
    project, until = measured.project_id, measured.kept_until
    rows = _status_rows(measured)
    if until is None:
        _replace(connection, status_changes, project, _change_rows(measured))
    else:
        kept = {(project, each.as_of) for each in measured.judged or () if each.as_of < until}
        rows = _as_stored(connection, status_history, project, rows, kept)
        upsert(connection, status_changes, list(_change_rows(measured)))
    _replace(connection, status_history, project, rows)


def _write_levels(connection: Connection, measured: MeasuredRows) -> None:
    project, until = measured.project_id, measured.kept_until
    kept = {
        (project, pack, at)
        for pack, at, _ in measured.levels or ()
        if until is not None and at < until
    }
    rows = _as_stored(connection, pack_history, project, _level_rows(measured), kept)
    _replace(connection, pack_history, project, rows)


def _as_stored(
    connection: Connection,
    table: Table,
    project_id: int,
    rows: Iterable[dict[str, Any]],
    kept: Collection[tuple[Any, ...]],
) -> Iterable[dict[str, Any]]:
    """The rows; of those that are kept the stored ones, where there are any."""
    if not kept:
        return rows
    names = [column.name for column in table.primary_key]
    stored = {
        tuple(getattr(row, name) for name in names): dict(row._mapping)
        for row in connection.execute(select(table).where(table.c.project_id == project_id))
    }
    keys = ((tuple(row[name] for name in names), row) for row in rows)
    return [stored.get(key, row) if key in kept else row for key, row in keys]


def phrase(sentence: Phrase | None) -> dict[str, Any] | None:
    """A sentence as the database keeps it, to be translated when shown."""
    if sentence is None:
        return None
    return {"text": sentence.template, "args": dict(sentence.arguments)}


def _replace(
    connection: Connection, table: Table, project_id: int, rows: Iterable[dict[str, Any]]
) -> None:
    """Update what differs, insert what is new, delete what is no longer there."""
    wanted = list(rows)
    key = [column.name for column in table.primary_key]
    stored = connection.execute(
        select(*(table.c[name] for name in key)).where(table.c.project_id == project_id)
    )
    known = {tuple(row) for row in stored}
    if known - {tuple(row[name] for name in key) for row in wanted}:
        connection.execute(delete(table).where(table.c.project_id == project_id))
        known = set()
    if known:
        upsert(connection, table, wanted)
        return
    for batch in batched(wanted):
        connection.execute(insert(table), batch)


def _value_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for key, value in sorted(measured.values.items()):
        yield {
            "project_id": measured.project_id,
            "metric": key,
            "as_of": measured.as_of,
            "value": value.value,
            "state": value.state.value,
            "reason": phrase(value.reason),
            "n": value.n,
            "p90": value.p90,
            "coverage": value.coverage,
            "parts": dict(value.parts),
            "version": measured.versions[key],
            "collected_until": measured.collected_until,
        }


def _history_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for key, as_of, value in measured.history or ():
        yield {
            "project_id": measured.project_id,
            "metric": key,
            "as_of": as_of,
            "value": value.value,
            "state": value.state.value,
            "n": value.n,
            "p90": value.p90,
        }


def _status_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for month in measured.judged or ():
        yield {
            "project_id": measured.project_id,
            "as_of": month.as_of,
            "status": month.status,
            "reason": phrase(month.reason),
            "risk": month.risk,
            "criticality": month.criticality,
            "answers": dict(month.answers),
        }


def _change_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for change in measured.changes:
        yield {
            "project_id": measured.project_id,
            "at": change.at,
            "before": change.before,
            "after": change.after,
            "reason": phrase(change.reason),
        }


def _series_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for key, data in sorted(measured.series.items()):
        yield {
            "project_id": measured.project_id,
            "key": key,
            "as_of": measured.as_of,
            "data": dict(data),
        }


def _pack_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for result in measured.packs:
        yield {
            "project_id": measured.project_id,
            "pack": result["pack"],
            "as_of": measured.as_of,
            "level": result["level"],
            "result": dict(result),
        }


def _level_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for pack, as_of, level in measured.levels or ():
        yield {
            "project_id": measured.project_id,
            "pack": pack,
            "as_of": as_of,
            "level": level,
        }


def _outcome_rows(measured: MeasuredRows) -> Iterable[dict[str, Any]]:
    for outcome in measured.outcomes:
        yield {
            "project_id": measured.project_id,
            "without": outcome["without"],
            "as_of": measured.as_of,
            "outcome": dict(outcome),
        }


def _judgement_row(measured: MeasuredRows) -> dict[str, Any]:
    return {
        "project_id": measured.project_id,
        "as_of": measured.as_of,
        "status": measured.judgement["status"],
        "risk": measured.judgement["risk"],
        "criticality": measured.judgement["criticality"],
        "judgement": dict(measured.judgement),
        "summary": dict(measured.summary),
    }
