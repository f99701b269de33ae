"""What does everybody see (``access: public``)? All figures but those derived from people.

One door: pages ask this source as they ask the whole one, and get less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

import streamlit as st

from collector.forge import Allowance
from collector.judgement import from_json, to_json
from collector.judgement.checks import Result
from collector.judgement.open_data import PERSONAL, without_people
from collector.metric import Part
from collector.model import Instant
from collector.series import SERIES
from collector.store import checklists
from collector.store.find import Seen
from collector.store.packed import Packed
from dashboard.data import Json, Point, ProjectRow, Source, State, ValueRow
from dashboard.people import Body, Person, Share

_Found = TypeVar("_Found")

OF_PEOPLE = frozenset(series.key for series in SERIES if series.people)
RESTS_ON_PEOPLE = "survive"
"""The question whose stored answers count departures in."""


def opened(state: State) -> State:
    """The same state, with the source that tells nothing of people."""
    found = state.source
    if found is None:
        return state
    return replace(state, source=OpenSource(found.url, found.freshness, found.private))


class OpenSource(Source):
    """The figures of one pass, without what is derived from people."""

    __slots__ = ()

    def projects(self) -> tuple[ProjectRow, ...]:
        return _open_rows(self.url, self.freshness.stamp, self.private, Source.projects(self))

    @property
    def seen(self) -> Seen:
        return Seen(private=self.private, open=True, closed=PERSONAL)

    def rows_of(self, project_ids: Sequence[int]) -> tuple[ProjectRow, ...]:
        return tuple(map(_open_row, Source.rows_of(self, project_ids)))

    def judgement(self, project_id: int) -> Json:
        return opened_judgement(Source.judgement(self, project_id))

    def values(self, project_id: int) -> dict[str, ValueRow]:
        return _open(Source.values(self, project_id))

    def values_of(self, metric: str) -> dict[int, float]:
        return {} if metric in PERSONAL else Source.values_of(self, metric)

    def history(self, project_id: int, metrics: Sequence[str]) -> tuple[Point, ...]:
        return Source.history(self, project_id, _allowed(metrics))

    def history_at(self, project_id: int, dates: Sequence[Instant]) -> tuple[Point, ...]:
        found = Source.history_at(self, project_id, dates)
        return tuple(point for point in found if point.metric not in PERSONAL)

    def history_of(
        self, project_ids: Sequence[int], metrics: Sequence[str]
    ) -> Mapping[int, tuple[Point, ...]]:
        return Source.history_of(self, project_ids, _allowed(metrics))

    def values_at(
        self, metrics: Sequence[str], dates: Sequence[Instant]
    ) -> Mapping[tuple[str, Instant], Mapping[int, float]]:
        return Source.values_at(self, _allowed(metrics), dates)

    def spread(
        self, ospo: str, metrics: Sequence[str], at: Instant | None = None
    ) -> Mapping[str, Sequence[float]]:
        return Source.spread(self, ospo, _allowed(metrics), at)

    def metric_states(self) -> dict[str, dict[str, int]]:
        return _open(Source.metric_states(self))

    def project_states(self, project_ids: Sequence[int]) -> dict[tuple[int, str], str]:
        found = Source.project_states(self, project_ids)
        return {key: state for key, state in found.items() if key[1] not in PERSONAL}

    def series(self, project_id: int) -> Mapping[str, Json]:
        found = Source.series(self, project_id)
        return {key: data for key, data in found.items() if key not in OF_PEOPLE}

    def budgets(self) -> tuple[Allowance, ...]:
        return ()

    def persons(self, ospo: str = "") -> tuple[Person, ...]:
        return ()

    def hanging(self, ospo: str = "") -> tuple[tuple[Share, Person], ...]:
        return ()

    def bodies(self, ospo: str = "") -> tuple[Body, ...]:
        return ()

    def packs(self, project_id: int) -> tuple[Json, ...]:
        return tuple(pack for pack in Source.packs(self, project_id) if not _rests_on(pack))

    def pack_counts(self, ospo: str) -> tuple[checklists.PackCount, ...]:
        found = Source.pack_counts(self, ospo)
        sample = {count.pack: count.sample for count in found}
        shown = {name for name, at in sample.items() if any(_is(p, name) for p in self.packs(at))}
        return tuple(count for count in found if count.pack in shown)

    def what_if_choices(self) -> tuple[str, ...]:
        found = Source.what_if_choices(self)
        return tuple(code for code in found if code.startswith("funding:"))

    def attention(self) -> tuple[Json, ...] | None:
        found = Source.attention(self)
        if found is None:
            return None
        return tuple(entry for entry in found if not self._tells_of_people(entry))

    def _tells_of_people(self, entry: Json) -> bool:
        """Is an entry about what single people do, or is its risk high because of it?"""
        if entry.get("about") in PERSONAL:
            return True
        row = self.project(str(entry.get("project")))
        if entry.get("rule") != "risk_high" or row is None:
            return False
        judged = from_json(Source.judgement(self, row.id))
        failed = {one.metric for one in judged.checks if one.result is Result.NOT_MET}
        return not failed.isdisjoint(PERSONAL)

    def answers_at(
        self, ospo: str, dates: Sequence[Instant], questions: Sequence[str]
    ) -> Mapping[tuple[Instant, str], Mapping[str, int]]:
        shown = [question for question in questions if question != RESTS_ON_PEOPLE]
        return Source.answers_at(self, ospo, dates, shown)


def opened_judgement(found: Json) -> Json:
    """A judgement without the checks that rest on people, and the risk without them."""
    return cast("Json", to_json(without_people(from_json(found)))) if found else found


def _allowed(metrics: Iterable[str]) -> list[str]:
    return [metric for metric in metrics if metric not in PERSONAL]


def _open(found: Mapping[str, _Found]) -> dict[str, _Found]:
    return {metric: value for metric, value in found.items() if metric not in PERSONAL}


def _is(pack: Json, name: str) -> bool:
    return pack.get("pack") == name


def _rests_on(pack: Json) -> bool:
    """Does a checklist ask what single people do?"""
    rules = pack.get("rules")
    metrics = [str(rule.get("metric")) for rule in rules or () if isinstance(rule, dict)]  # type: ignore[union-attr]
    return any(metric.startswith(tuple(PERSONAL)) for metric in metrics)


@st.cache_resource(max_entries=4, show_spinner=False)
def _open_rows(
    url: str, stamp: int, private: bool, _rows: tuple[ProjectRow, ...]
) -> tuple[ProjectRow, ...]:
    return tuple(_open_row(row) for row in _rows)


def _open_row(row: ProjectRow) -> ProjectRow:
    told = row.summary.get("open")
    shown: dict[str, Part] = told if isinstance(told, dict) else {"risk": "", "questions": {}}
    summary = {key: part for key, part in row.summary.items() if key not in PERSONAL}
    risk = str(shown.get("risk") or "") if row.risk else ""
    settings = {**row.settings, "goals": _of_others(row, "goals", "metric")}
    settings["decisions"] = _of_others(row, "decisions", "about")
    packed = Packed.of({**summary, **shown}), Packed.of(settings)
    return replace(row, risk=risk, summary=packed[0], settings=packed[1])


def _of_others(row: ProjectRow, key: str, names: str) -> list[Part]:
    """Goals and decisions that are not about people."""
    given = row.settings.get(key)
    listed = given if isinstance(given, list) else []
    return [one for one in listed if not (isinstance(one, dict) and one.get(names) in PERSONAL)]
