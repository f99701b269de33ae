"""What a rule pack came to: each rule with its inputs, the level reached, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from collector.judgement import Json, phrase_from, phrase_json
from collector.metric import Part
from collector.model import Instant, Phrase


class RuleState(StrEnum):
    """What a rule came to."""

    MET = "met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "n/a"
    UNKNOWN = "unknown"
    ANSWER_NEEDED = "answer needed"


OPEN = (RuleState.UNKNOWN, RuleState.ANSWER_NEEDED)
"""Not decided: more data, or an answer, may turn it either way."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule came to, with every input it used.

    ``why`` says it in words. ``answered``: an answer of people decided; its ``evidence``,
    ``date`` and ``by`` stand beside it. ``value`` is the figure, whoever decided.
    """

    id: str
    level: str
    title: str
    state: RuleState
    why: Phrase
    required: bool = True
    metric: str | None = None
    unit: str = ""
    value: float | None = None
    operator: str | None = None
    threshold: float | None = None
    n: int | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    answered: bool = False
    evidence: str | None = None
    date: Instant | None = None
    by: str | None = None
    ask: str | None = None
    note: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LevelResult:
    """A level: how many of its rules are met, of how many that apply; ``needs`` so many.

    ``reached``: it and all below it are; None: that is open, some inputs are missing.
    ``missing``: the ids of its required rules that are not met or open.
    """

    id: str
    name: str
    reached: bool | None
    met: int
    of: int
    needs: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackResult:
    """What a pack came to at a date. ``level``: the highest reached; ``next``: the one above."""

    pack: str
    name: str
    source: str
    as_of: Instant
    level: str | None
    next: str | None
    levels: tuple[LevelResult, ...]
    rules: tuple[RuleResult, ...]

    @property
    def level_name(self) -> str | None:
        """The name of the level reached."""
        return next((each.name for each in self.levels if each.id == self.level), None)

    @property
    def missing(self) -> tuple[RuleResult, ...]:
        """What the next level lacks."""
        wanted = next((each.missing for each in self.levels if each.id == self.next), ())
        return tuple(rule for rule in self.rules if rule.id in wanted)


# ---------------------------------------------------------------- JSON


def to_json(result: PackResult) -> dict[str, Json]:
    """The result as it is stored and exported."""
    return {
        "pack": result.pack,
        "name": result.name,
        "source": result.source,
        "as_of": result.as_of,
        "level": result.level,
        "next": result.next,
        "levels": [_level_json(each) for each in result.levels],
        "rules": [_rule_json(each) for each in result.rules],
    }


def _level_json(level: LevelResult) -> Json:
    return {
        "id": level.id,
        "name": level.name,
        "reached": level.reached,
        "met": level.met,
        "of": level.of,
        "needs": level.needs,
        "missing": [*level.missing],
    }


def _rule_json(rule: RuleResult) -> Json:
    return {
        "id": rule.id,
        "level": rule.level,
        "title": rule.title,
        "state": rule.state.value,
        "why": phrase_json(rule.why),
        "required": rule.required,
        "metric": rule.metric,
        "unit": rule.unit,
        "value": rule.value,
        "operator": rule.operator,
        "threshold": rule.threshold,
        "n": rule.n,
        "parts": cast("Json", {**rule.parts}),
        "answered": rule.answered,
        "evidence": rule.evidence,
        "date": rule.date,
        "by": rule.by,
        "ask": rule.ask,
        "note": rule.note,
        "source": rule.source,
    }


def from_json(found: Mapping[str, Any]) -> PackResult:
    """The result that ``to_json`` wrote."""
    return PackResult(
        found["pack"],
        found["name"],
        found["source"],
        found["as_of"],
        found["level"],
        found["next"],
        tuple(
            LevelResult(**{**each, "missing": tuple(each["missing"])}) for each in found["levels"]
        ),
        tuple(map(_rule_from, found["rules"])),
    )


def _rule_from(found: Mapping[str, Any]) -> RuleResult:
    why = phrase_from(found["why"]) or Phrase("")
    return RuleResult(**{**found, "state": RuleState(found["state"]), "why": why})
