"""What moved on a Forgejo or Gitea host? Asked by owner where there are many repositories.

Neither software tells a repository's newest change cheaply, but both can be asked what changed
since a moment. The moment is in the marker, with the few facts that cost a request of their own
and are asked for again only when something moved.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import quote

from collector import clock
from collector.forge import ForgeError, Pulse, RateLimited
from collector.forges.forgejo import records
from collector.forges.forgejo.cursor import OVERLAP
from collector.forges.forgejo.records import Json
from collector.forges.forgejo.walk import text_of, total
from collector.model import Instant, RepositoryFacts
from collector.transport import Transport

ALONE = 5
"""Up to so many repositories of one owner are asked for one by one, exactly."""
FAILING = frozenset({"failure", "error"})

Name = tuple[str, str]


@dataclass(slots=True)
class Marker:
    """What was so at the last heartbeat. ``at``: up to when changes were asked for."""

    id: int = 0
    counts: list[int | str] = field(default_factory=list)
    at: Instant = 0
    totals: dict[str, int] = field(default_factory=dict)
    checks: dict[str, Instant | None] = field(default_factory=dict)
    settled: bool = True
    """False while checks are still running."""
    protected: bool | None = None
    """May the default branch be changed by rules only? None: the host does not say."""

    def text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def marker(text: str | None) -> Marker | None:
    """The marker of a stored text; None where it is of another kind."""
    try:
        return Marker(**json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


class Heart:
    """Asks one host about its repositories."""

    def __init__(self, transport: Transport, host: str, limit: int) -> None:
        self._transport = transport
        self._host = host
        self._limit = limit
        self.seen: dict[str, Json] = {}
        """What the host said of a repository, by its URL, until somebody takes it."""

    def beats(self, names: Mapping[str, Name], known: Mapping[str, str]) -> Iterator[Pulse]:
        """One pulse per repository, owner by owner."""
        owners: dict[str, list[str]] = defaultdict(list)
        for url, (owner, _) in names.items():
            owners[owner.lower()].append(url)
        for urls in owners.values():
            last = {url: marker(known.get(url)) for url in urls}
            owner = names[urls[0]][0]
            listed = self._listed(owner, urls, names) if len(urls) > ALONE else {}
            moved = self._moved(owner, last) if listed else None
            for url in urls:
                yield self._pulse(url, names[url], last[url], listed.get(url), moved)

    # ------------------------------------------------------------ one repository

    def _pulse(
        self, url: str, name: Name, last: Marker | None, raw: Json | None, moved: set[int] | None
    ) -> Pulse:
        try:
            return self._beat(url, name, last, raw, moved)
        except RateLimited:
            raise
        except ForgeError as error:
            return Pulse(url, "", RepositoryFacts(), error=error)
        except records.ODD as error:
            return Pulse(url, "", RepositoryFacts(), error=records.odd(self._host, error))

    def _beat(
        self, url: str, name: Name, last: Marker | None, raw: Json | None, moved: set[int] | None
    ) -> Pulse:
        at = clock.now()
        if raw is None:
            answer = self._transport.get(f"repos/{'/'.join(map(quote, name))}")
            raw, at, moved = answer.data, answer.date or at, None
        path = f"repos/{quote(raw['full_name'])}"
        now = Marker(raw["id"], _counts(raw), at - OVERLAP)
        same = last is not None and (last.id, last.counts) == (now.id, now.counts)
        if same and last is not None and not self._changed(path, raw, last, moved):
            now = replace(last, at=max(last.at, now.at))
        else:
            now.totals = self._totals(path, raw)
            now.protected = self._protected(path, raw)
            same = False
        if not same or not now.settled:
            self._look_at_checks(path, raw, now)
        facts = replace(
            records.facts(raw),
            checks_failing_since=now.checks.get("failing"),
            checks_passed_at=now.checks.get("passed"),
            default_branch_protected=now.protected,
        )
        self.seen[url] = raw
        return Pulse(
            url, now.text(), facts, records.snapshot(raw, at), now.totals,
            moved=None if last is None else not same,
        )  # fmt: skip

    def _changed(self, path: str, raw: Json, last: Marker, moved: set[int] | None) -> bool:
        """Did an issue or change request change since the last heartbeat?"""
        if moved is not None:
            return raw["id"] in moved
        if not (raw["has_issues"] or raw["has_pull_requests"]):
            return False
        asked: dict[str, str | int] = {"state": "all", "since": text_of(last.at), "limit": 1}
        return bool(self._transport.get(f"{path}/issues", asked).data)

    def _totals(self, path: str, raw: Json) -> dict[str, int]:
        """How many issues and change requests are there, by the forge's own count?"""
        found = {}
        for name, kind in (("issues", "issues"), ("change_requests", "pulls")):
            if raw["has_issues"] if kind == "issues" else raw["has_pull_requests"]:
                asked: dict[str, str | int] = {"state": "all", "type": kind, "limit": 1}
                found[name] = total(self._transport.get(f"{path}/issues", asked))
        return found

    def _look_at_checks(self, path: str, raw: Json, now: Marker) -> None:
        """Since when do the default branch's checks fail, or when did they last pass?"""
        now.checks, now.settled = {}, True
        if raw["empty"] or not raw["default_branch"]:
            return
        branch = quote(raw["default_branch"], safe="")
        try:
            found = self._transport.get(f"{path}/commits/{branch}/status").data or {}
        except RateLimited:
            raise
        except ForgeError:
            return  # not every host shows them; nothing else depends on it
        dates = [records.instant(each["created_at"]) for each in found.get("statuses") or ()]
        state = found.get("state")
        now.settled = state != "pending"
        if dates and state in FAILING:
            now.checks = {"failing": min(dates)}
        elif dates and state == "success":
            now.checks = {"passed": max(dates)}

    def _protected(self, path: str, raw: Json) -> bool | None:
        """Does the host say that its default branch is protected?"""
        if raw["empty"] or not raw["default_branch"]:
            return None
        branch = quote(raw["default_branch"], safe="")
        try:
            said = (self._transport.get(f"{path}/branches/{branch}").data or {}).get("protected")
        except RateLimited:
            raise
        except ForgeError:
            return None  # nothing else depends on it
        return said if isinstance(said, bool) else None

    # ------------------------------------------------------------ many of one owner

    def _listed(
        self, owner: str, urls: Sequence[str], names: Mapping[str, Name]
    ) -> dict[str, Json]:
        """The facts of an owner's repositories, a page at a time, as far as they are wanted."""
        wanted = {"/".join(names[url]).lower(): url for url in urls}
        found: dict[str, Json] = {}
        try:
            for answer in self._transport.pages(
                f"users/{quote(owner)}/repos", {"limit": self._limit}
            ):
                for raw in answer.data:
                    if url := wanted.get(raw["full_name"].lower()):
                        found[url] = raw
                if len(found) == len(wanted):
                    break
        except RateLimited:
            raise
        except (ForgeError, *records.ODD):
            return found  # each is asked for alone then, and says what is wrong
        return found

    def _moved(self, owner: str, last: Mapping[str, Marker | None]) -> set[int] | None:
        """The ids of the owner's repositories where an item changed since the last heartbeat."""
        since = min((each.at for each in last.values() if each), default=None)
        if since is None:
            return set()
        asked: dict[str, str | int] = {
            "state": "all", "owner": owner, "since": text_of(since), "limit": self._limit
        }  # fmt: skip
        try:
            answers = list(self._transport.pages("repos/issues/search", asked))
            return {raw["repository"]["id"] for answer in answers for raw in answer.data}
        except RateLimited:
            raise
        except (ForgeError, *records.ODD):
            return None


def _counts(raw: Json) -> list[int | str]:
    return [
        raw["updated_at"], raw["open_issues_count"], raw["open_pr_counter"],
        raw["release_counter"],
    ]  # fmt: skip
