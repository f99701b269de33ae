"""Real GitHub records, as the archive of IETF working groups keeps them → our records.

One file is one repository as it stood on one date. The archive knows no event timelines: who
closed an unmerged item is not given, a merge is its own closing, nothing is ever reopened, and
a review comment's author is its review's.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from collector.model import Account, ChangeRequest, EventKind, Instant, Issue, ItemKind, Response
from tests.activities import GHOST, NOBODY, EventLine, ItemLine

HOST = "github.com"


@dataclass(frozen=True, slots=True)
class Archive:
    """One repository's items and responses as they stood at ``at``."""

    repository: str
    at: Instant
    items: tuple[Issue, ...]
    responses: tuple[Response, ...]


def states(folder: Path, repository: str) -> list[Path]:
    """The dated states of a repository (``owner/name``), oldest first."""
    return sorted(folder.glob(f"{repository.replace('/', '__')}@*.json.gz"))


def read(path: Path) -> Archive:
    """The records of one file."""
    with gzip.open(path) as packed:
        raw = json.load(packed)
    items = [*map(_issue, raw["issues"]), *map(_change_request, raw["pulls"])]
    responses = [r for item in (*raw["issues"], *raw["pulls"]) for r in _responses(item)]
    return Archive(raw["repo"], instant(raw["timestamp"]), tuple(items), tuple(responses))


def instant(text: str) -> Instant:
    """A date of the archive in whole seconds."""
    return int(datetime.fromisoformat(text).timestamp())


def account(login: str | None) -> Account | None:
    """Who acted; None is a vanished account."""
    return None if login is None else Account(host=HOST, login=login)


def _issue(raw: dict[str, Any]) -> Issue:
    return Issue(
        native_id=raw["id"],
        number=raw["number"],
        author=account(raw["author"]),
        created=instant(raw["createdAt"]),
        updated=instant(raw["updatedAt"]),
        labels=tuple(raw["labels"]),
    )


def _change_request(raw: dict[str, Any]) -> ChangeRequest:
    merge = raw["mergeCommit"]
    return ChangeRequest(
        native_id=raw["id"],
        number=raw["number"],
        author=account(raw["author"]),
        created=instant(raw["createdAt"]),
        updated=instant(raw["updatedAt"]),
        labels=tuple(raw["labels"]),
        merge_commit=None if merge is None else bytes.fromhex(merge["oid"]),
    )


def _responses(raw: dict[str, Any]) -> Iterator[Response]:
    item = raw["id"]
    for place, comment in enumerate(raw["comments"]):
        yield _response(f"{item}/comment/{place}", item, EventKind.COMMENT, comment)
    for review in raw.get("reviews", ()):
        verdict = review["state"].lower()
        yield _response(review["id"], item, EventKind.REVIEW, review, verdict=verdict)
        for place, comment in enumerate(review["comments"]):
            said = {"author": review["author"], "createdAt": comment["createdAt"]}
            name = f"{review['id']}/comment/{place}"
            yield _response(name, item, EventKind.REVIEW_COMMENT, said)
    yield from _closing(raw)


def _response(
    name: str, item: str, kind: EventKind, raw: dict[str, Any], verdict: str | None = None
) -> Response:
    author, at = account(raw["author"]), instant(raw["createdAt"])
    return Response(name, item, kind, at, author, verdict=verdict)


def _closing(raw: dict[str, Any]) -> Iterator[Response]:
    item = raw["id"]
    if raw.get("mergedAt"):
        who = account(raw["mergedBy"])
        at = instant(raw["mergedAt"])
        yield Response(f"{item}/merged", item, EventKind.MERGED, at, who)
    elif raw["closedAt"]:
        at = instant(raw["closedAt"])
        yield Response(f"{item}/closed", item, EventKind.CLOSED, at, None, actor_given=False)


def lines(archive: Archive) -> list[ItemLine]:
    """The archive as lines of a test's ``activity``."""
    said: dict[str, list[EventLine]] = {}
    for response in archive.responses:
        who = GHOST if response.actor is None else str(response.actor.login)
        event = EventLine(
            response.at,
            who if response.actor_given else NOBODY,
            response.kind,
            response.verdict,
        )
        said.setdefault(response.item, []).append(event)
    return [
        ItemLine(
            item.created,
            GHOST if item.author is None else str(item.author.login),
            ItemKind.CHANGE_REQUEST if isinstance(item, ChangeRequest) else ItemKind.ISSUE,
            tuple(said.get(item.native_id, ())),
        )
        for item in archive.items
    ]
