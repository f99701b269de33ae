"""Deliveries: does the work reach anybody?"""

from __future__ import annotations

import numpy as np

from collector.metric import YEAR, Better, Metric, Part, Value, not_applicable
from collector.metrics.delivered import delivered, delivery_times, mode
from collector.metrics.samples import durations
from collector.metrics.sources import from_git
from collector.metrics.windows import before, between, human_arrivals
from collector.model import DAY, Activity, Instant, Instants

LAST_INTERVALS = 10
FEWEST_INTERVALS = 4
NONE_DECLARED = "the project does not deliver anything, as declared"
NO_TAGS = "there is no tag or release"
NO_MATCH = "no name of a tag or release says a version that was delivered"
NOT_YET = "nothing was delivered yet"


def _nothing(activity: Activity, as_of: Instant) -> Value | None:
    """Why are there no deliveries, if so?"""
    if activity.project.delivery == "none":
        return not_applicable(NONE_DECLARED)
    if delivered(activity, as_of).time.size:
        return None
    seen = any(tag.time < as_of for tag in activity.tags)
    return not_applicable(NO_MATCH if seen else NO_TAGS)


@from_git
def release_frequency(activity: Activity, as_of: Instant) -> Value:
    """How often is there a new version?"""
    missing = _nothing(activity, as_of)
    if missing:
        return missing
    seen = delivered(activity, as_of)
    year = between(seen.time, before(as_of, YEAR), as_of)
    stable = seen.stable[year] & ~seen.deployment[year]
    early = ~seen.stable[year] & ~seen.deployment[year]
    count = int(np.count_nonzero(stable))
    return Value(count, n=count, parts={"pre_releases": int(np.count_nonzero(early))})


@from_git
def deployments(activity: Activity, as_of: Instant) -> Value:
    """How often is it put into operation?"""
    missing = _nothing(activity, as_of)
    if missing:
        return missing
    times = delivered(activity, as_of).deployments()
    count = len(times[between(times, before(as_of, YEAR), as_of)])
    return Value(count, n=count)


def _last(activity: Activity, as_of: Instant) -> Instant | Value:
    """The newest delivery, or why there is none."""
    missing = _nothing(activity, as_of)
    if missing:
        return missing
    times = delivery_times(activity, as_of)
    return int(times[-1]) if times.size else not_applicable(NOT_YET)


@from_git
def days_since_last_delivery(activity: Activity, as_of: Instant) -> Value:
    """How long ago did something reach its users?"""
    last = _last(activity, as_of)
    if isinstance(last, Value):
        return last
    parts: dict[str, Part] = {"last": last, "delivery": mode(activity, as_of)}
    return Value((as_of - last) / DAY, parts=parts)


@from_git
def undelivered_commits(activity: Activity, as_of: Instant) -> Value:
    """How much work waits to reach its users, and since when?"""
    last = _last(activity, as_of)
    if isinstance(last, Value):
        return last
    waiting = _waiting(activity, as_of, last)
    oldest = (as_of - int(waiting[0])) / DAY if waiting.size else None
    return Value(len(waiting), n=len(waiting), parts={"oldest_days": oldest})


def _waiting(activity: Activity, as_of: Instant, last: Instant) -> Instants:
    """When did the human commits arrive that came after the newest delivery?"""
    return human_arrivals(activity)[between(human_arrivals(activity), last + 1, as_of)]


def _newest_of_days(times: Instants) -> Instants:
    """The newest delivery of each day (UTC): what many repositories bring on one day is one."""
    days, seen_from_the_end = np.unique((times // DAY)[::-1], return_index=True)
    return times[times.size - 1 - seen_from_the_end] if days.size else times


@from_git
def delivery_interval(activity: Activity, as_of: Instant) -> Value:
    """How long does it usually take from one delivery to the next?"""
    last = _last(activity, as_of)
    if isinstance(last, Value):
        return last
    days = _newest_of_days(delivery_times(activity, as_of))
    intervals = np.diff(days[-LAST_INTERVALS - 1 :])
    if not intervals.size:
        return not_applicable("there was only one delivery")
    since = (as_of - last) / DAY
    late = since > 2 * float(np.median(intervals)) / DAY
    overdue = late and len(intervals) >= FEWEST_INTERVALS
    overdue = overdue and bool(_waiting(activity, as_of, last).size)
    return durations(intervals, DAY, "", {"overdue": overdue, "days_since": since})


METRICS = (
    Metric(
        "release_frequency",
        "Release frequency",
        "How often is there a new version?",
        "count",
        Better.HIGHER,
        "CHAOSS 4765",
        release_frequency,
        "stable releases in a year; one per version and repository",
        YEAR,
        words="new versions in a year",
    ),
    Metric(
        "deployments",
        "Deployments",
        "How often is it put into operation?",
        "count",
        Better.NEITHER,
        "own",
        deployments,
        "deployments in a year, by the names of tags",
        YEAR,
        words="times it was put into operation in a year",
    ),
    Metric(
        "days_since_last_delivery",
        "Days since last delivery",
        "When did something last reach its users?",
        "days",
        Better.LOWER,
        "CHAOSS 4765",
        days_since_last_delivery,
        "date − newest stable release or deployment, by the project's way of delivering",
        words="days since the last delivery",
    ),
    Metric(
        "undelivered_commits",
        "Undelivered commits",
        "How much work waits to reach its users?",
        "count",
        Better.LOWER,
        "CHAOSS security guide",
        undelivered_commits,
        "commits by humans that arrived since the newest delivery; the days since the oldest",
        words="commits not yet delivered",
    ),
    Metric(
        "delivery_interval",
        "Delivery interval",
        "How long is it usually from one delivery to the next?",
        "days",
        Better.NEITHER,
        "CHAOSS 4765",
        delivery_interval,
        "median of the last 10 intervals between deliveries, those of one day (UTC) being one; "
        "overdue: more than twice that, from 4 intervals on, and a commit waits",
        version=2,
        words="usual days between deliveries",
    ),
)
