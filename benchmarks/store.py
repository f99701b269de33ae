"""How fast are rows written, and what does it take to load a million commits?

    python -m benchmarks.store [ROWS] [COMMITS]

Rows per second are given with their ratio to a bare ``executemany`` of the same rows through
the same driver in the same run, so that the machine's own speed does not matter.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, delete

from collector.store import migrate
from collector.store.engine import connect
from collector.store.rows import batched, upsert
from collector.store.schema import commits
from tests.postgres import find_binaries, running
from tests.stores import WHO, commit, portfolio, put_git, reading

Row = dict[str, object]


def rows(amount: int, repository: int) -> Iterator[Row]:
    for number in range(amount):
        yield {
            "repository_id": repository,
            "sha": number.to_bytes(20, "big"),
            "author": number % 1000,
            "author_time": number,
            "committer_time": number,
            "arrival": number,
            "arrived_with": None,
            "parents": 1,
            "declares_ai": False,
        }


def bare(engine: Engine, repository: int, amount: int) -> None:
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    names = list(next(rows(1, repository)))
    statement = f"INSERT INTO commits ({','.join(names)}) VALUES ({','.join([mark] * len(names))})"
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        for batch in batched(rows(amount, repository)):
            cursor.executemany(statement, [tuple(row.values()) for row in batch])


def ours(engine: Engine, repository: int, amount: int) -> None:
    with engine.begin() as connection:
        for batch in batched(rows(amount, repository)):
            upsert(connection, commits, batch)


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def writing(url: str, amount: int) -> dict[str, float]:
    engine = connect(url)
    migrate.upgrade(engine)
    (repository,) = portfolio(engine)
    plain = timed(lambda: bare(engine, repository, amount))
    with engine.begin() as connection:
        connection.execute(delete(commits))
    new = timed(lambda: ours(engine, repository, amount))
    same = timed(lambda: ours(engine, repository, amount))
    engine.dispose()
    return {
        "bare_rows_per_second": round(amount / plain),
        "new_rows_per_second": round(amount / new),
        "unchanged_rows_per_second": round(amount / same),
        "new_to_bare": round(plain / new, 2),
    }


def loading(url: str, project: str) -> None:
    """Load a project's activity in a process of its own and say what it took."""
    from collector.store.read_activity import activity

    engine = connect(url, read_only=True)
    seconds = timed(lambda: print(len(activity(engine, project, WHO).commits.time), end=" "))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": round(seconds, 1), "peak_mb": round(peak)}))


def main(amount: int, history: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("sqlite", writing(f"sqlite:///{Path(folder) / 'w.db'}", amount))
        url = f"sqlite:///{Path(folder) / 'load.db'}"
        engine = connect(url)
        migrate.upgrade(engine)
        (repository,) = portfolio(engine)
        stream = (commit(n, day=n / 400) for n in range(history))
        seconds = timed(lambda: put_git(engine, repository, reading(stream)) and None)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"write_git {history} commits: {seconds:.1f} s, peak {peak:.0f} MB")
        engine.dispose()
        command = [sys.executable, "-m", "benchmarks.store", "load", url, "app"]
        print("load", subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    binaries = find_binaries()
    if binaries:
        with running(binaries) as cluster:
            print("postgresql", writing(cluster.new_database(), amount))


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        loading(*sys.argv[2:4])
    else:
        given = [int(word) for word in sys.argv[1:3]]
        main(*given, *(200_000, 1_000_000)[len(given) :])
