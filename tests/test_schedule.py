"""The scheduler: each period once, one catch-up after an outage, a clean stop in the middle."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from collector import cron, schedule
from collector.config import Config
from collector.config.models import Schedule, Settings
from collector.model import DAY, Instant
from collector.schedule import Task
from collector.store import engine as database
from collector.store import migrate, periods
from collector.store.schema import runs

ROOT = Path(__file__).parent.parent
HOUR = 3600
START = 1_795_392_000 + 12 * HOUR  # 2026-11-23 12:00 UTC


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = database.connect(f"sqlite:///{tmp_path / 'vitals.db'}")
    migrate.upgrade(found)
    yield found
    found.dispose()


def configuration(folder: Path, collect: str = "0 * * * *") -> Config:
    settings = Settings(schedule=Schedule(collect=collect), timezone="Europe/Bratislava")
    return Config(
        folder / "config", folder, settings, f"sqlite:///{folder / 'vitals.db'}", folder, (), (), ()
    )


class Passes:
    """Stands for ``collect``: notes when it was asked, as the real one does in ``runs``."""

    def __init__(self, engine: Engine, name: str = "collect") -> None:
        self.engine, self.name = engine, name
        self.at: list[Instant] = []
        self.now = START

    def clock(self) -> Instant:
        return self.now

    def __call__(self, stop: Event) -> int:
        self.at.append(self.now)
        note(self.engine, self.now, self.now + 60, 0)
        return 0

    def task(self, expression: str = "0 3 * * *", *, catches_up: bool = True) -> Task:
        return Task(self.name, cron.slots(expression, "UTC"), self, catches_up)

    def tick(self, task: Task) -> None:
        schedule.tick(self.engine, (task,), self.clock, Event())


def note(
    engine: Engine,
    started: Instant,
    finished: Instant | None,
    code: int | None,
    *,
    stopped: bool = False,
) -> None:
    row = {"kind": "collect", "started": started, "finished": finished, "exit_code": code}
    with engine.begin() as connection:
        connection.execute(runs.insert().values(**row, summary={"stopped": stopped}))


def test_each_period_is_served_once_however_often_it_ticks(engine: Engine) -> None:
    passes = Passes(engine)
    task = passes.task()
    for passes.now in range(START, START + 4 * DAY, HOUR):
        passes.tick(task)
    nights = [START - 12 * HOUR + day * DAY + 3 * HOUR for day in range(1, 5)]
    assert passes.at == [START, *nights][:5]


def test_after_an_outage_there_is_exactly_one_catch_up(engine: Engine) -> None:
    passes = Passes(engine)
    task = passes.task("*/30 * * * *")
    passes.tick(task)
    passes.now += 3 * HOUR + 60
    for _ in range(5):
        passes.tick(task)
    assert passes.at == [START, START + 3 * HOUR + 60]


def test_a_pass_that_somebody_started_by_hand_serves_the_period(engine: Engine) -> None:
    passes = Passes(engine)
    note(engine, START - HOUR, START - HOUR + 60, 0)
    passes.tick(passes.task())
    assert passes.at == []


def test_a_pass_by_hand_that_came_to_no_end_does_not(engine: Engine) -> None:
    passes = Passes(engine)
    note(engine, START - HOUR, START - HOUR + 60, 4, stopped=True)
    note(engine, START - HOUR, None, None)
    passes.tick(passes.task())
    assert passes.at == [START]


def test_many_schedulers_by_mistake_run_a_period_once(engine: Engine) -> None:
    passes = [Passes(engine) for _ in range(8)]
    for period in range(5):
        for one in passes:
            one.now = START + period * DAY
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda one: one.tick(one.task()), passes))
        assert sum(len(one.at) for one in passes) == period + 1


def test_only_one_of_many_gets_a_claim(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        for period in (100, 200):
            got = list(pool.map(lambda _, p=period: periods.claim(engine, "x", p), range(40)))
            assert got.count(True) == 1
    assert not periods.claim(engine, "x", 150)
    assert periods.claimed(engine, "x") == 200


def test_the_first_report_waits_for_its_day(engine: Engine) -> None:
    reports = Passes(engine, "report")
    task = reports.task("0 6 1 * *", catches_up=False)
    reports.tick(task)
    assert reports.at == []
    reports.now += 20 * DAY
    reports.tick(task)
    assert reports.at == [START + 20 * DAY]


def test_a_mistake_of_the_program_does_not_stop_the_schedule(engine: Engine) -> None:
    asked: list[int] = []

    def broken(_stop: Event) -> int:
        asked.append(1)
        raise ZeroDivisionError

    now = START
    task = Task("collect", cron.slots("@hourly", "UTC"), broken)
    for _ in range(3):
        schedule.tick(engine, (task,), lambda now=now: now, Event())
        now += HOUR
    assert len(asked) == 3


def test_a_pass_that_was_killed_is_gone_on_with_at_the_next_start(engine: Engine) -> None:
    passes = Passes(engine)
    task = passes.task()
    assert periods.claim(engine, "collect", task.slots.before(START) or 0)
    note(engine, START, None, None)
    schedule.resume(engine, (task,), Event())
    assert passes.at == [START]
    schedule.resume(engine, (task,), Event())
    assert passes.at == [START]


def test_with_a_fast_clock_each_period_is_collected_once(engine: Engine, tmp_path: Path) -> None:
    """An hour lasts 50 ms; the hours that a pass outlasts are caught up by one."""
    begun, stop = time.monotonic(), Event()
    served: list[Instant] = []

    def clock() -> Instant:
        return START + int((time.monotonic() - begun) * 20 * HOUR)

    def collect(_stop: Event) -> int:
        served.append(periods.claimed(engine, "collect") or 0)
        if len(served) >= 6:
            stop.set()
        return 0

    config = configuration(tmp_path)
    assert schedule.serve(config, collect, clock=clock, tick_seconds=0.01, stop=stop) == 0
    assert served == sorted(set(served))
    assert len(served) == 6


def test_a_stop_in_the_middle_of_a_pass_ends_it_and_the_next_start_goes_on(
    engine: Engine, tmp_path: Path
) -> None:
    stop, running, read = Event(), Event(), []

    def collect(halt: Event) -> int:
        """Two repositories, with a look at the event between them."""
        for repository in ("first", "second"):
            if repository not in read:
                read.append(repository)
            running.set()
            if repository == "first" and len(read) == 1 and halt.wait(10):
                return 4
        again.set()
        return 0

    again = Event()
    config = configuration(tmp_path, "0 3 * * *")

    def serve(halt: Event) -> Thread:
        options = {"clock": lambda: START, "tick_seconds": 0.01, "stop": halt}
        thread = Thread(target=schedule.serve, args=(config, collect), kwargs=options)
        thread.start()
        return thread

    first = serve(stop)
    assert running.wait(10)
    stop.set()
    first.join(10)
    assert not first.is_alive()
    assert read == ["first"]

    read.append("first")
    done = Event()
    second = serve(done)
    assert again.wait(10)
    done.set()
    second.join(10)
    assert not second.is_alive()
    assert "second" in read


SERVICE = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from test_schedule import configuration, START
from collector import schedule

def collect(stop):
    print("reading", flush=True)
    return 4 if stop.wait(20) else 0

folder = Path(sys.argv[1])
status = schedule.serve(configuration(folder), collect, clock=lambda: START, tick_seconds=0.01)
print("status", status, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_service_at_once_and_cleanly(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-W", "error", "-c", SERVICE, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "reading\n"
        begun = time.monotonic()
        service.send_signal(number)
        assert service.stdout.read() == "status 0\n"
        assert service.wait(10) == 0
    assert time.monotonic() - begun < 5
    engine = database.connect(f"sqlite:///{tmp_path / 'vitals.db'}")
    task = Task("collect", cron.slots("0 * * * *", "UTC"), lambda _: 0)
    assert schedule.due(engine, task, START) is not None
    engine.dispose()


def test_the_next_run_is_told_for_status_and_the_data_page(tmp_path: Path) -> None:
    config = configuration(tmp_path, "0 3 * * *")
    assert schedule.next_run(config, START) == START + 14 * HOUR  # 03:00 in Bratislava, winter
    assert schedule.next_run(config, START + 14 * HOUR) == START + 38 * HOUR
