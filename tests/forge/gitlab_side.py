"""A GitLab on loopback: pages, limits, hidden things, moved projects, old versions."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import unquote, urlencode, urlsplit

from tests.forge.gitlab_description import described
from tests.forge.gitlab_description import mistakes as published
from tests.forge.gitlab_world import Told, number
from tests.forge.loopback import Asked, Fault, Loopback, Reply
from tests.forge.rest_side import Query, query_of
from tests.forge.world import Json, Repository, World

API = "/api/v4"
NOT_FOUND = 404, {"message": "404 Project Not Found"}
UNAUTHORIZED = 401, {"message": "401 Unauthorized"}

ALWAYS = {"page", "per_page"}
UNKNOWN_TO_THE_LIBRARY = {
    "confidential": ("issues",),
    "non_archived": ("issues", "merge_requests"),
    "scope": ("issues", "pipelines"),
    "license": ("project",),
    "order_by": ("notes",),
    "sort": ("notes",),
}
"""Documented parameters that python-gitlab's lists of them lack, and where they may stand."""

Answered = tuple[int, object]


@cache
def parameters() -> dict[str, set[str]]:
    """What may be asked of each list, as python-gitlab has it from GitLab's documentation."""
    from gitlab.v4 import objects

    lists = {
        "groups/issues": objects.GroupIssueManager,
        "groups/merge_requests": objects.GroupMergeRequestManager,
        "groups/projects": objects.GroupProjectManager,
        "users/projects": objects.UserProjectManager,
        "projects/issues": objects.ProjectIssueManager,
        "projects/merge_requests": objects.ProjectMergeRequestManager,
        "projects/releases": objects.ProjectReleaseManager,
        "projects/pipelines": objects.ProjectPipelineManager,
        "projects/events": objects.ProjectEventManager,
    }
    return {name: set(manager._list_filters) for name, manager in lists.items()}


def mistakes(path: str, query: Query) -> Iterator[str]:
    """Parameters that GitLab does not document for what is asked."""
    parts = path.strip("/").split("/")
    what = parts[-1] if len(parts) > 2 else "project"
    known = parameters().get(f"{parts[0]}/{what}", set()) if len(parts) == 3 else set()
    for name in set(query) - known - ALWAYS:
        if what not in UNKNOWN_TO_THE_LIBRARY.get(name, ()):
            yield f"{path} has no parameter {name}"


class Page(Exception):
    """A list is to be answered."""

    def __init__(self, rows: list[Json]) -> None:
        super().__init__()
        self.rows = rows


class TestGitLab(Loopback):
    """``hidden``: it answers nobody without a token. ``most``: rows at once. ``counted``: how
    many rows it counts. ``moves``: headers or Link alone say where pages go on.
    """

    def __init__(self, world: World | None = None) -> None:
        super().__init__(world)
        self.hidden = False
        self.wall = False
        self.old = False
        self.most = 100
        self.counted = 10_000
        self.headers = True
        self.limits: dict[str, str] = {}
        self.users: set[str] = set()
        """Namespaces that are persons."""

    # ------------------------------------------------------------ answering

    def _reply(self, asked: Asked, fault: Fault | None) -> Reply:
        if fault and fault.body is not None:
            return fault.status, fault.body, dict(fault.headers), 0
        token = asked.headers.get("private-token")
        parts = urlsplit(asked.path)
        if parts.path == "/users/sign_in":
            return 200, b"<!DOCTYPE html><title>Sign in</title>", {"Content-Type": "text/html"}, 0
        if self.wall and token is None:
            return 302, b"", {"Location": f"{self.base}/users/sign_in"}, 0
        if token is not None and token not in self.tokens:
            return self._json((401, {"message": "401 Unauthorized"}))
        path = parts.path.removeprefix(API)
        query = query_of(asked.path)
        self.mistakes += mistakes(path, query)
        if (known := described()) is not None:
            self.mistakes += published(known, parts.path, query)
        try:
            answered = self._answer(path, query, token is not None)
        except Page as page:
            return self._page(path, query, page.rows)
        return self._json(answered)

    def _json(self, answered: Answered, extra: dict[str, str] | None = None) -> Reply:
        status, body = answered
        headers = {**self.limits, **(extra or {})}
        if status == 301:
            return 301, b"", {**headers, "Location": str(body)}, 0
        return status, json.dumps(body).encode(), headers, 0

    def _page(self, path: str, query: Query, rows: list[Json]) -> Reply:
        size = min(int(query.get("per_page", "20")), self.most)
        page = int(query.get("page", "1"))
        more = page * size < len(rows)
        headers = {}
        if self.headers:
            headers = {"X-Next-Page": str(page + 1) if more else "", "X-Per-Page": str(size)}
            if len(rows) <= self.counted:
                headers |= {"X-Total": str(len(rows))}
        there = f"{self.base}{API}{path}?{urlencode({**query, 'page': page + 1})}"
        headers["Link"] = f'<{there}>; rel="next"' if more else f'<{there}>; rel="first"'
        return self._json((200, rows[(page - 1) * size : page * size]), headers)

    # ------------------------------------------------------------ what can be asked

    def _answer(self, path: str, query: Query, signed_in: bool) -> Answered:
        if self.hidden and not signed_in:
            return UNAUTHORIZED
        for pattern, answer in ROUTES:
            if found := re.fullmatch(pattern, path):
                return answer(self, found, query, signed_in)
        return 404, {"error": "404 Not Found"}

    def find(self, name: str, signed_in: bool) -> Repository | str | None:
        """A project by id or path; where it moved to, if it did; None: not for this reader."""
        wanted = unquote(name).lower()
        for full, each in self.world.repositories.items():
            if wanted in (full, str(number(each.id))):
                return each if signed_in or not each.private else None
        target = self.world.repositories.get(self.world.moved.get(wanted, ""))
        return f"{self.base}{API}/projects/{number(target.id)}" if target else None

    def below(self, namespace: str, signed_in: bool) -> list[Repository]:
        """A namespace's projects, with its subgroups'."""
        start = f"{unquote(namespace).lower()}/"
        return [
            each
            for full, each in self.world.repositories.items()
            if full.startswith(start) and (signed_in or not each.private)
        ]


def _project(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    there = forge.find(found[1], signed_in)
    if there is None:
        return NOT_FOUND
    if isinstance(there, str):
        return 301, there + (f"?{urlencode(query)}" if query else "")
    told = Told(forge.world)
    extra = {"license": told.license(there)} if query.get("license") == "true" else {}
    return 200, {**told.project(there), **extra}


def _of_project(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    there = forge.find(found[1], signed_in)
    if not isinstance(there, Repository):
        return NOT_FOUND
    told, what = Told(forge.world), found[2]
    if what in ("issues", "merge_requests"):
        raise Page(_items(forge, [there], what, query))
    if what == "releases":
        raise Page([told.release(each) for each in there.releases][::-1])
    if what == "pipelines":
        raise Page(told.pipelines(there))
    if what == "events":
        after = query.get("after", "")
        raise Page([row for row in told.events(there) if row["created_at"][:10] > after])
    return NOT_FOUND


def _branch(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    there = forge.find(found[1], signed_in)
    if not isinstance(there, Repository):
        return NOT_FOUND
    return 200, {"name": "main", "default": True, "protected": there.protected}


def _of_item(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    if not signed_in:
        return UNAUTHORIZED
    there = forge.find(found[1], signed_in)
    if not isinstance(there, Repository):
        return NOT_FOUND
    items = there.pulls if found[2] == "merge_requests" else there.issues
    item = next((each for each in items if each["number"] == int(found[3])), None)
    if item is None:
        return 404, {"message": "404 Not found"}
    told, part = Told(forge.world), found[4]
    if part == "/notes":
        raise Page(told.notes(item))
    if part == "/resource_state_events":
        if forge.old:
            return 404, {"error": "404 Not Found"}
        raise Page(told.states(item))
    return 200, told.item(item, there)


def _of_group(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    ours = [] if unquote(found[1]).lower() in forge.users else forge.below(found[1], signed_in)
    if not ours:
        return 404, {"message": "404 Group Not Found"}
    if found[2] == "projects":
        raise Page([Told(forge.world).project(each) for each in ours])
    raise Page(_items(forge, ours, found[2], query))


def _of_user(forge: TestGitLab, found: re.Match[str], query: Query, signed_in: bool) -> Answered:
    if unquote(found[1]).lower() not in forge.users:
        return 404, {"message": "404 User Not Found"}
    raise Page([Told(forge.world).project(each) for each in forge.below(found[1], signed_in)])


def _items(forge: TestGitLab, projects: list[Repository], what: str, query: Query) -> list[Json]:
    told, order = Told(forge.world), query.get("order_by", "created_at")
    rows = [
        told.item(each, project)
        for project in projects
        for each in (project.pulls if what == "merge_requests" else project.issues)
    ]
    if query.get("confidential") == "false" and not forge.old:
        rows = [row for row in rows if not row.get("confidential")]
    for name, word in (("updated_at", "updated_after"), ("created_at", "created_after")):
        if word in query:
            rows = [row for row in rows if row[name] >= _moment(query[word])]
    rows.sort(key=lambda row: (row[order], row["id"]))
    return rows if query.get("sort", "desc") == "asc" else rows[::-1]


def _moment(text: str) -> str:
    """A date of a question in the form of the answers, so that the two compare as text."""
    return text if "." in text else text.replace("Z", ".000Z")


Route = Callable[[TestGitLab, re.Match[str], Query, bool], Answered]


def _version(forge: TestGitLab, _: re.Match[str], __: Query, signed_in: bool) -> Answered:
    """What runs here; told to those who have signed in."""
    return (200, {"version": "18.5.0", "revision": "abc"}) if signed_in else UNAUTHORIZED


ROUTES: tuple[tuple[str, Route], ...] = (
    (r"/version", _version),
    (r"/groups/([^/]+)/(projects|issues|merge_requests)", _of_group),
    (r"/users/([^/]+)/projects", _of_user),
    (r"/projects/([^/]+)", _project),
    (r"/projects/([^/]+)/(\w+)", _of_project),
    (r"/projects/([^/]+)/repository/branches/main", _branch),
    (r"/projects/([^/]+)/(issues|merge_requests)/(\d+)((?:/\w+)?)", _of_item),
)


@contextmanager
def running(world: World | None = None) -> Iterator[TestGitLab]:
    """A test GitLab for as long as a block lasts."""
    forge = TestGitLab(world)
    forge.world.web = forge.base
    try:
        yield forge
    finally:
        forge.close()
