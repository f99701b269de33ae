"""Families that no archive tells of, once more in plain loops over the lines of a test.

Written from METRICS.md alone: organisations, contracts, users, heaps, updates, four eyes, first
answers. Slow on purpose; shares no code with ours but for who is a bot.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from collector.model import AccountKind, Agreement, EventKind, ItemKind, Project
from tests.activities import GHOST, NOBODY, CommitLine, EventLine, ItemLine, WorksFor, kind_of

DAY = 86_400
YEAR, HALF, QUARTER = 365 * DAY, 183 * DAY, 90 * DAY
SAID = (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT)
FOREVER = 10**18

Answer = dict[str, float | None]


def person(name: str) -> bool:
    """Somebody with an account who is no bot."""
    return name not in (GHOST, NOBODY) and kind_of(name) is AccountKind.HUMAN


def human(name: str) -> bool:
    return name == GHOST or person(name)


class Plain:
    def __init__(self, lines: Sequence[object], project: Project) -> None:
        self.commits = [line for line in lines if isinstance(line, CommitLine)]
        self.items = [line for line in lines if isinstance(line, ItemLine)]
        self.jobs = [line for line in lines if isinstance(line, WorksFor)]
        self.project = project

    def at(self, as_of: int) -> Answer:
        self.now = as_of
        return {
            **self.organisations(),
            **self.ends(),
            **self.used(),
            **self.heaps(),
            **self.updates(),
            **self.eyes(),
            **self.first_answers(),
        }

    def within(self, when: int, span: int) -> bool:
        return self.now - span <= when < self.now

    # ------------------------------------------------------------ organisations

    def credits(self, span: int) -> Iterator[tuple[str, int]]:
        for line in self.commits:
            if line.arrival < self.now and self.within(line.time, span):
                for name in {line.who, *line.co}:
                    if person(name):
                        yield name, line.time

    def employer(self, name: str, when: int) -> str | None:
        found = None
        for source in ("mail", "configuration"):
            for job in self.jobs:
                begun = job.span.since is None or job.span.since <= when
                over = job.span.until is not None and job.span.until <= when
                if job.who == name and job.source == source and begun and not over:
                    found = job.organisation
        return found

    def organisations(self) -> Answer:
        held = Counter(self.employer(name, when) for name, when in self.credits(YEAR))
        total, unknown = sum(held.values()), held.pop(None, 0)
        known = total - unknown
        found: Answer = {"affiliation_coverage": known / total if total else None}
        found |= dict.fromkeys(("elephant_factor", "owner_share", "top_supplier_share"))
        if total and known / total >= 0.6:
            kinds = self.project.organisations
            paid = {contract.party for contract in self.project.contracts} - {self.project.owner}
            firms = [held[b] for b in held if b in paid or kinds.get(str(b)) == "supplier"]
            found["owner_share"] = held[self.project.owner] / known
            found["top_supplier_share"] = max(firms, default=0) / known
            so_far = 0
            for number, (_, amount) in enumerate(held.most_common(), 1):
                so_far += amount
                if so_far * 2 >= known:
                    found["elephant_factor"] = number
                    break
        found["contributing_public_bodies"] = len(self.bodies())
        return found

    def bodies(self) -> set[str]:
        acts = list(self.credits(YEAR))
        for item in self.items:
            acts += [(item.who, item.created)] if person(item.who) else []
            acts += [(e.who, e.at) for e in item.events if person(e.who) and e.kind in SAID]
        found = {self.employer(name, when) for name, when in acts if self.within(when, YEAR)}
        return {str(b) for b in found if self.project.organisations.get(str(b)) == "public-body"}

    # ------------------------------------------------------------ declarations

    def ends(self) -> Answer:
        in_house = any(
            c.party == self.project.owner and c.span.holds(self.now) for c in self.project.contracts
        )
        contract = None if in_house else self.end(self.project.contracts)
        return {
            "days_to_contract_end": contract,
            "days_to_funding_end": self.end(self.project.funding),
        }

    def end(self, agreements: Sequence[Agreement]) -> float | None:
        begins: dict[str, int] = defaultdict(lambda: FOREVER)
        ends: dict[str, int] = defaultdict(lambda: -FOREVER)
        for one in agreements:
            since = -FOREVER if one.span.since is None else one.span.since
            until = FOREVER if one.span.until is None else one.span.until
            begins[one.party] = min(begins[one.party], since)
            ends[one.party] = max(ends[one.party], until)
        engaged = {party for party in ends if begins[party] <= self.now}
        while True:  # whoever goes on where one of them ends is engaged too
            more = {
                other
                for party in engaged
                for other in ends
                if begins[other] <= ends[party] + DAY and ends[other] > ends[party]
            } - engaged
            if not more:
                break
            engaged |= more
        last = [
            ends[party]
            for party in engaged
            if not any(begins[o] <= ends[party] + DAY and ends[o] > ends[party] for o in ends)
        ]
        ahead = [end for end in last if end >= self.now]
        if not last or (chosen := min(ahead) if ahead else max(last)) == FOREVER:
            return None
        return (chosen - self.now) / DAY

    def used(self) -> Answer:
        names = {
            user.name.casefold()
            for user in self.project.users
            if user.since is None or user.since < self.now
        }
        return {"users": len(names) or None}

    # ------------------------------------------------------------ work and answers

    def heaps(self) -> Answer:
        there = sorted(
            (line for line in self.commits if person(line.who) and line.arrival < self.now
             and line.time < self.now),
            key=lambda line: line.time,
        )  # fmt: skip
        late = [
            line
            for before, line in pairwise(there)
            if line.time - before.time >= 14 * DAY and self.within(line.time, YEAR)
        ]
        made = sum(self.within(line.time, YEAR) for line in there)
        if not made or (late and all(line.files < 0 for line in late)):
            return {"dumped_share": None}
        return {"dumped_share": sum(line.files >= 50 for line in late) / made}

    def updates(self) -> Answer:
        took = [
            (merged - item.created) / DAY
            for item in self.items
            if item.kind is ItemKind.CHANGE_REQUEST
            and item.who != GHOST
            and kind_of(item.who) is AccountKind.DEPENDENCY_BOT
            and (merged := self.merge(item)[0]) < FOREVER
            and self.within(merged, YEAR)
        ]
        return {"dependency_update_latency": statistics.median(took) if took else None}

    def merge(self, item: ItemLine) -> tuple[int, str]:
        merges = [(e.at, e.who) for e in item.events if e.kind is EventKind.MERGED]
        return min(merges, default=(FOREVER, NOBODY), key=lambda one: one[0])

    def another(self, item: ItemLine, event: EventLine) -> bool:
        """By a human who is not the author; two ghosts may be one."""
        return human(event.who) and (event.who != item.who or not human(item.who))

    def eyes(self) -> Answer:
        year = self.now - YEAR
        months = defaultdict(set)
        for name, when in self.credits(YEAR + 31 * DAY):
            month = str(_month(when))
            if month >= str(_month(year)):
                months[name].add(month)
        if sum(len(each) >= 3 for each in months.values()) <= 1:
            return {"four_eyes": None}
        seen = [False for c in self.commits if person(c.who) and self.within(c.arrival, HALF)]
        for item in self.items:
            merged, _ = self.merge(item)
            if (
                item.kind is ItemKind.CHANGE_REQUEST
                and human(item.who)
                and self.within(merged, HALF)
            ):
                seen.append(any(
                    e.at < self.now and self.another(item, e)
                    and (e.kind is EventKind.REVIEW
                         or (e.kind is EventKind.MERGED and e.at == merged))
                    for e in item.events
                ))  # fmt: skip
        return {"four_eyes": sum(seen) / len(seen) if seen else None}

    def first_answers(self) -> Answer:
        found: Answer = {}
        names = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "change_requests"}
        answers = (*SAID, EventKind.CLOSED, EventKind.MERGED)
        for kind, name in names.items():
            waits = []
            for item in self.items:
                if item.kind is kind and human(item.who) and self.within(item.created, QUARTER):
                    at = [
                        e.at for e in item.events
                        if e.at < self.now and e.kind in answers and self.another(item, e)
                    ]  # fmt: skip
                    waits += [(min(at) - item.created) / 3600] if at else []
            found[f"time_to_first_response_{name}"] = statistics.median(waits) if waits else None
        return found


def _month(when: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m")
