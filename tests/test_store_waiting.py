"""A database that another program holds: said, waited for, and at last a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.store import engine as opening
from collector.store import waiting
from tests.gitmake import LATER, Maker
from tests.road import Road

HELD = "is held by another program. Waiting for it, at most 0 minutes."
GIVEN_UP = "Another program holds the database and did not let it go. End it and start again"


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Road:
    """A portfolio that was collected once, on a machine without much patience."""
    monkeypatch.setattr(opening, "STEP_MILLISECONDS", 10)
    monkeypatch.setattr(waiting, "SILENT_SECONDS", 0)
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.05)
    maker = Maker(tmp_path / "mine.git", start=LATER)
    maker.line(2)
    maker.write()
    one = Road(tmp_path / "road").configure({"mine": str(maker.path)})
    one.collect()
    return one


@pytest.mark.parametrize("command", ["collect", "measure", "db upgrade"])
def test_a_held_database_is_said_waited_for_and_at_last_given_up(road: Road, command: str) -> None:
    with closing(sqlite3.connect(road.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = road.said(*command.split())
    assert said.code == 1, said
    assert said.err.count(HELD) == 1, said.err
    assert GIVEN_UP in said.err
    assert said.plain


def test_who_only_reads_is_not_held_up_by_a_writer(road: Road) -> None:
    with closing(sqlite3.connect(road.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert road.said("status").code == 0


def test_what_was_let_go_is_taken_and_the_next_wait_is_said_again(
    road: Road, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(road.database, isolation_level=None)) as other:
        first = opening.connect(f"sqlite:///{road.database}")
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(Exception, match="locked"), first.begin():
                pass
        other.execute("ROLLBACK")
        with first.begin():
            pass
        first.dispose()
    assert [HELD in each for each in caplog.messages] == [True, True]
