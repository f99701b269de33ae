"""How the database is opened: SQLite by default, PostgreSQL where there are several machines.

SQLite writes in WAL mode and every transaction begins IMMEDIATE: with the driver's own
deferred transactions two processes lose each other's updates (SCALE.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import NoSuchModuleError

from collector.errors import UserError

BUSY_MILLISECONDS = 120_000
"""How long a writer waits for another: the longest transaction is one repository's history."""


class DatabaseError(UserError):
    """The database cannot be used; the text says what to do."""


def connect(url: str, *, read_only: bool = False) -> Engine:
    """Open the database of ``url``; nothing is read or written yet.

    Raises ``DatabaseError`` where its folder cannot be made or its driver is not installed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, read_only=read_only)
    try:
        engine = create_engine(parsed, pool_pre_ping=True, json_serializer=_json)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(
            f"PostgreSQL needs its driver ({error}). Install it with: "
            "pip install 'ospo-vitals[postgres]'"
        ) from None
    if read_only:
        event.listen(engine, "connect", _read_only_session)
    return engine


def _json(value: object) -> str:
    # Sorted, so that equal values are equal text and an unchanged row is not written.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
        url = url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})
    else:
        _make_folder(path.parent)
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": 120}, json_serializer=_json
    )
    event.listen(engine, "connect", _reading if read_only else _writing)
    event.listen(engine, "begin", _begin if read_only else _begin_immediate)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The database's folder {folder} cannot be made ({error.strerror}). "
            "Name another one with database_url, or give this user the right to write there."
        ) from None


def _writing(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _reading(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
