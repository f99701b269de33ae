"""What moved on a GitLab? Groups by their lists, the rest project by project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector import clock
from collector.forge import (
    CredentialRefused,
    ForgeError,
    Pulse,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from collector.forges.gitlab import marker as markers
from collector.forges.gitlab import projects
from collector.forges.gitlab.address import project_path, quoted
from collector.forges.gitlab.client import Client, Json
from collector.forges.gitlab.groups import Listed, plan
from collector.forges.gitlab.marker import Marker
from collector.forges.gitlab.records import instant, shaped
from collector.forges.gitlab.walk import EVERY, KINDS
from collector.model import Instant, ItemKind, RepositoryFacts

HOUR = 3600
HOST_IS_DOWN_AFTER = 3
"""Projects in a row that the host fails for before it counts as down."""
TOTALS = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "change_requests"}


class Heartbeat:
    """One heartbeat over many projects; keeps what GitLab said of each for the reading after it."""

    def __init__(self, client: Client, seen: dict[str, Json]) -> None:
        self._client = client
        self._seen = seen
        self._failures = 0

    def pulses(self, urls: Sequence[str], known: Mapping[str, str]) -> Iterator[Pulse]:
        """One pulse per URL. One that is gone does not lose the others."""
        paths: dict[str, str] = {}
        for url in urls:
            try:
                paths[url] = project_path(url, self._client.base_url).lower()
            except UnexpectedAnswer as error:
                yield Pulse(url, "", RepositoryFacts(), error=error)
        former = {
            url: found
            for url in paths
            if (found := markers.read(known.get(url))) is not None
            and found.signed_in == self._client.has_token
        }
        ours = [url for url in urls if url in paths]
        for some, listed in plan(self._client, ours, paths, former):
            for url in some:
                yield self._pulse(url, paths[url], former.get(url), listed)

    def _pulse(self, url: str, path: str, former: Marker | None, listed: Listed | None) -> Pulse:
        try:
            pulse = self._one(url, path, former, listed)
        except (RateLimited, CredentialRefused):
            raise
        except ForgeError as error:
            self._failures = self._failures + 1 if isinstance(error, Unavailable) else 0
            if self._failures >= HOST_IS_DOWN_AFTER:
                raise
            return Pulse(url, "", RepositoryFacts(), error=error)
        self._failures = 0
        return pulse

    def _one(self, url: str, path: str, former: Marker | None, listed: Listed | None) -> Pulse:
        row = _row(path, former, listed)
        at = listed.date if listed else None
        if row is None:
            row = projects.kept(self._client.get(f"/projects/{quoted(path)}", {"license": "true"}))
            at, listed = self._client.date, None
        self._seen[url] = row
        at = at or clock.now()
        if former is not None and _is_same(row, former, listed):
            return _told(url, row, former, at, moved=False)
        licence = former.licence if former and listed else self._licence(row, listed)
        return _told(url, row, self._closer(row, licence), at, moved=True)

    def _licence(self, row: Json, listed: Listed | None) -> str | None:
        """A group's list does not tell it."""
        if listed is None or row.get("empty_repo"):
            return projects.licence(row)
        return projects.licence(self._client.get(f"/projects/{row['id']}", {"license": "true"}))

    def _closer(self, row: Json, licence: str | None) -> Marker:
        """What is asked only of a project that moved: checks, how many items, whose branch."""
        failing, passed = projects.checks(self._client, row)
        totals = {}
        for name, kind in KINDS.items():
            if row.get(f"{name}_enabled", True):
                asked: dict[str, str | int] = {**EVERY[kind], "per_page": 1}
                count = self._client.page(f"/projects/{row['id']}/{name}", asked).total
                if count is not None:
                    totals[TOTALS[kind]] = count
        signed_in = self._client.has_token
        guarded = projects.protected(self._client, row)
        return Marker(0, "", "", None, licence, failing, passed, totals, signed_in, guarded)


def _row(path: str, former: Marker | None, listed: Listed | None) -> Json | None:
    """What a list says of this project: by its path, or by its id if it was renamed there."""
    if listed is None:
        return None
    renamed = listed.by_id.get(former.project) if former else None
    return listed.by_path.get(path) or renamed


@shaped
def _is_same(row: Json, former: Marker, listed: Listed | None) -> bool:
    """Did nothing move since the last heartbeat?

    Whatever happens to items moves ``last_activity_at`` unless that moved within the hour
    before. So where no list of changes was asked, a project was quiet if that date is the same
    and was already an hour old at the last heartbeat. (Labels, drafts and titles move nothing
    there; the slow sweep finds them.)
    """
    if str(row["id"]) != former.project or row["last_activity_at"] != former.activity:
        return False
    if row.get("open_issues_count") != former.open_issues:
        return False
    if listed is not None and listed.moved is not None:
        return former.project not in listed.moved
    return instant(former.activity) + HOUR < former.at


@shaped
def _told(url: str, row: Json, known: Marker, at: Instant, *, moved: bool) -> Pulse:
    new = Marker(
        at=at,
        project=str(row["id"]),
        activity=row["last_activity_at"],
        open_issues=row.get("open_issues_count"),
        licence=known.licence,
        failing=known.failing,
        passed=known.passed,
        totals=known.totals,
        signed_in=known.signed_in,
        protected=known.protected,
    )
    facts = projects.facts(row, known.licence, (known.failing, known.passed), known.protected)
    return Pulse(
        url, new.text(), facts, projects.snapshot(row, at), dict(known.totals), moved=moved
    )
