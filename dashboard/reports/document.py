"""What does a report say? One document, before anybody has chosen how it is printed.

Filled once (``of_ospo``, ``of_project``) and written in several forms (``as_html``,
``as_markdown``, ``as_pdf``): all of them carry the same words and the same figures. Texts in it
are plain; whoever writes a form escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from collector.model import Instant
from dashboard import words
from dashboard.charts import Drawing, Numbers
from dashboard.components.html import plain
from dashboard.data import StatusPoint
from dashboard.i18n import Translator


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with the shape and colour that say the same."""

    word: str
    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that are looked for first."""

    words: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that explain what stands before them."""

    words: str


Word: TypeAlias = str | Sign | Link | Strong | Aside
Words: TypeAlias = Word | tuple[Word, ...]
NOTHING = "–"
"""What a cell says that has nothing to say."""
LONGEST_SIGN = 80


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences; ``lead``: what everybody reads; ``note``: what must not be missed."""

    words: Words
    style: Literal["", "lead", "muted", "note"] = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    entries: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to work through: of which kind, for whom, what, and all that explains it."""

    kind: str
    whom: str
    what: Words
    more: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Tasks:
    """What is to be done, the gravest first."""

    entries: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, below a head of their own where they have one."""

    rows: tuple[tuple[Words, ...], ...]
    head: Words = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row names it. ``numeric``: columns of numbers."""

    caption: str
    headers: tuple[str, ...]
    groups: tuple[Rows, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The status month by month; the last point is the date of the report."""

    points: tuple[StatusPoint, ...]
    today: Instant


@dataclass(frozen=True, slots=True)
class Heading:
    """A title within a section."""

    words: str


Block: TypeAlias = Paragraph | Items | Tasks | Table | History | Heading | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its title; one without anything in it is left out."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. ``facts``: its month and date; ``warning``: what must be known of it."""

    title: str
    subtitle: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    translator: Translator
    warning: str = ""

    @property
    def language(self) -> str:
        """In which language it is written."""
        return self.translator.language


def table(
    caption: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Words]],
    numeric: Sequence[int] = (),
) -> Table:
    """Make a table without groups."""
    made = Rows(tuple(tuple(row) for row in rows))
    return told(Table(caption, tuple(headers), (made,), tuple(numeric)))


def told(given: Table) -> Table:
    """Leave out the columns that say nothing in any row."""
    rows = [row for group in given.groups for row in group.rows]
    if not rows:
        return given
    kept = [at for at in range(len(given.headers)) if any(row[at] != NOTHING for row in rows)]
    return replace(
        given,
        headers=tuple(given.headers[at] for at in kept),
        groups=tuple(
            replace(group, rows=tuple(tuple(row[at] for at in kept) for row in group.rows))
            for group in given.groups
        ),
        numeric=tuple(new for new, at in enumerate(kept) if at in given.numeric),
    )


def figures(given: Numbers) -> tuple[int, ...]:
    """Give the columns of a chart's table that hold figures."""
    kept = range(1, len(given.headers))
    return tuple(at for at in kept if any(_figure(row[at]) for row in given.rows))


def _figure(cell: object) -> bool:
    return isinstance(cell, int | float) or str(cell)[:1].isdigit()


def sections(*given: tuple[str, Iterable[Block | None]]) -> tuple[Section, ...]:
    """Leave out what there is nothing to say in."""
    made = ((title, tuple(one for one in blocks if one is not None)) for title, blocks in given)
    return tuple(Section(title, blocks) for title, blocks in made if blocks)


def listed(given: Words) -> Iterator[Word]:
    """Give the parts of some words."""
    yield from given if isinstance(given, tuple) else (given,)


# ---------------------------------------------------------------- signs


def status(key: str, translator: Translator) -> Sign:
    """Say a status."""
    sign = words.status(key)
    colour = key if key in words.STATUS else "unknown"
    return Sign(plain(translator.text(sign.word), LONGEST_SIGN), sign.shape, colour)


def result(key: str, said: str) -> Sign:
    """Say something with the shape and colour of a check's result."""
    colour = words.COLOUR.get(key, "unknown").replace("-", "_")
    return Sign(plain(said, LONGEST_SIGN), words.result(key).shape, colour)


def risk(key: str, translator: Translator) -> Sign:
    """Say how high the risk is."""
    sign = words.RISK.get(key) or words.RISK[""]
    colour = words.COLOUR.get(key, "unknown").replace("-", "_")
    return Sign(translator.text(sign.word), sign.shape, colour)
