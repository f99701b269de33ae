"""How long did people wait for a first answer: the quick quarter, the middle, the slow tenth?"""

from __future__ import annotations

import numpy as np

from collector.metric import QUARTER, Part, Value
from collector.metrics.items_scope import BOTH, REVIEWS, scope
from collector.metrics.items_view import Timeline, timeline
from collector.metrics.samples import quantile
from collector.metrics.windows import before, month_start
from collector.model import Activity, Flags, Instant
from collector.series.months import month

HOUR = 3_600
SHARES = {"p25": 0.25, "median": 0.5, "p90": 0.9}


def waiting(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Hours at the start of each month, as ``first_answer_wait`` counts them; None: none.

    Those without an answer count with their wait so far. A month in whose quarter nobody asked
    has null.
    """
    seen = scope(activity, BOTH, frozenset({REVIEWS}))
    if isinstance(seen, Value):
        return None
    line = timeline(activity)
    items = line.human & seen.items & (line.created < as_of)
    if not items.any():
        return None
    first = month(int(np.min(line.created[items]))) + 1
    dates = [month_start(number) for number in range(first, month(as_of) + 1)]
    rows = [_spread(line, items, date) for date in (*dates, as_of)]
    columns: dict[str, list[Part]] = {key: [row.get(key) for row in rows] for key in (*SHARES, "n")}
    return {"dates": [*dates, as_of], **columns}


def _spread(line: Timeline, items: Flags, date: Instant) -> dict[str, float]:
    asked = items & (line.created >= before(date, QUARTER)) & (line.created < date)
    waits = np.sort(np.minimum(line.first_response[asked], date) - line.created[asked]) / HOUR
    if not waits.size:
        return {}
    found = {key: round(quantile(waits, share), 2) for key, share in SHARES.items()}
    return {**found, "n": int(waits.size)}
