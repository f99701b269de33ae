"""The REST side: the few documents of GitHub's API that are read without a token."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.forge.graphql_side import FOLDER
from tests.forge.world import FIRST_DAY, Json, Repository, World

Query = dict[str, str]


@cache
def description() -> Json:
    """GitHub's OpenAPI description, or a skip that names it."""
    path = FOLDER / "openapi" / "generated" / "api.github.com.json"
    if not path.is_file():
        pytest.skip("needs GitHub's API description (make sdl; it needs npm)")
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def mistakes(path: str, query: Query) -> Iterator[str]:
    """What GitHub's description finds wrong with a request: unknown paths, parameters, values."""
    template = next((t for t in description()["paths"] if _pattern(t).fullmatch(path)), None)
    if template is None:
        yield f"no such path: {path}"
        return
    known = {p["name"]: p for p in map(_resolved, _operation(template).get("parameters", ()))}
    for name, value in query.items():
        allowed = known.get(name, {}).get("schema", {}).get("enum")
        if name not in known:
            yield f"{template} has no parameter {name}"
        elif allowed and value not in allowed:
            yield f"{template}: {name} cannot be {value}"


def missing(path: str, body: Any) -> Iterator[str]:
    """Which required properties an answer of ours lacks, where the client reads them."""
    template = next(t for t in description()["paths"] if _pattern(t).fullmatch(path))
    content = _operation(template)["responses"]["200"]["content"]["application/json"]
    shape = _resolved(content["schema"])
    if shape.get("type") == "array":
        shape, body = _resolved(shape["items"]), body[0] if body else None
    if body is not None:
        known = shape.get("properties", {})
        yield from (
            f"{template}: {name} is not of its answer" for name in body if name not in known
        )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template))


def _operation(template: str) -> Json:
    found: Json = description()["paths"][template]["get"]
    return found


def _resolved(thing: Json) -> Json:
    while "$ref" in thing:
        found: Any = description()
        for part in thing["$ref"].lstrip("#/").split("/"):
            found = found[part]
        thing = found
    return thing


class Rest:
    """Answers REST paths: (status, body, headers)."""

    def __init__(self, world: World, base: str) -> None:
        self.world = world
        self.base = base

    def answer(self, path: str, query: Query) -> tuple[int, Any, dict[str, str]]:
        parts = path.strip("/").split("/")
        if parts[0] == "users" and parts[2:] == ["repos"]:
            owned = [r for r in self.world.repositories.values() if r.owner == parts[1]]
            if not owned:
                return _not_found()
            return self._listed(path, query, owned, self.repository)
        if parts[0] != "repos" or len(parts) < 3:
            return _not_found()
        wanted = f"{parts[1]}/{parts[2]}".lower()
        if wanted in self.world.moved and wanted not in self.world.repositories:
            moved = "/".join(["repos", self.world.moved[wanted], *parts[3:]])
            location = f"{self.base}/{moved}" + (f"?{urlencode(query)}" if query else "")
            return 301, {"message": "Moved Permanently"}, {"Location": location}
        repository = self.world.find(parts[1], parts[2])
        if repository is None or repository.private or repository.seen_by:
            return _not_found()
        return self._of_repository(path, query, repository, "/".join(parts[3:]))

    def _of_repository(
        self, path: str, query: Query, repository: Repository, what: str
    ) -> tuple[int, Any, dict[str, str]]:
        if what == "":
            return 200, self.repository(repository), {}
        if what == "issues":
            rows = _since(list(repository.items()), query)
            return self._listed(path, query, rows, self.item)
        if what == "issues/comments":
            comments = [
                {**c, "item": i, "place": n}
                for i in repository.items()
                for n, c in enumerate(i["comments"])
            ]
            return self._listed(path, query, _since(comments, query), self.comment)
        if what == "releases":
            return self._listed(path, query, repository.releases, self.release)
        return _not_found()

    def _listed(
        self, path: str, query: Query, rows: list[Any], shape: Callable[[Any], Json]
    ) -> tuple[int, Any, dict[str, str]]:
        size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
        shown = rows[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(rows):
            more = urlencode({**query, "page": page + 1})
            headers["Link"] = f'<{self.base}{path}?{more}>; rel="next", <{self.base}>; rel="last"'
        return 200, [shape(row) for row in shown], headers

    # ------------------------------------------------------------ shapes

    def user(self, login: str | None) -> Json:
        login = login or "ghost"
        kind = "Bot" if login.endswith("[bot]") else "User"
        return {"login": login, "id": self.world.account_id(login), "type": kind}

    def repository(self, found: Repository) -> Json:
        return {
            "node_id": found.id,
            "html_url": f"{self.world.web}/{found.full_name}",
            "description": found.described,
            "default_branch": "main",
            "created_at": FIRST_DAY,
            "archived": found.archived_at is not None,
            "mirror_url": None,
            "fork": found.fork_of is not None,
            "is_template": found.template,
            "pushed_at": found.pushed_at,
            "private": found.private,
            "has_issues": True,
            "license": {"spdx_id": found.license} if found.license else None,
            "topics": list(found.topics),
            "stargazers_count": found.stars,
            "forks_count": found.forks,
            "subscribers_count": found.watchers,
        }

    def item(self, item: Json) -> Json:
        found = {
            "node_id": item["id"],
            "number": item["number"],
            "title": item["title"],
            "state": "open" if item["state"] == "OPEN" else "closed",
            "user": self.user(item["author"]),
            "labels": [{"name": each} for each in item["labels"]],
            "created_at": item["createdAt"],
            "updated_at": item["updatedAt"],
            "closed_at": item["closedAt"],
            "closed_by": None,
        }
        if "mergedAt" in item:
            found["pull_request"] = {"merged_at": item["mergedAt"]}
            found["draft"] = item.get("isDraft", False)
        return found

    def comment(self, row: Json) -> Json:
        return {
            "node_id": row.get("id", f"{row['item']['id']}/comment/{row['place']}"),
            "user": self.user(row["author"]),
            "created_at": row["createdAt"],
            "updated_at": row["updatedAt"],
            "issue_url": f"{self.base}/repos/o/r/issues/{row['item']['number']}",
        }

    def release(self, row: Json) -> Json:
        return {
            "node_id": row["id"],
            "tag_name": row["tagName"],
            "published_at": row["publishedAt"],
            "prerelease": row["isPrerelease"],
            "draft": row["isDraft"],
            "author": self.user(row["author"]),
        }


def _since(rows: list[Json], query: Query) -> list[Json]:
    since = query.get("since", "")
    key = "updatedAt" if query.get("sort") == "updated" else "createdAt"
    found = sorted((r for r in rows if r["updatedAt"] >= since), key=lambda r: str(r[key]))
    return found if query.get("direction", "desc") == "asc" else found[::-1]


def _not_found() -> tuple[int, Any, dict[str, str]]:
    return 404, {"message": "Not Found"}, {}


def query_of(target: str) -> Query:
    return {name: values[-1] for name, values in parse_qs(urlsplit(target).query).items()}
