"""GitLab without a token: what was said, from the project's events.

Notes are shown to signed-in readers only; events are not hidden. They reach back three years
(less on old hosts), so older comments stay unknown, and reviews are said to be unknown at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from collector.forge import AccessDenied, Page, RepositoryGone
from collector.forges.gitlab import records
from collector.forges.gitlab.client import Client, Json
from collector.forges.gitlab.cursor import COMMENTS, Cursor, Walk
from collector.model import DAY, Response


class Comments:
    """Reads the comments of one project that its events tell of, oldest first."""

    def __init__(self, client: Client, project: str) -> None:
        self._client = client
        self._path = f"/projects/{project}/events"

    def pages(self, cursor: Cursor, walk: Walk) -> Iterator[Page]:
        """Page after page, each beginning on the last day seen."""
        number = 1
        while COMMENTS not in walk.done:
            day = _day_before(walk.keys.get(COMMENTS))
            asked: dict[str, str | int] = {"action": "commented", "sort": "asc"}
            if day is not None:
                asked["after"] = day
            try:
                listing = self._client.page(self._path, {**asked, "page": number})
            except (AccessDenied, RepositoryGone):
                return  # not shown to us either
            if listing.rows:
                walk.keys[COMMENTS] = str(listing.rows[-1]["created_at"])
            moved = _day_before(walk.keys.get(COMMENTS)) != day
            number = 1 if moved else number + 1
            if not listing.more:
                walk.done.append(COMMENTS)
                cursor.watermarks[COMMENTS] = _instant(walk.keys.get(COMMENTS))
            found = [said for row in listing.rows if (said := self._said(row)) is not None]
            yield Page(cursor.text(), responses=found)

    @records.shaped
    def _said(self, row: Json) -> Response | None:
        raw = row.get("note")
        kind = records.TYPES.get(raw["noteable_type"]) if raw else None
        if not raw or kind is None:
            return None
        return records.note(self._client.host, records.native_id(kind, raw["noteable_id"]), raw)


def _instant(text: str | None) -> int:
    return records.instant(text) if text else 0


def _day_before(text: str | None) -> str | None:
    """The date after whose end events are asked for, so that this moment's day is among them."""
    if not text:
        return None
    return datetime.fromtimestamp(records.instant(text) - DAY, UTC).strftime("%Y-%m-%d")
