"""``schedule``: passes and reports at the configured times, until stopped."""

from __future__ import annotations

import subprocess
import sys
from threading import Event

from collector import schedule
from collector.commands.collect import ending
from collector.commands.common import configuration
from collector.progress import Lines
from collector.run import open_pass
from collector.stopping import HEARD_WITHIN_SECONDS


def serve() -> int:
    """Collect, and write reports, on the configured schedule; 0 when stopped."""
    return schedule.serve(configuration(), collect, report)


def collect(stop: Event) -> int:
    """One pass with the configuration as it stands now, not as it stood when we began."""
    one = open_pass(configuration(), Lines(), stop)
    try:
        outcome = one.collect()
    finally:
        one.engine.dispose()
    for line in ending(outcome):
        schedule.log.warning("%s", line)
    return outcome.exit_code


def report(stop: Event) -> int:
    """The last month's report of every OSPO, in a process of its own.

    What drawing takes in memory is given back, and a stop need not wait for it.
    """
    folder = configuration().data_dir / "reports"
    words = [sys.executable, "-m", "collector", "report", "--all", "--out", str(folder)]
    process = subprocess.Popen(words)
    while process.poll() is None:
        if stop.wait(HEARD_WITHIN_SECONDS):
            process.terminate()
            process.wait()
    return process.returncode
