"""``collect`` and ``measure``: one pass, its exit status, and what a person is told at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from threading import Event

from collector import clock
from collector.commands.common import as_of, configuration, known_projects
from collector.outcome import NAMED, Outcome, Shared, shared
from collector.progress import reporter
from collector.run import open_pass
from collector.stopping import GENTLY, stopped_by_signals
from collector.store import migrate
from collector.transport.limits import spoken

LIMITED = 4
MARGIN = 5
"""Seconds after the end of a limit, since clocks differ."""


def collect(projects: tuple[str, ...], *, full: bool, wait: bool = False) -> int:
    """Read and measure once; 0, 1, 3 or 4 as PRODUCT.md says. ``wait``: limits are sat out."""
    config = configuration()
    known_projects(config, projects)
    stop = Event()
    with reporter() as bar, stopped_by_signals(stop, GENTLY) as heard:
        one = open_pass(config, bar, stop)
        one.full = full
        outcome = one.collect(projects)
        while wait and outcome.exit_code == LIMITED and outcome.goes_on is not None:
            pause = outcome.goes_on - clock.now() + MARGIN
            print(f"Waiting until {spoken(outcome.goes_on)}.", file=sys.stderr)
            if stop.is_set() or (pause > 0 and stop.wait(pause)):
                break
            outcome = one.collect(projects)
    for line in ending(outcome):
        print(line, file=sys.stderr)
    return heard.exit_code or outcome.exit_code


def measure(date: str | None) -> int:
    """Compute everything again from the stored records.

    Of an earlier date than the last measuring only the months up to it: nothing later is lost.
    """
    config = configuration()
    stop = Event()
    with reporter() as bar, stopped_by_signals(stop, GENTLY) as heard:
        one = open_pass(config, bar, stop)
        migrate.upgrade(one.engine)
        measured = one.measure((), None if date is None else as_of(date), anew=True)
    if not measured and not heard.number:
        print("Nothing is collected yet. Start with: ospo-vitals collect", file=sys.stderr)
    return heard.exit_code or 0


def ending(outcome: Outcome) -> Iterable[str]:
    """Nothing, where everything was read and nobody watches: cron stays quiet."""
    watched = sys.stderr.isatty()
    if not outcome.failed and not outcome.failed_sources and not watched:
        return
    counts = outcome.summary()
    yield "Stopped: " * outcome.stopped + (
        f"{counts['repositories'] - counts['failed']} of {counts['repositories']} repositories "
        f"read ({counts['changed']} had changed), {outcome.measured} projects measured."
    )
    if outcome.failed:
        as_before = [result for result in outcome.failed if not result.told]
        yield "Not read; what was stored of them stays, and the next pass tries again" + (
            ":" if as_before else "."
        )
        yield from map(_lines, shared(as_before))
    if any(len(group.results) > NAMED for group in shared(outcome.failed)):
        yield "Each of them with its reason: ospo-vitals status"
    if outcome.is_cut_off:
        yield "No host answered. Is this machine's network all right? Test it: ospo-vitals doctor"
    for source in outcome.failed_sources:
        yield f"Not searched for repositories: {source.title}\n    {source.error}"
    if watched and not outcome.failed and not outcome.stopped:
        yield "See them with: ospo-vitals dashboard"


def _lines(group: Shared) -> str:
    first = group.results[0].target
    whose = f"{first.project}: " if len(group.results) == 1 else ""
    return f"  {whose}{group.who}\n    {group.why}"
