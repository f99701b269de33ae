"""code.gouv.fr, France: the lists of accounts and of repositories, as JSON or CSV.

Read as published (https://code.gouv.fr/data/codegouvfr-repositories.json and .csv,
codegouvfr-organizations.json and .csv), in the short form that its web site loads, and in the
older form under data/repositories/ and data/organizations/.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from collector.catalogue import Broken, Cursor, Found, Wanted
from collector.catalogues.door import Door
from collector.catalogues.listing import Listing, holds, word
from collector.catalogues.rows import Row
from collector.model import Instant

SOURCE = "https://code.gouv.fr/data/codegouvfr-repositories.json"

OWNERS = ("owner", "organization_url", "o", "organization_name", "organization", "ministry")


class CodeGouvFr:
    """Accounts are opened through their forge; repositories are taken as they are listed."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._publisher = wanted.publisher.casefold().rstrip("/") if wanted.publisher else None
        self._listing = Listing(door, wanted.source or SOURCE)
        self._door = door

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """The repositories of the list, or of the accounts of the list."""
        opened = (cursor or "").startswith("+")
        for row in self._listing.rows(None if opened else cursor):
            if isinstance(row, Broken):
                yield row
            elif _is_account(row):
                opened = True
                yield from self._account(row)
            elif self._is_wanted(row, *OWNERS):
                yield _repository(row)
        yield Cursor("+" if opened else self._listing.cursor())

    def _account(self, row: Row) -> Iterator[Found | Broken]:
        url = word(row, "organization_url", "html_url", "id", "o")
        if not self._is_wanted(row, *OWNERS, "id", "login", "l", "name", "n"):
            return
        if url is None:
            yield Broken(word(row, "login", "l", "name") or "an account", "it has no address")
        else:
            yield from self._door.all_of(url)

    def _is_wanted(self, row: Row, *names: str) -> bool:
        said = (word(row, name) for name in names)
        return self._publisher is None or any(
            each.casefold().rstrip("/") == self._publisher for each in said if each
        )


def _is_account(row: Row) -> bool:
    return "login" in row or ("l" in row and "au" in row)


def _repository(row: Row) -> Found | Broken:
    url = word(row, "repository_url", "html_url", "r") or _address(row)
    if url is None:
        return Broken(word(row, "full_name", "name", "fn", "n") or "an entry", "it has no address")
    return Found(
        url=url,
        description=word(row, "description", "d"),
        archived=holds(row, "archived", "is_archived", "a?"),
        fork=holds(row, "fork", "is_fork", "f?"),
        template=holds(row, "template", "t?"),
        pushed=_instant(word(row, "last_modification", "updated_at", "last_update", "u")),
    )


def _address(row: Row) -> str | None:
    """The address, which the short form gives in two parts and the full one as ``id``."""
    named = word(row, "id")
    if named and "://" in named:
        return named
    host, path = word(row, "platform", "p"), word(row, "full_name", "fn")
    return f"https://{host.removeprefix('https://').strip('/')}/{path}" if host and path else None


def _instant(text: str | None) -> Instant | None:
    try:
        return int(datetime.fromisoformat(text or "").timestamp())
    except (ValueError, OverflowError):
        return None
