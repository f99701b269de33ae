"""What comes in and goes out: items opened, merged, declined and closed in a year (Work)."""

from __future__ import annotations

from collector.metric import YEAR, Better, Metric, Value
from collector.metrics.items_scope import of_items
from collector.metrics.items_view import View
from collector.model import Flags, Instants, ItemKind


def _count(view: View, chosen: Flags, times: Instants) -> Value:
    return Value(float((chosen & view.since(times, YEAR)).sum()))


@of_items(ItemKind.CHANGE_REQUEST)
def change_requests_opened(view: View, items: Flags) -> Value:
    """How many changes did people propose in the year?"""
    return _count(view, items, view.timeline.created)


@of_items(ItemKind.CHANGE_REQUEST)
def change_requests_merged(view: View, items: Flags) -> Value:
    """How many proposed changes were merged in the year?"""
    return _count(view, items, view.timeline.merged_at)


@of_items(ItemKind.CHANGE_REQUEST)
def change_requests_declined(view: View, items: Flags) -> Value:
    """How many proposed changes were closed in the year and not merged?"""
    return _count(view, items & view.declined, view.closed_at)


@of_items(ItemKind.ISSUE)
def issues_opened(view: View, items: Flags) -> Value:
    """How many issues did people open in the year?"""
    return _count(view, items, view.timeline.created)


@of_items(ItemKind.ISSUE)
def issues_closed(view: View, items: Flags) -> Value:
    """How many issues that people had opened were closed in the year, by whomever?"""
    return _count(view, items & view.closed, view.closed_at)


METRICS = (
    Metric(
        key="change_requests_opened",
        title="Change Requests",
        question="How many changes were proposed in the last year?",
        unit="count",
        better=Better.NEITHER,
        reference="CHAOSS 3610",
        compute=change_requests_opened,
        formula="change requests opened by humans in Y",
        window=YEAR,
        needs=("forge",),
        words="proposed changes",
    ),
    Metric(
        key="change_requests_merged",
        title="Change Requests Accepted",
        question="How many proposed changes were merged in the last year?",
        unit="count",
        better=Better.NEITHER,
        reference="CHAOSS 3588",
        compute=change_requests_merged,
        formula="change requests opened by humans and merged in Y",
        window=YEAR,
        needs=("forge",),
        words="proposed changes that were taken",
    ),
    Metric(
        key="change_requests_declined",
        title="Change Requests Declined",
        question="How many proposed changes were closed unmerged in the last year?",
        unit="count",
        better=Better.NEITHER,
        reference="CHAOSS 3589",
        compute=change_requests_declined,
        formula="change requests opened by humans and closed in Y without a merge",
        window=YEAR,
        needs=("forge",),
        words="proposed changes that were declined",
    ),
    Metric(
        key="issues_opened",
        title="Issues New",
        question="How many issues were opened in the last year?",
        unit="count",
        better=Better.NEITHER,
        reference="CHAOSS 3634",
        compute=issues_opened,
        formula="issues opened by humans in Y",
        window=YEAR,
        needs=("forge",),
        words="issues opened",
    ),
    Metric(
        key="issues_closed",
        title="Issues Closed",
        question="How many issues were closed in the last year?",
        unit="count",
        better=Better.NEITHER,
        reference="CHAOSS 3633",
        compute=issues_closed,
        formula="issues opened by humans and closed, by whomever, in Y",
        window=YEAR,
        needs=("forge",),
        words="issues closed",
    ),
)
