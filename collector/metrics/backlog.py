"""How long do things take, and what lies about? (METRICS.md, Others can take part)"""

from __future__ import annotations

import numpy as np

from collector.metric import QUARTER, YEAR, Part, Value
from collector.metrics.items_scope import REVIEWS, of_items
from collector.metrics.items_view import View
from collector.metrics.items_view import view as view_at
from collector.metrics.samples import durations, ratio
from collector.model import DAY, N_, Flags, ItemKind

STALE_AFTER = 90


@of_items(ItemKind.ISSUE)
def issue_resolution_duration(view: View, items: Flags) -> Value:
    """How long did the issues take that were closed in the year, bots' closings left out?"""
    closed = items & view.closed & view.since(view.closed_at, YEAR)
    by_bot = closed & view.closed_by_bot
    chosen = closed & ~by_bot
    took = view.closed_at[chosen] - view.timeline.created[chosen]
    empty = N_("no issue was closed by a person in this time")
    return durations(took, DAY, empty, {"closed_by_bots": int(by_bot.sum())})


@of_items(ItemKind.CHANGE_REQUEST)
def change_request_duration(view: View, items: Flags) -> Value:
    """How long did the change requests of the year take until they were merged?"""
    merged = items & view.merged & view.since(view.timeline.created, YEAR)
    took = view.timeline.merged_at[merged] - view.timeline.created[merged]
    return durations(took, DAY, N_("no change proposed in this time was merged"))


def _closures(view: View, items: Flags) -> tuple[Flags, Flags, int]:
    """Of the quarter: those closed by people or merged, those opened, and bots' closings.

    Only what was open at its start or opened in it can be closed in it, so that a ratio stays
    below 1 when something is reopened and closed again.
    """
    before = view_at(view.timeline.activity, view.as_of - QUARTER * DAY)
    opened = items & view.since(view.timeline.created, QUARTER)
    there = items & (before.open | opened)
    done = there & (view.closed & view.since(view.closed_at, QUARTER))
    by_bot = done & view.closed_by_bot & ~view.merged
    return there, opened, int(by_bot.sum())


def _closed_in_quarter(view: View, there: Flags) -> int:
    closed = there & view.closed & view.since(view.closed_at, QUARTER)
    return int((closed & ~(view.closed_by_bot & ~view.merged)).sum())


@of_items(ItemKind.CHANGE_REQUEST)
def change_request_closure_ratio(view: View, items: Flags) -> Value:
    """What share of the change requests there were to deal with was dealt with?"""
    there, opened, by_bots = _closures(view, items)
    closed, total, new = _closed_in_quarter(view, there), int(there.sum()), int(opened.sum())
    parts: dict[str, Part] = {
        "closed": closed,
        "closed_by_bots": by_bots,
        "open_at_start": total - new,
        "opened": new,
    }
    return ratio(closed, total, N_("no change request was open in this time"), parts)


@of_items(ItemKind.CHANGE_REQUEST)
def review_efficiency_index(view: View, items: Flags) -> Value:
    """Are change requests dealt with as fast as they come in?"""
    there, opened, by_bots = _closures(view, items)
    closed, new = _closed_in_quarter(view, there), int(opened.sum())
    parts: dict[str, Part] = {"closed": closed, "closed_by_bots": by_bots, "opened": new}
    return ratio(closed, new, N_("no change was proposed in this time"), parts)


@of_items(ItemKind.CHANGE_REQUEST)
def change_request_acceptance_ratio(view: View, items: Flags) -> Value:
    """What share of the change requests decided in the year was taken?"""
    merged = int((items & view.since(view.timeline.merged_at, YEAR)).sum())
    declined = int((items & view.declined & view.since(view.closed_at, YEAR)).sum())
    parts: dict[str, Part] = {"merged": merged, "declined": declined}
    return ratio(merged, merged + declined, N_("no change request was decided in this time"), parts)


@of_items(ItemKind.CHANGE_REQUEST)
def open_change_requests(view: View, items: Flags) -> Value:
    """How many change requests are open?"""
    return Value(float((items & view.open).sum()))


@of_items(ItemKind.ISSUE)
def open_issues(view: View, items: Flags) -> Value:
    """How many issues are open?"""
    return Value(float((items & view.open).sum()))


@of_items(ItemKind.CHANGE_REQUEST, needs=[REVIEWS])
def stale_change_requests(view: View, items: Flags) -> Value:
    """On how many open change requests has no human said anything for 90 days?"""
    still = view.last_movement <= view.as_of - STALE_AFTER * DAY
    return Value(float(np.count_nonzero(items & view.open & ~view.draft & still)))
