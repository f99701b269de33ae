"""What can still be said where older facts about people are not kept (``retention_months``)?

A metric that asks who did something and looks back beyond that day is unknown, with the reason:
who was forgotten must not look like nobody. What was measured before stays as it is stored.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps

from collector.metric import Metric, State, Value
from collector.model import DAY, Activity, Instant, Phrase

FORGOTTEN = "who did what before {day:day} is not kept any more"
EVER = 200 * 366

INSIDERS = 730
"""Days for which whoever merged is an insider (C10)."""

LOOKS_BACK: dict[str, int] = {
    "contributors": 365,
    "committers": 365,
    "contributor_absence_factor": 365,
    "core_contributors": 365,
    "top_contributor_share": 365,
    "regular_committers": 365 + 31,
    "work_left_share": 3 * 365,
    "new_contributors": EVER,
    "contributor_retention": 730,
    "active_maintainers": 183,
    "affiliation_coverage": 365,
    "elephant_factor": 365,
    "owner_share": 365,
    "top_supplier_share": 365,
    "contributing_public_bodies": 365,
    "declared_vs_observed": 365,
    "time_to_first_response_issues": 90,
    "time_to_first_response_change_requests": 90,
    "first_answer_wait": 90,
    "answered_share": 90,
    "answered_in_two_business_days": 90,
    "outsiders_answered": 90 + INSIDERS,
    "oldest_outsider_waiting": 365 + INSIDERS,
    "review_share": 183,
    "self_merge_rate": 183,
    "four_eyes": 365 + 31,
}
"""Metric → days before the date on which it must know who did what."""

STATUS_LOOKS_BACK = 3 * 365
"""The same of a judgement: usual pauses and the work of those who are gone."""


def remembers(activity: Activity, as_of: Instant, days: int) -> bool:
    """Is it known who did what in all these days?"""
    since = activity.people_since
    return since is None or as_of - days * DAY >= since


def forgotten(activity: Activity) -> Value:
    """No value, because people were forgotten; since when they are known."""
    return Value(None, State.UNKNOWN, Phrase(FORGOTTEN, {"day": activity.people_since or 0}))


def is_forgotten(value: Value) -> bool:
    """Is it unknown for this reason alone?"""
    return value.reason is not None and value.reason.template == FORGOTTEN


def remembering(metric: Metric) -> Metric:
    """The metric, unknown where it would have to look back beyond what is kept."""
    days = LOOKS_BACK.get(metric.key)
    if days is None:
        return metric
    compute = metric.compute

    @wraps(compute)
    def asked(activity: Activity, as_of: Instant) -> Value:
        value = compute(activity, as_of)
        known = value.state is State.UNKNOWN or remembers(activity, as_of, days)
        return value if known else forgotten(activity)

    return replace(metric, compute=asked)
