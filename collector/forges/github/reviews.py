"""The comments of reviews: asked for by the reviews' ids, a hundredth of what nesting costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collector.forges.github import records
from collector.forges.github.graphql import GraphQL, TooHeavy, document
from collector.forges.github.records import Item, Json
from collector.model import Instant, Response

AT_ONCE = 300
LISTS = ("one", "two", "three")


class Reviews:
    """Reads what was said in reviews."""

    def __init__(self, client: GraphQL, host: str) -> None:
        self._client = client
        self._host = host

    def comments(
        self, items: Sequence[Item], since: Instant | None
    ) -> tuple[list[Response], frozenset[str]]:
        """The comments of these items' reviews, and the items that are not whole without.

        Each comment comes with a review of its own, so where no review is newer than ``since``
        none is asked for: those stored before stay.
        """
        asked: dict[str, Response] = {}
        partial = set()
        for item in items:
            reviews = item.reviews
            if since is None or any(review.at >= since for review in reviews):
                asked.update((review.native_id, review) for review in reviews)
            elif reviews:
                partial.add(item.record.native_id)
        found: list[Response] = []
        answered = set()
        for raw in self._ask(list(asked)):
            review = asked[raw["id"]]
            answered.add(raw["id"])
            found += self._all(review, raw["comments"])
        partial |= {review.item for name, review in asked.items() if name not in answered}
        return found, frozenset(partial)

    def _ask(self, names: list[str]) -> Iterator[Json]:
        size = AT_ONCE
        while names:
            now = names[:size]
            third = -(-len(now) // len(LISTS)) if size < AT_ONCE else 100
            lists = {name: now[n * third : (n + 1) * third] for n, name in enumerate(LISTS)}
            try:
                data = self._client.ask(document("review_comments"), lists).data
            except TooHeavy:
                if size < AT_ONCE // 10:
                    raise
                size //= 2
                continue
            names = names[len(now) :]
            yield from (raw for name in LISTS for raw in data.get(name) or () if raw)

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
