"""Whose contributions count for a figure, and whose do not? By alias, never ranked by worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from collector.evidence.commits import commit_group, never_counted
from collector.evidence.group import Group, Record, Source, day, given, listed, party, somebody
from collector.metric import HALF_YEAR, YEAR
from collector.metrics.employers import bodies, employer_of_credits
from collector.model import N_, AccountKind, EventKind, Flags, Indices, Instant, Instants, Phrase

EVER = -(2**62)
REGULAR = 3
THREE_YEARS = 3 * 365
SAID = (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT)


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """How much each person did in a window, of one sort, and when last."""

    amount: Instants
    last: Instants


def _tally(persons: int, who: Indices | Instants, when: Instants) -> Tally:
    last = np.full(persons, EVER, dtype=np.int64)
    np.maximum.at(last, who, when)
    return Tally(np.bincount(who, minlength=persons).astype(np.int64), last)


def credits_in(source: Source, since: Instant, until: Instant) -> Tally:
    """The credits of a window, as known at the date."""
    credited = source.activity.credits
    inside = (credited.time >= since) & (credited.time < until)
    inside &= credited.arrival < source.as_of
    persons = len(source.activity.persons)
    return _tally(persons, credited.person[inside], credited.time[inside])


def contributions_in(source: Source, since: Instant, until: Instant) -> dict[str, Tally]:
    """Credits, items opened, and what was said on items, in a window, each by what says it."""
    items, events, persons = source.activity.items, source.activity.events, source.activity.persons
    opened = (items.author >= 0) & (items.author_kind == AccountKind.HUMAN)
    opened &= (items.created >= since) & (items.created < until)
    said = (events.actor >= 0) & (events.actor_kind == AccountKind.HUMAN)
    said &= np.isin(events.kind, SAID) & (events.at >= since) & (events.at < until)
    return {
        N_("credits for commits: {n}"): credits_in(source, since, until),
        N_("items opened: {n}"): _tally(len(persons), items.author[opened], items.created[opened]),
        N_("comments and reviews: {n}"): _tally(len(persons), events.actor[said], events.at[said]),
    }


def active(source: Source, since: Instant, until: Instant) -> Flags:
    """Who contributed anything in a window?"""
    found = np.zeros(len(source.activity.persons), dtype=np.bool_)
    for tally in contributions_in(source, since, until).values():
        found |= tally.amount > 0
    return found


# ---------------------------------------------------------------- groups


def _people(
    source: Source,
    title: Phrase,
    chosen: Flags,
    say: Callable[[int], Record],
    *,
    counts: bool = False,
) -> Group:
    """Persons as a group, in the order in which they came: people are not ranked."""
    rows = np.flatnonzero(chosen)
    return Group(title, counts, len(rows), lambda most: (say(int(row)) for row in rows[:most]))


def _with_credits(source: Source, tally: Tally) -> Callable[[int], Record]:
    def say(row: int) -> Record:
        amount = {"n": int(tally.amount[row]), "last": day(int(tally.last[row]))}
        told = Phrase("{n:credits}, the last one {last:day}", amount)
        return Record(None, somebody(source.person(row)), (told,))

    return say


def _without_credit(source: Source, since: Instant, until: Instant) -> Iterator[Group]:
    """What a window holds that gives nobody a credit."""
    activity = source.activity
    commits, credited = activity.commits, activity.credits
    inside = (commits.time >= since) & (commits.time < until)
    nobody = np.ones(len(commits.time), dtype=np.bool_)
    nobody[credited.commit] = False
    bots = commits.kind != AccountKind.HUMAN
    yield commit_group(source, Phrase("commits by bots that name no human"), inside & bots & nobody)
    late = inside & ~bots & (commits.arrival >= source.as_of)
    yield commit_group(source, Phrase("commits by people that arrived later"), late)
    yield from never_counted(source, since, until)


def _others(source: Source, chosen: Flags) -> Group:
    """Everybody else who was ever credited before the date."""
    ever = credits_in(source, EVER, source.as_of)
    say = _with_credits(source, ever)
    return _people(source, Phrase("credited before the window only"),
                   (ever.amount > 0) & ~chosen, say)  # fmt: skip


# ---------------------------------------------------------------- one witness per metric


def credited(source: Source) -> Iterable[Group]:
    """Everybody with a credit in the window."""
    tally = credits_in(source, source.since(), source.as_of)
    there = tally.amount > 0
    say = _with_credits(source, tally)
    yield _people(source, Phrase("people with credits"), there, say, counts=True)
    yield _others(source, there)
    yield from _without_credit(source, source.since(), source.as_of)


def _fewest(share: int) -> Callable[[Source], Iterable[Group]]:
    def holders(source: Source) -> Iterable[Group]:
        """The fewest people who hold the share, and the others."""
        tally = credits_in(source, source.since(), source.as_of)
        order = np.argsort(-tally.amount, kind="stable").tolist()
        total, held = int(tally.amount.sum()), 0
        chosen = np.zeros(len(order), dtype=np.bool_)
        for person in order:
            if not total or held * 100 >= total * share:
                break
            chosen[person] = True
            held += int(tally.amount[person])
        say = _with_credits(source, tally)
        title = Phrase("people who together hold {share} % of the credits", {"share": share})
        yield _people(source, title, chosen, say, counts=True)
        others = (tally.amount > 0) & ~chosen
        yield _people(source, Phrase("the other people with credits"), others, say)
        yield _others(source, tally.amount > 0)
        yield from _without_credit(source, source.since(), source.as_of)

    return holders


half = _fewest(50)
four_fifths = _fewest(80)


def busiest(source: Source) -> Iterable[Group]:
    """The person with the most credits among all."""
    tally = credits_in(source, source.since(), source.as_of)
    top = np.zeros(len(tally.amount), dtype=np.bool_)
    if tally.amount.any():
        top[int(np.argmax(tally.amount))] = True
    say = _with_credits(source, tally)
    yield _people(source, Phrase("the person with the most credits"), top, say, counts=True)
    others = (tally.amount > 0) & ~top
    yield _people(source, Phrase("the other people with credits"), others, say)
    yield from _without_credit(source, source.since(), source.as_of)


def regulars(source: Source) -> Iterable[Group]:
    """Who was credited in three different months?"""
    credited_ = source.activity.credits
    first = np.datetime64(source.since(), "s").astype("datetime64[M]")
    since = int(first.astype("datetime64[s]").astype(np.int64))
    inside = (credited_.time >= since) & (credited_.time < source.as_of)
    inside &= credited_.arrival < source.as_of
    months: dict[int, set[int]] = {}
    for person, at in zip(
        credited_.person[inside].tolist(), credited_.time[inside].tolist(), strict=True
    ):
        months.setdefault(person, set()).add(_month(at))
    counts = np.zeros(len(source.activity.persons), dtype=np.int64)
    for person, found in months.items():
        counts[person] = len(found)

    def say(row: int) -> Record:
        told = Phrase("credited in {n} months", {"n": int(counts[row])})
        return Record(None, somebody(source.person(row)), (told,))

    yield _people(
        source, Phrase("credited in three months or more"), counts >= REGULAR, say, counts=True
    )
    fewer = (counts > 0) & (counts < REGULAR)
    yield _people(source, Phrase("credited in fewer months"), fewer, say)
    yield _others(source, counts > 0)
    yield from _without_credit(source, since, source.as_of)


def _month(at: Instant) -> int:
    return int(np.datetime64(at, "s").astype("datetime64[M]").astype(np.int64))


def _contributed(source: Source, since: Instant) -> Callable[[int], Record]:
    sorts = contributions_in(source, since, source.as_of)

    def say(row: int) -> Record:
        amounts = [(template, int(tally.amount[row])) for template, tally in sorts.items()]
        told = tuple(Phrase(template, {"n": amount}) for template, amount in amounts if amount)
        return Record(None, somebody(source.person(row)), told)

    return say


def _persons(source: Source, *named: tuple[Phrase, Flags, bool]) -> Iterator[Group]:
    """Groups of persons, each with what they did since the window began."""
    say = _contributed(source, source.since())
    for title, chosen, counts in named:
        yield _people(source, title, chosen, say, counts=counts)


def contributed(source: Source) -> Iterable[Group]:
    """Everybody who contributed anything."""
    now = active(source, source.since(), source.as_of)
    before = active(source, EVER, source.since()) & ~now
    yield from _persons(
        source,
        (Phrase("people who contributed anything"), now, True),
        (Phrase("contributed before the window only"), before, False),
    )
    yield from _without_credit(source, source.since(), source.as_of)


def newcomers(source: Source) -> Iterable[Group]:
    """Who came for the first time?"""
    now = active(source, source.since(), source.as_of)
    before = active(source, EVER, source.since())
    return _persons(
        source,
        (Phrase("people whose first contribution lies in the window"), now & ~before, True),
        (Phrase("contributed in the window and before"), now & before, False),
        (Phrase("contributed before the window only"), before & ~now, False),
    )


def stayed(source: Source) -> Iterable[Group]:
    """Who of the year before is still there?"""
    middle = source.since(YEAR)
    now = active(source, middle, source.as_of)
    before = active(source, source.since(), middle)
    return _persons(
        source,
        (Phrase("people of the year before who stayed"), now & before, True),
        (Phrase("people of the year before who did not"), before & ~now, True),
        (Phrase("people of this year only, not in the figure"), now & ~before, False),
    )


def gone(source: Source) -> Iterable[Group]:
    """Whose credits of three years belong to people who are gone?"""
    tally = credits_in(source, source.since(THREE_YEARS), source.as_of)
    here = active(source, source.since(HALF_YEAR), source.as_of)
    say, worked = _with_credits(source, tally), tally.amount > 0
    left = Phrase("people without any contribution in 183 days")
    yield _people(source, left, worked & ~here, say, counts=True)
    yield _people(source, Phrase("people who are still there"), worked & here, say)
    yield from _without_credit(source, source.since(THREE_YEARS), source.as_of)


def mergers(source: Source) -> Iterable[Group]:
    """Who merged change requests?"""
    events, persons = source.activity.events, len(source.activity.persons)
    merged = (events.kind == EventKind.MERGED) & (events.at < source.as_of)
    merged &= events.at >= source.since()
    human = merged & (events.actor_kind == AccountKind.HUMAN)
    known = human & (events.actor >= 0)
    tally = _tally(persons, events.actor[known], events.at[known])

    def say(row: int) -> Record:
        amount = {"n": int(tally.amount[row]), "last": day(int(tally.last[row]))}
        told = Phrase("{n} merged, the last one {last:day}", amount)
        return Record(None, somebody(source.person(row)), (told,))

    yield _people(source, Phrase("people who merged"), tally.amount > 0, say, counts=True)
    bots = int(np.count_nonzero(merged & ~human))
    unknown = int(np.count_nonzero(human & ~known))
    told = [
        Record(None, Phrase("merges by bots"), (given(bots),)),
        Record(None, Phrase("by nobody known"), (given(unknown),)),
    ]
    yield listed(Phrase("merges that name no person"), told if bots or unknown else [])


def employers(source: Source) -> Iterable[Group]:
    """Which organisation does each credit of the year belong to?"""
    credited_ = source.activity.credits
    inside = (credited_.time >= source.since()) & (credited_.time < source.as_of)
    inside &= credited_.arrival < source.as_of
    names, own = bodies(source.activity), employer_of_credits(source.activity)[inside]
    people = credited_.person[inside]
    records = []
    for number, name in enumerate(names):
        amount = int(np.count_nonzero(own == number))
        if amount:
            who = len(np.unique(people[own == number]))
            told = Phrase("{n} credits of {people} people", {"n": amount, "people": who})
            called = party(name) if name else Phrase("not known")
            records.append((number, Record(None, called, (told,))))
    known = [record for number, record in records if number]
    yield listed(Phrase("organisations with credits"), known, counts=True)
    yield listed(
        Phrase("credits of nobody's"), [record for number, record in records if not number]
    )
    yield from _without_credit(source, source.since(), source.as_of)
