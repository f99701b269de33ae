"""Which words do people read? Status, result, risk and role of METRICS.md, with their shapes."""

from __future__ import annotations

from dataclasses import dataclass

from collector.metrics import METRICS
from dashboard.i18n import N_


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with the shape that says the same: its name in our style sheet and in charts."""

    word: str
    shape: str
    meaning: str = ""

    @property
    def mark(self) -> str:
        """The same shape for a chart: a name it knows, or the outline."""
        return MARKS[self.shape]


_RING = "M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0ZM-.5,0A.5,.5,0,1,0,.5,0A.5,.5,0,1,0,-.5,0Z"
_FRAME = "M-.9,-.9H.9V.9H-.9ZM-.6,-.6V.6H.6V-.6Z"
_BAR = "M-1,-.3H1V.3H-1Z"
MARKS = {
    "disc": "circle",
    "ring": _RING,
    "plus": "cross",
    "diamond": "diamond",
    "square": "square",
    "down": "triangle-down",
    "hollow": _FRAME,
    "bar": _BAR,
}
"""Each shape has one outline, beside a word as in a chart."""


STATUS = {
    "active": Sign(N_("active"), "disc", N_("work goes on")),
    "quiet": Sign(N_("quiet, looked after"), "ring", N_("little changes, somebody answers")),
    "new": Sign(N_("new"), "plus", N_("first published less than 90 days ago")),
    "slowing": Sign(N_("less care than usual"), "diamond", N_("a longer pause than is its habit")),
    "at_rest": Sign(N_("at rest"), "square", N_("no care for a year")),
    "abandoned": Sign(
        N_("left alone though it is used"),
        "down",
        N_("no care for a year while somebody waits or relies on it"),
    ),
    "unknown": Sign(N_("could not be read"), "hollow", N_("no successful reading yet")),
    "retired": Sign(N_("retired"), "bar", N_("declared retired, or archived")),
}
ORDER = tuple(STATUS)
LOOKED_AFTER = frozenset({"active", "quiet", "new"})
NEEDS_DECISION = frozenset({"slowing", "at_rest", "abandoned"})

RESULT = {
    "met": Sign(N_("met"), "disc"),
    "at risk": Sign(N_("at risk"), "diamond"),
    "not met": Sign(N_("not met"), "down"),
    "too few cases": Sign(N_("too few cases to judge"), "ring"),
    "unknown": Sign(N_("not collected"), "hollow"),
    "n/a": Sign(N_("does not apply"), "bar"),
}
RISK = {
    "high": Sign(N_("high"), "down"),
    "raised": Sign(N_("raised"), "diamond"),
    "low": Sign(N_("low"), "disc"),
    "": Sign(N_("not judged"), "hollow"),
}
COLOUR = {
    "met": "active",
    "low": "active",
    "at risk": "slowing",
    "raised": "slowing",
    "not met": "abandoned",
    "high": "abandoned",
    "too few cases": "at-rest",
    "unknown": "unknown",
    "n/a": "unknown",
    "": "unknown",
}
"""The colour of a result or risk, borrowed from the one scale of the statuses."""

QUESTIONS = {
    "work": N_("Is work going on?"),
    "survive": N_("Would it survive a departure?"),
    "take_part": N_("Can others take part?"),
    "safe": N_("Is it safe?"),
    "paid": N_("Is it paid for?"),
}
ANSWER_SHORT = {
    "met": N_("yes"),
    "at risk": N_("partly"),
    "not met": N_("no"),
    "too few cases": N_("too few cases"),
    "unknown": N_("not known"),
    "n/a": N_("does not apply"),
}

REPOSITORY = {
    "ok": N_("read"),
    "pending": N_("not read yet"),
    "failed": N_("could not be read"),
    "limited": N_("waits for the host's limit"),
    "gone": N_("is gone"),
    "moved": N_("has moved"),
    "archived": N_("read, archived"),
    "empty": N_("read, empty"),
}
PASS = {"collect": N_("collection"), "demo": N_("demonstration")}
READ_STATES = frozenset({"ok", "archived", "empty", "moved"})

VALUE_STATE = {
    "ok": N_("measured"),
    "n/a": N_("does not apply"),
    "unknown": N_("not collected"),
}


FAMILIES = {
    "commits": N_("Work"),
    "contributors": N_("People"),
    "affiliation_coverage": N_("Organisations"),
    "time_to_first_response_issues": N_("Others can take part"),
    "release_frequency": N_("Deliveries"),
    "community_files": N_("Openness on paper"),
    "days_to_contract_end": N_("It goes on"),
    "commits_ahead": N_("Forks"),
    "invalid_dates": N_("Can the records be trusted?"),
}
"""The families of METRICS.md, each by its first metric; it goes on until the next one begins."""


def families() -> list[tuple[str, list[str]]]:
    """Give the families of metrics with their keys: every metric stands in one."""
    found: list[tuple[str, list[str]]] = []
    for metric in METRICS:
        if metric.key in FAMILIES:
            found.append((FAMILIES[metric.key], []))
        found[-1][1].append(metric.key)
    return found


def status(key: str) -> Sign:
    """Give the sign of a status; one we do not know is said as it is."""
    return STATUS.get(key) or Sign(key, "hollow")


def result(key: str) -> Sign:
    """Give the sign of a check's result."""
    return RESULT.get(key) or Sign(key, "hollow")
