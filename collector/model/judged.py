"""What is kept of judgements: one a month, and the events between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.model.phrase import Phrase
from collector.model.records import Instant


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """What was thought of a project at the start of a month. ``answers``: by question."""

    as_of: Instant
    status: str
    reason: Phrase
    risk: str
    criticality: int
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """From one status to another, from this day on. ``before`` is empty where history begins."""

    at: Instant
    before: str
    after: str
    reason: Phrase = field(default_factory=lambda: Phrase(""))
