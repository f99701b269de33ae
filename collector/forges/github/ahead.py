"""Asking ahead: what many repositories would each ask first, in few questions for all of them.

Of those that moved the newest changes, of small ones whose slow sweep is due everything, and of
both what was said in their reviews. An answer is taken once. What was not answered is no failure:
the repository asks for itself, and learns why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from collector.forge import ForgeError, OddRecord
from collector.forges.github import cursor as cursors
from collector.forges.github import records, reviews
from collector.forges.github.cursor import CHANGE_REQUESTS, ISSUES, KINDS, RELEASES
from collector.forges.github.graphql import GraphQL, Reply, TooHeavy, of_many
from collector.forges.github.records import Item, Json
from collector.model import Instant, ItemKind

log = logging.getLogger("ospo_vitals.forges")

Sizes = tuple[int, int]
"""How many issues and change requests of a repository are asked for."""

AT_ONCE = 7
"""Repositories that moved, a question: together they make two points."""
FEW: Sizes = (10, 10)
FEW_RELEASES = 5
"""What an ordinary day leaves; where it was more, the reading goes on from there."""
SWEPT_AT_ONCE = 400
"""Items of small repositories a question of the sweep: few of them have a long history."""
WHOLE_PAGE = 100

NEWEST_FIRST = {"field": "UPDATED_AT", "direction": "DESC"}
OLDEST_FIRST = {"field": "CREATED_AT", "direction": "ASC"}

Totals = Mapping[str, int]


class Ahead:
    """The answers that came ahead: of changes, of the slow sweep, and of reviews their words."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._changes: dict[str, Reply] = {}
        self._slices: dict[str, Reply] = {}
        self.reviews: dict[str, Json] = {}

    def take(self, url: str) -> Reply | None:
        """The first page of a repository's changes, if it came ahead."""
        return self._changes.pop(url, None)

    def take_slice(self, url: str) -> Reply | None:
        """All items of a repository whose slow sweep is due, if they came ahead."""
        return self._slices.pop(url, None)

    def ask(
        self, client: GraphQL, moved: Mapping[str, str], due: Mapping[str, tuple[str, Totals]]
    ) -> None:
        """Ask for what moved, by its cursor, and for what is to be swept, with its totals."""
        self._changes.clear()
        self._slices.clear()
        self.reviews.clear()
        floors = {url: floor for url, text in moved.items() if (floor := _floor(text)) is not None}
        sizes = {url: size for url, each in due.items() if (size := _size(*each)) is not None}
        with self._or_alone():
            if len(floors) > 1:
                few = dict.fromkeys(floors, FEW)
                self._changes |= _many(client, few, AT_ONCE * sum(FEW), question())
        with self._or_alone():
            given = _many(client, sizes, SWEPT_AT_ONCE, sweep_question())
            self._slices |= {url: reply for url, reply in given.items() if _is_whole(reply)}
        with self._or_alone():
            names = [
                n for url, reply in self._changes.items() for n in self._said(reply, floors[url])
            ]
            names += [n for reply in self._slices.values() for n in self._said(reply, None)]
            self.reviews |= {raw["id"]: raw for raw in reviews.ask(client, names)}

    @contextmanager
    def _or_alone(self) -> Iterator[None]:
        """What cannot be answered for many is asked for each alone, which says why."""
        try:
            yield
        except ForgeError as error:
            log.debug("%s was not asked ahead: %s", self._host, error)

    def _said(self, reply: Reply, floor: Instant | None) -> list[str]:
        """The reviews of the change requests that changed since."""
        nodes = reply.data["repository"][CHANGE_REQUESTS]["nodes"] or ()
        found: list[Item] = []
        for raw in nodes:
            try:
                item = records.item(self._host, raw, ItemKind.CHANGE_REQUEST)
            except OddRecord:
                continue  # said where it is read
            if floor is not None and item.record.updated < floor:
                break
            found.append(item)
        return list(reviews.wanted(found, floor))


def _many(
    client: GraphQL, sizes: Mapping[str, Sizes], most: int, variables: Json
) -> dict[str, Reply]:
    """The first page of each, so many items a question; fewer where that is too much at once."""
    rest = sorted(sizes, key=lambda url: sizes[url], reverse=True)  # like size with like size
    found: dict[str, Reply] = {}
    while rest:
        now = _together(rest, sizes, most)
        first = {f"{kind}First": n for kind, n in _largest(now, sizes).items()}
        text, names = of_many("many_changes", now, "Changes")
        try:
            reply = client.ask(text, {**variables, **first, **names}, parts=True)
        except TooHeavy:
            if len(now) == 1:
                raise
            most = _weight(now, sizes) // 2
            continue
        rest = rest[len(now) :]
        found |= {
            url: Reply({"repository": raw}, (), 0, reply.date)
            for n, url in enumerate(now)
            if (raw := reply.data.get(f"r{n}")) and reply.failed(f"r{n}") is None
        }
    return found


def _together(urls: Sequence[str], sizes: Mapping[str, Sizes], most: int) -> Sequence[str]:
    """As many of the first as a question may hold, at least one."""
    number = 1
    while number < len(urls) and _weight(urls[: number + 1], sizes) <= most:
        number += 1
    return urls[:number]


def _largest(urls: Sequence[str], sizes: Mapping[str, Sizes]) -> dict[str, int]:
    """One question asks for as much of each as of the largest."""
    issues, requests = (max(numbers) for numbers in zip(*(sizes[u] for u in urls), strict=True))
    return {ISSUES: issues, CHANGE_REQUESTS: requests}


def _weight(urls: Sequence[str], sizes: Mapping[str, Sizes]) -> int:
    return len(urls) * sum(_largest(urls, sizes).values())


def _floor(text: str) -> Instant | None:
    """From when on change requests are read; None: a reading that asks for something else."""
    if cursors.made_by(text) != "graphql":
        return None
    cursor = cursors.read(text)
    return None if cursor.walk is not None else cursor.watermarks.get(CHANGE_REQUESTS)


def _size(text: str, totals: Totals) -> Sizes | None:
    """How much a whole sweep asks for; None: more than a page, or in the middle of one."""
    issues, requests = totals["issues"], totals["change_requests"]
    if _floor(text) is None or cursors.read(text).sweep or max(issues, requests) > WHOLE_PAGE:
        return None
    return max(1, issues), max(1, requests)


def _is_whole(reply: Reply) -> bool:
    lists = (reply.data["repository"][kind] for kind in (ISSUES, CHANGE_REQUESTS))
    return not any(each["pageInfo"]["hasNextPage"] for each in lists)


def question() -> Json:
    """What is asked of each that moved, beside its name: its newest changes."""
    first = zip((f"{kind}First" for kind in KINDS), (*FEW, FEW_RELEASES), strict=True)
    return {"order": NEWEST_FIRST, "newest": True, **dict(first), **_ALL}


def sweep_question() -> Json:
    """What is asked of each that is swept: all there is."""
    return {"order": OLDEST_FIRST, "newest": False, f"{RELEASES}First": WHOLE_PAGE, **_ALL}


_ALL: Json = dict.fromkeys(KINDS, True) | {f"{kind}After": None for kind in KINDS}
