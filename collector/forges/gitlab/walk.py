"""One GitLab project: everything once, then only what changed; both by change, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collector.forge import AccessDenied, OddRecord, Page, RepositoryGone, item_name
from collector.forges.gitlab import records
from collector.forges.gitlab.client import Client, Json, Listing
from collector.forges.gitlab.comments import Comments
from collector.forges.gitlab.cursor import (
    ANONYMOUS,
    CHANGE_REQUESTS,
    COMMENTS,
    ISSUES,
    OVERLAP,
    TOKEN,
    Cursor,
    Walk,
    read,
)
from collector.forges.gitlab.items import PATHS, Items, without_token
from collector.forges.gitlab.listing import by_date
from collector.forges.gitlab.records import Item
from collector.model import ChangeRequest, Instant, Issue, ItemKind, Release

KINDS = {ISSUES: ItemKind.ISSUE, CHANGE_REQUESTS: ItemKind.CHANGE_REQUEST}
EVERY = {
    ItemKind.ISSUE: {"scope": "all", "state": "all", "confidential": "false"},
    ItemKind.CHANGE_REQUEST: {"scope": "all", "state": "all"},
}
"""Confidential issues are left out at the host, and again here: old hosts ignore the word."""
_NO_RELEASES: tuple[list[Release], None] = ([], None)
TOGETHER = 20
"""Items written at a time: a stop costs the requests of so many at most."""


class Reader:
    """Reads one project: ``Page`` after ``Page``, each with the cursor that follows it."""

    def __init__(self, client: Client, project: Json) -> None:
        self._client = client
        self._project = str(project["id"])
        self._items = Items(client, self._project)
        self._via = TOKEN if client.has_token else ANONYMOUS
        self._lists = [
            name for name in KINDS if project.get(f"{name}_enabled", True)
        ]  # what is switched off, or not shown to us, answers 403
        self._met: dict[str, str] = {}
        self._odd: list[str] = []

    def pages(self, text: str | None, full: bool) -> Iterator[Page]:
        """All changes since the cursor; everything without one, or when ``full``."""
        cursor = read(text, self._via)
        resumed = cursor.walk is not None and (cursor.walk.everything or not full)
        walk = cursor.walk if resumed else None
        if walk is None:
            walk = cursor.walk = _begin(cursor, full)
        walk.reconcile = walk.reconcile or full
        for name in self._lists:
            yield from self._list(cursor, walk, name)
        if not self._client.has_token:
            yield from Comments(self._client, self._project).pages(cursor, walk)
        releases, all_releases = self._releases(walk.releases_since)
        existing = None
        if walk.reconcile:
            existing = self._identifiers() if resumed else frozenset(self._met)
        self._end(cursor, walk)
        yield Page(
            cursor.text(),
            releases=releases,
            existing=existing,
            existing_releases=all_releases,
            unreadable=self._odd,
            last=True,
        )

    def sweep(self, text: str) -> Iterator[Page]:
        """The next slice of the slow sweep: items whose changes move no date, and what exists.

        Their notes are not asked for again: that would cost a request each.
        """
        cursor = read(text, self._via)
        if cursor.walk is not None or not cursor.watermarks:
            return
        found = {name: self._slice(cursor, name) for name in self._lists}
        if any(cursor.sweep.get(name) != "" for name in self._lists):
            existing, (releases, all_releases) = None, _NO_RELEASES
        else:
            cursor.sweep = {}
            existing, (releases, all_releases) = self._identifiers(), self._releases(0)
        requests = found.get(CHANGE_REQUESTS, [])
        yield Page(
            cursor.text(),
            issues=found.get(ISSUES, []),
            change_requests=[each for each in requests if isinstance(each, ChangeRequest)],
            releases=releases,
            existing=existing,
            existing_releases=all_releases,
            unreadable=self._odd,
            last=True,
        )

    # ------------------------------------------------------------ one list

    def _list(self, cursor: Cursor, walk: Walk, name: str) -> Iterator[Page]:
        """One list to its end, some items at a time."""
        if name in walk.done:
            return
        kind = KINDS[name]
        for listing in self._pages(kind, walk.keys.get(name)):
            self._note(kind, listing)
            rows = [row for row in listing.rows if not records.is_confidential(row)]
            fresh = [row for row in rows if self._is_new(walk, name, kind, row)]
            for start in range(0, len(fresh), TOGETHER):
                some = fresh[start : start + TOGETHER]
                items = [item for row in some if (item := self._whole(kind, row)) is not None]
                walk.keys[name] = some[-1]["updated_at"]
                yield self._page(cursor, items)
            self._cap(walk, name, listing)
        walk.done.append(name)

    def _note(self, kind: ItemKind, listing: Listing) -> None:
        """Rows that are no items: they exist all the same."""
        self._odd += [item_name(kind, records.number(row)) for row in listing.odd]
        self._met |= dict.fromkeys(_ids(kind, listing.odd), "")

    def _pages(self, kind: ItemKind, since: str | None) -> Iterator[Listing]:
        path = f"/projects/{self._project}/{PATHS[kind]}"
        return by_date(self._client, path, EVERY[kind], since)

    def _is_new(self, walk: Walk, name: str, kind: ItemKind, row: Json) -> bool:
        """Is this item not read in this walk yet?

        One that changes again and again while we read would never let the walk end: it is read
        once, and the watermark stays below its later change, so that the next pass reads it.
        """
        at, item = str(row["updated_at"]), records.native_id(kind, row["id"])
        if item not in self._met:
            self._met[item] = at
            return True
        if self._met[item] != at:
            later = records.instant(at)
            walk.floors[name] = min(later, walk.floors.get(name, later))
        return False

    def _whole(self, kind: ItemKind, row: Json) -> Item | None:
        try:
            if self._client.has_token:
                return self._items.whole(kind, row)
            return without_token(self._client.host, kind, row)
        except OddRecord:
            self._odd.append(item_name(kind, records.number(row)))
            return None

    def _page(self, cursor: Cursor, items: list[Item]) -> Page:
        found = [item.record for item in items]
        odd, self._odd = self._odd, []
        return Page(
            cursor.text(),
            issues=[each for each in found if not isinstance(each, ChangeRequest)],
            change_requests=[each for each in found if isinstance(each, ChangeRequest)],
            responses=[response for item in items for response in item.responses],
            complete_items=[each.native_id for each in found] if self._via == TOKEN else (),
            unreadable=odd,
        )

    @staticmethod
    def _cap(walk: Walk, name: str, listing: Listing) -> None:
        """No date of an item carries the reading further than the host's own clock."""
        if listing.date is not None:
            walk.floors[name] = min(listing.date, walk.floors.get(name, listing.date))

    def _end(self, cursor: Cursor, walk: Walk) -> None:
        """The walk is complete: from here on only what changes later."""
        for name in self._lists:
            reached = records.instant(walk.keys[name]) if name in walk.keys else 0
            floor = walk.floors.get(name, reached)
            before = cursor.watermarks.get(name, 0)
            cursor.watermarks[name] = max(before, min(reached, floor) - OVERLAP, 0)
        cursor.watermarks.setdefault(COMMENTS, 0)
        cursor.walk = None

    # ------------------------------------------------------------ the rest

    def _releases(self, since: Instant) -> tuple[list[Release], frozenset[str] | None]:
        """Releases, newest first, down to those that an earlier reading has seen; are they all?"""
        asked = {"order_by": "created_at", "sort": "desc"}
        found: list[Release] = []
        try:
            for raw in self._client.pages(f"/projects/{self._project}/releases", asked):
                release = records.release(self._client.host, self._project, raw)
                found += [release] if release is not None else []
                if since and records.created(raw) < since:
                    return found, None
        except (AccessDenied, RepositoryGone):
            return _NO_RELEASES  # not shown to us; git's tags tell of deliveries too
        return found, frozenset(release.native_id for release in found)

    def _identifiers(self) -> frozenset[str]:
        """The ids of all items that exist."""
        return frozenset(
            found
            for name in self._lists
            for listing in self._pages(KINDS[name], None)
            for found in _ids(KINDS[name], [*listing.rows, *listing.odd])
        )

    def _slice(self, cursor: Cursor, name: str) -> list[Issue]:
        """A hundred items by creation, which edits do not disturb."""
        key = cursor.sweep.get(name)
        if key == "":
            return []
        kind = KINDS[name]
        path = f"/projects/{self._project}/{PATHS[kind]}"
        listing = next(by_date(self._client, path, EVERY[kind], key, "created_at"))
        self._note(kind, listing)
        last = listing.rows[-1]["created_at"] if listing.rows else key
        cursor.sweep[name] = last if listing.more and last and last != key else ""
        rows = [row for row in listing.rows if not records.is_confidential(row)]
        return [found for row in rows if (found := self._record(kind, row)) is not None]

    def _record(self, kind: ItemKind, row: Json) -> Issue | None:
        try:
            return records.record(self._client.host, row, kind)
        except OddRecord:
            self._odd.append(item_name(kind, records.number(row)))
            return None


def _ids(kind: ItemKind, rows: Iterable[Json]) -> Iterator[str]:
    """The ids of items that we are meant to see; those of odd rows where they have one."""
    for row in rows:
        if isinstance(row.get("id"), int) and not records.is_confidential(row):
            yield records.native_id(kind, row["id"])


def _begin(cursor: Cursor, full: bool) -> Walk:
    """A new walk: everything, or what changed since the watermarks."""
    everything = full or not cursor.watermarks
    if everything:
        return Walk(everything=True)
    keys = {name: records.date_text(at) for name, at in cursor.watermarks.items() if at}
    return Walk(everything=False, keys=keys, releases_since=max(cursor.watermarks.values()))
