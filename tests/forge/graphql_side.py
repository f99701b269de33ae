"""The GraphQL side: GitHub's own schema, executed over the test forge's world."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from tests.forge.cost import Cost, cost
from tests.forge.world import FIRST_DAY, Json, Repository, World, timeline

FOLDER = Path(__file__).parent.parent / "node_modules" / "@octokit"


@cache
def schema() -> GraphQLSchema:
    """GitHub's published schema, or a skip that names it."""
    path = FOLDER / "graphql-schema" / "schema.graphql"
    if not path.is_file():
        pytest.skip("needs GitHub's published schema (make sdl; it needs npm)")
    return build_schema(path.read_text(encoding="utf-8"), assume_valid=True)


@cache
def checked(text: str) -> DocumentNode | list[GraphQLError]:
    """The document, or what the schema finds wrong with it."""
    document = parse(text)
    return validate(schema(), document) or document


class Graph:
    """Answers questions about a world."""

    def __init__(self, world: World, token: str = "") -> None:
        self.world = world
        self.token = token
        self._nodes: dict[str, tuple[Json, str | None]] = {}

    def price(self, body: Json) -> Cost:
        document = checked(body["query"])
        return (
            cost(schema(), document, body["variables"])
            if isinstance(document, DocumentNode)
            else Cost()
        )

    def answer(self, body: Json, rate: Json | None) -> Json:
        document = checked(body["query"])
        if not isinstance(document, DocumentNode):
            return {"errors": [{"message": error.message} for error in document]}
        root = {
            "rateLimit": rate,
            "repository": self._repository,
            "node": self._node,
            "nodes": lambda info, ids: [self._node(info, each) for each in ids],
            "repositoryOwner": self._owner,
        }
        result = execute_sync(schema(), document, root, variable_values=body["variables"])
        reply: Json = {"data": result.data}
        if result.errors:
            reply["errors"] = [_error(error) for error in result.errors]
        return reply

    # ------------------------------------------------------------ what can be asked

    def _repository(self, _: Any, owner: str, name: str, **__: Any) -> Json:
        found = self.world.find(owner, name)
        if found is None or not self.token.startswith(found.seen_by or ""):
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return self.repository(found)

    def _owner(self, _: Any, login: str) -> Json | None:
        owned = [r for r in self.world.repositories.values() if r.owner == login]
        if not owned:
            return None
        rows = [self.repository(each) for each in owned]
        return {"__typename": "Organization", "repositories": partial(_listed, rows)}

    def _node(self, _: Any, id: str) -> Json | None:
        found = self._known().get(id)
        if found is None:
            message = f"Could not resolve to a node with the global id of '{id}'"
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        item, review = found
        if review is None:
            return self.item(item)
        return self.event(next(e for e in timeline(item) if e["id"] == review))

    def _known(self) -> dict[str, tuple[Json, str | None]]:
        """Items and reviews by id; made once per question."""
        if not self._nodes:
            for repository in self.world.repositories.values():
                for item in repository.items():
                    self._nodes[item["id"]] = item, None
                    for review in item.get("reviews", ()):
                        self._nodes[review["id"]] = item, review["id"]
        return self._nodes

    # ------------------------------------------------------------ things

    def repository(self, found: Repository) -> Json:
        head = {"__typename": "Commit", "oid": found.head, "committedDate": FIRST_DAY}
        head["statusCheckRollup"] = {"state": found.checks} if found.checks else None  # type: ignore[assignment]
        return {
            "id": found.id,
            "url": f"{self.world.web}/{found.full_name}",
            "description": found.described,
            "createdAt": FIRST_DAY,
            "pushedAt": found.pushed_at,
            "isArchived": found.archived_at is not None,
            "archivedAt": found.archived_at,
            "isPrivate": found.private,
            "isEmpty": False,
            "mirrorUrl": None,
            "hasIssuesEnabled": True,
            "isSecurityPolicyEnabled": found.security_policy,
            "stargazerCount": found.stars,
            "forkCount": found.forks,
            "watchers": lambda info, **_: {"totalCount": found.watchers},
            "licenseInfo": {"spdxId": found.license} if found.license else None,
            "parent": {"url": found.fork_of} if found.fork_of else None,
            "isTemplate": found.template,
            "repositoryTopics": partial(
                _listed, [{"topic": {"name": topic}} for topic in found.topics]
            ),
            "defaultBranchRef": {
                "name": "main",
                "target": head,
                "refUpdateRule": {"pattern": "main"} if found.protected else None,
            },
            "issues": partial(self._items, found.issues),
            "pullRequests": partial(self._items, found.pulls),
            "releases": partial(self._releases, found.releases),
        }

    def item(self, item: Json) -> Json:
        change_request = "mergedAt" in item
        state = "MERGED" if item.get("mergedAt") else item["state"]
        merge = item.get("mergeCommit")
        return {
            "__typename": "PullRequest" if change_request else "Issue",
            **{k: item[k] for k in ("id", "number", "title", "createdAt", "updatedAt")},
            "state": state,
            "isDraft": item.get("isDraft", False),
            "author": self.actor(item["author"]),
            "mergeCommit": merge,
            "labels": partial(_listed, [{"name": each} for each in item["labels"]]),
            "timelineItems": partial(self._timeline, item),
        }

    def event(self, event: Json) -> Json:
        found = dict(event)
        for role in ("author", "actor"):
            if role in found:
                found[role] = self.actor(found[role])
        if "label" in found:
            found["label"] = {"name": found["label"]}
        if found["__typename"] == "PullRequestReview":
            rows = [
                {
                    "id": each.get("id", f"{event['id']}/comment/{place}"),
                    "createdAt": each["createdAt"],
                    "author": self.actor(event["author"]),
                }
                for place, each in enumerate(event["comments"])
            ]
            found["comments"] = partial(_listed, rows)
        return found

    def actor(self, login: str | None) -> Json | None:
        if login is None:
            return None
        bot = login.endswith("[bot]")
        return {
            "__typename": "Bot" if bot else "User",
            "login": login.removesuffix("[bot]"),
            "databaseId": self.world.account_id(login),
        }

    # ------------------------------------------------------------ lists

    def _items(self, items: list[Json], _: Any, **asked: Any) -> Json:
        order = asked.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
        key = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}[order["field"]]
        return _keyed(items, lambda i: (i[key], i["id"]), order["direction"], asked, self.item)

    def _releases(self, releases: list[Json], _: Any, **asked: Any) -> Json:
        def whole(release: Json) -> Json:
            return {**release, "author": self.actor(release["author"])}

        return _keyed(releases, lambda r: (r["createdAt"], r["id"]), "DESC", asked, whole)

    def _timeline(self, item: Json, info: Any, **asked: Any) -> Json:
        wanted = set(asked.get("itemTypes") or ())
        events = [e for e in timeline(item) if _kind(e["__typename"]) in wanted]
        return _listed([self.event(each) for each in events], info, **asked)


def _kind(name: str) -> str:
    """``PullRequestReview`` → ``PULL_REQUEST_REVIEW``."""
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in name).lstrip("_")


def _listed(rows: Sequence[Any], _: Any, **asked: Any) -> Json:
    """A connection over a fixed list."""
    start = int(asked.get("after") or 0)
    end = start + (asked.get("first") or 100)
    page = {"hasNextPage": end < len(rows), "endCursor": str(end)}
    return {"totalCount": len(rows), "nodes": list(rows[start:end]), "pageInfo": page}


def _keyed(
    rows: Iterable[Json],
    key: Callable[[Json], tuple[str, str]],
    direction: str,
    asked: Json,
    whole: Callable[[Json], Json],
) -> Json:
    """A connection whose cursor is a key: what moves to the front is not met again."""
    down = direction == "DESC"
    ordered = sorted(rows, key=key, reverse=down)
    total, after = len(ordered), asked.get("after")
    if after:
        mark = tuple(json.loads(base64.b64decode(after)))
        ordered = [row for row in ordered if (key(row) < mark if down else key(row) > mark)]
    page = ordered[: asked["first"]]
    end = base64.b64encode(json.dumps(key(page[-1])).encode()).decode() if page else None
    info = {"hasNextPage": len(ordered) > len(page), "endCursor": end}
    return {"totalCount": total, "nodes": [whole(row) for row in page], "pageInfo": info}


def _error(error: GraphQLError) -> Json:
    kind = (error.extensions or {}).get("type")
    found: Json = {"message": error.message, "path": error.path}
    return {**found, "type": kind} if kind else found
