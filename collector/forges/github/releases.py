"""The releases of a GitHub repository: the newest, and all of them when their number is a surprise.

A deleted release leaves no trace but the number of those that remain. Where that number is what
it was, and one more for each new one, nothing was deleted.
"""

from __future__ import annotations

from collector.forge import OddRecord, release_name
from collector.forges.github import records
from collector.forges.github.cursor import OVERLAP, RELEASES, Cursor, Walk
from collector.forges.github.records import Json
from collector.model import Instant, Release


class Releases:
    """Reads the list of one repository, page by page."""

    def __init__(self, host: str, odd: list[str]) -> None:
        self._host = host
        self._odd = odd
        self._met: set[str] | None = None
        self._all: frozenset[str] | None = None

    def read(self, walk: Walk, cursor: Cursor, repository: Json) -> list[Release]:
        """The releases of a page; ``walk`` moves on."""
        if walk.is_done(RELEASES):
            return []
        listed = repository[RELEASES]
        raws = [raw for raw in listed["nodes"] or () if _is_dated(raw)]
        self._odd += [
            release_name(raw["tagName"])
            for raw in listed["nodes"] or ()
            if raw is not None and not _is_dated(raw)
        ]
        found = [each for raw in raws if (each := records.release(self._host, raw)) is not None]
        self._meet(walk, found, whole=len(raws) == len(listed["nodes"] or ()))
        created = [records.instant(raw["createdAt"]) for raw in raws]
        walk.newest[RELEASES] = max([walk.newest.get(RELEASES, 0), *created])
        begins = not walk.everything and walk.after.get(RELEASES) is None
        if not listed["pageInfo"]["hasNextPage"]:
            self._all = None if self._met is None else frozenset(self._met)
            self._end(walk, cursor, None if self._met is None else listed["totalCount"])
        elif begins and _nothing_vanished(cursor, created, listed["totalCount"]):
            self._end(walk, cursor, listed["totalCount"])
        else:
            walk.after[RELEASES] = listed["pageInfo"]["endCursor"]
        return found

    def existing(self) -> frozenset[str] | None:
        """All that exist, told once after each reading of the whole list."""
        told, self._all = self._all, None
        return told

    def _meet(self, walk: Walk, found: list[Release], *, whole: bool) -> None:
        """Remember who was met, as long as all were since the beginning of the list."""
        if walk.after.get(RELEASES) is None:
            self._met = set()
        if self._met is not None:
            self._met.update(each.native_id for each in found)
            self._met = self._met if whole else None

    @staticmethod
    def _end(walk: Walk, cursor: Cursor, total: int | None) -> None:
        walk.done.append(RELEASES)
        cursor.releases = total


def _is_dated(raw: Json | None) -> bool:
    """Is this a release with dates? One without is left out and noted; git tells of its tag."""
    if raw is None:
        return False
    try:
        return all(records.instant(raw[name]) for name in ("createdAt", "publishedAt") if raw[name])
    except OddRecord:
        return False


def _nothing_vanished(cursor: Cursor, created: list[Instant], total: int) -> bool:
    """Are there as many as before, and one more for each that is newer than the newest then?"""
    floor = cursor.watermarks.get(RELEASES, 0)
    reached = any(at < floor for at in created)
    newer = sum(at > floor + OVERLAP for at in created)
    return reached and cursor.releases is not None and total == cursor.releases + newer
