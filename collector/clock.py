"""The clock: the one place that asks what time it is."""

import time

from collector.model import DAY, Instant


def now() -> Instant:
    """This moment."""
    return int(time.time())  # noqa: TID251 - this is the edge


def today(at: Instant | None = None) -> Instant:
    """Midnight UTC at the start of the day of ``at`` (default: now): the usual ``as_of``."""
    moment = now() if at is None else at
    return moment - moment % DAY
