"""How does a portfolio stand as a whole? What its pages count over every project, once a pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collector.model import Instant
from collector.store.read_dashboard import ProjectRow
from dashboard.declared import relation
from dashboard.position import Change, Position, ours, position

RISKS = ("low", "raised", "high")
URGENT = 7
"""So bad it would be if it stopped, from which on a high risk is urgent."""
NAMED = 5
IN_CELL = 12
"""As many names as fit beside each other."""
LISTED = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """Risk against criticality: how many projects there are of each, and which are urgent.

    ``rows``: the projects themselves, where they are few enough to have a mark each.
    """

    count: int
    cells: Mapping[tuple[str, int], int]
    urgent: int
    names: tuple[str, ...]
    rows: tuple[ProjectRow, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the first page says of the projects of one OSPO, or of all."""

    position: Position
    judged: Judged
    changed: tuple[Change, ...]
    moved: tuple[tuple[ProjectRow, Change], ...]
    """The first of those that changed, with their rows."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether there is anything to show: projects of ours, measured ones, the newest date."""

    ours: int
    measured: bool
    today: Instant


def whole(rows: Sequence[ProjectRow]) -> Whole:
    """Look over all projects that there are."""
    dates = [row.as_of for row in rows if row.as_of]
    return Whole(len(ours(rows)), bool(dates), max(dates, default=0))


def standing(rows: Sequence[ProjectRow], changes: Iterable[Change]) -> Standing:
    """Count projects, ours and others', and find their changes among those of all."""
    mine = {row.id: row for row in ours(rows)}
    upstream = sum(relation(row) == "upstream" for row in rows)
    changed = tuple(change for change in changes if change.project_id in mine)
    return Standing(
        position(tuple(mine.values()), upstream=upstream),
        judged(mine.values()),
        changed,
        tuple((mine[change.project_id], change) for change in changed[:LISTED]),
    )


def judged(rows: Iterable[ProjectRow]) -> Judged:
    """Count the projects of each risk and criticality, of those that can be judged."""
    shown = [
        row
        for row in rows
        if row.risk in RISKS and row.criticality and row.status not in ("unknown", "retired")
    ]
    counted = cells(shown)
    urgent = [row for row in shown if row.risk == "high" and (row.criticality or 0) >= URGENT]
    few = max(counted.values(), default=0) <= IN_CELL
    names = tuple(row.name for row in urgent[:NAMED])
    return Judged(len(shown), counted, len(urgent), names, tuple(shown) if few else ())


def cells(rows: Iterable[ProjectRow]) -> dict[tuple[str, int], int]:
    """Count projects by risk and criticality."""
    counted: dict[tuple[str, int], int] = {}
    for row in rows:
        key = (row.risk, row.criticality or 0)
        counted[key] = counted.get(key, 0) + 1
    return counted
