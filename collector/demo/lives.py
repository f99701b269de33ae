"""Which lives do public projects lead? One row per kind of life that an OSPO meets.

A row says how much happens and who does it; ``records`` turns it into commits and answers,
``portfolio`` into contracts, users and services. Rates are per month, delays in hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp

Shape = Callable[[float, int], float]
"""(months before the end of the record, calendar month 1–12) → how busy, 1 = as usual."""


def steady(_ago: float, month: int) -> float:
    """Usual work: less in summer and around new year."""
    return 0.55 if month in {7, 8, 12} else 1.0


def slowing(ago: float, month: int) -> float:
    """Busy once; in the last year and a half less each month, lately nothing."""
    return 0.0 if ago < 5 else steady(ago, month) * min(1.0, (ago - 4) / 18)


def seasonal(_ago: float, month: int) -> float:
    """Work from January to May, when it is needed; silence after."""
    return 1.0 if month <= 5 else 0.02


def finished(ago: float, _month: int) -> float:
    """Built once, then a touch now and then."""
    return max(0.05, exp(-1.2 * max(0.0, 4 - ago / 12)))


def fading(stop: float) -> Shape:
    """Ordinary work that ended so many months ago."""
    return lambda ago, month: 0.0 if ago < stop else steady(ago, month)


@dataclass(frozen=True, slots=True)
class Life:
    """One kind of life. ``share``: of 100 projects, how many lead it."""

    key: str
    share: int
    people: tuple[int, int]
    commits: tuple[float, float]
    issues: tuple[float, float]
    shape: Shape = steady
    leader: float = 0.3
    """Share of the work that the busiest person does."""
    supplier: float = 0.0
    """Share of the people who work for a supplier."""
    reviewed: float = 0.7
    """Share of the changes that come as a change request."""
    outsiders: float = 0.4
    """Share of the issues that come from outside."""
    answered: float = 0.92
    delay: float = 20.0
    """Median wait of an answered item."""
    release_every: tuple[int, int] | None = (20, 60)
    dumps: bool = False
    bots: float = 0.08
    """Bot commits per human commit."""
    months: tuple[int, int] | None = None
    """Age of the project; None: as long as the demonstration reaches back."""
    archived: bool = False
    readable: bool = True
    contract: str = "none"
    """none | current | ending | ended"""
    used: float = 0.5
    """Chance of named users and a live service."""
    rhythm: str = "steady"
    papers: float = 0.75
    """Chance of each community file."""


LIVES: tuple[Life, ...] = (
    Life("active-team", 16, (5, 9), (11, 28), (2, 6), leader=0.25, delay=9, papers=0.95, used=0.7),
    Life("one-person", 14, (1, 1), (3, 9), (0.3, 1.2), leader=1.0, reviewed=0.1, answered=0.7),
    Life(
        "contract-ending", 12, (2, 4), (6, 15), (1, 3), supplier=0.85, delay=30, contract="ending"
    ),
    Life(
        "code-dumps", 6, (1, 2), (0.5, 0.9), (0.3, 1), reviewed=0.0, dumps=True, supplier=1.0,
        answered=0.35, delay=300, release_every=None, bots=0.0, contract="current", papers=0.4,
    ),
    Life(
        "seasonal", 6, (2, 4), (8, 18), (0.8, 2), shape=seasonal, rhythm="seasonal", used=1.0
    ),
    Life(
        "finished", 8, (1, 3), (6, 15), (0.4, 1.2), shape=finished, reviewed=0.5, answered=1.0,
        delay=26, rhythm="finished", used=1.0, release_every=(60, 180), papers=0.9,
    ),
    Life("slowing", 8, (2, 4), (5, 12), (0.6, 2), shape=slowing, answered=0.5, delay=150),
    Life(
        "abandoned", 5, (1, 3), (4, 9), (0.5, 1.2), shape=fading(17), answered=0.05, outsiders=0.95,
        used=1.0, contract="ended", supplier=0.6, papers=0.6,
    ),
    Life("at-rest", 7, (1, 2), (3, 10), (0.2, 0.6), shape=fading(20), outsiders=0.0, used=0.0,
         papers=0.5),
    Life("new", 5, (2, 4), (14, 35), (1, 4), months=(1, 2), release_every=(9, 20), used=0.2,
         papers=0.6),
    Life("archived", 5, (1, 4), (4, 9), (0.4, 1.2), shape=fading(9), archived=True, used=0.0),
    Life("unreadable", 2, (2, 3), (5, 9), (0.6, 1.5), shape=fading(1), readable=False),
    Life("bot-heavy", 6, (2, 4), (3, 8), (0.4, 1.4), bots=2.2, delay=40, used=0.4),
)  # fmt: skip


def allot(projects: int) -> list[Life]:
    """Which lives do so many projects lead? All kinds as far as they go, then by their shares.

    The order mixes the kinds, so that each part of the list is like the whole.
    """
    total = sum(life.share for life in LIVES)
    debts = {life.key: 0.0 for life in LIVES}
    by_key = {life.key: life for life in LIVES}
    found = list(LIVES[:projects])
    while len(found) < projects:
        for life in LIVES:
            debts[life.key] += life.share / total
        owed = max(debts, key=lambda key: debts[key])
        debts[owed] -= 1
        found.append(by_key[owed])
    return found
