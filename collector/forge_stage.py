"""Reading the forges: a heartbeat for all repositories of a host, pages for those that moved.

Each page is written with its cursor in one transaction, so a stop at any moment loses at most
one page of work. After a walk our counts are compared with the forge's own; where they differ
for a new reason, everything is read again, once.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from sqlalchemy import Engine

from collector.accounts import Pseudonyms
from collector.address import address
from collector.config.values import Config, ForgeConfig
from collector.forge import Cost, Forge, ForgeError, Page, Pulse, RateLimited
from collector.forges import FORGES, open_forge
from collector.host_kinds import HostKinds
from collector.model import DAY, Instant, RepositoryState
from collector.moves import new_address
from collector.outcome import Result, failure, is_of_host, log_failures, state_of
from collector.progress import Reporter
from collector.stopping import worked
from collector.store import hosts, read, write
from collector.store.read import Target
from collector.store.write_records import write_page, write_pulse

log = logging.getLogger("ospo_vitals.forges")

AT_ONCE = 8
"""Credentials that are used at a time, each for one request at a time."""
SWEEP_DAYS = 30
"""In how many days every repository is looked through for changes that moved no date."""


@dataclass(slots=True)
class ForgeStage:
    """The part of a pass that asks forges. One credential asks one thing at a time."""

    config: Config
    engine: Engine
    pseudonyms: Pseudonyms
    reporter: Reporter
    stop: Event
    now: Callable[[], Instant]
    full: bool = False

    def read(self, targets: Sequence[Target]) -> list[Result]:
        """Read what moved on every forge; each credential asks for itself, side by side."""
        by_credential: dict[ForgeConfig, list[Target]] = defaultdict(list)
        forges = HostKinds(self.config, self.engine, self.now()).forges(
            {target.host for target in targets}
        )
        for target in targets:
            forge = forges.get(target.host)
            if forge is not None and forge.kind in FORGES:
                by_credential[forge.of(target.url)].append(target)
        self.reporter.begin("Reading forges", sum(map(len, by_credential.values())))
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="forge") as pool:
            done = worked(pool, self._with_one, by_credential.items())
            results = [result for results in done for result in results]
        log_failures(log, results)
        return results

    def _with_one(self, config: ForgeConfig, targets: Sequence[Target]) -> list[Result]:
        """Read what one credential is for; a limit on it is no limit on the others."""
        try:
            forge = open_forge(config)
        except ForgeError as error:
            return [self._failed(target, error, Cost()) for target in targets]
        if forge is None:
            return []
        forge.remember(hosts.allowances(self.engine))
        try:
            return list(self._repositories(forge, targets))
        finally:
            hosts.put_allowances(self.engine, forge.allowances())
            forge.close()

    def _repositories(self, forge: Forge, targets: Sequence[Target]) -> Iterator[Result]:
        """One repository after the other; a limit ends the turn, nothing else does."""
        waiting = {target.url: target for target in targets}
        try:
            known = {each.url: each.forge_marker for each in targets if each.forge_marker}
            cursors = {each.url: each.forge_cursor for each in targets if each.forge_cursor}
            if self.full:
                cursors = {}
            due = [each.url for each in targets if self._slices_due(each, forge)]
            for pulse in forge.heartbeat(list(waiting), known, cursors, due):
                if self.stop.is_set():
                    return
                yield self._one(forge, waiting.pop(pulse.url), pulse, waiting)
        except ForgeError as error:
            for target in waiting.values():
                yield self._failed(target, error, Cost())

    def _one(
        self, forge: Forge, target: Target, pulse: Pulse, waiting: dict[str, Target]
    ) -> Result:
        """Read one repository; a limit puts it back among those that wait."""
        began = time.monotonic()
        try:
            if pulse.error is not None:
                raise pulse.error
            changed = self._moved(forge, target, pulse, began)
        except write.StaleRun:
            log.info("%s is being read by another process; left to it", target.url)
            return Result(target, target.state)
        except _Stopped:
            return Result(target, target.state, changed=True)
        except RateLimited:
            waiting[target.url] = target
            raise
        except ForgeError as error:
            return self._failed(target, error, _cost(forge, target, began))
        except Exception as error:
            log.exception("reading the forge of %s failed for a reason that is ours", target.url)
            return self._failed(target, error, _cost(forge, target, began))
        finally:
            self.reporter.step(target.url)
        return Result(target, RepositoryState.OK, changed=changed)

    def _moved(self, forge: Forge, target: Target, pulse: Pulse, began: float) -> bool:
        """Read what moved since last time, and the sweep's share; was it anything?"""
        run_id = write.begin(self.engine, target.id, self.now())
        write_pulse(self.engine, target.id, run_id, pulse, self.now())
        another = target.native_id is not None and pulse.facts.native_id != target.native_id
        full = self.full or another
        moved = pulse.marker != target.forge_marker if pulse.moved is None else pulse.moved
        changed = full or moved
        settled, cursor, reached = None, None if another else target.forge_cursor, None
        if changed:
            reached = self._walk(forge, target, run_id, cursor, full=full)
        swept, gone = 0, False
        if not full:
            swept, gone = self._sweep(forge, target, run_id, reached or cursor or "", pulse)
        # Of a repository that did not move, a forge may repeat the totals of last time.
        drift = self._drift(target, pulse) if changed else {}
        if any(drift.values()) and drift != target.settled_drift and not full:
            self._walk(forge, target, run_id, None, full=True)
            settled = self._drift(target, pulse)
        write.confirm_forge(
            self.engine,
            target.id,
            run_id,
            self.now(),
            # What vanished unnoticed may be in totals that are repeated: the next pass asks anew.
            "" if gone and not changed else pulse.marker,
            forge.lacks,
            settled_drift=settled,
            cost=_cost(forge, target, began),
            moved=self._moved_to(target, pulse),
            count=changed or swept > 0,
        )
        return changed or swept > 0

    def _moved_to(self, target: Target, pulse: Pulse) -> str | None:
        """What to say of a repository that has another address now; its old one is an alias."""
        there = new_address(target.url, pulse.facts.canonical_url)
        if there is None:
            return None
        write.put_alias(self.engine, address(there, self.config.hosts()).key, target.id)
        return (
            f"It has moved to {there} and is read there. Write that address into the portfolio;"
            " its records stay."
        )

    def _walk(
        self, forge: Forge, target: Target, run_id: int, cursor: str | None, *, full: bool
    ) -> str | None:
        return self._write(target, run_id, forge.pages(target.url, cursor, full=full))

    def _write(self, target: Target, run_id: int, pages: Iterator[Page]) -> str | None:
        """Write page after page; how far the last one reaches, if there was one."""
        cursor = None
        for page in pages:
            write_page(
                self.engine, target.id, run_id, page, self.pseudonyms, self.config.bots, self.now()
            )  # fmt: skip
            cursor = page.cursor
            if self.stop.is_set():
                raise _Stopped
        return cursor

    def _sweep(
        self, forge: Forge, target: Target, run_id: int, cursor: str, pulse: Pulse
    ) -> tuple[int, bool]:
        """Look through the share that is due for changes that moved no date.

        In how many slices was something, and is the number of items another one now?
        """
        due = self._slices_due(target, forge, max(pulse.totals.values(), default=0))
        before = read.item_counts(self.engine, target.id, None) if due else {}
        done = 0
        for _ in range(due):
            reached = self._write(target, run_id, forge.sweep(target.url, cursor))
            if reached is None:
                break
            cursor, done = reached, done + 1
        return done, done > 0 and read.item_counts(self.engine, target.id, None) != before

    def _slices_due(self, target: Target, forge: Forge, items: int = 0) -> int:
        return slices_due(target.id, target.forge_read_until, self.now(), items, forge.slice)

    def _drift(self, target: Target, pulse: Pulse) -> dict[str, int]:
        """By how much do our counts differ from those that the forge gave with its pulse?"""
        made_until = pulse.snapshot.at if pulse.snapshot else None
        ours = read.item_counts(self.engine, target.id, made_until)
        return {name: ours[name] - total for name, total in sorted(pulse.totals.items())}

    def _failed(self, target: Target, error: Exception, cost: Cost) -> Result:
        sentence = failure(error)
        if isinstance(error, RateLimited) and error.until and "goes on" not in sentence:
            at = datetime.fromtimestamp(error.until, UTC)
            sentence = f"{sentence.rstrip('. ')}. Reading goes on at {at:%H:%M} UTC."
        run_id = write.begin(self.engine, target.id, self.now())
        state = state_of(error)
        write.fail(self.engine, target.id, run_id, self.now(), state, sentence, cost, "forge")
        new = target.forge_error is None
        log.debug("%s: %s", target.url, sentence)
        until = error.until if isinstance(error, RateLimited) else None
        of_host = is_of_host(error)
        return Result(target, state, error=sentence, until=until, told=new, of_host=of_host)


def slices_due(
    repository_id: int, read_until: Instant | None, now: Instant, items: int, size: int
) -> int:
    """How many slices of the slow sweep came due since the last reading, so that a month sees all?

    Each repository has a night of its own for the first; larger ones are spread over all nights.
    What was read for the first time just now, or tonight before, is not due again; nights
    without a pass are made up for, a month of them with one look at everything.
    """
    if read_until is None:
        return 0
    slices = max(1, -(-items // size))

    def until(at: Instant) -> int:
        return slices * (at // DAY - repository_id) // SWEEP_DAYS

    return min(slices, max(0, until(now) - until(read_until)))


class _Stopped(Exception):
    """The pass was asked to stop; the next one goes on from the last page."""


def _cost(forge: Forge, target: Target, began: float) -> Cost:
    spent = forge.cost(target.url)
    return Cost(spent.requests, spent.points, 0, round(time.monotonic() - began, 3))
