"""How does what was agreed stand: contracts, money, goals and decisions, at a date?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collector.attention import DECISIONS
from collector.metrics import BY_KEY
from collector.model import DAY, Instant
from dashboard import declared
from dashboard.components.explain import amount
from dashboard.components.html import plain
from dashboard.data import ProjectRow, ValueRow
from dashboard.declared import Agreed, Decision, Goal
from dashboard.i18n import Translator

SOON, FAR = 180, 365
"""Days: what ends earlier is to be worried about; what ends later is not."""
REVIEWED_WITHIN = 92
ENDED_WITHIN = 92
KEYS = ("contracts", "funding")

Said = tuple[str, str]
"""The key of a result, which has a shape and a colour, and words."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends, of which project. ``key``: ``contracts`` or ``funding``."""

    row: ProjectRow
    key: str
    agreed: Agreed
    until: Instant


def left(days: float | None, translator: Translator) -> Said | None:
    """Say how long something still runs; None: no end is known."""
    if days is None:
        return None
    result = "met" if days > FAR else "at risk" if days >= SOON else "not met"
    time = translator.duration(abs(days))
    if days >= 0:
        return result, translator.text("{time} left", time=time)
    return result, translator.text("ended {time} ago", time=time)


def goal_words(goal: Goal, translator: Translator) -> str:
    """Say a goal: which figure is to reach what."""
    metric = BY_KEY.get(goal.metric)
    if metric is None:
        return plain(goal.metric, 60)
    target = amount(goal.target, metric.unit, translator)
    name = translator.text(metric.words or metric.title)
    return translator.text("{name}: {target}", name=name, target=target)


def reached(goal: Goal, value: ValueRow | None, today: Instant, translator: Translator) -> Said:
    """Say where the figure of a goal stands, and whether that is enough."""
    metric = BY_KEY.get(goal.metric)
    if metric is None or value is None or value.value is None:
        return "unknown", translator.text("not known")
    higher = metric.better.value == "higher"
    met = value.value >= goal.target if higher else value.value <= goal.target
    late = goal.by < today
    said = amount(value.value, metric.unit, translator)
    return "met" if met else "not met" if late else "at risk", said


def decided(one: Decision, translator: Translator) -> str:
    """Say what was decided, in a word."""
    return translator.text(DECISIONS.get(one.decision, one.decision))


def about(one: Decision, translator: Translator) -> str:
    """Say what a decision is about."""
    metric = BY_KEY.get(one.about)
    return translator.text(metric.words or metric.title) if metric else plain(one.about, 60)


# ---------------------------------------------------------------- over many projects


def decisions(
    rows: Iterable[ProjectRow], before: Instant
) -> tuple[tuple[ProjectRow, Decision], ...]:
    """List the decisions taken before a date, the newest first."""
    found = [(row, one) for row in rows for one in declared.decisions(row) if one.at < before]
    return tuple(sorted(found, key=lambda pair: (-pair[1].at, pair[0].name)))


def to_review(
    taken: Sequence[tuple[ProjectRow, Decision]], today: Instant
) -> tuple[tuple[ProjectRow, Decision, Instant], ...]:
    """List those to look at again soon, or overdue, that no newer one on the same has replaced."""
    seen: set[tuple[int, str]] = set()
    found = []
    for row, one in taken:
        newest = (row.id, one.about) not in seen
        seen.add((row.id, one.about))
        due = one.review_on
        if newest and due is not None and due <= today + REVIEWED_WITHIN * DAY:
            found.append((row, one, due))
    return tuple(sorted(found, key=lambda each: each[2]))


def goals(rows: Iterable[ProjectRow], today: Instant) -> tuple[tuple[ProjectRow, Goal], ...]:
    """List the goals that were agreed by a date, the next one due first."""
    found = [(row, one) for row in rows for one in of_then(declared.goals(row), today)]
    return tuple(sorted(found, key=lambda pair: (pair[1].by, pair[0].name)))


def of_then(given: Iterable[Goal], today: Instant) -> Iterator[Goal]:
    """Leave out what was agreed later; what does not say since when was there all along."""
    return (one for one in given if one.since is None or one.since < today)


def endings(rows: Iterable[ProjectRow], today: Instant) -> tuple[Ending, ...]:
    """List what ends within a year or ended lately, unless the same goes on after it."""
    found = []
    for row in rows:
        for key in KEYS:
            own = [one for one in declared.agreements(row, key) if (one.since or 0) < today]
            for one in own:
                until = one.until
                if until is None or not _near(until, today) or _goes_on(one, own):
                    continue
                found.append(Ending(row, key, one, until))
    return tuple(sorted(found, key=lambda each: (each.until, each.row.name)))


def _near(until: Instant, today: Instant) -> bool:
    return -ENDED_WITHIN * DAY <= until - today <= FAR * DAY


def _goes_on(one: Agreed, own: Iterable[Agreed]) -> bool:
    """Is there an agreement with the same party that ends later?"""
    ends = one.until or 0
    return any(
        other.party == one.party and (other.until is None or other.until > ends) for other in own
    )
