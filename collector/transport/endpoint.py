"""A host that is spoken to over HTTP, and an answer of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from collector.model import Instant
from collector.transport.limits import http_date


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and how it is spoken to. ``token`` never appears in a message.

    ``credential`` says where the token comes from, as people know it: a variable's name, or,
    where ``is_app``, the App that is given tokens.
    ``allow_private``: configuration names this host, so its address may be a private one.
    """

    host: str
    base_url: str
    token: str | None = field(default=None, repr=False)
    credential: str = "the host's token"
    is_app: bool = False
    header: str = "Authorization"
    scheme: str = "Bearer "
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = field(default=None, repr=False)
    ca_bundle: Path | None = None
    allow_private: bool = False

    @property
    def proof(self) -> str:
        """What we prove ourselves with, as a sentence calls it."""
        return self.credential if self.is_app else f"the token in {self.credential}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered: always a status below 400, and JSON that could be read."""

    status: int
    headers: Mapping[str, str]
    data: Any
    url: str

    @property
    def unchanged(self) -> bool:
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-github-request-id") or self.headers.get("x-request-id")

    @property
    def date(self) -> Instant | None:
        """The host's own clock."""
        return http_date(self.headers.get("date"))

    @property
    def next(self) -> str | None:
        """Where the next page is (``Link``), or None."""
        found = re.search(r'<([^<>]*)>\s*;[^,<]*\brel="?next\b', self.headers.get("link", ""))
        return urljoin(self.url, found[1]) if found else None


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an address: what a credential may be sent to."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
