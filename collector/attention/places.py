"""What became of a project's repositories, and of the hosts they lie on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from collector.attention.rules import NEWS_FOR
from collector.attention.situations import DECIDE, Entry, Situation
from collector.metrics.sources import known_at
from collector.model import DAY, N_, Instant, Phrase, Repository, RepositoryState

MOST_LINKS = 7


def _repositories(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for repository in one.repositories:
        told = lost(repository, as_of)
        if told:
            yield Entry(
                "repository_lost", DECIDE, "project",
                Phrase(told, {"url": repository.url}),
                Phrase("Its history is kept here, and nothing new is read."),
                Phrase("Find out who did it and why, and correct the portfolio file."),
                "OSPO lead", 8, None, (repository.url,),
            )  # fmt: skip
        elif _unlicensed(repository, as_of):
            yield Entry(
                "new_without_licence", DECIDE, "license",
                Phrase("A new public repository has no licence: {url}", {"url": repository.url}),
                Phrase("Without a licence nobody may use it."),
                Phrase("Add a LICENSE file with a licence that is approved by the OSI."),
                "maintainers", 5, repository.facts.created, (repository.url,),
            )  # fmt: skip


def lost(repository: Repository, as_of: Instant) -> str | None:
    """Can this repository no longer be read by everybody? As was known at the date."""
    read = [at for at in (repository.forge_read_until, repository.read_until) if at is not None]
    if read and not any(known_at(at, as_of) for at in read):
        return None
    if repository.state is RepositoryState.GONE:
        return N_("A repository is gone, or private now: {url}")
    if repository.state is RepositoryState.MOVED:
        return N_("A repository was moved: {url}")
    return N_("A repository is private: {url}") if repository.facts.private else None


def _unlicensed(repository: Repository, as_of: Instant) -> bool:
    created = repository.facts.created
    if created is None or not as_of - NEWS_FOR * DAY <= created < as_of or repository.empty:
        return False
    return repository.read_until is not None and not any(
        fact.key == "LICENSE" and fact.since < as_of and (fact.until is None or fact.until >= as_of)
        for fact in repository.files
    )


ALWAYS = (_repositories,)
"""Of a retired project too."""


# ---------------------------------------------------------------- hosts


@dataclass(slots=True)
class _Host:
    """What a host's repositories have in common."""

    oldest: Instant
    repositories: int = 0
    criticality: int = 1
    urls: list[str] = field(default_factory=list)


def old_data(known: tuple[Situation, ...], as_of: Instant, every: float) -> Iterator[Entry]:
    """One entry per host whose repositories were not read for twice the time between passes."""
    hosts: dict[str, _Host] = {}
    for one in known:
        for repository in one.repositories:
            read = min(
                filter(None, (repository.read_until, repository.forge_read_until)), default=None
            )
            if read is None or as_of - read <= 2 * every * DAY or lost(repository, as_of):
                continue
            host = hosts.setdefault(urlsplit(repository.url).netloc or "local", _Host(read))
            host.oldest = min(host.oldest, read)
            host.repositories += 1
            host.criticality = max(host.criticality, one.judgement.criticality)
            host.urls.append(repository.url)
    for name, host in sorted(hosts.items()):
        facts: dict[str, str | int | float] = {"host": name, "count": host.repositories}
        yield Entry(
            "data_old", DECIDE, name,
            Phrase("The data from {host} is old; repositories concerned: {count}.", facts),
            Phrase("What is shown of them may no longer hold."),
            Phrase("See the Data page, or run: ospo-vitals status"),
            "operator", 6, host.oldest, tuple(host.urls[:MOST_LINKS]), "", host.criticality,
        )  # fmt: skip
