"""What attention is asked about: a project that was judged, and one thing to look at in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collector.attention.goals import Goal, Points
from collector.judgement import Judgement
from collector.metric import Value
from collector.model import N_, Activity, Instant, Phrase, Project, Repository, StatusChange

DECIDE, ANSWER, GOAL, NEWS, UNSORTED = KINDS = ("decide", "answer", "goal", "news", "unsorted")
"""What an entry asks for: a decision, an answer to somebody, a look at a goal, nothing at all
(good news), or that something found be sorted."""

ROLES = (
    N_("OSPO lead"),
    N_("OSPO staff"),
    N_("maintainers"),
    N_("contract owner"),
    N_("service owner"),
    N_("operator"),
)
"""Whom an entry can concern."""


Answers = tuple[tuple[Instant, Mapping[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; it hides what it is about until its day of review."""

    about: str
    date: Instant
    decision: str
    review_on: Instant | None = None
    text: str | None = None

    def in_force(self, as_of: Instant) -> bool:
        """Does it answer what it is about at this date?"""
        reviewed = self.review_on is not None and self.review_on <= as_of
        return self.date <= as_of and not reviewed


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known of one project when attention is asked for.

    ``changes``: the events of its status, oldest first. ``answers``: how its questions were
    answered at the start of each month, oldest first. ``series``: the monthly values of the
    metrics that goals name. ``stale``: indicators of its service, and since when each is older
    than it may be. ``measured``: of which date values and judgement are; None: of the date that
    is asked for.
    """

    project: Project
    repositories: tuple[Repository, ...]
    judgement: Judgement
    values: Mapping[str, Value]
    changes: tuple[StatusChange, ...] = ()
    answers: Answers = ()
    series: Mapping[str, Points] = field(default_factory=dict)
    stale: Mapping[str, Instant] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    measured: Instant | None = None

    def counted_at(self, as_of: Instant) -> Instant:
        """From which date on do its values count days, back or ahead?"""
        return as_of if self.measured is None else self.measured

    def answered(self, question: str, as_of: Instant) -> str | None:
        """How was a question answered at the start of the month of a date?"""
        known = [answers for at, answers in self.answers if at <= as_of]
        return known[-1].get(question) if known else None

    def since(self, question: str, answer: str) -> Instant | None:
        """Since the start of which month has a question been answered so, without a break?"""
        found = None
        for at, answers in reversed(self.answers):
            if answers.get(question) != answer:
                break
            found = at
        return found

    def decided(self, about: str, as_of: Instant) -> bool:
        """Was something decided about this, or about the whole project, that still holds?"""
        return any(
            each.about in (about, "project") and each.in_force(as_of) for each in self.decisions
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look at. ``kind``: one of ``KINDS``; ``about``: what a decision names.

    ``project`` is empty where it concerns a host or an OSPO as a whole. ``severity`` 1–10.
    """

    rule: str
    kind: str
    about: str
    what: Phrase
    why: Phrase
    helps: Phrase
    role: str
    severity: int
    since: Instant | None = None
    links: tuple[str, ...] = ()
    project: str = ""
    criticality: int = 1

    @property
    def weight(self) -> int:
        """What the list is ordered by."""
        return self.criticality * self.severity


def situation(
    activity: Activity,
    judgement: Judgement,
    values: Mapping[str, Value],
    *,
    changes: Iterable[StatusChange] = (),
    answers: Answers = (),
    series: Mapping[str, Points] | None = None,
    stale: Mapping[str, Instant] | None = None,
    goals: Iterable[Goal] = (),
    decisions: Iterable[Decision] = (),
) -> Situation:
    """What attention needs, of a project that was just judged."""
    return Situation(
        activity.project,
        activity.repositories,
        judgement,
        values,
        tuple(changes),
        answers,
        series or {},
        stale or {},
        tuple(goals),
        tuple(decisions),
    )
