"""How the database is opened: SQLite by default, PostgreSQL where there are several machines.

SQLite writes in WAL mode and every transaction begins IMMEDIATE: with the driver's own
deferred transactions two processes lose each other's updates (SCALE.md).
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from collector.errors import UserError
from collector.store.schema import storable
from collector.store.waiting import SILENT_SECONDS, STEP_MILLISECONDS, Patience


class DatabaseError(UserError):
    """The database cannot be used; the text says what to do."""


def connect(url: str, *, read_only: bool = False) -> Engine:
    """Open the database of ``url``; nothing is read or written yet.

    Raises ``DatabaseError`` where its folder cannot be made or its driver is not installed.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The text may hold a password, so it is not repeated.
        raise DatabaseError(
            "database_url is not the address of a database. "
            "Write sqlite:///data/vitals.db or postgresql+psycopg://user@host/name."
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, read_only=read_only)
    try:
        engine = create_engine(parsed, pool_pre_ping=True, json_serializer=_json)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(
            f"A database of kind {parsed.get_backend_name()} needs its driver ({error}). "
            "For PostgreSQL install it with: pip install 'ospo-vitals[postgres]'"
        ) from None
    if read_only:
        event.listen(engine, "connect", _read_only_session)
    return engine


def _json(value: object) -> str:
    # Sorted, so that equal values are equal text and an unchanged row is not written.
    text = _dumped(value)
    suspect = "\\u0000" in text or storable(text) != text
    return _dumped(_storable_json(value)) if suspect else text


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _storable_json(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(each) for key, each in value.items()}
    return [_storable_json(each) for each in value] if isinstance(value, list | tuple) else value


def _read_only_session(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION default_transaction_read_only = on")
    connection.commit()


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    path = Path(url.database or "")
    if read_only:
        if not path.exists():
            raise DatabaseError(
                f"There is no database at {path} yet. Run `ospo-vitals collect` first."
            )
        url = url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})
    else:
        _make_folder(path.parent)
        _make_private(path)
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": STEP_MILLISECONDS / 1000},
        json_serializer=_json,
    )
    patience = Patience(str(path), Event())
    if read_only:
        event.listen(engine, "connect", _reading)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", lambda opened, _: patience.until(lambda: _writing(opened)))
        event.listen(engine, "begin", lambda opened: _begin_immediate(opened, patience))
    return engine


def _make_private(path: Path) -> None:
    """A new database is its owner's only: it holds logins and names."""
    with suppress(OSError):  # what cannot be written is said where it is written
        path.touch(mode=0o600)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The database's folder {folder} cannot be made ({error.strerror}). "
            "Name another one with database_url, or give this user the right to write there."
        ) from None


def _writing(connection: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _reading(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    # In WAL mode nobody holds readers up but who has the file for himself: a page says so soon.
    connection.execute(f"PRAGMA busy_timeout={1000 * SILENT_SECONDS}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Any, patience: Patience) -> None:
    patience.until(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))


REMEDIES = (
    ("disk is full", "The disk is full. Free some space and start again"),
    ("disk I/O error", "The disk is full or failing. Free some space and start again"),
    ("No space left", "The database server's disk is full. Free some space and start again"),
    ("not a database", "The file is no SQLite database. Name another one with database_url"),
    ("malformed", "The database file is damaged. Put back a backup, or name another file"),
    ("readonly", "The database may not be written by this user. Give it the right to write"),
    ("unable to open", "The database file cannot be opened. Check its folder and rights"),
    ("locked", "Another program holds the database and did not let it go. End it and start again"),
    ("onnection", "The database server cannot be reached. Check database_url and the server"),
    ("authentication", "The database server refuses this user. Check database_url"),
    ("no such table", "The database has no tables yet. Run `ospo-vitals db upgrade`"),
    ("does not exist", "Something is missing on the server. Run `ospo-vitals db upgrade`"),
)


def explain(error: Exception) -> DatabaseError | None:
    """Say in a sentence why the database failed, and what to do. None: it is our own mistake."""
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).strip().splitlines()
    for sign, remedy in REMEDIES:
        if any(sign in line for line in said):
            return DatabaseError(
                f"{remedy} (the database says: {said[0]}). What was stored before is not lost."
            )
    return None
