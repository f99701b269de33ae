"""What a metric is: a described row and a pure function ``(activity, as_of) -> Value``.

A metric answers one question about one project as of one instant. Its window is half-open,
``[as_of − W, as_of)``; nothing that came after ``as_of`` may change its value (C1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from collector.model import Activity, Instant, Phrase

TWO_YEARS, YEAR, HALF_YEAR, QUARTER, MONTH = 730, 365, 183, 90, 30
"""The windows of C1, in days."""

Part = float | int | str | bool | None | list["Part"] | dict[str, "Part"]


class State(StrEnum):
    """Whether there is a value (C7): missing is never 0."""

    OK = "ok"
    NOT_APPLICABLE = "n/a"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or the reason why there is none, with what one must know to trust it (C7).

    ``n``: sample size. ``coverage``: share of what should have been read, 0–1. ``parts``: the
    numerator, denominator and other figures that the definition names (JSON values only).
    A yes/no is 1/0, a list its count, a text None with state ok; list and text stand in parts.
    """

    value: float | None
    state: State = State.OK
    reason: Phrase | None = None
    n: int | None = None
    p90: float | None = None
    coverage: float | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)


def not_applicable(template: str, **arguments: str | int | float) -> Value:
    """A value that cannot apply, and why."""
    return Value(None, State.NOT_APPLICABLE, Phrase(template, arguments))


def unknown(template: str, **arguments: str | int | float) -> Value:
    """A value that was not collected, and why."""
    return Value(None, State.UNKNOWN, Phrase(template, arguments))


class Better(StrEnum):
    """Which direction is better; ``neither`` is never judged."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """One published definition. ``key`` is the CHAOSS title in snake_case where there is one.

    ``window`` in days (None: no window). ``needs``: the sources without which it is unknown
    (``git``, ``forge``, ``configuration``). ``version`` rises when the definition changes,
    and history is then measured again. ``words``: the plain words people read.
    """

    key: str
    title: str
    question: str
    unit: str
    better: Better
    reference: str
    compute: Callable[[Activity, Instant], Value]
    formula: str
    window: int | None = None
    needs: tuple[str, ...] = ("git",)
    version: int = 1
    words: str = ""
    limits: str = ""
