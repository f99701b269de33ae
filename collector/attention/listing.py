"""What should an OSPO look at this week? What is wrong or changed, since when, and what helps.

Each rule looks at one project and yields entries; ``attention`` orders those of all projects by
criticality × severity. A decision in the portfolio file hides an entry until its review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from collector.attention import declared, ospos, places, rules
from collector.attention.situations import KINDS, Entry, Situation
from collector.judgement import Json, phrase_json
from collector.judgement.status import Status
from collector.model import Instant

MOST_SHOWN = 7

Rule = Callable[[Situation, Instant], Iterator[Entry]]

ALWAYS: tuple[Rule, ...] = (*declared.ALWAYS, *places.ALWAYS)
RULES: tuple[Rule, ...] = (*rules.RULES, *declared.RULES)
"""Those of a project that is not retired."""


def attention(
    situations: Iterable[Situation],
    as_of: Instant,
    schedule_days: float = 1.0,
    shelf: Mapping[str, int] | None = None,
) -> tuple[Entry, ...]:
    """Everything to look at, the gravest first.

    ``schedule_days``: how often data is collected. ``shelf``: OSPO → repositories to be sorted.
    """
    known = tuple(situations)
    entries = [entry for one in known for entry in _of_project(one, as_of)]
    entries += places.old_data(known, as_of, schedule_days)
    entries += ospos.guesses(known, as_of)
    entries += ospos.unsorted(shelf or {})
    return tuple(sorted(entries, key=_order))


class Listed(Protocol):
    """What an entry, or a page's draft of one, is put in order by (see ``Entry``)."""

    @property
    def rule(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def project(self) -> str: ...
    @property
    def weight(self) -> float: ...


One = TypeVar("One", bound=Listed)


def _order(entry: Listed) -> tuple[float, str, str, str]:
    return -entry.weight, entry.project, entry.rule, entry.about


@dataclass(frozen=True, slots=True)
class Group(Generic[One]):
    """The entries of one kind about one project, the gravest first: they are one thing to do."""

    entries: tuple[One, ...]

    @property
    def first(self) -> One:
        """The gravest."""
        return self.entries[0]


def grouped(entries: Iterable[One]) -> tuple[Group[One], ...]:
    """Entries by project and kind, the gravest group first; what has no project stands alone."""
    found: dict[tuple[str, str, str], list[One]] = {}
    for entry in sorted(entries, key=_order):
        alone = "" if entry.project else f"{entry.rule} {entry.about}"
        found.setdefault((entry.kind, entry.project, alone), []).append(entry)
    return tuple(Group(tuple(group)) for group in found.values())


def shown(entries: Iterable[One]) -> tuple[tuple[Group[One], ...], int]:
    """The few to show first, by kind, and how many entries there are beside them.

    Each kind that there is has a place, so that an answer that is due and what went well are not
    pushed out by decisions.
    """
    groups = grouped(entries)
    first = {group.first.kind: group for group in reversed(groups)}
    places_left = MOST_SHOWN - len(first)
    others = [group for group in groups if first[group.first.kind] is not group][:places_left]
    chosen = [*first.values(), *others]
    chosen.sort(key=lambda group: (KINDS.index(group.first.kind), _order(group.first)))
    seen = sum(len(group.entries) for group in chosen)
    return tuple(chosen), sum(len(group.entries) for group in groups) - seen


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
    asked = ALWAYS if one.judgement.status is Status.RETIRED else (*ALWAYS, *RULES)
    for rule in asked:
        for entry in rule(one, as_of):
            if entry.rule == "decision_review" or not one.decided(entry.about, as_of):
                criticality = one.judgement.criticality
                yield replace(entry, project=one.project.id, criticality=criticality)
