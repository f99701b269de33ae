"""One repository of Forgejo or Gitea: everything once, then only what changed.

Lists that cannot be disturbed by what happens meanwhile: change requests by creation (first) or
by change, newest first, down to the watermark; issues by creation, newest first, filtered by
``since``: what is edited or made during the walk moves others to later pages, never past us.
Who closed, reopened, merged and made drafts is told by each item's timeline; reviews are asked
for where the timeline says that there are some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from collector.forge import OddRecord, Page, RepositoryGone, UnexpectedAnswer, item_name
from collector.forges.forgejo import cursor as cursors
from collector.forges.forgejo import records
from collector.forges.forgejo.cursor import (
    COMMENTS,
    ISSUES,
    OVERLAP,
    OWED,
    PULLS,
    RELEASES,
    Cursor,
    Walk,
)
from collector.forges.forgejo.records import Json
from collector.model import ChangeRequest, Instant, Issue, ItemKind, Release, Response
from collector.transport import Transport
from collector.transport.endpoint import Answer

AT_ONCE = 10
"""Items with timelines that are written together: a stop loses the requests of these."""
AFFORDABLE = 100
"""Requests that a first reading may always cost."""
AROUND = 6
"""Requests for settings, facts, totals, checks and releases."""
OWED_AT_ONCE = 100
"""Timelines that a refresh makes up for, after a first reading that could not afford them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository as it is asked for: its path of the API, and which of its lists exist."""

    path: str
    has_issues: bool = True
    has_change_requests: bool = True
    limit: int = 50

    @property
    def lists(self) -> tuple[str, ...]:
        """Its lists of items."""
        return (PULLS,) * self.has_change_requests + (ISSUES,) * self.has_issues


@dataclass(slots=True)
class Batch:
    """Records that are written together."""

    issues: list[Issue] = field(default_factory=list)
    change_requests: list[ChangeRequest] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    complete: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    all_releases: bool = False
    """Are these all that the repository has?"""

    def page(
        self, cursor: Cursor, existing: frozenset[str] | None = None, *, last: bool = False
    ) -> Page:
        """The page to be written together with the cursor as it is now."""
        released = frozenset(each.native_id for each in self.releases)
        return Page(
            cursor.text(),
            self.issues,
            self.change_requests,
            self.responses,
            self.releases,
            self.complete,
            existing,
            released if self.all_releases else None,
            self.unreadable,
            last,
        )


class Reader:
    """Reads one repository: ``Page`` after ``Page``, each with the cursor that follows it."""

    def __init__(self, transport: Transport, host: str, place: Place) -> None:
        self._transport = transport
        self._host = host
        self._place = place
        self._total: dict[str, int] = {}

    def pages(self, text: str | None, full: bool) -> Iterator[Page]:
        """All changes since the cursor; everything without one, or when ``full``."""
        cursor = cursors.read(text)
        resumed = cursor.walk is not None and (cursor.walk.everything or not full)
        if not resumed:
            fresh = not cursor.watermarks
            cursor.walk = Walk(everything=full or fresh, first=fresh and not full)
        if cursor.walk is not None:
            cursor.walk.reconcile = cursor.walk.reconcile or full
        yield from self._walk(cursor, None if resumed else set(), final=not resumed)
        if resumed:  # what changed while the walk lay still
            cursor.walk = Walk(everything=False)
            yield from self._walk(cursor, None, final=True)

    def sweep(self, text: str) -> Iterator[Page]:
        """The next slice of the slow sweep: items again as the lists give them."""
        cursor = cursors.read(text)
        if cursor.walk is not None or not cursor.watermarks:
            return
        batch, walk = Batch(), Walk(everything=True)
        for kind in (k for k in self._place.lists if cursor.sweep.get(k) != 0):
            number = cursor.sweep.get(kind, 1)
            raws = self._list(kind, walk, number, None).data
            for raw in raws:
                self._one(kind, raw, batch)
            cursor.sweep[kind] = number + 1 if len(raws) == self._place.limit else 0
        existing = None
        if not any(cursor.sweep.values()):
            cursor.sweep, existing = {}, self._numbers()
        yield batch.page(cursor, existing, last=True)

    # ------------------------------------------------------------ one walk

    def _walk(self, cursor: Cursor, seen: set[str] | None, *, final: bool) -> Iterator[Page]:
        """One walk to its end. ``seen`` None: it began in an earlier run, so not all is known."""
        walk = cursor.walk or Walk(everything=True)
        for kind in (k for k in self._place.lists if k not in walk.done):
            yield from self._items(cursor, walk, kind, seen)
        if walk.everything and walk.listed and COMMENTS not in walk.done:
            yield from self._comments(cursor, walk)
        if not walk.everything and OWED not in walk.done:
            yield from self._owed(cursor, walk)
        batch = self._releases(cursor, walk)
        existing = None
        if walk.everything and walk.reconcile:
            existing = self._numbers() if seen is None else frozenset(seen)
        limit = walk.began if walk.began is not None else 2**62
        cursor.watermarks |= {
            kind: max(1, min(at, limit) - OVERLAP) for kind, at in walk.newest.items()
        }
        cursor.watermarks.setdefault(RELEASES, 1)
        cursor.walk = None
        yield batch.page(cursor, existing, last=final)

    def _items(
        self, cursor: Cursor, walk: Walk, kind: str, seen: set[str] | None
    ) -> Iterator[Page]:
        """One list of items, page by page, with what happened to each."""
        floor = None if walk.everything else cursor.watermarks.get(kind)
        while kind not in walk.done:
            number = walk.page.get(kind, 1)
            answer = self._list(kind, walk, number, floor)
            if self._shrank(kind, answer) and number > 1:
                walk.page[kind], walk.offset = number - 1, 0  # what was deleted moved others up
                continue
            dated = [(r, records.changed(r)) for r in answer.data]
            fresh = [r for r, at in dated if at is None or at >= (floor or 0)]
            newest = [at for _, at in dated if at is not None]
            walk.newest[kind] = max([walk.newest.get(kind, 0), floor or 0, *newest])
            ends = len(answer.data) < self._place.limit or len(fresh) < len(answer.data)
            yield from self._slices(cursor, walk, kind, fresh, seen)
            walk.page[kind], walk.offset = number + 1, 0
            if ends:
                walk.done.append(kind)
            yield Page(cursor.text())

    def _slices(
        self, cursor: Cursor, walk: Walk, kind: str, raws: list[Json], seen: set[str] | None
    ) -> Iterator[Page]:
        """A page's items, a few at a time."""
        for start in range(walk.offset, len(raws), AT_ONCE):
            batch = Batch()
            for raw in raws[start : start + AT_ONCE]:
                if self._one(kind, raw, batch):
                    self._happened(cursor, walk, kind, raw, batch)
            walk.offset = start + AT_ONCE
            yield batch.page(cursor)
        if seen is not None:
            seen.update(records.item_id(raw["number"]) for raw in raws)

    def _one(self, kind: str, raw: Json, batch: Batch) -> bool:
        """Add an item as a list gives it; is it one?"""
        try:
            if kind == PULLS:
                batch.change_requests.append(records.change_request(self._host, raw))
            else:
                batch.issues.append(records.issue(self._host, raw))
            list(records.ending(self._host, raw))
        except (OddRecord, *records.ODD):
            which = ItemKind.CHANGE_REQUEST if kind == PULLS else ItemKind.ISSUE
            batch.unreadable.append(item_name(which, raw["number"]))
            return False
        return True

    def _happened(self, cursor: Cursor, walk: Walk, kind: str, raw: Json, batch: Batch) -> None:
        """What happened to an item: told by its timeline, as far as that is affordable."""
        number, ends = raw["number"], list(records.ending(self._host, raw))
        if raw["updated_at"] == raw["created_at"] and not ends:
            batch.complete.append(records.item_id(number))
            return
        if kind == ISSUES and walk.first and walk.spent >= max(AFFORDABLE, walk.allowed):
            walk.listed += 1
            cursor.owed += [number] if ends else []
            batch.responses += ends
            return
        told = self._timeline(walk, number, is_change=kind == PULLS)
        kinds = {response.kind for response in told}
        batch.responses += told + [end for end in ends if end.kind not in kinds]
        batch.complete.append(records.item_id(number))

    def _timeline(self, walk: Walk, number: int, *, is_change: bool) -> list[Response]:
        """All events of an item. Without a page asked for, a timeline comes whole."""
        path = f"{self._place.path}/issues/{number}/timeline"
        try:
            raws: list[Json] = self._counted(walk, lambda: self._transport.get(path)).data or []
        except RepositoryGone:
            self._refuse_old_versions(number)
            return []
        found = list(records.timeline(self._host, number, raws))
        if is_change and any(raw["type"] in ("review", "dismiss_review") for raw in raws):
            found += self._reviews(walk, number)
        return found

    def _refuse_old_versions(self, number: int) -> None:
        """Is the item gone since a moment, or does the host not know timelines?"""
        try:
            self._transport.get(f"{self._place.path}/issues/{number}")
        except RepositoryGone:
            return
        raise UnexpectedAnswer(
            f"{self._host} does not tell what happened to issues: it runs a version before"
            " Gitea 1.18, which is too old. Ask its owner to update it, or write kind: git under"
            " forges: to read its git alone."
        )

    def _reviews(self, walk: Walk, number: int) -> Iterator[Response]:
        path, page, limit = f"{self._place.path}/pulls/{number}/reviews", 1, self._place.limit
        while True:
            asked: dict[str, str | int] = {"page": page, "limit": limit}
            raws = self._counted(walk, lambda asked=asked: self._transport.get(path, asked)).data  # type: ignore[misc]
            for raw in raws:
                yield from records.review(self._host, number, raw)
            if len(raws) < limit:
                return
            page += 1

    # ------------------------------------------------------------ the other lists

    def _comments(self, cursor: Cursor, walk: Walk) -> Iterator[Page]:
        """All comments of the repository, for the items that were only listed."""
        while COMMENTS not in walk.done:
            number = walk.page.get(COMMENTS, 1)
            asked: dict[str, str | int] = {"page": number, "limit": self._place.limit}
            answer = self._counted(
                walk,
                lambda asked=asked: self._transport.get(  # type: ignore[misc]
                    f"{self._place.path}/issues/comments", asked
                ),
            )
            if self._shrank(COMMENTS, answer) and number > 1:
                walk.page[COMMENTS] = number - 1
                continue
            walk.page[COMMENTS] = number + 1
            if len(answer.data) < self._place.limit:
                walk.done.append(COMMENTS)
            yield Batch(responses=[records.comment(self._host, raw) for raw in answer.data]).page(
                cursor
            )

    def _owed(self, cursor: Cursor, walk: Walk) -> Iterator[Page]:
        """Timelines that a first reading could not afford, newest first."""
        left = OWED_AT_ONCE
        while cursor.owed and left > 0:
            some, cursor.owed = cursor.owed[:AT_ONCE], cursor.owed[AT_ONCE:]
            batch = Batch(complete=[records.item_id(number) for number in some])
            for number in some:
                batch.responses += self._timeline(walk, number, is_change=False)
            left -= len(some)
            yield batch.page(cursor)
        walk.done.append(OWED)

    def _releases(self, cursor: Cursor, walk: Walk) -> Batch:
        """Releases, newest first, down to the watermark."""
        floor = 0 if walk.everything else cursor.watermarks.get(RELEASES, 0)
        batch, page = Batch(), 1
        while True:
            asked: dict[str, str | int] = {"page": page, "limit": self._place.limit}
            raws = self._transport.get(f"{self._place.path}/releases", asked).data or []
            found = [r for raw in raws if (r := records.release(self._host, raw)) is not None]
            batch.releases += found
            dates = [each.published for each in found]
            walk.newest[RELEASES] = max([walk.newest.get(RELEASES, 0), *dates])
            batch.all_releases = len(raws) < self._place.limit
            if batch.all_releases or any(at < floor for at in dates):
                return batch
            page += 1

    def _numbers(self) -> frozenset[str]:
        """The ids of all items that exist."""
        found: set[str] = set()
        for kind in self._place.lists:
            page, more = 1, True
            while more:
                raws = self._list(kind, Walk(everything=True), page, None).data
                found.update(records.item_id(raw["number"]) for raw in raws)
                page, more = page + 1, len(raws) == self._place.limit
        return frozenset(found)

    # ------------------------------------------------------------ asking

    def _list(self, kind: str, walk: Walk, page: int, floor: Instant | None) -> Answer:
        """A page of one of the two lists of items."""
        asked: dict[str, str | int] = {"state": "all", "page": page, "limit": self._place.limit}
        if kind == PULLS:
            asked["sort"] = "oldest" if walk.everything else "recentupdate"
        else:
            asked["type"] = "issues"
            if floor:
                asked["since"] = text_of(floor)
        path = f"{self._place.path}/{kind}"
        answer = self._counted(walk, lambda: self._transport.get(path, asked))
        if walk.began is None:
            walk.began = answer.date
        if walk.first:
            self._allow(walk, kind, total(answer))
        return answer

    def _allow(self, walk: Walk, kind: str, count: int) -> None:
        """What a first reading may cost: twice its lists, and two requests a change request."""
        if kind in walk.page or walk.offset:
            return
        cost = 2 * -(-count // self._place.limit)
        walk.allowed += cost + 2 * count * (kind == PULLS)
        if kind == ISSUES:  # this list's own pages must stay affordable, and what stands around
            walk.allowed -= cost // 2 + AROUND

    def _shrank(self, kind: str, answer: Answer) -> bool:
        """Was something deleted since the last page of this list?"""
        before, now = self._total.get(kind, 0), total(answer)
        self._total[kind] = now
        return now < before

    def _counted(self, walk: Walk, ask: Callable[[], Answer]) -> Answer:
        before = self._transport.sent()
        try:
            return ask()
        finally:
            walk.spent += self._transport.sent() - before


def total(answer: Answer) -> int:
    """How many a list has in all, as its answer says."""
    text = answer.headers.get("x-total-count", "")
    return int(text[:12]) if text.isascii() and text.isdigit() else 0


def text_of(at: Instant) -> str:
    """An instant as the forge wants it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
