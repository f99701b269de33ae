"""Activity: the facts of one project, columnar and sorted, with accounts resolved to persons.

This is all that metrics read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from collector.model.phrase import Phrase
from collector.model.records import (
    AccountKind,
    FileFact,
    ForkState,
    Instant,
    RepositoryFacts,
    RepositoryState,
    Snapshot,
)

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
    forge_totals: Mapping[str, int] = field(default_factory=dict)
    """How many ``issues`` and ``change_requests`` the forge itself counted at its last reading."""
    facts: RepositoryFacts = field(default_factory=RepositoryFacts)
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
    retired_since: Instant | None = None
    """The day of the decision to retire it; None with ``stage`` retired: at any date."""
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
    invalid_dates: tuple[Instant, ...] = ()
    """When each commit with an impossible date (C4) arrived; ``EARLIEST`` where nothing says."""
    people_since: Instant | None = None
    """Since when it is known who did what (``retention_months``); None: always."""
    imports: tuple[tuple[str, Instant], ...] = ()
    """(repository URL, day) on which history was imported (C4)."""
    traces: tuple[tuple[int, ...], ...] = ()
    """Account ids (keyed hashes) per person index: what makes a person the same elsewhere."""
    names: Mapping[str, int] = field(default_factory=dict)
    """The name that configuration gives a person → person index."""
    fork_states: tuple[tuple[int, Instant, ForkState], ...] = ()
    """(repository row, when it was compared, state) of forks, oldest first."""
    sent_back: tuple[tuple[Instant, int], ...] | None = None
    """(when, person) of the change requests that we opened at upstream; None: it is not read."""


@dataclass(frozen=True, slots=True)
class TagFact:
    """A tag and/or release of one repository, united by name."""

    name: str
    time: Instant
    repository: int
    prerelease: bool = False
    signed: bool = False
    release: bool = False
