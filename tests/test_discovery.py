"""Looking for repositories is the first step of a pass: by the command line, over real HTTP."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.forge.world import Repository
from tests.gitmake import Maker
from tests.lists import Lists, serving
from tests.whole import Whole, whole_forge


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as forge:
        yield forge


@pytest.fixture
def lists() -> Iterator[Lists]:
    with serving() as server:
        yield server


def configure(whole: Whole, discover: str, *, settings: str = "", projects: str = "[]") -> None:
    """A portfolio with these entries under ``discover:``."""
    whole.configure(settings=settings)
    text = f"ospo: {{id: city, name: City}}\nprojects: {projects}\ndiscover:\n{discover}"
    (whole.folder / "config" / "portfolios" / "all.yaml").write_text(text)


def shelf(whole: Whole) -> dict[str, Any]:
    out = whole.said("status", "--format", "json").out
    found: dict[str, Any] = json.loads(out)["shelf"]
    return found


def add(whole: Whole, *names: str, **more: Any) -> None:
    for name in names:
        owner, _, short = name.partition("/")
        head = more.get("head", f"{abs(hash(name)):040x}"[-40:])
        whole.forge.world.add(Repository(owner, short, **{**more, "head": head}))


def git_of(whole: Whole, name: str, *more: str, **files: bytes | None) -> None:
    """A history of its own: commits with these messages."""
    maker = Maker(whole.git.root / name)
    for message in (name, *more):
        parents = [maker.made] if maker.made else []
        written = {"README.md": message.encode(), **files}
        maker.commit(parents, message=message.encode(), files=written)
    maker.write()


def publiccode(name: str, url: str) -> dict[str, bytes | None]:
    text = f"publiccodeYmlVersion: '0.4'\nname: {name}\nurl: {url}\n"
    return {"publiccode.yml": text.encode()}


def test_what_an_organisation_has_lies_on_the_shelf_until_it_is_claimed_or_ignored(
    whole: Whole,
) -> None:
    add(whole, "city/app", "city/web", "city/city.github.io")
    add(whole, "city/borrowed", fork_of="https://github.com/else/borrowed")
    git_of(whole, "city/app")
    ignore = "[{match: '*.github.io', why: web pages}]"
    projects = f"[{{id: app, repositories: [{{url: '{whole.url('city/app')}'}}]}}]"
    configure(whole, f"  - {{url: '{whole.base}/city', ignore: {ignore}}}\n", projects=projects)
    whole.run("collect")
    found = shelf(whole)
    assert (found["not_sorted"], found["claimed"], found["set_aside"]) == (1, 1, 2)
    assert found["sources"][0]["listed"] == 4
    out, _ = whole.run("status")
    assert "Repositories that are not sorted yet: 1" in out


def test_each_becomes_a_project_of_its_own_where_configuration_says_so(
    whole: Whole,
) -> None:
    add(whole, "city/app", "city/web")
    add(whole, "city/borrowed", fork_of="https://github.com/else/borrowed")
    add(whole, "city/brought")
    git_of(whole, "city/app", **publiccode("The app", whole.url("city/app")))
    git_of(whole, "city/brought", **publiccode("Other", "https://example.org/a/other"))
    git_of(whole, "city/web")
    configure(whole, f"  - {{url: '{whole.base}/city', as: projects}}\n")
    whole.run("collect")
    assert set(whole.status()) == {"app", "brought", "web"}
    assert whole.values("2026-01-01", "app")
    assert shelf(whole)["projects"] == 3
    whole.run("collect")
    assert set(whole.status()) == {"app", "web"}  # its publiccode.yml says whose the other is
    with sqlite3.connect(whole.folder / "data" / "vitals.db") as database:
        names = dict(database.execute("SELECT key, name FROM projects WHERE NOT hidden"))
    assert names == {"app": "The app", "web": "web"}


def test_a_source_that_fails_is_a_sentence_and_stops_nothing(whole: Whole, lists: Lists) -> None:
    add(whole, "city/app")
    git_of(whole, "city/app")
    projects = f"[{{id: app, repositories: [{{url: '{whole.url('city/app')}'}}]}}]"
    configure(
        whole,
        f"  - {{url: '{whole.base}/nobody'}}\n"
        f"  - {{catalogue: list, source: '{lists.base}/none'}}\n",
        settings=lists.forge,
        projects=projects,
    )
    _, err = whole.run("collect", exit=1)
    assert "knows no organisation or user 'nobody'" in err
    assert f"There is no list at {lists.base}/none" in err
    assert whole.status()["app"]["state"] == "ok"
    out, _ = whole.run("status", exit=1)
    assert "could not be searched since" in out
    lists.documents["/none"] = b"https://github.com/a/b\n"
    add(whole, "nobody/x")
    whole.run("collect")
    assert shelf(whole)["not_sorted"] == 2
    whole.run("status")


def test_the_proposal_of_sort_is_pasted_and_the_shelf_is_empty(whole: Whole) -> None:
    add(whole, "city/konto-api", "city/konto-web", pushed_at="2026-06-01T00:00:00Z")
    add(whole, "city/old", archived_at="2020-01-01T00:00:00Z")
    configure(whole, f"  - {{url: '{whole.base}/city'}}\n")
    whole.run("sort", exit=1)  # nothing was collected yet
    whole.run("collect")
    listed, _ = whole.run("attention", "--format", "json")
    assert [each["rule"] for each in json.loads(listed)] == ["shelf"]
    told, _ = whole.run("attention")
    assert "Not sorted yet" in told
    assert "ospo-vitals sort" in told
    out, _ = whole.run("sort")
    assert "- id: konto" in out
    (whole.folder / "config" / "portfolios" / "sorted.yaml").write_text(out)
    whole.run("check")
    for name in ("city/konto-api", "city/konto-web"):
        git_of(whole, name)
    _, err = whole.run("sort")
    assert "Everything that was found is sorted." in err
    whole.run("collect")
    assert shelf(whole)["not_sorted"] == 0
    assert set(whole.status()) == {"konto"}


def test_a_copy_is_told_by_its_commits_once_it_was_read(whole: Whole) -> None:
    add(whole, "city/app", "city/copy", "city/grown", "city/own")
    git_of(whole, "city/app", "more")
    git_of(whole, "city/own")
    for name, more in (("city/copy", ("more",)), ("city/grown", ("more", "and more"))):
        maker = Maker(whole.git.root / name)
        for message in ("city/app", *more):
            parents = [maker.made] if maker.made else []
            files = {"README.md": message.encode()}
            maker.commit(parents, message=message.encode(), files=files)
        maker.write()
    configure(whole, f"  - {{url: '{whole.base}/city', as: projects}}\n")
    whole.run("collect")
    whole.run("collect")
    whole.run("collect")
    assert set(whole.status()) == {"app", "own"}
    found = shelf(whole)
    assert (found["projects"], found["set_aside"]) == (2, 2)
