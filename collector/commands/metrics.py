"""``metrics``: values, each with its reason where there is none."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collector import portfolio
from collector.commands.common import as_of, configuration, day, known, known_projects, moment
from collector.config import Config
from collector.measure import values_at
from collector.metric import Metric, State, Value
from collector.metrics import BY_KEY
from collector.model import Instant
from collector.run import pseudonyms
from collector.store import migrate, read
from collector.store.engine import connect
from collector.store.read_activity import activity

COLUMNS = (
    "project",
    "metric",
    "as_of",
    "value",
    "state",
    "reason",
    "unit",
    "n",
    "p90",
    "window_days",
    "coverage",
    "collected_until",
    "version",
    "parts",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One value of one project."""

    project: str
    metric: Metric
    as_of: Instant
    value: Value
    collected_until: Instant | None

    def record(self) -> dict[str, Any]:
        """As programs read it (PRODUCT.md): numbers unrounded, nothing missing shown as zero."""
        return {
            "project": self.project,
            "metric": self.metric.key,
            "as_of": day(self.as_of),
            "value": self.value.value,
            "state": self.value.state.value,
            "reason": None if self.value.reason is None else str(self.value.reason),
            "unit": self.metric.unit,
            "n": self.value.n,
            "p90": self.value.p90,
            "window_days": self.metric.window,
            "coverage": self.value.coverage,
            "collected_until": moment(self.collected_until),
            "version": self.metric.version,
            "parts": dict(self.value.parts),
        }


def metrics(projects: Sequence[str], keys: Sequence[str], date: str | None, format: str) -> int:
    """Print values of all or some projects and metrics, as of any date."""
    config = configuration()
    known_projects(config, projects)
    known(list(BY_KEY), keys, "metric")
    lines = _lines(config, projects, keys, as_of(date))
    {"json": _json, "csv": _csv, "table": _table}[format](lines)
    return 0


def _lines(
    config: Config, projects: Sequence[str], keys: Sequence[str], at: Instant
) -> Iterator[Line]:
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    for state in read.project_states(engine, projects):
        values = values_at(activity(engine, state.key, who), at, keys or None)
        for key, value in values.items():
            yield Line(state.key, BY_KEY[key], at, value, state.collected_until)


def _json(lines: Iterable[Line]) -> None:
    json.dump([line.record() for line in lines], sys.stdout, ensure_ascii=False, indent=1)
    print()


def _csv(lines: Iterable[Line]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        record = line.record() | {
            "parts": json.dumps(line.record()["parts"], ensure_ascii=False, sort_keys=True)
        }
        writer.writerow([_safe(record[name]) for name in COLUMNS])


def _safe(cell: object) -> object:
    """Text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def _table(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("project", "metric", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    table.add_column("", overflow="fold")
    for line in lines:
        table.add_row(
            Text(line.project), Text(line.metric.key), Text(_figure(line)), Text(_beside(line))
        )
    Console().print(table)


def _figure(line: Line) -> str:
    value = line.value
    if value.state is not State.OK:
        return value.state.value
    if value.value is None:
        return "·"
    return f"{value.value:,.2f}".rstrip("0").rstrip(".")


def _beside(line: Line) -> str:
    """Unit, sample and reason, as far as there are any."""
    value = line.value
    if value.reason is not None:
        return str(value.reason)
    sample = [f"from {value.n} cases"] if value.n is not None and value.p90 is not None else []
    spread = [f"nine in ten within {value.p90:,.1f}"] if value.p90 is not None else []
    return ", ".join([line.metric.unit, *sample, *spread])
