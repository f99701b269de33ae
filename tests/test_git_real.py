"""The real repositories, which a damaged server holds: read whole, by path and over HTTP."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from collector import git
from collector.model import GitReading
from tests.gitmake import git as run
from tests.gitserver import serve

OPTIONS = git.GitOptions(allow_local=True, allow_http=True)


def whole(url: str, clone: Path) -> GitReading:
    reading = git.read(url, clone, None, OPTIONS, "id")
    assert isinstance(reading, GitReading)
    return reading


FEW = ("OS2faktor__OS2faktor-Login.git", "mlswg__mls-extensions.git")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["path", "http"])
def test_every_real_repository_is_read_whole_and_then_asked_once(
    real_repositories: Path, tmp_path: Path, way: str
) -> None:
    check(real_repositories, tmp_path, way, [path.name for path in real_repositories.iterdir()])


@pytest.mark.parametrize("way", ["path", "http"])
def test_a_real_repository_is_read_whole_and_then_asked_once(
    real_repositories: Path, tmp_path: Path, way: str
) -> None:
    check(real_repositories, tmp_path, way, FEW)


def check(folder: Path, tmp_path: Path, way: str, names: Iterable[str]) -> None:
    with serve(folder) as server:
        for source in sorted(folder / name for name in names):
            url = str(source) if way == "path" else server.url(source.name)
            reading = whole(url, tmp_path / source.name)
            shas = {commit.sha for commit in reading.commits}
            assert shas == set(map(bytes.fromhex, run(source, "rev-list", "HEAD").decode().split()))
            assert len(reading.tags) == len(run(source, "tag").split())
            assert {fact.key for fact in reading.files if fact.until is None} >= {"README"}
            git.settle(tmp_path / source.name)
            server.requests.clear()
            again = git.read(url, tmp_path / source.name, reading.cursor, OPTIONS, "id")
            assert isinstance(again, git.Unchanged)
            assert not any("git-upload-pack" in r and "fetch" in r for r in server.requests)
            assert len(server.requests) == (2 if way == "http" else 0)
