"""What a list of repositories is: who publishes what, for the shelf of what is not sorted yet.

One file per catalogue stands in ``catalogues/``. A catalogue yields what it lists, one entry
after the other: entries that can be used, and entries that cannot, each with a sentence why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from collector.model import Instant


@dataclass(frozen=True, slots=True)
class Found:
    """A repository that somebody lists. None: the list does not say.

    ``fork`` and ``fork_of``, ``mirror_of``: what the forge says it was copied from.
    ``declared_url`` and ``based_on``: what its publiccode.yml says. ``pushed``: when somebody
    last pushed. ``head``: its default branch's newest commit, in hex. ``group``: the product
    that several repositories make up.
    """

    url: str
    description: str | None = None
    archived: bool = False
    fork_of: str | None = None
    topics: tuple[str, ...] = ()
    fork: bool = False
    native_id: str | None = None
    name: str | None = None
    template: bool = False
    mirror_of: str | None = None
    private: bool = False
    empty: bool = False
    pushed: Instant | None = None
    head: str | None = None
    declared_url: str | None = None
    based_on: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that cannot be used: how the catalogue names it, and a sentence why.

    ``hides``: more may be listed behind it that could not be seen, a whole organisation say.
    """

    entry: str
    why: str
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """What makes the next reading cheap; opaque to all but the catalogue that made it."""

    text: str


class Unchanged(Exception):
    """Nothing moved since the cursor: what was found then is still what is listed."""


KINDS = ("developers-italia", "code-gouv-fr", "os2", "publiccode", "list")
"""The catalogues that configuration can name; an organisation is named by its URL alone."""

NEED_SOURCE = {
    "os2": "a file with the line `product,url` and then a line for each product's organisation",
    "publiccode": "a file with the address of a repository or organisation in each line",
    "list": "a file with the address of a repository or organisation in each line",
}
"""Those that are read from a file or an address of one's own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list is to be read. ``url``: an organisation's; ``source``: where the list stands.

    ``publisher``: only what this one lists there.
    """

    kind: str
    url: str | None = None
    source: str | None = None
    publisher: str | None = None


class Catalogue(Protocol):
    """A list of repositories that can be read one entry after the other.

    ``entries`` raises the errors of ``forge`` where the list cannot be read, and ``Unchanged``
    before its first entry. At its end it yields its cursor.
    """

    def entries(self, cursor: str | None) -> Iterator[Found | Broken | Cursor]:
        """Everything that is listed now."""
        ...
