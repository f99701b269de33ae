"""What if a supplier, a person or a source of money goes?"""

from collector.whatif.outcomes import (
    KINDS,
    Flip,
    Now,
    Outcome,
    Without,
    now,
    outcome,
    people,
    scenarios,
)
from collector.whatif.written import from_json, to_json

__all__ = [
    "KINDS",
    "Flip",
    "Now",
    "Outcome",
    "Without",
    "from_json",
    "now",
    "outcome",
    "people",
    "scenarios",
    "to_json",
]
