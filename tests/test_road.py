"""From real repositories to true numbers through the command line, whatever happens on the way."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.gitmake import LATER, Maker, git
from tests.gitserver import GitServer, serve
from tests.road import Road, Table, differences, ended, kill_after

FACTS = ("accounts", "account_links", "commits", "commit_credits", "tags", "files")
QUICK = ("OS2faktor__OS2faktor-Login",)


def host_of(server: GitServer) -> str:
    """The configuration that admits a server on loopback."""
    host = f"127.0.0.1:{server.port}"
    return f"forges: [{{host: '{host}', kind: git, base_url: 'http://{host}'}}]\n"


def made(folder: Path, name: str, commits: int, people: int = 3) -> Maker:
    """A small repository: a README, a licence, a tag, several people."""
    maker = Maker(folder / f"{name}.git", start=LATER)
    for i in range(commits):
        who = b"Dev %d <dev%d@example.org>" % (i % people, i % people)
        files = {"README.md": b"hello\n"} if not i else {f"{i % 7}.txt": b"%d\n" % i}
        maker.commit([maker.made] if maker.made else [], author=who, files=files)
    maker.tag("v1.0.0", maker.made)
    maker.write()
    return maker


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with serve(tmp_path / "served") as running:
        yield running


def counted(repository: Path) -> int:
    return int(git(repository, "rev-list", "--count", "HEAD"))


def by_path_and_by_http(folder: Path, repositories: list[Path], server: GitServer) -> None:
    """Collect by both ways, compare counts with git and both databases with each other."""
    names = {path.stem.partition("__")[2].lower(): path for path in repositories}
    local = Road(folder / "local").configure({key: str(path) for key, path in names.items()})
    remote = Road(folder / "remote").configure(
        {key: server.url(path.name) for key, path in names.items()}, host_of(server)
    )
    for road in (local, remote):
        road.collect()
        stored = {key: row["records"]["commits"] for key, row in road.status().items()}
        assert stored == {key: counted(path) for key, path in names.items()}
    assert not differences(facts(local), facts(remote))
    asked_once(remote, server, len(names))


def facts(road: Road) -> dict[str, Table]:
    """The tables that do not depend on where a repository lies."""
    found = {name: rows for name, rows in road.tables().items() if name in FACTS}
    # Whether publiccode.yml names this very repository does depend on it.
    found["files"] = [row for row in found["files"] if "publiccode.yml" not in row]
    return found


def asked_once(road: Road, server: GitServer, repositories: int) -> None:
    """A pass over what has not changed asks each repository one question, changes no row."""
    before, asked = road.tables(), len(server.requests)
    road.collect()
    questions = server.requests[asked:]
    assert sum("info/refs" in each for each in questions) == repositories
    assert len(questions) == 2 * repositories  # git's protocol 2: greeting, then one question
    assert not differences(before, road.tables())


def test_real_repositories_give_the_same_by_path_and_by_http(
    real_repositories: Path, tmp_path: Path
) -> None:
    with serve(real_repositories) as server:
        few = [real_repositories / f"{name}.git" for name in QUICK]
        by_path_and_by_http(tmp_path, few, server)


@pytest.mark.slow
def test_all_real_repositories_give_the_same_by_path_and_by_http(
    real_repositories: Path, tmp_path: Path
) -> None:
    with serve(real_repositories) as server:
        by_path_and_by_http(tmp_path, sorted(real_repositories.glob("*.git")), server)


# ---------------------------------------------------------------- one pass at a time, and killed


def test_the_second_of_two_passes_says_so_and_leaves(server: GitServer, tmp_path: Path) -> None:
    made(server.root, "one", 20)
    server.delay = 0.8
    road = Road(tmp_path).configure({"one": server.url("one.git")}, host_of(server))
    first = road.start("collect")
    while not server.requests and first.poll() is None:
        time.sleep(0.02)
    second = road.run("collect")
    server.delay = 0
    assert second.code == 3
    assert second.err.startswith("Another pass is already reading into this database (process ")
    assert len(second.err.splitlines()) == 1
    assert ended(first).code == 0


def test_a_pass_overtaken_while_it_slept_writes_nothing(server: GitServer, tmp_path: Path) -> None:
    """Stopped like a laptop put to sleep: its lock is gone, its run number is old."""
    made(server.root, "one", 20)
    server.delay = 1.0
    road = Road(tmp_path).configure({"one": server.url("one.git")}, host_of(server))
    sleeper = road.start("collect")
    while not server.requests and sleeper.poll() is None:
        time.sleep(0.02)
    sleeper.send_signal(signal.SIGSTOP)
    server.delay = 0
    lock = road.folder / "data" / "vitals.db.pass"
    lock.unlink()  # as on another machine, which does not see this one's lock
    road.collect()
    before = road.tables()
    sleeper.send_signal(signal.SIGCONT)
    said = ended(sleeper)
    assert said.code == 0
    assert "left to it" in said.err
    assert not differences(before, road.tables())


def killed_and_whole(folder: Path, urls: dict[str, str], settings: str, kills: int) -> int:
    """Kill passes at random moments; after one more the database is as if none had been."""
    whole = Road(folder / "whole").configure(urls, settings)
    began = time.monotonic()
    assert ended(whole.start("collect")).code == 0
    usual = time.monotonic() - began
    expected, hit = whole.tables(), 0
    moments = random.Random(20261123)
    broken = Road(folder / "broken").configure(urls, settings)
    for attempt in range(kills):
        if attempt % 4 == 0:
            broken = Road(folder / f"broken-{attempt}").configure(urls, settings)
        hit += kill_after(broken.start("collect"), moments.uniform(0.1, 0.7) * usual)
        if attempt % 4 == 3 or attempt == kills - 1:
            broken.collect()
            assert not differences(expected, broken.tables()), attempt
    return hit


def test_killed_passes_leave_what_an_uninterrupted_one_does(
    server: GitServer, tmp_path: Path
) -> None:
    urls = {}
    for i, commits in enumerate((300, 60)):
        made(server.root, f"r{i}", commits)
        urls[f"r{i}"] = server.url(f"r{i}.git")
    assert killed_and_whole(tmp_path, urls, host_of(server), 3) >= 1


@pytest.mark.slow
def test_many_kills_while_real_repositories_are_read(
    real_repositories: Path, tmp_path: Path
) -> None:
    with serve(real_repositories) as server:
        urls = {
            path.stem.partition("__")[2].lower(): server.url(path.name)
            for path in sorted(real_repositories.glob("*.git"))
        }
        # How many kills still find a pass alive depends on the machine's mood.
        assert killed_and_whole(tmp_path, urls, host_of(server), 24) >= 6


# ---------------------------------------------------------------- time goes on


def grown(server: GitServer, folder: Path, years: int) -> None:
    """Past values stay while the repository grows, and the end is as if read at once."""
    maker = Maker(server.root / "app.git")
    road = Road(folder / "grown").configure({"app": server.url("app.git")}, host_of(server))
    printed: list[dict[str, object]] = []
    stored: list[Table] = []
    for year in range(2020, 2020 + years):
        a_year_of_work(maker, year)
        road.collect()
        assert [at_date(road, f"{2021 + i}-01-01") for i in range(len(printed))] == printed
        assert [road.history(start_of(2021 + i)) for i in range(len(stored))] == stored
        printed.append(at_date(road, f"{year + 1}-01-01"))
        stored.append(road.history(start_of(year + 1)))
        assert stored[-1]
    fresh = Road(folder / "fresh").configure({"app": server.url("app.git")}, host_of(server))
    fresh.collect()
    assert not differences(fresh.tables(), road.tables())


def start_of(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def a_year_of_work(maker: Maker, year: int) -> None:
    """Thirty commits by ever more people, and a release."""
    begin, people = start_of(year), 2 + year % 10
    for i in range(30):
        maker.commit(
            [maker.made] if maker.made else [],
            time=begin + i * 900_000,
            author=b"Dev %d <dev%d@example.org>" % (i % people, i % people),
            files={"README.md": b"%d" % i, **({"LICENSE": b"MIT"} if year > 2020 else {})},
        )
    maker.tag(f"v{year}.0.0", maker.made, time=begin + 27_000_000)
    maker.write()


def at_date(road: Road, date: str) -> dict[str, object]:
    """Every value at a date, as the command prints it."""
    said = road.said("metrics", "--as-of", date, "--format", "json")
    assert said.code == 0, said.err
    passing = ("collected_until",)
    return {
        row["metric"]: {key: value for key, value in row.items() if key not in passing}
        for row in json.loads(said.out)
    }


def test_past_values_stay_while_a_repository_grows(server: GitServer, tmp_path: Path) -> None:
    grown(server, tmp_path, 2)


@pytest.mark.slow
def test_past_values_stay_over_six_years_of_growth(server: GitServer, tmp_path: Path) -> None:
    grown(server, tmp_path, 6)


# ---------------------------------------------------------------- quiet for cron, a bar for people


def test_cron_hears_nothing_when_nothing_is_wrong(server: GitServer, tmp_path: Path) -> None:
    made(server.root, "one", 5)
    road = Road(tmp_path).configure({"one": server.url("one.git")}, host_of(server))
    first, again = road.run("collect"), road.run("collect")
    assert (first.code, first.out) == (0, "")
    assert first.err.endswith("one.git: read for the first time\n")
    assert (again.code, again.out, again.err) == (0, "", "")


def test_a_person_at_a_terminal_sees_a_bar_that_fits(server: GitServer, tmp_path: Path) -> None:
    made(server.root, "one", 5)
    road = Road(tmp_path).configure({"one": server.url("one.git")}, host_of(server))
    seen = at_terminal(road, "collect")
    assert "Reading git" in seen
    assert "1/1" in seen
    assert "1 of 1 repositories read" in seen


def at_terminal(road: Road, *words: str) -> str:
    """What a terminal of 80 columns shows."""
    inner = [sys.executable, "-m", "collector", *words]
    script = (
        "import fcntl, pty, struct, sys, termios, os\n"
        "def read(fd): return os.read(fd, 65536)\n"
        "pid, fd = pty.fork()\n"
        "if not pid: os.execv(sys.argv[1], sys.argv[1:])\n"
        "fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))\n"
        "try:\n"
        "    while data := os.read(fd, 65536): os.write(1, data)\n"
        "except OSError: pass\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *inner],
        env=road.process_environment() | {"TERM": "xterm"},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
