"""How long does a page take? ``python -m benchmarks.dashboard [projects | database URL]``.

Runs every page as Streamlit does, on a portfolio of 1,000 projects × 5 years (or on the database
that ``demo --projects 1000`` made), caches warm as after the server's start, garbage frozen as
the server freezes it; prints median and p95 of the time that passes, and of the processor's.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from altair.utils import schemapi

from dashboard import data, settings
from dashboard.sections import SECTIONS
from tests.dashboard_app import open_page
from tests.dashboard_data import build

Query = dict[str, str | list[str]]
PAGES: tuple[tuple[str, Query], ...] = (
    ("", {}),
    ("", {"picture": "time"}),
    ("", {"all": "true"}),
    ("projects", {}),
    ("projects", {"q": "city", "sort": "wait"}),
    ("project", {"p": "project-3"}),
    *(("project", {"p": "project-3", "s": code}) for code, _title, _section in SECTIONS[1:]),
    ("compare", {"p": ["project-3", "project-3"]}),
    ("people", {}),
    ("people", {"s": "persons"}),
    ("people", {"s": "suppliers"}),
    ("what-if", {}),
    ("what-if", {"without": "supplier:supplier-x"}),
    ("ospos", {}),
    ("ospos", {"s": "questions"}),
    ("ospos", {"s": "time"}),
    ("ospos", {"s": "lists"}),
    ("data", {}),
    ("data", {"s": "coverage"}),
    ("data", {"s": "shelf"}),
    ("method", {}),
    ("about", {}),
)
RUNS = 20
TARGET, TARGET_OF_MANY, MANY = 0.3, 1.0, 5_000
"""Seconds at p95, and at so many projects."""


def measured(
    url: str, path: str, query: dict[str, str | list[str]]
) -> tuple[list[float], list[float]]:
    """Seconds that passed, and that the processor worked, for each of some runs of a page."""
    app = open_page(url, path, **query)
    passed, worked = [], []
    for _ in range(RUNS):
        began, started = time.perf_counter(), time.process_time()
        app.run()
        passed.append(time.perf_counter() - began)
        worked.append(time.process_time() - started)
    assert not app.exception
    return passed, worked


def _said(taken: list[float]) -> str:
    p95 = statistics.quantiles(taken, n=20)[-1]
    return f"median {statistics.median(taken) * 1000:4.0f} ms  p95 {p95 * 1000:4.0f} ms"


def main() -> int:
    """Print a line per page; exit 1 when one is beyond the target."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "1000"
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        url = asked if "://" in asked else build(Path(folder) / "portfolio.db", int(asked))
        settings.use(settings.Settings(url))
        started = time.perf_counter()
        state = data.look(url)
        assert state.source
        state.source.warm()
        warmed = time.perf_counter() - started
        rows = state.source.projects()
        print(f"{len(rows)} projects, caches warmed in {warmed:.2f} s; load {os.getloadavg()[0]}")
        schemapi.disable_debug_mode()
        gc.collect()
        gc.freeze()
        for path, given in PAGES:
            mine = {"p": rows[3].key} if isinstance(given.get("p"), str) else {}
            mine |= {"p": [row.key for row in rows[3:8]]} if path == "compare" else {}
            query = given | mine
            passed, worked = measured(url, path, query)
            worst = max(worst, statistics.quantiles(worked, n=20)[-1])
            shown = (
                "/" + path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
            )
            print(f"{shown:36} passed: {_said(passed)} · processor: {_said(worked)}", flush=True)
    return int(worst > (TARGET_OF_MANY if len(rows) >= MANY else TARGET))


if __name__ == "__main__":
    sys.exit(main())
