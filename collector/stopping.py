"""Ctrl-C and SIGTERM: what is being done comes to its end; a second one ends the process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Executor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, current_thread, main_thread
from types import FrameType
from typing import TypeVar, TypeVarTuple, Unpack

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GENTLY = (
    "Stopping after what is being read. Nothing is lost; the next pass goes on from there. "
    "Once more: stop at once."
)
HEARD_WITHIN_SECONDS = 0.5
"""So long the main thread sleeps at most: only it can hear a signal, and only when awake."""
_CURSOR = "\x1b[?25h"
"""A progress bar hides the terminal's cursor; who is ended at once could not show it again."""


_Given = TypeVarTuple("_Given")
_Found = TypeVar("_Found")


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


def worked(
    pool: Executor,
    work: Callable[[Unpack[_Given]], _Found],
    given: Iterable[tuple[*_Given]],
) -> list[_Found]:
    """Do the same work with each of what is given, in the pool; raise the first error there is.

    What ``pool.map`` does, but signals are heard meanwhile: one that comes to another thread, or
    just before the main thread falls asleep, does not wake it.
    """
    futures = [pool.submit(work, *one) for one in given]
    left = set(futures)
    try:
        while left:
            done, left = wait(left, HEARD_WITHIN_SECONDS, FIRST_EXCEPTION)
            for one in done:
                one.result()
        return [one.result() for one in futures]
    finally:
        for one in left:
            one.cancel()
