"""Records: one object per fact, as git and the forges yield them and ``store.write`` takes them.

Every time is an ``Instant``: whole seconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

Instant = int
DAY = 86_400

EARLIEST = 631_152_000
"""1990-01-01: dates before it are invalid (METRICS.md C4)."""

NO_TIME = 2**62
"""Stands in a column of instants for "not yet" (later than every date)."""

GHOST = -1
"""Person index of somebody whose account has vanished: human, nameless (METRICS.md C2)."""

NOT_GIVEN = -2
"""Person index where the source does not say who acted: never a response (C9)."""


# ---------------------------------------------------------------- records


class AccountKind(IntEnum):
    """Who acts behind an account (C2). An AI agent is a bot, counted apart where declared."""

    HUMAN = 0
    BOT = 1
    AI = 2
    DEPENDENCY_BOT = 3
    """A bot that proposes newer dependencies: its change requests have metrics of their own."""


@dataclass(frozen=True, slots=True)
class Account:
    """One trace of somebody: a name and mail in git, or a login on a forge.

    ``host`` is empty for git traces. ``native_id`` is the forge's own account id, which
    survives renaming. ``declared_bot`` is the forge's word (account type Bot).
    """

    host: str = ""
    native_id: str | None = None
    login: str | None = None
    name: str | None = None
    mail: str | None = None
    declared_bot: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit reachable from the default branch (C4); merges are kept, and left out of counts.

    ``arrived_with`` is the commit of the first-parent line that brought it, ``arrival`` that
    commit's committer date.
    """

    sha: bytes
    author: Account
    author_time: Instant
    committer_time: Instant
    arrival: Instant
    arrived_with: bytes
    parents: int
    co_authors: tuple[Account, ...] = ()
    declares_ai: bool = False
    tree: bytes = b""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the repository; ``time`` is the tagger's date, or the commit's if it has none."""

    name: str
    commit: bytes
    time: Instant
    signed: bool = False


class ItemKind(IntEnum):
    """What an item is: an issue, or a proposed change."""

    ISSUE = 0
    CHANGE_REQUEST = 1


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it stands at its last reading. ``author`` None: the account has vanished."""

    native_id: str
    number: int
    author: Account | None
    created: Instant
    updated: Instant
    labels: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest(Issue):
    """A proposed change (pull or merge request)."""

    draft: bool = False
    merge_commit: bytes | None = None


class EventKind(IntEnum):
    """What can happen to an item after it was opened.

    ``REVIEW`` is a review in the sense of C9: on GitLab also a note on the diff.
    """

    COMMENT = 0
    REVIEW = 1
    REVIEW_COMMENT = 2
    CLOSED = 3
    REOPENED = 4
    MERGED = 5
    DRAFTED = 6
    READY = 7


@dataclass(frozen=True, slots=True)
class Response:
    """One event on an item: a comment, a review, a merge, a closing, a reopening …

    ``actor`` None with ``actor_given`` true is a vanished account (a human without a name);
    with it false the source does not say who acted. ``verdict`` is a review's
    (approved | changes_requested | commented | dismissed).
    """

    native_id: str
    item: str
    kind: EventKind
    at: Instant
    actor: Account | None
    actor_given: bool = True
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the forge; united with the tag of the same name."""

    native_id: str
    tag: str
    published: Instant
    prerelease: bool = False
    author: Account | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts that a forge gives only as of now, kept dated by ourselves."""

    at: Instant
    stars: int | None = None
    forks: int | None = None
    watchers: int | None = None


@dataclass(frozen=True, slots=True)
class FileFact:
    """A community file's presence between two arrivals (``until`` None: still there).

    ``key`` is the file's name in METRICS.md (``LICENSE``, ``publiccode.yml`` …), ``place`` the
    path it was found at. ``spdx`` stands for licences; ``problems`` and ``data`` for
    publiccode.yml: what is invalid, and the few fields that metrics use.
    ``readable`` is false where the server would not give the object.
    """

    key: str
    place: str
    since: Instant
    until: Instant | None = None
    spdx: str | None = None
    data: Mapping[str, object] | None = None
    problems: tuple[str, ...] = ()
    readable: bool = True


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """What a forge says of a repository now. None: the forge does not say."""

    native_id: str | None = None
    canonical_url: str | None = None
    default_branch: str | None = None
    created: Instant | None = None
    archived: bool | None = None
    archived_at: Instant | None = None
    fork_of: str | None = None
    mirror_of: str | None = None
    private: bool | None = None
    empty: bool | None = None
    has_issues: bool | None = None
    license: str | None = None
    topics: tuple[str, ...] = ()
    security_policy: bool | None = None
    checks_failing_since: Instant | None = None
    checks_passed_at: Instant | None = None
    checks_pending: bool = False
    """They run: neither of the two is known now, and what was known before still holds."""
    default_branch_protected: bool | None = None


@dataclass(frozen=True, slots=True)
class ForkState:
    """Where a fork stands to its upstream: commits that only one of the two has, merges left out.

    ``synced``: when the newest commit was made that both have; None: they share none.
    """

    ahead: int
    behind: int
    synced: Instant | None


@dataclass(frozen=True, slots=True)
class GitReading:
    """What one reading of a repository's git gives, to be written in one transaction.

    ``commits`` is a stream: all of the default branch where ``replaces`` is true (first
    reading, rewritten history, changed identity rules), else only the new ones. ``tags``,
    ``files`` and ``same_people`` (pairs that ``.mailmap`` declares one person) are always
    whole. ``cursor`` is opaque to all but ``git``. ``head`` None: an empty repository.
    """

    head: bytes | None
    default_branch: str | None
    replaces: bool
    commits: Iterable[Commit]
    tags: tuple[Tag, ...]
    files: tuple[FileFact, ...]
    same_people: tuple[tuple[Account, Account], ...]
    cursor: str
    complete: bool = True
    bytes_received: int = 0
    fork: ForkState | None = None


class RepositoryState(StrEnum):
    """What ``status`` prints of a repository."""

    OK = "ok"
    PENDING = "pending"
    FAILED = "failed"
    LIMITED = "limited"
    GONE = "gone"
    MOVED = "moved"
    ARCHIVED = "archived"
    EMPTY = "empty"
