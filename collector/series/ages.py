"""How old is what is still open?"""

from __future__ import annotations

import numpy as np

from collector.metric import Part, Value
from collector.metrics.items_scope import scope
from collector.metrics.items_view import view
from collector.model import DAY, Activity, Instant, ItemKind

LIMITS = (30, 90, 365)
"""Days: up to a month, a quarter, a year, and older."""
KINDS = {"issues": ItemKind.ISSUE, "change_requests": ItemKind.CHANGE_REQUEST}


def ages(activity: Activity, as_of: Instant) -> dict[str, Part] | None:
    """Open items by people in each class of age, by kind; None: no kind can be seen."""
    found = {name: _classes(activity, as_of, kind) for name, kind in KINDS.items()}
    known: dict[str, Part] = {name: [*counts] for name, counts in found.items() if counts}
    return {"limits": [*LIMITS], **known} if known else None


def _classes(activity: Activity, as_of: Instant, kind: ItemKind) -> list[int]:
    seen = scope(activity, (kind,))
    if isinstance(seen, Value):
        return []
    now = view(activity, as_of)
    days = (as_of - now.timeline.created[now.open & seen.items]) / DAY
    place = np.searchsorted(np.array(LIMITS), days)
    return [int(count) for count in np.bincount(place, minlength=len(LIMITS) + 1)]
