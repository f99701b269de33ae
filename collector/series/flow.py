"""What becomes of proposed changes: opened, merged, declined in each month?"""

from __future__ import annotations

import numpy as np

from collector.metric import Part, Value
from collector.metrics.items_scope import scope
from collector.metrics.items_view import view
from collector.model import Activity, Instant, ItemKind
from collector.series.months import month, monthly


def flow(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Change requests by people, by month; None: none can be seen here."""
    seen = scope(activity, (ItemKind.CHANGE_REQUEST,))
    if isinstance(seen, Value):
        return None
    now = view(activity, as_of)
    items = now.existing & seen.items
    if not items.any():
        return None
    line = now.timeline
    first, last = month(int(np.min(line.created[items]))), month(as_of - 1)
    counted = {
        "opened": monthly(line.created, items, first, last),
        "merged": monthly(line.merged_at, items & now.merged, first, last),
        "declined": monthly(now.closed_at, items & now.declined, first, last),
    }
    return {"first": first, **{key: [*counts] for key, counts in counted.items()}}
