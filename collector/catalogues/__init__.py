"""Lists of repositories: one file per catalogue, and the files that help them.

``organisation``, ``developers_italia``, ``code_gouv_fr``, ``os2``, ``publiccode``, ``plain_list``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collector.catalogue import Catalogue, Wanted
from collector.catalogues.code_gouv_fr import CodeGouvFr
from collector.catalogues.developers_italia import DevelopersItalia
from collector.catalogues.door import Door
from collector.catalogues.organisation import Organisation
from collector.catalogues.os2 import Os2
from collector.catalogues.plain_list import PlainList
from collector.catalogues.publiccode import PublicCode

__all__ = ["CATALOGUES", "Door", "open_catalogue"]

CATALOGUES: Mapping[str, Callable[[Wanted, Door], Catalogue]] = {
    "organisation": Organisation,
    "developers-italia": DevelopersItalia,
    "code-gouv-fr": CodeGouvFr,
    "os2": Os2,
    "publiccode": PublicCode,
    "list": PlainList,
}
"""The catalogue that each name in configuration stands for."""


def open_catalogue(wanted: Wanted, door: Door) -> Catalogue:
    """The catalogue that is wanted."""
    return CATALOGUES[wanted.kind](wanted, door)
