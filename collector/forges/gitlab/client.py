"""python-gitlab, whose requests go over our transport.

The library knows GitLab's addresses, parameters and pages; it would wait as long as a host says,
follow a redirect anywhere and read an answer of any size. Our transport does none of these, so
it is put in the place of the library's own sending, and its errors pass through untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from collector.config.values import ForgeConfig
from collector.forge import UnexpectedAnswer
from collector.model import Instant
from collector.transport import Transport
from collector.transport.endpoint import Answer, Endpoint

if TYPE_CHECKING:
    from gitlab import Gitlab

Json = dict[str, Any]
Query = Mapping[str, str | int]

PAGE = 100
"""GitLab gives no more at once."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. ``total`` None: the host does not count (beyond 10,000 it never does)."""

    rows: list[Json]
    total: int | None
    more: bool
    date: Instant | None
    odd: list[Json] = field(default_factory=list)
    """Rows that are not what is documented: no date to page by."""


class Client:
    """One GitLab host with one credential."""

    def __init__(self, config: ForgeConfig) -> None:
        self.host = config.host
        self.base_url = config.base_url.rstrip("/")
        self.transport = Transport(_endpoint(config))
        self._backend = _Backend(self.transport)

    @cached_property
    def _gitlab(self) -> Gitlab:
        from gitlab import Gitlab  # half a second, which other commands need not wait

        return Gitlab(self.base_url, backend=lambda: self._backend, keep_base_url=True)

    @property
    def has_token(self) -> bool:
        return bool(self.transport.endpoint.token)

    def get(self, path: str, query: Query | None = None) -> Json:
        """One thing."""
        data = self._gitlab.http_request("get", path, query_data=dict(query or {})).json()
        if not isinstance(data, dict):
            raise self._strange(path)
        return data

    @property
    def date(self) -> Instant | None:
        """The host's clock at its last answer."""
        return self._backend.last.date

    def page(self, path: str, query: Query) -> Listing:
        """One page of a list."""
        asked = {"per_page": PAGE, **query}
        try:
            rows = list(self._gitlab.http_list(path, asked, get_all=False))
        except (KeyError, TypeError, ValueError):
            raise self._strange(path) from None
        if not all(isinstance(row, dict) for row in rows):
            raise self._strange(path)
        answer = self._backend.last
        return Listing(rows, _number(answer, "x-total"), _has_more(answer, rows), answer.date)

    def pages(self, path: str, query: Query | None = None) -> Iterator[Json]:
        """All things of a list that grows at its end, or that we are content to see as it is."""
        number, more = 1, True
        while more:
            listing = self.page(path, {**(query or {}), "page": number})
            yield from listing.rows
            number, more = number + 1, listing.more

    def _strange(self, path: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(
            f"{self.host} answers {path} with something else than GitLab documents; nothing of it"
            " was stored. Check its base_url under forges:."
        )


class _Reply:
    """An answer in the form that python-gitlab expects of its backend."""

    history = ()

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.response = self
        self.status_code = answer.status
        self.headers = answer.headers
        self.content = b""
        self.reason = ""
        self.links = {"next": {"url": answer.next}} if answer.next else {}

    def json(self) -> Any:
        return self._answer.data


@dataclass(frozen=True, slots=True)
class _NothingSent:
    """We only ask: no request has a body."""

    content_type: str = "application/json"
    json: None = None
    data: None = None


class _Backend:
    """What python-gitlab sends with; keeps the last answer for its headers."""

    client = None

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.last = Answer(0, {}, None, "")

    @staticmethod
    def prepare_send_data(*_: object) -> _NothingSent:
        return _NothingSent()

    def http_request(self, method: str, url: str, params: Any = None, **_: object) -> _Reply:
        """Ask over our transport, whatever the library's own options say."""
        self.last = self._transport.get(url, params or None)
        return _Reply(self.last)


def _has_more(answer: Answer, rows: list[Json]) -> bool:
    """Is there another page? Old hosts and proxies leave out one header or the other."""
    if "x-next-page" in answer.headers:
        return bool(answer.headers["x-next-page"].strip())
    return answer.next is not None or ("link" not in answer.headers and len(rows) >= PAGE)


def _number(answer: Answer, header: str) -> int | None:
    text = answer.headers.get(header, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _endpoint(config: ForgeConfig) -> Endpoint:
    """The API of the host; a relative root (``https://host/gitlab``) is part of its base."""
    base = config.base_url.rstrip("/")
    return Endpoint(
        host=config.host or (urlsplit(base).hostname or ""),
        base_url=f"{base}/api/v4",
        token=config.token,
        credential=config.token_env or "token_env of this host (under forges:)",
        header="PRIVATE-TOKEN",
        scheme="",
        proxy=config.proxy,
        ca_bundle=config.ca_bundle,
        allow_private=not config.built_in,
    )
