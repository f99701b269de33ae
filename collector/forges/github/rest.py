"""GitHub without a token: REST, sixty requests an hour, going on where it stopped.

Lists are read by change, oldest first, each page beginning at the last change seen (``since``),
never by page number: what changes during the reading moves to the end and is met there. Items
have no ids here that their comments also name, so they are known by their numbers (``#7``);
reading with a token later starts afresh. Who reviewed is known per change request only, which
would cost a request each: reviews stay unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from collector.forge import OddRecord, Page, Pulse, comment_name, item_name, release_name
from collector.forges.github import cursor as cursors
from collector.forges.github.cursor import Walk
from collector.forges.github.records import Json, instant, number, one_record
from collector.model import (
    Account,
    ChangeRequest,
    EventKind,
    Instant,
    Issue,
    ItemKind,
    Release,
    RepositoryFacts,
    Response,
    Snapshot,
)
from collector.transport import Transport
from collector.transport.endpoint import Answer

PAGE = 100
GHOST_LOGIN = "ghost"
ITEMS, COMMENTS = "items", "comments"

_Common = tuple[str, int, Account | None, Instant, Instant, tuple[str, ...], str | None]
_Records = tuple[list[Issue], list[ChangeRequest], list[Response], list[str]]
"""What a page gives, and the names of what was given but is none."""


class Rest:
    """Reads one host's repositories over REST."""

    def __init__(self, transport: Transport, host: str) -> None:
        self._transport = transport
        self._host = host

    def pulse(self, url: str, owner: str, name: str) -> Pulse:
        """The repository's facts: one request. REST has no cheap sign that nothing changed."""
        answer = self._transport.get(f"repos/{owner}/{name}")
        raw = answer.data
        at = answer.date or 0
        counts = Snapshot(
            at, raw["stargazers_count"], raw["forks_count"], raw.get("subscribers_count")
        )
        return Pulse(url, f"asked {at}", _facts(raw), counts)

    def pages(self, owner: str, name: str, text: str | None, full: bool) -> Iterator[Page]:
        """What changed since the cursor: items, then comments, then releases."""
        cursor = cursors.read(text, "rest")
        if full or cursor.walk is None:
            floors = {} if full else dict(cursor.watermarks)
            cursor.walk = Walk(everything=not floors, newest=floors)
        walk, path = cursor.walk, f"repos/{owner}/{name}"
        for kind, reading in ((ITEMS, self._items), (COMMENTS, self._comments)):
            while not walk.is_done(kind):
                issues, requests, responses, odd = reading(path, walk, kind)
                yield Page(cursor.text(), issues, requests, responses, unreadable=odd)
        releases, odd = self._releases(path)
        cursor.watermarks = {k: max(0, at - cursors.OVERLAP) for k, at in walk.newest.items()}
        cursor.walk = None
        existing = None if odd else frozenset(each.native_id for each in releases)
        yield Page(
            cursor.text(),
            releases=releases,
            existing_releases=existing,
            unreadable=odd,
            last=True,
        )

    def _items(self, path: str, walk: Walk, kind: str) -> _Records:
        raws = self._next(f"{path}/issues", walk, kind, {"state": "all"})
        found: _Records = [], [], [], []
        issues, requests, responses, odd = found
        for raw in raws:
            try:
                with one_record():
                    events = list(self._events(raw))
                    if "pull_request" in raw:
                        requests.append(self._change_request(raw))
                    else:
                        issues.append(self._issue(raw))
                    responses += events
            except OddRecord:
                is_request = isinstance(raw, dict) and "pull_request" in raw
                which = ItemKind.CHANGE_REQUEST if is_request else ItemKind.ISSUE
                odd.append(item_name(which, number(raw)))
        return found

    def _comments(self, path: str, walk: Walk, kind: str) -> _Records:
        raws = self._next(f"{path}/issues/comments", walk, kind, {})
        found, odd = [], []
        for raw in raws:
            try:
                with one_record():
                    found.append(self._comment(raw))
            except OddRecord:
                odd.append(comment_name(str(isinstance(raw, dict) and raw.get("node_id"))))
        return [], [], found, odd

    def _next(self, path: str, walk: Walk, kind: str, extra: dict[str, str]) -> list[Json]:
        """The next page by change, and where the one after it begins."""
        since, page = walk.newest.get(kind, 0), int(walk.after.get(kind, "1"))
        asked: dict[str, str | int] = {
            **extra, "sort": "updated", "direction": "asc", "per_page": PAGE
        }  # fmt: skip
        if since:
            asked["since"] = _text(since)
        if page > 1:
            asked["page"] = page
        answer: Answer = self._transport.get(path, asked)
        raws: list[Json] = answer.data
        if raws:
            reached = max((at for raw in raws if (at := _changed(raw)) is not None), default=since)
            self._move_on(walk, kind, min(reached, _latest(answer)))
        if answer.next is None:
            walk.done.append(kind)
            walk.after.pop(kind, None)
        return raws

    @staticmethod
    def _move_on(walk: Walk, kind: str, reached: Instant) -> None:
        """Begin the next page at the last change seen; page on where they are all of one second."""
        if reached > walk.newest.get(kind, 0):
            walk.newest[kind] = reached
            walk.after.pop(kind, None)
        else:
            walk.after[kind] = str(int(walk.after.get(kind, "1")) + 1)

    def _releases(self, path: str) -> tuple[list[Release], list[str]]:
        found: list[Release] = []
        odd: list[str] = []
        for answer in self._transport.pages(f"{path}/releases", {"per_page": PAGE}):
            for raw in answer.data:
                try:
                    with one_record():
                        found += self._release(raw)
                except OddRecord:
                    odd.append(release_name(isinstance(raw, dict) and raw.get("tag_name")))
        return found, odd

    def _release(self, raw: Json) -> Iterator[Release]:
        """A published release; a draft is none."""
        if not raw["draft"] and raw["published_at"]:
            yield Release(
                raw["node_id"], raw["tag_name"], instant(raw["published_at"]),
                raw["prerelease"], self._account(raw.get("author")),
            )  # fmt: skip

    # ------------------------------------------------------------ records

    def _account(self, raw: Json | None) -> Account | None:
        if raw is None or raw["login"] == GHOST_LOGIN:
            return None
        bot = raw.get("type") == "Bot"
        return Account(self._host, str(raw["id"]), raw["login"], declared_bot=bot)

    def _issue(self, raw: Json) -> Issue:
        return Issue(*self._common(raw))

    def _change_request(self, raw: Json) -> ChangeRequest:
        return ChangeRequest(*self._common(raw), bool(raw.get("draft")))

    def _common(self, raw: Json) -> _Common:
        labels = sorted(each["name"] for each in raw["labels"])
        return (
            f"#{raw['number']}", raw["number"], self._account(raw["user"]),
            instant(raw["created_at"]), instant(raw["updated_at"]), tuple(labels),
            raw["title"] if raw["state"] == "open" else None,
        )  # fmt: skip

    def _events(self, raw: Json) -> Iterator[Response]:
        """What the list tells of an item's end; REST says of a reopening only that it is open."""
        item = f"#{raw['number']}"
        merged = (raw.get("pull_request") or {}).get("merged_at")
        if merged:
            yield Response(f"{item}/merged", item, EventKind.MERGED, instant(merged), None, False)
        elif raw["closed_at"]:
            closed, who = instant(raw["closed_at"]), self._account(raw.get("closed_by"))
            given = who is not None
            yield Response(f"{item}/closed", item, EventKind.CLOSED, closed, who, given)
        elif raw["updated_at"] != raw["created_at"]:
            at = instant(raw["updated_at"])
            yield Response(f"{item}/open", item, EventKind.REOPENED, at, None, False)

    def _comment(self, raw: Json) -> Response:
        number = raw["issue_url"].rpartition("/")[2]
        return Response(
            raw["node_id"], f"#{number}", EventKind.COMMENT,
            instant(raw["created_at"]), self._account(raw["user"]),
        )  # fmt: skip


def _changed(raw: Json) -> Instant | None:
    """When a thing changed last; None: that is no date."""
    try:
        with one_record():
            return instant(raw["updated_at"])
    except OddRecord:
        return None


def _latest(answer: Answer) -> Instant:
    """No date of an item carries the reading further than the host's own clock."""
    return answer.date if answer.date is not None else 2**62


def _text(at: Instant) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _facts(raw: Json) -> RepositoryFacts:
    licence = (raw.get("license") or {}).get("spdx_id")
    return RepositoryFacts(
        native_id=raw["node_id"],
        canonical_url=raw["html_url"],
        default_branch=raw["default_branch"],
        created=instant(raw["created_at"]),
        archived=raw["archived"],
        fork_of=(raw.get("parent") or {}).get("html_url"),
        mirror_of=raw.get("mirror_url"),
        private=raw["private"],
        has_issues=raw["has_issues"],
        license=None if licence == "NOASSERTION" else licence,
        topics=tuple(raw.get("topics") or ()),
    )
