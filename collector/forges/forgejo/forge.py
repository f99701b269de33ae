"""Forgejo and Gitea: their REST, with a token or without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

from collector.catalogue import Found
from collector.config.values import ForgeConfig
from collector.forge import (
    NOTHING_KNOWN,
    Allowance,
    Cost,
    ForgeError,
    Page,
    Pulse,
    RepositoryGone,
    UnexpectedAnswer,
)
from collector.forges.forgejo import cursor as forgejo_cursor
from collector.forges.forgejo import records
from collector.forges.forgejo.heartbeat import Heart, Name
from collector.forges.forgejo.records import Json
from collector.forges.forgejo.walk import Place, Reader
from collector.model import RepositoryFacts
from collector.transport import Transport
from collector.transport.endpoint import Endpoint

LIMIT = 50
"""Items a page, where a host does not say how many it gives at most."""

_Thing = TypeVar("_Thing")


class Forgejo:
    """One host of Forgejo or Gitea with one credential."""

    kind = "forgejo"
    slice = 50

    def __init__(self, config: ForgeConfig) -> None:
        self.host = config.host
        self._below = urlsplit(config.base_url).path.strip("/")
        self._transport = Transport(_endpoint(config))
        self._limit: int | None = None
        self._places: dict[str, Place] = {}
        self._costs: dict[str, Cost] = {}

    @property
    def lacks(self) -> frozenset[str]:
        """Nothing: reviews and actors are told, with a token and without."""
        return frozenset()

    def heartbeat(
        self,
        urls: Sequence[str],
        known: Mapping[str, str] = NOTHING_KNOWN,
        cursors: Mapping[str, str] = NOTHING_KNOWN,
        due: Collection[str] = (),
    ) -> Iterator[Pulse]:
        """Cheap facts of many repositories."""
        return self._counted("", self._beats(urls, known))

    def pages(self, url: str, cursor: str | None, *, full: bool = False) -> Iterator[Page]:
        """Everything that changed since ``cursor``; a full reconcile tells also what exists."""
        return self._counted(url, self._reading(url, lambda r: r.pages(cursor, full)))

    def sweep(self, url: str, cursor: str) -> Iterator[Page]:
        """A slice of the slow sweep: what changed without a date moving."""
        if not forgejo_cursor.read(cursor).watermarks:
            return iter(())
        return self._counted(url, self._reading(url, lambda r: r.sweep(cursor)))

    def discover(self, url: str) -> Iterator[Found]:
        """The repositories of an organisation or user."""
        return self._counted("", self._owned(url))

    def allowances(self) -> Sequence[Allowance]:
        """What the host said that its credential may still ask."""
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

    # ------------------------------------------------------------ how

    def _beats(self, urls: Sequence[str], known: Mapping[str, str]) -> Iterator[Pulse]:
        names: dict[str, Name] = {}
        for url in urls:
            try:
                names[url] = self._name(url)
            except UnexpectedAnswer as error:
                yield Pulse(url, "", RepositoryFacts(), error=error)
        heart = Heart(self._transport, self.host, self._page_size())
        for pulse in heart.beats(names, known):
            if pulse.url in heart.seen:
                self._places[pulse.url] = self._place_of(heart.seen.pop(pulse.url))
            yield pulse

    def _reading(self, url: str, read: Callable[[Reader], Iterator[Page]]) -> Iterator[Page]:
        yield from read(Reader(self._transport, self.host, self._place(url)))

    def _place(self, url: str) -> Place:
        """Where the repository is now, and which lists it has: one request without a heartbeat."""
        if url not in self._places:
            owner, name = self._name(url)
            raw = self._transport.get(f"repos/{quote(owner)}/{quote(name)}").data
            self._places[url] = self._place_of(raw)
        return self._places[url]

    def _place_of(self, raw: Json) -> Place:
        return Place(
            f"repos/{quote(raw['full_name'])}",
            bool(records.facts(raw).has_issues),
            raw["has_pull_requests"] and not raw["empty"],
            self._page_size(),
        )

    def _page_size(self) -> int:
        """How many items the host gives at once, as its settings say."""
        if self._limit is None:
            try:
                settings = self._transport.get("settings/api").data
                self._limit = max(1, int(settings["max_response_items"]))
            except RepositoryGone:  # an old version, which clamps silently
                self._limit = LIMIT
        return self._limit

    def _owned(self, url: str) -> Iterator[Found]:
        owner = self._path(url).partition("/")[0]
        try:
            for answer in self._transport.pages(
                f"users/{quote(owner)}/repos", {"limit": self._page_size()}
            ):
                yield from (_found(raw) for raw in answer.data)
        except RepositoryGone:
            raise RepositoryGone(
                f"{self.host} knows no organisation or user {owner!r}: correct the address under"
                " discover:."
            ) from None

    def _path(self, url: str) -> str:
        path = unquote(urlsplit(url).path).strip("/").removesuffix(".git")
        return path.removeprefix(f"{self._below}/") if self._below else path

    def _name(self, url: str) -> Name:
        owner, slash, name = self._path(url).partition("/")
        if not slash or not owner or not name or "/" in name:
            raise UnexpectedAnswer(
                f"{url} names no repository of this host: write https://HOST/OWNER/NAME."
            )
        return owner, name

    def _counted(self, url: str, things: Iterator[_Thing]) -> Iterator[_Thing]:
        """Pass things on, note the requests that each took, and understand what is not there."""
        cost = self.cost(url)
        while True:
            before = self._transport.sent()
            try:
                thing = next(things)
            except StopIteration:
                return
            except ForgeError:
                raise
            except records.ODD as error:
                raise records.odd(self.host, error) from error
            finally:
                cost.requests += self._transport.sent() - before
            yield thing


def _endpoint(config: ForgeConfig) -> Endpoint:
    return Endpoint(
        host=config.host,
        base_url=f"{config.base_url.rstrip('/')}/api/v1",
        token=config.token,
        credential=config.token_env or "token_env of this host (under forges:)",
        scheme="token ",
        proxy=config.proxy,
        ca_bundle=config.ca_bundle,
        allow_private=not config.built_in,
    )


def _found(raw: Json) -> Found:
    facts = records.facts(raw)
    return Found(
        url=raw["html_url"],
        description=raw["description"] or None,
        archived=raw["archived"],
        fork_of=facts.fork_of,
        topics=facts.topics,
        fork=raw["fork"],
        native_id=facts.native_id,
        name=raw["name"],
        template=raw["template"],
        mirror_of=facts.mirror_of,
        private=bool(facts.private),
        empty=bool(facts.empty),
    )
