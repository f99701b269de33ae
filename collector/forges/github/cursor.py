"""How far reading a GitHub repository has come, as text that survives a stop at any moment."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from collector.model import Instant

VERSION = 1
OVERLAP = 600
"""Seconds before the newest change seen that are read again: clocks of a forge disagree."""

ISSUES, CHANGE_REQUESTS, RELEASES = "issues", "changeRequests", "releases"
KINDS = (ISSUES, CHANGE_REQUESTS, RELEASES)


@dataclass(slots=True)
class Walk:
    """A walk under way: what is asked for, and where each list goes on."""

    everything: bool
    """All items by creation; otherwise those changed since the watermark, newest first."""
    after: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    newest: dict[str, Instant] = field(default_factory=dict)
    reconcile: bool = False

    def is_done(self, kind: str) -> bool:
        return kind in self.done


@dataclass(slots=True)
class Cursor:
    """``watermarks``: the newest change seen in a completed walk, by kind, less the overlap."""

    via: str = "graphql"
    watermarks: dict[str, Instant] = field(default_factory=dict)
    walk: Walk | None = None
    sweep: dict[str, str] = field(default_factory=dict)
    """Where the slow sweep goes on; empty at the start of a round."""
    releases: int | None = None
    """How many releases there were when all were last known."""

    def text(self) -> str:
        """What is stored."""
        return json.dumps({"version": VERSION, **asdict(self)}, separators=(",", ":"))


def read(text: str | None, via: str = "graphql") -> Cursor:
    """The cursor of a stored text; a fresh one where there is none, or of another kind."""
    raw = json.loads(text) if text else {}
    if raw.get("version") != VERSION or raw.get("via") != via:
        return Cursor(via)
    walk = raw["walk"] and Walk(**raw["walk"])
    return Cursor(via, raw["watermarks"], walk, raw["sweep"], raw.get("releases"))


def made_by(text: str | None) -> str | None:
    """Which path wrote this cursor (graphql | rest)? None: no cursor."""
    return json.loads(text).get("via") if text else None
