"""When contracts and grants end, successors considered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collector.metric import Part, Value, not_applicable
from collector.metrics.facts import declared_list, declared_text, instant
from collector.model import DAY, N_, NO_TIME, Activity, Agreement, Instant, Span

IN_HOUSE = ("in-house", "internal")
MONEY = (N_("grant"), N_("budget"), N_("member-fees"))
"""What configuration suggests to call funding; another word stays as it is written there."""
EVER = -NO_TIME


def contracts(activity: Activity, as_of: Instant) -> tuple[Agreement, ...]:
    """The contracts of configuration; where it names none, those of publiccode.yml."""
    if activity.project.contracts:
        return activity.project.contracts
    named = declared_list(activity, as_of, "contractors")
    return tuple(_contractor(entry) for entry in named if isinstance(entry, Mapping))


def _contractor(entry: Mapping[str, object]) -> Agreement:
    until = instant(entry.get("until"))
    return Agreement(str(entry.get("name")), Span(until=until), source="publiccode.yml")


def in_house(activity: Activity, as_of: Instant) -> bool:
    """Does a team of the owner's own look after it, as declared?"""
    return declared_text(activity, as_of, "maintenance_type") == "internal" or any(
        own_team(activity, agreement) and agreement.span.holds(as_of)
        for agreement in activity.project.contracts
    )


def own_team(activity: Activity, agreement: Agreement) -> bool:
    """Is it about a team of the owner's own, not about a supplier?"""
    return agreement.kind in IN_HOUSE or agreement.party == activity.project.owner


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when one party is engaged, all its agreements together."""

    party: str
    since: Instant
    until: Instant

    def succeeds(self, other: Term) -> bool:
        """Does this one go on where the other ends?"""
        return self.since <= other.until + DAY and self.until > other.until


def terms(agreements: Iterable[Agreement]) -> dict[str, Term]:
    """One term per party: its first beginning and its latest end."""
    found: dict[str, Term] = {}
    for agreement in agreements:
        since = EVER if agreement.span.since is None else agreement.span.since
        until = NO_TIME if agreement.span.until is None else agreement.span.until
        known = found.get(agreement.party, Term(agreement.party, since, until))
        found[agreement.party] = Term(
            agreement.party, min(known.since, since), max(known.until, until)
        )
    return found


def days_to_end(agreements: Iterable[Agreement], as_of: Instant) -> Value:
    """In how many days does the last one that nobody succeeds end? Negative: it has ended."""
    every = terms(agreements)
    begun = [term for term in every.values() if term.since <= as_of]
    if not begun:
        return not_applicable("none has begun")
    final = _without_successor(begun, list(every.values()))
    ahead = [term for term in final if term.until >= as_of]
    chosen = min(ahead, key=_order) if ahead else max(final, key=_order)
    if chosen.until == NO_TIME:
        return not_applicable("{party} goes on without an end", party=chosen.party)
    parts: dict[str, Part] = {"party": chosen.party, "until": chosen.until}
    return Value((chosen.until - as_of) / DAY, n=len(every), parts=parts)


def _order(term: Term) -> tuple[Instant, str]:
    return term.until, term.party


def _without_successor(begun: list[Term], every: list[Term]) -> list[Term]:
    """The ends of all chains: a term that another one succeeds is silent, its successor speaks."""
    final: list[Term] = []
    waiting, seen = list(begun), set(begun)
    while waiting:
        term = waiting.pop()
        successors = {other for other in every if other.succeeds(term)}
        if not successors:
            final.append(term)
        waiting += successors - seen
        seen |= successors
    return final
