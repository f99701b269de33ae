"""When are passes run, if not by cron? One tick job asks the database what is due.

The database knows which periods were served, not the scheduler: after an outage there is one
catch-up, two schedulers by mistake run each period once, and a pass that somebody started by
hand counts. APScheduler brings the clockwork and the thread; its job store stays in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from time import sleep
from typing import TYPE_CHECKING

from collector import clock as edge
from collector import cron
from collector.cron import Slots
from collector.errors import UserError
from collector.model import Instant
from collector.stopping import stopped_by_signals
from collector.store import periods

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from collector.config import Config

log = logging.getLogger(__name__)

TICK_SECONDS = 15.0
LOOK_SECONDS = 0.1
ANOTHER_IS_RUNNING = 3
"""The exit status of ``Work`` when somebody else is at it."""

Work = Callable[[Event], int]
Clock = Callable[[], Instant]


@dataclass(frozen=True, slots=True)
class Task:
    """What is run at which slots. ``catches_up``: at once, where it was never run before."""

    name: str
    slots: Slots
    work: Work
    catches_up: bool = True


def next_run(config: Config, now: Instant) -> Instant | None:
    """When does ``schedule`` collect next? None: nothing is scheduled, or never again."""
    expression = config.schedule.collect
    return cron.slots(expression, config.timezone).after(now + 1) if expression else None


def due(engine: Engine, task: Task, now: Instant) -> Instant | None:
    """Which period of a task waits to be run? None: all that came were served.

    A pass that began in the period and came to its end serves it, whoever started it.
    """
    slot = task.slots.before(now)
    if slot is None:
        return None
    claimed = periods.claimed(engine, task.name)
    if claimed is None and not task.catches_up:
        periods.claim(engine, task.name, slot)  # its first period is the next one
        return None
    known = [i for i in (claimed, periods.last_served(engine, task.name)) if i is not None]
    return slot if not known or max(known) < slot else None


def tick(engine: Engine, tasks: tuple[Task, ...], clock: Clock, stop: Event) -> None:
    """Run what is due, one task after the other, until told to stop."""
    for task in tasks:
        slot = None if stop.is_set() else due(engine, task, clock())
        if slot is not None and periods.claim(engine, task.name, slot):
            _run(engine, task, slot, stop)


def resume(engine: Engine, tasks: tuple[Task, ...], stop: Event) -> None:
    """Go on with a pass that was killed; one that is alive says so and is left alone."""
    for task in tasks:
        slot = periods.claimed(engine, task.name)
        if slot is not None and periods.interrupted(engine, task.name):
            _run(engine, task, slot, stop)


def _run(engine: Engine, task: Task, slot: Instant, stop: Event) -> None:
    """One period. What a stop interrupts is given back: the next start goes on with it."""
    log.info("%s: the period of %s begins", task.name, _stamp(slot))
    try:
        code = task.work(stop)
    except UserError as error:
        log.warning("%s: %s", task.name, error)
        return
    except Exception:
        log.exception("%s failed by a mistake of the program; next time is tried again", task.name)
        return
    if stop.is_set() and code and (periods.last_served(engine, task.name) or 0) < slot:
        periods.release(engine, task.name, slot)
        log.info("%s: stopped before its end; the next start goes on from there", task.name)
    elif code == ANOTHER_IS_RUNNING:
        log.info("%s: another pass is at it already", task.name)
    else:
        log.info("%s: ended with status %d", task.name, code)


def serve(
    config: Config,
    collect: Work,
    report: Work | None = None,
    *,
    clock: Clock = edge.now,
    tick_seconds: float = TICK_SECONDS,
    stop: Event | None = None,
) -> int:
    """Run passes and reports when they are due, until SIGTERM, SIGINT or ``stop``.

    The running pass is told by the same event and ends between two repositories; a second
    signal ends the process at once, which loses nothing that was written.
    """
    from collector.store import engine as database
    from collector.store import migrate

    halt = stop or Event()
    tasks = _tasks(config, collect, report)
    engine = database.connect(config.database_url)
    migrate.upgrade(engine)
    for task in tasks:
        log.info("%s: next at %s", task.name, _stamp(task.slots.after(clock())))
    with stopped_by_signals(halt), _clockwork(_Beat(engine, tasks, clock, halt), tick_seconds):
        while not halt.is_set():  # not wait(): a handler that interrupts it could not set it
            sleep(LOOK_SECONDS)
        log.info("stopping: a running pass ends after its present repository")
    engine.dispose()
    return 0


def _tasks(config: Config, collect: Work, report: Work | None) -> tuple[Task, ...]:
    wanted = (
        ("collect", config.schedule.collect, collect, True),
        ("report", config.schedule.report, report, False),
    )
    return tuple(
        Task(name, cron.slots(expression, config.timezone), work, catches_up)
        for name, expression, work, catches_up in wanted
        if expression and work
    )


@dataclass(slots=True)
class _Beat:
    """The one job of the clockwork: first what was killed, then what is due."""

    engine: Engine
    tasks: tuple[Task, ...]
    clock: Clock
    stop: Event
    begun: bool = False

    def __call__(self) -> None:
        if not self.begun:
            self.begun = True
            resume(self.engine, self.tasks, self.stop)
        tick(self.engine, self.tasks, self.clock, self.stop)


@contextmanager
def _clockwork(beat: Callable[[], None], seconds: float) -> Iterator[None]:
    """Beat now and every few seconds, never twice at once, in a thread; at the end wait for it."""
    from apscheduler.schedulers.background import BackgroundScheduler

    # A pass longer than a tick is no news: what came meanwhile is found due by the next tick.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        beat,
        "interval",
        seconds=seconds,
        next_run_time=datetime.fromtimestamp(edge.now(), UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _stamp(at: Instant | None) -> str:
    return "never" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
