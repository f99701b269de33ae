"""``schedule``: passes at the configured times, until stopped."""

from __future__ import annotations

from threading import Event

from collector import schedule
from collector.commands.collect import ending
from collector.commands.common import configuration
from collector.progress import Lines
from collector.run import open_pass


def serve() -> int:
    """Collect on the configured schedule; 0 when stopped."""
    return schedule.serve(configuration(), collect)


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
