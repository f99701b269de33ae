"""What GitLab's answers mean: from its JSON to our records, once, here.

Ids of issues and merge requests are counted apart, so each carries its kind (``issue:7``,
``mr:7``); notes and changes of state are each counted over both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from collector.forge import OddRecord
from collector.forges.gitlab.client import Json
from collector.model import (
    Account,
    ChangeRequest,
    EventKind,
    Instant,
    Issue,
    ItemKind,
    Release,
    Response,
)

_P = ParamSpec("_P")
_T = TypeVar("_T")

NAMES = {ItemKind.ISSUE: "issue", ItemKind.CHANGE_REQUEST: "mr"}
TYPES = {"Issue": ItemKind.ISSUE, "MergeRequest": ItemKind.CHANGE_REQUEST}

_GHOST = re.compile(r"ghost\d*")
_STATES = {
    "closed": EventKind.CLOSED,
    "reopened": EventKind.REOPENED,
    "opened": EventKind.REOPENED,
    "merged": EventKind.MERGED,
}
_SAID_BY_GITLAB = (
    ("approved this merge request", EventKind.REVIEW),
    ("marked this merge request as **draft**", EventKind.DRAFTED),
    ("marked as a **work in progress**", EventKind.DRAFTED),
    ("marked this merge request as **ready**", EventKind.READY),
    ("unmarked as a **work in progress**", EventKind.READY),
)
"""GitLab writes these in English in every language; they carry who and when, which its list of
approvals does not, and they stay when an approval is withdrawn: a review had been given."""


@dataclass(frozen=True, slots=True)
class Item:
    """An issue or change request with everything that happened to it."""

    record: Issue
    responses: tuple[Response, ...]


def shaped(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let an answer of another shape than documented be said so, not be our failure."""

    @wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise OddRecord(
                f"GitLab gave something else than it documents ({type(error).__name__}:"
                f" {str(error)[:60]}); nothing of that answer was stored."
            ) from None

    return reading


def instant(text: str) -> Instant:
    """A date of the forge in whole seconds."""
    return int(datetime.fromisoformat(text).timestamp())


@shaped
def created(raw: Json) -> Instant:
    """When a thing was made."""
    return instant(raw["created_at"])


def date_text(at: Instant) -> str:
    """An instant as GitLab takes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def account(host: str, raw: Json | None) -> Account | None:
    """Who acted; None is a vanished account, whose things GitLab gives to one named ghost."""
    if raw is None or _is_ghost(raw):
        return None
    return Account(
        host=host,
        native_id=str(raw["id"]),
        login=raw["username"],
        declared_bot=raw.get("bot") is True,
    )


def _is_ghost(raw: Json) -> bool:
    login = raw["username"]
    return login == "ghost" or (
        raw.get("name") == "Ghost User" and _GHOST.fullmatch(login) is not None
    )


def native_id(kind: ItemKind, number: int) -> str:
    """The id of an item as we keep it."""
    return f"{NAMES[kind]}:{number}"


def number(raw: Json) -> int:
    """The number of an item that may be of any shape; 0: it has none."""
    found = raw.get("iid")
    return found if isinstance(found, int) else 0


@shaped
def record(host: str, raw: Json, kind: ItemKind) -> Issue:
    """An issue or a merge request as it stands."""
    name, author = native_id(kind, raw["id"]), account(host, raw["author"])
    created, updated = instant(raw["created_at"]), instant(raw["updated_at"])
    title = raw["title"] if raw["state"] == "opened" else None
    labels = tuple(sorted(str(label) for label in raw.get("labels") or ()))
    if kind is ItemKind.ISSUE:
        return Issue(name, raw["iid"], author, created, updated, labels, title)
    return ChangeRequest(
        name, raw["iid"], author, created, updated, labels, title,
        draft=bool(raw.get("draft", raw.get("work_in_progress", False))),
        merge_commit=_arrived_with(raw),
    )  # fmt: skip


def _arrived_with(raw: Json) -> bytes | None:
    """The commit that brought it: of the merge, of the squash, or the last of a fast-forward."""
    if raw["state"] != "merged":
        return None
    sha = raw.get("merge_commit_sha") or raw.get("squash_commit_sha") or raw.get("sha")
    return bytes.fromhex(sha) if sha else None


def is_confidential(raw: Json) -> bool:
    """Is it not for everybody? (Notes say ``internal``, old hosts ``confidential``.)"""
    return bool(raw.get("confidential") or raw.get("internal"))


@shaped
def note(host: str, item: str, raw: Json) -> Response | None:
    """What a note is: a comment, a review (C9: also a note on the diff), or nothing for us."""
    if is_confidential(raw):
        return None
    on_change = item.startswith(NAMES[ItemKind.CHANGE_REQUEST])
    kind, verdict = EventKind.COMMENT, None
    if raw.get("system"):
        said = str(raw["body"]).lower()
        found = next((kind for words, kind in _SAID_BY_GITLAB if said.startswith(words)), None)
        if found is None or not on_change:
            return None
        kind, verdict = found, "approved" if found is EventKind.REVIEW else None
    elif on_change and raw.get("type") == "DiffNote":
        kind, verdict = EventKind.REVIEW, "commented"
    who = account(host, raw["author"])
    return Response(
        f"note:{raw['id']}", item, kind, instant(raw["created_at"]), who, verdict=verdict
    )


@shaped
def states(host: str, item: str, raws: Iterable[Json]) -> list[Response]:
    """The closings, reopenings and merges of an item."""
    found = []
    for raw in raws:
        kind = _STATES.get(raw["state"])
        if kind is not None:
            who, given = account(host, raw["user"]), raw["user"] is not None
            at = instant(raw["created_at"])
            found.append(Response(f"state:{raw['id']}", item, kind, at, who, given))
    return found


@shaped
def ending(host: str, raw: Json, item: str, known: Iterable[Response]) -> Iterator[Response]:
    """The end of an item as its list tells it, where no change of state was told."""
    last = max(known, key=lambda each: each.at, default=None)
    over = last is not None and last.kind in (EventKind.CLOSED, EventKind.MERGED)
    if raw["state"] == "merged" and not over:
        who = raw.get("merge_user") or raw.get("merged_by")
        yield _end(host, item, EventKind.MERGED, raw.get("merged_at") or raw["updated_at"], who)
    elif raw["state"] == "closed" and not over:
        at = raw.get("closed_at") or raw["updated_at"]
        yield _end(host, item, EventKind.CLOSED, at, raw.get("closed_by"))


def _end(host: str, item: str, kind: EventKind, at: str, who: Json | None) -> Response:
    name = f"{item}/{kind.name.lower()}"
    return Response(name, item, kind, instant(at), account(host, who), who is not None)


@shaped
def release(host: str, project: str, raw: Json) -> Release | None:
    """A release; GitLab marks none as a pre-release and gives no id but its tag."""
    published = raw.get("released_at") or raw.get("created_at")
    if not published:
        return None
    who = account(host, raw["author"]) if raw.get("author") else None
    return Release(f"release:{project}/{raw['tag_name']}", raw["tag_name"], instant(published),
                   False, who)  # fmt: skip
