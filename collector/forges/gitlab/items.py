"""An item of GitLab with everything that happened to it.

GitLab has no list of a project's notes: they are asked for item by item, and so are changes of
state; both need a token. Notes are asked for where there are any (the list counts them), and of
each merge request that anybody touched, because approvals are told there and counted nowhere.
The project's events would give all of it a hundred at once, but they are deleted after three
years, and with whoever caused them: a reopening by somebody who left would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.forge import AccessDenied, RepositoryGone
from collector.forges.gitlab import records
from collector.forges.gitlab.client import Client, Json
from collector.forges.gitlab.records import Item
from collector.model import EventKind, ItemKind, Response

PATHS = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "merge_requests"}
NOTES_IN_ORDER = {"sort": "asc", "order_by": "created_at"}


class Items:
    """Reads the items of one project whole."""

    def __init__(self, client: Client, project: str) -> None:
        self._client = client
        self._project = project
        self._tells_states = True

    def whole(self, kind: ItemKind, raw: Json) -> Item | None:
        """The item of a list's row; None: it vanished since."""
        record = records.record(self._client.host, raw, kind)
        try:
            found = list(self._responses(kind, raw, record.native_id))
        except RepositoryGone:
            return None
        return Item(record, tuple(found))

    def _responses(self, kind: ItemKind, raw: Json, item: str) -> Iterator[Response]:
        touched = _is_touched(raw)
        if raw.get("user_notes_count", 1) or (kind is ItemKind.CHANGE_REQUEST and touched):
            yield from self._notes(kind, raw["iid"], item)
        states = self._states(kind, raw["iid"], item) if touched else []
        yield from states
        yield from records.ending(self._client.host, raw, item, states)

    def _notes(self, kind: ItemKind, number: int, item: str) -> Iterator[Response]:
        path = f"/projects/{self._project}/{PATHS[kind]}/{number}/notes"
        for raw in self._client.pages(path, NOTES_IN_ORDER):
            response = records.note(self._client.host, item, raw)
            if response is not None:
                yield response

    def _states(self, kind: ItemKind, number: int, item: str) -> list[Response]:
        """Its changes of state. Hosts before 13.2 do not tell: the list's own fields must do."""
        if not self._tells_states:
            return []
        path = f"/projects/{self._project}/{PATHS[kind]}/{number}"
        try:
            raws = list(self._client.pages(f"{path}/resource_state_events"))
        except (RepositoryGone, AccessDenied):
            self._client.get(path)  # if it is the item that is gone, this says so
            self._tells_states = False
            return []
        return records.states(self._client.host, item, raws)


def without_token(host: str, kind: ItemKind, raw: Json) -> Item:
    """The item as its list alone tells it; of a reopening the list says only that it is open."""
    record = records.record(host, raw, kind)
    found = list(records.ending(host, raw, record.native_id, ()))
    if not found and record.updated != record.created:
        name = f"{record.native_id}/open"
        found = [Response(name, record.native_id, EventKind.REOPENED, record.updated, None, False)]
    return Item(record, tuple(found))


def _is_touched(raw: Json) -> bool:
    """An item that is open and never changed was not closed, and nobody approved it."""
    return bool(raw["state"] != "opened" or raw["updated_at"] != raw["created_at"])
