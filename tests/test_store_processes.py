"""Several processes on one database: nothing lost, nobody blocked for ever, death leaves no trace.

Each process is a plain interpreter, as a second ``collect`` or a worker on another machine is.
"""

import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, func, select

from collector.store import migrate
from collector.store.engine import connect
from collector.store.schema import accounts, commits
from tests.stores import commit, contents, portfolio, put_git, reading

ROOT = Path(__file__).parent.parent


def start(program: str, *arguments: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


ENDLESS = """
import itertools, sys, time
from collector.store.engine import connect
from tests.stores import commit, put_git, reading

def stream():
    for n in itertools.count(1):
        if n == 12_000:
            print("midway", flush=True)
            time.sleep(60)
        yield commit(n % 50_000)

put_git(connect(sys.argv[1]), int(sys.argv[2]), reading(stream()))
"""


def test_a_killed_writer_leaves_the_earlier_state(engine: Engine, database_url: str) -> None:
    (repository,) = portfolio(engine)
    history = [commit(n) for n in range(1, 60)]
    put_git(engine, repository, reading(history))
    passing = ("run_id", "last_attempt")
    before = contents(engine, without=passing)
    with start(ENDLESS, database_url, repository) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"midway\n"
        writer.send_signal(signal.SIGKILL)
    assert contents(engine, without=passing) == before
    put_git(engine, repository, reading(history))
    assert contents(engine, without=passing) == before


SHARING = """
import sys
from collector.model import Account
from collector.store.engine import connect
from tests.stores import commit, put_git, reading

repository = int(sys.argv[2])
engine = connect(sys.argv[1])
for turn in range(15):
    people = [Account(name=f"P{n} of turn {turn}", mail=f"{n}@x.sk") for n in range(40)]
    people = people[turn % 7 :] + people[: turn % 7]
    people = people[:: -1 if repository % 2 else 1]
    new = [commit(turn * 100 + n, person) for n, person in enumerate(people)]
    put_git(engine, repository, reading(new, replaces=False))
"""


def test_two_processes_that_share_accounts_lose_nothing_and_do_not_block_each_other(
    engine: Engine, database_url: str
) -> None:
    ids = portfolio(engine, "https://github.com/a/a", "https://github.com/b/b")
    writers = [start(SHARING, database_url, repository) for repository in ids]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(commits)).scalar() == 1200
        assert connection.execute(select(func.count()).select_from(accounts)).scalar() == 600
    for writer in writers:
        writer.communicate()


MIGRATING = """
import sys
from collector.store import migrate
from collector.store.engine import connect
migrate.upgrade(connect(sys.argv[1]))
"""


def test_processes_that_migrate_at_once_make_the_tables_once(database_url: str) -> None:
    processes = [start(MIGRATING, database_url) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    for process in processes:
        process.communicate()
    engine = connect(database_url)
    assert migrate.state(engine) == "current"
    engine.dispose()
