"""How a project's measurement is written: whole, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, false, insert, select, update

from collector.metric import Value
from collector.model import Instant, JudgedMonth, Phrase, StatusChange, StoredPast
from collector.store import lines
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
RESTS_ON = ("basis", "rests_on")


@dataclass(frozen=True, slots=True)
class PastRows:
    """What is stored of a project's past: what differs from what is there already."""

    project_id: int
    months: Collection[Instant]
    """All months that the past has: others are dropped."""
    versions: Mapping[str, int]
    history: Sequence[tuple[str, Instant, Value]] = ()
    judged: Sequence[JudgedMonth] = ()
    packs: Collection[str] = ()
    levels: Sequence[tuple[str, Instant, str | None]] = ()
    kept_until: Instant | None = None
    """Judgements before it, and events, stay as they are stored: people of then were forgotten."""
    forgotten: Collection[tuple[str, Instant]] = ()
    """Metric and month of values that cannot be known any more: they stay as they are stored."""


@dataclass(frozen=True, slots=True)
class MeasuredRows:
    """All that is stored of one measurement of a project."""

    project_id: int
    as_of: Instant
    digest: str
    collected_until: Instant | None
    versions: Mapping[str, int]
    values: Mapping[str, Value]
    judgement: Json
    summary: Json
    past: PastRows | None = None
    """None: nothing was asked about it."""
    changes: Sequence[StatusChange] = ()
    all_changes: bool = False
    """``changes`` are all events that there are, not only new ones."""
    series: Mapping[str, Json] = field(default_factory=dict)
    packs: Sequence[Json] = ()
    outcomes: Sequence[Json] = ()


def write_measured(engine: Engine, measured: MeasuredRows) -> None:
    """Write what was measured of a project."""
    with engine.begin() as connection:
        _replace(connection, metric_values, measured.project_id, _value_rows(measured))
        if measured.past is not None:
            _write_past(connection, measured.past)
        if measured.all_changes:
            _replace(connection, status_changes, measured.project_id, _change_rows(measured))
        else:
            upsert(connection, status_changes, list(_change_rows(measured)))
        _replace(connection, project_series, measured.project_id, _series_rows(measured))
        _replace(connection, pack_results, measured.project_id, _pack_rows(measured))
        _replace(connection, what_if, measured.project_id, _outcome_rows(measured))
        upsert(connection, judgements, [_judgement_row(measured)])
        lines.write(connection, [measured.project_id])
        said = {"digest": measured.digest, "measured_at": measured.as_of}
        if measured.past is not None:
            said["definitions"] = dict(measured.versions)
        connection.execute(
            update(projects).where(projects.c.id == measured.project_id).values(said)
        )


def write_past(engine: Engine, past: PastRows) -> None:
    """Write what was measured of a project's past, and leave today's figures as they are."""
    with engine.begin() as connection:
        _write_past(connection, past)


def _write_past(connection: Connection, past: PastRows) -> None:
    """Write what differs, and drop what the past has no more."""
    project, kept, months = past.project_id, frozenset(past.forgotten), sorted(past.months)
    unknown = metric_history.c.metric.not_in(sorted(past.versions))
    for table, more in ((metric_history, unknown), (status_history, false())):
        gone = table.c.as_of.not_in(months) | more
        connection.execute(delete(table).where(table.c.project_id == project, gone))
    values = list(_history_rows(past))
    if kept:
        keys = {(project, *each) for each in kept}
        values = _as_stored(connection, metric_history, project, values, keys)
    _add(connection, metric_history, project, values)
    judged = list(_status_rows(past))
    if past.kept_until is not None:
        before = {(project, each.as_of) for each in past.judged if each.as_of < past.kept_until}
        judged = _as_stored(connection, status_history, project, judged, before)
    _add(connection, status_history, project, judged)
    _write_levels(connection, past)


def _write_levels(connection: Connection, past: PastRows) -> None:
    project, until = past.project_id, past.kept_until
    c = pack_history.c
    gone = c.as_of.not_in(sorted(past.months)) | c.pack.not_in(sorted(past.packs))
    connection.execute(delete(pack_history).where(pack_history.c.project_id == project, gone))
    rows = list(_level_rows(past))
    if until is not None:
        kept = {(project, pack, at) for pack, at, _ in past.levels if at < until}
        rows = _as_stored(connection, pack_history, project, rows, kept)
    _add(connection, pack_history, project, rows)


def _add(
    connection: Connection, table: Table, project_id: int, rows: Sequence[dict[str, Any]]
) -> None:
    """Insert or update; where the project has no row yet, only the former, which is quicker."""
    stored = select(table.c.project_id).where(table.c.project_id == project_id).limit(1)
    if connection.execute(stored).first():
        upsert(connection, table, rows)
        return
    for batch in batched(rows):
        connection.execute(insert(table), batch)


def stored_past(engine: Engine, project_id: int) -> StoredPast:
    """On what does the stored past of a project rest?"""
    c = status_history.c
    with engine.connect() as connection:
        months = connection.execute(
            select(c.as_of, c.basis, c.rests_on).where(c.project_id == project_id)
        )
        rests = {row.as_of: (row.basis, row.rests_on) for row in months}
        versions = connection.execute(
            select(projects.c.definitions).where(projects.c.id == project_id)
        ).scalar()
    return StoredPast(rests, versions or {})


def _as_stored(
    connection: Connection,
    table: Table,
    project_id: int,
    rows: Iterable[dict[str, Any]],
    kept: Collection[tuple[Any, ...]],
) -> list[dict[str, Any]]:
    """The rows; of those that are kept the stored ones, where there are any, on their new basis."""
    names = [column.name for column in table.primary_key]
    stored = {
        tuple(getattr(row, name) for name in names): dict(row._mapping)
        for row in connection.execute(select(table).where(table.c.project_id == project_id))
    }
    found = []
    for row in rows:
        key = tuple(row[name] for name in names)
        basis = {name: row[name] for name in RESTS_ON if name in row}
        found.append({**stored[key], **basis} if key in kept and key in stored else row)
    return found


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


def _history_rows(past: PastRows) -> Iterable[dict[str, Any]]:
    for key, as_of, value in past.history:
        yield {
            "project_id": past.project_id,
            "metric": key,
            "as_of": as_of,
            "value": value.value,
            "state": value.state.value,
            "n": value.n,
            "p90": value.p90,
        }


def _status_rows(past: PastRows) -> Iterable[dict[str, Any]]:
    for month in past.judged:
        yield {
            "project_id": past.project_id,
            "as_of": month.as_of,
            "status": month.status,
            "reason": phrase(month.reason),
            "risk": month.risk,
            "criticality": month.criticality,
            "answers": dict(month.answers),
            "basis": month.basis,
            "rests_on": month.rests_on,
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


def _level_rows(past: PastRows) -> Iterable[dict[str, Any]]:
    for pack, as_of, level in past.levels:
        yield {
            "project_id": past.project_id,
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
