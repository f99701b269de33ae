"""``db upgrade`` and ``db check``."""

from __future__ import annotations

from collector.commands.common import configuration
from collector.store import migrate
from collector.store.engine import connect


def upgrade() -> int:
    """Bring the tables to this version."""
    engine = connect(configuration().database_url)
    before = migrate.state(engine)
    migrate.upgrade(engine)
    print(
        "The database is of this version already."
        if before is migrate.Tables.CURRENT
        else "The database has this version's tables now."
    )
    return 0


def check() -> int:
    """Say how the tables stand; 1 unless they are this version's."""
    migrate.require_current(connect(configuration().database_url, read_only=True))
    print("The database is of this version.")
    return 0
