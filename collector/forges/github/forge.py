"""GitHub: GraphQL with a token, REST without; github.com and GitHub Enterprise Server alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from collector.catalogue import Found
from collector.config.values import ForgeConfig
from collector.forge import (
    NOTHING_KNOWN,
    AccessDenied,
    Allowance,
    Cost,
    ForgeError,
    Page,
    Pulse,
    RateLimited,
    RepositoryGone,
)
from collector.forges.github import cursor as github_cursor
from collector.forges.github import heartbeat as github_heartbeat
from collector.forges.github.address import owner_and_name
from collector.forges.github.ahead import Ahead
from collector.forges.github.app import AppToken
from collector.forges.github.found import found, found_listed
from collector.forges.github.graphql import GraphQL, document
from collector.forges.github.rest import Rest
from collector.forges.github.walk import WHOLE_PAGE, Reader
from collector.model import RepositoryFacts
from collector.transport import Transport
from collector.transport.counting import counted
from collector.transport.endpoint import Endpoint

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
PUBLIC_API = "https://api.github.com"


PULSES_AT_ONCE = 1000
"""Repositories among which those that moved, and those to be swept, are asked for together."""

_Thing = TypeVar("_Thing")


class GitHub:
    """One GitHub host with one credential."""

    kind = "github"
    slice = WHOLE_PAGE

    def __init__(self, config: ForgeConfig) -> None:
        self.host = config.host
        endpoint = endpoint_of(config)
        self._has_token = bool(config.token or config.app)
        self._transport = Transport(endpoint, app_token(config))
        self._graphql = "graphql" if endpoint.base_url == PUBLIC_API else "../graphql"
        self._costs: dict[str, Cost] = {}
        self._ahead = Ahead(self.host)

    @property
    def lacks(self) -> frozenset[str]:
        """What cannot be read this way: without a token, who reviewed, merged and closed."""
        return frozenset() if self._has_token else frozenset({"reviews", "actors"})

    def heartbeat(
        self,
        urls: Sequence[str],
        known: Mapping[str, str] = NOTHING_KNOWN,
        cursors: Mapping[str, str] = NOTHING_KNOWN,
        due: Collection[str] = (),
    ) -> Iterator[Pulse]:
        """Cheap facts of many repositories."""
        if self._has_token:
            pulses = github_heartbeat.heartbeat(self._client(""), urls)
            pulses = self._asked_ahead(pulses, known, cursors, due)
        else:
            pulses = self._without_token(urls)
        return self._counted("", pulses)

    def pages(self, url: str, cursor: str | None, *, full: bool = False) -> Iterator[Page]:
        """Everything that changed since ``cursor``; a full reconcile tells also what exists."""
        owner, name = owner_and_name(url)
        if self._has_token:
            pages = self._with_all_answers(url, cursor, full)
        else:
            self._refuse_to_forget(cursor)
            pages = Rest(self._transport, self.host).pages(owner, name, cursor, full)
        return self._counted(url, pages)

    def sweep(self, url: str, cursor: str) -> Iterator[Page]:
        """A slice of the slow sweep: what changed without a date moving; needs a token."""
        if not self._has_token or github_cursor.made_by(cursor) != "graphql":
            return iter(())
        return self._counted(url, self._reader(url).sweep(cursor))

    def discover(self, url: str) -> Iterator[Found]:
        """The repositories of an organisation or user."""
        login = urlsplit(url).path.strip("/").partition("/")[0]
        listed = self._owned(login) if self._has_token else self._listed(login)
        return self._counted("", listed)

    def allowances(self) -> Sequence[Allowance]:
        """What GitHub said that this credential may still ask."""
        return self._transport.allowances()

    def remember(self, found: Sequence[Allowance]) -> None:
        """What was said in earlier passes."""
        self._transport.remember(found)

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def cost(self, url: str) -> Cost:
        """What this pass has spent on one repository so far; on all together: for ``""``."""
        return self._costs.setdefault(url, Cost())

    # ------------------------------------------------------------ with a token

    def _client(self, url: str) -> GraphQL:
        def note(points: int) -> None:
            self.cost(url).points += points

        return GraphQL(self._transport, self._graphql, note)

    def _asked_ahead(
        self,
        pulses: Iterator[Pulse],
        known: Mapping[str, str],
        cursors: Mapping[str, str],
        due: Collection[str],
    ) -> Iterator[Pulse]:
        """The pulses; before each group of them, what they will be asked next is asked together."""
        for some in in_groups(pulses, PULSES_AT_ONCE):
            read = [p for p in some if p.error is None and p.url in cursors]
            moved = {p.url for p in read if p.marker != known.get(p.url)}
            # What moved is read first, and swept after it: an answer of now would be older.
            still = {p.url: p.totals for p in read if p.url in due and p.url not in moved}
            self._ahead.ask(
                self._client(""),
                {u: t for u, t in cursors.items() if u in moved},
                {u: (cursors[u], totals) for u, totals in still.items()},
            )
            yield from some

    def _reader(self, url: str) -> Reader:
        return Reader(self._client(url), self.host, url, self._ahead)

    def _with_all_answers(self, url: str, cursor: str | None, full: bool) -> Iterator[Page]:
        if github_cursor.made_by(cursor) == "rest":
            # What was read without a token goes by other ids: it makes room before the new comes.
            cursor = github_cursor.Cursor(walk=github_cursor.Walk(everything=True)).text()
            yield Page(cursor, existing=frozenset())
        yield from self._reader(url).pages(cursor, full)

    def _owned(self, login: str) -> Iterator[Found]:
        client, after, more = self._client(""), None, True
        while more:
            question = {"login": login, "after": after}
            owner = client.ask(document("owner"), question).data.get("repositoryOwner")
            if owner is None:
                raise self._no_owner(login)
            page = owner["repositories"]
            yield from (found(raw) for raw in page["nodes"] or () if raw)
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    def _no_owner(self, login: str) -> RepositoryGone:
        return RepositoryGone(
            f"{self.host} knows no organisation or user {login!r}: correct the address under"
            " discover:."
        )

    # ------------------------------------------------------------ without

    def _without_token(self, urls: Sequence[str]) -> Iterator[Pulse]:
        rest = Rest(self._transport, self.host)
        for url in urls:
            try:
                yield rest.pulse(url, *owner_and_name(url))
            except RateLimited:
                raise
            except ForgeError as error:
                yield Pulse(url, "", RepositoryFacts(), error=error)

    def _listed(self, login: str) -> Iterator[Found]:
        try:
            for answer in self._transport.pages(f"users/{login}/repos", {"per_page": 100}):
                yield from map(found_listed, answer.data)
        except RepositoryGone:
            raise self._no_owner(login) from None

    def _refuse_to_forget(self, cursor: str | None) -> None:
        if github_cursor.made_by(cursor) == "graphql":
            name = self._transport.endpoint.credential
            raise AccessDenied(
                f"This repository was read with a token so far, and now {name} is not set: set it"
                " again. What was read stays as it is; without a token reviews would be lost."
            )

    def _counted(self, url: str, things: Iterator[_Thing]) -> Iterator[_Thing]:
        return counted(self._transport, self.cost(url), things)


def in_groups(pulses: Iterator[Pulse], size: int) -> Iterator[list[Pulse]]:
    """Pulses in groups; those that came before a failure are given before it is raised."""
    some: list[Pulse] = []
    failure: ForgeError | None = None
    try:
        for pulse in pulses:
            some.append(pulse)
            if len(some) == size:
                yield some
                some = []
    except ForgeError as error:
        failure = error
    if some:
        yield some
    if failure is not None:
        raise failure


def app_token(config: ForgeConfig) -> AppToken | None:
    """The token of a GitHub App, renewed as it ends; None: there is no App."""
    return AppToken(endpoint_of(config), config.app) if config.app else None


def endpoint_of(config: ForgeConfig) -> Endpoint:
    """Where the API is: api.github.com, or /api/v3 of an Enterprise Server."""
    base = config.base_url.rstrip("/")
    public = urlsplit(base).hostname in ("github.com", "www.github.com")
    return Endpoint(
        host=config.host,
        base_url=PUBLIC_API if public else f"{base}/api/v3",
        token=config.token,
        credential=_credential(config),
        is_app=config.app is not None,
        headers=HEADERS,
        proxy=config.proxy,
        ca_bundle=config.ca_bundle,
        allow_private=not config.built_in,
    )


def _credential(config: ForgeConfig) -> str:
    """What people know the credential by."""
    if config.app is None:
        return config.token_env or "token_env of this host (under forges:)"
    place = f" (installation {config.app.installation})" if config.app.installation else ""
    return f"the GitHub App {config.app.id}{place}"
