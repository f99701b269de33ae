"""Which of our projects can be asked for together, by group or by user?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from collector.forge import AccessDenied, CredentialRefused, RepositoryGone
from collector.forges.gitlab.address import quoted
from collector.forges.gitlab.client import PAGE, Client, Json, Query
from collector.forges.gitlab.listing import by_date
from collector.forges.gitlab.marker import Marker
from collector.forges.gitlab.projects import kept
from collector.forges.gitlab.records import date_text
from collector.model import Instant

LEAST = 4
"""Projects of one namespace below which each is asked for itself."""
LATE = 600
"""Seconds before the last heartbeat from which on changes are asked for: clocks disagree."""
EVERYTHING = {"scope": "all", "state": "all", "non_archived": "false"}
IN_ORDER: Query = {"order_by": "id", "sort": "asc"}
MOST_CHANGES = 20
"""Pages of changed items after which it is cheaper to look at each project."""


@dataclass(slots=True)
class Listed:
    """What one list told: the projects by path and by id, and which of them moved.

    ``moved`` None: the list cannot tell; each project's own dates must do.
    """

    date: Instant | None
    by_path: dict[str, Json] = field(default_factory=dict)
    by_id: dict[str, Json] = field(default_factory=dict)
    moved: frozenset[str] | None = None

    def add(self, raw: Json) -> None:
        row = kept(raw)
        self.by_path[str(row.get("path_with_namespace")).lower()] = row
        self.by_id[str(row.get("id"))] = row


def plan(
    client: Client,
    urls: Iterable[str],
    paths: Mapping[str, str],
    known: Mapping[str, Marker],
    depth: int = 1,
) -> Iterator[tuple[list[str], Listed | None]]:
    """Our projects in portions, each with the list that tells of it (None: none does).

    A namespace is listed where we watch several of its projects and they are not lost among
    many others; otherwise its subgroups are looked at. A group's list of projects does not say
    all (``last_activity_at`` moves once an hour at most, and not for labels or drafts), so its
    lists of changed issues and merge requests say which projects moved since the last time.
    """
    portions: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        portions["/".join(paths[url].split("/")[:depth])].append(url)
    for namespace, ours in portions.items():
        deepest = all(paths[url].count("/") < depth for url in ours)
        if len(ours) < LEAST or deepest:
            yield ours, None
            continue
        listed = _listed(client, namespace, ours, known, depth)
        if listed is None:
            yield from plan(client, ours, paths, known, depth + 1)
        else:
            yield ours, listed


def _listed(
    client: Client, namespace: str, ours: list[str], known: Mapping[str, Marker], depth: int
) -> Listed | None:
    name = quoted(namespace)
    try:
        listed = _projects(client, f"/groups/{name}/projects", len(ours))
        if listed is not None:
            markers = [known[url] for url in ours if url in known]
            listed.moved = _moved(client, f"/groups/{name}", markers)
        return listed
    except CredentialRefused:
        raise
    except AccessDenied:
        return None
    except RepositoryGone:
        if depth > 1:
            return None
    try:  # no group, so perhaps a person
        return _projects(client, f"/users/{name}/projects", len(ours))
    except (AccessDenied, RepositoryGone):
        return None


def _projects(client: Client, path: str, wanted: int) -> Listed | None:
    """The projects of a namespace; None where ours would be lost among them."""
    asked: dict[str, str | int] = {**IN_ORDER}
    if path.startswith("/groups/"):
        asked |= {"include_subgroups": "true", "with_shared": "false"}
    number, more = 1, True
    listed: Listed | None = None
    while more:
        page = client.page(path, {**asked, "page": number})
        if listed is None:
            listed = Listed(page.date)
            if page.more and (page.total is None or page.total > PAGE * max(2, wanted - 2)):
                return None
        for row in page.rows:
            listed.add(row)
        number, more = number + 1, page.more
    return listed


def _moved(client: Client, group: str, markers: list[Marker]) -> frozenset[str] | None:
    """The ids of the projects whose items changed since all these heartbeats.

    A note changes its item's date, as do a label, a draft, an approval, a closing; so nothing
    is lost between two heartbeats. A project whose last heartbeat is much older than the others'
    (it failed since) must not make everybody's list long: it counts as moved.
    """
    if not markers:
        return None
    newest = max(marker.at for marker in markers)
    late = {marker.project for marker in markers if marker.at < newest - LATE * 12}
    since = min(marker.at for marker in markers if marker.project not in late) - LATE
    moved = set(late)
    for kind, extra in (("issues", {}), ("merge_requests", {"view": "simple"})):
        pages = by_date(client, f"{group}/{kind}", {**EVERYTHING, **extra}, date_text(since))
        for number, page in enumerate(pages, 1):
            moved.update(str(row.get("project_id")) for row in page.rows)
            if number == MOST_CHANGES and page.more:
                return None
    return frozenset(moved)
