"""OS2, Denmark: each product has an organisation of its own, and its repositories make it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from collector.catalogue import Broken, Cursor, Found, Wanted
from collector.catalogues.door import Door
from collector.catalogues.listing import Listing, word
from collector.catalogues.rows import URL_COLUMNS, Row


class Os2:
    """A list of organisations, one a product; ``name`` is the product's."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._publisher = wanted.publisher
        self._listing = Listing(door, wanted.source or "")
        self._door = door

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """The repositories of every product."""
        for row in self._listing.rows(None):
            if isinstance(row, Broken):
                yield row
                continue
            product = _product(row)
            if self._publisher is None or self._publisher.casefold() == product.casefold():
                for found in self._door.opened(word(row, *URL_COLUMNS) or ""):
                    yield replace(found, group=product) if isinstance(found, Found) else found
        yield Cursor("")


def _product(row: Row) -> str:
    url = word(row, *URL_COLUMNS) or ""
    return word(row, "product", "name", "title") or url.rstrip("/").rpartition("/")[2]
