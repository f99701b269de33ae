"""A Forgejo on loopback: the documents of its API that the collector reads, and its manners."""

import json
import os
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from collector.config.values import ForgeConfig
from collector.forge import Forge
from collector.forges.forgejo import Forgejo
from tests.forge.loopback import TOKEN, Asked, Fault, Loopback, Reply
from tests.forge.rest_side import Query, query_of
from tests.forge.told import Event, submitted
from tests.forge.world import FIRST_DAY, Json, Repository, World, timeline

Found = tuple[int, Any, dict[str, str]]
VERDICTS = {"APPROVED": "APPROVED", "CHANGES_REQUESTED": "REQUEST_CHANGES", "COMMENTED": "COMMENT"}
TYPES = {
    "IssueComment": "comment", "ClosedEvent": "close", "ReopenedEvent": "reopen",
    "MergedEvent": "merge_pull", "ConvertToDraftEvent": "change_title",
    "ReadyForReviewEvent": "change_title", "PullRequestReview": "review",
}  # fmt: skip

GITEA_ONLY = {"licenses"}
"""What Forgejo's description does not have."""


@cache
def description() -> Json | None:
    """The API's published description (``v1_json.tmpl`` of go-gitea/gitea, or Forgejo's) if the
    environment names a file with it."""
    named = os.environ.get("OSPO_VITALS_FORGEJO_API")  # noqa: TID251 - tests are an edge
    if not named:
        return None
    text = Path(named).read_text(encoding="utf-8")
    found: Json = json.loads(re.sub(r"\{\{.*?\}\}", "", text))
    return found


def mistakes(path: str, query: Query) -> Iterator[str]:
    """What the description finds wrong with a request: unknown paths, parameters, values."""
    operation = _operation(path)
    if operation is None:
        yield f"no such path: {path}"
        return
    known = {p["name"]: p for p in operation.get("parameters", ()) if "name" in p}
    for name, value in query.items():
        allowed = known.get(name, {}).get("enum")
        if name not in known:
            yield f"{path} has no parameter {name}"
        elif allowed and value not in allowed:
            yield f"{path}: {name} cannot be {value}"


def missing(path: str, body: Any) -> Iterator[str]:
    """Which properties of an answer of ours are not of the described one."""
    reply = ((_operation(path) or {}).get("responses") or {}).get("200") or {}
    shape = _resolved(_resolved(reply).get("schema") or {})
    if shape.get("type") == "array":
        shape, body = _resolved(shape["items"]), body[0] if body else None
    if isinstance(body, dict):
        known = shape.get("properties", {})
        yield from (
            f"{path}: {name} is not of its answer" for name in {*body} - GITEA_ONLY - {*known}
        )


def _operation(path: str) -> Json | None:
    paths = (description() or {}).get("paths", {})
    template = next(
        (t for t in sorted(paths, key=lambda t: t.count("{")) if _pattern(t).fullmatch(path)), None
    )
    return paths[template].get("get") if template else None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))


def _resolved(thing: Json) -> Json:
    while "$ref" in thing:
        found: Any = description()
        for part in thing["$ref"].lstrip("#/").split("/"):
            found = found[part]
        thing = found
    return thing


class ForgejoServer(Loopback):
    """A Forgejo of our own. ``version``: Gitea's; before 1.18 there are no timelines."""

    def __init__(self, world: World | None = None) -> None:
        super().__init__(world or World())
        self.world.web = self.base
        self.most = 50
        self.version = (1, 22)
        self.sign_in = False
        self.below = ""
        self.left: int | None = None

    def _reply(self, asked: Asked, fault: Fault | None) -> Reply:
        if fault and fault.body is not None:
            return fault.status, fault.body, fault.headers, 0
        status, body, headers = self._answer(asked)
        return status, json.dumps(body).encode(), headers, 0

    def _answer(self, asked: Asked) -> Found:
        path, query = urlsplit(asked.path).path, query_of(asked.path)
        if not path.startswith(f"{self.below}/api/"):
            return _not_found()
        path = path.removeprefix(f"{self.below}/api/v1")
        token = asked.headers.get("authorization", "").removeprefix("token ")
        if token and token not in self.tokens:
            return 401, {"message": "user does not exist [uid: 0, name: ]"}, {}
        if self.sign_in and not token:
            return 403, {"message": "Only signed in user is allowed to call APIs."}, {}
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                return 429, {"message": "Too many requests"}, {"Retry-After": "600"}
        status, body, headers = self._routed(path, query, bool(token))
        if status == 200 and description() and not path.startswith("/api/"):
            self.mistakes += [*mistakes(path, query), *missing(path, body)]
        return status, body, headers

    def _routed(self, path: str, query: Query, signed: bool) -> Found:
        fixed = {
            "/settings/api": {"max_response_items": self.most, "default_paging_num": 30},
            "/version": {"version": ".".join(map(str, self.version))},
            "/api/forgejo/v1/version": {"version": "11.0.3+gitea-1.22.0"},
        }
        if path in fixed:
            return 200, fixed[path], {}
        if path == "/repos/issues/search":
            return self._search(path, query, signed)
        if owner := re.fullmatch(r"/users/([^/]+)/repos", path):
            owned = self._owned(owner[1], signed)
            return self._listed(path, query, owned, self.repository) if owned else _not_found()
        found = re.fullmatch(r"/repos/([^/]+)/([^/]+)(?:/(.*))?", path)
        return self._repository(found, query, signed) if found else _not_found()

    def _repository(self, found: re.Match[str], query: Query, signed: bool) -> Found:
        wanted = f"{found[1]}/{found[2]}".lower()
        if wanted in self.world.moved and wanted not in self.world.repositories:
            there = "/".join(["/api/v1/repos", self.world.moved[wanted], found[3] or ""])
            location = there.rstrip("/") + (f"?{urlencode(query)}" if query else "")
            return 307, None, {"Location": location}
        repository = self.world.find(found[1], found[2])
        if repository is None or (repository.private and not signed):
            return _not_found()
        return self._of(found[0], query, repository, found[3] or "")

    def _of(self, path: str, query: Query, repository: Repository, what: str) -> Found:
        part = re.fullmatch(r"(?:issues|pulls)/(\d+)(?:/(\w+))?", what)
        if part:
            item = next((i for i in repository.items() if i["number"] == int(part[1])), None)
            return _not_found() if item is None else self._of_item(path, query, item, part[2])
        if what == "":
            return 200, self.repository(repository), {}
        if what.startswith("commits/"):
            return 200, self._status(repository), {}
        if what == "branches/main":
            return 200, {"name": "main", "protected": repository.protected}, {}
        lists = {
            "issues": (lambda: _since(_of_type(repository, query), query)[::-1], self.issue),
            "pulls": (lambda: _sorted(repository.pulls, query), self.pull),
            "issues/comments": (lambda: _since(_comments(repository), query), self.comment),
            "releases": (lambda: _newest_first(repository.releases), self.release),
        }
        if what not in lists:
            return _not_found()
        rows, shape = lists[what]
        return self._listed(path, query, rows(), shape)

    def _of_item(self, path: str, query: Query, item: Json, part: str | None) -> Found:
        if part is None:
            return 200, self.issue(item), {}
        if part == "timeline" and self.version >= (1, 18):
            return 200, [self._event(each) for each in _happened(item)] or None, {}
        if part == "reviews":
            return self._listed(path, query, list(_reviews(item)), self.review)
        return _not_found()

    def _search(self, path: str, query: Query, signed: bool) -> Found:
        rows = [
            {**item, "repository": self.number(repository.id)}
            for repository in self._owned(query["owner"], signed)
            for item in _since(list(repository.items()), query)
        ]

        def shape(row: Json) -> Json:
            return {**self.issue(row), "repository": {"id": row["repository"]}}

        return self._listed(path, query, rows, shape)

    def _owned(self, owner: str, signed: bool) -> list[Repository]:
        there = self.world.repositories.values()
        return [r for r in there if r.owner == owner and (signed or not r.private)]

    def _listed(
        self, path: str, query: Query, rows: list[Any], shape: Callable[[Any], Json]
    ) -> Found:
        size, page = min(int(query.get("limit", "30")), self.most), int(query.get("page", "1"))
        headers = {"X-Total-Count": str(len(rows))}
        if page * size < len(rows):
            more = urlencode({**query, "page": page + 1})
            headers["Link"] = f'<{self.world.web}/api/v1{path}?{more}>; rel="next"'
        return 200, [shape(row) for row in rows[(page - 1) * size : page * size]], headers

    # ------------------------------------------------------------ shapes

    @staticmethod
    def number(name: str) -> int:
        return zlib.crc32(name.encode())

    def user(self, login: str | None) -> Json:
        if login is None:
            return {"id": -1, "login": "Ghost"}
        return {"id": self.world.account_id(login), "login": login.removesuffix("[bot]")}

    def repository(self, found: Repository) -> Json:
        count = {"issues": found.issues, "pulls": found.pulls}
        opened = {k: sum(i["state"] == "OPEN" for i in items) for k, items in count.items()}
        return {
            "id": self.number(found.id), "name": found.name, "full_name": found.full_name,
            "html_url": f"{self.world.web}/{found.full_name}", "description": found.described or "",
            "default_branch": "main", "created_at": FIRST_DAY, "updated_at": FIRST_DAY,
            "archived": found.archived_at is not None,
            "archived_at": found.archived_at or "1970-01-01T00:00:00Z",
            "fork": False, "parent": None, "mirror": False, "original_url": "", "template": False,
            "private": found.private, "internal": False, "empty": False, "has_issues": True,
            "has_pull_requests": True, "topics": list(found.topics), "stars_count": found.stars,
            "forks_count": 0, "watchers_count": 0, "open_issues_count": opened["issues"],
            "open_pr_counter": opened["pulls"], "release_counter": len(found.releases),
        }  # fmt: skip

    def issue(self, item: Json) -> Json:
        found = {
            "id": self.number(item["id"]),
            "number": item["number"],
            "title": f"WIP: {item['title']}" if item.get("isDraft") else item["title"],
            "state": "open" if item["state"] == "OPEN" else "closed",
            "user": self.user(item["author"]),
            "original_author": item.get("original", ""),
            "original_author_id": 0,
            "labels": [{"name": each} for each in item["labels"]],
            "created_at": item["createdAt"],
            "updated_at": item["updatedAt"],
            "closed_at": item["closedAt"],
            "comments": len(item["comments"]),
            "pull_request": None,
        }
        if "mergedAt" in item:
            found["pull_request"] = {"merged": item["mergedAt"] is not None}
        return found

    def pull(self, item: Json) -> Json:
        merge = item["mergeCommit"]
        merged = item["mergedAt"] is not None
        shown = self.issue(item)
        for name in ("original_author", "original_author_id", "pull_request"):
            del shown[name]  # of issues only
        return {
            **shown,
            "draft": item.get("isDraft", False),
            "merged": merged,
            "merged_at": item["mergedAt"],
            "merged_by": self.user(item["mergedBy"]) if merged and item["mergedBy"] else None,
            "merge_commit_sha": merge["oid"] if merge else None,
        }

    def comment(self, row: Json) -> Json:
        kind = "pull_request_url" if "mergedAt" in row["item"] else "issue_url"
        page = f"{self.world.web}/city/app/issues/{row['item']['number']}"
        return {
            "id": self.number(row.get("id", f"{row['item']['id']}/comment/{row['place']}")),
            "user": self.user(row["author"]),
            "created_at": row["createdAt"],
            "updated_at": row["updatedAt"],
            "issue_url": "",
            "pull_request_url": "",
            kind: page,
        }

    def review(self, row: Json) -> Json:
        return {
            "id": self.number(row["id"]),
            "user": self.user(row["author"]),
            "state": VERDICTS[row["state"]],
            "dismissed": False,
            "submitted_at": row["createdAt"],
            "comments_count": len(row["comments"]),
        }

    def release(self, row: Json) -> Json:
        return {
            "id": self.number(row["id"]), "tag_name": row["tagName"], "draft": row["isDraft"],
            "prerelease": row["isPrerelease"], "author": self.user(row["author"]),
            "created_at": row["createdAt"], "published_at": row["publishedAt"],
        }  # fmt: skip

    def _event(self, each: Json) -> Json:
        draft = each["__typename"] == "ConvertToDraftEvent"
        before, after = ("item", "WIP: item") if draft else ("WIP: item", "item")
        return {
            "id": self.number(each["id"]),
            "type": TYPES[each["__typename"]],
            "user": self.user(each.get("author") or each.get("actor")),
            "created_at": each["createdAt"],
            "updated_at": each["createdAt"],
            "old_title": before
            if "Draft" in each["__typename"] or "Ready" in each["__typename"]
            else "",
            "new_title": after
            if "Draft" in each["__typename"] or "Ready" in each["__typename"]
            else "",
            "review_id": 0,
        }

    @staticmethod
    def _status(found: Repository) -> Json:
        state = (found.checks or "").lower()
        rows = [{"status": state, "created_at": FIRST_DAY}] if state else None
        return {"state": state, "statuses": rows, "total_count": len(rows or ()), "sha": "1" * 40}


def _reviews(item: Json) -> Iterator[Json]:
    """The reviews as Forgejo has them: a later answer on the diff is a review of its own."""
    for review in item.get("reviews", ()):
        together = [c for c in review["comments"] if c["createdAt"] == review["createdAt"]]
        yield {**review, "comments": together}
        for place, each in enumerate(review["comments"]):
            if each not in together:
                name = f"{review['id']}/{place}"
                yield {**each, "id": name, "author": review["author"], "state": "COMMENTED",
                       "comments": [each]}  # fmt: skip


def _happened(item: Json) -> Iterator[Json]:
    """The events of a timeline: none of a closing whose actor is not known, none on the diff."""
    merged = item.get("mergedAt")
    for each in timeline(item):
        name = each["__typename"]
        is_merge = name == "ClosedEvent" and merged == each["createdAt"]
        nobodys = name in ("ClosedEvent", "MergedEvent") and each["actor"] is None
        if name in TYPES and not is_merge and not nobodys:
            yield each


def _comments(repository: Repository) -> list[Json]:
    return [
        {**each, "item": item, "place": place}
        for item in repository.items()
        for place, each in enumerate(item["comments"])
    ]


def _sorted(pulls: list[Json], query: Query) -> list[Json]:
    """By creation or by change; newest first unless the oldest are asked for."""
    key = "updatedAt" if query.get("sort") == "recentupdate" else "createdAt"
    rows = sorted(pulls, key=lambda pull: (pull[key], pull["number"]))
    return rows if query.get("sort") == "oldest" else rows[::-1]


def _newest_first(releases: list[Json]) -> list[Json]:
    return sorted(releases, key=lambda each: str(each["createdAt"]), reverse=True)


def _of_type(repository: Repository, query: Query) -> list[Json]:
    kinds = {"issues": repository.issues, "pulls": repository.pulls}
    return kinds.get(query.get("type", ""), list(repository.items()))


def _since(rows: list[Json], query: Query) -> list[Json]:
    """By creation, oldest first."""
    since = query.get("since", "")
    found = [row for row in rows if row["updatedAt"] >= since]
    return sorted(found, key=lambda row: (row["createdAt"], row.get("number", 0)))


def _not_found() -> Found:
    return 404, {"message": "The target couldn't be found."}, {}


class ForgejoHost:
    """Forgejo as the contract holds it."""

    server: ForgejoServer
    marks_prereleases = True

    def __init__(self, server: ForgejoServer) -> None:
        self.server = server

    def forge(self, token: str | None = TOKEN) -> Forge:
        return Forgejo(
            ForgeConfig("forgejo.example", "forgejo", self.server.base, "FORGE_TOKEN", token)
        )

    def url(self, name: str) -> str:
        return f"{self.server.base}/{name}"

    def small_pages(self) -> None:
        self.server.most = 4

    def reviews(self, review: Json) -> Iterator[Event]:
        whole = {**review, "createdAt": review["createdAt"]}
        for each in _reviews({"reviews": [whole]}):
            yield from submitted(each)


@contextmanager
def forgejo() -> Iterator[ForgejoHost]:
    """A Forgejo for as long as a block lasts."""
    server = ForgejoServer()
    try:
        yield ForgejoHost(server)
    finally:
        server.close()
