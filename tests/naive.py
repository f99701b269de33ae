"""The git metrics once more, by plain ``git log`` and naive counting.

Shares no code with the product, on purpose: it is slow, keeps everything in lists and reads
METRICS.md afresh. ``compute`` answers for one repository at one date.
"""

from __future__ import annotations

import re
import statistics
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

DAY = 86400
BOT_NAMES = {
    "dependabot",
    "dependabot-preview",
    "renovate",
    "renovate-bot",
    "greenkeeper",
    "snyk-bot",
    "github-actions",
    "weblate",
    "pre-commit-ci",
    "allcontributors",
    "semantic-release-bot",
    "codecov",
    "imgbot",
    "mergify",
    "bors",
    "transifex-integration",
    "crowdin-bot",
}
AI_NAMES = {
    "copilot",
    "copilot-swe-agent",
    "claude",
    "cursor",
    "cursoragent",
    "devin-ai-integration",
    "codex",
    "gemini-code-assist",
    "copilot-pull-request-reviewer",
    "coderabbitai",
    "sourcery-ai",
    "qodo-merge-pro",
}
PEOPLE_LINE = re.compile(r"\s*(.*?)\s*<\s*([^<>]*?)\s*>")


def git(repository: Path, *words: str) -> str:
    run = subprocess.run(["git", "-C", str(repository), *words], capture_output=True, check=True)
    return run.stdout.decode(errors="replace")


@dataclass
class OneCommit:
    sha: str
    parents: list[str]
    author: tuple[str, str]
    mapped: tuple[str, str]
    written: int
    committed: int
    co: list[tuple[str, str]]
    arrival: int = 0
    time: int = 0
    credited: set[int] = field(default_factory=set)


def names_of(name: str, mail: str) -> set[str]:
    local = mail.split("@", maxsplit=1)[0].lower()
    found = {name.lower(), local}
    if "@users.noreply." in mail.lower() and "+" in local:
        found.add(local.split("+", 1)[1])
    return found


def is_ai(name: str, mail: str) -> bool:
    bare = {re.sub(r"\[bot\]$", "", each) for each in names_of(name, mail)}
    return bool(bare & AI_NAMES) or mail.lower() == "noreply@anthropic.com"


def is_bot(name: str, mail: str) -> bool:
    for each in names_of(name, mail):
        if each.endswith("[bot]") or re.sub(r"\[bot\]$", "", each) in BOT_NAMES:
            return True
        if re.match(r"(project|group)_.*_bot", each):
            return True
    return is_ai(name, mail)


# ---------------------------------------------------------------- reading


def read_commits(repository: Path) -> list[OneCommit]:
    pretty = "%H%x1f%P%x1f%an%x1f%ae%x1f%aN%x1f%aE%x1f%at%x1f%ct%x1f"
    pretty += "%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1e)%x1d"
    commits = []
    for record in git(repository, "log", f"--format={pretty}", "HEAD").split("\x1d"):
        if not record.strip():
            continue
        fields = record.strip("\n").split("\x1f")
        people = [person_of(line.strip()) for line in fields[8].split("\x1e") if line.strip()]
        commits.append(
            OneCommit(
                fields[0],
                fields[1].split(),
                (fields[2], fields[3]),
                (fields[4], fields[5]),
                int(fields[6]),
                int(fields[7]),
                people,
            )
        )
    return commits


def person_of(line: str) -> tuple[str, str]:
    """Somebody named in a trailer: usually name and mail, sometimes one of them alone."""
    both = PEOPLE_LINE.match(line)
    if both:
        return both[1], both[2]
    return ("", line) if "@" in line and " " not in line else (line, "")


def set_arrivals(repository: Path, commits: list[OneCommit]) -> None:
    """Walk the first-parent line from its beginning; each step brings what is not yet there."""
    by_sha = {commit.sha: commit for commit in commits}
    seen: set[str] = set()
    for tip in git(repository, "rev-list", "--first-parent", "--reverse", "HEAD").split():
        todo = [tip]
        while todo:
            sha = todo.pop()
            if sha in seen:
                continue
            seen.add(sha)
            by_sha[sha].arrival = by_sha[tip].committed
            todo.extend(by_sha[sha].parents)


def place(commits: list[OneCommit], collected: int) -> list[OneCommit]:
    """Valid dates, imports, and the time at which each commit counts (C4)."""

    def valid(date: int) -> bool:
        return datetime(1990, 1, 1, tzinfo=UTC).timestamp() <= date <= collected + DAY

    kept = []
    for commit in commits:
        dates = [date for date in (commit.written, commit.arrival) if valid(date)]
        if len(commit.parents) > 1 or not dates:
            continue
        commit.written = commit.written if valid(commit.written) else dates[0]
        commit.arrival = commit.arrival if valid(commit.arrival) else dates[0]
        kept.append(commit)
    for day in import_days(kept):
        for commit in kept:
            if commit.arrival // DAY == day:
                commit.arrival = commit.written
    for commit in kept:
        commit.time = min(commit.written, commit.arrival)
    return kept


def import_days(commits: list[OneCommit]) -> list[int]:
    found = []
    for day in sorted({commit.arrival // DAY for commit in commits}):
        that_day = [commit for commit in commits if commit.arrival // DAY == day]
        until = [commit for commit in commits if commit.arrival // DAY <= day]
        lag = statistics.median(commit.arrival - commit.written for commit in that_day)
        if 2 * len(that_day) > len(until) and lag > 30 * DAY:
            found.append(day)
    return found


def set_people(commits: list[OneCommit]) -> None:
    """Join traces until nothing changes: by mail, noreply number or login, and mailmap."""
    traces = sorted({trace for c in commits for trace in (c.author, *c.co)})
    marks = marks_of([trace for trace in traces if not is_bot(*trace)])
    for commit in commits:
        if commit.author in marks and commit.mapped != commit.author:
            marks[commit.author].add("mail " + commit.mapped[1].lower())
    person = joined(marks)
    for commit in commits:
        commit.credited = {person[t] for t in (commit.author, *commit.co) if t in person}


def marks_of(humans: list[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """What each trace bears that only the same person bears."""
    marks = {trace: {"mail " + trace[1].lower()} if "@" in trace[1] else set() for trace in humans}
    ids: dict[str, set[str]] = {}
    for trace in humans:
        numbered = re.fullmatch(r"(\d+)\+(.+)@users\.noreply\.github\.com", trace[1].lower())
        if numbered:
            marks[trace].add("id " + numbered[1])
            ids.setdefault(numbered[2], set()).add(numbered[1])
    for trace in humans:
        bare = re.fullmatch(r"([^+]+)@users\.noreply\.github\.com", trace[1].lower())
        if bare and len(ids.get(bare[1], ())) == 1:
            marks[trace].add("id " + next(iter(ids[bare[1]])))
    return marks


def joined(marks: dict[tuple[str, str], set[str]]) -> dict[tuple[str, str], int]:
    """Give the smallest number along every shared mark, until all have it."""
    person = {trace: number for number, trace in enumerate(marks)}
    while True:
        lowest: dict[str, int] = {}
        for trace, borne in marks.items():
            for mark in borne:
                lowest[mark] = min(lowest.get(mark, person[trace]), person[trace])
        best = {t: min([person[t], *(lowest[m] for m in borne)]) for t, borne in marks.items()}
        if best == person:
            return person
        person = best


def read_tags(repository: Path) -> list[tuple[int, str]]:
    said = git(
        repository, "for-each-ref", "--format=%(creatordate:unix) %(refname:strip=2)", "refs/tags"
    )
    return [(int(line.split(" ", 1)[0]), line.split(" ", 1)[1]) for line in said.splitlines()]


# ---------------------------------------------------------------- counting


class Project:
    def __init__(self, repository: Path, collected: int) -> None:
        commits = read_commits(repository)
        set_arrivals(repository, commits)
        self.commits = place(commits, collected)
        set_people(commits)
        self.tags = read_tags(repository)

    def metrics(self, as_of: int) -> dict[str, float | None]:
        there = [commit for commit in self.commits if commit.arrival < as_of]
        human = [commit for commit in there if not is_bot(*commit.author)]
        return {
            **self.work(there, human, as_of),
            **self.people(there, as_of),
            **self.deliveries(human, as_of),
        }

    def work(
        self, there: list[OneCommit], human: list[OneCommit], as_of: int
    ) -> dict[str, float | None]:
        def within(commits: list[OneCommit], first: float, last: float = 0) -> list[OneCommit]:
            return [c for c in commits if as_of - first * DAY <= c.time < as_of - last * DAY]

        monday = datetime.fromtimestamp(as_of, UTC)
        while monday.weekday() or monday.hour:
            monday -= timedelta(hours=1)
        weeks = set()
        for commit in human:
            age = (monday.timestamp() - commit.time) / DAY
            if 0 < age <= 13 * 7:
                weeks.add(datetime.fromtimestamp(commit.time, UTC).isocalendar()[:2])
        year = within(there, 365)
        ours = [c for c in year if not is_bot(*c.author)]
        agents = [c for c in year if is_ai(*c.author)]
        declared = [c for c in ours if any(is_ai(*trace) for trace in c.co)]
        now, earlier = len(within(human, 183)), len(within(human, 183 + 365, 365))
        return {
            "commits": len(within(human, 365)),
            "commit_frequency": len(within(human, 90)) / (90 / 7),
            "active_weeks_ratio": len(weeks) / 13,
            "days_since_last_commit": (as_of - max(c.arrival for c in human)) / DAY
            if human
            else None,
            "activity_trend": now / earlier - 1 if earlier >= 20 else None,
            "bot_share": 1 - len(ours) / len(year) if year else None,
            "declared_ai_share": (len(agents) + len(declared)) / (len(ours) + len(agents))
            if ours or agents
            else None,
        }

    def people(self, there: list[OneCommit], as_of: int) -> dict[str, float | None]:
        def credits(first: int, last: int = 0) -> list[int]:
            return [
                person
                for c in there
                if as_of - first * DAY <= c.time < as_of - last * DAY
                for person in c.credited
            ]

        def smallest(share: int) -> int | None:
            held, total = Counter(credits(365)), len(credits(365))
            taken = 0
            for k, (_, amount) in enumerate(held.most_common(), 1):
                taken += amount
                if taken * 100 >= total * share:
                    return k
            return None

        year, before = set(credits(365)), set(credits(730, 365))
        ever = {p for c in there if c.time < as_of - 365 * DAY for p in c.credited}
        three, active = credits(1095), set(credits(183))
        idle = self.idle(there, as_of)
        start = datetime.fromtimestamp(as_of - 365 * DAY, UTC).replace(day=1, hour=0)
        months: dict[int, set[str]] = {}
        for c in there:
            if c.time >= start.timestamp():
                for person in c.credited:
                    month = datetime.fromtimestamp(c.time, UTC).strftime("%Y-%m")
                    months.setdefault(person, set()).add(month)
        left = None
        if three and idle is not None and idle <= 365:
            left = sum(person not in active for person in three) / len(three)
        return {
            "committers": len(year),
            "contributors": len(year),
            "contributor_absence_factor": smallest(50),
            "core_contributors": smallest(80),
            "top_contributor_share": Counter(credits(365)).most_common(1)[0][1] / len(credits(365))
            if year
            else None,
            "regular_committers": sum(len(each) >= 3 for each in months.values()),
            "work_left_share": left,
            "new_contributors": len(year - ever),
            "contributor_retention": len(year & before) / len(before) if before else None,
            "days_since_care": idle,
        }

    def idle(self, there: list[OneCommit], as_of: int) -> float | None:
        care = [c.arrival for c in there if not is_bot(*c.author)]
        care += [time for time, name in self.tags if time < as_of and version(name)]
        return (as_of - max(care)) / DAY if care else None

    def deliveries(self, human: list[OneCommit], as_of: int) -> dict[str, float | None]:
        first: dict[tuple[str, ...], tuple[int, bool]] = {}
        for time, name in sorted(self.tags):
            found = version(name)
            if found and time < as_of:
                first.setdefault(found, (time, len(found) > 4))
        stable = sorted(time for time, early in first.values() if not early)
        nothing = dict.fromkeys(
            ["release_frequency", "days_since_last_delivery", "undelivered_commits",
             "delivery_interval", "deployments"]
        )  # fmt: skip
        if not first:
            return {**nothing}
        answer: dict[str, float | None] = {**nothing, "deployments": 0}
        answer["release_frequency"] = sum(time >= as_of - 365 * DAY for time in stable)
        if stable:
            answer["days_since_last_delivery"] = (as_of - stable[-1]) / DAY
            answer["undelivered_commits"] = sum(c.arrival > stable[-1] for c in human)
        days = sorted({time // DAY for time in stable})
        ends = [max(time for time in stable if time // DAY == day) for day in days]
        gaps = [b - a for a, b in pairwise(ends)][-10:]
        answer["delivery_interval"] = statistics.median(gaps) / DAY if gaps else None
        return answer


def version(name: str) -> tuple[str, ...] | None:
    """Numbers filled up to four, and a fifth part for a pre-release; None: no delivery.

    Knows what the real repositories have: plain versions, with or without a v.
    """
    found = re.fullmatch(r"v?(\d+(?:\.\d+){0,3})([.-]?(?:alpha|beta|rc|dev|pre)(?![a-z]).*)?", name)
    if not found:
        return None
    numbers = tuple(str(int(part)) for part in found[1].split("."))
    padded = numbers + ("",) * (4 - len(numbers))
    return (*padded, re.sub(r"[.-]", "", found[2])) if found[2] else padded
