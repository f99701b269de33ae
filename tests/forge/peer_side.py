"""What other collectors ask of GitHub: more of REST, so that they can be measured beside ours."""

import re
from typing import Any

from tests.forge.rest_side import Query, Rest
from tests.forge.world import FIRST_DAY, Json, Repository

NO_REACTIONS = {"total_count": 0}


class PeerRest(Rest):
    """REST with the documents per item and per person that Perceval reads."""

    def answer(self, path: str, query: Query) -> tuple[int, Any, dict[str, str]]:
        if path == "/rate_limit":
            return 200, {}, {}
        if person := re.fullmatch(r"/users/([^/]+)(/orgs)?", path):
            return 200, [] if person[2] else {**self.user(person[1]), "name": person[1]}, {}
        return super().answer(path, query)

    def _of_repository(
        self, path: str, query: Query, repository: Repository, what: str
    ) -> tuple[int, Any, dict[str, str]]:
        found = re.fullmatch(r"(issues|pulls)/(\d+)(?:/(\w+))?", what)
        if found is None:
            return super()._of_repository(path, query, repository, what)
        item = next(i for i in repository.items() if i["number"] == int(found[2]))
        return 200, self._part(item, found[1], found[3]), {}

    def _part(self, item: Json, kind: str, part: str | None) -> Any:
        if part == "requested_reviewers":
            return {"users": [], "teams": []}
        if part == "commits":
            return [{"sha": "1" * 40}]
        if part == "reviews":
            return [self._said(each) for each in item["reviews"]]
        if part == "comments" and kind == "pulls":
            return [
                self._said({**review, **c})
                for review in item["reviews"]
                for c in review["comments"]
            ]
        if part == "comments":
            return [self._said(each) for each in item["comments"]]
        return self.item(item)

    def _said(self, raw: Json) -> Json:
        at = raw["createdAt"]
        user = self.user(raw["author"])
        return {
            "id": 1, "user": user, "created_at": at, "updated_at": at, "submitted_at": at,
            "reactions": NO_REACTIONS, "html_url": "", "url": "",
        }  # fmt: skip

    def item(self, item: Json) -> Json:
        merger = item.get("mergedBy")
        return {
            **super().item(item),
            "id": item["number"],
            "assignee": None,
            "assignees": [],
            "comments": len(item["comments"]),
            "reactions": NO_REACTIONS,
            "html_url": item["url"],
            "merged_by": self.user(merger) if merger else None,
            "review_comments": sum(len(r["comments"]) for r in item.get("reviews", ())),
            "requested_reviewers": [],
            "commits": 1,
            "merged_at": item.get("mergedAt"),
            "base": {"repo": {"created_at": FIRST_DAY}},
        }
