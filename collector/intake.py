"""An intake check: what should be settled before a repository is hosted?

Pure: what was read and judged in, sentences out. Nothing here forbids anything; each sentence
says what to ask for, the gravest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from collector.judgement import Judgement
from collector.judgement.checks import Check, Result
from collector.judgement.status import Status
from collector.metric import State, Value
from collector.model import Activity, Instant, Phrase

FIGURES = (
    "commits",
    "contributors",
    "regular_committers",
    "contributor_absence_factor",
    "days_since_last_commit",
    "release_frequency",
    "days_since_last_delivery",
    "open_issues",
    "open_change_requests",
    "outsiders_answered",
    "stars",
)
"""What a first look at a repository asks."""

WANTED_FILES = ("CONTRIBUTING", "SECURITY", "CODE_OF_CONDUCT")

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Intake:
    """All that a page on a repository says."""

    url: str
    as_of: Instant
    judgement: Judgement
    values: Values
    settle: tuple[Phrase, ...]
    not_read: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks that say something."""
        return tuple(
            one for one in self.judgement.checks if one.result is not Result.NOT_APPLICABLE
        )


def intake(
    activity: Activity,
    as_of: Instant,
    judgement: Judgement,
    values: Values,
    not_read: Sequence[str] = (),
) -> Intake:
    """What there is to know before a repository is taken in."""
    found = [sentence for rule in RULES for sentence in rule(activity, values)]
    if judgement.status in (Status.AT_REST, Status.ABANDONED):
        left = Phrase("Nobody has looked after it for more than a year: say who will from now on.")
        found.insert(0, left)
    return Intake(
        activity.repositories[0].url, as_of, judgement, values, tuple(found), tuple(not_read)
    )


def _licence(activity: Activity, values: Values) -> Iterator[Phrase]:
    parts = values["license"].parts
    if values["license"].state is not State.OK:
        return
    if not parts.get("place"):
        yield Phrase("It has no licence: nobody may use it. Ask for one, EUPL-1.2 for example.")
    elif parts.get("osi_approved") is False:
        facts = {"spdx": str(parts.get("spdx"))}
        yield Phrase("Its licence {spdx} is not approved by the OSI: it is not open source.", facts)
    elif not parts.get("spdx"):
        yield Phrase("Its licence could not be recognised: read it.")
    if parts.get("equal") is False:
        facts = {"spdx": str(parts.get("spdx")), "said": str(parts.get("publiccode"))}
        yield Phrase(
            "Its licence file says {spdx}, its publiccode.yml {said}: one is wrong.", facts
        )


def _life(activity: Activity, values: Values) -> Iterator[Phrase]:
    repository = activity.repositories[0]
    facts = repository.facts
    if facts.archived:
        yield Phrase("It is archived: nobody can work on it there. Who would take it over?")
    if facts.fork_of:
        named = {"url": facts.fork_of}
        yield Phrase("It is a fork of {url}: would working there be enough?", named)
    if facts.mirror_of:
        named = {"url": facts.mirror_of}
        yield Phrase("It is a mirror of {url}: look at that one instead.", named)
    if repository.empty:
        yield Phrase("It is empty: there is nothing to host yet.")


def _people(activity: Activity, values: Values) -> Iterator[Phrase]:
    regular = values["regular_committers"]
    if regular.state is State.OK and (regular.value or 0) <= 1:
        facts = {"count": int(regular.value or 0)}
        yield Phrase(
            "People who work on it regularly: {count}. Agree who follows when they leave.", facts
        )


def _described(activity: Activity, values: Values) -> Iterator[Phrase]:
    value = values["publiccode_valid"]
    if value.state is State.NOT_APPLICABLE:
        yield Phrase("It has no publiccode.yml: catalogues cannot list it.")
    elif value.value == 0:
        problems = cast("list[str]", value.parts.get("problems") or [])
        facts: dict[str, str | int | float] = {"count": len(problems), "first": problems[0]}
        yield Phrase("Its publiccode.yml has {count} faults. The first: {first}", facts)


def _files(activity: Activity, values: Values) -> Iterator[Phrase]:
    missing = cast("list[str]", values["community_files"].parts.get("missing") or [])
    if "README" in missing:
        yield Phrase("It has no README: say what it is and whom to ask.")
    named = [name for name in WANTED_FILES if name in missing]
    if named:
        yield Phrase("Missing: {names}.", {"names": ", ".join(named)})


def _contradictions(activity: Activity, values: Values) -> Iterator[Phrase]:
    found = values["declared_vs_observed"].parts.get("contradictions") or []
    for one in cast("list[dict[str, object]]", found):
        arguments = cast("Mapping[str, str | int | float]", one.get("args") or {})
        yield Phrase(str(one.get("text")), arguments)


Rule = Callable[[Activity, Values], Iterator[Phrase]]

RULES: tuple[Rule, ...] = (_life, _licence, _people, _contradictions, _described, _files)
"""The gravest first."""
