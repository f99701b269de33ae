"""Ctrl-C and SIGTERM: what is being done comes to its end; a second one ends the process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, current_thread, main_thread
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GENTLY = (
    "Stopping after what is being read. Nothing is lost; the next pass goes on from there. "
    "Once more: stop at once."
)
_CURSOR = "\x1b[?25h"
"""A progress bar hides the terminal's cursor; who is ended at once could not show it again."""


@dataclass(slots=True)
class Heard:
    """Which signal asked to stop? None: none did."""

    number: int | None = None

    @property
    def exit_code(self) -> int | None:
        """The exit status that says so, as shells and systemd know it."""
        return None if self.number is None else 128 + self.number


@contextmanager
def stopped_by_signals(halt: Event, sentence: str | None = None) -> Iterator[Heard]:
    """SIGTERM and SIGINT set ``halt``, once; a second one ends the process as it always does.

    ``sentence`` is said to whoever asked. Outside of the main thread nothing is changed.
    """
    heard = Heard()
    if current_thread() is not main_thread():
        yield heard
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        heard.number = number
        halt.set()
        if sentence:  # not print(): what was interrupted may be printing
            shown = f"{_CURSOR}\n" if sys.stderr.isatty() else ""
            os.write(2, f"{shown}{sentence}\n".encode())

    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
