"""How long do all metrics take over the whole monthly history of a project?

Run ``python -m benchmarks.metrics``. Figures are seconds of processor. One big project (16,000
commits, 10,000 items, 50,000 events, ten years) must take ≤ 3 s; of usual ones, 1,000 × 60
months must fit into 5 minutes on two cores, which is told from 20.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from collector.metrics import METRICS
from collector.model import (
    DAY,
    Activity,
    Commits,
    Credits,
    Events,
    Items,
    Project,
    Repository,
    TagFact,
)
from collector.status import standing

BIG_SECONDS, PORTFOLIO_SECONDS = 3.0, 300.0
START = 1_400_000_000
MONTH = 30 * DAY


def project(commits: int, items: int, events: int, years: int, people: int) -> Activity:
    """An invented project, the same on every run."""
    dice, span = np.random.default_rng(1), years * 365 * DAY
    time_ = np.sort(dice.integers(START, START + span, commits))
    arrival = time_ + dice.integers(0, 3 * DAY, commits)
    author = dice.integers(0, people, commits).astype(np.int32)
    none = np.zeros(commits, dtype=np.int32)
    change = np.arange(commits, dtype=np.int32) // 3
    created = np.sort(dice.integers(START, START + span, items))
    item = np.sort(dice.integers(0, items, events)).astype(np.int32)
    at = created[item] + dice.integers(0, 60 * DAY, events)
    order = np.lexsort((at, item))
    merged = dice.integers(0, commits // 3, items)
    repository = Repository("https://github.com/city/app", read_until=2**40, forge_read_until=2**40)
    return Activity(
        Project("app", country="SK"),
        (repository,),
        Commits(time_, arrival, author, none.astype(np.uint8), none > 0, none, none - 1, change),
        Credits(time_, arrival, author, np.arange(commits, dtype=np.int32)),
        Items(
            created,
            dice.integers(0, 2, items).astype(np.uint8),
            dice.integers(-1, people, items).astype(np.int32),
            np.where(dice.random(items) < 0.2, 3, 0).astype(np.uint8),
            np.arange(items, dtype=np.int32),
            np.zeros(items, dtype=np.int32),
            np.where(dice.random(items) < 0.5, merged, -1).astype(np.int32),
        ),
        Events(
            item[order],
            at[order],
            dice.integers(0, 8, events).astype(np.uint8),
            dice.integers(-2, people, events).astype(np.int32),
            np.zeros(events, dtype=np.uint8),
            np.zeros(events, dtype=np.uint8),
        ),
        tuple(TagFact(f"v1.{i}", START + i * span // 100, 0) for i in range(100)),
        (),
        tuple(f"Developer {i}" for i in range(people)),
        (),
    )


def measured(activity: Activity, months: int) -> float:
    """Seconds of processor for every metric and the status at the start of so many months."""
    begun = time.process_time()
    for month in range(1, months + 1):
        for metric in METRICS:
            metric.compute(activity, START + month * MONTH)
        standing(activity, START + month * MONTH)
    return time.process_time() - begun


def main() -> int:
    """Print the figures; 1 if a target is missed."""
    big = measured(project(16_000, 10_000, 50_000, 10, 120), 120)
    print(f"one big project, 120 months: {big:.2f} s (target ≤ {BIG_SECONDS:g} s)")
    usual = [project(600, 150, 500, 5, 15) for _ in range(20)]
    each = sum(measured(one, 60) for one in usual) / len(usual)
    portfolio = each * 1000 / 2
    print(
        f"1,000 usual projects, 60 months, {len(METRICS)} metrics, two cores: "
        f"{portfolio:.0f} s (target ≤ {PORTFOLIO_SECONDS:g} s), "
        f"{each / 60 / len(METRICS) * 1e6:.0f} µs per value"
    )
    return int(big > BIG_SECONDS or portfolio > PORTFOLIO_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
