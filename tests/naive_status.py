"""Who takes part, who looks after it, how it stands: once more in plain loops from METRICS.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from collector.model import AccountKind, EventKind, Project
from tests.activities import (
    GHOST,
    NOBODY,
    CommitLine,
    EventLine,
    ItemLine,
    TagLine,
    WorksFor,
    kind_of,
)
from tests.naive import version

DAY = 86_400
SAID = (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT)
ANSWERS = (*SAID, EventKind.MERGED, EventKind.CLOSED)
Answer = dict[str, float | None]


def person(name: str) -> bool:
    return name not in (GHOST, NOBODY) and kind_of(name) is AccountKind.HUMAN


class Standing:
    def __init__(self, lines: Sequence[object], project: Project, maintainers: set[str]) -> None:
        self.commits = [line for line in lines if isinstance(line, CommitLine)]
        self.items = [line for line in lines if isinstance(line, ItemLine)]
        self.tags = [line.fact for line in lines if isinstance(line, TagLine)]
        self.jobs = [line for line in lines if isinstance(line, WorksFor)]
        self.project, self.maintainers = project, maintainers
        self.merges = [
            (event.who, event.at)
            for item in self.items
            for event in item.events
            if event.kind is EventKind.MERGED and event.who != item.who
        ]

    def at(self, as_of: int) -> Answer:
        self.now = as_of
        year, before = self.active(365), self.active(730, 365)
        ever = {name for name, when in self.acts() if when < as_of - 365 * DAY}
        care = self.care()
        days = (as_of - max(care)) / DAY if care else None
        credits = [name for name, when in self.credits() if when >= as_of - 1095 * DAY]
        still = self.active(183)
        gone = sum(name not in still for name in credits)
        left = gone / len(credits) if credits and days is not None and days <= 365 else None
        return {
            "contributors": len(year),
            "new_contributors": len(year - ever),
            "contributor_retention": len(year & before) / len(before) if before else None,
            "work_left_share": left,
            "days_since_care": days,
        }

    # ------------------------------------------------------------ taking part

    def credits(self) -> Iterator[tuple[str, int]]:
        for line in self.commits:
            if line.arrival < self.now:
                yield from ((name, line.time) for name in {line.who, *line.co} if person(name))

    def acts(self) -> Iterator[tuple[str, int]]:
        yield from self.credits()
        for item in self.items:
            if item.created < self.now and person(item.who):
                yield item.who, item.created
            for event in item.events:
                if event.at < self.now and person(event.who) and event.kind in SAID:
                    yield event.who, event.at

    def active(self, first: int, last: int = 0) -> set[str]:
        since, until = self.now - first * DAY, self.now - last * DAY
        return {name for name, when in self.acts() if since <= when < until}

    # ------------------------------------------------------------ care

    def care(self) -> list[int]:
        found = [c.arrival for c in self.commits if person(c.who) and c.arrival < self.now]
        found += [tag.time for tag in self.tags if tag.time < self.now and delivers(tag.name)]
        for item in self.items:
            found += [
                event.at
                for event in item.events
                if event.at < self.now and event.kind in ANSWERS and event.who != item.who
                if self.insider(event.who, event.at)
            ]
        return found

    def insider(self, name: str, at: int) -> bool:
        if not person(name):
            return False
        if name in self.maintainers or self.works_here(name, at):
            return True
        return any(who == name and at - 730 * DAY <= when <= at for who, when in self.merges)

    def works_here(self, name: str, at: int) -> bool:
        paid = {one.party for one in self.project.contracts if one.span.holds(at)}
        mine = {job.organisation for job in self.jobs if job.who == name and job.span.holds(at)}
        return bool(mine & {self.project.owner, *paid})

    # ------------------------------------------------------------ how it stands

    def limit(self) -> float:
        days = sorted({when // DAY for when in self.care() if when >= self.now - 1095 * DAY})
        gaps = sorted(b - a for a, b in pairwise(days) if b - a >= 7)
        if len(gaps) < 5:
            return 90
        place = 0.9 * (len(gaps) - 1)
        low = int(place)
        high = min(low + 1, len(gaps) - 1)
        p90 = gaps[low] + (gaps[high] - gaps[low]) * (place - low)
        return max(90, min(365, 1.5 * p90))

    def status(self, as_of: int) -> str:
        days = self.at(as_of)["days_since_care"]
        first = min((c.arrival for c in self.commits), default=as_of)
        if days is None or first >= as_of:
            return "?"
        if as_of - first < 90 * DAY:
            return "new"
        if days > 365:
            used = self.project.service or self.project.users or self.longest_wait() > 90
            return "abandoned" if used else "at_rest"
        if days > self.limit():
            return "slowing"
        return "quiet" if self.weeks() < 0.25 * 26 else "active"

    def longest_wait(self) -> float:
        waits = [
            (self.now - item.created) / DAY
            for item in self.items
            if self.now - 365 * DAY <= item.created < self.now and self.open(item)
            if item.who == GHOST or person(item.who)
            if not self.insider(item.who, item.created)
            if not any(
                e.at < self.now and e.kind in ANSWERS and e.who != item.who
                and self.insider(e.who, e.at)
                for e in item.events
            )
        ]  # fmt: skip
        return max(waits, default=0)

    def open(self, item: ItemLine) -> bool:
        """Until its last closing; a merge ends it for good."""
        state = True
        for event in sorted(item.events, key=_when):
            if event.at < self.now:
                state = {EventKind.CLOSED: False, EventKind.REOPENED: True}.get(event.kind, state)
        merged = any(e.kind is EventKind.MERGED and e.at < self.now for e in item.events)
        return state and not merged

    def weeks(self) -> int:
        monday = datetime.fromtimestamp(self.now, UTC).date()
        while monday.weekday():
            monday -= timedelta(days=1)
        first = monday - timedelta(weeks=26)
        made = [
            datetime.fromtimestamp(c.time, UTC).date()
            for c in self.commits
            if person(c.who) and c.arrival < self.now
        ]
        return len({(day - first).days // 7 for day in made if first <= day < monday})


def _when(event: EventLine) -> int:
    return event.at


def delivers(name: str) -> bool:
    return version(name) is not None or name.startswith(("prod-", "live-"))
