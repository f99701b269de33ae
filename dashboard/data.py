"""What is there to show? The one door of the pages to the database: read-only and cached.

Every cached read takes the newest finished pass as part of its key: figures never go stale by
time, and one page never mixes two passes. Results are immutable and shared, not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast

import streamlit as st

from collector.errors import UserError
from collector.forge import Allowance
from collector.model import Instant, ServiceFigure
from collector.store import (
    checklists,
    find,
    hosts,
    outcomes,
    past,
    read_charts,
    read_shelf,
    sources,
)
from collector.store import read_dashboard as read
from collector.store.rows import batched
from dashboard import cached, declared, people, position, standing

_Made = TypeVar("_Made")
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
Wanted = find.Wanted
engine = cached.engine

PER_PAGE = 50
CHUNK = 500
"""So many whole rows are read at a time where all are taken away."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether the database can be shown; ``problem`` says why not."""

    source: Source | None
    problem: Problem | None = None


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

    @property
    def _door(self) -> cached.Door:
        return type(self).__name__, *self._key, self.private

    def kept(self, name: str, given: tuple[object, ...], make: Callable[[], _Made]) -> _Made:
        """Keep something small that is made of many rows; ``given``: what else it depends on."""
        found: _Made = cached.made(self._door, name, given, make)
        return found

    def kept_large(self, name: str, given: tuple[object, ...], make: Callable[[], _Made]) -> _Made:
        """Keep something that grows with the number of projects, for the last few who asked."""
        found: _Made = cached.made_large(self._door, name, given, make)
        return found

    def projects(self) -> tuple[ProjectRow, ...]:
        """List the projects with the summary of their judgement."""
        return cached.projects(*self._key, self.private)

    @property
    def seen(self) -> find.Seen:
        """What of the list of projects is seen."""
        return find.Seen(private=self.private)

    def own(self, ospo: str = "") -> tuple[ProjectRow, ...]:
        """List the projects that are ours, or those of one OSPO."""
        return self.kept("own", (ospo,), lambda: position.ours(self.projects(), ospo))

    def whole(self) -> standing.Whole:
        """Tell whether there is anything to show at all."""
        return self.kept("whole", (), lambda: standing.whole(self.projects()))

    def standing(self, ospo: str, today: Instant) -> standing.Standing:
        """Tell how our projects stand, or those of one OSPO, and what has changed."""

        def make() -> standing.Standing:
            rows = [row for row in self.projects() if ospo in ("", row.ospo)]
            return standing.standing(rows, self.changes(today))

        return self.kept("standing", (ospo, today), make)

    def counted(self) -> Mapping[str, int]:
        """Count all projects by status."""
        return self.kept("counted", (), lambda: find.counts(engine(self.url), self.seen))

    def count(self, wanted: find.Wanted) -> int:
        """Count the projects that are asked for."""
        if wanted == find.Wanted(order=wanted.order):
            return sum(self.counted().values())
        asked = replace(wanted, order="name")
        return self.kept("count", (asked,), lambda: find.count(engine(self.url), self.seen, asked))

    def page(self, wanted: find.Wanted, number: int) -> tuple[ProjectRow, ...]:
        """Give a page (from 1 on) of the projects that are asked for."""

        def make() -> tuple[ProjectRow, ...]:
            start = PER_PAGE * (number - 1)
            return self.rows_of(find.ids(engine(self.url), self.seen, wanted, PER_PAGE, start))

        return self.kept("page", (wanted, number), make)

    def each(self, wanted: find.Wanted) -> Iterator[ProjectRow]:
        """Give all projects that are asked for, in order, a few hundred in memory at a time."""
        for some in batched(find.ids(engine(self.url), self.seen, wanted), CHUNK):
            yield from self.rows_of(some)

    def rows_of(self, project_ids: Sequence[int]) -> tuple[ProjectRow, ...]:
        """Give some projects, in this order; not cached."""
        rows = read.project_rows(engine(self.url), private=self.private, only=project_ids)
        found = {row.id: row for row in rows}
        return tuple(found[key] for key in project_ids if key in found)

    def project(self, key: str) -> ProjectRow | None:
        """Find a project by its key."""
        return self.by_key().get(key)

    def by_key(self) -> Mapping[str, ProjectRow]:
        """Give all projects by key, in the order of the list."""
        return self.kept("by key", (), lambda: {row.key: row for row in self.projects()})

    def repositories(self, project_id: int | None = None) -> tuple[RepositoryRow, ...]:
        """List the repositories, all or those of one project."""
        if project_id is None:
            return cached.repositories(*self._key, self.private)
        return cached.of_project(self._key, read.repository_rows, project_id)

    def newest(self) -> Instant | None:
        """Give the newest date of the figures of any project."""
        return cached.collected(*self._key, self.private)[2]

    def collected(self) -> tuple[int, int, Instant | None]:
        """Count the repositories read and known, and give the date of the figures."""
        read_, known, newest = cached.collected(*self._key, self.private)
        return read_, known, newest or self.freshness.finished

    def judgement(self, project_id: int) -> Json:
        """Give a project's whole judgement."""
        return cached.of_project(self._key, read.judgement, project_id)

    def values(self, project_id: int) -> dict[str, ValueRow]:
        """Give the newest values of a project, by metric."""
        return cached.values(*self._key, project_id)

    def values_of(self, metric: str) -> dict[int, float]:
        """Give the newest value of one metric for every project that has one."""
        return cached.of_all(self._key, read.values_of, metric)

    def history(self, project_id: int, metrics: Sequence[str]) -> tuple[Point, ...]:
        """Give the monthly values of some metrics of a project."""
        return cached.of_project(self._key, read.history, project_id, tuple(metrics))

    def statuses(self, project_id: int) -> tuple[StatusPoint, ...]:
        """Give the statuses a project has had."""
        return cached.of_project(self._key, read.statuses, project_id)

    def attention(self) -> tuple[Json, ...] | None:
        """Give what the last pass found that deserves attention; None: it did not look."""
        found = cached.of_all(self._key, read.attention)
        if found is None or self.private:
            return found
        known = {row.key for row in self.projects()}
        return tuple(entry for entry in found if entry.get("project") in known)

    def changes(self, today: Instant) -> tuple[position.Change, ...]:
        """List the projects whose status is another than a month ago."""
        return cached.changes(*self._key, today, self.private, self.projects)

    def statuses_at(self, dates: tuple[Instant, ...], ospo: str = "") -> list[dict[str, int]]:
        """Count our projects, or those of one OSPO, by status at each of some dates."""
        return cached.statuses_at(*self._key, dates, ospo, self.private, self.projects)

    def turns(self) -> tuple[StatusPoint, ...]:
        """List the statuses of all projects where they became another."""
        return cached.turns(self._key)

    def first_month(self) -> Instant | None:
        """Give the first month of which it is known how the projects stood."""
        return cached.of_all(self._key, past.first_month)

    def runs(self) -> tuple[RunRow, ...]:
        """List the newest passes, a running one included: not cached."""
        return read.run_rows(engine(self.url))

    def metric_states(self) -> dict[str, dict[str, int]]:
        """Count for each metric the projects measured, not applicable, not collected."""
        return cached.metric_states(*self._key, self.private)

    def project_states(self, project_ids: Sequence[int]) -> dict[tuple[int, str], str]:
        """Give the state of each metric of some projects."""
        return cached.of_all(self._key, read.project_states, tuple(project_ids))

    def newest_tags(self, project_id: int) -> tuple[Delivered, ...]:
        """List the newest tags and releases of a project."""
        return cached.of_project(self._key, read.newest_tags, project_id)

    def ospos(self) -> tuple[OspoRow, ...]:
        """List the OSPOs, by name."""
        return cached.of_all(self._key, read_charts.ospo_rows)

    def series(self, project_id: int) -> Mapping[str, Json]:
        """Give what a project's charts are drawn from, by kind."""
        return cached.of_project(self._key, read_charts.series, project_id)

    def changes_of(self, project_id: int) -> tuple[past.StoredChange, ...]:
        """List the changes of a project's status that have held."""
        return cached.of_project(self._key, past.changes, project_id)

    def outcomes(self, project_id: int) -> tuple[ServiceFigure, ...]:
        """List the figures of a project's service, by indicator and date."""
        return cached.of_project(self._key, outcomes.figures, project_id)

    def persons(self, ospo: str = "") -> tuple[people.Person, ...]:
        """Name, by number, who carries our projects, or those of one OSPO."""
        return cached.persons(*self._key, ospo, self.private)

    def hanging(self, ospo: str = "") -> tuple[tuple[people.Share, people.Person], ...]:
        """List what hangs on one of them, the gravest first."""
        return cached.hanging(*self._key, ospo, self.private)

    def bodies(self, ospo: str = "") -> tuple[people.Body, ...]:
        """List the organisations behind our projects, or those of one OSPO."""
        return cached.bodies(*self._key, ospo, self.private)

    def history_at(self, project_id: int, dates: Sequence[Instant]) -> tuple[Point, ...]:
        """Give every metric of a project at the start of some months."""
        return cached.of_project(self._key, read_charts.history_at, project_id, tuple(dates))

    def history_of(
        self, project_ids: Sequence[int], metrics: Sequence[str]
    ) -> Mapping[int, tuple[Point, ...]]:
        """Give the monthly values of some metrics of some projects."""
        return cached.of_project(
            self._key, read_charts.history_of, tuple(project_ids), tuple(metrics)
        )

    def values_at(
        self, metrics: Sequence[str], dates: Sequence[Instant]
    ) -> Mapping[tuple[str, Instant], Mapping[int, float]]:
        """Give some metrics of every project at the start of some months."""
        return cached.of_all(self._key, read_charts.values_at, tuple(metrics), tuple(dates))

    def spread(
        self, ospo: str, metrics: Sequence[str], at: Instant | None = None
    ) -> Mapping[str, Sequence[float]]:
        """Give some metrics of an OSPO's own projects: now, or at the start of a month."""
        return cached.spread(*self._key, self.private, ospo, tuple(metrics), at)

    def declared(self, ospo: str) -> declared.Totals:
        """Count what an OSPO's own projects declare."""
        return cached.totals(*self._key, self.private, ospo)

    def packs(self, project_id: int) -> tuple[Json, ...]:
        """Give each official checklist of a project with all its inputs."""
        return cached.of_project(self._key, checklists.pack_results_of, project_id)

    def pack_counts(self, ospo: str) -> tuple[checklists.PackCount, ...]:
        """Count an OSPO's own projects by the level of each checklist."""
        return cached.of_all(self._key, checklists.pack_counts, ospo, self.private)

    def what_if_choices(self) -> tuple[str, ...]:
        """List who or what may go, as ``kind:key``."""
        found = cached.of_all(self._key, checklists.what_if_choices)
        return tuple(without for without, _touched in found)

    def what_if_of(self, without: str) -> tuple[Json, ...]:
        """Give what would become of each project that is touched."""
        return cached.of_all(self._key, checklists.what_if_of, without)

    def shelf(self, ospo: str = "") -> read_shelf.Shelf:
        """Count the found repositories by where they stand, of one OSPO or of all."""
        return cached.of_all(self._key, read_shelf.shelf, ospo or None)

    def sources(self) -> tuple[sources.Source, ...]:
        """Tell where repositories are looked for, and how that went."""
        return cached.of_all(self._key, sources.source_rows)

    def budgets(self) -> tuple[Allowance, ...]:
        """Tell what hosts still allow each credential."""
        return cached.of_all(self._key, hosts.allowances)

    def answers_at(
        self, ospo: str, dates: Sequence[Instant], questions: Sequence[str]
    ) -> Mapping[tuple[Instant, str], Mapping[str, int]]:
        """Count an OSPO's projects by answer to each question, at the start of some months."""
        return cached.of_all(
            self._key, read_charts.answers_at, ospo, tuple(dates), tuple(questions), self.private
        )

    def warm(self) -> None:
        """Read ahead what the first page needs."""
        self.collected()
        there = self.whole()
        self.standing("", there.today)
        self.counted()

    def warm_all(self) -> None:
        """Read ahead whatever else takes its time."""
        self.warm()
        self.repositories()
        self.metric_states()
        self.hanging()
        self.bodies()
        for ospo in ("", *(row.key for row in self.ospos())):
            self.declared(ospo)
