"""On what does a value of the past rest? A number that changes when any of it does.

A value at a month's start is a pure function of what was known by then (C1). So the past need
be measured again only from where its basis differs: after a new commit nothing but today, after
an import or a merged identity everything that it touches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from collector.metrics.items_view import timeline
from collector.model import DAY, NO_TIME, Activity, EventKind, FileFact, Instant, Repository

Marks = NDArray[np.uint64]
Known = NDArray[np.int64]


def bases(activity: Activity, months: Sequence[Instant], settings: str) -> tuple[str, ...]:
    """The basis of each month. ``settings``: what else the values depend on."""
    constant = _text(settings, *_undated(activity))
    asked = np.array(months, dtype=np.int64)
    total = np.zeros(len(asked), dtype=np.uint64)
    for number, (known, marks) in enumerate(_dated(activity)):
        order = np.argsort(known, kind="stable")
        until = np.searchsorted(known[order], asked)
        sums = np.concatenate(([0], np.cumsum(_mixed(marks, number)[order], dtype=np.uint64)))
        total += _mixed(sums[until].astype(np.uint64), number)
    return tuple(f"{constant}{int(each):016x}" for each in total)


def _mixed(marks: Marks, salt: int) -> Marks:
    """Splitmix64: every bit of a mark depends on every bit that went in."""
    with np.errstate(over="ignore"):
        mixed = marks + np.uint64((0x9E3779B97F4A7C15 * (salt + 1)) % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def _row(*columns: NDArray[np.generic]) -> Marks:
    """One mark for each row of some columns."""
    marks = np.zeros(len(columns[0]), dtype=np.uint64)
    for number, column in enumerate(columns):
        with np.errstate(over="ignore"):
            marks = _mixed(marks + column.astype(np.int64).astype(np.uint64), number)
    return marks


# ---------------------------------------------------------------- what is known from a day on


def _dated(activity: Activity) -> Iterator[tuple[Known, Marks]]:
    commits, credits_ = activity.commits, activity.credits
    yield (
        commits.arrival,
        _row(commits.arrival, commits.time, commits.author, commits.kind, commits.declares_ai,
             commits.repository, commits.files),
    )  # fmt: skip
    yield credits_.arrival, _row(credits_.arrival, credits_.time, credits_.person)
    yield from _discussed(activity)
    yield _texts((tag.time, repr(tag)) for tag in activity.tags)
    yield _texts((each.at, f"{row} {each}") for row, each in activity.snapshots)
    yield _texts(
        event
        for row, repository in enumerate(activity.repositories)
        for fact in repository.files
        for event in _file(row, fact)
    )
    yield _texts((at, f"{row} {state}") for row, at, state in activity.fork_states)
    yield _texts((at, str(person)) for at, person in activity.sent_back or ())
    yield _texts((day, url) for url, day in activity.imports)
    # What was compared on a day is known from its beginning on.
    yield _texts((at - at % DAY - 1, f"{row} {it}") for row, at, it in activity.fork_states)
    yield _texts((at, str(person)) for at, person in activity.sent_back or ())
    yield _texts((at, "") for at in activity.invalid_dates)


def _discussed(activity: Activity) -> Iterator[tuple[Known, Marks]]:
    """Items when they were opened, events when they happened; a merge with what it brought."""
    items, line = activity.items, timeline(activity)
    item = _row(items.created, items.kind, items.author, items.author_kind, items.number,
                items.repository, line.opened_as_draft)  # fmt: skip
    yield items.created, item
    events = activity.events
    merged = events.kind == EventKind.MERGED
    brought = np.where(merged, _arrival_of(activity)[events.item], 0) if len(events.item) else (
        np.zeros(0, dtype=np.int64)
    )  # fmt: skip
    yield (
        events.at,
        _row(item[events.item].view(np.int64), events.at, events.kind, events.actor,
             events.actor_kind, events.verdict, brought),
    )  # fmt: skip


def _arrival_of(activity: Activity) -> Known:
    """When the change arrived that each item's merge made; -1: it is not on the branch."""
    commits, change = activity.commits, activity.items.merge_change
    first = np.full(int(commits.change.max(initial=-1)) + 2, NO_TIME, dtype=np.int64)
    np.minimum.at(first, commits.change, commits.arrival)
    return np.where(change >= 0, first[np.maximum(change, 0)], -1)


def _file(row: int, fact: FileFact) -> Iterator[tuple[Instant, str]]:
    there = replace(fact, until=None)
    yield fact.since, f"{row} {there}"
    if fact.until is not None:
        yield fact.until, f"{row} {there} gone"


def _texts(dated: Iterable[tuple[Instant, str]]) -> tuple[Known, Marks]:
    found = [(at, int(_text(text), 16)) for at, text in dated]
    known = np.array([at for at, _ in found], dtype=np.int64)
    return known, np.array([mark for _, mark in found], dtype=np.uint64)


# ---------------------------------------------------------------- what is not


def _undated(activity: Activity) -> Iterator[str]:
    """What holds at any date: who is whose, what was read at all."""
    yield repr(activity.affiliations)
    yield repr((activity.people_since, activity.sent_back is None))
    yield from map(_repository, activity.repositories)


def _repository(one: Repository) -> str:
    facts = one.facts
    return repr(
        (
            one.url, one.role, one.counted, one.main, one.archived_at, one.upstream, one.complete,
            one.empty, one.read_until is None, one.forge_read_until is None,
            sorted(one.forge_lacks), one.release_tag_pattern, one.deployment_tag_pattern,
            facts.created, facts.archived_at, facts.has_issues, facts.mirror_of,
        )
    )  # fmt: skip


def _text(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:16]
