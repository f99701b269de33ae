"""How long does the server work for each page? ``python -m benchmarks.dashboard [projects]``.

Runs every page as Streamlit does, on a portfolio of 1,000 projects × 5 years, caches warm as
after the server's start, garbage frozen as the server freezes it; prints median and p95.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from pathlib import Path

from altair.utils import schemapi

from dashboard import data, settings
from tests.dashboard_app import open_page
from tests.dashboard_data import build

PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("", {"picture": "time"}),
    ("projects", {}),
    ("projects", {"q": "city", "sort": "wait"}),
    ("project", {"p": "project-3"}),
    ("project", {"p": "project-3", "s": "figures"}),
    ("project", {"p": "project-3", "s": "sources"}),
    ("data", {}),
    ("data", {"s": "coverage"}),
    ("method", {}),
    ("about", {}),
)
RUNS = 20
TARGET = 0.3


def measured(url: str, path: str, query: dict[str, str]) -> list[float]:
    """Seconds of server time for each of some runs of a page."""
    app = open_page(url, path, **query)
    taken = []
    for _ in range(RUNS):
        started = time.process_time()  # other work of the machine does not count
        app.run()
        taken.append(time.process_time() - started)
    assert not app.exception
    return taken


def main() -> int:
    """Print a line per page; exit 1 when one is beyond the target."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        url = build(Path(folder) / "portfolio.db", count)
        settings.use(settings.Settings(url))
        started = time.perf_counter()
        state = data.look(url)
        assert state.source
        state.source.warm()
        print(f"{count} projects, caches warmed in {time.perf_counter() - started:.2f} s")
        schemapi.disable_debug_mode()
        gc.collect()
        gc.freeze()
        for path, query in PAGES:
            taken = measured(url, path, query)
            p95 = statistics.quantiles(taken, n=20)[-1]
            worst = max(worst, p95)
            shown = (
                "/" + path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
            )
            middle = statistics.median(taken)
            print(f"{shown:32} median {middle * 1000:6.0f} ms  p95 {p95 * 1000:6.0f} ms")
    return int(worst > TARGET)


if __name__ == "__main__":
    sys.exit(main())
