"""What is kept between reruns? Whatever was read of a pass, until another one finishes.

Results are immutable and shared by all sessions, not copied.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack

import streamlit as st

from collector.model import Instant
from collector.store import read_charts, read_whole
from collector.store import read_dashboard as read
from collector.store.read_dashboard import (
    ProjectRow,
    RepositoryRow,
    StatusPoint,
    ValueRow,
)
from dashboard import declared, people, position
from dashboard.words import READ_STATES

if TYPE_CHECKING:
    from sqlalchemy import Engine

Key = tuple[str, int]
"""The database's address, and which pass."""
Door = tuple[object, ...]
"""All that decides what is seen: the pass, and what the reader may see of it."""
Rows = Callable[[], tuple[ProjectRow, ...]]
_Found = TypeVar("_Found")


@st.cache_resource(max_entries=8, show_spinner=False, on_release=lambda engine: engine.dispose())
def engine(url: str) -> Engine:
    """Give the read-only connections that all is asked through."""
    from collector.store.engine import connect

    return connect(url, read_only=True)


# ``stamp`` is unused in the bodies: it makes the caches forget when a pass finishes.


def settled(found: _Found) -> _Found:
    """Take all that is kept by now out of the garbage collector's sight.

    Streamlit calls it after every rerun, and it would look through a hundred thousand rows each
    time. What has become garbage since the last time is found first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def projects(url: str, stamp: int, private: bool) -> tuple[ProjectRow, ...]:
    """List the projects with the summary of their judgement."""
    return settled(read.project_rows(engine(url), private=private))


@st.cache_resource(max_entries=4, show_spinner=False)
def repositories(url: str, stamp: int, private: bool) -> tuple[RepositoryRow, ...]:
    """List the repositories."""
    return read.repository_rows(engine(url), private=private)


@st.cache_resource(max_entries=4, show_spinner=False)
def collected(url: str, stamp: int, private: bool) -> tuple[int, int, Instant | None]:
    """Count the repositories read and known, and give the newest date of the figures."""
    return read_whole.collected(engine(url), READ_STATES, private=private)


def own(url: str, stamp: int, private: bool, ospo: str) -> tuple[ProjectRow, ...]:
    """List the projects that are ours, or those of one OSPO."""
    return position.ours(projects(url, stamp, private), ospo)


@st.cache_resource(max_entries=32, show_spinner=False)
def totals(url: str, stamp: int, private: bool, ospo: str) -> declared.Totals:
    """Count what our projects, or those of one OSPO, tell."""
    return declared.totals(own(url, stamp, private, ospo))


@st.cache_resource(max_entries=32, show_spinner=False)
def spread(
    url: str, stamp: int, private: bool, ospo: str, metrics: tuple[str, ...], at: Instant | None
) -> Mapping[str, Sequence[float]]:
    """Give the values alone, as bare numbers: of many projects and metrics they are many."""
    mine = {row.id for row in own(url, stamp, private, ospo)}
    found = read_charts.spread(engine(url), ospo, metrics, at)
    return {
        metric: array("d", (value for key, value in pairs if key in mine))
        for metric, pairs in found.items()
    }


@st.cache_resource(max_entries=64, show_spinner=False)
def values(url: str, stamp: int, project_id: int) -> dict[str, ValueRow]:
    """Give the newest values of a project, by metric."""
    return {row.metric: row for row in read.metric_rows(engine(url), project_id)}


@st.cache_resource(max_entries=4, show_spinner=False)
def changes(
    url: str, stamp: int, today: Instant, private: bool, _rows: Rows
) -> tuple[position.Change, ...]:
    """List the projects whose status is another than a month ago."""
    return position.changes(turns((url, stamp)), position.ours(_rows()), today)


@st.cache_resource(max_entries=16, show_spinner=False)
def statuses_at(
    url: str, stamp: int, dates: tuple[Instant, ...], ospo: str, private: bool, _rows: Rows
) -> list[dict[str, int]]:
    """Count our projects, or those of one OSPO, by status at each of some dates."""
    mine = {row.id for row in position.ours(_rows(), ospo)}
    points = (point for point in turns((url, stamp)) if point.project_id in mine)
    return position.at_dates(points, dates)


def turns(key: Key) -> tuple[StatusPoint, ...]:
    """List the statuses of all projects where they became another."""
    return of_all(key, read_charts.turns)


@st.cache_resource(max_entries=4, show_spinner=False)
def metric_states(url: str, stamp: int, private: bool) -> dict[str, dict[str, int]]:
    """Count for each metric the projects by its state."""
    return read_whole.metric_states(engine(url), private=private)


def _carried(url: str, stamp: int, ospo: str, private: bool) -> Iterator[people.Carried]:
    """Our projects and who carries each."""
    mine = {row.id: row for row in own(url, stamp, private, ospo)}
    for project_id, told in read_charts.series_everywhere(engine(url), "holders"):
        if project_id in mine:
            yield mine.pop(project_id), told
    yield from ((row, {}) for row in mine.values())


@st.cache_resource(max_entries=8, show_spinner=False)
def persons(url: str, stamp: int, ospo: str, private: bool) -> tuple[people.Person, ...]:
    """Name, by number, who carries our projects, or those of one OSPO."""
    return people.persons(_carried(url, stamp, ospo, private))


@st.cache_resource(max_entries=8, show_spinner=False)
def hanging(
    url: str, stamp: int, ospo: str, private: bool
) -> tuple[tuple[people.Share, people.Person], ...]:
    """List what hangs on one person, the gravest first."""
    return settled(people.hanging(persons(url, stamp, ospo, private)))


@st.cache_resource(max_entries=8, show_spinner=False)
def bodies(url: str, stamp: int, ospo: str, private: bool) -> tuple[people.Body, ...]:
    """List the organisations behind our projects, or those of one OSPO."""
    return settled(people.bodies(_carried(url, stamp, ospo, private)))


# What charts are drawn from: many reads of two kinds, kept by the read's own name.
_Given = TypeVarTuple("_Given")


def _name(read_: Callable[..., object]) -> str:
    return f"{read_.__module__}.{read_.__qualname__}"


def of_project(
    key: Key, read_: Callable[[Engine, Unpack[_Given]], _Found], *given: *_Given
) -> _Found:
    """Read something of one project, or keep what was read of it in this pass."""
    found: _Found = _narrow(_name(read_), *key, given, read_)
    return found


def of_all(key: Key, read_: Callable[[Engine, Unpack[_Given]], _Found], *given: *_Given) -> _Found:
    """Read something of the whole portfolio, or keep it: fewer of these fit into memory."""
    found: _Found = _wide(_name(read_), *key, given, read_)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def made(door: Door, name: str, given: tuple[Any, ...], _make: Callable[[], Any]) -> Any:
    """Make something small out of many rows, or keep what was made of them in this pass."""
    return _make()


@st.cache_resource(max_entries=8, show_spinner=False)
def made_large(door: Door, name: str, given: tuple[Any, ...], _make: Callable[[], Any]) -> Any:
    """Make something that grows with the projects: few of these fit into memory."""
    return settled(_make())


@st.cache_resource(max_entries=400, show_spinner=False)
def _narrow(
    name: str, url: str, stamp: int, given: tuple[Any, ...], _read: Callable[..., Any]
) -> Any:
    return _read(engine(url), *given)


@st.cache_resource(max_entries=24, show_spinner=False)
def _wide(
    name: str, url: str, stamp: int, given: tuple[Any, ...], _read: Callable[..., Any]
) -> Any:
    return _read(engine(url), *given)
