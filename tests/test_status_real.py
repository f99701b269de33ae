"""Statuses of the ten real repositories at every month's start are plausible."""

import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.judgement.status import Status, standing
from collector.model import Activity
from tests import ietf_archive
from tests.activities import ItemLine, activity, commit, tag

END = datetime(2026, 7, 1, tzinfo=UTC)


def git(folder: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True)
    return done.stdout.decode(errors="replace").splitlines()


def records(folder: Path, shared: Path) -> Activity:
    """Commits and tags as plain git prints them; arrival is the committer's date. And items."""
    log = [
        line.rsplit("|", 2) for line in git(folder, "log", "--no-merges", "--format=%an|%at|%ct")
    ]
    tags = [
        line.rsplit("|", 1)
        for line in git(
            folder, "for-each-ref", "--format=%(refname:strip=2)|%(creatordate:unix)", "refs/tags"
        )
    ]
    return activity(
        [commit(int(written), who or "nobody", arrived=int(came)) for who, written, came in log],
        [tag(int(when), name) for name, when in tags if when],
        items(folder.stem, shared),
        maintainers=["ekr", "seanturner", "bifurcation", "raphaelrobert"],
    )


def items(name: str, shared: Path) -> list[ItemLine]:
    """The issues and change requests of two of them, as their archives keep them."""
    states = ietf_archive.states(shared / "github", name.replace("__", "/"))
    return ietf_archive.lines(ietf_archive.read(states[-1])) if states else []


def months(ours: Activity) -> list[int]:
    at = datetime.fromtimestamp(int(ours.commits.arrival.min()), UTC)
    found = []
    while at < END:
        at = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
        found.append(int(at.timestamp()))
    return found


@pytest.fixture(scope="module")
def histories(real_repositories: Path, shared_data: Path) -> dict[str, list[Status]]:
    found = {}
    for folder in sorted(real_repositories.glob("*.git")):
        ours = records(folder, shared_data)
        found[folder.stem] = [standing(ours, at).status for at in months(ours)]
    return found


def test_few_months_are_slowing(histories: dict[str, list[Status]]) -> None:
    count = Counter(status for history in histories.values() for status in history)
    assert count.total() > 800
    assert count[Status.SLOWING] / count.total() < 0.15


def test_every_history_begins_new_and_the_left_ones_end_at_rest(
    histories: dict[str, list[Status]],
) -> None:
    assert all(history[:3] == [Status.NEW] * 3 for history in histories.values())
    last = {name: history[-1] for name, history in histories.items()}
    assert last["VNG-Realisatie__catalogi-api"] is Status.AT_REST
    assert last["cityvizor__cityvizor"] is Status.AT_REST
    assert last["belastingdienst__opr-paas"] is Status.ACTIVE
    assert last["mlswg__mls-extensions"] is Status.QUIET
