"""How reading ended: of one repository, and of a pass."""

from __future__ import annotations

from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC

from collector.forge import ForgeError, RateLimited, RepositoryGone, RepositoryMoved
from collector.model import Instant, RepositoryState
from collector.store.engine import explain
from collector.store.read import Target


@dataclass(frozen=True, slots=True)
class Result:
    """How reading one repository ended. ``error`` None: it was read.

    ``until``: when a limit that stopped it ends. ``told``: the failure is new, and was logged.
    """

    target: Target
    state: RepositoryState
    changed: bool = False
    error: str | None = None
    until: Instant | None = None
    told: bool = False


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


def failure(error: Exception) -> str:
    """A sentence for whoever reads ``status``."""
    if isinstance(error, ForgeError):
        return str(error)
    if sentence := explain(error):
        return str(sentence)
    if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT, EFBIG):
        return (
            "The disk is full, so nothing could be written. Free some room and collect again; "
            "what was stored before is whole."
        )
    if isinstance(error, OSError):
        return f"This machine could not do it ({error}). What was stored before is whole."
    return (
        "An error of OSPO Vitals itself; the log says where. Please report it. "
        "What was read before stays."
    )
