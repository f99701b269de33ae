"""Readings, pages and portfolios for the tests of the store, and what a database then holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, select

from collector.accounts import Pseudonyms
from collector.config.project_settings import to_json
from collector.forge import Cost, Page
from collector.model import Account, Commit, FileFact, GitReading, Project, Tag
from collector.store import write, write_records
from collector.store.read_activity import Who
from collector.store.schema import metadata, repositories

DAY = 86_400
START = 1_600_000_000 - 1_600_000_000 % DAY
NOW = START + 3000 * DAY
KEY = Pseudonyms(b"k" * 32)
WHO = Who(KEY)
ANA = Account(name="Ana", mail="ana@example.sk")
BEN = Account(name="Ben", mail="ben@example.sk")
RENOVATE = Account(name="renovate[bot]", mail="bot@renovate.example")


def sha(number: int) -> bytes:
    return number.to_bytes(20, "little")


def commit(number: int, author: Account = ANA, day: float | None = None, **more: Any) -> Commit:
    """The commit of that number, on the first-parent line, made and arrived on its day."""
    at = int(START + (number if day is None else day) * DAY)
    fields: dict[str, Any] = {
        "sha": sha(number),
        "author": author,
        "author_time": at,
        "committer_time": at,
        "arrival": at,
        "arrived_with": sha(number),
        "parents": 1,
    }
    return Commit(**(fields | more))


def reading(commits: Iterable[Commit], *, replaces: bool = True, **more: Any) -> GitReading:
    fields: dict[str, Any] = {
        "head": sha(1),
        "default_branch": "main",
        "replaces": replaces,
        "commits": commits,
        "tags": (Tag("v1.0", sha(1), START),),
        "files": (FileFact("README", "README.md", START),),
        "same_people": (),
        "cursor": "cursor",
    }
    return GitReading(**(fields | more))


def portfolio(engine: Engine, *urls: str, kind: str = "github") -> list[int]:
    """One project, ``app``, with these repositories; their ids."""
    urls = urls or ("https://github.com/city/app",)
    project = write.ProjectRow("app", "city", "App", {"project": to_json(Project("app"))})
    rows = [
        write.RepositoryRow(url, url, "github.com", kind, "app", {"role": "code", "counted": True})
        for url in urls
    ]
    write.sync(engine, [write.OspoRow("city", "City", {})], [project], rows)
    with engine.connect() as connection:
        found = connection.execute(select(repositories.c.url, repositories.c.id))
        ids = {row.url: row.id for row in found}
    return [ids[url] for url in urls]


def put_git(engine: Engine, repository: int, given: GitReading, run: int | None = None) -> int:
    run_id = write.begin(engine, repository, NOW) if run is None else run
    write_records.write_git(engine, repository, run_id, given, KEY, (), NOW, Cost())
    return run_id


def put_pages(engine: Engine, repository: int, pages: Sequence[Page], now: int = NOW) -> None:
    run_id = write.begin(engine, repository, NOW)
    for page in pages:
        write_records.write_page(engine, repository, run_id, page, KEY, (), now)


def contents(engine: Engine, *, without: Sequence[str] = ("run_id",)) -> dict[str, list[Any]]:
    """Every row of every table, but for the columns that say which run wrote it."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    tuple((k, v) for k, v in row._mapping.items() if k not in without)
                    for row in connection.execute(select(table))
                ),
                key=repr,
            )
            for table in metadata.sorted_tables
        }


def revision(engine: Engine, repository: int) -> int:
    question = select(repositories.c.revision).where(repositories.c.id == repository)
    with engine.connect() as connection:
        return int(connection.execute(question).scalar_one())
