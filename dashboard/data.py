"""What is there to show? The one door of the pages to the database: read-only and cached.

Every cached read takes the newest finished pass as part of its key: figures never go stale by
time, and one page never mixes two passes. Results are immutable and shared, not copied.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, TypeVarTuple, Unpack, cast

import streamlit as st

from collector.errors import UserError
from collector.model import Instant, ServiceFigure
from collector.store import checklists, outcomes, past, read_charts, read_shelf
from collector.store import read_dashboard as read
from dashboard import people, position
from dashboard.words import READ_STATES

if TYPE_CHECKING:
    from sqlalchemy import Engine

Problem = Literal["missing", "empty", "older", "newer"]

ProjectRow = read.ProjectRow
RepositoryRow = read.RepositoryRow
ValueRow = read.ValueRow
Point = read.Point
StatusPoint = read.StatusPoint
RunRow = read.RunRow
Delivered = read.Delivered
OspoRow = read_charts.OspoRow
Json = read.Json


@dataclass(frozen=True, slots=True)
class State:
    """Whether the database can be shown; ``problem`` says why not."""

    source: Source | None
    problem: Problem | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def engine(url: str) -> Engine:
    """Give the read-only connections that all is asked through."""
    from collector.store.engine import connect

    return connect(url, read_only=True)


@st.cache_resource(max_entries=8, ttl=60, show_spinner=False)
def _tables(url: str) -> str:
    """Whose version are the tables? Asked once a minute: the answer takes its time."""
    from collector.store import migrate

    return migrate.state(engine(url)).value


def look(url: str, *, private: bool = True) -> State:
    """Find out whether there is a database that this code can read, and how fresh it is.

    ``private`` false: what is private stays unseen.
    """
    from sqlalchemy.exc import SQLAlchemyError

    try:
        if problem := _problem(url):
            return State(None, problem)
        return State(Source(url, read.freshness(engine(url)), private))
    except (UserError, SQLAlchemyError):
        return State(None, "missing")


def _problem(url: str) -> Problem | None:
    found = _tables(url)
    if found == "current":
        return None
    _tables.clear(url)  # so that a migration is seen at once
    return cast("Problem", found)


@dataclass(frozen=True, slots=True)
class Source:
    """The figures of one pass."""

    url: str
    freshness: read.Freshness
    private: bool = True
    """Whether projects with private repositories are there. Ids of others are not known above
    this door, so that what is asked by project needs no second lock."""

    @property
    def _key(self) -> tuple[str, int]:
        return self.url, self.freshness.stamp

    def projects(self) -> tuple[ProjectRow, ...]:
        """List the projects with the summary of their judgement."""
        return _projects(*self._key, self.private)

    def project(self, key: str) -> ProjectRow | None:
        """Find a project by its key."""
        return next((row for row in self.projects() if row.key == key), None)

    def repositories(self, project_id: int | None = None) -> tuple[RepositoryRow, ...]:
        """List the repositories, all or those of one project."""
        found = _repositories(*self._key, self.private)
        if project_id is None:
            return found
        return tuple(row for row in found if row.project_id == project_id)

    def collected(self) -> tuple[int, int, Instant | None]:
        """Count the repositories read and known, and give the date of the figures."""
        found = self.repositories()
        dates = [row.as_of for row in self.projects() if row.as_of]
        newest = max(dates, default=None) or self.freshness.finished
        return sum(row.state in READ_STATES for row in found), len(found), newest

    def judgement(self, project_id: int) -> Json:
        """Give a project's whole judgement."""
        return _judgement(*self._key, project_id)

    def values(self, project_id: int) -> dict[str, ValueRow]:
        """Give the newest values of a project, by metric."""
        return _values(*self._key, project_id)

    def values_of(self, metric: str) -> dict[int, float]:
        """Give the newest value of one metric for every project that has one."""
        return _of_all(self, read.values_of, metric)

    def history(self, project_id: int, metrics: Sequence[str]) -> tuple[Point, ...]:
        """Give the monthly values of some metrics of a project."""
        return _history(*self._key, project_id, tuple(metrics))

    def statuses(self, project_id: int) -> tuple[StatusPoint, ...]:
        """Give the statuses a project has had."""
        return _statuses(*self._key, project_id)

    def attention(self) -> tuple[Json, ...] | None:
        """Give what the last pass found that deserves attention; None: it did not look."""
        found = _attention(*self._key)
        if found is None or self.private:
            return found
        known = {row.key for row in self.projects()}
        return tuple(entry for entry in found if entry.get("project") in known)

    def changes(self, today: Instant) -> tuple[position.Change, ...]:
        """List the projects whose status is another than a month ago."""
        return _changes(*self._key, today, self.private, self)

    def statuses_at(self, dates: tuple[Instant, ...], ospo: str = "") -> list[dict[str, int]]:
        """Count our projects, or those of one OSPO, by status at each of some dates."""
        return _statuses_at(*self._key, dates, ospo, self.private, self)

    def turns(self) -> tuple[StatusPoint, ...]:
        """List the statuses of all projects where they became another."""
        return _of_all(self, read_charts.turns)

    def first_month(self) -> Instant | None:
        """Give the first month of which it is known how the projects stood."""
        return _of_all(self, past.first_month)

    def runs(self) -> tuple[RunRow, ...]:
        """List the newest passes, a running one included: not cached."""
        return read.run_rows(engine(self.url))

    def metric_states(self) -> dict[str, dict[str, int]]:
        """Count for each metric the projects measured, not applicable, not collected."""
        return _metric_states(*self._key, self.private)

    def project_states(self, project_ids: Sequence[int]) -> dict[tuple[int, str], str]:
        """Give the state of each metric of some projects."""
        return _project_states(*self._key, tuple(project_ids))

    def newest_tags(self, project_id: int) -> tuple[Delivered, ...]:
        """List the newest tags and releases of a project."""
        return _of_project(self, read.newest_tags, project_id)

    def ospos(self) -> tuple[OspoRow, ...]:
        """List the OSPOs, by name."""
        return _of_all(self, read_charts.ospo_rows)

    def series(self, project_id: int) -> Mapping[str, Json]:
        """Give what a project's charts are drawn from, by kind."""
        return _of_project(self, read_charts.series, project_id)

    def changes_of(self, project_id: int) -> tuple[past.StoredChange, ...]:
        """List the changes of a project's status that have held."""
        return _of_project(self, past.changes, project_id)

    def outcomes(self, project_id: int) -> tuple[ServiceFigure, ...]:
        """List the figures of a project's service, by indicator and date."""
        return _of_project(self, outcomes.figures, project_id)

    def persons(self, ospo: str = "") -> tuple[people.Person, ...]:
        """Name, by number, who carries our projects, or those of one OSPO."""
        return _persons(*self._key, ospo, self.private)

    def hanging(self, ospo: str = "") -> tuple[tuple[people.Share, people.Person], ...]:
        """List what hangs on one of them, the gravest first."""
        return _hanging(*self._key, ospo, self.private)

    def bodies(self, ospo: str = "") -> tuple[people.Body, ...]:
        """List the organisations behind our projects, or those of one OSPO."""
        return _bodies(*self._key, ospo, self.private)

    def history_at(self, project_id: int, dates: Sequence[Instant]) -> tuple[Point, ...]:
        """Give every metric of a project at the start of some months."""
        return _of_project(self, read_charts.history_at, project_id, tuple(dates))

    def history_of(
        self, project_ids: Sequence[int], metrics: Sequence[str]
    ) -> Mapping[int, tuple[Point, ...]]:
        """Give the monthly values of some metrics of some projects."""
        return _of_project(self, read_charts.history_of, tuple(project_ids), tuple(metrics))

    def values_at(
        self, metrics: Sequence[str], dates: Sequence[Instant]
    ) -> Mapping[tuple[str, Instant], Mapping[int, float]]:
        """Give some metrics of every project at the start of some months."""
        return _of_all(self, read_charts.values_at, tuple(metrics), tuple(dates))

    def values_now(self, metrics: Sequence[str]) -> Mapping[str, Mapping[int, float]]:
        """Give the newest values of some metrics, by project."""
        return _of_all(self, read_charts.values_now, tuple(metrics))

    def packs(self, project_id: int) -> tuple[Json, ...]:
        """Give each official checklist of a project with all its inputs."""
        return _of_project(self, checklists.pack_results_of, project_id)

    def pack_levels(self) -> tuple[checklists.PackLevel, ...]:
        """Give the level of each checklist in each project."""
        return _of_all(self, checklists.pack_levels)

    def what_if_choices(self) -> tuple[str, ...]:
        """List who or what may go, as ``kind:key``."""
        found = _of_all(self, checklists.what_if_choices)
        return tuple(without for without, _touched in found)

    def what_if_of(self, without: str) -> tuple[Json, ...]:
        """Give what would become of each project that is touched."""
        return _of_all(self, checklists.what_if_of, without)

    def shelf(self, ospo: str = "") -> read_shelf.Shelf:
        """Count the found repositories by where they stand, of one OSPO or of all."""
        return _of_all(self, read_shelf.shelf, ospo or None)

    def answers_at(
        self, ospo: str, dates: Sequence[Instant], questions: Sequence[str]
    ) -> Mapping[tuple[Instant, str], Mapping[str, int]]:
        """Count an OSPO's projects by answer to each question, at the start of some months."""
        return _of_all(
            self, read_charts.answers_at, ospo, tuple(dates), tuple(questions), self.private
        )

    def warm(self) -> None:
        """Read ahead what every first page needs."""
        self.projects()
        self.repositories()
        self.changes(max((row.as_of or 0 for row in self.projects()), default=0))
        self.metric_states()


# ``stamp`` is unused in the bodies: it makes the caches forget when a pass finishes.


@st.cache_resource(max_entries=4, show_spinner=False)
def _projects(url: str, stamp: int, private: bool) -> tuple[ProjectRow, ...]:
    found = read.project_rows(engine(url), private=private)
    gc.freeze()  # Streamlit looks for garbage after every rerun, and this is none
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _repositories(url: str, stamp: int, private: bool) -> tuple[RepositoryRow, ...]:
    return read.repository_rows(engine(url), private=private)


@st.cache_resource(max_entries=64, show_spinner=False)
def _judgement(url: str, stamp: int, project_id: int) -> Json:
    return read.judgement(engine(url), project_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _values(url: str, stamp: int, project_id: int) -> dict[str, ValueRow]:
    return {row.metric: row for row in read.metric_rows(engine(url), project_id)}


@st.cache_resource(max_entries=64, show_spinner=False)
def _history(url: str, stamp: int, project_id: int, metrics: tuple[str, ...]) -> tuple[Point, ...]:
    return read.history(engine(url), project_id, metrics)


@st.cache_resource(max_entries=64, show_spinner=False)
def _statuses(url: str, stamp: int, project_id: int) -> tuple[StatusPoint, ...]:
    return read.statuses(engine(url), project_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _changes(
    url: str, stamp: int, today: Instant, private: bool, _source: Source
) -> tuple[position.Change, ...]:
    return position.changes(_source.turns(), position.ours(_source.projects()), today)


@st.cache_resource(max_entries=16, show_spinner=False)
def _statuses_at(
    url: str, stamp: int, dates: tuple[Instant, ...], ospo: str, private: bool, _source: Source
) -> list[dict[str, int]]:
    mine = {row.id for row in position.ours(_source.projects()) if ospo in ("", row.ospo)}
    points = (point for point in _source.turns() if point.project_id in mine)
    return position.at_dates(points, dates)


@st.cache_resource(max_entries=4, show_spinner=False)
def _attention(url: str, stamp: int) -> tuple[Json, ...] | None:
    return read.attention(engine(url))


@st.cache_resource(max_entries=4, show_spinner=False)
def _metric_states(url: str, stamp: int, private: bool) -> dict[str, dict[str, int]]:
    return read.metric_states(engine(url), private=private)


@st.cache_resource(max_entries=8, show_spinner=False)
def _project_states(
    url: str, stamp: int, project_ids: tuple[int, ...]
) -> dict[tuple[int, str], str]:
    return read.project_states(engine(url), project_ids)


def _carried(
    url: str, stamp: int, ospo: str, private: bool
) -> tuple[tuple[ProjectRow, ...], Mapping[int, Json]]:
    """Our projects and who carries each."""
    rows = position.ours(_projects(url, stamp, private))
    chosen = tuple(row for row in rows if ospo in ("", row.ospo))
    return chosen, read_charts.series_everywhere(engine(url), "holders")


@st.cache_resource(max_entries=8, show_spinner=False)
def _persons(url: str, stamp: int, ospo: str, private: bool) -> tuple[people.Person, ...]:
    return people.persons(*_carried(url, stamp, ospo, private))


@st.cache_resource(max_entries=8, show_spinner=False)
def _hanging(
    url: str, stamp: int, ospo: str, private: bool
) -> tuple[tuple[people.Share, people.Person], ...]:
    found = people.hanging(_persons(url, stamp, ospo, private))
    gc.freeze()  # else each rerun looks through a hundred thousand objects for garbage
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def _bodies(url: str, stamp: int, ospo: str, private: bool) -> tuple[people.Body, ...]:
    return people.bodies(*_carried(url, stamp, ospo, private))


# What charts are drawn from: many reads of two kinds, kept by the read's own name.
_Given = TypeVarTuple("_Given")
_Found = TypeVar("_Found")


def _name(read_: Callable[..., object]) -> str:
    return f"{read_.__module__}.{read_.__qualname__}"


def _of_project(
    source: Source, read_: Callable[[Engine, Unpack[_Given]], _Found], *given: *_Given
) -> _Found:
    """Read something of one project, or keep what was read of it in this pass."""
    found: _Found = _narrow(_name(read_), source.url, source.freshness.stamp, given, read_)
    return found


def _of_all(
    source: Source, read_: Callable[[Engine, Unpack[_Given]], _Found], *given: *_Given
) -> _Found:
    """Read something of the whole portfolio, or keep it: fewer of these fit into memory."""
    found: _Found = _wide(_name(read_), source.url, source.freshness.stamp, given, read_)
    return found


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
