"""Commits as columns: what C4 and C5 make of stored commits, for a million of them.

Rows stream from the database into numpy arrays a batch at a time; a commit is known by the
first eight bytes of its SHA from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from collector.model import DAY, EARLIEST, GHOST, AccountKind, Commits, Credits, Instant
from collector.store.schema import commit_credits, commits

IMPORT_LAG = 30 * DAY
BATCH = 20_000

Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stored:
    """The non-merge commits of one repository, as stored; ``sha`` and ``change`` are short."""

    sha: Longs
    author: Longs
    author_time: Longs
    arrival: Longs
    declares_ai: NDArray[np.bool_]
    files: NDArray[np.int32]
    change: Longs


@dataclass(frozen=True, eq=False)
class Placed:
    """Commits with a place in time (C4), how many had an invalid date, and import days."""

    rows: Stored
    time: Longs
    arrival: Longs
    invalid: tuple[Instant, ...]
    """When those with an invalid date arrived; ``EARLIEST`` where neither date is valid."""
    imports: tuple[Instant, ...]


def short(sha: bytes) -> int:
    """The number that stands for a commit within one project."""
    return int.from_bytes(sha[:8], "big", signed=True)


def stored(connection: Connection, repository_id: int) -> Stored:
    """Read the non-merge commits of a repository."""
    c = commits.c
    question = select(
        c.sha,
        c.author,
        c.author_time,
        c.arrival,
        c.declares_ai,
        c.files_changed,
        c.arrived_with,
    ).where(c.repository_id == repository_id, c.parents <= 1)
    found = connection.execute(question, execution_options={"yield_per": BATCH})
    batches = [_columns(batch) for batch in found.partitions()]
    if not batches:
        batches = [_columns([])]
    columns = [np.concatenate(parts) for parts in zip(*batches, strict=True)]
    sha, author, author_time, arrival, declares_ai, files, change = columns
    return Stored(
        sha,
        author,
        author_time,
        arrival,
        declares_ai.astype(np.bool_),
        files.astype(np.int32),
        change,
    )


def _columns(
    batch: Sequence[tuple[bytes, int, int, int, bool, int | None, bytes | None]],
) -> list[NDArray[np.int64]]:
    """Seven columns of long integers from a batch of rows."""
    size = len(batch)
    flat = (
        value
        for sha, author, written, arrival, ai, files, change in batch
        for value in (
            short(sha),
            author,
            written,
            arrival,
            ai,
            -1 if files is None else files,
            short(change or sha),
        )
    )
    table = np.fromiter(flat, dtype=np.int64, count=size * 7).reshape(size, 7)
    return list(table.T.copy())


def place(rows: Stored, collected_at: Instant) -> Placed:
    """When did each commit happen, and when did it arrive (C4)? Undatable ones are left out."""
    latest = collected_at + DAY
    dated = (rows.author_time >= EARLIEST) & (rows.author_time <= latest)
    arrived = (rows.arrival >= EARLIEST) & (rows.arrival <= latest)
    arrival = np.where(arrived, rows.arrival, rows.author_time)
    written = np.where(dated, rows.author_time, arrival)
    kept = dated | arrived
    doubtful = np.where(kept, arrival, EARLIEST)[~(dated & arrived)]
    imported, days = _imported(written[kept], arrival[kept])
    arrival = np.where(imported, written[kept], arrival[kept])
    return Placed(
        take(rows, kept),
        np.minimum(written[kept], arrival),
        arrival,
        tuple(int(at) for at in np.sort(doubtful)),
        tuple(days),
    )


def take(rows: Stored, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Stored:
    """Some of the rows."""
    return Stored(
        rows.sha[chosen],
        rows.author[chosen],
        rows.author_time[chosen],
        rows.arrival[chosen],
        rows.declares_ai[chosen],
        rows.files[chosen],
        rows.change[chosen],
    )


def _imported(written: Longs, arrival: Longs) -> tuple[NDArray[np.bool_], list[Instant]]:
    """Which commits came by an import, and on which days?

    A UTC day on which more than half of all that had arrived by its end arrived, with a
    median lag over 30 days.
    """
    day = arrival // DAY
    days, each = np.unique(day, return_counts=True)
    so_far = np.cumsum(each)
    found: list[Instant] = []
    imported = np.zeros(len(day), dtype=np.bool_)
    for candidate in days[each * 2 > so_far]:
        on_day = day == candidate
        if np.median(arrival[on_day] - written[on_day]) > IMPORT_LAG:
            imported |= on_day
            found.append(int(candidate) * DAY)
    return imported, found


def co_authors(connection: Connection, repository_id: int) -> tuple[Longs, Longs]:
    """Which commits name which accounts in ``Co-authored-by``? Two columns: sha, account."""
    c = commit_credits.c
    question = select(c.sha, c.account).where(c.repository_id == repository_id)
    found = connection.execute(question, execution_options={"yield_per": BATCH})
    pairs = [(short(sha), account) for sha, account in found]
    table = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    return table[:, 0], table[:, 1]


# ---------------------------------------------------------------- the project's own columns


class People:
    """Accounts to person indices: by binary search over sorted account ids."""

    def __init__(self, person: Mapping[int, int], bots: Mapping[int, AccountKind]) -> None:
        known = sorted([*person, *bots])
        self._ids = np.array(known, dtype=np.int64)
        self._person = np.array([person.get(i, GHOST) for i in known], dtype=np.int32)
        self._kind = np.array([bots.get(i, AccountKind.HUMAN) for i in known], dtype=np.uint8)

    def person(self, accounts: Longs) -> NDArray[np.int32]:
        """The person behind each account; ``GHOST`` for bots and unknown ones."""
        return self._look_up(accounts, self._person, GHOST)

    def kind(self, accounts: Longs) -> NDArray[np.uint8]:
        """Is each account a human or which bot?"""
        return self._look_up(accounts, self._kind, AccountKind.HUMAN)

    def _look_up(self, accounts: Longs, column: NDArray[np.generic], default: int) -> NDArray:  # type: ignore[type-arg]
        if not len(self._ids):
            return np.full(len(accounts), default, dtype=column.dtype)
        rows = np.clip(np.searchsorted(self._ids, accounts), 0, len(self._ids) - 1)
        return np.where(self._ids[rows] == accounts, column[rows], default).astype(column.dtype)


@dataclass(frozen=True, eq=False)
class History:
    """The commits of a project, joined over its repositories."""

    commits: Commits
    credits: Credits
    sha: Longs
    """Of each row of ``commits``."""
    changes: Longs
    """The short SHA of the first-parent commit that each ``Commits.change`` stands for."""


def join(
    placed: Sequence[tuple[int, Placed]],
    named: Iterable[tuple[Longs, Longs]],
    people: People,
) -> History:
    """Commits of several repositories as one history: distinct by SHA, sorted by time (C4, C5).

    ``placed``: (row of the repository, its commits). Of a commit in two repositories the
    earliest arrival counts.
    """
    columns = [_placed_columns(row, each) for row, each in placed] or [_no_columns()]
    sha, author, time, arrival, ai, files, change, repository = (
        np.concatenate(parts) for parts in zip(*columns, strict=True)
    )
    order = np.lexsort((repository, arrival, sha))
    first = np.ones(len(sha), dtype=np.bool_)
    first[1:] = sha[order][1:] != sha[order][:-1]
    kept = order[first]
    kept = kept[np.lexsort((sha[kept], arrival[kept], time[kept]))]
    changes, change_of = np.unique(change[kept], return_inverse=True)
    joined = Commits(
        time=time[kept],
        arrival=arrival[kept],
        author=people.person(author[kept]),
        kind=people.kind(author[kept]),
        declares_ai=ai[kept].astype(np.bool_),
        repository=repository[kept].astype(np.int32),
        files=files[kept].astype(np.int32),
        change=change_of.astype(np.int32),
    )
    return History(joined, _credits(joined, sha[kept], named, people), sha[kept], changes)


def _placed_columns(row: int, placed: Placed) -> tuple[Longs, ...]:
    rows = placed.rows
    return (
        rows.sha,
        rows.author,
        placed.time,
        placed.arrival,
        rows.declares_ai.astype(np.int64),
        rows.files.astype(np.int64),
        rows.change,
        np.full(len(rows.sha), row, dtype=np.int64),
    )


def _no_columns() -> tuple[Longs, ...]:
    return tuple(np.zeros(0, dtype=np.int64) for _ in range(8))


def _credits(
    joined: Commits, sha: Longs, named: Iterable[tuple[Longs, Longs]], people: People
) -> Credits:
    """Each commit to its human author and every human in its trailers, once each (C5).

    A human who is named in a bot's commit is credited too.
    """
    rows = [np.flatnonzero(joined.human & (joined.author >= 0))]
    persons = [joined.author[rows[0]]]
    order = np.argsort(sha)
    for commit, account in named:
        place = np.clip(np.searchsorted(sha[order], commit), 0, max(len(sha) - 1, 0))
        row = order[place] if len(sha) else place
        person = people.person(account)
        fits = np.zeros(len(commit), dtype=np.bool_)
        if len(sha):
            fits = (sha[row] == commit) & (person >= 0)
        rows.append(row[fits])
        persons.append(person[fits])
    # One number for each pair of commit and person: sorting those is cheap.
    pairs = np.unique((np.concatenate(rows).astype(np.int64) << 32) | np.concatenate(persons))
    commit_row, who = pairs >> 32, (pairs & 0xFFFF_FFFF).astype(np.int32)
    return Credits(
        time=joined.time[commit_row],
        arrival=joined.arrival[commit_row],
        person=who,
        commit=commit_row.astype(np.int32),
    )
