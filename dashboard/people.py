"""On whom do projects hang? The carriers of all projects, joined to persons and organisations.

Nobody is named: a person is a number, given in the order in which people first appear in the
portfolio, so that it says nothing of how much anybody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collector.metric import Part
from collector.model import Instant
from collector.store.read_dashboard import Json, ProjectRow
from dashboard.declared import agreements, project

HALF = 0.5
Carried = tuple[ProjectRow, Json]
"""A project, and what is precomputed of who carries it (nothing, where it was not measured)."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one carrier does in one project: their share of a year's work.

    ``alone``: nobody else works on it regularly. ``regular``: people, of all who do.
    """

    row: ProjectRow
    share: float
    regular: int
    all_regular: int

    @property
    def alone(self) -> bool:
        """Would nobody of those who work on it regularly be left?"""
        return self.all_regular > 0 and self.regular >= self.all_regular

    @property
    def hangs(self) -> bool:
        """Does half of the work, or all regular work, rest here?"""
        return self.alone or self.share >= HALF


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who carries a part of the portfolio. ``token`` tells them apart in an address."""

    number: int
    token: str
    organisation: str
    parts: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation, with what it does and what it is paid for."""

    key: str
    kind: str
    parts: tuple[Share, ...]
    contracts: tuple[ProjectRow, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """One carrier as one project tells of them."""

    traces: tuple[int, ...]
    organisation: str
    first: Instant
    part: Share


def persons(carried: Iterable[Carried]) -> tuple[Person, ...]:
    """Join the carriers of all projects that share an account; number them as they appeared."""
    told = list(_carriers(carried))
    leader: dict[int, int] = {}

    def find(at: int) -> int:
        while leader.setdefault(at, at) != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for one in told:
        for trace in one.traces[1:]:
            low, high = sorted((find(one.traces[0]), find(trace)))
            leader[high] = low
    found: dict[int, list[_Told]] = {}
    for one in told:
        found.setdefault(find(one.traces[0]), []).append(one)
    ordered = sorted(found.items(), key=lambda item: (min(o.first for o in item[1]), item[0]))
    return tuple(_person(at + 1, key, group) for at, (key, group) in enumerate(ordered))


def _person(number: int, key: int, group: Sequence[_Told]) -> Person:
    largest = max(group, key=lambda one: one.part.share)
    parts = tuple(sorted((one.part for one in group), key=_by_weight))
    return Person(number, f"{key & 0xFFFFFFFF:08x}", largest.organisation, parts)


def hanging(found: Iterable[Person]) -> tuple[tuple[Share, Person], ...]:
    """List what hangs on somebody, the gravest first."""
    lines = [(part, person) for person in found for part in person.parts if part.hangs]
    return tuple(sorted(lines, key=_by_gravity))


def _by_gravity(line: tuple[Share, Person]) -> tuple[bool, int, str]:
    part = line[0]
    return not part.alone, -(part.row.criticality or 0), part.row.name


def _by_weight(part: Share) -> tuple[int, str]:
    return -(part.row.criticality or 0), part.row.name


def _carriers(carried: Iterable[Carried]) -> Iterator[_Told]:
    for row, told in carried:
        total, regular = _number(told.get("credits")), int(_number(told.get("regular")))
        for one in _objects(told.get("told")):
            traces = tuple(t for t in _list(one.get("traces")) if isinstance(t, int))
            if traces and total:
                share = _number(one.get("credits")) / total
                part = Share(row, share, int(bool(one.get("regular"))), regular)
                first = int(_number(one.get("first")))
                yield _Told(traces, str(one.get("organisation") or ""), first, part)


def bodies(carried: Iterable[Carried]) -> tuple[Body, ...]:
    """List organisations, suppliers first; of each kind those without which most would stop."""
    kinds: dict[str, str] = {}
    parts: dict[str, list[Share]] = {}
    contracts: dict[str, list[ProjectRow]] = {}
    for row, told in carried:
        kinds |= {
            key: str(kind) for key, kind in _object(project(row).get("organisations")).items()
        }
        total, regular = _number(told.get("credits")), int(_number(told.get("regular")))
        for name, one in _object(told.get("organisations")).items():
            held = _object(one)
            if name and total:
                share, own = _number(held.get("credits")) / total, int(_number(held.get("regular")))
                parts.setdefault(name, []).append(Share(row, share, own, regular))
        for agreed in running(row):
            contracts.setdefault(agreed, []).append(row)
    found = [
        Body(
            key,
            kinds.get(key, "supplier" if key in contracts else ""),
            tuple(sorted(parts.get(key, ()), key=_by_weight)),
            tuple(contracts.get(key, ())),
        )
        for key in {*parts, *contracts}
    ]
    return tuple(sorted(found, key=_by_need))


def _by_need(body: Body) -> tuple[bool, int, int, str]:
    alone = sum(part.alone for part in body.parts)
    return body.kind != "supplier", -alone, -len(body.parts), body.key


def running(row: ProjectRow, key: str = "contracts") -> tuple[str, ...]:
    """Name the parties whose contract or money runs at the date of the figures."""
    today = row.as_of or 0
    return tuple(
        dict.fromkeys(
            one.party
            for one in agreements(row, key)
            if one.party
            and (one.until is None or one.until > today)
            and (one.since is None or one.since <= today)
        )
    )


def _number(given: object) -> float:
    return float(given) if isinstance(given, int | float) else 0.0


def _list(given: Part) -> Iterable[Part]:
    return given if isinstance(given, list) else ()


def _object(given: object) -> dict[str, Part]:
    return given if isinstance(given, dict) else {}


def _objects(given: Part) -> Iterator[dict[str, Part]]:
    return (one for one in _list(given) if isinstance(one, dict))
