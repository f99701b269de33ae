"""How far reading a Forgejo repository has come, as text that survives a stop at any moment."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from collector.model import Instant

VERSION = 1
OVERLAP = 600
"""Seconds before the newest change seen that are read again: an indexer or a clock may lag."""

PULLS, ISSUES, COMMENTS, OWED, RELEASES = "pulls", "issues", "comments", "owed", "releases"


@dataclass(slots=True)
class Walk:
    """A walk under way: which lists it reads, and where each goes on."""

    everything: bool
    """All items, the oldest change requests and the newest issues first; else what changed."""
    first: bool = False
    """Nothing was read before: what reading costs is bounded."""
    reconcile: bool = False
    began: Instant | None = None
    """The host's own clock at the first answer: no watermark lies after it."""
    page: dict[str, int] = field(default_factory=dict)
    offset: int = 0
    """Items of the present page that are done."""
    done: list[str] = field(default_factory=list)
    newest: dict[str, Instant] = field(default_factory=dict)
    spent: int = 0
    allowed: int = 0
    """Requests that a first reading may cost, once the totals are known."""
    listed: int = 0
    """Items that were listed without their timelines."""


@dataclass(slots=True)
class Cursor:
    """``watermarks``: the newest change seen in a completed walk, by list, less the overlap.

    ``owed``: numbers of closed issues whose timelines are still to be read.
    """

    watermarks: dict[str, Instant] = field(default_factory=dict)
    walk: Walk | None = None
    owed: list[int] = field(default_factory=list)
    sweep: dict[str, int] = field(default_factory=dict)
    """The page of each list at which the slow sweep goes on; 0: that list is done."""

    def text(self) -> str:
        """What is stored."""
        return json.dumps({"version": VERSION, **asdict(self)}, separators=(",", ":"))


def read(text: str | None) -> Cursor:
    """The cursor of a stored text; a fresh one where there is none, or of another kind."""
    raw = json.loads(text) if text else {}
    if raw.get("version") != VERSION or "owed" not in raw:
        return Cursor()
    return Cursor(raw["watermarks"], raw["walk"] and Walk(**raw["walk"]), raw["owed"], raw["sweep"])
