"""Which tables does the database have, and how does it get those of this version?

Migrations run in one transaction, with foreign keys off on SQLite while tables are rebuilt
(a rebuilt parent would silently delete its children) and checked before it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from collector.shipped import shipped
from collector.store.engine import DatabaseError

if TYPE_CHECKING:
    from alembic.config import Config

_ADVISORY_KEY = 0x0590_71A2


class Tables(StrEnum):
    """How the database's tables stand to this version's."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def state(engine: Engine) -> Tables:
    """Is the database empty, current, older or newer than this version?"""
    with engine.connect() as connection:
        return _state(connection)


def require_current(engine: Engine) -> None:
    """Raise ``DatabaseError``, saying what to do, unless the tables are this version's."""
    found = state(engine)
    if found is Tables.NEWER:
        raise DatabaseError(_NEWER)
    if found is Tables.EMPTY:
        raise DatabaseError("The database is empty. Run `ospo-vitals collect` first.")
    if found is Tables.OLDER:
        raise DatabaseError(
            "The database is of an older version. Run `ospo-vitals db upgrade`; "
            "`collect` and `run` do it themselves."
        )


_NEWER = (
    "The database was written by a newer version of OSPO Vitals, and nothing was changed in it. "
    "Install that version, or name another database with database_url."
)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to this version's tables; one process at a time, all or nothing."""
    if revision == "head" and state(engine) is Tables.CURRENT:
        return
    from alembic import command

    _move(engine, lambda configuration: command.upgrade(configuration, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database back to an earlier version's tables; all or nothing."""
    from alembic import command

    _move(engine, lambda configuration: command.downgrade(configuration, revision))


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the shipped migrations."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(shipped("migrations")))
    found.attributes["connection"] = connection
    return found


def _move(engine: Engine, step: Callable[[Config], None]) -> None:
    with _migrating(engine) as connection:
        if _state(connection) is Tables.NEWER:
            raise DatabaseError(_NEWER)
        step(configuration(connection))
        _check_foreign_keys(connection)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other process migrates beside."""
    with engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:  # has no effect inside a transaction, so before it
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                if not on_sqlite:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY}
                    )
                yield connection
        finally:
            if on_sqlite:
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - a live connection has its driver's
    driver.execute(f"PRAGMA {setting}")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        raise DatabaseError(
            f"The migration would leave rows of table {orphan[0]} without their parent, so it "
            "was undone and the database is as before. Please report this to the project."
        )


def _state(connection: Connection) -> Tables:
    if not inspect(connection).has_table("alembic_version"):
        return Tables.EMPTY
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        return Tables.EMPTY
    if revision == newest():
        return Tables.CURRENT
    return Tables.OLDER if revision in revisions() else Tables.NEWER


def newest() -> str:
    """The revision of this version's tables, by the names of the migrations' files.

    Without Alembic, which starts slowly and is only needed where something is to be migrated.
    """
    return max(path.name[:4] for path in (shipped("migrations") / "versions").glob("[0-9]*.py"))


def revisions() -> list[str]:
    """The revisions of the shipped migrations, the newest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(configuration())
    return [step.revision for step in script.walk_revisions()]
