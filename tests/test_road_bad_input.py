"""Bad input and a failing machine: a sentence, the right exit status, and nothing lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gitmake import LATER, Maker
from tests.gitserver import GitServer, serve
from tests.program import Said
from tests.road import Road, differences

MINE = "  - id: mine\n    repositories: [{{url: {url}}}]\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with serve(tmp_path / "served") as running:
        yield running


@pytest.fixture
def made(tmp_path: Path) -> Maker:
    maker = Maker(tmp_path / "served" / "mine.git", start=LATER)
    maker.line(12)
    maker.write()
    return maker


def road(folder: Path, made: Maker, more: str = "", settings: str = "") -> Road:
    declared = MINE.format(url=made.path) + more
    return Road(folder / "road").portfolio(f"ospo: {{id: all}}\nprojects:\n{declared}", settings)


def loopback(server: GitServer) -> str:
    host = f"127.0.0.1:{server.port}"
    return f"forges: [{{host: '{host}', kind: git, base_url: 'http://{host}'}}]\n"


def collected(one: Road, project: str = "mine", commits: int = 12) -> bool:
    return bool(one.status()[project]["records"]["commits"] == commits)


MISTAKES = """    ownerr: x
    next_needed: 2026-13-40
  - {{id: b, repositories: [{{url: '--upload-pack=x'}}]}}
  - {{id: c, repositories: [{{url: {same}}}]}}
"""
TOLD = (
    (":5:5:", "'owner'"),
    (":6:18:", "date that does not exist"),
    (":7:", "must not begin with '-'"),
    (":8:", "listed twice"),
)


@pytest.mark.parametrize("command", ["check", "collect"])
def test_each_mistake_in_the_portfolio_is_told_with_its_place(
    command: str, made: Maker, tmp_path: Path
) -> None:
    one = road(tmp_path, made, MISTAKES.format(same=made.path))
    said = one.run(command)
    assert (said.code, said.out, said.plain) == (2, "", True)
    lines = said.err.splitlines()
    for place, words in TOLD:
        assert any(f"all.yaml{place}" in line and words in line for line in lines), place
    assert not one.database.exists()


def failed(said: Said, sentence: str) -> None:
    assert (said.code, said.plain) == (1, True), said.err
    assert sentence in said.err
    assert "Not read; what was stored of them stays" in said.err


def test_a_host_that_does_not_exist_stops_no_other_repository(made: Maker, tmp_path: Path) -> None:
    more = "  - {id: b, repositories: [{url: 'https://no-such-host.invalid/a/b'}]}\n"
    one = road(tmp_path, made, more)
    failed(one.run("collect"), "no-such-host.invalid does not exist or cannot be found")
    said = one.run("status", "--format", "json")
    assert said.code == 1  # never read: stale
    rows = {row["project"]: row for row in json.loads(said.out)["repositories"]}
    assert (rows["b"]["state"], rows["b"]["last_success"]) == ("failed", None)
    assert rows["mine"]["records"]["commits"] == 12


def test_a_password_and_a_repository_that_goes_and_comes_back(
    made: Maker, server: GitServer, tmp_path: Path
) -> None:
    more = f"  - {{id: b, repositories: [{{url: '{server.url('mine.git')}'}}]}}\n"
    one = road(tmp_path, made, more, loopback(server))
    server.password = "someone:secret"
    failed(one.run("collect"), "asks for a password for http://127.0.0.1")
    server.password = None
    one.collect()
    before, away = one.tables(), made.path.with_suffix(".away")
    made.path.rename(away)
    failed(one.run("collect"), "(any more): it was deleted, renamed or made private.")
    rows = one.status()
    assert {row["state"] for row in rows.values()} == {"gone"}
    assert {row["records"]["commits"] for row in rows.values()} == {12}
    away.rename(made.path)
    one.collect()
    assert one.tables()["commits"] == before["commits"]


def no_file_beyond(size: int) -> None:
    """As on a full disk: writing beyond a size fails, in every process that is started."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_told_and_loses_nothing(made: Maker, tmp_path: Path) -> None:
    one = road(tmp_path, made)
    one.collect()
    before = one.tables()
    made.line(3000)
    made.write()
    said = one.run("collect", before=lambda: no_file_beyond(120_000))
    assert (said.code, said.plain) == (1, True), said.err
    assert "disk" in said.err
    assert one.tables()["commits"] == before["commits"]
    one.collect()
    assert collected(one, commits=3012)


def test_a_database_of_a_newer_version_is_left_alone(made: Maker, tmp_path: Path) -> None:
    one = road(tmp_path, made)
    one.collect()
    with sqlite3.connect(one.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    before = one.tables()
    for words in (["collect"], ["status", "--format", "json"]):
        said = one.run(*words)
        assert (said.code, said.out, said.plain) == (1, "", True), words
        assert said.err.startswith("The database was written by a newer version of OSPO Vitals")
    assert one.tables() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(made: Maker, tmp_path: Path) -> None:
    one = road(tmp_path, made)
    one.folder.joinpath("data").chmod(stat.S_IRUSR | stat.S_IXUSR)
    said = one.run("collect")
    assert (said.code, said.plain) == (1, True)
    assert "data" in said.err


def test_a_data_folder_that_is_a_file_is_named(made: Maker, tmp_path: Path) -> None:
    blocked = tmp_path / "road" / "blocked"
    one = road(tmp_path, made, "", "data_dir: blocked\ndatabase_url: sqlite:///blocked/v.db\n")
    blocked.write_text("in the way")
    said = one.run("collect")
    assert (said.code, said.out, said.plain) == (1, "", True), said.err
    assert "blocked" in said.err


WORDS = {
    ("metrics", "--project", "min"): "There is no project 'min'. Did you mean mine?",
    ("metrics", "--metric", "comits"): "There is no metric 'comits'. Did you mean commits",
    ("metrics", "--as-of", "2026-13-01"): "is not a date. Write it as YYYY-MM-DD",
}


def test_an_unknown_word_is_answered_with_the_nearest(made: Maker, tmp_path: Path) -> None:
    one = road(tmp_path, made)
    for words, sentence in WORDS.items():
        said = one.said(*words)
        assert (said.code, said.out, said.plain) == (2, "", True), said.err
        assert sentence in said.err


def test_before_the_first_pass_a_reader_says_what_to_run(made: Maker, tmp_path: Path) -> None:
    said = road(tmp_path, made).run("metrics", "--format", "json")
    assert (said.code, said.out, said.plain) == (1, "", True)
    assert "Run `ospo-vitals collect` first." in said.err


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[int], None]]:
    """A disk of its own under a folder, of any size; skipped where it may not be mounted."""
    folder.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(words, check=False, capture_output=True).stderr:
        pytest.skip("a small disk can only be mounted by root")

    def resize(kilobytes: int) -> None:
        options = f"remount,size={kilobytes}k"
        subprocess.run(["mount", "-o", options, str(folder)], check=True)

    try:
        yield resize
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_a_disk_that_fills_anywhere_loses_nothing(made: Maker, tmp_path: Path) -> None:
    """Full while making the database, cloning, writing, measuring; then there is room again."""
    made.line(6000)
    made.write()
    other = Maker(made.path.with_name("other.git"))
    other.line(40)
    other.write()
    more = f"  - {{id: other, repositories: [{{url: {other.path}}}]}}\n"
    whole = road(tmp_path / "whole", made, more)
    whole.collect()
    expected, stopped = whole.tables(), 0
    for kilobytes in (40, 200, 400, 600, 800, 1000, 1300, 1600, 2000, 2500, 3000, 4000, 5000):
        folder = tmp_path / f"disk-{kilobytes}"
        with small_disk(folder) as resize:
            one = road(folder, made, more)
            resize(kilobytes)
            said = one.run("collect")
            assert said.plain, said.err
            assert said.code in (0, 1)
            if said.code:
                stopped += 1
                assert "full" in said.err, (kilobytes, said.err)
                assert len(said.err.splitlines()) <= 8, said.err
            resize(100_000)
            one.collect()
            assert not differences(expected, one.tables()), kilobytes
    assert stopped >= 5
