"""A list of one's own: CSV, JSON, or an address a line; of repositories and organisations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from collector.catalogue import Broken, Cursor, Found, Wanted
from collector.catalogues.door import Door
from collector.catalogues.listing import Listing, word
from collector.catalogues.rows import URL_COLUMNS, Row


class PlainList:
    """Columns beside the address: ``name``, ``project`` (what several make up), ``publisher``."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._publisher = wanted.publisher
        self._listing = Listing(door, wanted.source or "")
        self._door = door

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """What the list names, organisations opened."""
        # Organisations move without the list moving: only a list without any can be unchanged.
        opened = (cursor or "").startswith("+")
        for row in self._listing.rows(None if opened else cursor):
            if isinstance(row, Broken):
                yield row
            elif self._publisher in (None, word(row, "publisher")):
                opened |= self._door.owner(word(row, *URL_COLUMNS) or "")
                yield from self._of(row)
        yield Cursor("+" if opened else self._listing.cursor())

    def _of(self, row: Row) -> Iterator[Found | Broken]:
        url = word(row, *URL_COLUMNS)
        if url is None:
            yield Broken(str(dict(row))[:80], "it has no address")
            return
        name, group = word(row, "name", "title"), word(row, "project", "product", "group")
        for found in self._door.opened(url):
            if isinstance(found, Found):
                yield replace(found, name=found.name or name, group=group)
            else:
                yield found
