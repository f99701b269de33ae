"""A real PostgreSQL for the tests: a private cluster on loopback, thrown away afterwards.

Debian's binaries, run as root through ``runuser``. Where they cannot be had, the tests that
need them skip and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

OWNER = "postgres"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}


@dataclass(frozen=True)
class Cluster:
    """A running server; ``new_database`` gives the URL of an empty database."""

    binaries: Path
    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        import psycopg

        name = f"test_{next(self._numbers)}"
        place = f"host=127.0.0.1 port={self.port} user={OWNER} dbname=postgres"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return self.url(name)

    def restart(self) -> None:
        """Stop the server at once, as a crash would, and start it again."""
        data = str(self.folder / "data")
        _run(self.binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "restart")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A private PostgreSQL server for this test run, or a skip that says what is missing."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's server binaries (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="needs psycopg (the postgres extra)")
    with running(binaries) as cluster:
        yield cluster


def find_binaries() -> Path | None:
    """Where PostgreSQL's server binaries are, if they can be used."""
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return None
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3])
    )
    return found[-1].parent if found else None


@contextmanager
def running(binaries: Path) -> Iterator[Cluster]:
    """A server in a folder of its own, stopped and removed at the end."""
    # Not pytest's folder: that one is closed to other users, and postgres refuses to be root.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data = folder / "data"
    port = _free_port()
    options = " ".join(f"-c {name}={value}" for name, value in FAST.items())
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        _run(binaries / "initdb", "-D", str(data), "-A", "trust", "-U", OWNER, "--no-sync",
             "--locale=C", "--encoding=UTF8")  # fmt: skip
        _run(binaries / "pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "start",
             "-o", f"-p {port} -k {folder} {options}")  # fmt: skip
        yield Cluster(binaries, folder, port)
    finally:
        if (data / "postmaster.pid").exists():
            _run(binaries / "pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_owner, *map(str, command)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
