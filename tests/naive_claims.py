"""Is what is declared true? Once more in plain loops over a ``World``, from METRICS.md alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tests.activities import TagLine
from tests.naive import version
from tests.naive_declared import Plain, person
from tests.naive_status import Standing, delivers
from tests.worlds import World

DAY = 86_400
YEAR, QUARTER = 365 * DAY, 90 * DAY


class Claims:
    def __init__(self, world: World, said: Mapping[str, object], as_of: int) -> None:
        self.world, self.said, self.now = world, said, as_of
        self.plain = Plain(world.lines, world.project)
        self.plain.now = as_of
        self.standing = Standing(world.lines, world.project, {"ana"})
        self.standing.at(as_of)
        self.firms = {b for b, kind in world.project.organisations.items() if kind == "supplier"}
        self.firms |= {one.party for one in world.project.contracts} - {world.project.owner}

    def untrue(self) -> set[str]:
        found = set()
        care = max(self.standing.care(), default=None)
        status = self.said.get("development_status")
        if status == "stable" and care is not None and self.now - care > YEAR:
            found.add("stable")
        if status == "obsolete" and any(
            line.arrival < self.now and self.now - QUARTER <= line.time < self.now
            for line in self.plain.commits
            if person(line.who)
        ):
            found.add("obsolete")
        if self.release_is_old():
            found.add("release")
        by = {self.plain.employer(name, when) for name, when in self.plain.credits(YEAR)} - {None}
        if self.said.get("maintenance_type") == "internal" and by and by <= self.firms:
            found.add("internal")
        return found | {f"contract {party}" for party in self.went_on()}

    def release_is_old(self) -> bool:
        told = self.said.get("release_date")
        stable = self.delivered()
        if not isinstance(told, str) or not stable:
            return False
        at = datetime.combine(date.fromisoformat(told), datetime.min.time(), UTC).timestamp()
        return max(stable) - at > 90 * DAY

    def delivered(self) -> list[int]:
        """The first time of each stable version, by the project's way of delivering."""
        first: dict[tuple[int, object], tuple[int, bool, bool]] = {}
        tags = [one.fact for one in self.world.lines if isinstance(one, TagLine)]
        for tag in sorted((tag for tag in tags if tag.time < self.now), key=lambda tag: tag.time):
            if delivers(tag.name):
                parts, live = version(tag.name), version(tag.name) is None
                early = len(parts or ()) > 4
                first.setdefault((tag.repository, parts or tag.name), (tag.time, live, early))
        seen = [*first.values()]
        only_live = bool(seen) and all(live for _, live, _ in seen)
        how = self.world.project.delivery or ("service" if only_live else "releases")
        wanted = {"both": (True, False), "service": (True,), "releases": (False,), "none": ()}[how]
        return [time for time, live, early in seen if live in wanted and not early]

    def went_on(self) -> set[str]:
        """Suppliers with credits of this quarter from after the last of their contracts."""
        ends: dict[str, int] = {}
        for one in self.world.project.contracts:
            until = 10**18 if one.span.until is None else one.span.until
            ends[one.party] = max(ends.get(one.party, until), until)
        return {
            party
            for party, end in ends.items()
            if end <= self.now
            for name, when in self.plain.credits(QUARTER)
            if when >= end and self.plain.employer(name, when) == party
        }
