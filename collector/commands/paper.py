"""What the commands print on: as wide as the terminal, wide where nobody looks, plain words."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

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
    """One column of a table. What does not fit goes on below where it ``folds``."""

    title: str
    right: bool = False
    folds: bool = False


def show(console: Console, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, as narrow as its words."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, show_header=any(each.title for each in columns))
    for column in columns:
        made.add_column(
            column.title,
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    with console.capture() as drawn:
        console.print(made)
    for line in drawn.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def say(console: Console, words: object = "", indent: int = 0) -> None:
    """Print a paragraph, every line of it as far to the right, no word cut that fits."""
    from textwrap import fill

    margin = " " * indent
    text = fill(
        plain(words),
        max(console.width, indent + 20),
        initial_indent=margin,
        subsequent_indent=margin,
        break_on_hyphens=False,
    )
    console.out(text, highlight=False)


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
