"""Asking a metric in one word, for the tests of metrics."""

from collector.metric import State, Value
from collector.metrics import BY_KEY
from collector.model import Activity, Instant
from tests.activities import at

NOW = at("2026-01-01")


def value(key: str, records: Activity, as_of: Instant = NOW) -> Value:
    return BY_KEY[key].compute(records, as_of)


def number(key: str, records: Activity, as_of: Instant = NOW) -> float | None:
    """The number of a metric that must have one."""
    found = value(key, records, as_of)
    assert found.state is State.OK, found.reason
    return found.value
