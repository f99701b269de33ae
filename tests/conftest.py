"""What every test may use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.postgres import Cluster, postgres

__all__ = ["postgres"]  # a fixture is found where it is imported

if TYPE_CHECKING:
    from tests.forge.server import TestForge

settings.register_profile(
    "shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared machine")

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the real forges alone unless they are asked for by name."""
    if "live" not in (config.option.markexpr or "").replace("not live", ""):
        live = [item for item in items if item.get_closest_marker("live")]
        if live:
            config.hook.pytest_deselected(items=live)
            items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real repositories and records, or a skip that names it."""
    named = os.environ.get("OSPO_VITALS_TEST_DATA")  # noqa: TID251 - tests are an edge
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the real data beside the project ({folder.name} is absent)")
    return folder


@pytest.fixture(scope="session")
def real_repositories(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real repositories, unpacked as bare clones: ``<owner>__<name>.git``."""
    import tarfile

    folder = tmp_path_factory.mktemp("real")
    for packed in sorted((shared_data / "git").glob("*.tar.gz")):
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def github_forge() -> Iterator["TestForge"]:
    """A GitHub of our own on loopback. Its requests must be as GitHub documents them."""
    import stamina

    from tests.forge.server import running

    with stamina.set_testing(True, attempts=4, cap=True), running() as forge:
        yield forge
        assert not forge.mistakes


@pytest.fixture(scope="session")
def _with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with this version's tables; test_store_migrate shows how they come about."""
    from collector.store import migrate
    from collector.store.engine import connect

    place = tmp_path_factory.mktemp("tables") / "vitals.db"
    opened = connect(f"sqlite:///{place}")
    migrate.upgrade(opened)
    opened.dispose()
    return place


@pytest.fixture(scope="session")
def _postgres_with_tables(postgres: Cluster) -> str:
    """The name of a PostgreSQL database with this version's tables."""
    from collector.store import migrate
    from collector.store.engine import connect

    url = postgres.new_database()
    opened = connect(url)
    migrate.upgrade(opened)
    opened.dispose()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind: empty, or, for who asks for ``engine`` too, with tables."""
    filled = "engine" in request.fixturenames
    if request.param == "sqlite":
        place = tmp_path / "vitals.db"
        if filled:
            shutil.copy(request.getfixturevalue("_with_tables"), place)
        return f"sqlite:///{place}"
    cluster: Cluster = request.getfixturevalue("postgres")
    if filled:
        return cluster.new_database(request.getfixturevalue("_postgres_with_tables"))
    return cluster.new_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database of each kind with this version's tables."""
    from collector.store.engine import connect

    opened = connect(database_url)
    yield opened
    opened.dispose()
