"""Which of a project's items can a metric speak of, and why of none (C6, C7)?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps

import numpy as np

from collector.metric import Value, not_applicable, unknown
from collector.metrics.items_view import View, timeline, view
from collector.model import Activity, Flags, Instant, ItemKind, Phrase, Repository

REVIEWS, ACTORS = "reviews", "actors"
"""What some ways of reading a forge cannot give (``Repository.forge_lacks``)."""

NOT_READ = Phrase("the forge of this project has not been read yet")
LACKING = {
    REVIEWS: Phrase("reviews of proposed changes cannot be read from this forge without a token"),
    ACTORS: Phrase("who merged or closed cannot be read from this forge without a token"),
}
BOTH = (ItemKind.ISSUE, ItemKind.CHANGE_REQUEST)

Compute = Callable[[Activity, Instant], Value]
Measure = Callable[[View, Flags], Value]


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """The items that can be counted at any date, bots' included, and the share that was read."""

    items: Flags
    coverage: float


def of_items(*kinds: ItemKind, needs: Iterable[str] = ()) -> Callable[[Measure], Compute]:
    """Let a metric see the existing human items of these kinds, where they could be read."""
    wanted, required = kinds or BOTH, frozenset(needs)

    def made(measure: Measure) -> Compute:
        @wraps(measure)
        def measured(activity: Activity, as_of: Instant) -> Value:
            seen = scope(activity, wanted, required)
            if isinstance(seen, Value):
                return seen
            now = view(activity, as_of)
            value = measure(now, now.existing & seen.items)
            return value if value.coverage is not None else replace(value, coverage=seen.coverage)

        return measured

    return made


def scope(
    activity: Activity, kinds: tuple[ItemKind, ...], needs: frozenset[str] = frozenset()
) -> Scope | Value:
    """The items of these kinds in all repositories that were read well enough, or why none."""
    memory = timeline(activity).memory
    key = (kinds, needs)
    if key not in memory:
        memory[key] = _scope(activity, kinds, needs)
    known = memory[key]
    assert isinstance(known, Scope | Value)  # noqa: S101 - a key is written in one place only
    return known


def _scope(activity: Activity, kinds: tuple[ItemKind, ...], needs: frozenset[str]) -> Scope | Value:
    if activity.repositories and all(map(_mirror, activity.repositories)):
        origin = next((r.facts.mirror_of for r in activity.repositories if r.facts.mirror_of), None)
        if not origin:
            return not_applicable("discussed at its origin")
        return not_applicable("discussed at {place}", place=origin)
    elsewhere = activity.project.issues_elsewhere
    here = tuple(k for k in kinds if not (elsewhere and k == ItemKind.ISSUE))
    if not here:
        return not_applicable("kept at {place}", place=elsewhere or "")
    if here == (ItemKind.ISSUE,) and _without_tracker(activity):
        return not_applicable("issues are switched off in this project")
    return _readable(activity, here, needs)


def _readable(
    activity: Activity, kinds: tuple[ItemKind, ...], needs: frozenset[str]
) -> Scope | Value:
    items = activity.items
    seen = np.zeros(len(items.created), dtype=np.bool_)
    pairs = [
        (row, kind, _lacks(repository, kind, needs))
        for row, repository in enumerate(activity.repositories)
        for kind in kinds
        if not _mirror(repository)
    ]
    for row, kind, missing in pairs:
        if missing is None:
            seen |= (items.repository == row) & (items.kind == kind)
    missing_all = [missing for _, _, missing in pairs if missing is not None]
    if len(missing_all) == len(pairs):
        reason = missing_all[0] if missing_all else NOT_READ
        return unknown(reason.template, **reason.arguments)
    return Scope(seen, 1 - len(missing_all) / len(pairs))


def _lacks(repository: Repository, kind: ItemKind, needs: frozenset[str]) -> Phrase | None:
    """Why this repository's items of that kind cannot be counted, if so."""
    if repository.forge_read_until is None:
        return repository.forge_reason or NOT_READ
    missing = needs & repository.forge_lacks
    if kind == ItemKind.ISSUE:
        missing -= {REVIEWS}
    return LACKING.get(min(missing)) if missing else None


def _mirror(repository: Repository) -> bool:
    return repository.role == "mirror"


def _without_tracker(activity: Activity) -> bool:
    off = all(repository.facts.has_issues is False for repository in activity.repositories)
    return off and not bool((activity.items.kind == ItemKind.ISSUE).any())
