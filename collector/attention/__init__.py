"""What an OSPO works through each week: rules over situations, gravest entry first."""

from collector.attention.declared import DECISIONS
from collector.attention.goals import Goal, Way, way
from collector.attention.listing import Group, attention, entry_json, grouped, shown
from collector.attention.situations import KINDS, Decision, Entry, Situation, situation

__all__ = [
    "DECISIONS",
    "KINDS",
    "Decision",
    "Entry",
    "Goal",
    "Group",
    "Situation",
    "Way",
    "attention",
    "entry_json",
    "grouped",
    "shown",
    "situation",
    "way",
]
