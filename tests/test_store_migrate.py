"""The tables and how a database gets them (SCALE.md, What must hold 10)."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text

from collector.store import migrate
from collector.store.engine import DatabaseError, connect, explain
from collector.store.schema import metadata
from tests.stores import commit, contents, portfolio, put_git, reading


def test_migrations_build_the_schema_that_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert migrate.state(engine) == "current"


def test_the_newest_migration_is_the_one_of_the_highest_number() -> None:
    assert migrate.newest() == migrate.revisions()[0]


def test_an_empty_database_says_so_and_upgrading_twice_changes_nothing(database_url: str) -> None:
    engine = connect(database_url)
    assert migrate.state(engine) == "empty"
    with pytest.raises(DatabaseError, match="empty"):
        migrate.require_current(engine)
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    migrate.require_current(engine)
    engine.dispose()


def test_up_down_and_up_keeps_every_row(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put_git(engine, portfolio(engine)[0], reading(commit(n) for n in range(1, 40)))
    before, today = contents(engine), migrate.newest()
    further_step(monkeypatch, tmp_path, "op.add_column('t', c)", "batch.drop_column('later')")
    assert migrate.state(engine) == "older"
    migrate.upgrade(engine)
    migrate.downgrade(engine, today)
    assert contents(engine) == before
    migrate.upgrade(engine)
    assert migrate.state(engine) == "current"
    assert contents(engine) == before


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put_git(engine, portfolio(engine)[0], reading(commit(n) for n in range(1, 40)))
    before = contents(engine)
    further_step(monkeypatch, tmp_path, "raise RuntimeError('in the middle')", "pass")
    with pytest.raises(RuntimeError):
        migrate.upgrade(engine)
    assert contents(engine) == before
    columns = {column["name"] for column in inspect(engine).get_columns("repositories")}
    assert "later" not in columns
    assert migrate.state(engine) == "older"


def test_a_database_of_a_newer_version_is_left_alone_with_a_sentence(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrate.state(engine) == "newer"
    with pytest.raises(DatabaseError, match="newer version"):
        migrate.upgrade(engine)
    with pytest.raises(DatabaseError, match="newer version"):
        migrate.require_current(engine)


def further_step(
    monkeypatch: pytest.MonkeyPatch, folder: Path, last_of_up: str, last_of_down: str
) -> None:
    """Migrations of a later version, whose step rebuilds a table that others refer to."""
    import shutil

    from collector.shipped import shipped

    migrations = folder / "migrations"
    shutil.copytree(shipped("migrations"), migrations)
    newest = max(file.name[:4] for file in (migrations / "versions").glob("[0-9]*.py"))
    last_of_up = "pass" if last_of_up.startswith("op.") else last_of_up
    (migrations / "versions" / "9000_later.py").write_text(f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9000", "{newest}", None, None

def upgrade():
    with op.batch_alter_table("repositories", recreate="auto") as batch:
        batch.add_column(sa.Column("later", sa.Integer()))
        batch.alter_column("host", existing_type=sa.String(255), nullable=True)
    {last_of_up}

def downgrade():
    with op.batch_alter_table("repositories") as batch:
        batch.alter_column("host", existing_type=sa.String(255), nullable=False)
        {last_of_down}
""")
    monkeypatch.setattr(migrate, "shipped", lambda _name: migrations)


# ---------------------------------------------------------------- opening


def test_every_sqlite_transaction_begins_immediate_unless_it_only_reads(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new folder' / 'v%20?.db'}"
    engine = connect(url)
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, s, *_: said.append(s))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    assert said[0] == "BEGIN IMMEDIATE"
    engine.dispose()


def test_a_read_only_engine_cannot_write(database_url: str) -> None:
    engine = connect(database_url)
    migrate.upgrade(engine)
    reader = connect(database_url, read_only=True)
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM repositories")).scalar() == 0
    with pytest.raises(Exception, match=r"(?i)read-?only"), reader.begin() as connection:
        connection.execute(text("DELETE FROM repositories"))
    reader.dispose()
    engine.dispose()


def test_a_missing_database_folder_driver_or_address_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"no database at .*Run `ospo-vitals collect` first"):
        connect(f"sqlite:///{tmp_path / 'none.db'}", read_only=True)
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match="cannot be made"):
        connect(f"sqlite:///{tmp_path / 'file' / 'v.db'}")
    with pytest.raises(DatabaseError, match=r"ospo-vitals\[postgres\]"):
        connect("postgresql+nodriver://host/name")
    with pytest.raises(DatabaseError, match="not the address") as caught:
        connect("my secret words")
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "v.db").write_text("these are a few words, and they are no database " * 40)
    engine = connect(f"sqlite:///{tmp_path / 'v.db'}")
    with pytest.raises(Exception, match="not a database") as caught:
        migrate.state(engine)
    assert "Name another one with database_url" in str(explain(caught.value))
    assert explain(ValueError("ours")) is None
    engine.dispose()
