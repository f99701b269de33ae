"""How did it stand at a past date? The same door to the database, at the start of a month.

Read from the judgement and the figures of every month that measuring keeps; nothing of today
comes in but what is not dated: names, owners, which projects there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from collector.judgement import SUMMARY_NUMBERS
from collector.judgement.events import HELD_FOR
from collector.judgement.open_data import PERSONAL
from collector.metric import Part
from collector.metrics.windows import month_start
from collector.model import DAY, Instant
from collector.series.months import month
from collector.store import past, read_charts
from collector.store.find import Seen
from collector.store.packed import Packed
from dashboard import data, position
from dashboard.cached import Door
from dashboard.data import Delivered, Json, Point, ProjectRow, Source, StatusPoint, ValueRow
from dashboard.open_data import RESTS_ON_PEOPLE

FIGURES = ("commits", *SUMMARY_NUMBERS)
"""What the list of projects shows of each, as far as history keeps it."""


def months(source: Source, today: Instant) -> dict[str, Instant]:
    """List the months that can be shown, the newest first: the address's code, and the date."""
    first = source.first_month()
    if first is None:
        return {}
    numbers = range(month(today), month(first) - 1, -1)
    return {code(month_start(number)): month_start(number) for number in numbers}


def code(at: Instant) -> str:
    """Give a month as it stands in the address."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSource(Source):
    """The figures of one pass as they were at the start of a month (``at``).

    ``base``: the door of today, which tells nothing of people where the reader may see none.
    """

    base: Source
    at: Instant
    open: bool = False

    @property
    def _door(self) -> Door:
        whole = self._key, self.private, self.at, self.open
        return type(self).__name__, *whole

    def projects(self) -> tuple[ProjectRow, ...]:
        """List the projects as they were judged; figures come with a page of them."""
        return _rows(*self._key, self.private, self.at, self.open, self.base)

    @property
    def seen(self) -> Seen:
        closed = PERSONAL if self.open else ()
        return Seen(private=self.private, open=self.open, closed=closed, at=self.at)

    def rows_of(self, project_ids: Sequence[int]) -> tuple[ProjectRow, ...]:
        asked = [key for key in FIGURES if key not in self.seen.closed]
        connected, at = data.engine(self.url), self.at
        told = read_charts.values_at(connected, asked, (at,), project_ids)
        figures = {key: found for (key, _at), found in told.items()}
        then = {one.project_id: one for one in past.portfolio_at(connected, at, project_ids)}
        present = self.base.rows_of(project_ids)
        return tuple(
            _row(row, then[row.id], at, figures, self.open) for row in present if row.id in then
        )

    def collected(self) -> tuple[int, int, Instant | None]:
        return 0, 0, self.at

    def judgement(self, project_id: int) -> Json:
        """Give what is kept of a past judgement: status, reason, risk, answers; no checks."""
        row = next((row for row in self.projects() if row.id == project_id), None)
        if row is None:
            return {}
        answers = row.summary.get("questions")
        told: list[Part] = [
            {"key": key, "answer": answer}
            for key, answer in (answers.items() if isinstance(answers, dict) else ())
        ]
        return {"status": row.status, "reason": row.summary.get("reason"), "questions": told}

    def values(self, project_id: int) -> dict[str, ValueRow]:
        points = self.base.history_at(project_id, (self.at,))
        # Of a value that is a text (a licence, a stage) no month keeps the words.
        told = (one for one in points if one.value is not None or one.state != "ok")
        return {point.metric: _value(point) for point in told if point.metric != "license"}

    def values_of(self, metric: str) -> dict[int, float]:
        return dict(self.base.values_at((metric,), (self.at,)).get((metric, self.at), {}))

    def history_at(self, project_id: int, dates: Sequence[Instant]) -> tuple[Point, ...]:
        return self.base.history_at(project_id, dates)

    def statuses(self, project_id: int) -> tuple[StatusPoint, ...]:
        return tuple(one for one in self.base.statuses(project_id) if one.as_of <= self.at)

    def history(self, project_id: int, metrics: Sequence[str]) -> tuple[Point, ...]:
        return tuple(one for one in self.base.history(project_id, metrics) if one.as_of <= self.at)

    def newest_tags(self, project_id: int) -> tuple[Delivered, ...]:
        return tuple(one for one in self.base.newest_tags(project_id) if one.at < self.at)

    def changes_of(self, project_id: int) -> tuple[past.StoredChange, ...]:
        """List the changes of status that had held by then."""
        held = self.at - HELD_FOR * DAY
        return tuple(one for one in self.base.changes_of(project_id) if one.at <= held)

    def attention(self) -> tuple[Json, ...] | None:
        """Give nothing: what deserved attention is looked for anew, in that month's judgements."""
        return None

    def changes(self, today: Instant) -> tuple[position.Change, ...]:
        rows = position.ours(self.projects())
        points = (one for one in self.turns() if one.as_of <= self.at)
        return position.changes(points, rows, self.at)


def _value(point: Point) -> ValueRow:
    return ValueRow(
        metric=point.metric,
        as_of=point.as_of,
        value=point.value,
        state=point.state,
        reason=None,
        n=point.n,
        p90=point.p90,
        coverage=None,
        parts={},
        version=0,
        collected_until=None,
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _rows(
    url: str,
    stamp: int,
    private: bool,
    at: Instant,
    open_: bool,
    _base: Source,
) -> tuple[ProjectRow, ...]:
    """Put each project as it was beside what is not dated of it."""
    present = {row.id: row for row in _base.projects()}
    return tuple(
        _row(present[one.project_id], one, at, {}, open_)
        for one in past.portfolio_at(data.engine(url), at)
        if one.project_id in present
    )


def _row(
    row: ProjectRow,
    then: past.PastProject,
    at: Instant,
    figures: Mapping[str, Mapping[int, float]],
    open_: bool,
) -> ProjectRow:
    answers = then.answers
    if open_:  # of the past it is not kept what the risk would be without people
        shown = {key: answer for key, answer in answers.items() if key != RESTS_ON_PEOPLE}
        answers = Packed.of(shown)
    known = {key: found[row.id] for key, found in figures.items() if row.id in found}
    return replace(
        row,
        as_of=at,
        status=then.status,
        risk="" if open_ else then.risk,
        criticality=then.criticality,
        summary=Packed.joined({"reason": then.reason, "questions": answers, **known}),
    )
