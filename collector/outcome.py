"""How reading ended: of one repository, and of a pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from logging import Logger

from collector.forge import (
    ForgeError,
    RateLimited,
    RepositoryGone,
    RepositoryMoved,
    Unavailable,
)
from collector.model import N_, Instant, RepositoryState
from collector.store.engine import explain
from collector.store.read import Target


@dataclass(frozen=True, slots=True)
class Result:
    """How reading one repository ended. ``error`` None: it was read.

    ``until``: when a limit that stopped it ends. ``told``: the failure is new, and is logged.
    ``of_host``: it is the host that failed, so its other repositories say the same.
    """

    target: Target
    state: RepositoryState
    changed: bool = False
    error: str | None = None
    until: Instant | None = None
    told: bool = False
    of_host: bool = False


NAMED = 3
"""So many repositories that failed for one reason are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What several repositories failed for: said once, not once a repository."""

    results: tuple[Result, ...]

    @property
    def who(self) -> str:
        """Whom does it concern? One by its URL, several by their number and first names."""
        urls = [each.target.url for each in self.results]
        if len(urls) == 1:
            return urls[0]
        hosts = {each.target.host for each in self.results}
        host = hosts.pop() if len(hosts) == 1 else ""
        names = [url.partition(f"{host}/")[2] or url if host else url for url in urls[:NAMED]]
        rest = f" and {len(urls) - NAMED} more" if len(urls) > NAMED else ""
        return f"{host or 'Several places'}, {len(urls)} repositories ({', '.join(names)}{rest})"

    @property
    def why(self) -> str:
        """For what reason? Of a host that was given up, what the first who asked were told."""
        return min(self.results, key=lambda each: NOT_TRIED in (each.error or "")).error or ""


NOT_TRIED = N_("was not tried")
"""Stands in the sentence of a repository whose host had failed for others before."""


def shared(results: Iterable[Result]) -> Iterable[Shared]:
    """The failures among the results, by what they have in common: their host or their reason."""
    groups: dict[tuple[bool, str], list[Result]] = {}
    for each in results:
        if each.error:
            reason = each.target.host if each.of_host else each.error
            groups.setdefault((each.of_host, reason), []).append(each)
    return [Shared(tuple(group)) for group in groups.values()]


def log_failures(log: Logger, results: Iterable[Result]) -> None:
    """Tell which repositories began to fail; those that failed before are told at the end."""
    for group in shared(results):
        new = tuple(each for each in group.results if each.told)
        if new:
            log.warning("%s: %s", Shared(new).who, group.why)


@dataclass(frozen=True, slots=True)
class SourceResult:
    """How looking for repositories ended at one source. ``error`` None: it was read."""

    ospo: str
    title: str
    error: str | None = None
    limited: bool = False
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a pass ended, and with which exit status (PRODUCT.md)."""

    results: tuple[Result, ...]
    measured: int = 0
    stopped: bool = False
    sources: tuple[SourceResult, ...] = ()

    @property
    def failed_sources(self) -> tuple[SourceResult, ...]:
        return tuple(source for source in self.sources if source.error)

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.error)

    @property
    def is_cut_off(self) -> bool:
        """Did several hosts fail, and none answer? Then it is hardly the hosts."""
        hosts = {result.target.host for result in self.results}
        return len(hosts) > 1 and all(result.of_host for result in self.results)

    @property
    def goes_on(self) -> Instant | None:
        """When does the last limit end that stopped this pass?"""
        ends = [each.until for each in self.failed]
        ends += [each.until for each in self.failed_sources]
        return max((until for until in ends if until), default=None)

    @property
    def exit_code(self) -> int:
        broken = any(result.state is not RepositoryState.LIMITED for result in self.failed)
        if broken or any(not source.limited for source in self.failed_sources):
            return 1
        return 4 if self.failed or self.failed_sources or self.stopped else 0

    def summary(self) -> dict[str, int | bool]:
        """What the runs table keeps; a repository has a result of its git and one of its forge."""
        return {
            "repositories": len({result.target.id for result in self.results}),
            "changed": len({result.target.id for result in self.results if result.changed}),
            "failed": len({result.target.id for result in self.failed}),
            "measured": self.measured,
            "stopped": self.stopped,
            "sources_failed": len(self.failed_sources),
        }


_STATES: tuple[tuple[type[Exception], RepositoryState], ...] = (
    (RepositoryGone, RepositoryState.GONE),
    (RepositoryMoved, RepositoryState.MOVED),
    (RateLimited, RepositoryState.LIMITED),
)


def state_of(error: Exception) -> RepositoryState:
    """The state of a repository that could not be read for this reason."""
    return next(
        (state for kind, state in _STATES if isinstance(error, kind)), RepositoryState.FAILED
    )


def is_of_host(error: Exception) -> bool:
    """Would another repository of the same host have failed too?"""
    return isinstance(error, Unavailable)


def failure(error: Exception) -> str:
    """A sentence for whoever reads ``status``."""
    if isinstance(error, ForgeError):
        return str(error)
    if sentence := explain(error):
        return str(sentence)
    if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT, EFBIG):
        return N_(
            "The disk is full, so nothing could be written. Free some room and collect again; "
            "what was stored before is whole."
        )
    if isinstance(error, PermissionError) and error.filename:
        said = N_(
            "This user may not read or write {0}. Give it the right, or run this as the user who "
            "owns the folder. What was stored before is whole."
        )
        return said.format(error.filename)
    if isinstance(error, OSError):
        said = N_("This machine could not do it ({0}). What was stored before is whole.")
        return said.format(error)
    return N_(
        "An error of OSPO Vitals itself; the log says where. Please report it. "
        "What was read before stays."
    )
