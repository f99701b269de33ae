"""What GitLab says of a project itself: from its JSON to facts, a snapshot, and a finding."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from collector.catalogue import Found
from collector.forge import AccessDenied, RepositoryGone
from collector.forges.gitlab.address import quoted
from collector.forges.gitlab.client import Client, Json
from collector.forges.gitlab.records import instant, shaped
from collector.licences import expression
from collector.model import Instant, RepositoryFacts, Snapshot

RECENT = 20
"""Pipelines that are looked through for the last one that passed."""
_OUTCOMES = {"success": True, "failed": False}

Checks = tuple[Instant | None, Instant | None]
"""Since when the default branch's checks fail, and when they last passed."""


KEPT = (
    "id", "name", "path_with_namespace", "description", "web_url", "created_at",
    "default_branch", "last_activity_at", "archived", "visibility", "empty_repo",
    "issues_enabled", "merge_requests_enabled", "jobs_enabled", "issues_access_level",
    "open_issues_count", "star_count", "forks_count", "topics", "tag_list", "mirror",
    "import_url", "license",
)  # fmt: skip
"""What is used of a project; a group may have thousands, of some kilobytes each."""


def kept(raw: Json) -> Json:
    """A project's row without what is not used."""
    origin = raw.get("forked_from_project")
    found = {name: raw[name] for name in KEPT if name in raw}
    if isinstance(origin, dict):
        found["forked_from_project"] = {"web_url": origin.get("web_url")}
    return found


@shaped
def facts(
    raw: Json, licence: str | None, checks: Checks, protected: bool | None
) -> RepositoryFacts:
    """What the forge says of the project now. GitLab does not say when it was archived."""
    failing, passed = checks
    return RepositoryFacts(
        native_id=str(raw["id"]),
        canonical_url=raw["web_url"],
        default_branch=raw.get("default_branch"),
        created=instant(raw["created_at"]),
        archived=bool(raw.get("archived", False)),
        fork_of=(raw.get("forked_from_project") or {}).get("web_url"),
        mirror_of=mirror_of(raw),
        private=raw.get("visibility", "public") != "public",
        empty=raw.get("empty_repo"),
        has_issues=_is_open(raw),
        license=licence,
        topics=topics(raw),
        checks_failing_since=failing,
        checks_passed_at=passed,
        default_branch_protected=protected,
    )


@shaped
def snapshot(raw: Json, at: Instant) -> Snapshot:
    """The counts that the forge gives only as of now; it has no watchers."""
    return Snapshot(at, raw.get("star_count"), raw.get("forks_count"))


@shaped
def found(raw: Json) -> Found:
    """What a group's list says of a project, for the shelf of unsorted ones."""
    origin = raw.get("forked_from_project")
    pushed = raw.get("last_activity_at")
    return Found(
        url=raw["web_url"],
        description=raw.get("description"),
        archived=bool(raw.get("archived", False)),
        fork=origin is not None,
        fork_of=(origin or {}).get("web_url"),
        topics=topics(raw),
        native_id=str(raw["id"]),
        name=raw.get("name"),
        mirror_of=mirror_of(raw),
        private=raw.get("visibility", "public") != "public",
        empty=bool(raw.get("empty_repo", False)),
        pushed=instant(pushed) if pushed else None,
    )


def topics(raw: Json) -> tuple[str, ...]:
    """Its topics (old hosts say tags)."""
    return tuple(str(each) for each in raw.get("topics") or raw.get("tag_list") or ())


def licence(raw: Json) -> str | None:
    """The SPDX id of what GitLab found (``gpl-3.0``, ``other`` …)."""
    key = (raw.get("license") or {}).get("key")
    return expression(str(key)) if key else None


def mirror_of(raw: Json) -> str | None:
    """Where a mirror pulls from, if that is shown to us; never with the password in it."""
    origin = raw.get("import_url")
    if not (raw.get("mirror") and origin):
        return None
    parts = urlsplit(str(origin))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_open(raw: Json) -> bool | None:
    """Is its issue tracker on, and for everybody? (``issues_enabled``: for us.)"""
    level = raw.get("issues_access_level")
    return level in ("enabled", "public") if level else raw.get("issues_enabled")


def protected(client: Client, raw: Json) -> bool | None:
    """May its default branch be changed by rules only? Where that is not shown, nobody knows."""
    branch = raw.get("default_branch")
    if not branch or raw.get("empty_repo"):
        return None
    try:
        said = client.get(f"/projects/{raw['id']}/repository/branches/{quoted(str(branch))}")
    except (AccessDenied, RepositoryGone):
        return None
    found = said.get("protected")
    return found if isinstance(found, bool) else None


def checks(client: Client, raw: Json) -> Checks:
    """Do the default branch's pipelines pass? Where they are not shown, nobody knows."""
    branch = raw.get("default_branch")
    if not branch or raw.get("jobs_enabled") is False:
        return None, None
    asked: dict[str, str | int] = {
        "ref": str(branch), "scope": "finished", "order_by": "id", "sort": "desc",
        "per_page": RECENT,
    }  # fmt: skip
    try:
        rows = client.page(f"/projects/{raw['id']}/pipelines", asked).rows
    except (AccessDenied, RepositoryGone):
        return None, None
    return _standing(rows)


@shaped
def _standing(rows: list[Json]) -> Checks:
    failing = None
    for row in rows:
        passed = _OUTCOMES.get(row["status"])
        at = instant(row.get("updated_at") or row["created_at"])
        if passed:
            return failing, at
        if passed is False:
            failing = at
    return failing, None
