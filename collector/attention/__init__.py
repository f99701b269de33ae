"""What an OSPO works through each week: rules over situations, gravest entry first."""

from collector.attention.listing import attention, entry_json, shown
from collector.attention.situations import (
    Decision,
    Entry,
    Goal,
    Situation,
    situation,
)

__all__ = [
    "Decision",
    "Entry",
    "Goal",
    "Situation",
    "attention",
    "entry_json",
    "shown",
    "situation",
]
