"""Another program holds the SQLite file: how long is it waited for, and who is told?

SQLite's own waiting is silent and deaf to Ctrl-C until it ends, so it waits a second at a time
and we count.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

log = logging.getLogger("ospo_vitals.store")

PATIENCE_SECONDS = 600
"""How long a writer waits for another: the longest transaction is one repository's history."""
SILENT_SECONDS = 5
"""Writers of one pass wait for each other less than this."""
STEP_MILLISECONDS = 1000
_PAUSE_SECONDS = 0.02
"""Where SQLite says at once that the file is held, others have a moment too."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits for one database; whichever of a process's threads waits first says so."""

    database: str
    told: Event

    def until(self, attempt: Callable[[], object]) -> None:
        """Attempt again as long as the file is held, but not for ever; then raise its error."""
        began = time.monotonic()
        while True:
            try:
                attempt()
            except Exception as error:
                waited = time.monotonic() - began
                if not is_held(error) or waited >= PATIENCE_SECONDS:
                    self.told.clear()
                    raise
                if waited >= SILENT_SECONDS and not self.told.is_set():
                    self.told.set()
                    log.warning(
                        "The database %s is held by another program. Waiting for it, at most %d "
                        "minutes. End what holds it (a backup, a database viewer, a shell); "
                        "nothing stored is lost.",
                        self.database,
                        PATIENCE_SECONDS // 60,
                    )
                time.sleep(_PAUSE_SECONDS)
            else:
                self.told.clear()
                return


def is_held(error: Exception) -> bool:
    """Does SQLite say that another program holds the file?"""
    said = getattr(error, "orig", error)
    code = getattr(said, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
