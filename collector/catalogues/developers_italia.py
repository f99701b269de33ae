"""Developers Italia: the API of the Italian catalogue, which the Swiss one speaks too.

``/software`` lists what has a publiccode.yml, page by page; ``/publishers/ID`` says where a
publisher keeps its code. ``source`` names another catalogue's address, ``/v1`` included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from collector.catalogue import Broken, Cursor, Found, Unchanged, Wanted
from collector.catalogues.door import Door
from collector.forge import RepositoryGone, UnexpectedAnswer
from collector.publiccode import read_headlines
from collector.transport.endpoint import Answer

SOURCE = "https://api.developers.italia.it/v1"
PAGE = 100

Json = Mapping[str, Any]


class DevelopersItalia:
    """A catalogue that speaks this API. ``publisher``: its id, or its other id (iPA code)."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._base = (wanted.source or SOURCE).rstrip("/")
        self._publisher = wanted.publisher
        self._host = door.host(self._base, named=True)
        self._pages: list[tuple[str, str]] = []

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """What is listed; of a publisher, what lies where it keeps its code."""
        hosted = self._hosted() if self._publisher else None
        before = _pages(cursor)
        if before and self._is_unchanged(before):
            raise Unchanged
        for answer in self._listed():
            for raw in answer.data["data"]:
                found = _found(raw)
                if hosted is None or isinstance(found, Broken) or _within(found, hosted):
                    yield found
        yield from (Found(url) for url, whole in hosted or () if not whole)
        yield Cursor(json.dumps(self._pages if all(tag for _, tag in self._pages) else []))

    def _listed(self) -> Iterator[Answer]:
        """Every page of the software."""
        url: str | None = f"{self._base}/software?{urlencode({'page[size]': PAGE})}"
        self._pages = []
        while url is not None:
            answer = self._host.get(url)
            if not isinstance(answer.data, dict) or not isinstance(answer.data.get("data"), list):
                raise UnexpectedAnswer(
                    f"{self._base} does not answer as the API of Developers Italia does: correct"
                    " `source` under discover:; it ends in /v1."
                )
            self._pages.append((url, answer.etag or ""))
            yield answer
            url = _next(answer)
            if url in {known for known, _ in self._pages}:
                raise UnexpectedAnswer(f"{self._base} lists its pages in a circle.")

    def _is_unchanged(self, pages: Sequence[tuple[str, str]]) -> bool:
        """Is each page as it was? Only the whole list tells what has disappeared."""
        return all(self._host.get(url, etag=etag).unchanged for url, etag in pages)

    def _hosted(self) -> list[tuple[str, bool]]:
        """Where does the publisher keep its code: (address, whether it is a whole organisation)?"""
        try:
            answer = self._host.get(f"{self._base}/publishers/{self._publisher}")
        except RepositoryGone:
            raise UnexpectedAnswer(
                f"{self._base} knows no publisher {self._publisher!r}: correct `publisher` under"
                " discover:."
            ) from None
        listed = answer.data.get("codeHosting") if isinstance(answer.data, dict) else None
        return [
            (each["url"], bool(each.get("group", True)))
            for each in listed or ()
            if isinstance(each, dict) and isinstance(each.get("url"), str)
        ]


def _pages(cursor: str | None) -> list[tuple[str, str]]:
    try:
        return [(str(url), str(etag)) for url, etag in json.loads(cursor or "[]")]
    except (ValueError, TypeError):
        return []


def _next(answer: Answer) -> str | None:
    """The address of the next page; it may come as a query alone."""
    links = answer.data.get("links")
    there = links.get("next") if isinstance(links, dict) else None
    if not isinstance(there, str) or not there:
        return None
    url = urljoin(answer.url, there)
    query = {"page[size]": str(PAGE), **dict(parse_qsl(urlsplit(url).query))}
    return f"{url.partition('?')[0]}?{urlencode(query)}"


def _found(raw: object) -> Found | Broken:
    if not isinstance(raw, dict) or not isinstance(raw.get("url"), str) or not raw["url"]:
        name = raw.get("id") if isinstance(raw, dict) else None
        return Broken(f"software {name}" if name else str(raw)[:80], "it has no address")
    text, aliases = raw.get("publiccodeYml"), raw.get("aliases")
    said = read_headlines(text.encode()) if isinstance(text, str) else None
    return Found(
        url=raw["url"],
        name=said.name if said else None,
        declared_url=said.url if said else None,
        based_on=said.based_on if said else (),
        aliases=tuple(each for each in aliases or () if isinstance(each, str)),
    )


def _within(found: Found, hosted: Sequence[tuple[str, bool]]) -> bool:
    """Does a repository lie where the publisher keeps its code?"""
    for url in (found.url, *found.aliases):
        path = _plain(url)
        if any(path == _plain(at) or path.startswith(_plain(at) + "/") for at, _ in hosted):
            return True
    return False


def _plain(url: str) -> str:
    return url.partition("://")[2].rstrip("/").removesuffix(".git").casefold()
