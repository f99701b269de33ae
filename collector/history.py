"""The past of a project, month by month: measured and judged again only where it has changed.

Each stored month remembers on what it rests (``basis``); a month whose basis, definitions and
thresholds are as they were is left as it is stored (C1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from collector import rulepack
from collector.basis import bases
from collector.judgement import Judgement, all_events, judge
from collector.judgement.rules import GOOD_PRACTICE, RULES
from collector.metric import Value
from collector.metrics import METRICS
from collector.model import (
    NO_TIME,
    Activity,
    Instant,
    JudgedMonth,
    StatusChange,
    StoredPast,
    Threshold,
)
from collector.rulepack import Checklists

VERSIONS = {metric.key: metric.version for metric in METRICS}

JUDGEMENT_VERSION = 1
"""Rises when checks, questions or statuses are defined otherwise: the past is judged again."""

JUDGED_BY = frozenset({*GOOD_PRACTICE, *(rule.metric for rule in RULES), "maintenance_type"}) & {
    *VERSIONS
}
"""Metrics that a judgement reads."""

MOST_NEW = 3
"""Months for which the newest events follow from the last known one (``LOOKED_BACK``)."""

ONLY_JUDGED = ("criticality", "rhythm", "season", "next_needed", "stage", "retired_since")
ONLY_SHOWN = ("name", "area", "ospo")
"""What configuration says of a project that no metric reads."""


NOTHING = StoredPast()


@dataclass(frozen=True, slots=True)
class Past:
    """What is to be stored of a project's past. ``months``: all that there are."""

    months: tuple[Instant, ...]
    values: tuple[tuple[str, Instant, Value], ...]
    judged: tuple[JudgedMonth, ...]
    levels: tuple[tuple[str, Instant, str | None], ...]
    """Rule pack, month, the level reached."""
    changes: tuple[StatusChange, ...] | None
    """All events; None where no month changed that was judged before."""


def past(
    loaded: Activity,
    as_of: Instant,
    thresholds: tuple[Threshold, ...] = (),
    stored: StoredPast = NOTHING,
    lists: Checklists | None = None,
) -> Past:
    """What has changed in a project's past, or, where nothing is stored, all of it."""
    first = first_event(loaded)
    months = tuple(month_starts(first, as_of))
    redefined = frozenset(
        key for key, version in VERSIONS.items() if stored.versions.get(key) != version
    )
    values: list[tuple[str, Instant, Value]] = []
    judged: list[JudgedMonth] = []
    levels: list[tuple[str, Instant, str | None]] = []
    asked = lists or Checklists()
    for month, basis, rests_on in _marked(loaded, months, (thresholds, asked)):
        before = stored.months.get(month, (None, None))
        keys = None if before[0] != basis else redefined
        found = values_at(loaded, month, keys)
        values += [(key, month, value) for key, value in found.items()]
        if keys is None or before[1] != rests_on:
            thought = judge(loaded, month, thresholds, found)
            judged.append(judged_month(month, thought, basis, rests_on))
            reached = rulepack.levels(asked.packs, loaded, month, asked.answers, found)
            levels += [(pack, month, level) for pack, level in reached.items()]
    known = {month for month in months if month in stored.months}
    news = [month for month in judged if month.as_of not in known]
    touched = not known or len(news) < len(judged) or len(news) > MOST_NEW
    gone = bool(stored.months.keys() - set(months))
    changes = all_events(loaded, first, as_of) if (touched or gone) and first < as_of else None
    return Past(months, tuple(values), tuple(judged), tuple(levels), changes)


def _marked(
    loaded: Activity, months: Sequence[Instant], asked: tuple[object, ...]
) -> Iterator[tuple[Instant, str, str]]:
    """Each month with its basis, and with what its judgement by what is ``asked`` rests on."""
    project = asdict(loaded.project)
    shown = {name: project.pop(name) for name in (*ONLY_JUDGED, *ONLY_SHOWN)}
    project["maintainers"] = sorted(loaded.project.maintainers)
    settings = repr(sorted(project.items()))
    judged = {name: shown[name] for name in ONLY_JUDGED}
    versions = sorted((key, VERSIONS[key]) for key in JUDGED_BY)
    rules = repr((JUDGEMENT_VERSION, versions, sorted(judged.items()), asked))
    for month, basis in zip(months, bases(loaded, months, settings), strict=True):
        yield month, basis, hashlib.sha256(f"{basis} {rules}".encode()).hexdigest()[:16]


def values_at(
    loaded: Activity, as_of: Instant, keys: Collection[str] | None = None
) -> dict[str, Value]:
    """Every metric of one project at one date, or some of them; the date need not be stored."""
    return {
        metric.key: metric.compute(loaded, as_of)
        for metric in METRICS
        if keys is None or metric.key in keys
    }


def judged_month(
    as_of: Instant, judged: Judgement, basis: str | None = None, rests_on: str | None = None
) -> JudgedMonth:
    """What is kept of a judgement of the past."""
    return JudgedMonth(
        as_of,
        judged.status.value,
        judged.reason,
        judged.risk,
        judged.criticality,
        {question.key: question.answer.value for question in judged.questions},
        basis,
        rests_on,
    )


def first_event(loaded: Activity) -> Instant:
    """When was the first thing there that we know of? ``NO_TIME`` if nothing was."""
    candidates = [NO_TIME, *(tag.time for tag in loaded.tags)]
    if loaded.commits.arrival.size:
        candidates.append(int(loaded.commits.arrival.min()))
    if loaded.items.created.size:
        candidates.append(int(loaded.items.created[0]))
    return min(candidates)


def month_starts(since: Instant, until: Instant) -> Iterator[Instant]:
    """Midnights UTC at the first of each month after ``since``, up to ``until``."""
    if since >= until:
        return
    start = datetime.fromtimestamp(since, UTC)
    year, month = start.year, start.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        instant = int(datetime(year, month, 1, tzinfo=UTC).timestamp())
        if instant > until:
            return
        yield instant
