"""The comments of reviews: asked for by the reviews' ids, a hundredth of what nesting costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.forge import OddRecord, review_name
from collector.forges.github import records
from collector.forges.github.graphql import GraphQL, TooHeavy, document
from collector.forges.github.records import Item, Json
from collector.model import Instant, Response

AT_ONCE = 300
LISTS = ("one", "two", "three")


def wanted(items: Sequence[Item], since: Instant | None) -> dict[str, Response]:
    """The reviews whose comments must be asked for, by their ids.

    Each comment comes with a review of its own, so of an item without a review newer than
    ``since`` none is asked for: those stored before stay.
    """
    return {
        review.native_id: review
        for item in items
        if since is None or any(review.at >= since for review in item.reviews)
        for review in item.reviews
    }


def ask(client: GraphQL, names: Sequence[str]) -> Iterator[Json]:
    """What was said in these reviews, of whichever repositories they are."""
    size, rest = AT_ONCE, list(names)
    while rest:
        now = rest[:size]
        third = -(-len(now) // len(LISTS)) if size < AT_ONCE else 100
        lists = {name: now[n * third : (n + 1) * third] for n, name in enumerate(LISTS)}
        try:
            data = client.ask(document("review_comments"), lists).data
        except TooHeavy:
            if size < AT_ONCE // 10:
                raise
            size //= 2
            continue
        rest = rest[len(now) :]
        yield from (raw for name in LISTS for raw in data.get(name) or () if raw)


class Reviews:
    """Reads what was said in reviews.

    ``known``: answers that came before, by review. ``odd``: where to name what is none.
    """

    def __init__(
        self, client: GraphQL, host: str, known: Mapping[str, Json], odd: list[str]
    ) -> None:
        self._client = client
        self._host = host
        self._known = known
        self._odd = odd

    def comments(
        self, items: Sequence[Item], since: Instant | None
    ) -> tuple[list[Response], frozenset[str]]:
        """The comments of these items' reviews, and the items that are not whole without."""
        asked = wanted(items, since)
        given = [self._known[name] for name in asked if name in self._known]
        numbers = {item.record.native_id: item.record.number for item in items}
        found: list[Response] = []
        answered = set()
        for raw in [*given, *ask(self._client, [n for n in asked if n not in self._known])]:
            try:
                found += list(self._all(asked[raw["id"]], raw["comments"]))
                answered.add(raw["id"])
            except OddRecord:  # its change request is not whole: what was known of it stays
                self._odd.append(review_name(numbers[asked[raw["id"]].item]))
        partial = {
            review.item
            for item in items
            for review in item.reviews
            if review.native_id not in answered
        }
        return found, frozenset(partial)

    def _all(self, review: Response, raw: Json) -> Iterator[Response]:
        while True:
            yield from records.review_comments(self._host, review, raw["nodes"] or ())
            if not raw["pageInfo"]["hasNextPage"]:
                return
            question = {"review": review.native_id, "after": raw["pageInfo"]["endCursor"]}
            node = self._client.ask(document("more_review_comments"), question).data.get("node")
            if not node:
                return
            raw = node["comments"]
