"""The test forges' world in GitLab's words: projects, issues, merge requests, notes, events."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.forge.world import FIRST_DAY, Json, Repository, World, timeline

GHOST: Json = {"id": 1, "username": "ghost", "name": "Ghost User", "state": "active"}
_STATES = {"ClosedEvent": "closed", "ReopenedEvent": "reopened", "MergedEvent": "merged"}
_SYSTEM = {
    "ConvertToDraftEvent": "marked this merge request as **draft**",
    "ReadyForReviewEvent": "marked this merge request as **ready**",
}


def number(name: str) -> int:
    """A native id as GitLab gives them."""
    return zlib.crc32(name.encode()) >> 1


def is_change(item: Json) -> bool:
    return "mergedAt" in item


class Told:
    """What a GitLab says of a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def user(self, login: str | None) -> Json:
        if login is None:
            return GHOST
        return {
            "id": self.world.account_id(login),
            "username": login.removesuffix("[bot]"),
            "name": login,
            "state": "active",
        }

    def actor(self, login: str | None) -> Json | None:
        """Who changed a state; None: GitLab does not say."""
        return None if login is None else self.user(login)

    # ------------------------------------------------------------ projects

    def project(self, found: Repository) -> Json:
        full = found.full_name
        opened = sum(item["state"] == "OPEN" for item in found.issues)
        return {
            "id": number(found.id),
            "name": found.name,
            "path_with_namespace": full,
            "description": found.described,
            "web_url": f"{self.world.web}/{full}",
            "created_at": FIRST_DAY,
            "default_branch": "main",
            "last_activity_at": _activity(found),
            "archived": found.archived_at is not None,
            "visibility": "private" if found.private else "public",
            "issues_enabled": True,
            "merge_requests_enabled": True,
            "jobs_enabled": found.checks is not None,
            "empty_repo": False,
            "open_issues_count": opened,
            "star_count": found.stars,
            "forks_count": 0,
            "topics": list(found.topics),
        }

    def license(self, found: Repository) -> Json | None:
        return {"key": found.license.lower()} if found.license else None

    def pipelines(self, found: Repository) -> list[Json]:
        states = {"SUCCESS": ["success"], "FAILURE": ["failed", "canceled", "failed", "success"]}
        return [
            {"id": 9 - n, "status": each, "updated_at": f"2024-01-0{9 - n}T00:00:00.000Z"}
            for n, each in enumerate(states.get(found.checks or "", []))
        ]

    def release(self, raw: Json) -> Json:
        return {
            "tag_name": raw["tagName"],
            "created_at": raw["createdAt"],
            "released_at": raw["publishedAt"],
            "author": self.user(raw["author"]),
        }

    # ------------------------------------------------------------ items

    def item(self, item: Json, project: Repository) -> Json:
        change, open_ = is_change(item), item["state"] == "OPEN"
        merged = item.get("mergedAt")
        comments = len(item["comments"]) + sum(
            len(list(self._review(review))) for review in item.get("reviews", ())
        )
        found: Json = {
            "id": number(item["id"]),
            "iid": item["number"],
            "project_id": number(project.id),
            "title": item["title"],
            "state": "opened" if open_ else "merged" if merged else "closed",
            "author": self.user(item["author"]),
            "created_at": _exact(item["createdAt"]),
            "updated_at": item.get("brokenDate") or _exact(item["updatedAt"]),
            "closed_at": None if merged else item["closedAt"],
            "closed_by": self.actor(item.get("closedBy")),
            "labels": item["labels"],
            "user_notes_count": comments,
        }
        if not change:
            return {**found, "confidential": item.get("confidential", False)}
        merge = item["mergeCommit"]
        return {
            **found,
            "draft": item.get("isDraft", False),
            "merged_at": merged,
            "merge_user": self.actor(item["mergedBy"]),
            "merge_commit_sha": merge["oid"] if merge else None,
            "squash_commit_sha": item.get("squash"),
            "sha": item.get("sha"),
        }

    def notes(self, item: Json) -> list[Json]:
        """Comments, what GitLab says itself, approvals, and notes on the diff, oldest first."""
        found = []
        for each in timeline(item):
            kind = each["__typename"]
            if kind == "IssueComment":
                found.append(self._note(each["id"], each["createdAt"], each["author"]))
                found[-1]["internal"] = each["id"] in _internal(item)
            elif kind in _SYSTEM:
                said = {"system": True, "body": _SYSTEM[kind]}
                found.append(self._note(each["id"], each["createdAt"], each["actor"], **said))
            elif kind == "PullRequestReview":
                found += self._review(each)
        return sorted(found, key=lambda note: str(note["created_at"]))

    def _review(self, review: Json) -> Iterator[Json]:
        who = review["author"]
        if review["state"] == "APPROVED":
            said = {"system": True, "body": "approved this merge request"}
            yield self._note(review["id"], review["createdAt"], who, **said)
        else:
            yield self._note(review["id"], review["createdAt"], who, type="DiffNote")
        for place, each in enumerate(review["comments"]):
            name = f"{review['id']}/comment/{place}"
            yield self._note(name, each["createdAt"], who, type="DiffNote")

    def _note(self, name: str, at: str, who: str | None, **facts: Any) -> Json:
        return {
            "id": number(name), "type": None, "body": "words", "system": False,
            "internal": False, "author": self.user(who), "created_at": _exact(at), **facts,
        }  # fmt: skip

    def states(self, item: Json) -> list[Json]:
        """Changes of state; a merge is not also a closing here."""
        return [
            {
                "id": number(each["id"]),
                "user": self._changer(each),
                "created_at": _exact(each["createdAt"]),
                "state": _STATES[each["__typename"]],
            }
            for each in timeline(item)
            if each["__typename"] in _STATES
            and not (
                each["__typename"] == "ClosedEvent" and item.get("mergedAt") == each["createdAt"]
            )
        ]

    def _changer(self, each: Json) -> Json | None:
        """A reopening by somebody who vanished is the ghost's; a closing by nobody is nobody's."""
        reopened = each["__typename"] == "ReopenedEvent"
        return self.user(each["actor"]) if reopened else self.actor(each["actor"])

    def events(self, found: Repository) -> list[Json]:
        """The project's events that are comments, oldest first."""
        rows = []
        for item in found.items():
            kind = "MergeRequest" if is_change(item) else "Issue"
            for note in self.notes(item):
                if not note["system"]:
                    told = {**note, "noteable_type": kind, "noteable_id": number(item["id"])}
                    at = note["created_at"]
                    rows.append({"action_name": "commented on", "created_at": at, "note": told})
        return sorted(rows, key=lambda row: str(row["created_at"]))


def _internal(item: Json) -> set[str]:
    """The comments that only members see."""
    return {
        each.get("id", f"{item['id']}/comment/{place}")
        for place, each in enumerate(item["comments"])
        if each.get("internal")
    }


def _exact(at: str) -> str:
    """With the fractions of a second that GitLab gives."""
    return at.replace("Z", ".250Z")


def _activity(found: Repository) -> str:
    """``last_activity_at``: it does not move within an hour of its last move (not for all acts)."""
    moments = sorted(
        {
            datetime.fromisoformat(at)
            for item in found.items()
            for at in (item["createdAt"], item["updatedAt"])
            if not item.get("silent")
        }
    )
    last = datetime.fromisoformat(FIRST_DAY)
    for moment in moments:
        if moment - last >= timedelta(hours=1):
            last = moment
    return last.strftime("%Y-%m-%dT%H:%M:%S.000Z")
