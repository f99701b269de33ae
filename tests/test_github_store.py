"""GitHub's records in the real store: a refreshed database is a freshly collected one."""

from pathlib import Path

from sqlalchemy import Engine, insert, select

from collector.accounts import Pseudonyms
from collector.store import engine as engines
from collector.store import migrate, schema, write, write_records
from tests.forge.reading import MLS, github, states, url
from tests.forge.server import TestForge

PSEUDONYMS = Pseudonyms(b"k" * 32)
NOW = 1_790_000_000


def database(path: Path) -> Engine:
    """An empty store with one repository in it."""
    engine = engines.connect(f"sqlite:///{path}")
    migrate.upgrade(engine)
    row = {"url": url(MLS), "key": MLS, "host": "github.com", "kind": "github", "settings": {}}
    with engine.begin() as connection:
        connection.execute(insert(schema.repositories).values(row))
    return engine


def collect(engine: Engine, forge: TestForge) -> None:
    """A pass over the repository, from the cursor that is stored."""
    with engine.connect() as connection:
        stored = select(schema.repositories.c.id, schema.repositories.c.forge_cursor)
        repository_id, cursor = connection.execute(stored).one()
    run = write.begin(engine, repository_id, NOW)
    for page in github(forge).pages(url(MLS), cursor):
        write_records.write_page(engine, repository_id, run, page, PSEUDONYMS, (), NOW)


def rows(engine: Engine) -> dict[str, set[object]]:
    """All facts, as rows."""
    found = {}
    with engine.connect() as connection:
        for table in (schema.items, schema.responses, schema.releases, schema.accounts):
            found[table.name] = {str(row) for row in connection.execute(select(table))}
    return found  # type: ignore[return-value]


def test_a_refreshed_database_is_a_freshly_collected_one(
    github_forge: TestForge, shared_data: Path, tmp_path: Path
) -> None:
    refreshed = database(tmp_path / "refreshed.db")
    for number, path in enumerate(states(shared_data, MLS)[-4:]):
        github_forge.world.load(path)
        collect(refreshed, github_forge)
        fresh = database(tmp_path / f"fresh{number}.db")
        collect(fresh, github_forge)
        assert rows(refreshed) == rows(fresh)
        fresh.dispose()
    refreshed.dispose()
