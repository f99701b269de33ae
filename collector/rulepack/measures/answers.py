"""How fast issues are answered on average, and whether maintainers look at changes."""

from __future__ import annotations

from typing import cast

import numpy as np

from collector.metric import HALF_YEAR, QUARTER, Better, Metric, Part, Value, not_applicable
from collector.metrics.items_scope import ACTORS, REVIEWS, of_items
from collector.metrics.items_view import Timeline, View
from collector.metrics.samples import ratio
from collector.model import DAY, N_, NO_TIME, EventKind, Flags, Instants, ItemKind

NOTHING_MERGED = N_("no change request was merged in the last 183 days")


@of_items(ItemKind.ISSUE)
def mean_time_to_first_response_issues(view: View, items: Flags) -> Value:
    """How long did issues wait on average for a first answer?

    Over the answered issues of the quarter; where none of them was answered, the average of the
    waits so far, so that silence is no quick answer.
    """
    line = view.timeline
    asked = items & view.since(line.created, QUARTER)
    answered = asked & view.answered
    issues, replies = int(asked.sum()), int(answered.sum())
    if not issues:
        return not_applicable("no issue was opened in the last 90 days")
    chosen = answered if replies else asked
    until = np.minimum(line.first_response[chosen], view.as_of)
    mean = float((until - line.created[chosen]).mean()) / DAY
    parts: dict[str, Part] = {"issues": issues, "answered": replies, "at_least": replies == 0}
    return Value(mean, n=replies, parts=parts)


def _first_review_by_insider(line: Timeline) -> Instants:
    """When did an insider first review each change that somebody else proposed?"""
    if "first_review_by_insider" not in line.memory:
        chosen = line.by_insider & line.by_another & (line.kind == EventKind.REVIEW)
        first = np.full(len(line.created), NO_TIME, dtype=np.int64)
        np.minimum.at(first, line.item[chosen], line.at[chosen])
        line.memory["first_review_by_insider"] = first
    return cast("Instants", line.memory["first_review_by_insider"])


@of_items(ItemKind.CHANGE_REQUEST, needs=[REVIEWS, ACTORS])
def reviewed_by_maintainer_share(view: View, items: Flags) -> Value:
    """Which share of the merged changes had a maintainer reviewed before?"""
    line = view.timeline
    merged = items & view.since(line.merged_at, HALF_YEAR)
    reviewed = int((merged & (_first_review_by_insider(line) < line.merged_at)).sum())
    total = int(merged.sum())
    return ratio(reviewed, total, NOTHING_MERGED, {"reviewed": reviewed, "merged": total})


MEASURES = (
    Metric(
        "mean_time_to_first_response_issues",
        "Average time to first response (issues)",
        "How long do issues wait for a first answer, on average?",
        "days",
        Better.LOWER,
        "openCode",
        mean_time_to_first_response_issues,
        "mean(first response − created) over the answered issues created in 90 days; where none "
        "was answered, the mean of their waits so far",
        QUARTER,
        needs=("forge",),
        words="days until a first answer, on average",
    ),
    Metric(
        "reviewed_by_maintainer_share",
        "Reviewed by a maintainer",
        "Do maintainers look at the changes?",
        "ratio",
        Better.HIGHER,
        "openCode",
        reviewed_by_maintainer_share,
        "change requests merged in 183 days that an insider other than the author reviewed before "
        "the merge ÷ those merged",
        HALF_YEAR,
        needs=("forge",),
        words="merged changes that a maintainer reviewed",
        limits="A maintainer is an insider in the sense of METRICS.md, C10.",
    ),
)
