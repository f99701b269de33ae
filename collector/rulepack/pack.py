"""What a rule pack is: levels and rules, as data; and what people answered."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collector.model import DAY, Instant

ANSWER_HOLDS = 365
"""Days after which an answer of people is asked for again."""

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a checklist asks for: a figure, a question to people, or both.

    ``if_none``: what it comes to where the figure does not apply (n/a | met | not met).
    """

    id: str
    level: str
    title: str
    metric: str | None = None
    part: str | None = None
    operator: str | None = None
    threshold: float | None = None
    if_none: str = "n/a"
    ask: str | None = None
    required: bool = True
    note: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A level; each asks for those below it too. ``needs``: rules to be met, None: all."""

    id: str
    name: str
    needs: int | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """One checklist, lowest level first."""

    id: str
    name: str
    by: str
    source: str
    about: str
    levels: tuple[Level, ...]
    rules: tuple[Rule, ...]
    countries: tuple[str, ...] = ()
    checked: Instant | None = None

    def of(self, level: str) -> tuple[Rule, ...]:
        """The rules of one level."""
        return tuple(rule for rule in self.rules if rule.level == level)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered: yes | no | n/a. ``rule`` is ``pack/rule``."""

    rule: str
    answer: str
    date: Instant
    evidence: str | None = None
    by: str | None = None
    text: str | None = None


def answer_until(answer: Answer) -> Instant:
    """From when on must it be asked again?"""
    return answer.date + ANSWER_HOLDS * DAY


def applies(pack: Pack, country: str | None, chosen: tuple[str, ...]) -> bool:
    """Is this pack measured for an OSPO? Its own choice decides, else the pack's countries."""
    if chosen:
        return pack.id in chosen
    return not pack.countries or country in pack.countries
