"""How long do people wait for an answer, and who gets none? (METRICS.md, Others can take part)"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from collector.metric import QUARTER, YEAR, Part, State, Value, not_applicable
from collector.metrics.business_time import business_seconds
from collector.metrics.items_scope import ACTORS, REVIEWS, Compute, of_items
from collector.metrics.items_view import View
from collector.metrics.samples import durations, quantile, ratio
from collector.model import DAY, N_, Flags, Instant, ItemKind, Phrase

HOUR = 3_600
NOBODY_ASKED = N_("nobody opened an issue or proposed a change in this time")
MOST_LISTED = 50
FEW = 5
"""Fewer are listed one by one (C8)."""


def _first_response(view: View, items: Flags, empty: str) -> Value:
    asked = items & view.since(view.timeline.created, QUARTER)
    answered = asked & view.answered
    waits = view.timeline.first_response[answered] - view.timeline.created[answered]
    parts: dict[str, Part] = {"items": int(asked.sum()), "answered": int(answered.sum())}
    return durations(waits, HOUR, empty, parts)


@of_items(ItemKind.ISSUE)
def time_to_first_response_issues(view: View, items: Flags) -> Value:
    """How long did the answered issues of the quarter wait for the first answer?"""
    return _first_response(view, items, N_("no issue opened in this time was answered"))


@of_items(ItemKind.CHANGE_REQUEST, needs=[REVIEWS])
def time_to_first_response_change_requests(view: View, items: Flags) -> Value:
    """How long did the answered change requests of the quarter wait for the first answer?"""
    return _first_response(view, items, N_("no change proposed in this time was answered"))


@of_items(needs=[REVIEWS])
def first_answer_wait(view: View, items: Flags) -> Value:
    """How long does whoever asks wait, those without any answer counted with their wait so far?"""
    asked = items & view.since(view.timeline.created, QUARTER)
    until = np.minimum(view.timeline.first_response[asked], view.as_of)
    waiting = ~view.answered[asked]
    waits = until - view.timeline.created[asked]
    if not len(waits):
        return durations(waits, HOUR, NOBODY_ASKED)
    order = np.lexsort((waiting, waits))
    middle = order[(len(order) - 1) // 2 : len(order) // 2 + 1]
    hours = waits[order] / HOUR
    parts: dict[str, Part] = {
        "items": len(waits),
        "answered": int((~waiting).sum()),
        "at_least": bool(waiting[middle].any()),
    }
    return Value(quantile(hours, 0.5), n=len(waits), p90=quantile(hours, 0.9), parts=parts)


def _asked(view: View, items: Flags, days: int, age: int) -> Flags:
    """The items of a window that are at least so many days old."""
    created = view.timeline.created
    return items & view.since(created, days) & (created <= view.as_of - age * DAY)


def _share_answered(view: View, asked: Flags, answered: Flags, empty: str = NOBODY_ASKED) -> Value:
    items, met = int(asked.sum()), int((asked & answered).sum())
    return ratio(met, items, empty, {"items": items, "answered": met})


@of_items(needs=[REVIEWS])
def answered_share(view: View, items: Flags) -> Value:
    """What share of the quarter's items, a week old or more, was answered?"""
    return _share_answered(view, _asked(view, items, QUARTER, 7), view.answered)


@of_items(needs=[REVIEWS])
def answered_in_two_business_days(view: View, items: Flags) -> Value:
    """What share of the quarter's items was answered within two business days?"""
    asked = _asked(view, items, QUARTER, 7)
    line = view.timeline
    country = line.activity.project.country
    until = np.minimum(line.first_response, view.as_of)
    spent = business_seconds(until, country) - business_seconds(line.created, country)
    return _share_answered(view, asked, view.answered & (spent <= 2 * DAY))


def outsiders_answered_over(days: int) -> Compute:
    """What share of the outsiders' items of so many days did an insider respond to?"""

    @of_items(needs=[REVIEWS, ACTORS])
    def outsiders_answered(view: View, items: Flags) -> Value:
        asked = _asked(view, items & view.timeline.outsider & ~view.withdrawn, days, 14)
        empty = N_("nobody from outside asked anything that is two weeks old")
        value = _share_answered(view, asked, view.answered_by_insider, empty)
        rows = np.flatnonzero(asked)
        if not len(rows) or len(rows) >= FEW:
            return value
        cases: list[Part] = [
            {**_listed(view, int(row)), "answered": bool(view.answered_by_insider[row])}
            for row in rows
        ]
        return replace(value, parts={**value.parts, "cases": cases})

    return outsiders_answered


outsiders_answered = outsiders_answered_over(QUARTER)


@of_items(needs=[REVIEWS, ACTORS])
def oldest_outsider_waiting(view: View, items: Flags) -> Value:
    """How long has the one waited who waits longest, of those from outside?"""
    created = view.timeline.created
    waiting = items & view.open & view.timeline.outsider & ~view.answered_by_insider
    rows = np.flatnonzero(waiting & view.since(created, YEAR))
    listed: list[Part] = [_listed(view, int(row)) for row in rows[:MOST_LISTED]]
    parts: dict[str, Part] = {"waiting": len(rows), "items": listed}
    if not len(rows):
        reason = not_applicable("nobody from outside is waiting for an answer").reason
        return Value(None, State.NOT_APPLICABLE, reason, n=0, parts=parts)
    return Value((view.as_of - int(created[rows].min())) / DAY, n=len(rows), parts=parts)


def _listed(view: View, row: int) -> dict[str, Part]:
    items = view.timeline.activity.items
    repository = view.timeline.activity.repositories[int(items.repository[row])]
    return {
        "number": int(items.number[row]),
        "repository": repository.url,
        "url": items.url[row] if items.url else None,
        "days": _age(view, int(items.created[row])),
    }


def _age(view: View, created: Instant) -> float:
    return (view.as_of - created) / DAY


@of_items(ItemKind.ISSUE)
def open_issue_age(view: View, items: Flags) -> Value:
    """How old are the open issues?"""
    ages = view.as_of - view.timeline.created[items & view.open]
    parts: dict[str, Part] = {"oldest": int(ages.max()) / DAY} if len(ages) else {}
    return durations(ages, DAY, str(Phrase("no issue is open")), parts)
