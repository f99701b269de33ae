"""From records to numbers: a project's values today, their whole history, and the judgement.

Only what changed is measured again: the past of a project whose records, configuration and
definitions are as they were stays as it is stored (C1), and today's figures alone are new.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from threading import Event
from types import ModuleType

from sqlalchemy import Engine

from collector import rulepack, whatif
from collector.history import NOTHING, VERSIONS, Past, past, values_at
from collector.judgement import Json, Judgement, judge, new_events, summary_json, to_json
from collector.judgement.open_data import open_summary
from collector.metric import Value
from collector.metrics.remembering import STATUS_LOOKS_BACK, is_forgotten
from collector.model import DAY, Activity, Instant, StatusChange, StoredPast, Threshold
from collector.rulepack import Checklists
from collector.series import drawn
from collector.store.engine import connect
from collector.store.read import ProjectState
from collector.store.read_activity import Who, activity
from collector.store.write_measured import (
    MeasuredRows,
    PastRows,
    stored_past,
    write_measured,
    write_past,
)

WORTH_PROCESSES = 12
"""Projects from which on starting processes pays."""


@dataclass(frozen=True, slots=True)
class Task:
    """A project to be measured. ``whole``: its past too, where it changed; ``anew``: all of it.

    ``earlier``: only the months up to the date; what came after them is stored and stays.
    """

    state: ProjectState
    thresholds: tuple[Threshold, ...]
    digest: str
    whole: bool
    checklists: Checklists = field(default_factory=Checklists)
    anew: bool = False
    earlier: bool = False


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
    dated: bool = False,
) -> Task | None:
    """What is to be measured of a project; None: nothing moved and today is done.

    ``dated``: somebody asked for this very date; what is stored of later ones is not to be lost.
    """
    basis = f"{configured} {definitions_digest()} {state.records}"
    digest = hashlib.sha256(basis.encode()).hexdigest()
    # A new month has values of its own, though nothing moved.
    same_month = state.measured_at is not None and _month(state.measured_at) == _month(as_of)
    whole = anew or digest != state.digest or not same_month
    if not whole and state.measured_at == as_of:
        return None
    earlier = dated and state.measured_at is not None and as_of < state.measured_at
    return Task(state, thresholds, digest, whole, checklists, anew, earlier)


def _month(at: Instant) -> tuple[int, int]:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year, moment.month


def measure_all(
    engine: Engine,
    tasks: Sequence[Task],
    who: Who,
    as_of: Instant,
    done: Callable[[str], None] = lambda _: None,
    stop: Event | None = None,
) -> int:
    """Measure projects and store the results, on all cores where that pays; how many were it?

    ``stop``: what is not begun when it is set is left to the next pass.
    """
    measured = 0
    with closing(_measured(engine, tasks, who, as_of)) as keys:
        for key in keys:
            done(key)
            measured += 1
            if stop is not None and stop.is_set():
                break
    return measured


def _measured(
    engine: Engine, tasks: Sequence[Task], who: Who, as_of: Instant
) -> Generator[str, None, None]:
    workers = os.cpu_count() or 1
    if workers == 1 or len(tasks) < WORTH_PROCESSES:
        yield from (measure_one(engine, each, who, as_of) for each in tasks)
        return
    url = engine.url.render_as_string(hide_password=False)
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_open, initargs=(url, who, as_of)
    )
    try:
        with _without_main():
            done = pool.map(_in_process, tasks, chunksize=4)
        yield from done
    finally:
        pool.shutdown(cancel_futures=True)


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for who started us
    _worker = (connect(url), who, as_of)


def _in_process(each: Task) -> str:
    assert _worker is not None  # noqa: S101 - the pool's initializer has run
    engine, who, as_of = _worker
    return measure_one(engine, each, who, as_of)


def measure_one(engine: Engine, each: Task, who: Who, as_of: Instant) -> str:
    """Load one project, measure it and store what was found; its key."""
    loaded = activity(engine, each.state.key, who)
    if each.earlier:
        later = [m for m in stored_past(engine, each.state.id).months if m > as_of]
        found = past(loaded, as_of, each.thresholds, lists=each.checklists)
        write_past(engine, _past_rows(loaded, each, found, later))
        return each.state.key
    stored = stored_past(engine, each.state.id) if each.whole and not each.anew else NOTHING
    write_measured(engine, measure(loaded, each, as_of, stored))
    return each.state.key


def measure(
    loaded: Activity, each: Task, as_of: Instant, stored: StoredPast = NOTHING
) -> MeasuredRows:
    """One project's values today, its judgement and, where asked for, what changed in its past."""
    values = values_at(loaded, as_of)
    judged = judge(loaded, as_of, each.thresholds, values)
    lists = each.checklists
    packs = rulepack.evaluate(lists.packs, loaded, as_of, lists.answers, values)
    found = past(loaded, as_of, each.thresholds, stored, lists) if each.whole else None
    changes, every = _changes(loaded, found, each.state.last_change, as_of)
    return MeasuredRows(
        project_id=each.state.id,
        as_of=as_of,
        digest=each.digest,
        collected_until=each.state.collected_until,
        versions=VERSIONS,
        values=values,
        judgement=to_json(judged),
        summary={**summary_json(judged, loaded, as_of, values), "open": open_summary(judged)},
        past=_past_rows(loaded, each, found) if found else None,
        changes=changes,
        all_changes=every,
        series=drawn(loaded, as_of),
        packs=[rulepack.to_json(result) for result in packs],
        outcomes=outcomes(loaded, as_of, each.thresholds, values, judged),
    )


def _past_rows(
    loaded: Activity, each: Task, found: Past, later: Sequence[Instant] = ()
) -> PastRows:
    """What is written of the past that was found. ``later``: stored months that stay."""
    return PastRows(
        project_id=each.state.id,
        months=(*found.months, *later),
        versions=VERSIONS,
        history=found.values,
        judged=found.judged,
        packs=[pack.id for pack in each.checklists.packs],
        levels=found.levels,
        kept_until=_kept_until(loaded),
        forgotten=frozenset((key, at) for key, at, value in found.values if is_forgotten(value)),
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
    loaded: Activity, found: Past | None, known: StatusChange | None, as_of: Instant
) -> tuple[tuple[StatusChange, ...], bool]:
    """All events where the past changed, else those since the last one; are they all?"""
    if found and found.changes is not None and (loaded.people_since is None or known is None):
        return found.changes, True
    return (new_events(loaded, known, as_of) if known else ()), False
