"""What if a supplier, a person, a source of money goes? What would become of each project.

Suppliers, sources of money and people with a configured alias were judged anew in the last pass.
Of other people the precomputed carriers tell who is left and how much of a year's work would go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collector.metric import Part
from collector.store.read_dashboard import Json, ProjectRow
from dashboard.people import Person

KINDS = ("supplier", "person", "funding")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Without:
    """Who or what goes."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Flip:
    """A check that would come to something else."""

    title: str
    before: str
    after: str
    worse: bool


@dataclass(frozen=True, slots=True)
class Left:
    """What would be left of one project.

    ``share`` of a year's work would go (None: not known). ``regular``: people now, and then.
    """

    row: ProjectRow
    regular: tuple[int | None, int | None]
    nobody: bool
    share: float | None = None
    status: Pair = ("", "")
    risk: Pair = ("", "")
    flips: tuple[Flip, ...] = ()
    undelivered: int = 0
    proposals: int = 0
    ending: bool = False

    @property
    def worse(self) -> tuple[Flip, ...]:
        """Which checks would be worse?"""
        return tuple(flip for flip in self.flips if flip.worse)


def parse(text: str) -> Without | None:
    """Read ``kind:key`` from an address; None: it says nothing."""
    kind, _colon, key = text.partition(":")
    return Without(kind, key) if kind in KINDS and key else None


def judged(rows: Iterable[ProjectRow], outcomes: Iterable[Json]) -> list[Left]:
    """Read what the last pass judged anew, for the projects that are shown, the gravest first."""
    known = {row.key: row for row in rows}
    found = [
        _outcome(known[key], one) for one in outcomes if (key := str(one.get("project"))) in known
    ]
    return sorted(found, key=_gravest)


def _outcome(row: ProjectRow, one: Json) -> Left:
    before, after = _pair(one.get("regular_committers"))
    return Left(
        row,
        (_count(before), _count(after)),
        bool(one.get("nobody")),
        status=_words(one.get("status")),
        risk=_words(one.get("risk")),
        flips=tuple(map(_flip, _objects(one.get("flips")))),
        undelivered=_count(one.get("undelivered_theirs")) or 0,
        proposals=_count(one.get("open_proposals_theirs")) or 0,
        ending=bool(one.get("ending")),
    )


def _flip(one: Mapping[str, Part]) -> Flip:
    return Flip(
        str(one.get("title")), str(one.get("before")), str(one.get("after")), bool(one.get("worse"))
    )


def without_person(persons: Iterable[Person], token: str) -> list[Left]:
    """Take one person away from all they carry, the gravest first."""
    found = [
        Left(
            part.row,
            (part.all_regular, part.all_regular - part.regular),
            part.alone,
            share=part.share,
        )
        for person in persons
        if person.token == token
        for part in person.parts
    ]
    return sorted(found, key=_gravest)


def _gravest(left: Left) -> tuple[bool, int, int, str]:
    return not left.nobody, -(left.row.criticality or 0), -len(left.worse), left.row.name


def _pair(given: Part) -> tuple[Part, Part]:
    found = given if isinstance(given, dict) else {}
    return found.get("before"), found.get("after")


def _words(given: Part) -> Pair:
    before, after = _pair(given)
    return str(before or ""), str(after or "")


def _count(given: Part) -> int | None:
    return int(given) if isinstance(given, int | float) else None


def _objects(given: Part) -> list[dict[str, Part]]:
    found = given if isinstance(given, list) else []
    return [one for one in found if isinstance(one, dict)]
