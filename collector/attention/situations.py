"""What attention is asked about: a project that was judged, and one thing to look at in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collector.judgement import Judgement
from collector.metric import Value
from collector.model import Activity, Instant, Phrase, Project, Repository


@dataclass(frozen=True, slots=True)
class Goal:
    """What the OSPO and the project want to reach."""

    metric: str
    target: float
    by: Instant
    agreed_with: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; it hides what it is about until its day of review."""

    about: str
    date: Instant
    decision: str
    review_on: Instant | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known of one project when attention is asked for.

    ``history``: (date, status), oldest first.
    """

    project: Project
    repositories: tuple[Repository, ...]
    judgement: Judgement
    values: Mapping[str, Value]
    history: tuple[tuple[Instant, str], ...] = ()
    goals: tuple[Goal, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look at. ``kind``: decide | answer | goal | news; ``about``: what to decide.

    ``project`` is empty where it concerns a host. ``severity`` 1–10.
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
    history: Iterable[tuple[Instant, str]] = (),
    goals: Iterable[Goal] = (),
    decisions: Iterable[Decision] = (),
) -> Situation:
    """What attention needs, of a project that was just judged."""
    return Situation(
        activity.project,
        activity.repositories,
        judgement,
        values,
        tuple(history),
        tuple(goals),
        tuple(decisions),
    )
