"""A list in one document: at an address, or in a file of this machine that configuration names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from collector.catalogue import Broken, Unchanged
from collector.catalogues.door import Door
from collector.catalogues.rows import Row, rows
from collector.forge import RepositoryGone, UnexpectedAnswer
from collector.transport.download import Validators


class Listing:
    """One document, read again only where it moved."""

    def __init__(self, door: Door, source: str) -> None:
        self.source = source
        self._door = door
        self._validators: Validators = {}

    def rows(self, cursor: str | None) -> Iterator[Row | Broken]:
        """Its rows. Raises ``Unchanged`` where it is as it was at ``cursor``."""
        before = _validators(cursor)
        if "://" in self.source:
            yield from self._from_host(before)
        else:
            yield from self._from_file(before)

    def cursor(self) -> str:
        """What the next reading compares with."""
        return json.dumps(dict(self._validators), sort_keys=True)

    def _from_host(self, before: Validators) -> Iterator[Row | Broken]:
        try:
            found = self._door.host(self.source, named=True).document(self.source, before)
        except RepositoryGone:
            raise UnexpectedAnswer(
                f"There is no list at {self.source}: correct `source` under discover:."
            ) from None
        if found is None:
            self._validators = before
            raise Unchanged
        self._validators = found.validators
        with found.file:
            yield from rows(found.file, self.source)

    def _from_file(self, before: Validators) -> Iterator[Row | Broken]:
        path = self._door.config.base / Path(self.source)
        try:
            with path.open("rb") as file:
                self._validators = {"digest": hashlib.file_digest(file, "sha256").hexdigest()}
                if self._validators == before:
                    raise Unchanged
                file.seek(0)
                yield from rows(file, self.source)
        except OSError as error:
            raise UnexpectedAnswer(
                f"The list {self.source} cannot be read ({error.strerror}): correct `source` under"
                " discover:, or put the file there."
            ) from None


def _validators(cursor: str | None) -> Validators:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def word(row: Row, *names: str) -> str | None:
    """The first of these keys that says something."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return None


def holds(row: Row, *names: str) -> bool:
    """Is one of these keys true, as JSON or as CSV writes it?"""
    return any(str(row.get(name, "")).casefold() in ("true", "1", "yes") for name in names)
