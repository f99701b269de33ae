"""Where do we stand? The position of a portfolio in plain words, computed from its judgements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collector.model import DAY, Instant
from collector.store.read_dashboard import ProjectRow, StatusPoint
from dashboard.declared import relation
from dashboard.i18n import Translator
from dashboard.words import LOOKED_AFTER, NEEDS_DECISION, ORDER

MONTH = 30 * DAY
BETTER = {key: rank for rank, key in enumerate(("abandoned", "at_rest", "slowing", "quiet"))}
SAME = 3  # quiet, active and new are equally well


@dataclass(frozen=True, slots=True)
class Position:
    """The counts a portfolio's first paragraph is made of."""

    live: int
    looked_after: int
    need_decision: int
    unread: int
    retired: int
    fragile: int
    unsorted: int
    upstream: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A project whose status is another than a month ago."""

    project_id: int
    before: str
    after: str
    since: Instant
    better: bool


def ours(rows: Iterable[ProjectRow], ospo: str = "") -> tuple[ProjectRow, ...]:
    """Leave out what is somebody else's or only under assessment: it is in no total of ours.

    ``ospo``: of that one alone.
    """
    return tuple(row for row in rows if relation(row) == "hosted" and ospo in ("", row.ospo))


def position(rows: Sequence[ProjectRow], unsorted: int = 0, upstream: int = 0) -> Position:
    """Count the projects by what is to be said of them."""
    met = Counter(row.status for row in rows)
    counts = {key: met[key] for key in ORDER}
    live = len(rows) - counts["retired"]
    return Position(
        live=live,
        looked_after=sum(counts[key] for key in LOOKED_AFTER),
        need_decision=sum(counts[key] for key in NEEDS_DECISION),
        unread=counts["unknown"],
        retired=counts["retired"],
        fragile=sum(row.risk == "high" and row.status in LOOKED_AFTER for row in rows),
        unsorted=unsorted,
        upstream=upstream,
        counts=counts,
    )


def sentence(found: Position, translator: Translator) -> str:
    """Say the position in one sentence."""
    ngettext = translator.plural
    if found.live == 0:
        return translator.text("There is no live project in this portfolio.")
    head = ngettext("Of {n} live project", "Of {n} live projects", found.live)
    parts = [ngettext("{n} is looked after", "{n} are looked after", found.looked_after)]
    if found.need_decision:
        parts.append(ngettext("{n} needs a decision", "{n} need a decision", found.need_decision))
    if found.unread:
        parts.append(ngettext("{n} could not be read", "{n} could not be read", found.unread))
    return f"{head} {', '.join(parts)}."


def asides(found: Position, changed: Sequence[Change], translator: Translator) -> list[str]:
    """Say what else belongs to the position: fragile projects, changes, what is not sorted."""
    ngettext = translator.plural
    said = []
    if found.fragile:
        said.append(
            ngettext(
                "{n} of those looked after is at high risk all the same.",
                "{n} of those looked after are at high risk all the same.",
                found.fragile,
            )
        )
    said += _moved(changed, translator)
    if found.unsorted:
        said.append(
            ngettext(
                "{n} repository is not sorted yet.",
                "{n} repositories are not sorted yet.",
                found.unsorted,
            )
        )
    if found.upstream:
        said.append(
            ngettext(
                "{n} project of somebody else's that we use is counted apart.",
                "{n} projects of somebody else's that we use are counted apart.",
                found.upstream,
            )
        )
    return said


def _moved(changed: Sequence[Change], translator: Translator) -> list[str]:
    """Say in one sentence how many are better off than a month ago, and how many worse."""
    ngettext = translator.plural
    better = sum(change.better for change in changed)
    worse = len(changed) - better
    if better and worse:
        return [
            ngettext(
                "Since last month {n} project is better off, {worse} worse.",
                "Since last month {n} projects are better off, {worse} worse.",
                better,
                worse=translator.number(worse, 0),
            )
        ]
    if better:
        return [
            ngettext(
                "Since last month {n} project is better off.",
                "Since last month {n} projects are better off.",
                better,
            )
        ]
    if worse:
        return [
            ngettext(
                "Since last month {n} project is worse off.",
                "Since last month {n} projects are worse off.",
                worse,
            )
        ]
    return []


def year_before(counts: Mapping[str, int], translator: Translator) -> str:
    """Say how it was at the same season a year before; empty if it is not known."""
    live = sum(counts.values()) - counts.get("retired", 0)
    if live <= 0:
        return ""
    return translator.plural(
        "A year ago {good} of {n} live project was looked after.",
        "A year ago {good} of {n} live projects were looked after.",
        live,
        good=translator.number(sum(counts.get(key, 0) for key in LOOKED_AFTER), 0),
    )


def changes(
    points: Iterable[StatusPoint], rows: Iterable[ProjectRow], now: Instant
) -> tuple[Change, ...]:
    """List the projects whose status changed within the last month, worse ones first."""
    current = {row.id: row.status for row in rows}
    before: dict[int, str] = {}
    since: dict[int, Instant] = {}
    for point in points:
        if point.as_of <= now - MONTH:
            before[point.project_id] = point.status
        elif point.status == current.get(point.project_id):
            since.setdefault(point.project_id, point.as_of)
    found = [
        Change(key, before[key], status, since.get(key, now), _better(before[key], status))
        for key, status in current.items()
        if key in before and before[key] != status and "unknown" not in (before[key], status)
    ]
    found = [item for item in found if _rank(item.before) != _rank(item.after)]
    return tuple(sorted(found, key=lambda item: (item.better, -item.since, item.project_id)))


def _rank(status: str) -> int:
    return BETTER.get(status, SAME)


def _better(before: str, after: str) -> bool:
    return _rank(after) > _rank(before)


def at_dates(points: Iterable[StatusPoint], dates: Sequence[Instant]) -> list[dict[str, int]]:
    """Count the projects by status at each of some dates (ascending)."""
    counted: list[dict[str, int]] = [{} for _ in dates]
    for own in _by_project(points):
        position, status = 0, ""
        for index, date in enumerate(dates):
            while position < len(own) and own[position].as_of <= date:
                status = own[position].status
                position += 1
            if status:
                counted[index][status] = counted[index].get(status, 0) + 1
    return counted


def _by_project(points: Iterable[StatusPoint]) -> list[list[StatusPoint]]:
    grouped: dict[int, list[StatusPoint]] = {}
    for point in points:
        grouped.setdefault(point.project_id, []).append(point)
    return list(grouped.values())
