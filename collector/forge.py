"""What a forge is: where a repository is discussed and released, and how reading it can fail.

One file per forge stands in ``forges/``. A forge turns its answers into the records of
``model`` and its failures into the errors below, once; nothing above it knows a client
library or a status code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from collector.catalogue import Found
from collector.model import (
    ChangeRequest,
    Instant,
    Issue,
    ItemKind,
    Release,
    RepositoryFacts,
    Response,
    Snapshot,
)


class ForgeError(Exception):
    """A host could not be read. Its text is a sentence that says what to do."""


class RepositoryGone(ForgeError):
    """The repository is deleted, or private to us."""


class RepositoryMoved(ForgeError):
    """The repository lives elsewhere now."""

    def __init__(self, message: str, url: str) -> None:
        super().__init__(message)
        self.url = url


class AccessDenied(ForgeError):
    """The token is missing, wrong, expired or lacks a right."""


class CredentialRefused(AccessDenied):
    """The host does not know the credential at all: nothing else of it need be asked for."""


class RateLimited(ForgeError):
    """The budget is used up until an instant (None: the host does not say)."""

    def __init__(self, message: str, until: Instant | None = None) -> None:
        super().__init__(message)
        self.until = until


class Unavailable(ForgeError):
    """The host cannot be reached, or answers with its own failure."""


class NoRoom(ForgeError):
    """This machine's disk is full; no host is to blame."""


class Interrupted(ForgeError):
    """Somebody ended what was reading, such as Ctrl-C at a terminal."""


class UnexpectedAnswer(ForgeError):
    """The host answered something that is not what it documents."""

    def __init__(self, message: str, request_id: str | None = None) -> None:
        super().__init__(message)
        self.request_id = request_id


class OddRecord(UnexpectedAnswer):
    """One record is not what the host documents: it is left out, the others are read."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A heartbeat: cheap facts of one repository that show whether anything moved.

    ``marker`` is opaque to all but the forge: equal markers mean nothing changed, unless
    ``moved`` says what the forge knows better (it was told the marker of last time).
    """

    url: str
    marker: str
    facts: RepositoryFacts
    snapshot: Snapshot | None = None
    totals: dict[str, int] = field(default_factory=dict)
    head: str | None = None
    error: ForgeError | None = None
    moved: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records and the cursor that says how far they reach.

    The two are written in one transaction. ``cursor`` is JSON text, opaque to all but the
    forge; reading goes on from it. ``last`` marks the end of a completed walk. ``existing``
    is given at the end of a full reconcile: ids of all items that exist; others vanished.
    """

    cursor: str
    issues: Sequence[Issue] = ()
    change_requests: Sequence[ChangeRequest] = ()
    responses: Sequence[Response] = ()
    releases: Sequence[Release] = ()
    complete_items: Sequence[str] = ()
    """Items whose responses are given whole on this page: others stored for them vanished."""
    existing: frozenset[str] | None = None
    existing_releases: frozenset[str] | None = None
    """Ids of all published releases, where this reading met them all: others vanished."""
    unreadable: Sequence[str] = ()
    """What was given but is none, by its name (below): left out, and said so."""
    last: bool = False


ITEM_NAMES = {ItemKind.ISSUE: "issue", ItemKind.CHANGE_REQUEST: "change request"}


def item_name(kind: ItemKind, number: int) -> str:
    """How an item is named that could not be understood."""
    return f"{ITEM_NAMES[kind]} {number}"


def review_name(number: int) -> str:
    """How a review is named of which something could not be understood: by its change request."""
    return f"review of change request {number}"


def comment_name(native_id: str) -> str:
    """How a comment is named that could not be understood."""
    return f"comment {native_id[:80]}"


def release_name(tag: object) -> str:
    """How a release is named that could not be understood."""
    return f"release {str(tag)[:40]}"


@dataclass(slots=True)
class Cost:
    """What a pass over one repository cost its host."""

    requests: int = 0
    points: int = 0
    git_bytes: int = 0
    seconds: float = 0.0


NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


VALIDITY = "validity"
"""The resource of an allowance that says until when the credential itself is accepted."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a host last said that a credential, known by its name, may still ask, and until when."""

    credential: str
    resource: str
    remaining: int | None
    allowed: int | None
    resets_at: Instant | None


class Forge(Protocol):
    """A host that can tell of issues, change requests, responses and releases."""

    kind: str
    host: str
    slice: int
    """How many items of each kind a slice of the slow sweep looks through."""

    @property
    def lacks(self) -> frozenset[str]:
        """What this way of reading cannot give: ``reviews``, ``actors`` (who closed or merged)."""
        ...

    def heartbeat(
        self,
        urls: Sequence[str],
        known: Mapping[str, str] = NOTHING_KNOWN,
        cursors: Mapping[str, str] = NOTHING_KNOWN,
        due: Collection[str] = (),
    ) -> Iterator[Pulse]:
        """Cheap facts of many repositories, in as few requests as the host allows.

        ``known``: the marker of last time, by URL, for hosts that tell only what moved since.
        ``cursors``: how far each was read, for hosts that can be asked at once for all that moved.
        ``due``: which of them, if they are small, the slow sweep looks through in this pass, for
        hosts that can be asked at once for those.
        """
        ...

    def pages(self, url: str, cursor: str | None, *, full: bool = False) -> Iterator[Page]:
        """Everything that changed since ``cursor`` (None: everything), page by page."""
        ...

    def sweep(self, url: str, cursor: str) -> Iterator[Page]:
        """A slice of the slow sweep: what changed without a date moving. Usually no page."""
        ...

    def discover(self, url: str) -> Iterator[Found]:
        """The repositories of an organisation, user or group; a group's subgroups included."""
        ...

    def cost(self, url: str) -> Cost:
        """What this pass has spent on one repository so far."""
        ...

    def allowances(self) -> Sequence[Allowance]:
        """What the host said in this pass that its credential may still ask."""
        ...

    def remember(self, found: Sequence[Allowance]) -> None:
        """What was said in earlier passes: a budget known to be used up is not asked in vain."""
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...
