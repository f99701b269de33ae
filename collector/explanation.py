"""How did a figure come about? All that ``explain`` prints and that a page shows behind it.

Definition, window, value, the threshold in force and where it comes from, what the check comes
to, the records that count, and those left out and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from collector.evidence import PEOPLE, Group, Source, evidence
from collector.judgement import judge
from collector.judgement.checks import Check
from collector.judgement.rules import GOOD_PRACTICE
from collector.metric import Better, Metric, State, Value
from collector.metrics import BY_KEY
from collector.model import DAY, Instant, Threshold
from collector.store.evidence import Stored
from collector.store.read_activity import Loaded, Who, load


@dataclass(frozen=True, slots=True)
class Wanted:
    """From which value on a metric counts as good practice, and who says so."""

    value: float
    higher: bool
    source: str

    def reached(self, found: Value) -> bool | None:
        """Is the value good enough? None: there is no number to hold against it."""
        if found.state is not State.OK or found.value is None:
            return None
        return found.value >= self.value if self.higher else found.value <= self.value


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure, explained. ``window``: from when until before when.

    ``checks``: the essential checks that read it, each with the threshold in force. ``wanted``:
    where it counts as good practice. Neither: it is never judged. ``merges``: accounts taken for
    one person, where the figure depends on who is whose account.
    """

    metric: Metric
    project: str
    as_of: Instant
    window: tuple[Instant, Instant] | None
    value: Value
    collected_until: Instant | None
    checks: tuple[Check, ...]
    wanted: Wanted | None
    groups: tuple[Group, ...]
    merges: int

    @property
    def judged(self) -> bool:
        """Does any check or good practice look at it?"""
        return bool(self.checks) or self.wanted is not None


def open_source(
    engine: Engine, who: Who, project: str, key: str, at: Instant, *, named: bool = False
) -> Source:
    """A project's records and the value that they make. ``KeyError``: no such project or metric."""
    loaded = load(engine, project, who)
    metric = BY_KEY[key]
    stored = Stored(engine, *_repositories(loaded))
    return Source(loaded, stored, metric, metric.compute(loaded.activity, at), at, named)


def _repositories(loaded: Loaded) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairs = list(zip(loaded.repository_ids, loaded.activity.repositories, strict=True))
    counted = tuple(i for i, each in pairs if each.counted)
    return counted, tuple(i for i, each in pairs if not each.counted)


def explained(source: Source, thresholds: Iterable[Threshold] = ()) -> Explanation:
    """The whole explanation. ``thresholds``: what configuration sets, the last one wins."""
    metric, activity, at = source.metric, source.activity, source.as_of
    given = tuple(thresholds)
    judged = judge(activity, at, given)
    read = [each.read_until for each in activity.repositories if each.counted]
    merges = len(source.loaded.resolution.merges) if metric.key in PEOPLE else 0
    return Explanation(
        metric,
        activity.project.id,
        at,
        None if metric.window is None else (at - metric.window * DAY, at),
        source.value,
        min((until for until in read if until is not None), default=None),
        tuple(check for check in judged.checks if check.metric == metric.key),
        wanted(metric, given, at),
        evidence(source),
        merges,
    )


def wanted(metric: Metric, thresholds: Iterable[Threshold], at: Instant) -> Wanted | None:
    """From which value on does the metric count as good practice? None: it does not."""
    if metric.key not in GOOD_PRACTICE or metric.better is Better.NEITHER:
        return None
    higher, usual = GOOD_PRACTICE[metric.key]
    found = Wanted(usual, higher, "default")
    for one in thresholds:
        if one.metric == metric.key and one.span.holds(at):
            found = Wanted(one.met, higher, one.source)
    return found
