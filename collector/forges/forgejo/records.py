"""What the answers of Forgejo and Gitea mean: from their JSON to our records, once, here.

Items have ids that their comments do not name, so they are known by their numbers (``#7``),
which a repository never gives twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collector.forge import OddRecord, UnexpectedAnswer
from collector.model import (
    Account,
    ChangeRequest,
    EventKind,
    Instant,
    Issue,
    Release,
    RepositoryFacts,
    Response,
    Snapshot,
)

Json = dict[str, Any]
_Common = tuple[str, int, Account | None, Instant, Instant, tuple[str, ...]]

GHOST_ID = -1
"""The account that stands for every vanished one; ids below it are of the host's own bots."""
DRAFT = re.compile(r"\s*(?:WIP:|\[WIP\])\s*", re.IGNORECASE)
"""How titles of drafts begin, unless the host's owner has set other words."""

_KINDS = {
    "comment": EventKind.COMMENT,
    "close": EventKind.CLOSED,
    "reopen": EventKind.REOPENED,
    "merge_pull": EventKind.MERGED,
}
_VERDICTS = {
    "APPROVED": "approved",
    "REQUEST_CHANGES": "changes_requested",
    "COMMENT": "commented",
}
"""Other states are of reviews that are asked for, or not sent yet."""


ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading an answer of another program raises."""


def odd(host: str, error: Exception) -> UnexpectedAnswer:
    """What to say of an answer that is none of Forgejo's or Gitea's."""
    return UnexpectedAnswer(
        f"{host} answers something else than Forgejo and Gitea do ({type(error).__name__}:"
        f" {str(error)[:80]}): check its kind and version."
    )


def instant(text: str) -> Instant:
    """A date of the forge in whole seconds."""
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        raise OddRecord(
            f"The host gave {str(text)[:40]!r} where a date belongs; nothing of it was stored."
        ) from None


def changed(raw: Json) -> Instant | None:
    """When an item changed last; None: that is no date."""
    try:
        return instant(raw["updated_at"])
    except OddRecord:
        return None


def account(host: str, raw: Json | None, original: Json | None = None) -> Account | None:
    """Who acted; None is a vanished account.

    ``original``: the item, whose real author has another forge's name if it was imported.
    """
    imported = original and original.get("original_author")
    if original and imported:
        native = original.get("original_author_id") or imported
        return Account(host, f"original/{native}", imported)
    if raw is None or raw["id"] == GHOST_ID:
        return None
    return Account(host, str(raw["id"]), raw["login"], declared_bot=raw["id"] < GHOST_ID)


def issue(host: str, raw: Json) -> Issue:
    """An issue as a list gives it."""
    title = raw["title"] if raw["state"] == "open" else None
    return Issue(*_common(host, raw), title=title)


def change_request(host: str, raw: Json) -> ChangeRequest:
    """A pull request as a list gives it."""
    title, merge = raw["title"], raw.get("merge_commit_sha")
    return ChangeRequest(
        *_common(host, raw),
        title=DRAFT.sub("", title, count=1) if raw["state"] == "open" else None,
        draft=bool(raw.get("draft", DRAFT.match(title))),
        merge_commit=bytes.fromhex(merge) if raw["merged"] and merge else None,
    )  # fmt: skip


def ending(host: str, raw: Json) -> Iterator[Response]:
    """The merge or closing that a list tells of, for where no timeline does."""
    item = item_id(raw["number"])
    if raw.get("merged"):
        who, given = account(host, raw["merged_by"]), raw["merged_by"] is not None
        at = instant(raw["merged_at"])
        yield Response(f"{item}/merged", item, EventKind.MERGED, at, who, given)
    elif raw["closed_at"] and raw["state"] == "closed":
        at = instant(raw["closed_at"])
        yield Response(f"{item}/closed", item, EventKind.CLOSED, at, None, actor_given=False)


def timeline(host: str, number: int, raws: list[Json]) -> Iterator[Response]:
    """What a timeline tells: comments, closings, reopenings, merges, drafts. Reviews apart."""
    item = item_id(number)
    for raw in raws:
        kind = _KINDS.get(raw["type"], _draft(raw))
        if kind is not None:
            yield Response(
                f"c{raw['id']}", item, kind, instant(raw["created_at"]),
                account(host, raw["user"], raw), raw["user"] is not None,
            )  # fmt: skip


def comment(host: str, raw: Json) -> Response:
    """A comment of the repository's list of comments; its page's address names its item."""
    page = raw.get("issue_url") or raw["pull_request_url"]
    item = item_id(page.rstrip("/").rpartition("/")[2])
    who, at = account(host, raw["user"], raw), instant(raw["created_at"])
    return Response(f"c{raw['id']}", item, EventKind.COMMENT, at, who)


def review(host: str, number: int, raw: Json) -> Iterator[Response]:
    """A submitted review, and its comments on the diff: all are of its author and its moment."""
    verdict = _VERDICTS.get(raw["state"])
    if verdict is None:
        return
    name, item, at = f"r{raw['id']}", item_id(number), instant(raw["submitted_at"])
    who = account(host, raw["user"])
    verdict = "dismissed" if raw.get("dismissed") else verdict
    yield Response(name, item, EventKind.REVIEW, at, who, verdict=verdict)
    for place in range(min(raw["comments_count"] or 0, 10_000)):
        yield Response(f"{name}/comment/{place}", item, EventKind.REVIEW_COMMENT, at, who)


def release(host: str, raw: Json) -> Release | None:
    """A published release; a draft is none."""
    if raw["draft"]:
        return None
    return Release(
        str(raw["id"]), raw["tag_name"], instant(raw["published_at"]), raw["prerelease"],
        account(host, raw["author"]),
    )  # fmt: skip


def facts(raw: Json) -> RepositoryFacts:
    """What the forge says of the repository now. Issues in another tracker are not kept here."""
    archived_at = raw.get("archived_at")
    licences: list[str] = raw.get("licenses") or []
    return RepositoryFacts(
        native_id=str(raw["id"]),
        canonical_url=raw["html_url"],
        default_branch=raw["default_branch"] or None,
        created=instant(raw["created_at"]),
        archived=raw["archived"],
        archived_at=instant(archived_at) if raw["archived"] and archived_at else None,
        fork_of=(raw.get("parent") or {}).get("html_url"),
        mirror_of=(raw.get("original_url") or None) if raw["mirror"] else None,
        private=raw["private"] or bool(raw.get("internal")),
        empty=raw["empty"],
        has_issues=raw["has_issues"] and not raw.get("external_tracker"),
        license=licences[0] if len(licences) == 1 else None,
        topics=tuple(raw.get("topics") or ()),
    )


def snapshot(raw: Json, at: Instant) -> Snapshot:
    """The counts that the forge gives only as of now."""
    return Snapshot(at, raw["stars_count"], raw["forks_count"], raw["watchers_count"])


def item_id(number: int | str) -> str:
    """How an item is known."""
    return f"#{number}"


def _common(host: str, raw: Json) -> _Common:
    labels = tuple(sorted(each["name"] for each in raw["labels"] or ()))
    return (
        item_id(raw["number"]), raw["number"], account(host, raw["user"], raw),
        instant(raw["created_at"]), instant(raw["updated_at"]), labels,
    )  # fmt: skip


def _draft(raw: Json) -> EventKind | None:
    """Was this a change of title that made a draft, or ended one?"""
    if raw["type"] != "change_title":
        return None
    before, after = (bool(DRAFT.match(raw.get(name) or "")) for name in ("old_title", "new_title"))
    if before == after:
        return None
    return EventKind.DRAFTED if after else EventKind.READY
