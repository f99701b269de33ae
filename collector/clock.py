"""The clock: the one place that asks what time it is."""

import time
from datetime import UTC, datetime

from collector.model import DAY, Instant


def now() -> Instant:
    """This moment."""
    return int(time.time())  # noqa: TID251 - this is the edge


def today(at: Instant | None = None) -> Instant:
    """Midnight UTC at the start of the day of ``at`` (default: now): the usual ``as_of``."""
    moment = now() if at is None else at
    return moment - moment % DAY


def months_before(at: Instant, months: int) -> Instant:
    """Midnight UTC at the start of the month so many months before that of ``at``."""
    moment = datetime.fromtimestamp(at, UTC)
    month = moment.year * 12 + moment.month - 1 - months
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
