"""What does a program need to know of the files? A Frictionless data package of tables."""

from __future__ import annotations

import json

from collector.metric import Part
from dashboard.data import Source
from dashboard.reports.tables import TABLES, Field, Table, moment


def package(source: Source, licence: str = "") -> str:
    """Write ``datapackage.json``; ``licence`` as SPDX writes it, empty: none is given."""
    finished = moment(source.freshness.finished)
    made: dict[str, Part] = {
        "profile": "tabular-data-package",
        "name": "ospo-vitals",
        "title": "OSPO Vitals: health of open source projects",
        "description": "Missing values are empty cells and never zero. A text that a spreadsheet"
        " would take for a formula begins with an apostrophe in CSV; in JSON it is as it is.",
        "keywords": ["open source", "project health", "CHAOSS"],
    }
    if finished:
        made["created"] = finished
    if licence:
        made["licenses"] = [{"name": licence}]
    made["resources"] = [_resource(table, source) for table in TABLES]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _resource(table: Table, source: Source) -> dict[str, Part]:
    schema: dict[str, Part] = {
        "fields": [_field(field) for field in table.shown(source)],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.name != "projects":
        to: dict[str, Part] = {"resource": "projects", "fields": "project"}
        schema["foreignKeys"] = [{"fields": "project", "reference": to}]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": schema,
    }


def _field(field: Field) -> dict[str, Part]:
    made: dict[str, Part] = {
        "name": field.name,
        "type": field.kind,
        "description": field.words,
    }
    if field.unit:
        made["unit"] = field.unit
    if field.required:
        made["constraints"] = {"required": True}
    return made
