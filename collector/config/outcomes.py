"""Files of service outcomes: CSV, YAML or JSON in, figures and problems with their line out.

Columns or keys: ``date``, ``indicator``, ``value``; then ``n``, ``unit``, ``source``,
``responsible`` (who answers for it), ``stale_after_days``. A bad row is left out and told; the
other rows count.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from collector.config.forms import day, plain
from collector.config.project_settings import instant
from collector.config.yaml_file import Data, Document, parse
from collector.model import ServiceFigure
from collector.problem import Mistake, Problem, nearest, shown

USUAL_AGE = 400
"""Days after which a figure is stale, unless its row says otherwise: a yearly one is in time."""

MOST_ROWS = 100_000
MOST_TEXT = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named indicator, so that portfolios compare. ``unit`` None: the file must state it."""

    unit: str | None
    most: float = math.inf


INDICATORS = {
    "service_users": Indicator("people"),
    "service_visits": Indicator("visits"),
    "service_transactions": Indicator("transactions"),
    "service_digital_share": Indicator("ratio", 1),
    "service_uptake": Indicator("ratio", 1),
    "service_satisfaction": Indicator(None),
    "service_completion": Indicator("ratio", 1),
    "service_cost": Indicator(None),
}
COLUMNS = ("date", "indicator", "value", "n", "unit", "source", "responsible", "stale_after_days")
NEEDED = COLUMNS[:3]
_FREE = re.compile(r"[a-z][a-z0-9_]{0,79}")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")

Row = Mapping[str, Data]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a file says; ``problems`` are its bad rows, each with its place."""

    figures: tuple[ServiceFigure, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_file(path: Path, name: str) -> Outcomes:
    """The figures of a file; ``name`` is what people call it."""
    try:
        if path.stat().st_size > MOST_TEXT:
            return _failed(name, f"is larger than {MOST_TEXT // 2**20} MB; give monthly figures")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _failed(name, "is not UTF-8 text; save the file as UTF-8")
    except OSError as error:
        return _failed(name, f"cannot be read: {error.strerror or error}")
    return read_text(text, name)


def read_text(text: str, name: str) -> Outcomes:
    """The figures of a text. YAML and JSON are told by their name (``.yaml``, ``.yml``, ``.json``)
    or by how they begin, all else is CSV.
    """
    marked = name.lower().endswith((".yaml", ".yml", ".json")) or text.lstrip()[:1] in ("[", "{")
    problems: list[Problem] = []
    figures: dict[tuple[str, int], ServiceFigure] = {}
    for line, row in (
        _data_rows(text, name, problems) if marked else _csv_rows(text, name, problems)
    ):
        try:
            figure = _figure(row, name)
            if (figure.indicator, figure.at) in figures:
                raise Mistake(f"{figure.indicator} stands twice for this date")
            figures[figure.indicator, figure.at] = figure
        except Mistake as mistake:
            problems.append(Problem(name, line, 1, "", str(mistake), mistake.nearest))
    return Outcomes(tuple(figures[key] for key in sorted(figures)), tuple(problems))


def _failed(name: str, why: str) -> Outcomes:
    return Outcomes(problems=(Problem(name, 0, 0, "", why),))


# ---------------------------------------------------------------- the forms


def _csv_rows(text: str, name: str, problems: list[Problem]) -> Iterator[tuple[int, Row]]:
    separator = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                problems += _header(header, name)
            elif len(cells) > len(header):
                why = f"has {len(cells)} cells, the first line names {len(header)}"
                problems.append(Problem(name, reader.line_num, 1, "", why))
            else:
                yield (
                    reader.line_num,
                    {key: cell.strip() or None for key, cell in zip(header, cells, strict=False)},
                )
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, 1, "", f"is no CSV: {error}"))


def _header(header: list[str], name: str) -> Iterator[Problem]:
    for column in header:
        if column not in COLUMNS:
            why = f"there is no column {shown(column)}; known: {', '.join(COLUMNS)}"
            yield Problem(name, 1, 1, "", why, nearest(column, COLUMNS))


def _data_rows(text: str, name: str, problems: list[Problem]) -> Iterator[tuple[int, Row]]:
    document = parse(Document(name, text))
    problems += document.problems
    if not isinstance(document.data, tuple):
        if not document.problems:
            problems.append(
                Problem(name, 1, 1, "", "is not a list of rows with date, indicator, value")
            )
        return
    for at, row in enumerate(document.data):
        place = document.values.get((at,))
        line = place.line if place else 1
        if isinstance(row, dict):
            yield line, row
        else:
            problems.append(Problem(name, line, 1, "", "is no row with date, indicator, value"))


# ---------------------------------------------------------------- a row


def _figure(row: Row, name: str) -> ServiceFigure:
    for key in row:
        if key not in COLUMNS:
            raise Mistake(f"there is no column {shown(key)}", nearest(key, COLUMNS))
    for key in NEEDED:
        if row.get(key) is None:
            raise Mistake(f"{key} is missing")
    indicator, known = _indicator(row["indicator"])
    value = _number(row["value"], "value")
    if not 0 <= value <= known.most:
        most = "" if math.isinf(known.most) else f" and at most {known.most:g}"
        raise Mistake(f"{indicator} must be at least 0{most}, not {shown(row['value'])}")
    unit = _text(row.get("unit")) or known.unit
    if unit is None:
        wanted = "the scale, such as 1-5" if indicator == "service_satisfaction" else "the unit"
        raise Mistake(f"{indicator} needs {wanted} in the column unit")
    return ServiceFigure(
        indicator,
        instant(day(str(row["date"]))) or 0,
        value,
        unit,
        _text(row.get("source")) or name,
        _text(row.get("responsible")) or "",
        _whole(row.get("stale_after_days"), "stale_after_days") or USUAL_AGE,
        _whole(row.get("n"), "n"),
    )


def _indicator(given: Data) -> tuple[str, Indicator]:
    if isinstance(given, str) and given in INDICATORS:
        return given, INDICATORS[given]
    if not isinstance(given, str) or not _FREE.fullmatch(given):
        raise Mistake(
            f"an indicator has lower-case letters, digits and '_', not {shown(given)}",
            nearest(given, INDICATORS),
        )
    if given.startswith("service_"):
        raise Mistake(f"there is no indicator {given}; a free one begins otherwise",
                      nearest(given, INDICATORS))  # fmt: skip
    return given, Indicator(None)


def _number(given: Data, key: str) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given):
        return float(given)
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        return float(given)
    raise Mistake(f"{key} is no number: {shown(given)}; write 1234.5")


def _whole(given: Data, key: str) -> int | None:
    if given is None:
        return None
    number = _number(given, key)
    if number != int(number) or not 0 <= number < 2**31:
        raise Mistake(f"{key} is no whole number: {shown(given)}")
    return int(number)


def _text(given: Data) -> str | None:
    return None if given is None else plain(str(given)[:500])
