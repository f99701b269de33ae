"""The program's commands without a process of their own, which starts slowly."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from unittest import mock

import stamina

from collector.cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def plain(self) -> bool:
        """Did it end without a traceback?"""
        return "Traceback" not in self.out + self.err


def in_process(environment: Mapping[str, str], *words: str) -> Said:
    """Run a command in this process, as the command line would in that environment."""
    out, err = StringIO(), StringIO()
    with (
        mock.patch.dict(os.environ, environment, clear=True),  # noqa: TID251 - tests are an edge
        mock.patch.object(sys, "argv", ["ospo-vitals", *words]),
        stamina.set_testing(True, attempts=4, cap=True),
        redirect_stdout(out),
        redirect_stderr(err),
        _logged_to(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
            assert isinstance(code, int), code
            return Said(code, out.getvalue(), err.getvalue())
    return Said(0, out.getvalue(), err.getvalue())


@contextmanager
def _logged_to(stream: StringIO) -> Iterator[None]:
    """Log lines go where the program, in a process of its own, writes them."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    handler.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
