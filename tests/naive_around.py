"""What stands around the work, once more in plain loops: files, places, counts, forks, quality.

Written from METRICS.md alone; slow on purpose. It reads a ``World`` and nothing of ours.
"""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from collector.model import FileFact, ItemKind, Repository, RepositoryState
from tests.activities import CommitLine, ItemLine, WorksFor, kind_of
from tests.naive_claims import Claims
from tests.worlds import FILES, World

DAY = 86_400
APPROVED = {"EUPL-1.2": True, "MIT": True, "SSPL-1.0": False}

Answer = dict[str, object]


class Around:
    def __init__(self, world: World) -> None:
        self.world = world
        self.main = next(one for one in world.repositories if one.main)

    def at(self, as_of: int) -> Answer:
        self.now = as_of
        return {**self.papers(), **self.place(), **self.counts(), **self.forks(), **self.quality()}

    # ------------------------------------------------------------ papers

    def there(self, key: str) -> list[FileFact]:
        return [
            one
            for one in self.main.files
            if one.key == key and one.since < self.now
            if one.until is None or one.until >= self.now
        ]

    def papers(self) -> Answer:
        """``...`` where two facts contradict one another: a real reading gives one."""
        seen = {key: self.there(key) for key in FILES}
        found: Answer = {"community_files": sum(bool(facts) for facts in seen.values())}
        license_, public = seen["LICENSE"], seen["publiccode.yml"]
        plain = all(len(facts) <= 1 and all(f.readable for f in facts) for facts in seen.values())
        if not plain:
            return dict.fromkeys(
                ("community_files", "license", "publiccode_valid", "maintenance_type",
                 "declared_vs_observed"), ...
            )  # fmt: skip
        said = public[0].data if public and public[0].data else {}
        found["license"] = self.license(license_, said.get("license"))
        found["publiccode_valid"] = float(not public[0].problems) if public else None
        found["maintenance_type"] = said.get("maintenance_type")
        stated = said or self.world.project.contracts
        since = self.world.people_since
        forgotten = since is not None and since > self.now - 365 * DAY
        untrue = Claims(self.world, said, self.now).untrue() if stated and not forgotten else None
        found["declared_vs_observed"] = None if untrue is None else len(untrue)
        return found

    def license(self, facts: list[FileFact], declared: object) -> object:
        spdx = facts[0].spdx if facts else None
        # No licence is none that is approved; one that nobody recognises may be.
        approved = APPROVED[spdx] if spdx else None if facts else False
        return spdx, approved, None if not (declared and spdx) else declared == spdx

    # ------------------------------------------------------------ the place

    def stage(self, one: Repository) -> set[str]:
        """Which of archived, fork, mirror, moved, private? The last two from its reading on."""
        words = set()
        read = [when // DAY * DAY for when in (one.forge_read_until, one.read_until) if when]
        if one.archived_at is not None and one.archived_at <= self.now:
            words.add("archived")
        if one.upstream or one.facts.fork_of:
            words.add("fork")
        if one.facts.mirror_of:
            words.add("mirror")
        if one.state is RepositoryState.MOVED and max(read) <= self.now:
            words.add("moved")
        if one.facts.private and read[0] <= self.now:
            words.add("private")
        return words

    def place(self) -> Answer:
        live = [
            row
            for row, one in enumerate(self.world.repositories)
            if one.archived_at is None or one.archived_at > self.now
        ]
        worked = {
            line.repository
            for line in self.world.lines
            if isinstance(line, CommitLine) and not kind_of(line.who)
            if line.arrival < self.now and self.now - 30 * DAY <= line.time < self.now
        }
        share = sum(row in worked for row in live) / len(live) if live else None
        return {
            "lifecycle": self.stage(self.main),
            "active_repositories_share": share,
            "issue_tracker_open": self.tracker(),
            "default_branch_red": self.red(),
        }

    def asked(self, repository: Repository) -> bool:
        """Had its forge answered by the morning of the day? What it says, it says as of then."""
        read = repository.forge_read_until
        return read is not None and read // DAY * DAY <= self.now

    def tracker(self) -> float | None:
        facts = self.main.facts
        if facts.has_issues is None or not self.asked(self.main):
            return None
        return float(facts.has_issues and not facts.private)

    def red(self) -> float | None:
        """The longest since checks passed; without a word of passing, since they began to fail.

        Archived repositories do not count: nobody can mend their build.
        """
        days = []
        for one in self.world.repositories:
            if one.archived_at is not None and one.archived_at <= self.now:
                continue
            failing, passed = one.facts.checks_failing_since, one.facts.checks_passed_at
            if failing is None and passed is None:
                continue
            if not self.asked(one):
                return None
            since = failing if passed is None else passed
            days.append(0 if failing is None or since is None else (self.now - since) / DAY)
        return max(days, default=None)

    # ------------------------------------------------------------ counts

    def counts(self) -> Answer:
        found: Answer = {}
        for key in ("stars", "forks", "watchers"):
            then = self.newest(key, self.now - 90 * DAY)
            now = self.newest(key, self.now)
            found[key] = sum(now.values()) if now else None
            both = now.keys() == then.keys() and now
            found[f"{key} change"] = sum(now.values()) - sum(then.values()) if both else ...
        return found

    def newest(self, key: str, before: int) -> dict[int, int]:
        """Repository → its newest count before an instant."""
        found: dict[int, tuple[int, int]] = {}
        for row, one in self.world.snapshots:
            number = getattr(one, key)
            if number is not None and one.at < before and one.at >= found.get(row, (0, 0))[0]:
                found[row] = one.at, number
        return {row: number for row, (_, number) in found.items()}

    # ------------------------------------------------------------ forks

    def forks(self) -> Answer:
        keys = ("commits_ahead", "commits_behind", "days_since_sync", "patches_sent_back")
        if not any(one.upstream for one in self.world.repositories):
            return dict.fromkeys(keys)
        known = [one for one in self.world.fork_states if one[1] // DAY * DAY <= self.now]
        last = {row: state for row, _, state in known}
        synced = [state.synced for state in last.values() if state.synced is not None]
        return {
            "commits_ahead": sum(state.ahead for state in last.values()) if last else None,
            "commits_behind": sum(state.behind for state in last.values()) if last else None,
            "days_since_sync": max(0, self.now - min(synced)) / DAY if synced else None,
            "patches_sent_back": self.patches(),
        }

    def patches(self) -> int | None:
        if self.world.sent_back is None:
            return None
        ours = {
            name
            for line in self.world.lines
            if isinstance(line, CommitLine) and line.arrival < self.now and line.time < self.now
            for name in (line.who, *line.co)
        }
        return sum(
            self.now - 365 * DAY <= when < self.now
            and (who in ours or who == "ana" or self.employed(who, when))
            for when, who in self.world.sent_back
        )

    def employed(self, who: str, when: int) -> bool:
        return any(
            job.who == who and job.organisation == self.world.project.owner and job.span.holds(when)
            for job in self.world.lines
            if isinstance(job, WorksFor)
        )

    # ------------------------------------------------------------ quality

    def quality(self) -> Answer:
        return {
            "invalid_dates": sum(when < self.now for when in self.world.invalid_dates),
            "history_imports": sum(day < self.now for _, day in self.world.imports),
            "repositories_unread": sum(not one.complete for one in self.world.repositories),
            "forge_drift": self.drift(),
        }

    def drift(self) -> int | None:
        """The forge's own counts are of now, and so is what is stored."""
        names = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "change_requests"}
        found = []
        for row, one in enumerate(self.world.repositories):
            for kind, name in names.items():
                if name in one.forge_totals:
                    if not self.asked(one):
                        return None
                    lines = [each for each in self.world.lines if isinstance(each, ItemLine)]
                    stored = sum(each.repository == row and each.kind is kind for each in lines)
                    found.append(abs(stored - one.forge_totals[name]))
        return sum(found) if found else None


# ---------------------------------------------------------------- from git itself

NAMES = {
    "README": r"readme([._-].*)?",
    "LICENSE": r"(un)?licen[cs]e([._-].*)?|copying([._-].*)?",
    "CONTRIBUTING": r"contributing([._-].*)?",
    "CODE_OF_CONDUCT": r"code[_-]of[_-]conduct([._-].*)?",
    "SECURITY": r"security([._-].*)?",
    "GOVERNANCE": r"governance([._-].*)?",
    "CHANGELOG": r"changelog([._-].*)?",
    "ROADMAP": r"roadmap([._-].*)?",
    "AUTHORS/MAINTAINERS": r"(authors|maintainers)([._-].*)?",
    "CODEOWNERS": r"codeowners",
    "SUPPORT": r"support([._-].*)?",
    "CITATION.cff": r"citation\.cff",
    "publiccode.yml": r"publiccode\.ya?ml",
}
TITLES = {
    "EUPL-1.2": r"EUROPEAN UNION PUBLIC LICENCE v\. 1\.2",
    "MPL-2.0": r"Mozilla Public License Version 2\.0",
    "AGPL-3.0-only": r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3",
    "MIT": r"Permission is hereby granted, free of charge",
}
MANDATORY = (
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType",
    "description", "legal", "maintenance", "localisation",
)  # fmt: skip


def git(repository: Path, *words: str) -> str:
    run = subprocess.run(["git", "-C", str(repository), *words], capture_output=True, check=False)
    return run.stdout.decode(errors="replace")


def files_at(repository: Path, commit: str) -> dict[str, str]:
    """Key → where it lies, the first of the folders in which something is called so."""
    found: dict[str, str] = {}
    for folder in ("", ".github/", ".gitlab/", "docs/"):
        listed = git(repository, "ls-tree", commit, *([folder] if folder else [])).splitlines()
        for line in sorted(listed, key=len):  # of two in one folder the plainer name
            facts, _, path = line.partition("\t")
            for key, form in NAMES.items():
                plain = re.fullmatch(form, path.removeprefix(folder).lower())
                if plain and facts.split()[1] == "blob":
                    found.setdefault(key, path)
    return found


def licence_of(text: str) -> str | None:
    return next((key for key, form in TITLES.items() if re.search(form, text)), None)


def publiccode_of(text: str) -> tuple[bool, str | None, str | None]:
    """Is all there that must be; licence and kind of maintenance?"""
    said = YAML(typ="safe").load(text)
    whole = all(said.get(key) for key in MANDATORY)
    return whole, said["legal"].get("license"), said["maintenance"].get("type")


def last_before(repository: Path, day: date) -> str | None:
    """The newest commit of the branch that had arrived before a day began."""
    lines = git(repository, "log", "--first-parent", "--format=%H %ct", "HEAD").splitlines()
    midnight = (day - date(1970, 1, 1)).days * DAY
    return next((one.split()[0] for one in lines if int(one.split()[1]) < midnight), None)
