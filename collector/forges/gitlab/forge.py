"""GitLab on any host: python-gitlab with a token, and what can be had without one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from collector.catalogue import Found
from collector.config.values import ForgeConfig
from collector.forge import (
    NOTHING_KNOWN,
    AccessDenied,
    Allowance,
    Cost,
    Page,
    Pulse,
    RepositoryGone,
)
from collector.forges.gitlab import cursor, projects
from collector.forges.gitlab.address import full_path, project_path, quoted
from collector.forges.gitlab.client import Client, Json
from collector.forges.gitlab.heartbeat import Heartbeat
from collector.forges.gitlab.walk import Reader
from collector.transport.counting import counted

_Thing = TypeVar("_Thing")
_IN_ORDER = {"order_by": "id", "sort": "asc"}


class GitLab:
    """One GitLab host with one credential: a person's, a group's or a project's access token."""

    kind = "gitlab"
    slice = 100

    def __init__(self, config: ForgeConfig) -> None:
        self.host = config.host
        self._client = Client(config)
        self._seen: dict[str, Json] = {}
        self._costs: dict[str, Cost] = {}

    @property
    def lacks(self) -> frozenset[str]:
        """Without a token notes are hidden: who reviewed is not known."""
        return frozenset() if self._client.has_token else frozenset({"reviews"})

    def heartbeat(
        self,
        urls: Sequence[str],
        known: Mapping[str, str] = NOTHING_KNOWN,
        cursors: Mapping[str, str] = NOTHING_KNOWN,
        due: Collection[str] = (),
    ) -> Iterator[Pulse]:
        """Cheap facts of many projects; of those that did not move, without asking further."""
        pulses = Heartbeat(self._client, self._seen).pulses(urls, known)
        return self._counted("", pulses)

    def pages(self, url: str, cursor: str | None, *, full: bool = False) -> Iterator[Page]:
        """Everything that changed since ``cursor``; a full reconcile tells also what exists."""
        self._refuse_to_forget(cursor)
        return self._counted(url, self._read(url, cursor, full))

    def sweep(self, url: str, cursor: str) -> Iterator[Page]:
        """A slice of the slow sweep: what changed without a date moving."""
        return self._counted(url, self._sweep(url, cursor))

    def discover(self, url: str) -> Iterator[Found]:
        """The projects of a group with its subgroups, or of a user."""
        return self._counted("", self._owned(url))

    def allowances(self) -> Sequence[Allowance]:
        """What the host said that this credential may still ask."""
        return self._client.transport.allowances()

    def remember(self, found: Sequence[Allowance]) -> None:
        """What was said in earlier passes."""
        self._client.transport.remember(found)

    def cost(self, url: str) -> Cost:
        """What this pass has spent on one project so far; on all together: for ``""``."""
        return self._costs.setdefault(url, Cost())

    def close(self) -> None:
        """Let the connections go."""
        self._client.transport.close()

    def _counted(self, url: str, things: Iterator[_Thing]) -> Iterator[_Thing]:
        return counted(self._client.transport, self.cost(url), things)

    def _read(self, url: str, cursor: str | None, full: bool) -> Iterator[Page]:
        yield from self._reader(url).pages(cursor, full)

    def _sweep(self, url: str, cursor: str) -> Iterator[Page]:
        yield from self._reader(url).sweep(cursor)

    def _reader(self, url: str) -> Reader:
        row = self._seen.get(url)
        if row is None:
            path = project_path(url, self._client.base_url)
            row = self._seen[url] = self._client.get(f"/projects/{quoted(path)}")
        return Reader(self._client, row)

    def _owned(self, url: str) -> Iterator[Found]:
        path = full_path(url, self._client.base_url)
        asked = {"include_subgroups": "true", "with_shared": "false", **_IN_ORDER}
        try:
            yield from map(
                projects.found, self._client.pages(f"/groups/{quoted(path)}/projects", asked)
            )
        except RepositoryGone:
            yield from self._of_user(path)

    def _of_user(self, name: str) -> Iterator[Found]:
        try:
            yield from map(
                projects.found, self._client.pages(f"/users/{quoted(name)}/projects", _IN_ORDER)
            )
        except RepositoryGone:
            raise RepositoryGone(
                f"{self.host} knows no group or user {name!r}, or hides it from the credential in"
                " use: correct the address under discover:, or give the token access."
            ) from None

    def _refuse_to_forget(self, text: str | None) -> None:
        if not self._client.has_token and cursor.made_by(text) == cursor.TOKEN:
            raise AccessDenied(
                "This repository was read with a token so far, and now"
                f" {self._client.transport.endpoint.credential} is not set: set it again. What was"
                " read stays as it is; without a token comments and reviews would be lost."
            )
