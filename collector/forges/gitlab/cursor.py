"""How far reading a GitLab project has come, as text that survives a stop at any moment."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from collector.model import Instant

VERSION = 1
OVERLAP = 600
"""Seconds before the newest change seen that are read again: clocks of a forge disagree."""

ISSUES, CHANGE_REQUESTS, COMMENTS = "issues", "merge_requests", "comments"
TOKEN, ANONYMOUS = "token", "anonymous"


@dataclass(slots=True)
class Walk:
    """A walk under way: by change, oldest first, each list going on from ``keys``."""

    everything: bool
    keys: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    floors: dict[str, Instant] = field(default_factory=dict)
    """Changes that this walk left to the next one: the next watermark is not above them."""
    reconcile: bool = False
    releases_since: Instant = 0


@dataclass(slots=True)
class Cursor:
    """``watermarks``: the newest change seen in a completed walk, by list, less the overlap."""

    via: str
    watermarks: dict[str, Instant] = field(default_factory=dict)
    walk: Walk | None = None
    sweep: dict[str, str] = field(default_factory=dict)
    """Where the slow sweep goes on; empty at the start of a round, "" for a list at its end."""

    def text(self) -> str:
        """What is stored."""
        return json.dumps({"version": VERSION, **asdict(self)}, separators=(",", ":"))


def read(text: str | None, via: str) -> Cursor:
    """The cursor of a stored text; a fresh one where there is none, or of another way."""
    raw = json.loads(text) if text else {}
    if raw.get("version") != VERSION or raw.get("via") != via:
        return Cursor(via)
    walk = raw["walk"] and Walk(**raw["walk"])
    return Cursor(via, raw["watermarks"], walk, raw["sweep"])


def made_by(text: str | None) -> str | None:
    """Was this cursor made with a token or without? None: no cursor."""
    return json.loads(text).get("via") if text else None
