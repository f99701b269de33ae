"""What a reading comes to, said alike for every forge: no ids, no hosts, no names of bots.

``expected`` reads the same out of the test forges' world, sharing no code with any client.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from collector.accounts import account_kind
from collector.model import Account, AccountKind, ChangeRequest, EventKind, ItemKind
from tests.activities import GHOST, NOBODY, EventLine, ItemLine
from tests.forge.shelf import Shelf
from tests.forge.world import Json, Repository, timeline


@dataclass(frozen=True, order=True)
class Event:
    """Something that happened to an item. A bot's name ends in ``[bot]`` wherever it acts."""

    at: int
    kind: str
    who: str
    verdict: str = ""


@dataclass(frozen=True)
class Item:
    kind: ItemKind
    author: str
    created: int
    labels: tuple[str, ...]
    title: str | None
    draft: bool
    merge_commit: bytes | None
    events: tuple[Event, ...]


Told = tuple[dict[int, Item], set[tuple[str, int, bool, str]]]
"""Items by number (those of change requests negative), and releases."""

Reviews = Callable[[Json], Iterable[Event]]
"""How a forge tells of a review of the world."""


def told(shelf: Shelf) -> Told:
    """What stands on a shelf."""
    said: dict[str, list[Event]] = {name: [] for name in shelf.items}
    for each in shelf.responses.values():
        who = _who(each.actor) if each.actor_given else NOBODY
        said[each.item].append(Event(each.at, each.kind.name, who, each.verdict or ""))
    items = {}
    for name, item in shelf.items.items():
        change = item if isinstance(item, ChangeRequest) else None
        items[-item.number if change else item.number] = Item(
            ItemKind.CHANGE_REQUEST if change else ItemKind.ISSUE,
            _who(item.author), item.created, tuple(sorted(item.labels)), item.title,
            bool(change and change.draft), change.merge_commit if change else None,
            tuple(sorted(said[name])),
        )  # fmt: skip
    return items, {
        (each.tag, each.published, each.prerelease, _who(each.author))
        for each in shelf.releases.values()
    }


def submitted(review: Json) -> Iterator[Event]:
    """A review that is submitted whole (GitHub): itself, and each comment on the diff."""
    who, verdict = _named(review["author"]), review["state"].lower()
    yield Event(_at(review["createdAt"]), "REVIEW", who, verdict)
    for comment in review["comments"]:
        yield Event(_at(comment["createdAt"]), "REVIEW_COMMENT", who)


def expected(
    repository: Repository, reviews: Reviews = submitted, *, prereleases: bool = True
) -> Told:
    """What a reading of this repository must come to, where pre-releases are marked as such."""
    items = {}
    for raw in repository.items():
        change = "mergedAt" in raw
        merge = raw.get("mergeCommit")
        items[-raw["number"] if change else raw["number"]] = Item(
            ItemKind.CHANGE_REQUEST if change else ItemKind.ISSUE,
            _named(raw["author"]), _at(raw["createdAt"]), tuple(sorted(raw["labels"])),
            raw["title"] if raw["state"] == "OPEN" else None, bool(raw.get("isDraft")),
            bytes.fromhex(merge["oid"]) if merge else None,
            tuple(sorted(_events(raw, reviews))),
        )  # fmt: skip
    return items, {
        (
            each["tagName"],
            _at(each["publishedAt"]),
            prereleases and each["isPrerelease"],
            _named(each["author"]),
        )
        for each in repository.releases
        if not each["isDraft"]
    }


def lines(items: dict[int, Item]) -> list[ItemLine]:
    """The items as the tests of metrics write them."""
    return [
        ItemLine(
            item.created, item.author, item.kind, draft=item.draft,
            events=tuple(
                EventLine(each.at, each.who, EventKind[each.kind], each.verdict or None)
                for each in item.events
            ),
        )
        for item in items.values()
    ]  # fmt: skip


_EVENTS = {
    "IssueComment": "COMMENT", "ClosedEvent": "CLOSED", "ReopenedEvent": "REOPENED",
    "MergedEvent": "MERGED", "ConvertToDraftEvent": "DRAFTED", "ReadyForReviewEvent": "READY",
}  # fmt: skip


def _events(raw: Json, reviews: Reviews) -> Iterator[Event]:
    for each in timeline(raw):
        name = each["__typename"]
        if name == "PullRequestReview":
            yield from reviews(each)
        elif name in _EVENTS and not _is_merge(raw, each):
            login = each.get("author") if name == "IssueComment" else each.get("actor")
            acts = name in ("ClosedEvent", "MergedEvent")
            who = NOBODY if login is None and acts else _named(login)
            yield Event(_at(each["createdAt"]), _EVENTS[name], who)


def _is_merge(raw: Json, each: Json) -> bool:
    """Is this closing the merge itself?"""
    return each["__typename"] == "ClosedEvent" and raw.get("mergedAt") == each["createdAt"]


def _who(account: Account | None) -> str:
    if account is None:
        return GHOST
    login = str(account.login).removesuffix("[bot]")
    return login if account_kind(account) is AccountKind.HUMAN else f"{login}[bot]"


def _named(login: str | None) -> str:
    return _who(None if login is None else Account(login=login))


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
