"""A project's records as if some people had not been there for a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from collector.metric import YEAR
from collector.metrics.windows import before
from collector.model import (
    AccountKind,
    Activity,
    Agreement,
    Commits,
    Credits,
    Events,
    Flags,
    Instant,
    Items,
    Span,
)


def cut(
    agreements: Iterable[Agreement], party: str, end: Instant
) -> tuple[tuple[Agreement, ...], tuple[str, ...]]:
    """The agreements, those of one party ended on a day, and which they were."""
    kept: list[Agreement] = []
    ended: list[str] = []
    for one in agreements:
        if one.party == party and (one.span.until is None or one.span.until > end):
            ended.append(one.party)
            if one.span.since is None or one.span.since < end:
                kept.append(replace(one, span=Span(one.span.since, end)))
        else:
            kept.append(one)
    return tuple(kept), tuple(ended)


def without_people(activity: Activity, gone: frozenset[int], as_of: Instant) -> Activity:
    """The records, those of the last year as if these people had not been there."""
    if not gone:
        return activity
    since = before(as_of, YEAR)
    who = np.array(sorted(gone), dtype=np.int32)
    commits, credits_ = _commits(activity, who, since)
    items, events = _items(activity, who, since)
    return replace(activity, commits=commits, credits=credits_, items=items, events=events)


def _commits(activity: Activity, who: np.ndarray, since: Instant) -> tuple[Commits, Credits]:
    """Their commits go, unless somebody who stays is credited with them too."""
    commits, credits_ = activity.commits, activity.credits
    stays = ~(np.isin(credits_.person, who) & (credits_.time >= since))
    keep = ~(commits.human & np.isin(commits.author, who) & (commits.time >= since))
    keep[credits_.commit[stays]] = True
    place = np.cumsum(keep, dtype=np.int32) - 1
    return (
        Commits(
            commits.time[keep], commits.arrival[keep], commits.author[keep], commits.kind[keep],
            commits.declares_ai[keep], commits.repository[keep], commits.files[keep],
            commits.change[keep],
        ),
        Credits(
            credits_.time[stays], credits_.arrival[stays], credits_.person[stays],
            place[credits_.commit[stays]],
        ),
    )  # fmt: skip


def _items(activity: Activity, who: np.ndarray, since: Instant) -> tuple[Items, Events]:
    """What they opened goes, and what they said, merged and closed elsewhere."""
    items, events = activity.items, activity.events
    keep = ~(by(who, items.author, items.author_kind) & (items.created >= since))
    stays = keep[events.item] & ~(by(who, events.actor, events.actor_kind) & (events.at >= since))
    place = np.cumsum(keep, dtype=np.int32) - 1
    urls = (
        tuple(url for url, kept in zip(items.url, keep, strict=True) if kept) if items.url else ()
    )
    return (
        Items(
            items.created[keep], items.kind[keep], items.author[keep], items.author_kind[keep],
            items.number[keep], items.repository[keep], items.merge_change[keep], urls,
            None if items.draft is None else items.draft[keep],
        ),
        Events(
            place[events.item[stays]], events.at[stays], events.kind[stays], events.actor[stays],
            events.actor_kind[stays], events.verdict[stays],
        ),
    )  # fmt: skip


def by(who: np.ndarray, actor: np.ndarray, kind: np.ndarray) -> Flags:
    """Which rows are acts of these people?"""
    theirs: Flags = np.isin(actor, who) & (kind == AccountKind.HUMAN)
    return theirs
