"""By what is a project found? Its row in the list's own table, made where any of it changes."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from collector.store.packed import text_of
from collector.store.rows import batched, upsert
from collector.store.schema import judgements, projects
from collector.store.schema_lines import project_lines
from collector.store.tables import storable

FIGURES = (
    "contributors",
    "contributor_absence_factor",
    "days_since_last_commit",
    "first_answer_wait",
)
"""The figures of the summary that a list is sorted by."""
MANY = 500


def folded(text: str) -> str:
    """Give a text without case and accents, as people type when they search."""
    split = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    return plain.casefold().replace("\0", "")


def follow(connection: Connection) -> None:
    """Give a row to whatever project has none or was renamed; take it from those not shown."""
    shown = select(projects.c.id).where(projects.c.hidden.is_(False))
    connection.execute(delete(project_lines).where(project_lines.c.project_id.not_in(shown)))
    c = project_lines.c
    found = connection.execute(
        select(
            projects.c.id,
            projects.c.key,
            projects.c.ospo,
            projects.c.name,
            c.sought,
            c.ospo.label("stood"),
        )
        .join(project_lines, c.project_id == projects.c.id, isouter=True)
        .where(projects.c.hidden.is_(False))
    )
    write(
        connection, [row.id for row in found if (row.sought, row.stood) != (_sought(row), row.ospo)]
    )


def write(connection: Connection, project_ids: Collection[int]) -> None:
    """Make the rows of some projects anew from what is stored of them."""
    for some in batched(project_ids, MANY):
        question = (
            select(
                projects.c.id,
                projects.c.key,
                projects.c.ospo,
                projects.c.name,
                judgements.c.status,
                judgements.c.risk,
                judgements.c.criticality,
                text_of(judgements.c.summary).label("summary"),
            )
            .join(judgements, judgements.c.project_id == projects.c.id, isouter=True)
            .where(projects.c.id.in_(some), projects.c.hidden.is_(False))
        )
        upsert(connection, project_lines, [_line(row) for row in connection.execute(question)])


def shown_risk(status: str | None, risk: str | None) -> str:
    """Give the risk; what was not read is at no risk yet."""
    return "" if status in (None, "unknown") else risk or ""


def _sought(row: Any) -> str:
    return storable(folded(f"{row.name} {row.key} {row.ospo}"))


def _line(row: Row[Any]) -> dict[str, Any]:
    summary = _object(json.loads(row.summary or "{}"))
    risk = shown_risk(row.status, row.risk)
    return {
        "project_id": row.id,
        "name": storable(folded(row.name)),
        "key": row.key,
        "sought": _sought(row),
        "ospo": row.ospo,
        "status": row.status or "unknown",
        "risk": risk,
        "open_risk": str(_object(summary.get("open")).get("risk") or "") if risk else "",
        "criticality": row.criticality,
        **{key: _number(summary.get(key)) for key in FIGURES},
    }


def _object(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _number(given: object) -> float | None:
    return float(given) if isinstance(given, int | float) else None
