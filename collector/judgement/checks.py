"""The essential checks: what is asked of a project, from when on it is met, and how to meet it.

Each row of ``RULES`` is one check of METRICS.md. Its sentences are templates; the figures in
them are rounded for reading, the value beside them is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from collector.judgement.status import Standing
from collector.metric import Part, Value
from collector.model import N_, Activity, Instant, Phrase, Threshold


class Result(StrEnum):
    """What a check, or a question, comes to."""

    MET = "met"
    AT_RISK = "at risk"
    NOT_MET = "not met"
    TOO_FEW = "too few cases"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "n/a"


DECIDED = (Result.NOT_MET, Result.AT_RISK, Result.MET)
"""Worst first."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a check looks at."""

    activity: Activity
    as_of: Instant
    value: Callable[[str], Value]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check reads: a number, or why there is none."""

    value: float | None
    result: Result | None = None
    """Given where there is no number to compare."""
    reason: Phrase | None = None
    n: int | None = None
    window: int | None = None
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    cases: tuple[Mapping[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """An essential check. ``whole``: its numbers are counts, so that "not met" includes its own.

    ``beyond``: it is met only beyond its number. ``shown``: what the value is multiplied by to
    be read. ``why``: a sentence per result, the last one for all others.
    """

    key: str
    question: str
    title: str
    metric: str
    unit: str
    higher: bool
    met: float
    not_met: float
    read: Callable[[Case], Reading]
    why: Mapping[Result | None, str]
    change: str
    whole: bool = False
    beyond: bool = False
    shown: float = 1

    def judge(self, value: float, met: float, not_met: float) -> Result:
        """Is a value good enough?"""
        sign = 1 if self.higher else -1
        if sign * value > sign * met or (value == met and not self.beyond):
            return Result.MET
        below = sign * value < sign * not_met or (self.whole and value == not_met)
        return Result.NOT_MET if below else Result.AT_RISK


@dataclass(frozen=True, slots=True)
class Check:
    """What a check came to, with all that one must know to believe it and to change it."""

    key: str
    title: str
    metric: str
    result: Result
    value: float | None
    unit: str
    met: float | None
    not_met: float | None
    threshold_source: str
    why: Phrase
    change: Phrase | None
    n: int | None = None
    window_days: int | None = None
    threshold_since: Instant | None = None
    """From when on the threshold holds; None: from ever."""
    cases: tuple[Mapping[str, Part], ...] = ()
    """Where they are too few to judge: the items themselves (C8)."""

    @property
    def decided(self) -> bool:
        """Did it come to an answer?"""
        return self.result in DECIDED


def threshold(rule: Rule, case: Case, given: Iterable[Threshold]) -> Threshold:
    """Which threshold is in force? The last of those given that holds then, else the default."""
    met = case.standing.gap_limit_days if rule.key == "care" else rule.met
    found = Threshold(rule.metric, met, rule.not_met)
    for one in given:
        if one.metric == rule.metric and one.span.holds(case.as_of):
            found = one
    return found


def check(rule: Rule, case: Case, given: Iterable[Threshold] = ()) -> Check:
    """Does the project meet this check at this date?"""
    reading, limit = rule.read(case), threshold(rule, case, given)
    result = reading.result
    if result is None:
        result = Result.UNKNOWN
        if reading.value is not None:
            result = rule.judge(reading.value, limit.met, limit.not_met)
    facts = _facts(rule, reading, limit)
    wanting = result in (Result.NOT_MET, Result.AT_RISK)
    return Check(
        rule.key,
        rule.title,
        rule.metric,
        result,
        reading.value,
        rule.unit,
        limit.met,
        limit.not_met,
        limit.source,
        reading.reason or Phrase(rule.why.get(result, rule.why[None]), facts),
        Phrase(_change(rule, reading, limit), facts) if wanting else None,
        reading.n,
        reading.window,
        limit.span.since,
        reading.cases,
    )


def _facts(rule: Rule, reading: Reading, limit: Threshold) -> dict[str, str | int | float]:
    facts = dict(reading.facts)
    if reading.value is not None:
        facts["value"] = _read(reading.value * rule.shown)
    facts |= {"met": _read(limit.met * rule.shown), "not_met": _read(limit.not_met * rule.shown)}
    if reading.n is not None:
        facts["n"] = reading.n
    if reading.window is not None:
        facts["window"] = reading.window
    return facts


def _read(number: float) -> int | float:
    """A number as it is read aloud: whole where it is not tiny."""
    return round(number) if abs(number) >= 1 or number == round(number) else round(number, 1)


NEXT_PERSON = (
    N_("A person who works on it in three different months."),
    N_("A second person who works on it in three different months."),
    N_("A third person who works on it in three different months."),
    N_("A fourth person who works on it in three different months."),
    N_("A fifth person who works on it in three different months."),
)


def _change(rule: Rule, reading: Reading, limit: Threshold) -> str:
    """What would change it: for people, the next one who is missing."""
    if rule.key != "regular_committers" or reading.value is None:
        return rule.change
    place = int(reading.value)
    if place + 1 > limit.met or place >= len(NEXT_PERSON):
        return rule.change
    return NEXT_PERSON[place]
