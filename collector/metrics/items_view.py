"""Issues and change requests as they stood at a date, shared by all metrics about them.

What never changes with the date (first response, merge, who was an insider when it happened)
is worked out once per project in ``Timeline``; ``view`` is the cut at one ``as_of``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from collector.metrics.insiders import insiders_at
from collector.model import (
    DAY,
    GHOST,
    NO_TIME,
    NOT_GIVEN,
    AccountKind,
    Activity,
    Bytes,
    EventKind,
    Flags,
    Indices,
    Instant,
    Instants,
    ItemKind,
    Repository,
)

RESPONSES = (
    EventKind.COMMENT,
    EventKind.REVIEW,
    EventKind.REVIEW_COMMENT,
    EventKind.CLOSED,
    EventKind.MERGED,
)
MOVEMENTS = (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT)
STATES = (EventKind.CLOSED, EventKind.REOPENED, EventKind.MERGED)
DRAFTS = (EventKind.DRAFTED, EventKind.READY)


def _among(column: Bytes, *kinds: int) -> Flags:
    chosen: Flags = column == kinds[0]
    for kind in kinds[1:]:
        chosen |= column == kind
    return chosen


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """Events of some kinds, each in force from its instant until the next one of its item."""

    item: Indices
    at: Instants
    until: Instants
    row: Indices
    """Row of the event in the timeline's columns."""

    def in_force(self, as_of: Instant) -> Flags:
        """Which events are, at this date, the newest of their item? At most one each."""
        return (self.at < as_of) & (self.until >= as_of)


class Timeline:
    """All that happened to a project's items, with what does not depend on the date.

    Events at one instant are ordered by kind, so that their order of arrival does not matter.
    """

    def __init__(self, activity: Activity) -> None:
        events, items = activity.events, activity.items
        order = np.lexsort((events.actor, events.kind, events.at, events.item))
        self.activity = activity
        self.item = events.item[order]
        self.at = events.at[order]
        self.kind = events.kind[order]
        self.actor = events.actor[order]
        self.actor_kind = events.actor_kind[order]
        self.created = items.created
        self.human = _among(items.author_kind, AccountKind.HUMAN)
        self.by_human = _among(self.actor_kind, AccountKind.HUMAN) & (self.actor != NOT_GIVEN)
        self.by_another: Flags = self.by_human & (
            (self.actor != self.writer) | ~self.human[self.item]
        )
        self.views: dict[Instant, View] = {}
        self.memory: dict[object, object] = {}

    @cached_property
    def writer(self) -> Indices:
        """Who opened the item that each event belongs to?"""
        return self.activity.items.author[self.item]

    def _track(self, kinds: tuple[EventKind, ...], only: Flags | None = None) -> Track:
        chosen = _among(self.kind, *kinds)
        row = np.flatnonzero(chosen if only is None else chosen & only)
        item, at = self.item[row], self.at[row]
        until = np.full(len(row), NO_TIME, dtype=np.int64)
        if len(row):
            until[:-1] = np.where(item[1:] == item[:-1], at[1:], NO_TIME)
        return Track(item, at, until, row.astype(np.int32))

    def _first(self, chosen: Flags) -> Instants:
        """When did this happen first to each item? ``NO_TIME`` where it never did."""
        first = np.full(len(self.created), NO_TIME, dtype=np.int64)
        item, place = np.unique(self.item[chosen], return_index=True)
        first[item] = self.at[chosen][place]
        return first

    @cached_property
    def states(self) -> Track:
        """Closings, merges and reopenings."""
        return self._track(STATES)

    @cached_property
    def movements(self) -> Track:
        """What humans said on items."""
        return self._track(MOVEMENTS, self.by_human)

    @cached_property
    def drafts(self) -> Track:
        """Changes of the draft state."""
        return self._track(DRAFTS)

    @cached_property
    def opened_as_draft(self) -> Flags:
        """Was the item a draft at first? The opposite of its first change, else its state."""
        stored = self.activity.items.draft
        draft: Flags = np.zeros(len(self.created), dtype=np.bool_)
        if stored is not None:
            draft |= stored
        item, place = np.unique(self.drafts.item, return_index=True)
        draft[item] = self.kind[self.drafts.row[place]] == EventKind.READY
        return draft

    @cached_property
    def response(self) -> Flags:
        """Which events are responses (C9)?"""
        return _among(self.kind, *RESPONSES) & self.by_another

    @cached_property
    def merging(self) -> Flags:
        """Which events are merges?"""
        return _among(self.kind, EventKind.MERGED)

    @cached_property
    def by_insider(self) -> Flags:
        """Which events are acts of insiders (C10), as they were when they acted?"""
        known = self.by_human & (self.actor >= 0)
        merged = known & self.by_another & self.merging
        inside = np.zeros(len(self.item), dtype=np.bool_)
        inside[known] = insiders_at(
            self.activity, self._mergers(merged), self.actor[known], self.at[known]
        )
        return inside

    def _mergers(self, merged: Flags) -> tuple[Indices, Instants]:
        return self.actor[merged], self.at[merged]

    @cached_property
    def outsider(self) -> Flags:
        """Which items were opened by humans who were outsiders then? Ghosts are outsiders."""
        items = self.activity.items
        known = self.human & (items.author >= 0)
        merged = self.by_human & (self.actor >= 0) & self.by_another & self.merging
        outside = self.human.copy()
        outside[known] = ~insiders_at(
            self.activity, self._mergers(merged), items.author[known], items.created[known]
        )
        return outside

    @cached_property
    def first_response(self) -> Instants:
        """When did somebody else first respond to each item?"""
        return self._first(self.response)

    @cached_property
    def first_insider_response(self) -> Instants:
        """When did an insider first respond to each item?"""
        return self._first(self.response & self.by_insider)

    @cached_property
    def first_review(self) -> Instants:
        """When was each item first reviewed by another human?"""
        return self._first(self.by_another & _among(self.kind, EventKind.REVIEW))

    @cached_property
    def merged_at(self) -> Instants:
        """When was each item merged?"""
        return self._first(self.merging)

    @cached_property
    def merge_row(self) -> Indices:
        """Which event merged each item? -1 where none did."""
        row = np.full(len(self.created), -1, dtype=np.int32)
        item, place = np.unique(self.item[self.merging], return_index=True)
        row[item] = np.flatnonzero(self.merging)[place]
        return row

    @cached_property
    def insider_care(self) -> Instants:
        """When did insiders look after what others opened, bots' updates included? Sorted."""
        return np.sort(self.at[self.response & self.by_insider])

    @cached_property
    def archived_at(self) -> Instants:
        """From when on does each item's repository rest in the archive?"""
        when = [_archived_at(repository) for repository in self.activity.repositories]
        return np.array([*when, NO_TIME], dtype=np.int64)[self.activity.items.repository]


class View:
    """The items as they stood at the start of ``as_of``; nothing later is in it (C1)."""

    def __init__(self, timeline: Timeline, as_of: Instant) -> None:
        self.timeline = timeline
        self.as_of = as_of
        self.existing: Flags = timeline.created < as_of
        """By humans, opened before."""
        self.existing &= timeline.human

    def since(self, times: Instants, days: int) -> Flags:
        """Which of these instants lie in the window of so many days?"""
        return (times < self.as_of) & (times >= self.as_of - days * DAY)

    def of(self, kind: ItemKind) -> Flags:
        """Which items are of this kind?"""
        return _among(self.timeline.activity.items.kind, kind)

    @cached_property
    def _closing(self) -> Indices:
        """Which event closed each item? -1 where it is open."""
        track, timeline = self.timeline.states, self.timeline
        row = np.full(len(timeline.created), -1, dtype=np.int32)
        now = track.in_force(self.as_of)
        rows = track.row[now]
        closing = timeline.kind[rows] != EventKind.REOPENED
        row[track.item[now][closing]] = rows[closing]
        return row

    @cached_property
    def closed(self) -> Flags:
        """Which items are closed?"""
        return self._closing >= 0

    @cached_property
    def closed_at(self) -> Instants:
        """Since when is each item closed? ``NO_TIME``: it is open."""
        return self._of_closing(self.timeline.at, NO_TIME)

    @cached_property
    def closer(self) -> Indices:
        """Who closed it?"""
        return self._of_closing(self.timeline.actor, NOT_GIVEN)

    @cached_property
    def closed_by_bot(self) -> Flags:
        """Which items did a bot close, without merging them?"""
        kind = self._of_closing(self.timeline.actor_kind, AccountKind.HUMAN)
        return self.closed & ~_among(kind, AccountKind.HUMAN)

    def _of_closing(self, column: np.ndarray, missing: int) -> np.ndarray:
        answer = np.full(len(self._closing), missing, dtype=column.dtype)
        answer[self.closed] = column[self._closing[self.closed]]
        return answer

    @cached_property
    def merged(self) -> Flags:
        """Which items are merged?"""
        return self.timeline.merged_at < self.as_of

    @cached_property
    def declined(self) -> Flags:
        """Which items are closed and not merged?"""
        return self.closed & ~self.merged

    @cached_property
    def open(self) -> Flags:
        """Which human items are open, archived repositories left out (C6)?"""
        return self.existing & ~self.closed & (self.timeline.archived_at > self.as_of)

    @cached_property
    def answered(self) -> Flags:
        """Which items have had a first response?"""
        return self.timeline.first_response < self.as_of

    @cached_property
    def answered_by_insider(self) -> Flags:
        """Which items has an insider responded to?"""
        return self.timeline.first_insider_response < self.as_of

    @cached_property
    def withdrawn(self) -> Flags:
        """Which items did their own author close before anybody else responded?"""
        kind = self._of_closing(self.timeline.actor_kind, AccountKind.BOT)
        own: Flags = self.closer == self.timeline.activity.items.author
        return self.closed & own & _among(kind, AccountKind.HUMAN) & ~self.answered

    @cached_property
    def draft(self) -> Flags:
        """Which items are drafts?"""
        track = self.timeline.drafts
        now = track.in_force(self.as_of)
        draft: Flags = self.timeline.opened_as_draft.copy()
        draft[track.item[now]] = self.timeline.kind[track.row[now]] == EventKind.DRAFTED
        return draft

    @cached_property
    def last_movement(self) -> Instants:
        """When did a human last open, comment or review each item?"""
        track = self.timeline.movements
        now = track.in_force(self.as_of)
        last = self.timeline.created.copy()
        last[track.item[now]] = np.maximum(last[track.item[now]], track.at[now])
        return last


def _archived_at(repository: Repository) -> Instant:
    """When was it archived? Where only the fact is known, from the day it was read on."""
    since = repository.archived_at or repository.facts.archived_at
    if since is None and repository.facts.archived and repository.forge_read_until is not None:
        since = repository.forge_read_until // DAY * DAY
    return NO_TIME if since is None else since


_KEPT_VIEWS = 6
_MEMO = "_items_timeline"


def timeline(activity: Activity) -> Timeline:
    """What happened to this project's items, worked out once and kept with the activity."""
    known = activity.__dict__.get(_MEMO)
    if known is None:
        known = activity.__dict__[_MEMO] = Timeline(activity)
    return cast("Timeline", known)


def view(activity: Activity, as_of: Instant) -> View:
    """The items of this project as they stood at the start of ``as_of``."""
    views = timeline(activity).views
    known = views.get(as_of)
    if known is None:
        if len(views) >= _KEPT_VIEWS:
            views.pop(next(iter(views)))
        known = views[as_of] = View(timeline(activity), as_of)
    return known


def insider_events(activity: Activity, as_of: Instant) -> Instants:
    """When, before ``as_of``, did an insider comment, review, merge or close someone else's item?

    Sorted; part of *care* (METRICS.md, Status). Bots' updates count as someone else's items.
    """
    care = timeline(activity).insider_care
    return care[: np.searchsorted(care, as_of)]


__all__ = ["GHOST", "Timeline", "View", "insider_events", "timeline", "view"]
