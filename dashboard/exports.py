"""How are the numbers taken away? CSV that no spreadsheet runs as a formula, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from collector.judgement import SUMMARY_NUMBERS
from collector.metric import Part
from collector.spreadsheet import as_text
from collector.store.read_dashboard import ProjectRow

COLUMNS = (
    "project",
    "name",
    "ospo",
    "status",
    "risk",
    "criticality",
    *SUMMARY_NUMBERS,
    "license",
    "as_of",
)
Record = Mapping[str, Part]


def record(row: ProjectRow) -> dict[str, Part]:
    """Give one project as a flat record with stable keys."""
    own: dict[str, Part] = {
        "project": row.key,
        "name": row.name,
        "ospo": row.ospo,
        "status": row.status,
        "risk": row.risk or None,
        "criticality": row.criticality,
        "as_of": row.as_of,
    }
    return {key: own[key] if key in own else row.summary.get(key) for key in COLUMNS}


def of(rows: Iterable[ProjectRow]) -> list[dict[str, Part]]:
    """Give projects as flat records."""
    return [record(row) for row in rows]


def cell(value: Part) -> str:
    """Write one value for a spreadsheet: text that looks like a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return as_text(text)


def to_csv(records: Iterable[Record], columns: Sequence[str] = COLUMNS) -> str:
    """Write records as CSV."""
    return _written(columns) + "".join(line(item, columns) for item in records)


def line(item: Record, columns: Sequence[str] = COLUMNS) -> str:
    """Write one record as a line of CSV."""
    return _written([cell(item.get(column)) for column in columns])


def _written(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def to_json(records: Iterable[Record]) -> str:
    """Write records as JSON."""
    return json.dumps(list(records), ensure_ascii=False, indent=1)
