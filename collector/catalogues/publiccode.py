"""publiccode.yml, crawled: of a list of repositories and organisations, those that have one.

The file is read over the web, as everybody sees it: one request a repository, and none that
counts against an API's budget.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

from collector.address import Address
from collector.catalogue import Broken, Cursor, Found, Wanted
from collector.catalogues.door import Door
from collector.catalogues.listing import Listing, word
from collector.catalogues.rows import URL_COLUMNS
from collector.forge import ForgeError, RateLimited, RepositoryGone
from collector.problem import Mistake
from collector.publiccode import LARGEST, read_headlines

FILE = "publiccode.yml"


class PublicCode:
    """The repositories of a list that describe themselves."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._listing = Listing(door, wanted.source or "")
        self._door = door

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """Those with a publiccode.yml, with what it says of name, address and origin."""
        known = _heads(cursor)
        seen: dict[str, list[object]] = {}
        for row in self._listing.rows(None):
            if isinstance(row, Broken):
                yield row
                continue
            for found in self._door.opened(word(row, *URL_COLUMNS) or ""):
                if isinstance(found, Broken):
                    yield found
                else:
                    yield from self._described(found, known, seen)
        yield Cursor(json.dumps(seen, sort_keys=True))

    def _described(
        self, found: Found, known: dict[str, list[object]], seen: dict[str, list[object]]
    ) -> Iterator[Found | Broken]:
        try:
            place = self._door.repository(found.url)
            said = known.get(place.key) if found.head else None
            if said is None or said[0] != found.head:
                said = [found.head, *self._read(place)]
        except RateLimited:
            raise
        except (Mistake, ForgeError) as error:
            yield Broken(found.url, str(error), hides=isinstance(error, ForgeError))
            return
        if found.head:
            seen[place.key] = said
        _, there, name, url, based_on = said
        if there:
            origins = tuple(str(each) for each in based_on) if isinstance(based_on, list) else ()
            yield replace(
                found, name=_text(name), declared_url=_text(url), based_on=origins
            )  # fmt: skip

    def _read(self, place: Address) -> list[object]:
        """Whether there is a file, and what it says."""
        address = raw_file(place, self._base(place))
        try:
            document = self._door.host(address).document(address)
        except RepositoryGone:
            return [False, None, None, []]
        assert document is not None  # noqa: S101 - nothing was said of an earlier answer
        with document.file as file:
            said = read_headlines(file.read(LARGEST))
        return [True, said.name, said.url, list(said.based_on)]

    def _base(self, place: Address) -> str:
        forge = self._door.config.forge(place.host)
        return forge.base_url if forge else f"https://{place.host}"


def raw_file(place: Address, base: str, name: str = FILE) -> str:
    """Where a file of the default branch is shown as it is, by the habits of each forge."""
    path = quote(place.path)
    if urlsplit(base).hostname == "github.com":
        return f"https://raw.githubusercontent.com/{path}/HEAD/{name}"
    if place.kind == "gitlab":
        return f"{base}/{path}/-/raw/HEAD/{name}"
    if place.kind in ("forgejo", "gitea"):
        return f"{base}/api/v1/repos/{path}/raw/{name}"
    return f"{base}/{path}/raw/HEAD/{name}"


def _heads(cursor: str | None) -> dict[str, list[object]]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    return {str(key): row for key, row in rows if isinstance(row, list) and len(row) == 5}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
