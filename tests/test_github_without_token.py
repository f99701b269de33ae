"""GitHub without a token: sixty requests an hour over REST, going on where it stopped."""

from pathlib import Path

import pytest

from collector.forge import AccessDenied, RateLimited, RepositoryGone
from collector.model import EventKind
from tests.forge.reading import MLS, TLS, collected, github, small, states, url
from tests.forge.server import TestForge
from tests.forge.shelf import Shelf
from tests.forge.world import said

NAMES = (TLS, MLS, "city/app")


def collect_all(forge: TestForge, shelves: dict[str, Shelf]) -> None:
    """A pass: what is not complete yet is read on."""
    here = github(forge, None)
    for name, shelf in shelves.items():
        if not shelf.complete:
            assert next(here.heartbeat([url(name)])).facts.native_id
            shelf.read(here.pages(url(name), shelf.cursor))


@pytest.mark.slow
def test_a_first_run_on_three_repositories_stops_at_the_limit_and_goes_on_after_it(
    github_forge: TestForge, shared_data: Path
) -> None:
    small(github_forge)
    for name in (TLS, MLS):
        github_forge.world.load(states(shared_data, name)[-1])
    github_forge.anonymous_allowed = github_forge.anonymous_left = 20
    shelves = {name: Shelf() for name in NAMES}
    with pytest.raises(RateLimited, match=r"Reading goes on after .* UTC; nothing is lost") as stop:
        collect_all(github_forge, shelves)
    assert stop.value.until == github_forge.resets_at
    assert len(github_forge.requests) == 20  # none was spent on being refused
    github_forge.anonymous_left = 60
    collect_all(github_forge, shelves)
    assert all(shelf.complete for shelf in shelves.values())
    for name, shelf in shelves.items():
        counted = collected(github_forge, name)
        _same(shelf, counted)
        assert len(github_forge.requests) < 100


def _same(rest: Shelf, graphql: Shelf) -> None:
    """Without a token there are the same items, comments and merges."""
    numbers = {i.native_id: f"#{i.number}" for i in graphql.items.values()}
    assert {numbers[n]: i.created for n, i in graphql.items.items()} == {
        n: i.created for n, i in rest.items.items()
    }
    for kind in (EventKind.COMMENT, EventKind.MERGED, EventKind.CLOSED):
        told = sorted((numbers[r.item], r.at) for r in graphql.responses.values() if r.kind is kind)
        assert told == sorted((r.item, r.at) for r in rest.responses.values() if r.kind is kind)


def test_three_repositories_are_within_the_sixty_requests_of_an_hour(
    github_forge: TestForge, shared_data: Path
) -> None:
    small(github_forge)
    for name in (TLS, MLS):
        github_forge.world.load(states(shared_data, name)[-1])
    collect_all(github_forge, {name: Shelf() for name in NAMES})
    assert len(github_forge.requests) <= 60


def test_a_refresh_reads_what_changed_and_little_more(github_forge: TestForge) -> None:
    repository = small(github_forge)
    here, shelf = github(github_forge, None), Shelf()
    shelf.read(here.pages(url("city/app"), None))
    late = "2024-08-01T00:00:00Z"
    repository.issues[2]["comments"].append(said("carol", late))
    repository.issues[2].update(updatedAt=late, state="CLOSED", closedAt=late)
    github_forge.forget()
    shelf.read(here.pages(url("city/app"), shelf.cursor))
    assert len(github_forge.requests) == 3
    fresh = Shelf().read(here.pages(url("city/app"), None))
    opened = {n for n, r in shelf.responses.items() if r.kind is EventKind.REOPENED}
    stored = {n: r for n, r in shelf.responses.items() if n not in opened}
    assert stored == {n: r for n, r in fresh.responses.items() if n not in opened}
    assert shelf.items == fresh.items


def test_more_changes_in_one_second_than_a_page_holds_are_all_read(
    github_forge: TestForge,
) -> None:
    repository = small(github_forge, items=260)
    for item in repository.items():
        item["updatedAt"] = "2024-09-01T00:00:00Z"
    shelf = Shelf().read(github(github_forge, None).pages(url("city/app"), None))
    assert len(shelf.items) == 260


def test_a_token_set_later_starts_afresh_and_leaves_nothing_twice(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    shelf = Shelf().read(github(github_forge, None).pages(url("city/app"), None))
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == collected(github_forge, "city/app").facts()


def test_a_token_that_is_missing_now_does_not_undo_what_was_read_with_it(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    shelf = collected(github_forge, "city/app")
    with pytest.raises(AccessDenied, match="now GITHUB_TOKEN is not set: set it again"):
        shelf.read(github(github_forge, None).pages(url("city/app"), shelf.cursor))


def test_a_repository_that_moved_is_followed_and_one_that_is_gone_is_named(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    github_forge.world.rename("city/app", "region/platform")
    names = ["city/app", "city/none"]
    moved, gone = github(github_forge, None).heartbeat([url(name) for name in names])
    assert moved.facts.canonical_url == url("region/platform")
    assert isinstance(gone.error, RepositoryGone)
    shelf = Shelf().read(github(github_forge, None).pages(url("city/app"), None))
    assert len(shelf.items) == 30


def test_a_full_reading_begins_again(github_forge: TestForge) -> None:
    small(github_forge)
    shelf = Shelf().read(github(github_forge, None).pages(url("city/app"), None))
    facts = shelf.facts()
    shelf.read(github(github_forge, None).pages(url("city/app"), shelf.cursor, full=True))
    assert shelf.facts() == facts


def test_what_cannot_be_known_without_a_token_is_said(github_forge: TestForge) -> None:
    assert github(github_forge, None).lacks == {"reviews", "actors"}
    assert github(github_forge).lacks == set()
