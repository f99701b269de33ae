"""What GitHub's GraphQL answers mean: from its JSON to our records, once, here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from collector.forge import OddRecord
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

Json = dict[str, Any]

_KINDS = {
    "IssueComment": EventKind.COMMENT,
    "PullRequestReview": EventKind.REVIEW,
    "ClosedEvent": EventKind.CLOSED,
    "ReopenedEvent": EventKind.REOPENED,
    "MergedEvent": EventKind.MERGED,
    "ConvertToDraftEvent": EventKind.DRAFTED,
    "ReadyForReviewEvent": EventKind.READY,
}
_ACTS = frozenset({EventKind.CLOSED, EventKind.MERGED})
_FAILING = frozenset({"FAILURE", "ERROR"})
_RUNNING = frozenset({"PENDING", "EXPECTED"})


@dataclass(slots=True)
class Item:
    """An issue or change request of an answer, with the events that came with it."""

    record: Issue
    responses: list[Response] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    whole: bool = True
    more: str | None = None
    """Where its further events begin, if there are more."""

    @property
    def reviews(self) -> list[Response]:
        return [response for response in self.responses if response.kind is EventKind.REVIEW]


def instant(text: str) -> Instant:
    """A date of the forge in whole seconds."""
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        raise OddRecord(
            f"GitHub gave {str(text)[:40]!r} where a date belongs; nothing of it was stored."
        ) from None


def account(host: str, raw: Json | None) -> Account | None:
    """Who acted; None is a vanished account."""
    if raw is None:
        return None
    native = raw.get("databaseId")
    return Account(
        host=host,
        native_id=None if native is None else str(native),
        login=raw["login"],
        declared_bot=raw.get("__typename") == "Bot",
    )


def item(host: str, raw: Json, kind: ItemKind) -> Item:
    """An issue or a change request with its events."""
    with one_record():
        found = Item(_record(host, raw, kind))
        add_events(host, found, raw["timelineItems"])
    return found


def number(raw: object) -> int:
    """The number of an item that may be of any shape; 0: it has none."""
    found = raw.get("number") if isinstance(raw, dict) else None
    return found if isinstance(found, int) else 0


@contextmanager
def one_record() -> Iterator[None]:
    """Let another shape than documented be the failure of this record alone."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise OddRecord(
            f"GitHub gave something else than it documents ({type(error).__name__})."
        ) from None


def add_events(host: str, found: Item, timeline: Json) -> None:
    """Add a page of an item's events, and note whether there are more."""
    for raw in timeline["nodes"] or ():
        if raw is None:
            found.whole = False  # the forge could not give this one: others stay
        elif raw["__typename"] == "LabeledEvent":
            found.labels.add(raw["label"]["name"])
        elif raw["__typename"] == "UnlabeledEvent":
            found.labels.discard(raw["label"]["name"])
        elif (response := _response(host, found.record.native_id, raw)) is not None:
            found.responses.append(response)
    page = timeline["pageInfo"]
    found.more = page["endCursor"] if page["hasNextPage"] else None


def finished(found: Item) -> Item:
    """The item once all its events are known: its labels, and a merge that is not also a close."""
    merged = [r.at for r in found.responses if r.kind is EventKind.MERGED]
    if merged:  # GitHub tells of a closing with each merge
        found.responses = [
            r for r in found.responses if r.kind is not EventKind.CLOSED or r.at < merged[0]
        ]
    record = found.record
    if isinstance(record, ChangeRequest):
        found.record = _labelled(record, found.labels)
    return found


def review_comments(host: str, review: Response, raws: Iterable[Json | None]) -> Iterator[Response]:
    """The comments of one review, on its change request."""
    for raw in raws:
        if raw is not None:
            yield Response(
                native_id=raw["id"],
                item=review.item,
                kind=EventKind.REVIEW_COMMENT,
                at=instant(raw["createdAt"]),
                actor=account(host, raw["author"]),
            )


def release(host: str, raw: Json) -> Release | None:
    """A published release; a draft is none."""
    published = raw["publishedAt"]
    if raw["isDraft"] or published is None:
        return None
    return Release(
        native_id=raw["id"],
        tag=raw["tagName"],
        published=instant(published),
        prerelease=raw["isPrerelease"],
        author=account(host, raw["author"]),
    )


def facts(raw: Json) -> RepositoryFacts:
    """What the forge says of the repository now."""
    branch = raw["defaultBranchRef"] or {}
    return RepositoryFacts(
        native_id=raw["id"],
        canonical_url=raw["url"],
        default_branch=branch.get("name"),
        created=instant(raw["createdAt"]),
        archived=raw["isArchived"],
        archived_at=instant(raw["archivedAt"]) if raw["archivedAt"] else None,
        fork_of=(raw["parent"] or {}).get("url"),
        mirror_of=raw["mirrorUrl"],
        private=raw["isPrivate"],
        empty=raw["isEmpty"],
        has_issues=raw["hasIssuesEnabled"],
        license=_licence((raw["licenseInfo"] or {}).get("spdxId")),
        topics=tuple(node["topic"]["name"] for node in raw["repositoryTopics"]["nodes"] or ()),
        security_policy=raw["isSecurityPolicyEnabled"],
        # No rule shown is no "no": rulesets are not told here, nor all rules to everybody.
        default_branch_protected=True if branch.get("refUpdateRule") else None,
        checks_pending=_rollup(branch) in _RUNNING,
        **_checks(branch),
    )


def snapshot(raw: Json, at: Instant) -> Snapshot:
    """The counts that the forge gives only as of now."""
    return Snapshot(at, raw["stargazerCount"], raw["forkCount"], raw["watchers"]["totalCount"])


def _licence(spdx: str | None) -> str | None:
    return None if spdx in (None, "NOASSERTION") else spdx


def _checks(branch: Json) -> dict[str, Instant | None]:
    """Since when do the default branch's checks fail, or when did they last pass?"""
    state = _rollup(branch)
    if state not in _FAILING and state != "SUCCESS":
        return {}
    at = instant(branch["target"]["committedDate"])
    return {"checks_failing_since" if state in _FAILING else "checks_passed_at": at}


def _rollup(branch: Json) -> str | None:
    """What the checks of the branch's head say together; None: there are none."""
    state: str | None = ((branch.get("target") or {}).get("statusCheckRollup") or {}).get("state")
    return state


def _record(host: str, raw: Json, kind: ItemKind) -> Issue:
    title = raw["title"] if raw["state"] == "OPEN" else None
    author, created = account(host, raw["author"]), instant(raw["createdAt"])
    updated = instant(raw["updatedAt"])
    if kind is ItemKind.ISSUE:
        labels = sorted(node["name"] for node in raw["labels"]["nodes"] or ())
        return Issue(raw["id"], raw["number"], author, created, updated, tuple(labels), title)
    merge = raw["mergeCommit"]
    return ChangeRequest(
        raw["id"], raw["number"], author, created, updated, (), title,
        draft=raw["isDraft"],
        merge_commit=bytes.fromhex(merge["oid"]) if merge else None,
    )  # fmt: skip


def _labelled(record: ChangeRequest, labels: set[str]) -> ChangeRequest:
    return replace(record, labels=tuple(sorted(labels)))


def _response(host: str, item_id: str, raw: Json) -> Response | None:
    kind = _KINDS.get(raw["__typename"])
    if kind is None or raw.get("state") == "PENDING":
        return None
    who = account(host, raw.get("author") or raw.get("actor"))
    return Response(
        native_id=raw["id"],
        item=item_id,
        kind=kind,
        at=instant(raw.get("submittedAt") or raw["createdAt"]),
        actor=who,
        actor_given=who is not None or kind not in _ACTS,
        verdict=raw["state"].lower() if kind is EventKind.REVIEW else None,
    )
