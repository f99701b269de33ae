"""One GitHub repository over GraphQL: everything once, then only what changed.

*Everything* walks by creation, which edits do not disturb; *changes* walk by change, newest
first, down to the watermark. Both go on from their cursor after a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from collector.forge import OddRecord, Page, RepositoryGone, item_name
from collector.forges.github import cursor as cursors
from collector.forges.github import records
from collector.forges.github.address import owner_and_name
from collector.forges.github.ahead import Ahead
from collector.forges.github.cursor import (
    CHANGE_REQUESTS,
    ISSUES,
    KINDS,
    OVERLAP,
    RELEASES,
    Cursor,
    Walk,
)
from collector.forges.github.graphql import CursorLost, GraphQL, Reply, TooHeavy, document
from collector.forges.github.records import Item, Json
from collector.forges.github.releases import Releases
from collector.forges.github.reviews import Reviews
from collector.model import DAY, ChangeRequest, Instant, ItemKind, Release, Response

WHOLE_PAGE = 100
FIRST_CHANGES = {ISSUES: 25, CHANGE_REQUESTS: 25, RELEASES: 10}
"""A refresh usually finds little: this much costs one point together."""
SMALLEST_PAGE = 10
"""Below this a host that fails altogether is down, not overburdened."""
ITEM_KINDS = {ISSUES: ItemKind.ISSUE, CHANGE_REQUESTS: ItemKind.CHANGE_REQUEST}
CALM = 3
"""Pages that must succeed before the page grows again."""


class Throttle:
    """The page size a host can bear: halved when it fails, grown back when it does not."""

    def __init__(self, most: int = WHOLE_PAGE, least: int = SMALLEST_PAGE) -> None:
        self.size = self._most = most
        self._least = least
        self._calm = 0

    def ask(self, question: Callable[[], Reply]) -> Reply:
        """Ask until an answer comes that is whole, or as whole as the host can make it."""
        while True:
            try:
                reply = question()
            except TooHeavy:
                if self.size <= self._least:
                    raise
                self._shrink()
                continue
            if self.size == 1 or not _is_cut(reply):
                self._grow()
                return reply
            self._shrink()

    def _shrink(self) -> None:
        self.size, self._calm = max(1, self.size // 2), 0

    def _grow(self) -> None:
        self._calm += 1
        if self._calm >= CALM and self.size < self._most:
            self.size, self._calm = min(self._most, self.size * 2), 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What one question gave. ``partial``: change requests without all their review comments."""

    issues: list[Item]
    change_requests: list[Item]
    releases: list[Release]
    comments: list[Response]
    partial: frozenset[str]
    existing_releases: frozenset[str] | None
    unreadable: list[str]

    def page(
        self, cursor: Cursor, existing: frozenset[str] | None = None, *, last: bool = False
    ) -> Page:
        """The page to be written together with the cursor as it is now."""
        found = [*self.issues, *self.change_requests]
        requests = [item.record for item in self.change_requests]
        whole = [item.record.native_id for item in found if item.whole]
        return Page(
            cursor.text(),
            issues=[item.record for item in self.issues],
            change_requests=[each for each in requests if isinstance(each, ChangeRequest)],
            responses=[*(r for item in found for r in item.responses), *self.comments],
            releases=self.releases,
            complete_items=[name for name in whole if name not in self.partial],
            existing=existing,
            existing_releases=self.existing_releases,
            unreadable=self.unreadable,
            last=last,
        )


class Reader:
    """Reads one repository: ``Page`` after ``Page``, each with the cursor that follows it."""

    def __init__(self, client: GraphQL, host: str, url: str, ahead: Ahead) -> None:
        self._client = client
        self._host = host
        self._url = url
        self._place = dict(zip(("owner", "name"), owner_and_name(url), strict=True))
        self._ahead = ahead
        self._throttle = Throttle()
        self._odd: list[str] = []
        self._reviews = Reviews(client, host, ahead.reviews, self._odd)
        self._releases = Releases(host, self._odd)

    def pages(self, text: str | None, full: bool) -> Iterator[Page]:
        """All changes since the cursor; everything without one, or when ``full``."""
        cursor = cursors.read(text)
        resumed = cursor.walk is not None
        if cursor.walk is None or (full and not cursor.walk.everything):
            resumed = False
            cursor.walk = Walk(everything=full or not cursor.watermarks)
        cursor.walk.reconcile = cursor.walk.reconcile or full
        try:
            yield from self._walk(cursor, None if resumed else set(), final=not resumed)
        except CursorLost:
            walk = cursor.walk or Walk(everything=True)
            cursor.walk = Walk(everything=walk.everything, reconcile=walk.reconcile)
            yield from self._walk(cursor, set(), final=True)
            return
        if resumed:  # what changed while the walk lay still
            cursor.walk = Walk(everything=False)
            yield from self._walk(cursor, None, final=True)

    def sweep(self, text: str) -> Iterator[Page]:
        """The next slice of the slow sweep: re-reads items whose changes move no date."""
        cursor = cursors.read(text)
        if cursor.walk is not None or not cursor.watermarks:
            return
        try:
            yield from self._slice(cursor)
        except CursorLost:
            cursor.sweep = {}
            yield Page(cursor.text(), last=True)

    def _slice(self, cursor: Cursor) -> Iterator[Page]:
        """A page of items; releases alone are no slice of their own.

        What exists is told where one slice meets all. Elsewhere the totals tell when something
        vanished, and then all is read.
        """
        begins = not cursor.sweep
        first = self._ahead.take_slice(self._url) if begins else None
        walk = Walk(everything=True, after=dict(cursor.sweep), newest=dict(cursor.watermarks))
        walk.done = [kind for kind in KINDS if cursor.sweep.get(kind) == ""]
        seen = set[str]() if begins else {""}
        while True:
            batch = self._batch(walk, cursor, seen, first)
            first, done = None, len(walk.done) == len(KINDS)
            cursor.sweep = {} if done else {**walk.after, **dict.fromkeys(walk.done, "")}
            known = done and "" not in seen
            yield batch.page(cursor, frozenset(seen) if known else None, last=True)
            if done or set(walk.done) != {ISSUES, CHANGE_REQUESTS}:
                return

    # ------------------------------------------------------------ one walk

    def _walk(self, cursor: Cursor, seen: set[str] | None, *, final: bool) -> Iterator[Page]:
        """One walk to its end. ``seen`` None: it began in an earlier run, so not all is known."""
        walk = cursor.walk or Walk(everything=True)
        while True:
            batch = self._batch(walk, cursor, seen)
            if len(walk.done) == len(KINDS):
                break
            yield batch.page(cursor)
        existing = self._existing(seen) if walk.everything and walk.reconcile else None
        cursor.walk = None
        cursor.watermarks = {kind: max(0, at - OVERLAP) for kind, at in walk.newest.items()}
        yield batch.page(cursor, existing, last=final)

    def _batch(
        self, walk: Walk, cursor: Cursor, seen: set[str] | None, first: Reply | None = None
    ) -> Batch:
        """The next page's records, or those of ``first``; ``walk`` moves on."""
        reply = first or self._first(walk) or self._throttle.ask(lambda: self._ask(walk))
        repository = reply.data.get("repository")
        if repository is None:
            raise RepositoryGone(
                f"{self._host} has no such repository, or it is private to the token in use."
                " Correct its address, or give the token access."
            )
        self._note_newest(walk, repository, reply.date)
        floors = {} if walk.everything else cursor.watermarks
        issues = self._items(walk, repository, ISSUES, floors, seen)
        requests = self._items(walk, repository, CHANGE_REQUESTS, floors, seen)
        releases = self._releases.read(walk, cursor, repository)
        comments, partial = self._reviews.comments(requests, floors.get(CHANGE_REQUESTS))
        odd = [*self._odd]
        self._odd.clear()
        return Batch(issues, requests, releases, comments, partial, self._releases.existing(), odd)

    def _first(self, walk: Walk) -> Reply | None:
        """What was asked ahead, where a walk through changes begins."""
        begins = not (walk.everything or walk.after or walk.done or walk.newest)
        return self._ahead.take(self._url) if begins else None

    def _ask(self, walk: Walk) -> Reply:
        order = ("CREATED_AT", "ASC") if walk.everything else ("UPDATED_AT", "DESC")
        variables: Json = {
            **self._place,
            "order": {"field": order[0], "direction": order[1]},
            "newest": not walk.newest,
        }
        for kind in KINDS:
            variables[kind] = not walk.is_done(kind)
            variables[f"{kind}First"] = self._size(walk, kind)
            variables[f"{kind}After"] = walk.after.get(kind)
        return self._client.ask(document("changes"), variables)

    def _size(self, walk: Walk, kind: str) -> int:
        first = not walk.everything and kind not in walk.after
        return min(self._throttle.size, FIRST_CHANGES[kind] if first else WHOLE_PAGE)

    def _items(
        self,
        walk: Walk,
        repository: Json,
        name: str,
        floors: dict[str, Instant],
        seen: set[str] | None,
    ) -> list[Item]:
        """The items of one list that are new to us, with all their events."""
        if walk.is_done(name):
            return []
        floor, found = floors.get(name, 0), []
        for raw in repository[name]["nodes"] or ():
            if raw is None:
                if seen is not None:
                    seen.add("")  # not all that exist are known now
                continue
            try:
                item = records.item(self._host, raw, ITEM_KINDS[name])
                if item.record.updated < floor:
                    break
                found.append(self._whole(item))
            except OddRecord:
                self._odd.append(item_name(ITEM_KINDS[name], records.number(raw)))
            if seen is not None:
                seen.add(raw["id"])
        else:
            _advance(walk, name, repository[name]["pageInfo"])
            return found
        walk.done.append(name)
        return found

    def _whole(self, item: Item) -> Item:
        """The item with the events beyond its first hundred."""
        while item.more is not None:
            question = {"item": item.record.native_id, "after": item.more}
            node = self._client.ask(document("timeline"), question).data.get("node")
            if not node:
                item.whole = False
                break
            with records.one_record():
                records.add_events(self._host, item, node["timelineItems"])
        return records.finished(item)

    def _note_newest(self, walk: Walk, repository: Json, date: Instant | None) -> None:
        """Remember how far this walk will reach, by the host's own dates, none in its future."""
        for kind, name in ((ISSUES, "newestIssue"), (CHANGE_REQUESTS, "newestChangeRequest")):
            if name in repository:
                nodes = [node for node in repository[name]["nodes"] or () if node]
                walk.newest[kind] = _reach(nodes[0]["updatedAt"], date) if nodes else 0

    # ------------------------------------------------------------ what exists

    def _existing(self, seen: set[str] | None) -> frozenset[str]:
        """The ids of all items: those of this walk, or asked for where it is not known whole."""
        return self._identifiers() if seen is None or "" in seen else frozenset(seen)

    def _identifiers(self) -> frozenset[str]:
        walk, found = Walk(everything=True, done=[RELEASES]), set[str]()
        while len(walk.done) < len(KINDS):
            question: Json = dict(self._place)
            for kind in (ISSUES, CHANGE_REQUESTS):
                question[kind] = not walk.is_done(kind)
                question[f"{kind}After"] = walk.after.get(kind)
            data = self._client.ask(document("identifiers"), question).data["repository"]
            for kind in (k for k in (ISSUES, CHANGE_REQUESTS) if not walk.is_done(k)):
                found.update(raw["id"] for raw in data[kind]["nodes"])
                _advance(walk, kind, data[kind]["pageInfo"])
        return frozenset(found)


def _reach(newest: str, date: Instant | None) -> Instant:
    """The newest change; the host's own date for one in its future, or that is no date."""
    try:
        at = records.instant(newest)
    except OddRecord:
        return date or 0
    return date if date is not None and at > date + DAY else at


def _advance(walk: Walk, kind: str, page: Json) -> None:
    if page["hasNextPage"]:
        walk.after[kind] = page["endCursor"]
    else:
        walk.done.append(kind)


def _is_cut(reply: Reply) -> bool:
    """Is data missing because it was too much? (What is forbidden has a type.)"""
    return any(error.get("type") is None for error in reply.errors)
