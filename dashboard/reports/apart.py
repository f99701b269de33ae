"""Where is a report drawn? In a process of its own: what drawing takes, it gives back.

One at a time: drawing takes a processor for some seconds. A few may wait; others are told to
come again.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Lock

from collector.errors import UserError
from collector.model import Instant
from dashboard.reports.making import FORMS, Asked, document
from dashboard.settings import Settings

MOST = 5
"""So many reports are drawn or wait."""
SECONDS = 180
"""Longer than any report takes: a process that hangs must not hold a reader's request."""
_places = BoundedSemaphore(MOST)
_drawing = Lock()
CODE = "import sys; sys.path[:] = {path!r}; from dashboard.reports.apart import main; main()"


class Busy(UserError):
    """Too many reports are asked for at once, or one takes too long."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made, and what may be seen for it."""

    settings: Settings
    asked: Asked
    form: str
    now: Instant
    people: bool
    private: bool

    def done(self) -> bytes:
        """Make it here; raise ``UserError``."""
        from dashboard import data
        from dashboard.open_data import opened

        state = data.look(self.settings.database_url, private=self.private)
        source = (state if self.people else opened(state)).source
        if source is None:
            raise UserError("The database cannot be read. `ospo-vitals doctor` says why.")
        return FORMS[self.form](document(source, self.settings, self.asked, self.now))


def made(job: Job) -> bytes:
    """Make a report in another process; raise ``UserError`` with its sentence."""
    if not _places.acquire(blocking=False):
        raise Busy("Several reports are being made. Ask again in half a minute.")
    try:
        with _drawing:
            return _answer(job)
    finally:
        _places.release()


def _answer(job: Job) -> bytes:
    needed = replace(job, settings=replace(job.settings, sign_in=None))  # no secrets leave
    try:
        found = subprocess.run(
            [sys.executable, "-c", CODE.format(path=sys.path)],
            input=pickle.dumps(needed),
            stdout=subprocess.PIPE,
            check=True,
            timeout=SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Busy(
            "The report could not be made; the log of the server says why. Ask again, or make it"
            " by command: ospo-vitals report"
        ) from error
    content, refused = pickle.loads(found.stdout)  # noqa: S301 - written by ourselves, below
    if refused is not None:
        raise UserError(refused)
    return bytes(content)


def main() -> None:
    """Read a job, and write what came of it: its bytes, or the sentence why not."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # that no page is drawn is no news
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - from ourselves, above
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        content, refused = job.done(), None
    except UserError as error:
        content, refused = b"", str(error)
    out.write(pickle.dumps((content, refused)))
    out.flush()
