"""What the test forge knows: repositories, their items, and the accounts behind them.

Items have the shape of the archive of IETF working groups (``author`` is a login or None), so
real dated states can be served as they are; ``events`` adds what the archive lacks.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FIRST_DAY = "2020-01-01T00:00:00Z"


@dataclass
class Repository:
    owner: str
    name: str
    id: str = ""
    issues: list[Json] = field(default_factory=list)
    pulls: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    private: bool = False
    seen_by: str | None = None
    """How the tokens begin that may see it; None: all may."""
    archived_at: str | None = None
    checks: str | None = None
    protected: bool = False
    """Its default branch."""
    topics: tuple[str, ...] = ()
    license: str | None = None
    stars: int = 0
    forks: int = 0
    watchers: int = 0
    security_policy: bool = False
    described: str | None = None
    fork_of: str | None = None
    template: bool = False
    head: str = "1" * 40
    pushed_at: str = FIRST_DAY

    def __post_init__(self) -> None:
        self.id = self.id or f"R_{zlib.crc32(self.full_name.encode()):08x}"

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def items(self) -> Iterator[Json]:
        yield from self.issues
        yield from self.pulls


@dataclass
class World:
    repositories: dict[str, Repository] = field(default_factory=dict)
    web: str = "https://github.com"
    moved: dict[str, str] = field(default_factory=dict)
    """Former full name → present one."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Present login → the login under which its id was given."""

    def add(self, repository: Repository) -> Repository:
        self.repositories[repository.full_name.lower()] = repository
        return repository

    def find(self, owner: str, name: str) -> Repository | None:
        wanted = f"{owner}/{name}".lower()
        wanted = self.moved.get(wanted, wanted)
        return self.repositories.get(wanted)

    def rename(self, old: str, new: str) -> None:
        repository = self.repositories.pop(old.lower())
        repository.owner, repository.name = new.split("/")
        self.repositories[new.lower()] = repository
        self.moved[old.lower()] = new.lower()

    def account_id(self, login: str) -> int:
        while login in self.renamed:
            login = self.renamed[login]
        return zlib.crc32(login.lower().encode()) >> 1

    def load(self, path: Path) -> Repository:
        """A dated state of a real repository, in the place of what was there."""
        with gzip.open(path) as packed:
            raw = json.load(packed)
        owner, name = raw["repo"].split("/")
        return self.add(
            Repository(owner, name, issues=raw["issues"], pulls=raw["pulls"], license="MIT")
        )


def issue(number: int, **facts: Any) -> Json:
    """A small issue of our own."""
    at = f"2024-01-{number % 28 + 1:02d}T10:00:00Z"
    return {
        "id": f"I_{number}", "number": number, "title": f"item {number}", "state": "OPEN",
        "author": "alice", "createdAt": at, "updatedAt": at, "closedAt": None, "labels": [],
        "comments": [], **facts,
    }  # fmt: skip


def pull(number: int, **facts: Any) -> Json:
    """A small change request of our own."""
    return {
        **issue(number), "id": f"PR_{number}", "mergedAt": None, "mergedBy": None,
        "mergeCommit": None, "reviews": [], "isDraft": False, **facts,
    }  # fmt: skip


def said(author: str | None, at: str, **facts: Any) -> Json:
    """A comment."""
    return {"author": author, "createdAt": at, "updatedAt": at, **facts}


def timeline(item: Json) -> list[Json]:
    """All that happened to an item, in order: (kind, id, time, actor)."""
    events: list[Json] = []
    for place, each in enumerate(item["comments"]):
        name = each.get("id", f"{item['id']}/comment/{place}")
        events.append(_event("IssueComment", name, each["createdAt"], author=each["author"]))
    for review in item.get("reviews", ()):
        facts = {k: review[k] for k in ("author", "state", "comments")}
        at = review["createdAt"]
        events.append(_event("PullRequestReview", review["id"], at, submittedAt=at, **facts))
    for place, label in enumerate(item["labels"]):
        name = f"{item['id']}/label/{place}"
        events.append(_event("LabeledEvent", name, item["createdAt"], label=label))
    events += item.get("events", ())
    events += _ending(item)
    return sorted(events, key=lambda event: str(event["createdAt"]))


def _ending(item: Json) -> Iterator[Json]:
    merged = item.get("mergedAt")
    if merged:
        who = item["mergedBy"]
        yield _event("MergedEvent", f"{item['id']}/merged", merged, actor=who)
        yield _event("ClosedEvent", f"{item['id']}/closed", merged, actor=who)
    elif item["closedAt"]:
        who = item.get("closedBy")
        yield _event("ClosedEvent", f"{item['id']}/closed", item["closedAt"], actor=who)


def _event(kind: str, name: str, at: str, **facts: Any) -> Json:
    return {"__typename": kind, "id": name, "createdAt": at, **facts}


event = _event
