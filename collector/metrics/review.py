"""Does a second pair of eyes see the changes? (METRICS.md, Others can take part)"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.metric import HALF_YEAR, Part, Value, not_applicable
from collector.metrics.items_scope import ACTORS, REVIEWS, Compute, Scope, of_items, scope
from collector.metrics.items_view import Timeline, View, timeline
from collector.metrics.people import regular_committers
from collector.metrics.samples import ratio
from collector.model import (
    DAY,
    N_,
    NO_TIME,
    NOT_GIVEN,
    AccountKind,
    Activity,
    Flags,
    Indices,
    Instant,
    Instants,
    ItemKind,
)

NOTHING_MERGED = N_("no change request was merged in this time")
NEEDS = frozenset({REVIEWS, ACTORS})


def _reviewed_before_merge(line: Timeline) -> Flags:
    return line.first_review < line.merged_at


@of_items(ItemKind.CHANGE_REQUEST, needs=[REVIEWS])
def review_share(view: View, items: Flags) -> Value:
    """What share of the merged change requests had another human reviewed before?"""
    merged = items & view.since(view.timeline.merged_at, HALF_YEAR)
    reviewed = int((merged & _reviewed_before_merge(view.timeline)).sum())
    total = int(merged.sum())
    parts: dict[str, Part] = {"reviewed": reviewed, "merged": total}
    return ratio(reviewed, total, NOTHING_MERGED, parts)


def _mergers(line: Timeline) -> tuple[Indices, Flags]:
    """Who merged each item, and was it a bot? Meaningful for merged items only."""
    if not len(line.item):
        nobody = np.full(len(line.created), NOT_GIVEN, dtype=np.int32)
        return nobody, np.zeros(len(line.created), dtype=np.bool_)
    bot: Flags = line.actor_kind[line.merge_row] != int(AccountKind.HUMAN)
    return line.actor[line.merge_row], bot


@of_items(ItemKind.CHANGE_REQUEST, needs=NEEDS)
def self_merge_rate(view: View, items: Flags) -> Value:
    """What share of the merged change requests did the author merge, seen by nobody else?

    Those whose merger the forge does not name, and that nobody reviewed, are left out.
    """
    line = view.timeline
    merged = items & view.since(line.merged_at, HALF_YEAR)
    reviewed = _reviewed_before_merge(line)
    merger, by_bot = _mergers(line)
    decided = merged & (reviewed | by_bot | (merger != NOT_GIVEN))
    alone = decided & ~reviewed & (by_bot | (merger == line.activity.items.author))
    own, total = int(alone.sum()), int(decided.sum())
    parts: dict[str, Part] = {"self_merged": own, "merged": int(merged.sum()), "decided": total}
    return ratio(own, total, NOTHING_MERGED, parts)


# ---------------------------------------------------------------- four eyes


@dataclass(frozen=True, eq=False, slots=True)
class Changes:
    """What arrived: one row per human change, whenever it arrived and was seen by another.

    A merged change request is one change. Commits that share the second of arrival with one
    are its rebased commits. One whose merge commit is not on the branch, or not known, is a
    change on its own.
    """

    arrived: Instants
    seen: Instants
    direct: Flags


def four_eyes_over(days: int) -> Compute:
    """What share of the human changes of so many days did another human see?"""

    def four_eyes(activity: Activity, as_of: Instant) -> Value:
        seen_of = scope(activity, (ItemKind.CHANGE_REQUEST,), NEEDS)
        if isinstance(seen_of, Value):
            return seen_of
        carried = regular_committers(activity, as_of)
        if carried.value is None or carried.value <= 1:
            return _alone(carried)
        value = _share_seen(_changes(activity, seen_of), as_of, days)
        return Value(
            value.value,
            value.state,
            value.reason,
            n=value.n,
            coverage=min(seen_of.coverage, carried.coverage or 0.0),
            parts=value.parts,
        )

    return four_eyes


four_eyes = four_eyes_over(HALF_YEAR)


def _alone(carried: Value) -> Value:
    if carried.value is None:
        return Value(None, carried.state, carried.reason)
    return not_applicable("with at most one regular committer there is nobody else to look")


def _share_seen(changes: Changes, as_of: Instant, days: int) -> Value:
    there = (changes.arrived < as_of) & (changes.arrived >= as_of - days * DAY)
    seen = int((there & (changes.seen < as_of)).sum())
    total, direct = int(there.sum()), int((there & changes.direct).sum())
    parts: dict[str, Part] = {"seen": seen, "changes": total, "direct_pushes": direct}
    return ratio(seen, total, N_("no change arrived in this time"), parts)


def _changes(activity: Activity, read: Scope) -> Changes:
    """All human changes of the project, worked out once."""
    memory = timeline(activity).memory
    if "changes" not in memory:
        memory["changes"] = _worked_out(activity, read)
    known = memory["changes"]
    assert isinstance(known, Changes)  # noqa: S101 - this key is written here only
    return known


def _worked_out(activity: Activity, read: Scope) -> Changes:
    line, items = timeline(activity), activity.items
    request = read.items & (line.merged_at < NO_TIME)
    seen = _seen_by_another(line)
    linked = request & (items.merge_change >= 0)
    change, arrived, brought = _arrivals(activity)
    first_seen = np.full(len(change), NO_TIME, dtype=np.int64)
    by_request = np.zeros(len(change), dtype=np.bool_)
    place, found = _places(change, items.merge_change[linked])
    np.minimum.at(first_seen, place, seen[linked][found])
    by_request[place] = True
    rebased = ~by_request & np.isin(brought, brought[by_request])
    lonely = request & line.human & ~linked & _counted(activity)[items.repository]
    return Changes(
        np.concatenate((arrived[~rebased], line.merged_at[lonely])),
        np.concatenate((first_seen[~rebased], seen[lonely])),
        np.concatenate((~by_request[~rebased], np.zeros(int(lonely.sum()), dtype=np.bool_))),
    )


def _seen_by_another(line: Timeline) -> Instants:
    """When did another human first review or merge each change request?"""
    merger, by_bot = _mergers(line)
    author = line.activity.items.author
    another = ~by_bot & (merger != NOT_GIVEN) & ((merger != author) | ~line.human)
    merged = np.where(another, line.merged_at, NO_TIME)
    return np.minimum(line.first_review, merged)


def _arrivals(activity: Activity) -> tuple[Indices, Instants, Instants]:
    """Each human change, when it arrived, and a number for its repository and second."""
    commits = activity.commits
    chosen = commits.human & _discussed(activity)[commits.repository]
    order = np.lexsort((-commits.arrival[chosen], commits.change[chosen]))
    change, first = np.unique(commits.change[chosen][order], return_index=True)
    arrived = commits.arrival[chosen][order][first]
    repository = commits.repository[chosen][order][first].astype(np.int64)
    return change, arrived, repository * 2**40 + arrived


def _places(change: Indices, wanted: Indices) -> tuple[Indices, Flags]:
    """Where the wanted changes stand among all, and which of them stand there at all."""
    if not len(change):
        return np.zeros(0, dtype=np.int32), np.zeros(len(wanted), dtype=np.bool_)
    place = np.clip(np.searchsorted(change, wanted), 0, len(change) - 1)
    found: Flags = change[place] == wanted
    return place[found].astype(np.int32), found


def _counted(activity: Activity) -> Flags:
    return np.array([*(r.counted for r in activity.repositories), False], dtype=np.bool_)


def _discussed(activity: Activity) -> Flags:
    """The repositories whose changes can be followed on a forge that was read."""
    read = [
        r.counted
        and r.role != "mirror"
        and r.forge_read_until is not None
        and not (NEEDS & r.forge_lacks)
        for r in activity.repositories
    ]
    return np.array([*read, False], dtype=np.bool_)
