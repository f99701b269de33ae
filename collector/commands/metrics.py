"""``metrics``: values, each with its reason where there is none."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collector import portfolio
from collector.commands.common import as_of, configuration, day, known, known_projects, moment
from collector.commands.paper import Column, grouped, listed, number, paper, say, show
from collector.config import Config
from collector.history import values_at
from collector.metric import Metric, State, Value
from collector.metrics import BY_KEY
from collector.model import Instant
from collector.run import pseudonyms
from collector.spreadsheet import as_text
from collector.store import migrate, read
from collector.store.engine import connect
from collector.store.read_activity import activity

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Engine

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
    migrate.require_current(engine)  # before the first word is printed
    return _values(config, engine, projects, keys, at)


def _values(
    config: Config, engine: Engine, projects: Sequence[str], keys: Sequence[str], at: Instant
) -> Iterator[Line]:
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
        cells = (record[name] for name in COLUMNS)
        writer.writerow([as_text(one) if isinstance(one, str) else one for one in cells])


def _table(lines: Iterable[Line]) -> None:
    """One table per project; where one metric is asked for, one table of all projects."""
    console, found = paper(), list(lines)
    if not found:
        say(console, "Nothing is collected yet. Start with: ospo-vitals collect")
        return
    if len({line.metric.key for line in found}) == 1:
        metric = found[0].metric
        say(console, f"{metric.key}: {metric.question} ({metric.unit})")
        _block(console, [(line.project, line) for line in found], "projects")
        return
    for project in dict.fromkeys(line.project for line in found):
        own = [line for line in found if line.project == project]
        say(console, f"{project} as of {day(own[0].as_of)}")
        _block(console, [(line.metric.key, line) for line in own], "metrics")
        say(console)


def _block(console: Console, named: Sequence[tuple[str, Line]], what: str) -> None:
    """Values in a table; what has none below it, once for each reason."""
    columns = (Column(""), Column("", right=True), Column("", folds=True))
    has = [(name, line) for name, line in named if line.value.state is State.OK]
    if has:
        rows = [(f"  {name}", figure(line), beside(line)) for name, line in has]
        show(console, columns, rows)
    others = [(_why(line), name) for name, line in named if line.value.state is not State.OK]
    for why, names in sorted(grouped(others), key=lambda each: -len(each[1])):
        said = names[0] if len(names) == 1 else f"{len(names)} {what}"
        say(console, f"{said} {why}", 2)
        if len(names) > 1:
            say(console, listed(names), 4)


def _why(line: Line) -> str:
    words = "unknown" if line.value.state is State.UNKNOWN else "n/a"
    return f"{words}: {line.value.reason}" if line.value.reason else words


def figure(line: Line) -> str:
    """A value as a number that people read; of a text, nothing."""
    value = line.value
    return "" if value.value is None else number(value.value)


TEXT_PARTS = {"license": "spdx", "maintenance_type": "type", "lifecycle": "main"}


def _text(line: Line) -> str:
    """The word of a metric whose value is one."""
    said = line.value.parts.get(TEXT_PARTS.get(line.metric.key, ""))
    if isinstance(said, list):
        return listed(map(str, said))
    if said is None and line.value.parts.get("place") is not None:
        return "could not be told"  # there is a file, and nobody knows what it says
    return "none found" if said is None else str(said)


def beside(line: Line) -> str:
    """Unit, sample and spread, as far as there are any."""
    value, unit = line.value, line.metric.unit
    if value.value is None:
        return _text(line)
    sample = [f"from {value.n} cases"] if value.n is not None and value.p90 is not None else []
    spread = [f"nine in ten within {number(value.p90)}"] if value.p90 is not None else []
    named = [] if unit == "count" else [unit]
    return listed([*named, *sample, *spread])
