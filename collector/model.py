"""What we know: the records that git and the forges give, and what metrics read of them.

The upper half are *records*, one object per fact, as a forge or git yields them and as
``store.write`` takes them. The lower half is *activity*: the same facts of one project,
columnar and sorted, with accounts already resolved to persons, as metrics read them.

Every time is an ``Instant``: whole seconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Instants = NDArray[np.int64]
    Indices = NDArray[np.int32]
    Flags = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]
else:
    # Importing the model must not load numpy: the columns' types are names only.
    Instants = Indices = Flags = Bytes = "numpy array"

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


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence for people: an English template with its arguments, translated when shown."""

    template: str
    arguments: Mapping[str, str | int | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.arguments)


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


# ---------------------------------------------------------------- what metrics read


@dataclass(frozen=True, slots=True)
class Span:
    """Something that holds from an instant until before another; None: open on that side."""

    since: Instant | None = None
    until: Instant | None = None

    def holds(self, at: Instant) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A person worked for an organisation during a span. ``source``: configuration | mail."""

    person: int
    organisation: str
    span: Span
    source: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract or a grant: who pays or is paid, and until when."""

    party: str
    span: Span
    kind: str | None = None
    source: str = "configuration"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which value a check is met, and from which not, while ``span`` holds (C12).

    ``source`` says who set it. Of several that hold the last one stands.
    """

    metric: str
    met: float
    not_met: float
    source: str = "default"
    span: Span = Span()


@dataclass(frozen=True, slots=True)
class User:
    """A body that uses the project, from ``usedBy`` or configuration."""

    name: str
    source: str
    since: Instant | None = None
    version: str | None = None
    confirmed: Instant | None = None


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a project as metrics see it.

    ``counted``: its role makes it count for commits (C6). ``read_until``: when git was last
    read, None: never. ``forge_read_until``: the same for the forge. ``forge_reason``: why the
    forge's records are missing. ``complete``: the whole history was read, not a part.
    ``forge_lacks``: what this way of reading the forge cannot give although it was read:
    ``reviews`` (submitted reviews), ``actors`` (who closed or merged).
    """

    url: str
    role: str = "code"
    counted: bool = True
    main: bool = False
    archived_at: Instant | None = None
    read_until: Instant | None = None
    git_reason: Phrase | None = None
    forge_read_until: Instant | None = None
    forge_reason: Phrase | None = None
    forge_lacks: frozenset[str] = frozenset()
    complete: bool = True
    empty: bool = False
    state: RepositoryState = RepositoryState.PENDING
    upstream: str | None = None
    release_tag_pattern: str | None = None
    deployment_tag_pattern: str | None = None
    files: tuple[FileFact, ...] = ()
    facts: RepositoryFacts = RepositoryFacts()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """What configuration says of a project, as far as metrics and judgements use it."""

    id: str
    name: str = ""
    ospo: str = ""
    country: str | None = None
    kind: str = "software"
    relation: str = "hosted"
    area: str | None = None
    stage: str | None = None
    rhythm: str = "steady"
    season: tuple[tuple[int, int, int, int], ...] = ()
    """(from month, from day, until month, until day), both inclusive."""
    next_needed: Instant | None = None
    delivery: str | None = None
    criticality: int | None = None
    owner: str | None = None
    service: str | None = None
    issues_elsewhere: str | None = None
    maintainers: frozenset[int] = frozenset()
    contracts: tuple[Agreement, ...] = ()
    funding: tuple[Agreement, ...] = ()
    users: tuple[User, ...] = ()
    organisations: Mapping[str, str] = field(default_factory=dict)
    """Organisation id → kind (public-body, supplier, …) for all configured organisations."""


@dataclass(frozen=True, eq=False)
class Commits:
    """Counted commits of a project: no merges, distinct by SHA, sorted by ``time`` (C4).

    Bots' commits are included and told apart by ``kind``; ``author`` is a person index
    (``GHOST`` for bots). ``files`` is -1 where not read, -2 where the server would not give
    the trees; it is read for commits ≥ 14 d after the one before. ``change`` numbers the
    first-parent commit that brought it, so commits of one merge share it.
    """

    time: Instants
    arrival: Instants
    author: Indices
    kind: Bytes
    declares_ai: Flags
    repository: Indices
    files: Indices
    change: Indices

    @cached_property
    def human(self) -> Flags:
        return cast("Flags", self.kind == AccountKind.HUMAN)


@dataclass(frozen=True, eq=False)
class Credits:
    """One row per human credited with a commit, a bot's included (C5), sorted by ``time``."""

    time: Instants
    arrival: Instants
    person: Indices
    commit: Indices
    """Row of the commit in ``Commits``."""


@dataclass(frozen=True, eq=False)
class Items:
    """Issues and change requests that exist, sorted by ``created``; bots' items included.

    ``merge_change``: the ``Commits.change`` that its merge commit made, or -1. ``draft``: the
    state at the last reading (None: none is a draft); what it was at a date follows from the
    events, or is this where there are none.
    """

    created: Instants
    kind: Bytes
    author: Indices
    author_kind: Bytes
    number: Indices
    repository: Indices
    merge_change: Indices
    url: tuple[str, ...] = ()
    draft: Flags | None = None


@dataclass(frozen=True, eq=False)
class Events:
    """All that happened to items, sorted by (``item``, ``at``); ``item`` is a row of ``Items``.

    ``actor`` is a person index, ``GHOST`` or ``NOT_GIVEN``; ``actor_kind`` an ``AccountKind``.
    ``verdict``: 0 none, 1 approved, 2 changes requested, 3 commented, 4 dismissed.
    """

    item: Indices
    at: Instants
    kind: Bytes
    actor: Indices
    actor_kind: Bytes
    verdict: Bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A tag or release name that was recognised (METRICS.md, Deliveries)."""

    time: Instant
    name: str
    version: str
    deployment: bool
    prerelease: bool
    repository: int


@dataclass(frozen=True, eq=False)
class Activity:
    """All records of one project, ready to be measured at any date.

    Pure data: no clock, no database. ``tags`` are (time, name, repository row, prerelease
    flag of the forge, signed, from a release); deliveries are made of them by
    ``metrics.deliveries``.
    """

    project: Project
    repositories: tuple[Repository, ...]
    commits: Commits
    credits: Credits
    items: Items
    events: Events
    tags: tuple[TagFact, ...]
    snapshots: tuple[tuple[int, Snapshot], ...]
    persons: tuple[str, ...]
    """Alias per person index: "Developer 1" …, in order of first contribution."""
    affiliations: tuple[Affiliation, ...]
    invalid_dates: int = 0
    imports: tuple[tuple[str, Instant], ...] = ()
    """(repository URL, day) on which history was imported (C4)."""


@dataclass(frozen=True, slots=True)
class TagFact:
    """A tag and/or release of one repository, united by name."""

    name: str
    time: Instant
    repository: int
    prerelease: bool = False
    signed: bool = False
    release: bool = False
