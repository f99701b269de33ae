"""How much was done in each month, from the first commit on?"""

from __future__ import annotations

from collector.metric import Part
from collector.metrics.windows import commits_by_month, human_commits
from collector.model import Activity, Instant
from collector.series.months import month


def work(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Human commits per month; None: there are none. ``first`` is the first month's number."""
    times = human_commits(activity).time
    if not times.size or int(times[0]) >= as_of:
        return None
    first, last = month(int(times[0])), month(as_of - 1)
    return {"first": first, "commits": [*commits_by_month(activity, as_of, last - first + 1)]}
