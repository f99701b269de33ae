"""What a heartbeat remembers of a project, so that the next one need not ask it again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from collector.model import Instant

VERSION = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """A project at a heartbeat. ``at`` is the host's clock then: what moved later is news."""

    at: Instant
    project: str
    activity: str
    open_issues: int | None = None
    licence: str | None = None
    failing: Instant | None = None
    passed: Instant | None = None
    totals: dict[str, int] = field(default_factory=dict)
    signed_in: bool = False
    protected: bool | None = None

    def text(self) -> str:
        """What is stored."""
        return json.dumps({"version": VERSION, **asdict(self)}, separators=(",", ":"))


def read(text: str | None) -> Marker | None:
    """The marker of a stored text; None where there is none, or one of another version."""
    try:
        raw = json.loads(text or "{}")
        return Marker(**raw) if raw.pop("version", None) == VERSION else None
    except (ValueError, TypeError, AttributeError):
        return None
