"""One pass: read every repository's git, measure; read the forges, measure. Failures stay alone.

A repository that cannot be read is named and the others go on; what was stored stays. Each
repository is read under a run number of its own (the fence of SCALE.md).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from collector import clock, git, measure, portfolio, service, weekly
from collector.accounts import AI_ASSISTANTS, AI_MAILS, BOTS, Pseudonyms, names_ai
from collector.config import Config
from collector.discovery import Discovery
from collector.forge import Cost, ForgeError, Interrupted, Unavailable
from collector.forge_stage import ForgeStage
from collector.forges import GitTokens
from collector.model import GitReading, Instant, RepositoryState
from collector.moves import new_address
from collector.outcome import (
    NOT_TRIED,
    Outcome,
    Result,
    SourceResult,
    failure,
    is_of_host,
    log_failures,
    state_of,
)
from collector.owners import Owners
from collector.progress import Lines, Reporter
from collector.stopping import worked
from collector.store import migrate, read, write
from collector.store.engine import connect
from collector.store.forget import forget_people, forget_unmentioned
from collector.store.lock import one_pass
from collector.store.read import Target
from collector.store.write_records import write_files_changed, write_git

log = logging.getLogger("ospo_vitals.run")

READERS = 4
"""Repositories read at a time: reading waits for the network, not for this machine."""

SIGNAL_SECONDS = 1
"""A terminal's Ctrl-C may end git before it reaches us."""

HOST_IS_DOWN_AFTER = 3
"""Repositories of one host that fail for the host's sake before the rest are not tried."""


class Hosts:
    """Which hosts are down in this pass, so that a thousand repositories do not each wait."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._lock = Lock()

    def is_down(self, host: str) -> bool:
        with self._lock:
            return bool(host) and self._failures[host] >= HOST_IS_DOWN_AFTER

    def is_silent(self, host: str) -> bool:
        """Did the last repositories that were asked for there get no answer?"""
        with self._lock:
            return self._failures[host] > 0

    def failed(self, host: str) -> None:
        with self._lock:
            self._failures[host] += 1

    def answered(self, host: str) -> None:
        with self._lock:
            self._failures[host] = 0


def pseudonyms(data_dir: Path) -> Pseudonyms:
    """The key that pseudonyms are made with; made once, readable by its owner alone."""
    path = data_dir / "keys" / "pseudonyms.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(draft)  # whoever comes first wins; nobody overwrites a key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Pseudonyms(path.read_bytes())


def identity_digest(bots: Sequence[str]) -> str:
    """Which rules tell humans from bots? When they change, histories are walked again."""
    rules = [*sorted(BOTS), *sorted(AI_ASSISTANTS), *sorted(AI_MAILS), "·", *sorted(bots)]
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]


def forget(engine: Engine, config: Config, now: Instant) -> None:
    """Facts about people that are older than configuration keeps lose their person."""
    months = config.privacy.retention_months
    if months is not None:
        forgotten = forget_people(engine, clock.months_before(now, months))
        if forgotten:
            log.info(
                "%d facts are older than %d months: who it was is forgotten", forgotten, months
            )


# ---------------------------------------------------------------- the pass


@dataclass(slots=True)
class Pass:
    """Everything that one pass needs, and the order of its stations."""

    config: Config
    engine: Engine
    reporter: Reporter = field(default_factory=Lines)
    stop: Event = field(default_factory=Event)
    full: bool = False
    now: Callable[[], Instant] = clock.now
    hosts: Hosts = field(default_factory=Hosts)
    git_tokens: GitTokens = field(default_factory=GitTokens)
    pseudonyms: Pseudonyms = field(init=False)

    def __post_init__(self) -> None:
        self.pseudonyms = pseudonyms(self.config.data_dir)
        # Clones hold names and addresses of authors: nobody else has to enter.
        (self.config.data_dir / "clones").mkdir(mode=0o700, parents=True, exist_ok=True)

    def collect(
        self, projects: Sequence[str] = (), git_is_read: Callable[[], None] = lambda: None
    ) -> Outcome:
        """Read and measure once. ``git_is_read`` is told when the first figures stand.

        Raises ``PassRunning`` when another pass works on this database, ``UnfitMachine``
        where git is missing or too old.
        """
        git.require_git(self.config.environment)
        with one_pass(self.engine):
            migrate.upgrade(self.engine)
            run = write.start_run(self.engine, "collect", self.now())
            sources = self.discover(read=not projects or self.full)
            service.read_outcomes(self.engine, self.config)
            targets = read.targets(self.engine, projects)
            results = self.read_git(targets)
            self.read_owners(targets)
            forget(self.engine, self.config, self.now())
            measured = self.measure(projects)
            git_is_read()
            results += self.read_forges(targets)
            forget(self.engine, self.config, self.now())
            if any(result.changed for result in results):
                forget_unmentioned(self.engine)
            measured = max(measured, self.measure(projects))
            outcome = Outcome(tuple(results), measured, self.stop.is_set(), tuple(sources))
            write.finish_run(self.engine, run, self.now(), outcome.exit_code, outcome.summary())
        return outcome

    def discover(self, *, read: bool = True) -> list[SourceResult]:
        """Look for repositories that are in no project yet, and register the portfolio."""
        # What is configured now decides what of the found is claimed.
        portfolio.register(self.engine, portfolio.with_found(self.engine, self.config))
        found = Discovery(
            self.config, self.engine, self.reporter, self.stop, self.now, self.full
        ).run(read=read)
        portfolio.register(self.engine, portfolio.with_found(self.engine, self.config))
        return found

    def measure(
        self, projects: Sequence[str] = (), as_of: Instant | None = None, *, anew: bool = False
    ) -> int:
        """Measure what changed, or, ``anew``, everything; how many projects were it?"""
        if self.stop.is_set():
            return 0  # whoever waits for the end is not kept; the next pass measures
        at = clock.today(self.now()) if as_of is None else as_of
        config = portfolio.with_found(self.engine, self.config)
        lists, thresholds = portfolio.checklists(config), portfolio.thresholds(config)
        digests = portfolio.digests(config, lists)
        tasks = [
            each
            for state in read.project_states(self.engine, projects)
            if state.key in digests
            and (
                each := measure.task(
                    state,
                    digests[state.key],
                    thresholds[state.key],
                    lists[state.key],
                    at,
                    anew=anew,
                    dated=as_of is not None,
                )
            )
        ]
        self.reporter.begin("Measuring", len(tasks))
        people = portfolio.who(config, self.pseudonyms)
        measured = measure.measure_all(
            self.engine, tasks, people, at, self.reporter.step, self.stop
        )
        weekly.store_entries(self.engine, config, self.now())
        return measured

    def read_forges(self, targets: Sequence[Target]) -> list[Result]:
        """Read issues, change requests and releases where a host can tell of them."""
        if self.stop.is_set():
            return []
        stage = ForgeStage(
            self.config,
            self.engine,
            self.pseudonyms,
            self.reporter,
            self.stop,
            self.now,
            self.full,
        )
        # A host whose git does not answer has said so; its forge is not waited for too.
        return stage.read([each for each in targets if not self.hosts.is_silent(each.host)])

    # ------------------------------------------------------------ git

    def read_git(self, targets: Sequence[Target]) -> list[Result]:
        """Read the git of each repository, several at a time; none stops another."""
        self.reporter.begin("Reading git", len(targets))
        with ThreadPoolExecutor(READERS, thread_name_prefix="git") as pool:
            read = worked(pool, self._read_one, ((target,) for target in targets))
        results = [result for result in read if result]
        log_failures(log, results)
        return results

    def read_owners(self, targets: Sequence[Target]) -> None:
        """Read the community files that owners keep for all of their repositories."""
        stage = Owners(
            self.engine,
            self._options,
            lambda place: clone_folder(self.config.data_dir, place),
            self.stop,
            self.now,
            self.full,
        )
        stage.read([each for each in targets if not self.hosts.is_silent(each.host)])

    def _read_one(self, target: Target) -> Result | None:
        if self.stop.is_set():
            return None
        run_id = write.begin(self.engine, target.id, self.now())
        cost, began = Cost(), time.monotonic()
        try:
            result = self._read_git(target, run_id, cost, began)
        except write.StaleRun:
            log.info("%s is being read by another process; left to it", target.url)
            return None
        except Exception as error:
            if isinstance(error, Interrupted) and self.stop.wait(SIGNAL_SECONDS):
                return None  # not its fault; the next pass reads it
            if not isinstance(error, (ForgeError, OSError, OperationalError)):
                log.exception("reading %s failed for a reason that is ours", target.url)
            if is_of_host(error):
                self.hosts.failed(target.host)
            result = self._failed(target, run_id, cost, error)
        else:
            self.hosts.answered(target.host)
            _say_recovered(target)
        self.reporter.step(target.url)
        return result

    def _read_git(self, target: Target, run_id: int, cost: Cost, began: float) -> Result:
        if self.hosts.is_down(target.host):
            raise Unavailable(
                f"{target.host} did not answer for other repositories in this pass, so this one "
                f"{NOT_TRIED}. The next pass tries again."
            )
        options = self._options(target)
        clone = clone_folder(self.config.data_dir, target)
        cursor = None if self.full else target.git_cursor
        url = new_address(target.url, target.canonical_url) or target.url
        answer = git.read(url, clone, cursor, options, identity_digest(self.config.bots))
        cost.requests += 1
        cost.git_bytes = answer.bytes_received
        cost.seconds = round(time.monotonic() - began, 3)
        if isinstance(answer, GitReading):
            write_git(
                self.engine, target.id, run_id, answer, self.pseudonyms, self.config.bots,
                self.now(), cost,
            )  # fmt: skip
        else:
            write.confirm_git(self.engine, target.id, run_id, self.now(), cost)
        self._size_dumps(target, run_id, clone, options)
        git.settle(clone)
        empty = isinstance(answer, GitReading) and answer.head is None
        return Result(
            target,
            RepositoryState.EMPTY if empty else RepositoryState.OK,
            changed=isinstance(answer, GitReading),
        )

    def _size_dumps(
        self, target: Target, run_id: int, clone: Path, options: git.GitOptions
    ) -> None:
        """How many files do the commits touch that come after a long pause (dumped_share)?"""
        candidates = read.dump_candidates(self.engine, target.id)
        if candidates:
            sizes = git.changed_files(clone, candidates, options)
            write_files_changed(self.engine, target.id, run_id, sizes)

    def _options(self, target: Target) -> git.GitOptions:
        forge = self.config.forge(target.host)
        forge = forge.of(target.url) if forge else None
        return git.GitOptions(
            names_ai=names_ai,
            upstream=target.upstream,
            token=self.git_tokens.of(forge) if forge else None,
            proxy=forge.proxy if forge else None,
            ca_bundle=forge.ca_bundle if forge else None,
            allow_http=bool(forge and forge.base_url.startswith("http://")),
            allow_local=self.config.allow_local,
            environment=self.config.environment,
            full=self.full,
        )

    def _failed(self, target: Target, run_id: int, cost: Cost, error: Exception) -> Result:
        """Note the failure."""
        state, why = state_of(error), failure(error)
        new = target.git_error is None
        log.debug("%s: %s", target.url, why)
        try:
            write.fail(self.engine, target.id, run_id, self.now(), state, why, cost)
        except (write.StaleRun, OperationalError) as trouble:
            log.warning("the failure of %s could not be noted: %s", target.url, trouble)
        return Result(target, state, error=why, told=new, of_host=is_of_host(error))


def clone_folder(data_dir: Path, target: Target) -> Path:
    """Where our copy of a repository's git lies: its name to recognise, its key to be sure."""
    name = target.url.removesuffix("/").removesuffix(".git").rpartition("/")[2]
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:40]
    mark = hashlib.sha256(target.key.encode()).hexdigest()[:16]
    return data_dir / "clones" / f"{safe}-{mark}.git"


def _say_recovered(target: Target) -> None:
    if target.state is RepositoryState.PENDING:
        log.info("%s: read for the first time", target.url)
    elif target.state in (RepositoryState.FAILED, RepositoryState.GONE, RepositoryState.LIMITED):
        log.info("%s: can be read again", target.url)


def open_pass(config: Config, reporter: Reporter, stop: Event | None = None) -> Pass:
    """A pass over the configured database."""
    return Pass(config, connect(config.database_url), reporter, stop or Event())
