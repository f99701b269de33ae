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
    basis: str | None = None
    """Changes when anything does that the month's values rest on."""
    rests_on: str | None = None
    """The same of its judgement: values, thresholds, definitions."""


@dataclass(frozen=True, slots=True)
class StoredPast:
    """What is stored of a project's past: on what each month rests, and by which definitions."""

    months: Mapping[Instant, tuple[str | None, str | None]] = field(default_factory=dict)
    """Month → its basis, and what its judgement rests on."""
    versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatusChange:
    """From one status to another, from this day on. ``before`` is empty where history begins."""

    at: Instant
    before: str
    after: str
    reason: Phrase = field(default_factory=lambda: Phrase(""))
