"""Which tables are open data? Each with its columns, keys and rows: a file is a line below.

All rows come through the door of the pages (``dashboard/data.py``; for everybody
``dashboard/open_data.py``), a project at a time, so that history never stands in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from collector.attention.ids import named
from collector.judgement import SUMMARY_NUMBERS
from collector.judgement.open_data import PERSONAL
from collector.metric import Part
from collector.metrics import BY_KEY, METRICS
from collector.model import Instant
from dashboard import exports, i18n
from dashboard.data import Json, ProjectRow, RepositoryRow, Source, ValueRow
from dashboard.open_data import OpenSource

Kind = Literal["string", "number", "integer", "date", "datetime", "object", "array"]
Record = Mapping[str, Part]
Rows = Iterable[ProjectRow]
ENGLISH = i18n.translator(i18n.DEFAULT)
"""Sentences in data are English, whoever reads: the same bytes for everybody."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, type and meaning. ``unit``: in what a number is given."""

    name: str
    kind: Kind
    words: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the package. ``key``: what a row is known by. ``rows``: of some projects."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rows: Callable[[Source, Rows], Iterator[Record]]

    def shown(self, source: Source) -> tuple[Field, ...]:
        """Leave out the columns that say what single people do, where it is open data."""
        if not isinstance(source, OpenSource):
            return self.fields
        return tuple(field for field in self.fields if field.name not in PERSONAL)


def day(at: Instant | None) -> str | None:
    """Write an instant as its date."""
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def moment(at: Instant | None) -> str | None:
    """Write an instant as ISO 8601 in UTC."""
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _projects(_source: Source, rows: Rows) -> Iterator[Record]:
    for row in rows:
        yield {**exports.record(row), "relation": row.relation, "as_of": day(row.as_of)}


def _metrics(source: Source, rows: Rows) -> Iterator[Record]:
    for row in rows:
        for key, value in sorted(source.values(row.id).items()):
            if key in BY_KEY:
                yield _value(row, value)


def _value(row: ProjectRow, value: ValueRow) -> Record:
    metric = BY_KEY[value.metric]
    return {
        "project": row.key,
        "metric": value.metric,
        "as_of": day(value.as_of),
        "value": value.value,
        "state": value.state,
        "reason": ENGLISH.phrase(value.reason) or None,
        "unit": metric.unit,
        "n": value.n,
        "p90": value.p90,
        "window_days": metric.window,
        "coverage": value.coverage,
        "collected_until": moment(value.collected_until),
        "version": value.version,
        "parts": dict(value.parts),
    }


def _history(source: Source, rows: Rows) -> Iterator[Record]:
    keys = tuple(BY_KEY)
    for row in rows:
        for point in source.history(row.id, keys):
            yield {
                "project": row.key,
                "metric": point.metric,
                "as_of": day(point.as_of),
                "value": point.value,
                "state": point.state,
                "n": point.n,
                "p90": point.p90,
            }


def _changes(source: Source, rows: Rows) -> Iterator[Record]:
    for row in rows:
        for change in source.changes_of(row.id):
            yield {
                "project": row.key,
                "at": day(change.at),
                "before": change.before or None,
                "after": change.after,
                "reason": ENGLISH.phrase(change.reason) or None,
            }


def _repositories(source: Source, rows: Rows) -> Iterator[Record]:
    known = {row.id: row.key for row in rows}
    for one in source.repositories():
        if one.project_id in known:
            yield _repository(one, known[one.project_id])


def _repository(one: RepositoryRow, project: str) -> Record:
    return {
        "url": one.url,
        "project": project,
        "host": one.host,
        "kind": one.kind,
        "state": one.state,
        "last_success": moment(one.last_success),
        "forge_read_until": moment(one.forge_read_until),
        "last_error": one.error,
        "issues": one.totals.get("issues"),
        "change_requests": one.totals.get("change_requests"),
    }


def _attention(source: Source, rows: Rows) -> Iterator[Record]:
    known = {row.key for row in rows}
    for name, entry in named(source.attention() or ()):
        if entry.get("project") in known:
            yield _entry(name, entry)


def _entry(name: str, entry: Json) -> Record:
    since = entry.get("since")
    said = {key: ENGLISH.phrase(phrase(entry.get(key))) or None for key in ("what", "why", "helps")}
    return {
        "entry": name,
        "project": entry.get("project"),
        "rule": entry.get("rule"),
        "kind": entry.get("kind"),
        "about": entry.get("about") or None,
        **said,
        "since": day(since) if isinstance(since, int) else None,
        "role": entry.get("role") or None,
        "severity": entry.get("severity"),
        "criticality": entry.get("criticality"),
        "links": entry.get("links"),
    }


def phrase(given: Part) -> Mapping[str, Part]:
    """Take a stored sentence as its template and arguments, whichever way it was kept."""
    return given if isinstance(given, dict) else {"text": str(given or "")}


_PROJECT = Field("project", "string", "The project's id in the portfolio file.", required=True)
_METRIC = Field("metric", "string", "Key of the definition, see docs/metrics.md.", required=True)
_VALUE = Field("value", "number", "Unrounded; absent where there is none, which is never zero.")
_STATE = Field("state", "string", "ok, n/a (cannot apply) or unknown (not collected).")
_N = Field("n", "integer", "From how many cases.")
_P90 = Field("p90", "number", "Nine in ten cases are no longer than this.")
_AS_OF = Field("as_of", "date", "As seen on this date, 00:00 UTC.")
_BY_METRIC = {metric.key: metric for metric in METRICS}


def _number(key: str) -> Field:
    metric = _BY_METRIC.get(key)
    if metric is None:
        return Field(key, "number", "A figure of the judgement: see docs/judgement.md.")
    return Field(key, "number", metric.question, metric.unit)


TABLES = (
    Table(
        "projects",
        "Projects, each with its newest judgement",
        (
            _PROJECT,
            Field("name", "string", "Its name."),
            Field("ospo", "string", "Id of the OSPO whose portfolio it is in."),
            Field("status", "string", "Status, see docs/judgement.md."),
            Field("risk", "string", "low, raised or high; absent where not judged."),
            Field("criticality", "integer", "How bad it would be if it stopped, 1 to 10."),
            *(_number(key) for key in SUMMARY_NUMBERS),
            Field("license", "string", "Its licence as SPDX writes it."),
            _AS_OF,
            Field("relation", "string", "hosted, upstream (used) or candidate."),
        ),
        ("project",),
        _projects,
    ),
    Table(
        "metrics",
        "The newest value of each metric of each project",
        (
            _PROJECT,
            _METRIC,
            _AS_OF,
            _VALUE,
            _STATE,
            Field("reason", "string", "Why there is no value."),
            Field("unit", "string", "In what the value is given."),
            _N,
            _P90,
            Field("window_days", "integer", "Over how many days before the date.", "days"),
            Field("coverage", "number", "Share of what should have been read, 0 to 1."),
            Field("collected_until", "datetime", "Until when records were read."),
            Field("version", "integer", "Version of the definition."),
            Field("parts", "object", "Numerator, denominator and other figures of the definition."),
        ),
        ("project", "metric"),
        _metrics,
    ),
    Table(
        "history",
        "Each metric of each project at the start of each month",
        (_PROJECT, _METRIC, _AS_OF, _VALUE, _STATE, _N, _P90),
        ("project", "metric", "as_of"),
        _history,
    ),
    Table(
        "status_changes",
        "When the status of a project became another and stayed so",
        (
            _PROJECT,
            Field("at", "date", "From this date on."),
            Field("before", "string", "The status before; absent at its beginning."),
            Field("after", "string", "The status since."),
            Field("reason", "string", "Why."),
        ),
        ("project", "at", "after"),
        _changes,
    ),
    Table(
        "repositories",
        "Repositories, and how their last reading went",
        (
            Field("url", "string", "Where git finds it.", required=True),
            _PROJECT,
            Field("host", "string", "Its host."),
            Field("kind", "string", "What software its host runs."),
            Field("state", "string", "State, see `ospo-vitals status`."),
            Field("last_success", "datetime", "When it was last read without an error."),
            Field("forge_read_until", "datetime", "Until when issues and the like were read."),
            Field("last_error", "string", "Why it could not be read."),
            Field("issues", "integer", "Issues that its forge counts."),
            Field("change_requests", "integer", "Proposed changes that its forge counts."),
        ),
        ("url",),
        _repositories,
    ),
    Table(
        "attention",
        "What to look at this week",
        (
            Field("entry", "string", "Id of the entry, the same in the feed.", required=True),
            _PROJECT,
            Field("rule", "string", "Which rule found it."),
            Field("kind", "string", "decide, answer, goal, news or unsorted."),
            Field("about", "string", "What it is about, such as a metric."),
            Field("what", "string", "What is the matter."),
            Field("why", "string", "Why."),
            Field("helps", "string", "What helps."),
            Field("since", "date", "Since when."),
            Field("role", "string", "Who can do something."),
            Field("severity", "number", "How grave, 1 to 10."),
            Field("criticality", "integer", "How bad it would be if the project stopped, 1 to 10."),
            Field("links", "array", "Where to look."),
        ),
        ("entry",),
        _attention,
    ),
)
BY_NAME = {table.name: table for table in TABLES}
