"""How long does measuring take, and how much memory?

    python -m benchmarks.measure            # all three, on two cores; a few minutes
    python -m benchmarks.measure usual --projects 20

usual   1,000 usual projects × 60 months × all metrics: at most 300 s on two cores
busy    16,000 commits, 10,000 items, 30,000 events, whole monthly history: at most 3 s
million a project of a million commits, today and a year of months: below 600 MB
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from collector.history import first_event
from collector.judgement import all_events, judge
from collector.metric import Value
from collector.metrics import METRICS
from collector.model import (
    DAY,
    Activity,
    Commits,
    Credits,
    EventKind,
    Events,
    Instants,
    Items,
    Project,
    Repository,
    TagFact,
)

BUSY_SECONDS, PORTFOLIO_SECONDS, MILLION_MEGABYTES = 3, 300, 600
NOW = 1_767_225_600
YEARS = 5


def synthetic(seed: int, commits: int, items: int, years: float = YEARS) -> Activity:
    """A project with so many commits and items, three events on each item, a tag a month."""
    random = np.random.default_rng(seed)
    span = int(years * 365 * DAY)
    time_ = np.sort(NOW - random.integers(0, span, commits))
    persons = max(3, commits // 100)
    person = np.minimum(random.geometric(0.05, commits), persons - 1).astype(np.int32)
    kind = (random.random(commits) < 0.1).astype(np.uint8)
    human = np.flatnonzero(kind == 0).astype(np.int32)
    made = Commits(
        time=time_,
        arrival=time_ + random.integers(0, 10 * DAY, commits),
        author=np.where(kind == 0, person, -1).astype(np.int32),
        kind=kind,
        declares_ai=random.random(commits) < 0.05,
        repository=np.zeros(commits, dtype=np.int32),
        files=np.where(random.random(commits) < 0.1, 3, -1).astype(np.int32),
        change=np.arange(commits, dtype=np.int32),
    )
    credits_ = Credits(made.time[human], made.arrival[human], person[human], human)
    created = np.sort(NOW - random.integers(0, span, items))
    tags = tuple(
        TagFact(f"v1.{month}.0", NOW - span + month * 30 * DAY, 0)
        for month in range(int(years * 12))
    )
    host = Repository(
        "https://github.com/city/app", main=True, read_until=NOW, forge_read_until=NOW, name="app"
    )
    return Activity(
        Project("app", country="SK", owner="city"),
        (host,),
        made,
        credits_,
        _items(random, created, persons),
        _events(random, created, persons),
        tags,
        (),
        tuple(f"Developer {i + 1}" for i in range(persons)),
        (),
    )


def _items(random: np.random.Generator, created: Instants, persons: int) -> Items:
    count = len(created)
    return Items(
        created=created,
        kind=random.integers(0, 2, count).astype(np.uint8),
        author=random.integers(0, persons, count).astype(np.int32),
        author_kind=np.zeros(count, dtype=np.uint8),
        number=np.arange(1, count + 1, dtype=np.int32),
        repository=np.zeros(count, dtype=np.int32),
        merge_change=np.full(count, -1, dtype=np.int32),
        url=tuple(f"https://github.com/city/app/issues/{i + 1}" for i in range(count)),
    )


def _events(random: np.random.Generator, created: Instants, persons: int) -> Events:
    count = len(created)
    kinds = np.array([EventKind.COMMENT, EventKind.REVIEW, EventKind.CLOSED], dtype=np.uint8)
    waits = np.sort(random.integers(1, 60 * DAY, (count, 3)), axis=1)
    return Events(
        item=np.repeat(np.arange(count, dtype=np.int32), 3),
        at=(created[:, None] + waits).ravel(),
        kind=np.tile(kinds, count),
        actor=random.integers(0, persons, count * 3).astype(np.int32),
        actor_kind=np.zeros(count * 3, dtype=np.uint8),
        verdict=np.zeros(count * 3, dtype=np.uint8),
    )


def months(count: int) -> list[int]:
    end = np.datetime64("2026-01", "M")
    starts = end - np.arange(count)
    return sorted(int(month) for month in starts.astype("datetime64[s]").astype(np.int64))


def measure(activity: Activity, dates: list[int], spent: Counter[str] | None = None) -> int:
    """Every metric and the judgement at every date; how many values were it?"""
    count = 0
    for as_of in dates:
        values: dict[str, Value] = {}
        for metric in METRICS:
            began = time.process_time_ns()
            values[metric.key] = metric.compute(activity, as_of)
            if spent is not None:
                spent[metric.key] += time.process_time_ns() - began
        judge(activity, as_of, (), values)
        count += len(values)
    all_events(activity, first_event(activity), dates[-1])
    return count


def _one_usual(seed: int) -> tuple[int, float]:
    began = time.process_time()
    values = measure(synthetic(seed, 1500, 400), months(60))
    return values, time.process_time() - began


def usual(projects: int) -> float:
    """Seconds in which two cores measure 1,000 usual projects, told from some of them."""
    with multiprocessing.Pool(2) as pool:
        done = list(pool.imap_unordered(_one_usual, range(projects)))
    values, seconds = sum(each[0] for each in done), sum(each[1] for each in done)
    told = seconds * 1000 / projects / 2
    print(
        f"usual: {projects} projects × 60 months × {len(METRICS)} metrics = {values} values in "
        f"{seconds:.1f} s of processor, {seconds / values * 1e6:.0f} µs each; "
        f"1,000 projects on two cores in {told:.0f} s (≤ {PORTFOLIO_SECONDS})"
    )
    return told


def busy(count: int = 120) -> float:
    """Seconds of processor for the whole history of a busy project."""
    activity, spent = synthetic(1, 16_000, 10_000, count / 12), Counter[str]()
    began = time.process_time()
    measure(activity, months(count), spent)
    seconds = time.process_time() - began
    print(
        f"busy: 16,000 commits, 10,000 items, {count} months in {seconds:.2f} s of processor "
        f"(≤ {BUSY_SECONDS})"
    )
    for key, nanoseconds in spent.most_common(12):
        print(f"  {key:40} {nanoseconds / 1e6 / count:8.3f} ms a month")
    return seconds


def million() -> float:
    """Megabytes that measuring a project of a million commits takes at most."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    activity = synthetic(1, 1_000_000, 1000, 15)
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measure(activity, months(12))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"million: {time.perf_counter() - began:.1f} s; MB before {before >> 10}, with the "
        f"activity {made >> 10}, at most {peak >> 10} (≤ {MILLION_MEGABYTES})"
    )
    return peak >> 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["million", "busy", "usual"])
    parser.add_argument("--projects", type=int, default=1000)
    chosen = parser.parse_args()
    runs: dict[str, tuple[Callable[[], float], float]] = {
        "million": (million, MILLION_MEGABYTES),
        "busy": (busy, BUSY_SECONDS),
        "usual": (lambda: usual(chosen.projects), PORTFOLIO_SECONDS),
    }
    missed = [what for what in chosen.what if runs[what][0]() > runs[what][1]]
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
