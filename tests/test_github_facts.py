"""What GitHub says of a repository as it is now: stored, dated, and measured."""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.forge.server import TOKEN
from tests.forge.world import FIRST_DAY, Repository, issue, pull
from tests.whole import Whole, plain, whole_forge

DAY = 86_400


@pytest.fixture
def app(tmp_path: Path) -> Iterator[tuple[Whole, Repository]]:
    """A repository of which there is much to say."""
    with whole_forge(tmp_path) as whole:
        repository = Repository(
            "city", "app", license="EUPL-1.2", topics=("buses", "open-data"), stars=7, forks=3,
            watchers=2, security_policy=True, checks="FAILURE",
            fork_of="https://github.com/else/app",
            issues=[issue(1, labels=["bug", "help wanted"])], pulls=[pull(2, labels=["urgent"])],
        )  # fmt: skip
        plain(whole, repository)
        yield whole, repository


def stored(whole: Whole, question: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(whole.folder / "data" / "vitals.db") as database:
        return database.execute(question).fetchall()


def tomorrow() -> str:
    """Days are measured at their beginning: what is read today is known tomorrow."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + DAY))  # noqa: TID251


def measured(whole: Whole, metric: str) -> dict[str, Any]:
    out, _ = whole.run(
        "metrics", "--metric", metric, "--as-of", tomorrow(), "--format", "json"
    )  # fmt: skip
    (found,) = json.loads(out)
    return dict(found)


@pytest.mark.parametrize("token", [TOKEN, None], ids=["a token", "no token"])
def test_what_a_repository_is_is_stored(app: tuple[Whole, Repository], token: str | None) -> None:
    whole, repository = app
    whole.token = token
    whole.run("collect")
    ((told,),) = stored(whole, "SELECT facts FROM repositories")
    facts = json.loads(told)
    assert (facts["license"], facts["topics"]) == ("EUPL-1.2", ["buses", "open-data"])
    assert (facts["archived"], facts["private"]) == (False, False)
    assert facts["security_policy"] is (True if token else None)  # REST does not say
    if token:
        assert facts["fork_of"] == "https://github.com/else/app"
    labels = dict(stored(whole, "SELECT number, labels FROM items"))
    assert {n: json.loads(text) for n, text in labels.items()} == {
        1: ["bug", "help wanted"], 2: ["urgent"]
    }  # fmt: skip
    assert stored(whole, "SELECT stars, forks, watchers FROM snapshots") == [(7, 3, 2)]
    repository.archived_at = "2025-01-01T00:00:00Z"
    whole.run("collect")
    assert whole.status()["app"]["state"] == "archived"


def test_a_red_branch_is_red_since_its_last_commit_until_it_passes(
    app: tuple[Whole, Repository],
) -> None:
    whole, repository = app
    whole.run("collect")
    found = measured(whole, "default_branch_red")
    since = (time.time() - 1_577_836_800) / DAY  # noqa: TID251
    assert FIRST_DAY == "2020-01-01T00:00:00Z"
    assert since <= found["value"] <= since + 1
    repository.checks = "SUCCESS"
    whole.run("collect")
    assert measured(whole, "default_branch_red")["value"] == 0
    repository.checks = None
    whole.run("collect")
    found = measured(whole, "default_branch_red")
    assert (found["state"], found["value"]) == ("unknown", None)


def test_stars_forks_and_watchers_are_told_with_their_change_over_a_quarter(
    app: tuple[Whole, Repository],
) -> None:
    whole, repository = app
    whole.run("collect")
    assert measured(whole, "stars")["parts"] == {"change": None}  # from one day no change is known
    with sqlite3.connect(whole.folder / "data" / "vitals.db") as database:
        database.execute(f"UPDATE snapshots SET at = at - {95 * DAY}")
    repository.stars, repository.forks, repository.watchers = 12, 4, 1
    whole.run("collect")
    told = {key: measured(whole, key) for key in ("stars", "forks", "watchers")}
    assert {key: row["value"] for key, row in told.items()} == {
        "stars": 12, "forks": 4, "watchers": 1
    }  # fmt: skip
    assert {key: row["parts"]["change"] for key, row in told.items()} == {
        "stars": 5, "forks": 1, "watchers": -1
    }  # fmt: skip
