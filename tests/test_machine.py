"""The machine that a pass runs on: git too old or missing, hosts that are down for all of us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.road import Road, Said

DEAD = "127.0.0.1:9"
"""A port on which nobody listens."""


def with_git(tmp_path: Path, says: str | None) -> Road:
    """A machine whose only program is a git of that version (None: it has none)."""
    programs = tmp_path / "bin"
    programs.mkdir()
    if says:
        (programs / "git").write_text(f'#!/bin/sh\necho "git version {says}"\n')
        (programs / "git").chmod(0o755)
    one = Road(tmp_path / "road", {"PATH": str(programs)})
    return one.configure({"mine": str(tmp_path / "mine.git")})


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("2.30.9 (Apple Git-1)", "git 2.30.9 (Apple Git-1) is too old"),
        ("1.8.3.1", "git 1.8.3.1 is too old"),
        (None, "git is not there"),
    ],
)
def test_without_a_git_that_hears_our_guards_nothing_is_read(
    says: str | None, sentence: str, tmp_path: Path
) -> None:
    one = with_git(tmp_path, says)
    said = one.run("collect")
    assert (said.code, said.out, said.plain) == (2, "", True)
    assert said.err.startswith(sentence)
    assert "Install git 2.31 or newer" in said.err
    assert not (one.folder / "data" / "vitals.db-wal").exists()


def two_hosts(tmp_path: Path, of_each: int) -> Road:
    urls = {f"a{i}": f"http://{DEAD}/a/r{i}" for i in range(of_each)}
    urls |= {f"b{i}": f"https://no-such-host.invalid/b/r{i}" for i in range(of_each)}
    settings = f"forges: [{{host: '{DEAD}', kind: gitlab, base_url: 'http://{DEAD}'}}]\n"
    return Road(tmp_path / "road", {"NO_PROXY": "*"}).configure(urls, settings)


def lines_of(said: Said, host: str) -> list[str]:
    return [line for line in said.err.splitlines() if line.strip().startswith(host)]


def test_a_dead_host_is_told_once_and_not_once_a_repository(tmp_path: Path) -> None:
    one = two_hosts(tmp_path, 6)
    for said in (one.run("collect"), one.run("collect")):
        assert (said.code, said.out, said.plain) == (1, "", True)
        for host in (DEAD, "no-such-host.invalid"):
            (told,) = {line.strip() for line in lines_of(said, host) if "repositories" in line}
            assert "6 repositories" in told
            assert "and 3 more" in told
        assert "Each of them with its reason: ospo-vitals status" in said.err
        assert "No host answered." in said.err
        assert len(said.err.splitlines()) <= 8, said.err
    rows = json.loads(one.run("status", "--format", "json").out)["repositories"]
    assert len([row for row in rows if row["last_error"]]) == 12


def test_one_repository_of_a_dead_host_is_told_by_its_address(tmp_path: Path) -> None:
    said = two_hosts(tmp_path, 1).run("collect")
    assert lines_of(said, f"http://{DEAD}/a/r0: {DEAD} cannot be reached (Failed to connect")
    assert "repositories (" not in said.err
