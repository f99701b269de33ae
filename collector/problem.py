"""What is wrong in the configuration, where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from collector.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at one place. ``line`` and ``column`` count from 1; 0: the file as a whole.

    ``key`` is the path of the key (``projects[0].stage``), ``nearest`` what was probably meant.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        stop = "" if self.message.endswith((".", "?")) else "."
        hint = f"{stop} Did you mean {self.nearest!r}?" if self.nearest else ""
        said = f"{place}:{key} {self.message}{hint}"
        # A key may be anything: it neither steers the terminal nor turns the line.
        return "".join(c if c.isprintable() else "�" for c in said)


MOST = 200
"""So many problems are told at once: who mends these will run ``check`` again."""


class ConfigError(ConfigurationError):
    """The configuration cannot be used: every problem at once, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        told = [str(problem) for problem in self.problems[:MOST]]
        more = len(self.problems) - len(told)
        super().__init__("\n".join([*told, *[f"… and {more:,} more."] * bool(more)]))


class Mistake(ValueError):
    """A value that cannot be used, and what was probably meant."""

    def __init__(self, message: str, nearest: str | None = None) -> None:
        super().__init__(message)
        self.nearest = nearest


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Which of the known words was probably meant? None: none is near."""
    from difflib import get_close_matches

    if not isinstance(word, str) or len(word) > 200:
        return None
    by_lower = {name.lower(): name for name in known}
    lowered = word.lower().replace("_", "-") if "-" in "".join(by_lower) else word.lower()
    for candidate in (word.lower(), lowered):
        found = get_close_matches(candidate, by_lower, n=1, cutoff=0.6)
        if found:
            return by_lower[found[0]]
    return None


def shown(value: object) -> str:
    """A value as a message may quote it: short, control characters spelt out."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def display(path: Path, base: Path) -> str:
    """The file's name as people know it: from the folder that holds ``config/``."""
    try:
        return str(path.relative_to(base))
    except ValueError:
        return str(path)
