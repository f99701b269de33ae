"""A crash before and after every single request, then a resume, gives the same database."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from collector import config, portfolio
from collector.accounts import Pseudonyms
from collector.forge_stage import ForgeStage
from collector.progress import Lines
from collector.store import migrate, read
from collector.store.engine import connect
from collector.transport import Transport
from tests.forge.reading import review
from tests.forge.server import TOKEN, TestForge
from tests.forge.world import Json, Repository, issue, pull, said

PSEUDONYMS = Pseudonyms(b"k" * 32)
NOW = 1_790_000_000
TABLES = ("items", "responses", "releases", "accounts", "snapshots")
OF_REPOSITORY = "url, state, error, native_id, forge_marker, facts, totals, settled_drift"


class Crash(BaseException):
    """The machine goes dark."""


@contextmanager
def crashing(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool) -> Iterator[None]:
    """The n-th request is the last thing that happens: it is not sent, or its answer is lost."""
    sent, number = Transport._send, 0

    def send(self: Transport, *words: Any) -> Any:
        nonlocal number
        number += 1
        if number == at and not after:
            raise Crash
        answer = sent(self, *words)
        if number == at:
            raise Crash
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(Transport, "_send", send)
        yield


class Place:
    """A configuration with two repositories of the forge, and a database that may be made anew."""

    def __init__(self, folder: Path, forge: TestForge) -> None:
        host = forge.base.removeprefix("http://")
        (folder / "config" / "portfolios").mkdir(parents=True)
        (folder / "config" / "ospo-vitals.yaml").write_text(
            f"forges: [{{host: '{host}', kind: github, base_url: '{forge.base}', token_env: T}}]\n"
        )
        projects = "".join(
            f"- {{id: {name}, repositories: [{{url: '{forge.base}/city/{name}'}}]}}\n"
            for name in ("app", "site")
        )
        text = f"ospo: {{id: city}}\nprojects:\n{projects}"
        (folder / "config" / "portfolios" / "city.yaml").write_text(text)
        self.config = config.load(folder / "config", {"T": TOKEN})
        self.folder = folder
        self.number = 0
        self.empty = folder / "empty.db"
        engine = connect(f"sqlite:///{self.empty}")
        migrate.upgrade(engine)
        portfolio.register(engine, self.config)
        engine.dispose()

    def copy(self, of: Path) -> Path:
        """Another database with the same in it."""
        self.number += 1
        path = self.folder / f"{self.number}.db"
        path.write_bytes(of.read_bytes())
        return path

    def collect(self, path: Path, *, full: bool = False) -> None:
        engine = connect(f"sqlite:///{path}")
        try:
            stage = ForgeStage(self.config, engine, PSEUDONYMS, Lines(), Event(), lambda: NOW, full)
            stage.read(read.targets(engine))
        finally:
            engine.dispose()

    @staticmethod
    def rows(path: Path) -> dict[str, list[Any]]:
        with sqlite3.connect(path) as database:
            found = {
                name: sorted(database.execute(f"SELECT * FROM {name}"), key=str) for name in TABLES
            }
            chosen = f"SELECT {OF_REPOSITORY} FROM repositories ORDER BY id"
            return {**found, "repositories": database.execute(chosen).fetchall()}


def world(forge: TestForge) -> list[Repository]:
    """Two repositories in several pages, one with a long review and a long talk."""
    found = []
    for name in ("app", "site"):
        repository = forge.world.add(Repository("city", name))
        talk = [said(f"u{n}", f"2024-01-10T10:{n // 60:02d}:{n % 60:02d}Z") for n in range(101)]
        for n in range(1, 5):
            at = f"2024-01-1{n}"
            reviews: Json = {**review(n, at), "id": f"PRR_{name}_{n}"}
            if n == 1 and name == "app":
                reviews["comments"] = [{"createdAt": f"{at}T18:00:00Z"} for _ in range(101)]
            change = pull(n + 4, id=f"PR_{name}_{n}", reviews=[reviews])
            repository.pulls.append(change)
            talked = talk if n == 1 and name == "app" else talk[:n]
            repository.issues.append(issue(n, id=f"I_{name}_{n}", comments=talked))
        repository.releases.append(release(name, 1))
        found.append(repository)
    forge.world.web = forge.base
    return found


def release(name: str, n: int) -> Json:
    at = f"2024-0{n}-01T00:00:00Z"
    return {
        "id": f"RE_{name}_{n}", "tagName": f"v{n}", "createdAt": at, "publishedAt": at,
        "updatedAt": at, "isDraft": False, "isPrerelease": False, "author": "bob",
    }  # fmt: skip


def a_day_later(repositories: list[Repository]) -> None:
    """A comment, a review, a release, an issue that is closed and one that is deleted."""
    for repository in repositories:
        at, name = "2024-03-01T10:00:00Z", repository.name
        first, second = repository.issues[1:3]
        first["comments"].append(said("carol", at))
        second |= {"state": "CLOSED", "closedAt": at, "closedBy": "carol"}
        change = repository.pulls[0]
        change["reviews"].append({**review(9, "2024-03-01"), "id": f"PRR_{name}_new"})
        for each in (first, second, change):
            each["updatedAt"] = at
        repository.releases = [release(name, 3)]
        del repository.issues[3]


def first_time(place: Place, repositories: list[Repository]) -> Path:
    return place.empty


def next_day(place: Place, repositories: list[Repository]) -> Path:
    before = place.copy(place.empty)
    place.collect(before)
    a_day_later(repositories)
    return before


@pytest.mark.parametrize("begin", [first_time, next_day])
def test_a_crash_before_and_after_every_request_and_a_resume_give_the_same_database(
    github_forge: TestForge,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[Place, list[Repository]], Path],
) -> None:
    place = Place(tmp_path, github_forge)
    repositories = world(github_forge)
    github_forge.too_heavy = 6_000  # pages of few items
    before = begin(place, repositories)
    undisturbed = place.copy(before)
    github_forge.forget()
    place.collect(undisturbed)
    wanted, total = place.rows(undisturbed), len(github_forge.requests)
    assert total >= 8
    for number in range(1, total + 1):
        for after in (False, True):
            path = place.copy(before)
            with pytest.raises(Crash), crashing(monkeypatch, number, after=after):
                place.collect(path)
            place.collect(path)
            assert place.rows(path) == wanted, f"{'after' if after else 'before'} {number}"
