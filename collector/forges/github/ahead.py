"""Asking ahead: the newest changes of many repositories in one question, before each is read.

What a repository's reading asks first is the same for all that moved, so seven are asked at
once, and then all their new reviews. An answer is taken once. What was not answered is no
failure: the repository asks for itself, and learns why.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from collector.forge import ForgeError, OddRecord
from collector.forges.github import cursor as cursors
from collector.forges.github import records, reviews
from collector.forges.github.cursor import CHANGE_REQUESTS, ISSUES, KINDS, RELEASES
from collector.forges.github.graphql import GraphQL, Reply, TooHeavy, of_many
from collector.forges.github.records import Item, Json
from collector.model import Instant, ItemKind

log = logging.getLogger("ospo_vitals.forges")

AT_ONCE = 7
FIRST = {ISSUES: 10, CHANGE_REQUESTS: 10, RELEASES: 5}
"""What an ordinary day leaves; where it was more, the reading goes on from there."""

NEWEST_FIRST = {"field": "UPDATED_AT", "direction": "DESC"}


class Ahead:
    """The answers that came ahead: the first page of a repository, and of reviews their words."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._replies: dict[str, Reply] = {}
        self.reviews: dict[str, Json] = {}

    def take(self, url: str) -> Reply | None:
        """The first page of a repository's changes, if it came ahead."""
        return self._replies.pop(url, None)

    def ask(self, client: GraphQL, stored: Mapping[str, str]) -> None:
        """Ask for these repositories, each with the cursor that is stored of it."""
        self._replies.clear()
        self.reviews.clear()
        floors = {url: floor for url, text in stored.items() if (floor := _floor(text)) is not None}
        if len(floors) < 2:
            return
        try:
            self._ask_changes(client, list(floors))
            names = [name for url in self._replies for name in self._wanted(url, floors[url])]
            self.reviews |= {raw["id"]: raw for raw in reviews.ask(client, names)}
        except ForgeError as error:
            log.debug("%s was not asked ahead: %s", self._host, error)

    def _ask_changes(self, client: GraphQL, urls: list[str]) -> None:
        size = AT_ONCE
        while urls:
            now = urls[:size]
            text, names = of_many("many_changes", now, "Changes")
            try:
                reply = client.ask(text, {**question(), **names}, parts=True)
            except TooHeavy:
                if size == 1:
                    raise
                size //= 2
                continue
            urls = urls[len(now) :]
            self._replies |= {
                url: Reply({"repository": raw}, (), 0, reply.date)
                for n, url in enumerate(now)
                if (raw := reply.data.get(f"r{n}")) and reply.failed(f"r{n}") is None
            }

    def _wanted(self, url: str, floor: Instant) -> list[str]:
        """The reviews of the change requests that changed since."""
        nodes = self._replies[url].data["repository"][CHANGE_REQUESTS]["nodes"] or ()
        found: list[Item] = []
        for raw in nodes:
            try:
                item = records.item(self._host, raw, ItemKind.CHANGE_REQUEST)
            except OddRecord:
                continue  # said where it is read
            if item.record.updated < floor:
                break
            found.append(item)
        return list(reviews.wanted(found, floor))


def _floor(text: str) -> Instant | None:
    """From when on change requests are read; None: a reading that asks for something else."""
    if cursors.made_by(text) != "graphql":
        return None
    cursor = cursors.read(text)
    return None if cursor.walk is not None else cursor.watermarks.get(CHANGE_REQUESTS)


def question() -> Json:
    """What is asked of each, beside its name."""
    asked: Json = {"order": NEWEST_FIRST, "newest": True}
    for kind in KINDS:
        asked |= {kind: True, f"{kind}First": FIRST[kind], f"{kind}After": None}
    return asked
