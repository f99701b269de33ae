"""The whole road by the command line: a portfolio in a folder, processes, and what they leave."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.program import Said, in_process

ROOT = Path(__file__).parent.parent
Table = list[tuple[object, ...]]

PASSING = frozenset(
    (
        *("run_id", "revision", "digest", "cost"),
        *("last_attempt", "last_success", "error_since", "measured_at"),
        *("git_read_until", "forge_read_until", "collected_until"),
    )
)
"""Numbers of runs and times of reading: all that may differ between two equal databases."""

LEFT_OUT = ("runs", "alembic_version", "meta")


@dataclass
class Road:
    """A folder with a portfolio; ``run`` is what a person or cron does in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key.parent.mkdir(parents=True, mode=0o700)
        self.key.write_bytes(b"k" * 32)  # the same in every folder, so that hashes compare
        self.key.chmod(0o600)

    @property
    def key(self) -> Path:
        return self.folder / "data" / "keys" / "pseudonyms.key"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "vitals.db"

    def configure(self, projects: Mapping[str, str], settings: str = "") -> Road:
        """Write a portfolio of one repository per project."""
        declared = "".join(
            f"  - id: {project}\n    repositories: [{{url: {url}}}]\n"
            for project, url in projects.items()
        )
        return self.portfolio(f"ospo: {{id: all}}\nprojects:\n{declared}", settings)

    def portfolio(self, text: str, settings: str = "") -> Road:
        config = self.folder / "config"
        (config / "portfolios").mkdir(parents=True, exist_ok=True)
        (config / "ospo-vitals.yaml").write_text(f"allow_local: true\n{settings}")
        (config / "portfolios" / "all.yaml").write_text(text)
        return self

    def process_environment(self) -> dict[str, str]:
        return {
            **os.environ,  # noqa: TID251 - a test is an edge
            "OSPO_VITALS_CONFIG": str(self.folder / "config"),
            **self.environment,
        }

    def start(self, *words: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "collector", *words],
            cwd=ROOT,
            env=self.process_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,  # noqa: PLW1509 - limits of the child; no threads of ours fork
        )

    def run(self, *words: str, before: Callable[[], None] | None = None) -> Said:
        return ended(self.start(*words, before=before))

    def said(self, *words: str) -> Said:
        """What a command says, without a process of its own."""
        return in_process(self.process_environment(), *words)

    def collect(self) -> None:
        """A pass that must go well."""
        said = self.said("collect")
        assert said.code == 0, said.err

    def status(self) -> dict[str, dict[str, Any]]:
        """What ``status`` says of each project's repository."""
        said = self.said("status", "--format", "json")
        return {row["project"]: row for row in json.loads(said.out)["repositories"]}

    def history(self, until: int) -> Table:
        """The stored monthly values up to an instant."""
        question = "SELECT * FROM metric_history WHERE as_of <= ? ORDER BY 1, 2, 3"
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question, (until,)).fetchall()

    def tables(self) -> dict[str, Table]:
        """Every table, without the numbers of runs and the times of reading."""
        with closing(sqlite3.connect(self.database)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: _rows(connection, name)
                for (name,) in names.fetchall()
                if name not in LEFT_OUT and not name.startswith("sqlite_")
            }


def ended(process: subprocess.Popen[str], seconds: float = 300) -> Said:
    out, err = process.communicate(timeout=seconds)
    return Said(process.returncode, out, err)


def kill_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """SIGKILL after so many seconds; False: it had ended before."""
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode < 0


def _rows(connection: sqlite3.Connection, table: str) -> Table:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name not in PASSING]
    words = ", ".join(f'"{name}"' for name in kept)
    found = connection.execute(f"SELECT {words} FROM {table}").fetchall()
    return sorted((tuple(map(_timeless, row)) for row in found), key=repr)


def _timeless(cell: object) -> object:
    """A JSON text without the time of its reading."""
    return re.sub(r'"collected_until":\d+', "", cell) if isinstance(cell, str) else cell


def differences(one: Mapping[str, Table], other: Mapping[str, Table]) -> list[str]:
    """Where do two databases differ?"""
    found = [f"table {name} is in one only" for name in one.keys() ^ other.keys()]
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            only = sorted({*one[name]} - {*other[name]}, key=repr)[:2]
            more = sorted({*other[name]} - {*one[name]}, key=repr)[:2]
            found.append(f"{name}: {len(one[name])} and {len(other[name])} rows, {only} {more}")
    return found
