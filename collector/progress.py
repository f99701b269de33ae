"""What a pass tells while it runs: a bar on a terminal, lines of changed state otherwise."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

log = logging.getLogger("ospo_vitals")


class Reporter(AbstractContextManager["Reporter"], Protocol):
    """Who is told how far a pass has come. Safe to call from several threads."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of ``total`` steps begins."""
        ...

    def step(self, what: str) -> None:
        """One step is done: ``what`` was worked on."""
        ...


class Lines:
    """For cron and logs: says nothing while nothing is wrong (state changes are logged)."""

    def begin(self, stage: str, total: int) -> None:
        log.debug("%s: %d to do", stage, total)

    def step(self, what: str) -> None:
        log.debug("done: %s", what)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


class Bar:
    """For people at a terminal: one bar a stage, with the name of what was done last."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.table import Column

        self._progress: Progress = Progress(
            TextColumn("{task.description:<15}", table_column=Column(no_wrap=True)),
            BarColumn(bar_width=16, table_column=Column(no_wrap=True)),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            TimeElapsedColumn(table_column=Column(no_wrap=True)),
            TextColumn(
                "{task.fields[what]}",
                markup=False,
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            console=Console(stderr=True),
            expand=True,
        )
        self._task: TaskID | None = None

    def begin(self, stage: str, total: int) -> None:
        # A stage without work has no bar.
        self._task = self._progress.add_task(stage, total=total, what="") if total else None

    def step(self, what: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, advance=1, what=_printable(what))

    def __enter__(self) -> Self:
        before = sys.stderr
        self._progress.start()
        _logs(before, sys.stderr)  # which is rich's now: lines go above the bar, not into it
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        during = sys.stderr
        self._progress.stop()
        _logs(during, sys.stderr)


def _logs(old: TextIO, new: TextIO) -> None:
    """Let what is logged to one stream go to another."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is old:
            handler.setStream(new)


def reporter() -> Reporter:
    """The fitting reporter: a bar if a person looks at the terminal, lines otherwise."""
    return Bar() if sys.stderr.isatty() else Lines()


def _printable(text: str, width: int = 40) -> str:
    """Names come from outside: no control characters reach the terminal."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return clean if len(clean) <= width else clean[: width - 1] + "…"
