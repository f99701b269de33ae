"""What an owner's list says of a repository, as the shelf of unsorted ones takes it."""

from __future__ import annotations

from collector.catalogue import Found
from collector.forges.github.records import Json, instant


def found(raw: Json) -> Found:
    """A repository of a GraphQL list."""
    branch = raw["defaultBranchRef"] or {}
    return Found(
        url=raw["url"],
        description=raw["description"],
        archived=raw["isArchived"],
        fork=raw["parent"] is not None,
        fork_of=(raw["parent"] or {}).get("url"),
        topics=tuple(node["topic"]["name"] for node in raw["repositoryTopics"]["nodes"] or ()),
        native_id=raw["id"],
        template=raw["isTemplate"],
        mirror_of=raw["mirrorUrl"],
        private=raw["isPrivate"],
        empty=raw["isEmpty"],
        pushed=instant(raw["pushedAt"]) if raw["pushedAt"] else None,
        head=(branch.get("target") or {}).get("oid"),
    )


def found_listed(raw: Json) -> Found:
    """A repository of a REST list, which does not say what it is a fork of."""
    pushed = raw.get("pushed_at")
    return Found(
        url=raw["html_url"],
        description=raw["description"],
        archived=raw["archived"],
        fork=bool(raw.get("fork")),
        topics=tuple(raw.get("topics") or ()),
        native_id=raw["node_id"],
        template=bool(raw.get("is_template")),
        mirror_of=raw.get("mirror_url"),
        private=bool(raw.get("private")),
        pushed=instant(pushed) if pushed else None,
    )
