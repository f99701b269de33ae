"""Rule packs: what official checklists, or the OSPO's own, say of a project, input by input."""

from collector.rulepack.judging import evaluate, history_levels
from collector.rulepack.pack import Answer, Level, Pack, Rule, answer_until, applies
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
    "Level",
    "LevelResult",
    "Pack",
    "PackResult",
    "Rule",
    "RuleResult",
    "RuleState",
    "answer_until",
    "applies",
    "evaluate",
    "from_json",
    "history_levels",
    "to_json",
]
