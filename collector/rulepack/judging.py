"""What does a rule pack say of a project at a date? Pure: activity, date and answers in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from collector.metric import Metric, Part, State, Value, unknown
from collector.metrics import BY_KEY
from collector.model import N_, Activity, Instant, Phrase
from collector.rulepack.measures import BY_KEY as MEASURES
from collector.rulepack.pack import OPERATORS, Answer, Level, Pack, Rule, answer_until
from collector.rulepack.results import OPEN, LevelResult, PackResult, RuleResult, RuleState

MET, NOT_MET = RuleState.MET, RuleState.NOT_MET
ANSWERED = {"yes": MET, "no": NOT_MET, "n/a": RuleState.NOT_APPLICABLE}
ASKED = {
    ">=": N_("{words:word}: {value}; at least {threshold} is asked for."),
    ">": N_("{words:word}: {value}; more than {threshold} is asked for."),
    "<=": N_("{words:word}: {value}; at most {threshold} is asked for."),
    "<": N_("{words:word}: {value}; less than {threshold} is asked for."),
    "==": N_("{words:word}: {value}; {threshold} is asked for."),
    "!=": N_("{words:word}: {value}; anything but {threshold} is asked for."),
}
SAID = {
    (False, False): N_("Answered {answer:word} on {date:day}."),
    (False, True): N_("Answered {answer:word} on {date:day}. {text}"),
    (True, False): N_("Answered {answer:word} on {date:day} by {by}."),
    (True, True): N_("Answered {answer:word} on {date:day} by {by}. {text}"),
}
"""An answer by people; whether it says who gave it, and in which words."""
YES_NO = ("yes/no", "yes or no")


def metric_of(key: str) -> Metric | None:
    """The metric or measure of a key."""
    return BY_KEY.get(key) or MEASURES.get(key)


@dataclass(slots=True)
class Figures:
    """The values of one project at one date, each computed once for all packs."""

    activity: Activity
    as_of: Instant
    known: dict[str, Value]

    def of(self, key: str) -> Value:
        """The value of a metric or measure."""
        if key not in self.known:
            metric = metric_of(key)
            missing = unknown("this is not collected yet")
            self.known[key] = metric.compute(self.activity, self.as_of) if metric else missing
        return self.known[key]


def evaluate(
    packs: Iterable[Pack],
    activity: Activity,
    as_of: Instant,
    answers: Iterable[Answer] = (),
    values: Mapping[str, Value] | None = None,
) -> tuple[PackResult, ...]:
    """What does each pack come to for this project at this date?

    ``values``: metrics already computed for this date.
    """
    figures = Figures(activity, as_of, dict(values or {}))
    given = _in_force(answers, as_of)
    return tuple(_evaluate(pack, figures, given) for pack in packs)


def _in_force(answers: Iterable[Answer], as_of: Instant) -> dict[str, Answer]:
    """The newest answer to each question that had been given by then."""
    return {
        each.rule: each
        for each in sorted(answers, key=lambda each: each.date)
        if each.date <= as_of
    }


def levels(
    packs: Iterable[Pack],
    activity: Activity,
    as_of: Instant,
    answers: Iterable[Answer] = (),
    values: Mapping[str, Value] | None = None,
) -> dict[str, str | None]:
    """Which level did each pack reach at a date? The same as ``evaluate`` says, and quicker."""
    figures = Figures(activity, as_of, dict(values or {}))
    given = _in_force(answers, as_of)
    return {pack.id: _level_of(pack, figures, given) for pack in packs}


def _level_of(pack: Pack, figures: Figures, answers: Mapping[str, Answer]) -> str | None:
    states = [
        (rule, _decide(rule, figures, answers.get(f"{pack.id}/{rule.id}")).state)
        for rule in pack.rules
        if rule.required
    ]
    reached = None
    for level in pack.levels:
        own = [state for rule, state in states if rule.level == level.id]
        if not _reached(*_counts(level, own), True):
            break
        reached = level.id
    return reached


def _evaluate(pack: Pack, figures: Figures, answers: Mapping[str, Answer]) -> PackResult:
    rules = tuple(
        _rule(rule, figures, answers.get(f"{pack.id}/{rule.id}"), pack) for rule in pack.rules
    )
    found: list[LevelResult] = []
    below: bool | None = True
    for level in pack.levels:
        own = [each for each in rules if each.level == level.id and each.required]
        found.append(_level(level, own, below))
        below = found[-1].reached
    reached = [each.id for each in found if each.reached]
    ahead = [each.id for each in found if not each.reached]
    return PackResult(
        pack.id,
        pack.name,
        pack.source,
        figures.as_of,
        reached[-1] if reached else None,
        ahead[0] if ahead else None,
        tuple(found),
        rules,
    )


def _level(level: Level, rules: list[RuleResult], below: bool | None) -> LevelResult:
    applying = [each for each in rules if each.state is not RuleState.NOT_APPLICABLE]
    met, open_, needs = _counts(level, [each.state for each in applying])
    return LevelResult(
        level.id,
        level.name,
        _reached(met, open_, needs, below),
        met,
        len(applying),
        needs,
        tuple(each.id for each in applying if each.state is not MET),
    )


def _counts(level: Level, states: list[RuleState]) -> tuple[int, int, int]:
    """How many are met, how many are open, and how many the level needs."""
    applying = [state for state in states if state is not RuleState.NOT_APPLICABLE]
    needs = len(applying) if level.needs is None else level.needs
    met, open_ = sum(s is MET for s in applying), sum(s in OPEN for s in applying)
    return met, open_, needs


def _reached(met: int, open_: int, needs: int, below: bool | None) -> bool | None:
    """Is a level reached? None: it may be, for all that is known. Nothing met reaches nothing."""
    if below is False or met + open_ < max(needs, 1):
        return False
    return None if below is None or met < max(needs, 1) else True


# ---------------------------------------------------------------- one rule


class Decided(NamedTuple):
    """What a rule came to, and by which figure or answer."""

    state: RuleState
    value: Value | None = None
    number: float | None = None
    answer: Answer | None = None
    """The one that decided."""


def _decide(rule: Rule, figures: Figures, answer: Answer | None) -> Decided:
    known = rule.metric is not None and metric_of(rule.metric) is not None
    value = figures.of(rule.metric) if rule.metric and known else None
    number = None if value is None else _number(value, rule.part)
    state = _by_figure(rule, value, number)
    if rule.ask is None:
        return Decided(state, value, number)
    if answer is not None and figures.as_of < answer_until(answer):
        return Decided(ANSWERED[answer.answer], value, number, answer)
    if state in (MET, NOT_MET):
        return Decided(state, value, number)
    return Decided(RuleState.ANSWER_NEEDED, value, number)


def _by_figure(rule: Rule, value: Value | None, number: float | None) -> RuleState:
    if value is None:
        return RuleState.ANSWER_NEEDED
    if number is not None:
        met = OPERATORS[rule.operator or ">="](number, rule.threshold or 0.0)
        return MET if met else NOT_MET
    if value.state is State.NOT_APPLICABLE:
        return RuleState(rule.if_none)
    return RuleState.UNKNOWN


def _rule(rule: Rule, figures: Figures, answer: Answer | None, pack: Pack) -> RuleResult:
    decided = _decide(rule, figures, answer)
    metric, value = metric_of(rule.metric or ""), decided.value
    by = decided.answer
    return RuleResult(
        rule.id, rule.level, rule.title, decided.state, _why(rule, decided, answer),
        rule.required, rule.metric, metric.unit if metric else "", decided.number,
        rule.operator, rule.threshold, value.n if value else None, value.parts if value else {},
        by is not None, by.evidence if by else None, by.date if by else None,
        by.by if by else None, rule.ask, rule.note, rule.source or pack.source,
    )  # fmt: skip


def _why(rule: Rule, decided: Decided, answer: Answer | None) -> Phrase:
    if decided.answer is not None:
        return _answered(decided.answer)
    if decided.state is RuleState.ANSWER_NEEDED:
        return _asked(rule, answer, decided.value)
    if decided.number is not None and decided.value is not None:
        return _compared(rule, decided.value, decided.number)
    why = (decided.value.reason if decided.value else None) or Phrase("this cannot be told")
    if decided.state is MET:
        return Phrase("{why:word}; that counts as met", {"why": str(why)})
    return why


def _answered(answer: Answer) -> Phrase:
    facts: dict[str, str | int | float] = {
        "answer": answer.answer,
        "date": answer.date,
        "by": answer.by or "",
        "text": answer.text or "",
    }
    return Phrase(SAID[bool(answer.by), bool(answer.text)], facts)


def _asked(rule: Rule, stale: Answer | None, value: Value | None) -> Phrase:
    if stale is not None:
        return Phrase(
            "The answer of {date:day} is older than twelve months: {ask:word}",
            {"date": stale.date, "ask": rule.ask or ""},
        )
    if value is None:
        return Phrase("Only people can answer: {ask:word}", {"ask": rule.ask or ""})
    facts: dict[str, str | int | float] = {"ask": rule.ask or "", "why": str(value.reason or "")}
    return Phrase("Nothing was found that tells ({why:word}). Please answer: {ask:word}", facts)


def _number(value: Value, part: str | None) -> float | None:
    """The figure that is compared; yes is 1."""
    if value.state is not State.OK:
        return None
    chosen: Part = value.value if part is None else value.parts.get(part)
    return float(chosen) if isinstance(chosen, bool | int | float) else None


def _compared(rule: Rule, value: Value, number: float) -> Phrase:
    metric = metric_of(rule.metric or "")
    words = (metric.words or metric.title) if metric else ""
    if _is_truth(rule, value, metric):
        place = value.parts.get("place")
        if number and isinstance(place, str) and place:
            return Phrase("found: {place}", {"place": place})
        said = N_("{words:word}: yes") if number else N_("{words:word}: no")
        return Phrase(said, {"words": words})
    share = metric is not None and metric.unit == "ratio"
    facts: dict[str, str | int | float] = {
        "words": words,
        "value": _said(number, share=share),
        "threshold": _said(rule.threshold or 0.0, share=share),
    }
    return Phrase(ASKED[rule.operator or ">="], facts)


def _is_truth(rule: Rule, value: Value, metric: Metric | None) -> bool:
    """Is the figure a yes or a no?"""
    if rule.part is not None:
        return isinstance(value.parts.get(rule.part), bool)
    return metric is not None and metric.unit in YES_NO


def _said(number: float, *, share: bool) -> str:
    if share:
        return f"{number * 100:.3g} %"
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
