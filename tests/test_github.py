"""GitHub, read over real HTTP from the test forge."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from collector.config_values import ForgeConfig
from collector.forges.github import GitHub
from tests import ietf_archive
from tests.forge.server import TOKEN, TestForge, running
from tests.forge.shelf import Shelf, _plain

TLS, MLS = "tlswg/tls13-spec", "mlswg/mls-extensions"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def forge() -> Iterator[TestForge]:
    with running() as forge:
        yield forge
        assert not forge.mistakes


def github(forge: TestForge, token: str | None = TOKEN) -> GitHub:
    config = ForgeConfig("github.com", "github", forge.base, "GITHUB_TOKEN", token)
    return GitHub(config)


def url(name: str) -> str:
    return f"https://github.com/{name}"


def states(shared_data: Path, name: str) -> list[Path]:
    return ietf_archive.states(shared_data / "github", name)


def expected(path: Path) -> tuple[object, object]:
    """What a state comes to, by the independent reading of its file."""
    archive = ietf_archive.read(path)
    items = {item.native_id: _plain(item) for item in archive.items}
    return items, {r.native_id: r for r in archive.responses}


@pytest.mark.parametrize("name", [MLS, TLS])
def test_a_first_collection_gives_every_record_of_the_archive(
    forge: TestForge, shared_data: Path, name: str
) -> None:
    path = states(shared_data, name)[-1]
    forge.world.load(path)
    shelf = Shelf().read(github(forge).pages(url(name), None))
    assert shelf.by_login() == expected(path)
    assert shelf.complete


@pytest.mark.parametrize(("name", "requests", "points"), [(MLS, 5, 8), (TLS, 24, 40)])
def test_a_first_collection_costs_no_more_than_it_must(
    forge: TestForge, shared_data: Path, name: str, requests: int, points: int
) -> None:
    forge.world.load(states(shared_data, name)[-1])
    here = github(forge)
    assert len(list(here.heartbeat([url(name)]))) == 1
    Shelf().read(here.pages(url(name), None))
    assert len(forge.requests) <= requests
    assert forge.points <= points
    cost = here.cost(url(name))
    assert (cost.requests, cost.points) == (len(forge.requests) - 1, forge.points - 1)
