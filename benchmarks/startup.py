"""How long until the commands answer? ``python -m benchmarks.startup [runs]``.

Wall time and processor time of ``check`` on the shipped configuration, beside a bare Python and
the import of pydantic, in alternating order; ``check`` must answer in ≤ 0.5 s on an idle core,
so the processor time is what counts on a busy machine. ``status`` and ``metrics`` are started
with ``--help`` of nothing: their imports alone are timed.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

TARGET = 0.5
ROOT = Path(__file__).parent.parent
WAYS = {
    "bare": ["-c", "pass"],
    "pydantic": ["-c", "import pydantic"],
    "check": ["-m", "collector", "check"],
    "status_imports": ["-c", "import collector.commands.status"],
    "metrics_imports": ["-c", "import collector.commands.metrics"],
}


def once(words: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of one process."""
    # Compiled modules may be written: what is measured is the second start, not the first.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["OSPO_VITALS_CONFIG"] = str(ROOT / "config")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent


def main(runs: int = 15) -> dict[str, object]:
    """Measure, and say whether the target is met."""
    for words in WAYS.values():
        once(words)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for _ in range(runs):
        for name, words in WAYS.items():
            taken[name].append(once(words))
    middle = {name: statistics.median(each[1] for each in taken[name]) for name in WAYS}
    fastest = min(wall for wall, _ in taken["check"])
    return {
        "processor_seconds": {name: round(value, 3) for name, value in middle.items()},
        "check_wall_fastest": round(fastest, 3),
        "check_wall_median": round(statistics.median(wall for wall, _ in taken["check"]), 3),
        "check_over_bare": round(middle["check"] / middle["bare"], 1),
        "check_over_pydantic": round(middle["check"] / middle["pydantic"], 1),
        "check_met": min(fastest, middle["check"]) <= TARGET,
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:2])), indent=1))
