"""An outcome as it is stored and exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.judgement import Json, phrase_from, phrase_json
from collector.judgement.checks import Result
from collector.model import Phrase
from collector.whatif.outcomes import Flip, Outcome, Without


def to_json(one: Outcome) -> dict[str, Json]:
    """What would become of a project; ``before`` and ``after`` stand beside each other."""
    return {
        "project": one.project,
        "without": str(one.without),
        "as_of": one.as_of,
        "ends": one.ends,
        "criticality": one.criticality,
        "nobody": one.nobody,
        "regular_committers": _pair(*one.regular),
        "committers": _pair(*one.committers),
        "status": _pair(*one.status),
        "risk": _pair(*one.risk),
        "flips": [_flip_json(each) for each in one.flips],
        "undelivered": one.undelivered,
        "undelivered_theirs": one.theirs,
        "open_proposals_theirs": one.open_proposals,
        "ending": [*one.ending],
    }


def _pair(before: Json, after: Json) -> Json:
    return {"before": before, "after": after}


def _flip_json(flip: Flip) -> Json:
    return {
        "key": flip.key,
        "title": flip.title,
        "question": flip.question,
        "before": flip.before.value,
        "after": flip.after.value,
        "worse": flip.worse,
        "why": phrase_json(flip.why),
    }


def from_json(found: Mapping[str, Any]) -> Outcome:
    """The outcome that ``to_json`` wrote."""
    kind, _, id_ = str(found["without"]).partition(":")
    return Outcome(
        found["project"], Without(kind, id_), found["as_of"], found["ends"],
        found["criticality"], _tuple(found["regular_committers"]), _tuple(found["committers"]),
        found["nobody"], _tuple(found["status"]), _tuple(found["risk"]),
        tuple(map(_flip_from, found["flips"])), found["undelivered"],
        found["undelivered_theirs"], found["open_proposals_theirs"], tuple(found["ending"]),
    )  # fmt: skip


def _tuple(found: Mapping[str, Any]) -> tuple[Any, Any]:
    return found["before"], found["after"]


def _flip_from(found: Mapping[str, Any]) -> Flip:
    return Flip(
        found["key"],
        found["title"],
        found["question"],
        Result(found["before"]),
        Result(found["after"]),
        phrase_from(found["why"]) or Phrase(""),
    )
