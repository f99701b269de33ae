"""Whether the records that a metric reads were collected, and how much of them (C7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from collector.metric import State, Value, not_applicable, unknown
from collector.metrics.windows import remembered
from collector.model import DAY, Activity, Instant, Phrase, Repository

Compute = Callable[[Activity, Instant], Value]

NOT_READ = Phrase("git has not been read yet")
FORGE_NOT_READ = Phrase("issues and change requests have not been read yet")


def counted(activity: Activity) -> list[Repository]:
    """The repositories whose commits count for the project (C6)."""
    return [repository for repository in activity.repositories if repository.counted]


@remembered
def git_missing(activity: Activity) -> Value | None:
    """Why there can be no value from git, if so."""
    repositories = counted(activity)
    if not repositories:
        return not_applicable("no repository of this project counts for its kind")
    if all(repository.read_until is None for repository in repositories):
        reason = next((r.git_reason for r in repositories if r.git_reason), NOT_READ)
        return unknown(reason.template, **reason.arguments)
    return None


@remembered
def git_coverage(activity: Activity) -> float:
    """The share of the counted repositories whose git was read, whole histories only."""
    repositories = counted(activity)
    return sum(r.read_until is not None and r.complete for r in repositories) / len(repositories)


def from_git(compute: Compute) -> Compute:
    """Let a metric of git be asked only where git was read, and give its coverage."""

    @wraps(compute)
    def measured(activity: Activity, as_of: Instant) -> Value:
        missing = git_missing(activity)
        return missing or covered(compute(activity, as_of), git_coverage(activity))

    return measured


def covered(value: Value, coverage: float) -> Value:
    """The value with its coverage, unless it has its own or is none."""
    if value.state is not State.OK or value.coverage is not None:
        return value
    return replace(value, coverage=coverage)


@remembered
def forge_missing(activity: Activity) -> Value | None:
    """Why there can be no value from a forge, if so."""
    repositories = activity.repositories
    if any(repository.forge_read_until is not None for repository in repositories):
        return None
    reason = next((r.forge_reason for r in repositories if r.forge_reason), FORGE_NOT_READ)
    return unknown(reason.template, **reason.arguments)


@remembered
def forge_coverage(activity: Activity) -> float:
    """The share of the counted repositories whose forge was read."""
    repositories = counted(activity) or list(activity.repositories)
    return sum(r.forge_read_until is not None for r in repositories) / len(repositories)


def from_forge(compute: Compute) -> Compute:
    """Let a metric of a forge be asked only where a forge was read, and give its coverage."""

    @wraps(compute)
    def measured(activity: Activity, as_of: Instant) -> Value:
        missing = forge_missing(activity)
        return missing or covered(compute(activity, as_of), forge_coverage(activity))

    return measured


def from_either(compute: Compute) -> Compute:
    """Let a metric of contributions be computed from what was read; parts name the sources."""

    @wraps(compute)
    def measured(activity: Activity, as_of: Instant) -> Value:
        read = sources(activity)
        if not read:
            missing = git_missing(activity)
            return missing or unknown(NOT_READ.template)
        coverage = git_coverage(activity) if "git" in read else forge_coverage(activity)
        value = covered(compute(activity, as_of), coverage)
        return replace(value, parts={**value.parts, "sources": list(read)})

    return measured


@remembered
def sources(activity: Activity) -> tuple[str, ...]:
    """Which sources of contributions were read?"""
    git = () if git_missing(activity) else ("git",)
    return (*git, *(() if forge_missing(activity) else ("forge",)))


def not_asked(why: str) -> Compute:
    """A metric whose source is outside git and forge, and not asked by this version."""

    def compute(activity: Activity, as_of: Instant) -> Value:
        return unknown(why)

    return compute


def known_at(read_until: Instant | None, as_of: Instant) -> bool:
    """Did an undated fact, true when it was read, hold as of then? From the day it was read."""
    return read_until is not None and as_of >= read_until - read_until % DAY


def archived(repository: Repository, as_of: Instant) -> bool:
    """Had the repository been archived?"""
    since = repository.archived_at or repository.facts.archived_at
    if since is None:
        read = repository.forge_read_until
        return bool(repository.facts.archived) and known_at(read, as_of)
    return since <= as_of
