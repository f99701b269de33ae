"""Every measurement in a short form, as one table: ``make bench``, or ``python -m benchmarks``.

Times are of the processor, or ratios to something else measured in the same run, so that a busy
machine does not matter much; each benchmark by itself says more and measures longer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import cast

from benchmarks import again, catalogue, dashboard, measure, road, startup, store, walk
from benchmarks.table import HEAD, Row

COMMITS = 60_000


def number(found: dict[str, object], key: str) -> float:
    return float(cast("float", found[key]))


def starting() -> Iterator[Row]:
    found = startup.main(5)
    spent = cast("dict[str, float]", found["processor_seconds"])
    yield Row("check: processor time until it has answered", startup.TARGET, spent["check"], "s")


def walking() -> Iterator[Row]:
    found = walk.main(COMMITS, 3)
    yield Row("walk: time over git log's", walk.TARGET, number(found, "ratio_median"), "×")
    yield Row("walk: peak memory", walk.MEGABYTES, number(found, "collector_peak_mb"), "MB")


def storing() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = store.writing(f"sqlite:///{Path(folder) / 'w.db'}", COMMITS)
    what = "store: new rows over a bare executemany (SQLite)"
    yield Row(what, 0.25, found["new_to_bare"], "×", least=True)


def measuring() -> Iterator[Row]:
    yield Row(
        "measure: 1,000 projects × 60 months", measure.PORTFOLIO_SECONDS, measure.usual(8), "s"
    )
    for name, ratio in again.ratios(24).items():
        yield Row(f"measure again: {name}, over all", again.RATIOS[name], ratio, "×")
    yield Row("measure: a busy project's ten years", measure.BUSY_SECONDS, measure.busy(), "s")


def whole_road() -> Iterator[Row]:
    found = road.main(COMMITS)
    size = f"{COMMITS:,} commits"
    yield Row(
        f"collect: memory until {size} are stored", road.WALKING, number(found, "walking_mb"), "MB"
    )
    yield Row(f"measure: memory with {size}", road.MEASURING, number(found, "measuring_mb"), "MB")


def listing() -> Iterator[Row]:
    found = catalogue.main()
    what = f"catalogue: memory of {catalogue.ENTRIES:,} entries"
    yield Row(what, catalogue.MEGABYTES, found["peak_mb"], "MB")


def by_themselves() -> Iterator[Row]:
    """Benchmarks that keep their own limits: one line each, 0 where all are kept."""
    for name in ("github", "gitlab"):
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        done = subprocess.run(command, check=False, capture_output=True)
        if b"Skipped: " in done.stderr:  # what it needs is not here
            continue
        yield Row(f"{name}: exit status of its own limits", 0.5, done.returncode, "")


STATIONS: tuple[Callable[[], Iterator[Row]], ...] = (
    starting, walking, storing, measuring, whole_road, listing, by_themselves, dashboard.rows,
)  # fmt: skip


def main() -> int:
    """Print the table as it comes; 1 if a target is missed."""
    print(HEAD, flush=True)
    missed = 0
    for station in STATIONS:
        with redirect_stdout(StringIO()):
            rows = list(station())
        for row in rows:
            print(row, flush=True)
            missed += not row.met
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
