"""What the commands print on: as wide as the terminal, wide where nobody looks, plain words."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED = 160
"""Columns where no terminal says how many there are."""


def paper() -> Console:
    """Where to print."""
    from rich.console import Console

    width = shutil.get_terminal_size((PIPED, 40)).columns
    return Console(width=max(width, 40), highlight=False, markup=False, emoji=False)


def plain(words: object) -> str:
    """Words that others wrote, without what would steer a terminal or turn the line around."""
    return "".join(c if c.isprintable() else " " for c in str(words))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. Only the last one of a table may be folded."""

    title: str
    right: bool = False


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose words are never cut: what does not fit in the last column goes on below."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, show_header=any(each.title for each in columns))
    for at, column in enumerate(columns):
        last = at + 1 == len(columns)
        made.add_column(
            column.title,
            justify="right" if column.right else "left",
            no_wrap=not last,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    return made


def say(console: Console, words: object = "", indent: int = 0) -> None:
    """Print a paragraph, every line of it as far to the right."""
    from rich.padding import Padding
    from rich.text import Text

    text = Text(plain(words))
    console.print(Padding(text, (0, 0, 0, indent), expand=False) if indent else text)


def number(value: float) -> str:
    """A number as people read it: at most two decimals."""
    said = f"{value:,.2f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def listed(words: Iterable[str]) -> str:
    """Words one after the other."""
    return ", ".join(words)


def grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Gather the second words under each first one, in order of appearance."""
    found: dict[str, list[str]] = {}
    for first, second in pairs:
        found.setdefault(first, []).append(second)
    yield from found.items()
