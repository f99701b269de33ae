"""What is to be thought of a project: status, five questions, risk, with every reason.

Pure: activity, date and thresholds in, sentences out. There is no composite score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from collector.judgement.checks import DECIDED, Case, Check, Result, check
from collector.judgement.rules import GOOD_PRACTICE, QUESTIONS, RULES
from collector.judgement.status import Status, standing
from collector.metric import State, Value, unknown
from collector.metrics import BY_KEY
from collector.metrics.windows import commits_by_month
from collector.model import Activity, Instant, Phrase, Threshold

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

SERVICE_CRITICALITY, USED_CRITICALITY, USUAL_CRITICALITY = 8, 6, 4


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five questions: its worst decided check, and how many could not be decided."""

    key: str
    title: str
    answer: Result
    undecided: int
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """One metric of good practice: what it is, what is wanted, who says so."""

    metric: str
    value: float
    wanted: float
    higher: bool
    met: bool
    source: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is thought of a project at a date."""

    status: Status
    reason: Phrase
    since: Instant | None
    risk: str
    criticality: int
    criticality_guessed: bool
    gap_limit_days: float
    questions: tuple[Question, ...]
    good_practice: tuple[Practice, ...]
    next: Phrase | None

    @property
    def good_practice_met(self) -> int:
        """How many metrics of good practice are as one would wish, of all that are known?"""
        return sum(one.met for one in self.good_practice)

    @property
    def checks(self) -> tuple[Check, ...]:
        """All essential checks."""
        return tuple(one for question in self.questions for one in question.checks)


def judge(
    activity: Activity,
    as_of: Instant,
    thresholds: Iterable[Threshold] = (),
    values: Mapping[str, Value] | None = None,
) -> Judgement:
    """What is to be thought of this project at this date?

    ``thresholds``: what configuration sets, from the least to the most particular; the last
    one in force wins. ``values``: metrics already computed for this date.
    """
    found = dict(values or {})

    def value(key: str) -> Value:
        if key not in found:
            metric = BY_KEY.get(key)
            missing = unknown("this is not collected yet")
            found[key] = metric.compute(activity, as_of) if metric else missing
        return found[key]

    given = tuple(thresholds)
    case = Case(activity, as_of, value, standing(activity, as_of))
    questions = tuple(_question(key, case, given) for key in QUESTIONS)
    criticality, guessed = _criticality(case)
    return Judgement(
        case.standing.status,
        case.standing.reason,
        case.standing.since,
        risk_of(case.standing.status, questions),
        criticality,
        guessed,
        case.standing.gap_limit_days,
        questions,
        tuple(_good_practice(case, given)),
        next_of(questions),
    )


def _question(key: str, case: Case, given: tuple[Threshold, ...]) -> Question:
    checks = tuple(check(rule, case, given) for rule in RULES if rule.question == key)
    undecided = sum(one.result in (Result.TOO_FEW, Result.UNKNOWN) for one in checks)
    return Question(key, QUESTIONS[key], answer_of(checks), undecided, checks)


def answer_of(checks: tuple[Check, ...]) -> Result:
    """The worst decided result; where nothing was decided, why."""
    results = {one.result for one in checks}
    for result in (*DECIDED, Result.TOO_FEW, Result.UNKNOWN):
        if result in results:
            return result
    return Result.NOT_APPLICABLE


def risk_of(status: Status, questions: tuple[Question, ...]) -> str:
    """How much is at stake: high, raised, low (METRICS.md, Checks)."""
    failed = {question.key for question in questions if question.answer is Result.NOT_MET}
    if status is Status.ABANDONED or failed & {"survive", "safe"}:
        return "high"
    return "raised" if failed else "low"


def _criticality(case: Case) -> tuple[int, bool]:
    """How bad would it be if it stopped? Our guess until the OSPO says so."""
    project = case.activity.project
    if project.criticality is not None:
        return project.criticality, False
    if project.service:
        return SERVICE_CRITICALITY, True
    return (USED_CRITICALITY if case.value("users").value else USUAL_CRITICALITY), True


def _good_practice(case: Case, given: tuple[Threshold, ...]) -> Iterator[Practice]:
    """Which of the other metrics with a direction are known, and as one would wish?"""
    own = {one.metric: one for one in given if one.span.holds(case.as_of)}
    for key, (higher, usual) in GOOD_PRACTICE.items():
        value = case.value(key)
        if value.state is not State.OK or value.value is None:
            continue
        wanted = own[key].met if key in own else usual
        met = value.value >= wanted if higher else value.value <= wanted
        source = own[key].source if key in own else "default"
        yield Practice(key, value.value, wanted, higher, met, source)


IMPORTANCE = ("survive", "safe", "work", "take_part", "paid")


def next_of(questions: tuple[Question, ...]) -> Phrase | None:
    """What to do first: what changes the worst check of the gravest question."""
    by_key = {question.key: question for question in questions}
    for result in (Result.NOT_MET, Result.AT_RISK):
        for key in IMPORTANCE:
            for one in by_key[key].checks:
                if one.result is result:
                    return one.change
    return None


# ---------------------------------------------------------------- JSON


def phrase_json(phrase: Phrase | None) -> Json:
    """A sentence as pages and programs get it: the template with its arguments."""
    if phrase is None:
        return None
    return {"text": phrase.template, "args": {**phrase.arguments}}


def to_json(judgement: Judgement) -> dict[str, Json]:
    """The judgement as it is stored and exported."""
    return {
        "status": judgement.status.value,
        "reason": phrase_json(judgement.reason),
        "since": judgement.since,
        "risk": judgement.risk,
        "criticality": judgement.criticality,
        "criticality_guessed": judgement.criticality_guessed,
        "gap_limit_days": judgement.gap_limit_days,
        "questions": [_question_json(question) for question in judgement.questions],
        "good_practice": {
            "met": judgement.good_practice_met,
            "of": len(judgement.good_practice),
            "metrics": [_practice_json(one) for one in judgement.good_practice],
        },
        "next": phrase_json(judgement.next),
    }


def _practice_json(one: Practice) -> Json:
    return {name: getattr(one, name) for name in Practice.__dataclass_fields__}


def _question_json(question: Question) -> Json:
    return {
        "key": question.key,
        "title": question.title,
        "answer": question.answer.value,
        "undecided": question.undecided,
        "checks": [_check_json(one) for one in question.checks],
    }


def _check_json(one: Check) -> Json:
    return {
        "key": one.key,
        "title": one.title,
        "metric": one.metric,
        "result": one.result.value,
        "value": one.value,
        "unit": one.unit,
        "met": one.met,
        "not_met": one.not_met,
        "threshold_source": one.threshold_source,
        "why": phrase_json(one.why),
        "change": phrase_json(one.change),
        "n": one.n,
        "window_days": one.window_days,
        "threshold_since": one.threshold_since,
        "cases": [dict(case) for case in one.cases],
    }


def phrase_from(found: Json) -> Phrase | None:
    """The sentence that ``phrase_json`` wrote."""
    if not isinstance(found, dict):
        return None
    return Phrase(str(found["text"]), cast("dict[str, str | int | float]", found["args"]))


def from_json(found: Mapping[str, Any]) -> Judgement:
    """The judgement that ``to_json`` wrote."""
    return Judgement(
        Status(found["status"]),
        phrase_from(found["reason"]) or Phrase(""),
        found["since"],
        found["risk"],
        found["criticality"],
        found["criticality_guessed"],
        found["gap_limit_days"],
        tuple(map(_question_from, found["questions"])),
        tuple(Practice(**one) for one in found["good_practice"].get("metrics", ())),
        phrase_from(found["next"]),
    )


def _question_from(found: Mapping[str, Any]) -> Question:
    checks = tuple(map(_check_from, found["checks"]))
    return Question(
        found["key"], found["title"], Result(found["answer"]), found["undecided"], checks
    )


def _check_from(found: Mapping[str, Any]) -> Check:
    sentences = {name: phrase_from(found[name]) for name in ("why", "change")}
    cases = tuple(found.get("cases", ()))
    return Check(**{**found, **sentences, "cases": cases, "result": Result(found["result"])})


SUMMARY_NUMBERS = (
    "contributors",
    "contributor_absence_factor",
    "regular_committers",
    "first_answer_wait",
    "days_since_last_delivery",
    "days_since_last_commit",
)
"""What the list of projects shows and gives away of each, beside its judgement."""


def summary_json(
    judgement: Judgement, activity: Activity, as_of: Instant, values: Mapping[str, Value]
) -> dict[str, Json]:
    """A project's row in the list of projects; numbers are null where there is no value."""
    spdx = values["license"].parts.get("spdx") if "license" in values else None
    numbers: dict[str, Json] = {
        key: values[key].value if key in values else None for key in SUMMARY_NUMBERS
    }
    return {
        "status": judgement.status.value,
        "risk": judgement.risk,
        "criticality": judgement.criticality,
        "criticality_guessed": judgement.criticality_guessed,
        "reason": phrase_json(judgement.reason),
        "commits_12m": [*commits_by_month(activity, as_of)],
        **numbers,
        "questions": {question.key: question.answer.value for question in judgement.questions},
        "license": spdx if isinstance(spdx, str) else None,
        "collected_until": collected_until(activity),
        "invalid_dates": len(activity.invalid_dates),
        "imports": [{"repository": url, "day": day} for url, day in activity.imports],
    }


def collected_until(activity: Activity) -> Instant | None:
    """Until when are the records of all repositories complete?"""
    dates = [r.read_until for r in activity.repositories if r.read_until is not None]
    return min(dates, default=None)
