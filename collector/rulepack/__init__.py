"""Rule packs: what official checklists, or the OSPO's own, say of a project, input by input."""

from collector.rulepack.judging import evaluate, levels
from collector.rulepack.pack import Answer, Level, Pack, Rule, answer_until, applies
from collector.rulepack.reading import Checklists, answers, checklists, packs
from collector.rulepack.results import (
    LevelResult,
    PackResult,
    RuleResult,
    RuleState,
    from_json,
    to_json,
)

__all__ = [
    "Answer",
    "Checklists",
    "Level",
    "LevelResult",
    "Pack",
    "PackResult",
    "Rule",
    "RuleResult",
    "RuleState",
    "answer_until",
    "answers",
    "applies",
    "checklists",
    "evaluate",
    "from_json",
    "levels",
    "packs",
    "to_json",
]
