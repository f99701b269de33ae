"""The machine that a pass runs on: git too old or missing, hosts that are down for all of us."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, get_ident

import pytest

from collector.run import READERS
from collector.stopping import stopped_by_signals, worked
from tests.gitmake import LATER, Maker
from tests.program import Said
from tests.road import ROOT, Road, ended

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


WAITING = """#!/bin/sh
test "$1" = --version && exec {git} --version
echo begun > {folder}/begun
read -r _ < {folder}/go
kill -{signal} $$
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_pass_after_what_is_being_read_and_blames_no_repository(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    real = shutil.which("git")
    program.write_text(WAITING.format(git=real, folder=tmp_path, signal=number.name[3:]))
    program.chmod(0o755)
    begun, go = tmp_path / "begun", tmp_path / "go"
    os.mkfifo(begun)
    os.mkfifo(go)
    one = Road(tmp_path / "road", {"PATH": f"{program.parent}:/usr/bin:/bin"})
    one.configure({f"p{i}": f"https://git.example/{i}" for i in range(40)})
    process = one.start("collect")
    assert process.stderr is not None
    with begun.open() as seen:  # as soon as the first one is asked for
        process.send_signal(number)
        told = process.stderr.readline()
        assert told.startswith("Stopping after what is being read. Nothing is lost")
        with go.open("r+b", buffering=0) as released:
            released.write(b"\n" * 40)
            said = ended(process)
        assert seen.read().count("begun") <= READERS
    assert (said.code, said.plain) == (128 + number, True)
    rows = json.loads(one.said("status", "--format", "json").out)["repositories"]
    assert {(row["state"], row["last_error"]) for row in rows} == {("pending", None)}


def test_a_signal_is_heard_though_it_comes_to_a_thread_that_works() -> None:
    """The system may choose any thread; Python hears in the main thread, once that is awake."""
    halt = Event()

    def work() -> bool:
        halt.wait(0.3)  # by then the main thread sleeps
        signal.pthread_kill(get_ident(), signal.SIGTERM)
        return halt.wait(60)

    with stopped_by_signals(halt) as heard, ThreadPoolExecutor(1) as pool:
        assert worked(pool, work, [()]) == [True]
    assert heard.exit_code == 143


def two_hosts(tmp_path: Path, of_each: int) -> Road:
    urls = {f"a{i}": f"http://{DEAD}/a/r{i}" for i in range(of_each)}
    urls |= {f"b{i}": f"https://no-such-host.invalid/b/r{i}" for i in range(of_each)}
    settings = f"forges: [{{host: '{DEAD}', kind: gitlab, base_url: 'http://{DEAD}'}}]\n"
    return Road(tmp_path / "road", {"NO_PROXY": "*"}).configure(urls, settings)


def lines_of(said: Said, host: str) -> list[str]:
    return [line for line in said.err.splitlines() if line.strip().startswith(host)]


def test_a_dead_host_is_told_once_and_not_once_a_repository(tmp_path: Path) -> None:
    one = two_hosts(tmp_path, 4)
    for said in (one.run("collect"), one.run("collect")):
        assert (said.code, said.out, said.plain) == (1, "", True)
        for host in (DEAD, "no-such-host.invalid"):
            (told,) = {line.strip() for line in lines_of(said, host) if "repositories" in line}
            assert "4 repositories" in told
            assert "and 1 more" in told
        assert "Each of them with its reason: ospo-vitals status" in said.err
        assert "No host answered." in said.err
        assert len(said.err.splitlines()) <= 8, said.err
    rows = json.loads(one.said("status", "--format", "json").out)["repositories"]
    assert len([row for row in rows if row["last_error"]]) == 8


def test_one_repository_of_a_dead_host_is_told_by_its_address(tmp_path: Path) -> None:
    said = two_hosts(tmp_path, 1).run("collect")
    assert lines_of(said, f"http://{DEAD}/a/r0: {DEAD} cannot be reached (Failed to connect")
    assert "repositories (" not in said.err


def as_owner_only(words: list[str]) -> list[str]:
    """So that what may not be written may not be written by root either; skipped elsewhere."""
    kept = ["--bounding-set", "-dac_override,-dac_read_search"]
    kept += ["--inh-caps", "-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and there is no setpriv")
    return ["setpriv", *kept, *words] if os.geteuid() == 0 else words


LOCKED = (
    ("collect", "", 1, "cannot be made (Permission denied)"),
    ("add https://github.com/a/b --project mine", "config", 2, "cannot be written: Permission"),
    ("check", "config", 2, "this user may not read this folder"),
    ("metrics", "data/keys/pseudonyms.key", 1, "This user may not read or write"),
)


@pytest.mark.parametrize(("words", "place", "code", "sentence"), LOCKED)
def test_a_folder_or_file_that_is_not_open_to_us_is_named_with_what_to_do(
    words: str, place: str, code: int, sentence: str, tmp_path: Path
) -> None:
    made = Maker(tmp_path / "mine.git", start=LATER)
    made.line(2)
    one = Road(tmp_path / "road").configure({"mine": str(made.write())})
    if words == "metrics":
        one.collect()
    locked, mode = one.folder / place, 0o500 if words[:3] in ("add", "col") else 0
    if words == "collect":
        shutil.rmtree(one.folder / "data")
    (locked / "portfolios" if words.startswith("add") else locked).chmod(mode)
    try:
        done = subprocess.run(
            as_owner_only([sys.executable, "-m", "collector", *words.split()]),
            env=one.process_environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        locked.chmod(0o700)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
