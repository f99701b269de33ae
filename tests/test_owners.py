"""What an owner keeps for all of its repositories counts for each, and the place is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.forge.world import Repository
from tests.gitmake import Maker
from tests.whole import Whole, plain, whole_forge


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as forge:
        plain(forge, Repository("city", "app"))
        yield forge


def owner(whole: Whole, **files: bytes | None) -> Maker:
    maker = Maker(whole.git.root / "city/.github")
    maker.commit(files=files)
    maker.write()
    return maker


def found(whole: Whole) -> dict[str, Any]:
    out, _ = whole.run("metrics", "--metric", "community_files", "--format", "json")
    places: dict[str, Any] = json.loads(out)[0]["parts"]["found"]
    return places


def asked(whole: Whole) -> int:
    return sum("/city/.github/info/refs" in each for each in whole.git.requests)


def test_the_owners_files_count_and_their_place_is_named_until_the_repository_has_its_own(
    whole: Whole,
) -> None:
    owner(whole, **{"SECURITY.md": b"mail us\n", "LICENSE": b"MIT\n", "docs/SUPPORT.md": b"x\n"})
    whole.run("collect")
    there = whole.url("city/.github")
    assert found(whole) == {
        "README": "README.md",
        "SECURITY": f"{there}: SECURITY.md",
        "SUPPORT": f"{there}: docs/SUPPORT.md",
    }
    said, _ = whole.run("explain", "app", "community_files")
    assert f"{there}: SECURITY.md" in said
    maker = Maker(whole.git.root / "city/app", made=1)
    maker.commit([1], files={"SECURITY.md": b"ours\n"})
    maker.write()
    whole.run("collect")
    assert found(whole)["SECURITY"] == "SECURITY.md"


def test_what_the_owner_changes_reaches_its_projects_and_nothing_is_asked_twice(
    whole: Whole,
) -> None:
    maker = owner(whole, **{"SECURITY.md": b"mail us\n"})
    whole.run("collect")
    maker.commit([1], files={"CONTRIBUTING.md": b"welcome\n"})
    maker.write()
    whole.git.requests.clear()
    whole.run("collect")
    assert set(found(whole)) == {"README", "SECURITY", "CONTRIBUTING"}
    whole.git.requests.clear()
    whole.run("collect")
    assert asked(whole) == 1


def test_an_owner_without_such_a_repository_is_asked_once_a_week(whole: Whole) -> None:
    whole.run("collect")
    assert asked(whole) == 1
    whole.git.requests.clear()
    whole.run("collect")
    assert asked(whole) == 0
    assert set(found(whole)) == {"README"}
