"""What should an OSPO look at this week? What is wrong or changed, since when, and what helps.

Each rule looks at one project and yields entries; ``attention`` orders those of all projects by
criticality × severity. A decision in the portfolio file hides an entry until its review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from collector.attention.rules import ALWAYS, RULES, lost
from collector.attention.situations import Entry, Situation
from collector.judgement import Json, phrase_json
from collector.judgement.status import Status
from collector.model import DAY, Instant, Phrase

MOST_SHOWN = 7


def attention(
    situations: Iterable[Situation], as_of: Instant, schedule_days: float = 1.0
) -> tuple[Entry, ...]:
    """Everything to look at, the gravest first; ``schedule_days``: how often data is collected."""
    known = tuple(situations)
    entries = [entry for one in known for entry in _of_project(one, as_of)]
    entries += _old_data(known, as_of, schedule_days)
    return tuple(sorted(entries, key=lambda entry: (-entry.weight, entry.project, entry.rule)))


def shown(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], int]:
    """The few to show first, and how many more there are."""
    return entries[:MOST_SHOWN], max(0, len(entries) - MOST_SHOWN)


def entry_json(entry: Entry) -> dict[str, Json]:
    """An entry as programs get it."""
    return {
        "project": entry.project,
        "rule": entry.rule,
        "kind": entry.kind,
        "about": entry.about,
        "what": phrase_json(entry.what),
        "since": entry.since,
        "why": phrase_json(entry.why),
        "role": entry.role,
        "helps": phrase_json(entry.helps),
        "severity": entry.severity,
        "criticality": entry.criticality,
        "links": list(entry.links),
    }


def _of_project(one: Situation, as_of: Instant) -> Iterator[Entry]:
    rules = ALWAYS if one.judgement.status is Status.RETIRED else (*ALWAYS, *RULES)
    for rule in rules:
        for entry in rule(one, as_of):
            if not _decided(one, entry, as_of):
                criticality = one.judgement.criticality
                yield replace(entry, project=one.project.id, criticality=criticality)


def _decided(one: Situation, entry: Entry, as_of: Instant) -> bool:
    """Does a decision already answer this?"""
    return any(
        decision.about in (entry.about, "project")
        and decision.date <= as_of
        and (decision.review_on is None or as_of < decision.review_on)
        for decision in one.decisions
    )


# ---------------------------------------------------------------- hosts


@dataclass(slots=True)
class _Host:
    """What a host's repositories have in common."""

    oldest: Instant
    repositories: int = 0
    criticality: int = 1
    urls: list[str] = field(default_factory=list)


def _old_data(known: tuple[Situation, ...], as_of: Instant, every: float) -> Iterator[Entry]:
    """One entry per host whose repositories were not read for twice the time between passes."""
    hosts: dict[str, _Host] = {}
    for one in known:
        for repository in one.repositories:
            read = repository.read_until
            if read is None or as_of - read <= 2 * every * DAY or lost(repository):
                continue
            host = hosts.setdefault(urlsplit(repository.url).netloc or "local", _Host(read))
            host.oldest = min(host.oldest, read)
            host.repositories += 1
            host.criticality = max(host.criticality, one.judgement.criticality)
            host.urls.append(repository.url)
    for name, host in sorted(hosts.items()):
        facts: dict[str, str | int | float] = {"host": name, "count": host.repositories}
        yield Entry(
            "data_old", "decide", name,
            Phrase("The data from {host} is old; repositories concerned: {count}.", facts),
            Phrase("What is shown of them may no longer hold."),
            Phrase("See the Data page, or run: ospo-vitals status"),
            "operator", 6, host.oldest, tuple(host.urls[:MOST_SHOWN]), "", host.criticality,
        )  # fmt: skip
