"""What evidence is: groups of records, each counted or left out, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.metric import Metric, Value
from collector.model import DAY, Activity, Instant, Phrase
from collector.store.evidence import Stored
from collector.store.read_activity import Loaded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.signedinteger]


FIRST, LAST = -62_135_596_800, 253_402_300_799
"""The instants that have a year of four digits."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as people read it: when, what, and what else is known of it.

    ``what``: a name that was given elsewhere, or words of ours.
    """

    at: Instant | None
    what: str | Phrase
    told: tuple[Phrase, ...] = ()

    @property
    def said(self) -> str:
        """What else is known of it, as a terminal says it."""
        return ", ".join(map(str, self.told))


Tell = Callable[[int | None], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Group:
    """Records that have one thing in common. ``title`` says what, and why they are left out.

    ``total`` is exact; ``records`` gives the newest so many, or all of them.
    """

    title: Phrase
    counts: bool
    total: int
    records: Tell


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """What evidence is taken from: a project's records, a date, and the value to explain.

    ``named``: people may be named; else they have numbers.
    """

    loaded: Loaded
    stored: Stored
    metric: Metric
    value: Value
    as_of: Instant
    named: bool = False

    @property
    def activity(self) -> Activity:
        """The records as metrics read them."""
        return self.loaded.activity

    def since(self, days: int | None = None) -> Instant:
        """The start of the window, or of another one."""
        return self.as_of - (self.metric.window or 0 if days is None else days) * DAY

    def person(self, number: int) -> str | int:
        """Somebody: by number, unless names may be shown and one is known (``{who:person}``)."""
        if number < 0 or not self.named:
            return number
        roots = {place: root for root, place in self.loaded.numbers.items()}
        mine = [a for a in self.loaded.accounts
                if self.loaded.resolution.person.get(a.id) == roots.get(number)]  # fmt: skip
        return next((a.login or a.name or number for a in mine if a.login or a.name), number)

    def repository(self, row: int) -> str:
        """A repository's name."""
        return self.activity.repositories[row].name

    def place(self, row: int) -> tuple[Phrase, ...]:
        """In which repository, where there are several."""
        if len(self.activity.repositories) < 2:
            return ()
        return (Phrase("in {repository}", {"repository": self.repository(row)}),)


Witness = Callable[[Source], Iterable[Group]]


def group(
    title: Phrase, rows: Rows, tell: Callable[[int], Record], at: Rows, *, counts: bool = False
) -> Group:
    """Rows of some columns as a group; ``at``: when each of them was."""

    def newest(most: int | None) -> Iterable[Record]:
        order = rows[at.argsort(kind="stable")[::-1]]
        return (tell(int(row)) for row in order[:most])

    return Group(title, counts, len(rows), newest)


def listed(title: Phrase, records: Sequence[Record], *, counts: bool = False) -> Group:
    """A few records as a group, in the order given."""
    return Group(title, counts, len(records), lambda most: records[:most])


def day(at: Instant | None) -> Instant | str:
    """What a template says as a date; of none, or of one that no calendar has, a dash."""
    return "–" if at is None or not FIRST <= at <= LAST else at


def somebody(who: str | int) -> Phrase:
    """Somebody, as ``Source.person`` gives them, standing alone."""
    return Phrase("{who:person}", {"who": who})


def given(word: str | float) -> Phrase:
    """A name or a number that was given elsewhere, standing alone."""
    return Phrase("{word}", {"word": word})


def party(name: str) -> Phrase:
    """An organisation, which may be known by its id, standing alone."""
    return Phrase("{party}", {"party": name})
