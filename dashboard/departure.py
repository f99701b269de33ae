"""What if a supplier, a person, a source of money goes? What each project is now, less them.

Made of precomputed figures alone: it counts who is left of those who work on it regularly and
how much of a year's work would go. The command ``whatif`` judges the records anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.store.read_dashboard import Json, ProjectRow
from dashboard import people
from dashboard.people import Share

KINDS = ("supplier", "person", "funding")


@dataclass(frozen=True, slots=True)
class Without:
    """Who or what goes."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Left:
    """What would be left of one project.

    ``share``: of a year's work that would go. ``ends``: a contract or money that would end.
    ``others``: further contracts or sources of money that run.
    """

    row: ProjectRow
    share: float
    before: int
    after: int
    ends: bool
    others: int

    @property
    def nobody(self) -> bool:
        """Would nobody be left of those who work on it regularly?"""
        return self.before > 0 and self.after == 0

    @property
    def unpaid(self) -> bool:
        """Would nothing else pay for it?"""
        return self.ends and self.others == 0

    @property
    def grave(self) -> bool:
        """Would it stand without people or without money?"""
        return self.nobody or self.unpaid


def parse(text: str) -> Without | None:
    """Read ``kind:key`` from an address; None: it says nothing."""
    kind, _colon, key = text.partition(":")
    return Without(kind, key) if kind in KINDS and key else None


def left(rows: Sequence[ProjectRow], holders: Mapping[int, Json], without: Without) -> list[Left]:
    """List the projects that would be touched, the gravest first."""
    if without.kind == "funding":
        found = [_unfunded(row, without.key) for row in rows]
    elif without.kind == "person":
        shares = {
            part.row.id: part
            for person in people.persons(rows, holders)
            if person.token == without.key
            for part in person.parts
        }
        found = [_less(row, shares.get(row.id), False, 0) for row in rows]
    else:
        found = _without_body(rows, holders, without.key)
    touched = [one for one in found if one.ends or one.share > 0]
    return sorted(
        touched, key=lambda one: (not one.grave, -(one.row.criticality or 0), one.row.name)
    )


def _without_body(rows: Sequence[ProjectRow], holders: Mapping[int, Json], key: str) -> list[Left]:
    body = next((one for one in people.bodies(rows, holders) if one.key == key), None)
    if body is None:
        return []
    shares = {part.row.id: part for part in body.parts}
    paid = {row.id for row in body.contracts}
    return [
        _less(row, shares.get(row.id), row.id in paid, len(people.running(row)) - 1)
        for row in rows
        if row.id in shares or row.id in paid
    ]


def _less(row: ProjectRow, part: Share | None, ends: bool, others: int) -> Left:
    if part is None:
        return Left(row, 0.0, 0, 0, ends, max(others, 0))
    after = max(part.all_regular - part.regular, 0)
    return Left(row, part.share, part.all_regular, after, ends, max(others, 0))


def _unfunded(row: ProjectRow, source: str) -> Left:
    running = people.running(row, "funding")
    others = len([one for one in running if one != source]) + len(people.running(row))
    return Left(row, 0.0, 0, 0, source in running, others)


def funders(rows: Sequence[ProjectRow]) -> list[str]:
    """Name every source of money that runs."""
    return sorted({source for row in rows for source in people.running(row, "funding")})
