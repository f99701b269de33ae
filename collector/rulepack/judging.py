"""What does a rule pack say of a project at a date? Pure: activity, date and answers in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

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


def _evaluate(pack: Pack, figures: Figures, answers: Mapping[str, Answer]) -> PackResult:
    rules = tuple(
        _rule(rule, figures, answers.get(f"{pack.id}/{rule.id}"), pack) for rule in pack.rules
    )
    levels: list[LevelResult] = []
    below: bool | None = True
    for level in pack.levels:
        own = [each for each in rules if each.level == level.id and each.required]
        found = _level(level, own, below)
        levels.append(found)
        below = found.reached
    reached = [each.id for each in levels if each.reached]
    ahead = [each.id for each in levels if not each.reached]
    return PackResult(
        pack.id,
        pack.name,
        pack.source,
        figures.as_of,
        reached[-1] if reached else None,
        ahead[0] if ahead else None,
        tuple(levels),
        rules,
    )


def _level(level: Level, rules: list[RuleResult], below: bool | None) -> LevelResult:
    applying = [each for each in rules if each.state is not RuleState.NOT_APPLICABLE]
    met = sum(each.state is MET for each in applying)
    open_ = sum(each.state in OPEN for each in applying)
    needs = len(applying) if level.needs is None else level.needs
    return LevelResult(
        level.id,
        level.name,
        _reached(met, open_, needs, below),
        met,
        len(applying),
        needs,
        tuple(each.id for each in applying if each.state is not MET),
    )


def _reached(met: int, open_: int, needs: int, below: bool | None) -> bool | None:
    """Is a level reached? None: it may be, for all that is known. Nothing met reaches nothing."""
    if below is False or met + open_ < max(needs, 1):
        return False
    return None if below is None or met < max(needs, 1) else True


# ---------------------------------------------------------------- one rule


def _rule(rule: Rule, figures: Figures, answer: Answer | None, pack: Pack) -> RuleResult:
    measured = _measured(rule, figures, pack)
    if rule.ask is None:
        return measured
    if answer is not None and figures.as_of < answer_until(answer):
        return replace(
            measured,
            state=ANSWERED[answer.answer],
            why=_answered(answer),
            answered=True,
            evidence=answer.evidence,
            date=answer.date,
            by=answer.by,
        )
    if measured.state in (MET, NOT_MET):
        return measured
    return replace(measured, state=RuleState.ANSWER_NEEDED, why=_asked(rule, answer, measured))


def _answered(answer: Answer) -> Phrase:
    facts: dict[str, str | int | float] = {
        "answer": answer.answer,
        "date": answer.date,
        "by": answer.by or "",
        "text": answer.text or "",
    }
    return Phrase(SAID[bool(answer.by), bool(answer.text)], facts)


def _asked(rule: Rule, stale: Answer | None, measured: RuleResult) -> Phrase:
    if stale is not None:
        return Phrase(
            "The answer of {date:day} is older than twelve months: {ask:word}",
            {"date": stale.date, "ask": rule.ask or ""},
        )
    if rule.metric is None:
        return Phrase("Only people can answer: {ask:word}", {"ask": rule.ask or ""})
    facts: dict[str, str | int | float] = {"ask": rule.ask or "", "why": str(measured.why)}
    return Phrase("Nothing was found that tells ({why:word}). Please answer: {ask:word}", facts)


def _measured(rule: Rule, figures: Figures, pack: Pack) -> RuleResult:
    empty = RuleResult(
        rule.id, rule.level, rule.title, RuleState.ANSWER_NEEDED, Phrase(""), rule.required,
        rule.metric, "", None, rule.operator, rule.threshold, ask=rule.ask, note=rule.note,
        source=rule.source or pack.source,
    )  # fmt: skip
    metric = metric_of(rule.metric) if rule.metric else None
    if metric is None:
        return empty
    value = figures.of(metric.key)
    found = replace(empty, unit=metric.unit, n=value.n, parts=value.parts)
    number = _number(value, rule.part)
    if number is None:
        return _without(found, rule, value)
    compare = OPERATORS[rule.operator or ">="]
    state = MET if compare(number, rule.threshold or 0.0) else NOT_MET
    return replace(found, value=number, state=state, why=_compared(found, number))


def _number(value: Value, part: str | None) -> float | None:
    """The figure that is compared; yes is 1."""
    if value.state is not State.OK:
        return None
    chosen: Part = value.value if part is None else value.parts.get(part)
    return float(chosen) if isinstance(chosen, bool | int | float) else None


def _without(found: RuleResult, rule: Rule, value: Value) -> RuleResult:
    """There is no figure: it cannot apply, or nobody knows."""
    why = value.reason or Phrase("this cannot be told")
    if value.state is State.NOT_APPLICABLE:
        state = RuleState(rule.if_none)
        if state is MET:
            why = Phrase("{why:word}; that counts as met", {"why": str(why)})
        return replace(found, state=state, why=why)
    return replace(found, state=RuleState.UNKNOWN, why=why)


def _compared(found: RuleResult, number: float) -> Phrase:
    if found.unit in YES_NO:
        place = found.parts.get("place")
        if number and isinstance(place, str) and place:
            return Phrase("found: {place}", {"place": place})
        return Phrase("yes" if number else "no")
    share = found.unit == "ratio"
    metric = metric_of(found.metric or "")
    facts: dict[str, str | int | float] = {
        "words": (metric.words or metric.title.lower()) if metric else "",
        "value": _said(number, share=share),
        "threshold": _said(found.threshold or 0.0, share=share),
    }
    return Phrase(ASKED[found.operator or ">="], facts)


def _said(number: float, *, share: bool) -> str:
    if share:
        return f"{number * 100:.3g} %"
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
