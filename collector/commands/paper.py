"""What the commands print on: as wide as the terminal, wide where nobody looks, plain words."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collector.metric import Part

if TYPE_CHECKING:
    from rich.console import Console

PIPED = 160
"""Columns where no terminal says how many there are."""


def paper(*, stderr: bool = False) -> Console:
    """Where to print."""
    from rich.console import Console

    width = shutil.get_terminal_size((PIPED, 40)).columns
    return Console(width=max(width, 40), stderr=stderr, highlight=False, markup=False, emoji=False)


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

    rows = _folded(console.width, columns, [[plain(cell) for cell in row] for row in rows])
    made = Table(box=None, pad_edge=False, show_header=any(each.title for each in columns))
    for column in columns:
        made.add_column(
            column.title,
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*map(Text, row))
    with console.capture() as drawn:
        console.print(made)
    for line in drawn.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def _folded(
    width: int, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> list[list[str]]:
    """The rows, with what goes on below broken at its spaces and hyphens while it can be."""
    from textwrap import wrap

    folding = [at for at, column in enumerate(columns) if column.folds]
    if len(folding) != 1:
        return [[*row] for row in rows]
    sizes = [
        max(len(column.title), *(len(row[at]) for row in rows)) if rows else 0
        for at, column in enumerate(columns)
    ]
    fold = folding[0]
    room = max(width - sum(sizes) + sizes[fold] - 2 * (len(columns) - 1), 12)
    return [[*row[:fold], "\n".join(wrap(row[fold], room)), *row[fold + 1 :]] for row in rows]


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
        break_long_words=False,  # an address can be copied whole
    )
    console.out(text, highlight=False)


def number(value: float) -> str:
    """A number as people read it: at most two decimals."""
    said = f"{value:,.2f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


EPOCHS = 500_000_000
"""Whole numbers beyond it are instants."""


def said_of(part: Part) -> str:
    """A figure beside a value, as people read it: instants as dates, long lists as their length."""
    if isinstance(part, dict):
        return ", ".join(f"{name} {said_of(each)}" for name, each in part.items()) or "none"
    if isinstance(part, list):
        return _several(part)
    if part is None or isinstance(part, bool):
        return {None: "none", True: "yes", False: "no"}[part]
    if isinstance(part, int) and part > EPOCHS:
        return datetime.fromtimestamp(part, UTC).strftime("%Y-%m-%d")
    if isinstance(part, float):
        return f"{part:g}"
    return str(part)


def _several(parts: Sequence[Part]) -> str:
    if any(isinstance(each, dict) for each in parts):
        return f"{len(parts)} entr{'y' if len(parts) == 1 else 'ies'}"
    return "; ".join(map(said_of, parts)) or "none"


def listed(words: Iterable[str]) -> str:
    """Words one after the other."""
    return ", ".join(words)


def grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Gather the second words under each first one, in order of appearance."""
    found: dict[str, list[str]] = {}
    for first, second in pairs:
        found.setdefault(first, []).append(second)
    yield from found.items()
