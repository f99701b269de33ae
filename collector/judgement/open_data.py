"""What may everybody see of a judgement? All but what is derived from single people.

Open data (``access: public``) shows no departures and nobody's regular work, so a verdict that
rests on them is given again without them.
"""

from __future__ import annotations

from dataclasses import replace

from collector.judgement.checks import Result
from collector.judgement.judging import Json, Judgement, Question, answer_of, next_of, risk_of

PERSONAL = frozenset(
    {
        "contributor_absence_factor",
        "core_contributors",
        "top_contributor_share",
        "regular_committers",
        "work_left_share",
        "new_contributors",
        "contributor_retention",
        "active_maintainers",
    }
)
"""Metrics that say what single people do, if not by name: the number of those who take part
(``contributors``, ``committers``) is none of them."""


def without_people(judgement: Judgement) -> Judgement:
    """The judgement as it is when nobody looks at single people."""
    questions = tuple(_without_people(question) for question in judgement.questions)
    return replace(
        judgement,
        questions=questions,
        risk=risk_of(judgement.status, questions),
        next=next_of(questions),
        good_practice=tuple(one for one in judgement.good_practice if one.metric not in PERSONAL),
    )


def _without_people(question: Question) -> Question:
    left = tuple(one for one in question.checks if one.metric not in PERSONAL)
    undecided = sum(one.result in (Result.TOO_FEW, Result.UNKNOWN) for one in left)
    return replace(question, checks=left, answer=answer_of(left), undecided=undecided)


def open_summary(judgement: Judgement) -> dict[str, Json]:
    """What stands in a project's row for everybody, beside what does not change."""
    shown = without_people(judgement)
    return {
        "risk": shown.risk,
        "questions": {question.key: question.answer.value for question in shown.questions},
    }
