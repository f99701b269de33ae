"""An ``Activity`` from a few readable lines, for the tests of metrics.

    activity(
        commit("2024-01-01", "ana"),
        commit("2024-01-02", "ana", co=["ben"], arrived="2024-02-01"),
        commit("2024-01-03", "renovate[bot]"),
        change_request("2024-01-04", "ben", merge("2024-01-06", "ana")),
        tag("2024-02-01", "v1.0"),
    )

Somebody is a name; what kind of hand it is says the name itself, as it does of an account
(``dependabot``, ``claude``, ``x[bot]``). ``GHOST`` is a vanished account, ``NOBODY`` one that
the source does not give. Days may have a time: ``2024-01-01 12:00``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from collector.accounts import account_kind
from collector.model import (
    GHOST as GHOST_PERSON,
)
from collector.model import (
    NOT_GIVEN,
    Account,
    AccountKind,
    Activity,
    Affiliation,
    Commits,
    Credits,
    EventKind,
    Events,
    Instant,
    ItemKind,
    Items,
    Project,
    Repository,
    Snapshot,
    Span,
    TagFact,
)

GHOST = "(ghost)"
NOBODY = "(not given)"
VERDICTS = {None: 0, "approved": 1, "changes_requested": 2, "commented": 3, "dismissed": 4}
REPOSITORY = Repository(
    "https://github.com/city/app", main=True, read_until=2**40, forge_read_until=2**40, name="app"
)


def at(when: str | int) -> Instant:
    """The instant of a day (UTC), with a time or without."""
    if isinstance(when, int):
        return when
    return int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())


def kind_of(who: str) -> AccountKind:
    return account_kind(Account(login=who))


@dataclass(frozen=True)
class CommitLine:
    time: Instant
    arrival: Instant
    who: str
    co: tuple[str, ...] = ()
    declares_ai: bool = False
    files: int = -1
    repository: int = 0
    change: int | None = None
    """Commits of one merge share it."""


@dataclass(frozen=True)
class EventLine:
    at: Instant
    who: str
    kind: EventKind
    verdict: str | None = None


@dataclass(frozen=True)
class ItemLine:
    created: Instant
    who: str
    kind: ItemKind
    events: tuple[EventLine, ...] = ()
    repository: int = 0
    merge_change: int = -1
    draft: bool = False


@dataclass(frozen=True)
class TagLine:
    fact: TagFact


@dataclass(frozen=True)
class WorksFor:
    who: str
    organisation: str
    span: Span = field(default_factory=Span)
    source: str = "configuration"


Line = CommitLine | ItemLine | TagLine | WorksFor


def commit(
    when: str | int,
    who: str = "ana",
    *,
    co: Sequence[str] = (),
    arrived: str | int | None = None,
    declares_ai: bool = False,
    files: int = -1,
    repository: int = 0,
    change: int | None = None,
) -> CommitLine:
    arrival = at(when if arrived is None else arrived)
    time = min(at(when), arrival)
    return CommitLine(time, arrival, who, tuple(co), declares_ai, files, repository, change)


def commits(amount: int, when: str | int, who: str = "ana", **more: int) -> list[CommitLine]:
    """So many commits, a second apart."""
    return [commit(at(when) + i, who, **more) for i in range(amount)]  # type: ignore[arg-type]


def issue(when: str | int, who: str, *events: EventLine, repository: int = 0) -> ItemLine:
    return ItemLine(at(when), who, ItemKind.ISSUE, events, repository)


def change_request(
    when: str | int,
    who: str,
    *events: EventLine,
    repository: int = 0,
    merge_change: int = -1,
    draft: bool = False,
) -> ItemLine:
    kind = ItemKind.CHANGE_REQUEST
    return ItemLine(at(when), who, kind, events, repository, merge_change, draft)


def comment(when: str | int, who: str) -> EventLine:
    return EventLine(at(when), who, EventKind.COMMENT)


def review(when: str | int, who: str, verdict: str = "approved") -> EventLine:
    return EventLine(at(when), who, EventKind.REVIEW, verdict)


def close(when: str | int, who: str) -> EventLine:
    return EventLine(at(when), who, EventKind.CLOSED)


def reopen(when: str | int, who: str) -> EventLine:
    return EventLine(at(when), who, EventKind.REOPENED)


def merge(when: str | int, who: str) -> EventLine:
    return EventLine(at(when), who, EventKind.MERGED)


def tag(when: str | int, name: str, *, repository: int = 0, prerelease: bool = False) -> TagLine:
    return TagLine(TagFact(name, at(when), repository, prerelease))


def works_for(
    who: str,
    organisation: str,
    since: str | None = None,
    until: str | None = None,
    source: str = "configuration",
) -> WorksFor:
    span = Span(at(since) if since else None, at(until) if until else None)
    return WorksFor(who, organisation, span, source)


# ---------------------------------------------------------------- columns


class _People:
    """Names to person indices, in order of first contribution."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def of(self, who: str) -> int:
        if who in (GHOST, NOBODY):
            return GHOST_PERSON if who == GHOST else NOT_GIVEN
        if kind_of(who) is not AccountKind.HUMAN:
            return GHOST_PERSON
        return self.index.setdefault(who, len(self.index))


def activity(
    *lines: Line | Iterable[Line],
    project: Project | None = None,
    repositories: Sequence[Repository] = (REPOSITORY,),
    snapshots: Iterable[tuple[int, Snapshot]] = (),
    maintainers: Iterable[str] = (),
) -> Activity:
    """The records of one project, as metrics read them."""
    flat = [one for line in lines for one in ([line] if isinstance(line, Line) else line)]
    people = _People()
    commits_ = sorted(
        (line for line in flat if isinstance(line, CommitLine)), key=lambda line: line.time
    )
    items = sorted(
        (line for line in flat if isinstance(line, ItemLine)), key=lambda line: line.created
    )
    columns = _commits(commits_, people), _credits(commits_, people)
    forge = _items(items, people), _events(items, people)
    affiliations = [
        Affiliation(people.of(line.who), line.organisation, line.span, line.source)
        for line in flat
        if isinstance(line, WorksFor)
    ]
    settings = project or Project("app")
    return Activity(
        replace(settings, maintainers=frozenset(people.of(who) for who in maintainers)),
        tuple(repositories),
        *columns,
        *forge,
        tags=tuple(line.fact for line in flat if isinstance(line, TagLine)),
        snapshots=tuple(snapshots),
        persons=tuple(f"Developer {i + 1}" for i in range(len(people.index))),
        affiliations=tuple(affiliations),
        traces=tuple((i + 1,) for i in range(len(people.index))),
    )


def _commits(lines: Sequence[CommitLine], people: _People) -> Commits:
    changes: dict[tuple[str, int], int] = {}
    return Commits(
        time=np.array([line.time for line in lines], dtype=np.int64),
        arrival=np.array([line.arrival for line in lines], dtype=np.int64),
        author=np.array([people.of(line.who) for line in lines], dtype=np.int32),
        kind=np.array([kind_of(line.who) for line in lines], dtype=np.uint8),
        declares_ai=np.array([line.declares_ai for line in lines], dtype=np.bool_),
        repository=np.array([line.repository for line in lines], dtype=np.int32),
        files=np.array([line.files for line in lines], dtype=np.int32),
        change=np.array(
            [
                changes.setdefault(_change(row, line), len(changes))
                for row, line in enumerate(lines)
            ],
            dtype=np.int32,
        ),
    )


def _change(row: int, line: CommitLine) -> tuple[str, int]:
    return ("alone", row) if line.change is None else ("together", line.change)


def _credits(lines: Sequence[CommitLine], people: _People) -> Credits:
    rows = [
        (line.time, line.arrival, people.of(who), row)
        for row, line in enumerate(lines)
        for who in dict.fromkeys((line.who, *line.co))
        if kind_of(who) is AccountKind.HUMAN
    ]
    return Credits(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int32),
        np.array([row[3] for row in rows], dtype=np.int32),
    )


def _items(lines: Sequence[ItemLine], people: _People) -> Items:
    return Items(
        created=np.array([line.created for line in lines], dtype=np.int64),
        kind=np.array([line.kind for line in lines], dtype=np.uint8),
        author=np.array([people.of(line.who) for line in lines], dtype=np.int32),
        author_kind=np.array([kind_of(line.who) for line in lines], dtype=np.uint8),
        number=np.arange(1, len(lines) + 1, dtype=np.int32),
        repository=np.array([line.repository for line in lines], dtype=np.int32),
        merge_change=np.array([line.merge_change for line in lines], dtype=np.int32),
        url=tuple(f"https://github.com/city/app/issues/{i + 1}" for i in range(len(lines))),
        draft=np.array([line.draft for line in lines], dtype=np.bool_),
    )


def _events(lines: Sequence[ItemLine], people: _People) -> Events:
    rows = [
        (row, event)
        for row, line in enumerate(lines)
        for event in sorted(line.events, key=lambda event: event.at)
    ]
    return Events(
        item=np.array([row for row, _ in rows], dtype=np.int32),
        at=np.array([event.at for _, event in rows], dtype=np.int64),
        kind=np.array([event.kind for _, event in rows], dtype=np.uint8),
        actor=np.array([people.of(event.who) for _, event in rows], dtype=np.int32),
        actor_kind=np.array([kind_of(event.who) for _, event in rows], dtype=np.uint8),
        verdict=np.array([VERDICTS[event.verdict] for _, event in rows], dtype=np.uint8),
    )
