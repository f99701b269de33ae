"""From records to numbers: a project's values today, their whole history, and the judgement.

Only what changed is measured again: the past of a project whose records, configuration and
definitions are as they were stays as it is stored (C1), and today's figures alone are new.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from types import ModuleType

from sqlalchemy import Engine

from collector import rulepack, whatif
from collector.judgement import (
    Json,
    Judgement,
    all_events,
    judge,
    new_events,
    summary_json,
    to_json,
)
from collector.metric import Value
from collector.metrics import METRICS
from collector.metrics.remembering import STATUS_LOOKS_BACK, is_forgotten
from collector.model import DAY, NO_TIME, Activity, Instant, JudgedMonth, StatusChange, Threshold
from collector.rulepack import Checklists
from collector.series import drawn
from collector.store.engine import connect
from collector.store.read import ProjectState
from collector.store.read_activity import Who, activity
from collector.store.write_measured import MeasuredRows, write_measured

VERSIONS = {metric.key: metric.version for metric in METRICS}
WORTH_PROCESSES = 12
"""Projects from which on starting processes pays."""


@dataclass(frozen=True, slots=True)
class Task:
    """One project to be measured. ``whole``: its past too."""

    state: ProjectState
    thresholds: tuple[Threshold, ...]
    digest: str
    whole: bool
    checklists: Checklists = field(default_factory=Checklists)


def definitions_digest() -> str:
    """Changes when any definition does."""
    words = [f"{key}:{version}" for key, version in sorted(VERSIONS.items())]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def task(
    state: ProjectState,
    configured: str,
    thresholds: tuple[Threshold, ...],
    checklists: Checklists,
    as_of: Instant,
    *,
    anew: bool = False,
) -> Task | None:
    """What is to be measured of a project; None: nothing moved and today is done."""
    basis = f"{configured} {definitions_digest()} {state.records}"
    digest = hashlib.sha256(basis.encode()).hexdigest()
    # A new month has a value of its own, though nothing moved.
    same_month = state.measured_at is not None and _month(state.measured_at) == _month(as_of)
    whole = anew or digest != state.digest or not same_month
    if not whole and state.measured_at == as_of:
        return None
    return Task(state, thresholds, digest, whole, checklists)


def _month(at: Instant) -> tuple[int, int]:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year, moment.month


def measure_all(
    engine: Engine,
    tasks: Sequence[Task],
    who: Who,
    as_of: Instant,
    done: Callable[[str], None] = lambda _: None,
) -> int:
    """Measure projects and store the results, on all cores where that pays; how many were it?"""
    for key in _measured(engine, tasks, who, as_of):
        done(key)
    return len(tasks)


def _measured(engine: Engine, tasks: Sequence[Task], who: Who, as_of: Instant) -> Iterator[str]:
    workers = os.cpu_count() or 1
    if workers == 1 or len(tasks) < WORTH_PROCESSES:
        yield from (_measure_one(engine, each, who, as_of) for each in tasks)
        return
    url = engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_open, initargs=(url, who, as_of)
    ) as pool:
        with _without_main():
            done = pool.map(_in_process, tasks, chunksize=4)
        yield from done


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes that start now run no script of their own.

    Behind the dashboard ``__main__`` is the page that Streamlit ran last: they would run it too.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_worker: tuple[Engine, Who, Instant] | None = None


def _open(url: str, who: Who, as_of: Instant) -> None:
    global _worker  # noqa: PLW0603 - a worker process opens its database once
    _worker = (connect(url), who, as_of)


def _in_process(each: Task) -> str:
    assert _worker is not None  # noqa: S101 - the pool's initializer has run
    engine, who, as_of = _worker
    return _measure_one(engine, each, who, as_of)


def _measure_one(engine: Engine, each: Task, who: Who, as_of: Instant) -> str:
    loaded = activity(engine, each.state.key, who)
    write_measured(engine, measure(loaded, each, as_of))
    return each.state.key


def measure(loaded: Activity, each: Task, as_of: Instant) -> MeasuredRows:
    """One project's values today, its judgement and, where asked for, its whole past."""
    values = values_at(loaded, as_of)
    judged = judge(loaded, as_of, each.thresholds, values)
    lists = each.checklists
    packs = rulepack.evaluate(lists.packs, loaded, as_of, lists.answers, values)
    past = History(loaded, as_of, each.thresholds, lists) if each.whole else None
    return MeasuredRows(
        project_id=each.state.id,
        as_of=as_of,
        digest=each.digest,
        collected_until=each.state.collected_until,
        versions=VERSIONS,
        values=values,
        judgement=to_json(judged),
        summary=summary_json(judged, loaded, as_of, values),
        history=past.values if past else None,
        judged=past.judged if past else None,
        changes=_changes(loaded, past, each.state.last_change, as_of),
        kept_until=_kept_until(loaded),
        forgotten=frozenset(
            (key, at) for key, at, value in (past.values if past else ()) if is_forgotten(value)
        ),
        series=drawn(loaded, as_of),
        packs=[rulepack.to_json(result) for result in packs],
        levels=past.levels if past else None,
        outcomes=outcomes(loaded, as_of, each.thresholds, values, judged),
    )


def outcomes(
    loaded: Activity,
    as_of: Instant,
    thresholds: tuple[Threshold, ...],
    values: dict[str, Value],
    judged: Judgement,
) -> list[dict[str, Json]]:
    """What would become of the project without each of those who are in it."""
    project = whatif.now(loaded, as_of, thresholds, values, judged)
    found = (whatif.outcome(project, each) for each in whatif.scenarios(loaded, as_of))
    return [whatif.to_json(one) for one in found if one is not None]


def _kept_until(loaded: Activity) -> Instant | None:
    """Until when is the judged past as it is stored, since people of then were forgotten?"""
    since = loaded.people_since
    return None if since is None else since + STATUS_LOOKS_BACK * DAY


def _changes(
    loaded: Activity, past: History | None, known: StatusChange | None, as_of: Instant
) -> tuple[StatusChange, ...]:
    """All events with the whole past, else those since the last one that is known."""
    if past and (loaded.people_since is None or known is None):
        return past.changes
    return new_events(loaded, known, as_of) if known else ()


def values_at(
    loaded: Activity, as_of: Instant, keys: Iterable[str] | None = None
) -> dict[str, Value]:
    """Every metric of one project at one date, or some of them; the date need not be stored."""
    wanted = None if keys is None else frozenset(keys)
    return {
        metric.key: metric.compute(loaded, as_of)
        for metric in METRICS
        if wanted is None or metric.key in wanted
    }


class History:
    """Every metric and the judgement at the start of every month since the first event."""

    def __init__(
        self,
        loaded: Activity,
        as_of: Instant,
        thresholds: tuple[Threshold, ...] = (),
        lists: Checklists | None = None,
    ) -> None:
        self.values: list[tuple[str, Instant, Value]] = []
        self.judged: list[JudgedMonth] = []
        self.levels: list[tuple[str, Instant, str | None]] = []
        asked = lists or Checklists()
        first = first_event(loaded)
        for month in month_starts(first, as_of):
            values = values_at(loaded, month)
            self.values += [(key, month, value) for key, value in values.items()]
            self.judged.append(judged_month(month, judge(loaded, month, thresholds, values)))
            for result in rulepack.evaluate(asked.packs, loaded, month, asked.answers, values):
                self.levels.append((result.pack, month, result.level))
        self.changes = all_events(loaded, first, as_of) if first < as_of else ()


def judged_month(as_of: Instant, judged: Judgement) -> JudgedMonth:
    """What is kept of a judgement of the past."""
    return JudgedMonth(
        as_of,
        judged.status.value,
        judged.reason,
        judged.risk,
        judged.criticality,
        {question.key: question.answer.value for question in judged.questions},
    )


def first_event(loaded: Activity) -> Instant:
    """When did the first thing happen that we know of? ``NO_TIME`` if nothing did."""
    candidates = [NO_TIME]
    if loaded.commits.time.size:
        candidates.append(int(loaded.commits.time[0]))
    if loaded.items.created.size:
        candidates.append(int(loaded.items.created[0]))
    candidates.extend(tag.time for tag in loaded.tags)
    return min(candidates)


def month_starts(since: Instant, until: Instant) -> Iterator[Instant]:
    """Midnights UTC at the first of each month after ``since``, up to ``until``."""
    if since >= until:
        return
    start = datetime.fromtimestamp(since, UTC)
    year, month = start.year, start.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        instant = int(datetime(year, month, 1, tzinfo=UTC).timestamp())
        if instant > until:
            return
        yield instant
