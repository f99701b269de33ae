"""GitHub's releases: all of them, those that are added, and those that are deleted."""

import pytest

from tests.forge.reading import collected
from tests.forge.server import TestForge
from tests.forge.shelf import Shelf
from tests.forge.world import Json, Repository


def release(number: int, **facts: object) -> Json:
    """A small release of our own."""
    at = f"20{number % 20 + 10}-03-01T00:00:{number % 60:02d}Z"
    return {
        "id": f"RE_{number}", "tagName": f"v{number}", "createdAt": at, "publishedAt": at,
        "updatedAt": at, "isDraft": False, "isPrerelease": False, "author": "bob", **facts,
    }  # fmt: skip


def released(forge: TestForge, number: int) -> Repository:
    found = forge.world.add(Repository("city", "app"))
    found.releases += [release(n) for n in range(1, number + 1)]
    return found


def test_releases_are_read_and_drafts_left_out(github_forge: TestForge) -> None:
    repository = released(github_forge, 130)
    repository.releases[4]["isDraft"] = repository.releases[5]["isPrerelease"] = True
    shelf = collected(github_forge, "city/app")
    assert len(shelf.releases) == 129
    assert [r.tag for r in shelf.releases.values() if r.prerelease] == ["v6"]
    repository.releases.append(release(999, createdAt="2031-01-01T00:00:00Z"))
    github_forge.forget()
    collected(github_forge, "city/app", shelf)
    assert "RE_999" in shelf.releases
    assert len(github_forge.requests) == 1


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize("number", [3, 130])
def test_a_deleted_release_vanishes_with_the_next_reading(
    github_forge: TestForge, number: int, token: bool
) -> None:
    repository = released(github_forge, number)
    shelf = read(github_forge, Shelf(), token)
    gone = repository.releases.pop(number // 2)["id"]
    assert gone in shelf.releases
    read(github_forge, shelf, token)
    assert gone not in shelf.releases
    assert shelf.facts() == read(github_forge, Shelf(), token).facts()


def test_a_release_that_is_deleted_while_another_is_made_vanishes_too(
    github_forge: TestForge,
) -> None:
    repository = released(github_forge, 130)
    shelf = collected(github_forge, "city/app")
    gone = repository.releases.pop(70)["id"]
    repository.releases.append(release(999, createdAt="2031-01-01T00:00:00Z"))
    collected(github_forge, "city/app", shelf)
    assert gone not in shelf.releases
    assert "RE_999" in shelf.releases


def test_a_release_that_becomes_a_draft_again_is_none(github_forge: TestForge) -> None:
    repository = released(github_forge, 3)
    shelf = collected(github_forge, "city/app")
    repository.releases[1] |= {"isDraft": True, "publishedAt": None}
    collected(github_forge, "city/app", shelf)
    assert set(shelf.releases) == {"RE_1", "RE_3"}


def read(forge: TestForge, shelf: Shelf, token: bool) -> Shelf:
    from tests.forge.reading import github, url
    from tests.forge.server import TOKEN

    here = github(forge, TOKEN if token else None)
    return shelf.read(here.pages(url("city/app"), shelf.cursor))
