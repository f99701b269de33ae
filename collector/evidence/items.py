"""Which issues and change requests count for a figure, and which do not, and why?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from collector.evidence.group import Group, Record, Source, day, group, listed
from collector.metric import HALF_YEAR, QUARTER, YEAR
from collector.metrics.items_scope import LACKING
from collector.metrics.items_view import View, view
from collector.model import (
    DAY,
    N_,
    NO_TIME,
    AccountKind,
    Flags,
    Instant,
    Instants,
    ItemKind,
    Phrase,
)

ISSUE, CHANGE = ItemKind.ISSUE, ItemKind.CHANGE_REQUEST
BOTH = (ISSUE, CHANGE)
KINDS = {ISSUE: N_("issue"), CHANGE: N_("change request")}
Part = tuple[Phrase, Flags, bool]
"""A title, the items it is about, and whether they count."""


class Cut:
    """The items of some kinds as they stood at the date, and the words to choose them by."""

    def __init__(self, source: Source, kinds: Sequence[ItemKind]) -> None:
        self.source, self.kinds = source, tuple(kinds)
        self.now: View = view(source.activity, source.as_of)
        items = source.activity.items
        right = np.isin(items.kind, [int(kind) for kind in kinds])
        self.human: Flags = right & (items.author_kind == AccountKind.HUMAN)
        self.by_bots: Flags = right & ~self.human
        self.created = items.created
        self.merged_at, self.closed_at = self.now.timeline.merged_at, self.now.closed_at

    def within(self, times: Instants, days: int) -> Flags:
        """Which of these instants lie in the last so many days?"""
        since = self.source.since(days)
        inside: Flags = (times >= since) & (times < self.source.as_of)
        return inside

    def opened(self, days: int) -> Flags:
        """Which items did people open in the last so many days?"""
        return self.human & self.within(self.created, days)

    def groups(self, parts: Iterable[Part], days: int | None) -> Iterator[Group]:
        """The parts, then what is left out of all of them."""
        rest = self.human.copy()
        for title, chosen, counts in parts:
            yield self._group(title, chosen, counts=counts)
            rest &= ~chosen
        early = rest & (self.created < self.source.as_of)
        now = Phrase("all others that people opened: not so at this date")
        within = Phrase("all others that people opened: not so in the window")
        yield self._group(now if days is None else within, early)
        yield self._group(Phrase("opened after the date"), rest & ~early)
        there = self.by_bots & (self.created < self.source.as_of)
        inside = there if days is None else self.by_bots & self.within(self.created, days)
        yield self._group(Phrase("opened by bots"), inside)
        yield from self._not_read(days)

    def _group(self, title: Phrase, chosen: Flags, *, counts: bool = False) -> Group:
        rows = np.flatnonzero(chosen)
        return group(title, rows, self.record, self.created[rows], counts=counts)

    def _not_read(self, days: int | None) -> Iterator[Group]:
        since = -(2**62) if days is None else self.source.since(days)
        gone = self.source.stored.vanished_items(self.kinds, since, self.source.as_of)
        told = [Record(None, Phrase("{n} items", {"n": gone}))] if gone else []
        yield Group(Phrase("deleted on the forge"), False, gone, lambda most: told)

    def record(self, row: int) -> Record:
        """One item: its address, who opened it, and what became of it."""
        items, line = self.source.activity.items, self.now.timeline
        where = items.url[row] if items.url else self.source.repository(int(items.repository[row]))
        told = [self._opened(row)]
        if line.outsider[row]:
            told.append(Phrase("from outside"))
        told += [
            Phrase(words, {"at": day(int(times[row]))})
            for words, times in (
                (N_("first answer {at:day}"), line.first_response),
                (N_("first answer by the project {at:day}"), line.first_insider_response),
                (N_("first review {at:day}"), line.first_review),
                (N_("merged {at:day}"), line.merged_at),
                (N_("closed {at:day}"), self.closed_at),
            )
            if times[row] < min(self.source.as_of, NO_TIME)
        ]
        return Record(int(self.created[row]), where, tuple(told))

    def _opened(self, row: int) -> Phrase:
        """What it is, by whom; with its number where no address tells it."""
        items = self.source.activity.items
        kind = KINDS[ItemKind(int(items.kind[row]))]
        number = "" if items.url else f" #{int(items.number[row])}"
        given = {"kind": kind, "number": number}
        if items.author_kind[row] != AccountKind.HUMAN:
            return Phrase("{kind:word}{number} by a bot", given)
        who = self.source.person(int(items.author[row]))
        return Phrase("{kind:word}{number} by {who:person}", {**given, "who": who})


Choose = Callable[[Cut], Iterable[Part]]


def witness(
    kinds: Sequence[ItemKind], days: int | None
) -> Callable[[Choose], Callable[[Source], Iterable[Group]]]:
    """Let a function that parts items explain a metric about items of some kinds."""

    def made(choose: Choose) -> Callable[[Source], Iterable[Group]]:
        def tell(source: Source) -> Iterator[Group]:
            cut = Cut(source, kinds)
            yield from cut.groups(choose(cut), days)
            yield from unread(source)

        tell.__doc__ = choose.__doc__
        return tell

    return made


def unread(source: Source) -> Iterator[Group]:
    """The repositories whose items, reviews or actors are not known."""
    told = []
    for each in source.activity.repositories:
        if each.forge_read_until is None:
            told.append(Record(None, each.url, (each.forge_reason or Phrase("not read yet"),)))
        told += [Record(None, each.url, (LACKING[name],)) for name in sorted(each.forge_lacks)
                 if name in LACKING]  # fmt: skip
    yield listed(Phrase("repositories whose forge was not read, or not wholly"), told)


def opened_in_year(kind: ItemKind) -> Callable[[Source], Iterable[Group]]:
    """Items of a kind opened in the year."""

    @witness([kind], YEAR)
    def chosen(cut: Cut) -> Iterable[Part]:
        yield Phrase("opened by people in the window"), cut.opened(YEAR), True

    return chosen


@witness([CHANGE], YEAR)
def merged_in_year(cut: Cut) -> Iterable[Part]:
    """Change requests merged in the year."""
    yield Phrase("merged in the window"), cut.human & cut.within(cut.merged_at, YEAR), True


def _declined(cut: Cut) -> Flags:
    return cut.human & (cut.merged_at >= cut.source.as_of) & cut.within(cut.closed_at, YEAR)


@witness([CHANGE], YEAR)
def declined_in_year(cut: Cut) -> Iterable[Part]:
    """Change requests closed unmerged in the year."""
    yield Phrase("closed in the window without a merge"), _declined(cut), True


@witness([CHANGE], YEAR)
def decided_in_year(cut: Cut) -> Iterable[Part]:
    """Change requests merged or declined in the year."""
    yield Phrase("merged in the window"), cut.human & cut.within(cut.merged_at, YEAR), True
    yield Phrase("closed in the window without a merge"), _declined(cut), True


@witness([ISSUE], YEAR)
def issues_closed(cut: Cut) -> Iterable[Part]:
    """Issues closed in the year, by whomever."""
    yield Phrase("closed in the window"), cut.human & cut.within(cut.closed_at, YEAR), True


@witness([ISSUE], YEAR)
def issues_resolved(cut: Cut) -> Iterable[Part]:
    """Issues closed in the year by people."""
    closed = cut.human & cut.within(cut.closed_at, YEAR)
    yield Phrase("closed in the window"), closed & ~cut.now.closed_by_bot, True
    yield Phrase("closed by a bot"), closed & cut.now.closed_by_bot, False


@witness([CHANGE], YEAR)
def taken(cut: Cut) -> Iterable[Part]:
    """Change requests of the year that were merged."""
    opened, merged = cut.opened(YEAR), cut.merged_at < cut.source.as_of
    yield Phrase("opened in the window and merged"), opened & merged, True
    yield Phrase("opened in the window and not merged yet"), opened & ~merged, False


def first_responses(kind: ItemKind) -> Callable[[Source], Iterable[Group]]:
    """Items of the quarter that were answered."""

    @witness([kind], QUARTER)
    def chosen(cut: Cut) -> Iterable[Part]:
        opened = cut.opened(QUARTER)
        answered = cut.now.timeline.first_response < cut.source.as_of
        yield Phrase("opened in the window and answered"), opened & answered, True
        yield Phrase("opened in the window, without an answer yet"), opened & ~answered, False

    return chosen


@witness(BOTH, QUARTER)
def waits(cut: Cut) -> Iterable[Part]:
    """All items of the quarter."""
    opened = cut.opened(QUARTER)
    answered = cut.now.timeline.first_response < cut.source.as_of
    yield Phrase("opened in the window and answered"), opened & answered, True
    yield Phrase("opened in the window, waiting so far"), opened & ~answered, True


@witness(BOTH, QUARTER)
def a_week_old(cut: Cut) -> Iterable[Part]:
    """Items of the quarter that are a week old or more."""
    opened = cut.opened(QUARTER)
    old = opened & (cut.created <= _ago(cut, 7))
    answered = cut.now.timeline.first_response < cut.source.as_of
    yield Phrase("opened in the window, a week old, answered"), old & answered, True
    yield Phrase("opened in the window, a week old, not answered"), old & ~answered, True
    yield Phrase("younger than a week"), opened & ~old, False


def _ago(cut: Cut, days: int) -> Instant:
    return cut.source.as_of - days * DAY


@witness(BOTH, QUARTER)
def from_outside(cut: Cut) -> Iterable[Part]:
    """Items of the quarter by people from outside."""
    opened, outside = cut.opened(QUARTER), cut.now.timeline.outsider
    withdrawn, old = cut.now.withdrawn, cut.created <= _ago(cut, 14)
    asked = opened & outside & ~withdrawn & old
    answered = cut.now.timeline.first_insider_response < cut.source.as_of
    yield Phrase("from outside, two weeks old, answered by the project"), asked & answered, True
    yield (
        Phrase("from outside, two weeks old, not answered by the project"),
        asked & ~answered,
        True,
    )
    yield Phrase("by the project's own people"), opened & ~outside, False
    yield Phrase("withdrawn by their author"), opened & outside & withdrawn, False
    yield Phrase("younger than two weeks"), opened & outside & ~withdrawn & ~old, False


@witness(BOTH, YEAR)
def waiting_outside(cut: Cut) -> Iterable[Part]:
    """Open items of the year by people from outside who wait."""
    now = cut.now
    open_ = cut.human & now.open & cut.within(cut.created, YEAR)
    answered = now.timeline.first_insider_response < cut.source.as_of
    waiting = open_ & now.timeline.outsider & ~answered
    yield Phrase("open, from outside, without an answer by the project"), waiting, True
    yield (
        Phrase("open and answered by the project"),
        open_ & now.timeline.outsider & answered,
        False,
    )
    yield Phrase("open, by the project's own people"), open_ & ~now.timeline.outsider, False
    older = cut.human & now.open & (cut.created < cut.source.since(YEAR))
    yield Phrase("open, and older than the window"), older, False


@witness([CHANGE], QUARTER)
def dealt_with(cut: Cut) -> Iterable[Part]:
    """Change requests there were to deal with in the quarter."""
    start = view(cut.source.activity, cut.source.since(QUARTER))
    there = cut.human & (start.open | cut.opened(QUARTER))
    closed = there & cut.within(cut.closed_at, QUARTER)
    by_bot = closed & cut.now.closed_by_bot & (cut.merged_at >= cut.source.as_of)
    yield Phrase("closed or merged in the window"), closed & ~by_bot, True
    yield Phrase("still open, or closed by a bot, in the whole"), there & (~closed | by_bot), True


def still_open(kind: ItemKind) -> Callable[[Source], Iterable[Group]]:
    """Items of a kind that are open."""

    @witness([kind], None)
    def chosen(cut: Cut) -> Iterable[Part]:
        yield Phrase("open at the date"), cut.human & cut.now.open, True
        yield Phrase("closed"), cut.human & cut.now.closed, False

    return chosen


@witness([CHANGE], None)
def unmoved(cut: Cut) -> Iterable[Part]:
    """Open change requests without movement for 90 days."""
    open_ = cut.human & cut.now.open
    still = cut.now.last_movement <= _ago(cut, 90)
    yield Phrase("open, no draft, no movement for 90 days"), open_ & still & ~cut.now.draft, True
    yield Phrase("drafts"), open_ & cut.now.draft, False
    yield Phrase("open and moved"), open_ & ~still & ~cut.now.draft, False
    yield Phrase("closed"), cut.human & cut.now.closed, False


@witness([CHANGE], HALF_YEAR)
def reviewed(cut: Cut) -> Iterable[Part]:
    """Change requests merged in the half-year, with and without a review before."""
    merged = cut.human & cut.within(cut.merged_at, HALF_YEAR)
    seen = cut.now.timeline.first_review < cut.merged_at
    yield Phrase("merged in the window, reviewed by somebody else before"), merged & seen, True
    yield Phrase("merged in the window without such a review"), merged & ~seen, True


@witness([CHANGE], YEAR)
def updates(cut: Cut) -> Iterable[Part]:
    """Updates that dependency bots proposed."""
    by_bot = cut.by_bots & (cut.source.activity.items.author_kind == AccountKind.DEPENDENCY_BOT)
    merged = cut.merged_at < cut.source.as_of
    inside = by_bot & cut.within(cut.merged_at, YEAR)
    yield Phrase("updates by dependency bots merged in the window"), inside, True
    open_ = by_bot & ~cut.now.closed & ~merged & (cut.created < cut.source.as_of)
    yield Phrase("updates that are open"), open_, False
