"""One pass at a time on one database, whatever machine or process starts it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from collector.errors import PassRunning

_ADVISORY_KEY = 0x0590_71A1


@contextmanager
def one_pass(engine: Engine) -> Iterator[None]:
    """Hold the database's pass lock; raise ``PassRunning`` if somebody else holds it.

    SQLite: an advisory lock on a file beside the database, which the system drops with the
    process. PostgreSQL: an advisory lock of a session, dropped with the connection.
    """
    holder = _file_lock(engine) if engine.dialect.name == "sqlite" else _session_lock(engine)
    with holder:
        yield


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    path = Path(database.removeprefix("file:").split("?")[0])
    lock = path.with_name(path.name + ".pass")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise PassRunning(_sentence(file.read().strip())) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _session_lock(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.execute(
            text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}
        ).scalar_one()
        if not got:
            raise PassRunning(_sentence(""))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})


def _sentence(process: str) -> str:
    by = f" (process {process})" if process.isdigit() else ""
    return (
        f"Another pass is already reading into this database{by}. "
        "Nothing was changed; let it finish, then start again."
    )
