"""An organisation, user or group on a forge: all that it has there."""

from __future__ import annotations

from collections.abc import Iterator

from collector.catalogue import Broken, Cursor, Found, Wanted
from collector.catalogues.door import Door


class Organisation:
    """What the forge lists of one owner."""

    def __init__(self, wanted: Wanted, door: Door) -> None:
        self._url = wanted.url or ""
        self._door = door

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """Every repository of the owner; the forge has no way to say that none is new."""
        yield from self._door.owned(self._url)
        yield Cursor("")
