"""What would git and a forge tell of an invented project? Its records, from its first day on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import exp, log
from random import Random

from collector.demo.lives import Life
from collector.demo.people import Person, Team
from collector.model import (
    DAY,
    Account,
    ChangeRequest,
    Commit,
    EventKind,
    FileFact,
    Instant,
    Issue,
    Release,
    Response,
    Tag,
)

HOUR = 3600
MONTH = 30.44 * DAY
LICENCES = ("EUPL-1.2", "EUPL-1.2", "MIT", "AGPL-3.0-or-later", "GPL-3.0-or-later", "Apache-2.0")
PAPERS = {
    "README": "README.md",
    "LICENSE": "LICENSE",
    "CONTRIBUTING": "CONTRIBUTING.md",
    "CODE_OF_CONDUCT": "CODE_OF_CONDUCT.md",
    "SECURITY": "SECURITY.md",
    "CHANGELOG": "CHANGELOG.md",
    "GOVERNANCE": "GOVERNANCE.md",
    "SUPPORT": "SUPPORT.md",
}
RARE = {"CODE_OF_CONDUCT": 0.6, "GOVERNANCE": 0.2, "SUPPORT": 0.35, "SECURITY": 0.5}


@dataclass(frozen=True, slots=True)
class History:
    """All records of one repository, in no particular order but for the commits'."""

    commits: tuple[Commit, ...]
    tags: tuple[Tag, ...]
    files: tuple[FileFact, ...]
    same_people: tuple[tuple[Account, Account], ...]
    issues: tuple[Issue, ...]
    change_requests: tuple[ChangeRequest, ...]
    responses: tuple[Response, ...]
    releases: tuple[Release, ...]

    @property
    def head(self) -> bytes | None:
        """The newest commit; None: an empty repository."""
        return self.commits[-1].sha if self.commits else None


def history(
    life: Life, team: Team, span: tuple[Instant, Instant], random: Random, *, part: float = 1.0
) -> History:
    """The records of a repository between its first day and ``as_of``; ``part``: of the work."""
    squashes, tidy = random.random() < 0.5, random.random() < 0.8
    writer = _Writer(life, team, span[1], random, squashes, tidy)
    rates = random.uniform(*life.commits) * part, random.uniform(*life.issues) * part
    month = float(span[0])
    while month < span[1]:
        ago, name = (span[1] - month) / MONTH, datetime.fromtimestamp(month, UTC).month
        _month(writer, month, rates, life.shape(ago, name))
        month += MONTH
    tags, releases = _deliveries(writer, span[0])
    people = team.everybody()
    return History(
        commits=tuple(sorted(writer.commits, key=lambda commit: commit.arrival)),
        tags=tags,
        files=_papers(life, span, random),
        same_people=tuple((p.git, p.forge) for p in (*people, *team.outsiders)),
        issues=tuple(writer.issues),
        change_requests=tuple(writer.change_requests),
        responses=tuple(writer.responses),
        releases=releases,
    )


def _month(writer: _Writer, start: float, rates: tuple[float, float], busy: float) -> None:
    """One month's work, questions and updates."""
    random, life = writer.random, writer.life
    for _ in range(poisson(rates[0] * busy, random)):
        writer.change(writer.moment(start))
    for _ in range(poisson(rates[1] * max(busy, 0.5 if life.used else 0.1), random)):
        writer.question(writer.moment(start), cared=busy > 0)
    for _ in range(poisson(rates[0] * life.bots, random)):
        writer.update(writer.moment(start), cared=busy > 0)


def poisson(rate: float, random: Random) -> int:
    """How many, when so many are usual?"""
    if rate > 25:
        return max(0, round(random.gauss(rate, rate**0.5)))
    count, left, limit = -1, 1.0, exp(-rate)
    while left > limit:
        left *= random.random()
        count += 1
    return max(0, count)


@dataclass(slots=True)
class _Writer:
    """Collects the records of one repository. Nothing at or after ``as_of`` is written."""

    life: Life
    team: Team
    as_of: Instant
    random: Random
    squashes: bool
    tidy: bool
    commits: list[Commit] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    change_requests: list[ChangeRequest] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    number: int = 0

    def moment(self, month: float) -> Instant:
        """A moment of that month, mostly in office hours."""
        day = month + self.random.random() * MONTH
        if int(day // DAY + 4) % 7 in {0, 6} and self.random.random() < 0.8:
            day += 2 * DAY
        return int(day - day % DAY + self.random.triangular(5, 20, 9) * HOUR)

    def wait(self, hours: float) -> int:
        """A waiting time in seconds, log-normal around its median."""
        return int(exp(self.random.gauss(log(hours), 1.1)) * HOUR)

    def change(self, at: Instant) -> None:
        """A piece of work: pushed, or proposed and perhaps merged."""
        author = self.team.worker(at, self.random)
        if self.random.random() < self.life.reviewed:
            self._proposal(author, at)
        else:
            self._push(author.git, at, at, parents=1)

    def question(self, at: Instant, *, cared: bool) -> None:
        """An issue; while somebody cares, perhaps answered, perhaps closed."""
        if at >= self.as_of:
            return
        outside = self.random.random() < self.life.outsiders
        author = (
            self.random.choice(self.team.outsiders)
            if outside
            else self.team.worker(at, self.random)
        )
        item = self._item()
        ends = [at]
        if cared and self.random.random() < self.life.answered:
            ends += self._answer(item, author, at)
        self.issues.append(Issue(item, self.number, author.forge, at, max(ends)))

    def update(self, at: Instant, *, cared: bool) -> None:
        """A dependency bot's change request; while somebody cares, it is merged or given up."""
        if at >= self.as_of:
            return
        ends = at + self.wait(60)
        merged = ends if cared and self.random.random() < 0.85 else None
        by = self.team.worker(at, self.random)
        self._request(self.team.bot, at, merged, by, reviewed=False)
        if cared and self.tidy and merged is None:
            self._event(f"cr-{self.number}", EventKind.CLOSED, ends, self.team.bot.forge)

    def _proposal(self, author: Person, at: Instant) -> None:
        if at >= self.as_of:
            return
        colleague = self.team.other(at, author, self.random)
        by = colleague or author
        luck = self.random.random()
        ends = at + self.wait(self.life.delay * 2)
        if luck < 0.9:
            self._request(author, at, ends, by, reviewed=colleague is not None)
        else:
            self._request(author, at, None, by, reviewed=colleague is not None)
            if luck < 0.96:
                self._event(f"cr-{self.number}", EventKind.CLOSED, ends, by.forge)

    def _request(
        self, author: Person, at: Instant, merged: Instant | None, by: Person, *, reviewed: bool
    ) -> None:
        """A change request with what was said to it and what became of it."""
        item = self._item("cr-")
        seen = at + self.wait(self.life.delay) // 2
        if merged is not None:
            seen = min(seen, merged)
        if reviewed and self.random.random() < 0.8:
            self._event(item, EventKind.REVIEW, seen, by.forge, "approved")
        if reviewed and self.random.random() < 0.3:
            self._event(item, EventKind.COMMENT, seen, by.forge)
        sha = None
        if merged is not None and merged < self.as_of:
            sha = self._merge(author.git, at, merged, by.git)
            self._event(item, EventKind.MERGED, merged, by.forge)
        updated = min(max(at, seen, merged or 0), self.as_of - 1)
        self.change_requests.append(
            ChangeRequest(item, self.number, author.forge, at, updated, merge_commit=sha)
        )

    def _merge(self, author: Account, at: Instant, merged: Instant, by: Account) -> bytes:
        """The commits that a merged change request brings: one, or several and a merge."""
        if self.squashes or author.name is None or author.name.endswith("[bot]"):
            return self._push(author, at, merged, parents=1)
        sha = self._push(by, merged, merged, parents=2)
        for earlier in range(self.random.randint(1, 2)):
            self._push(author, at - earlier * HOUR, merged, parents=1, with_=sha)
        return sha

    def _push(
        self, author: Account, at: Instant, arrival: Instant, *, parents: int,
        with_: bytes | None = None,
    ) -> bytes:  # fmt: skip
        sha = self.random.randbytes(20)
        if arrival < self.as_of:
            committed = at if with_ else arrival
            self.commits.append(Commit(sha, author, at, committed, arrival, with_ or sha, parents))
        return sha

    def _answer(self, item: str, author: Person, at: Instant) -> list[Instant]:
        """A colleague answers, and mostly closes in the end; the instants at which that was."""
        by: Person | None = self.team.worker(at, self.random)
        if by is author:
            by = self.team.other(at, author, self.random)
        if by is None:
            return []
        said = at + self.wait(self.life.delay)
        found = self._event(item, EventKind.COMMENT, said, by.forge)
        if self.random.random() < 0.3:
            found += self._event(item, EventKind.COMMENT, said + self.wait(30), author.forge)
        if self.random.random() < 0.8:
            found += self._event(item, EventKind.CLOSED, said + self.wait(24 * 9), by.forge)
        return found

    def _item(self, prefix: str = "issue-") -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def _event(
        self, item: str, kind: EventKind, at: Instant, actor: Account, verdict: str | None = None
    ) -> list[Instant]:
        if at >= self.as_of:
            return []
        name = f"event-{len(self.responses)}"
        self.responses.append(Response(name, item, kind, at, actor, verdict=verdict))
        return [at]


def _deliveries(writer: _Writer, begin: Instant) -> tuple[tuple[Tag, ...], tuple[Release, ...]]:
    """Versions of what was there at the time; as long as work went on."""
    every, random = writer.life.release_every, writer.random
    line = sorted(
        (c for c in writer.commits if c.arrived_with == c.sha), key=lambda commit: commit.arrival
    )
    if every is None or not line:
        return (), ()
    pattern = random.choice(("v{}", "v{}", "{}", "{}", "prod-{}"))
    tags: list[Tag] = []
    due = begin + random.randint(*every) * DAY
    for commit in line:
        if commit.arrival >= due:
            name = pattern.format(f"{len(tags) // 12}.{len(tags) % 12}.0")
            tags.append(Tag(name, commit.sha, commit.arrival, signed=random.random() < 0.2))
            due = commit.arrival + random.randint(*every) * DAY
    announced = not pattern.startswith("prod") and random.random() < 0.7
    releases = [Release(f"release-{tag.name}", tag.name, tag.time) for tag in tags if announced]
    return tuple(tags), tuple(releases)


def _papers(life: Life, span: tuple[Instant, Instant], random: Random) -> tuple[FileFact, ...]:
    """Which community files were written, and when."""
    found = []
    for key, place in PAPERS.items():
        certain = 1.3 if key in {"README", "LICENSE"} else RARE.get(key, 1.0)
        if random.random() < life.papers * certain:
            since = span[0] + int((span[1] - span[0]) * random.random() ** 3)
            spdx = random.choice(LICENCES) if key == "LICENSE" else None
            found.append(FileFact(key, place, since, spdx=spdx))
    return tuple(found)
