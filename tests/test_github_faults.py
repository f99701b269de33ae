"""GitHub when it is down, slow, limited, lying or refusing: nothing lost, and a sentence each."""

from itertools import pairwise

import pytest

from collector import clock
from collector.config.values import ForgeConfig
from collector.forge import (
    AccessDenied,
    ForgeError,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from collector.forges.github import GitHub
from tests.forge import server
from tests.forge.reading import collected, github, small, url
from tests.forge.server import TOKEN, Fault, TestForge
from tests.forge.shelf import Shelf


@pytest.mark.parametrize("fault", [server.BAD_GATEWAY, server.TRUNCATED, server.DROPPED])
@pytest.mark.parametrize("broken", [1, 2])
def test_a_failure_that_passes_loses_nothing(
    github_forge: TestForge, fault: Fault, broken: int
) -> None:
    small(github_forge)
    wanted = collected(github_forge, "city/app").facts()
    github_forge.forget()
    github_forge.faults[broken] = fault
    assert collected(github_forge, "city/app").facts() == wanted


@pytest.mark.parametrize(
    "path",
    [
        ["repository", "issues", "nodes", 3],
        ["repository", "changeRequests", "nodes", 3],
        ["repository", "issues"],
        ["repository", "changeRequests", "nodes", 2, "timelineItems", "nodes", 0],
    ],
)
def test_data_that_lacks_a_part_is_asked_for_again_in_smaller_pages(
    github_forge: TestForge, path: list[str | int]
) -> None:
    small(github_forge)
    wanted = collected(github_forge, "city/app").facts()
    github_forge.forget()
    github_forge.faults[1] = server.partial(path)
    assert collected(github_forge, "city/app").facts() == wanted


def test_a_part_that_never_comes_fails_alone(github_forge: TestForge) -> None:
    small(github_forge)
    wanted = collected(github_forge, "city/app")

    def lost(reply: server.Json) -> server.Json:
        nodes = ((reply["data"].get("repository") or {}).get("issues") or {}).get("nodes", [])
        for place, node in enumerate(nodes):
            if node and node.get("number") == 7:
                nodes[place] = None
                said = {"message": "Something went wrong", "path": ["repository", "issues"]}
                return {**reply, "errors": [said]}
        return reply

    github_forge.fault = lambda asked: Fault(spoil=lost)
    shelf = Shelf()
    collected(github_forge, "city/app", shelf)
    assert shelf.complete
    assert set(wanted.items) - set(shelf.items) == {"I_7"}
    collected(github_forge, "city/app", wanted, full=True)
    assert "I_7" in wanted.items  # it could not be read, which is not being gone


def test_too_heavy_a_question_is_halved_and_the_page_grows_back(github_forge: TestForge) -> None:
    small(github_forge, items=120)
    github_forge.too_heavy = 3_000
    wanted = collected(github_forge, "city/app")
    assert len(wanted.items) == 120
    sizes = [
        asked.body["variables"]["issuesFirst"]
        for asked in github_forge.requests
        if asked.body and "issuesFirst" in asked.body["variables"]
    ]
    assert min(sizes) < 15
    assert any(after > before for before, after in pairwise(sizes))


def test_a_limit_behind_a_200_stops_with_the_time_to_go_on(github_forge: TestForge) -> None:
    small(github_forge)
    github_forge.faults[2] = server.RATE_LIMITED_AS_200
    shelf = Shelf()
    with pytest.raises(RateLimited, match="goes on after") as stopped:
        collected(github_forge, "city/app", shelf)
    assert stopped.value.until == github_forge.resets_at
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == collected(github_forge, "city/app").facts()


def test_a_tenth_of_the_budget_is_left_for_the_tokens_owner(github_forge: TestForge) -> None:
    small(github_forge)
    github_forge.points_left = 505
    here = github(github_forge)
    with pytest.raises(RateLimited):
        list(here.heartbeat([url("city/app")] * 49 * 20))
    assert 495 <= github_forge.points_left <= 500


def test_reading_goes_on_when_the_budget_is_new(github_forge: TestForge) -> None:
    small(github_forge)
    github_forge.points_left, github_forge.resets_at = 10, clock.now() - 5
    here = github(github_forge)
    for _ in range(3):
        assert list(here.heartbeat([url("city/app")]))


def test_a_short_pause_is_waited_for_and_a_long_one_ends_the_reading(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    github_forge.faults = {1: server.SECONDARY, 3: server.SECONDARY_SILENT}
    assert collected(github_forge, "city/app").complete
    github_forge.forget()
    github_forge.faults = {1: server.SECONDARY_LONG}
    with pytest.raises(RateLimited) as stopped:
        collected(github_forge, "city/app")
    assert stopped.value.until
    assert 890 <= stopped.value.until - clock.now() <= 910


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        (server.HTML_PAGE, UnexpectedAnswer, "a web page instead of data: check its base_url"),
        (server.UNDER_SCOPED, AccessDenied, "GITHUB_TOKEN not read this: give it the right"),
        (server.TRUNCATED, UnexpectedAnswer, "breaks off|cannot be reached"),
        (server.BAD_GATEWAY, Unavailable, "a failure of its own .502."),
        (server.DROPPED, Unavailable, "cannot be reached"),
        (server.json_fault(200, [1]), UnexpectedAnswer, "not GraphQL"),
        (server.json_fault(401, {"message": "no"}), AccessDenied, "mistyped, expired or revoked"),
        (
            server.json_fault(
                200, {"data": None, "errors": [{"message": "Field 'x' doesn't exist on type 'Y'"}]}
            ),
            UnexpectedAnswer,
            "too old",
        ),
    ],
)
def test_each_failure_that_stays_is_a_sentence_that_says_what_to_do(
    github_forge: TestForge, fault: Fault, kind: type[ForgeError], sentence: str
) -> None:
    small(github_forge)
    github_forge.fault = lambda asked: fault
    with pytest.raises((kind, Unavailable), match=sentence) as failed:
        collected(github_forge, "city/app")
    assert TOKEN not in str(failed.value)


def test_a_wrong_token_is_named_by_its_variable_and_never_shown(github_forge: TestForge) -> None:
    small(github_forge)
    config = ForgeConfig("ghe.city", "github", github_forge.base, "CITY_TOKEN", "wrong-secret")
    assert "wrong-secret" not in repr(config)
    with pytest.raises(AccessDenied, match="CITY_TOKEN") as denied:
        list(GitHub(config).heartbeat([url("city/app")]))
    assert "wrong-secret" not in str(denied.value)


def test_a_server_without_limits_is_read_without_end(github_forge: TestForge) -> None:
    small(github_forge)
    github_forge.with_limits = False
    shelf = collected(github_forge, "city/app")
    assert len(shelf.items) == 30
    assert list(github(github_forge).heartbeat([url("city/app")]))


def test_numbers_with_gaps_are_no_error(github_forge: TestForge) -> None:
    repository = small(github_forge)
    repository.issues[4]["number"] = 90_001
    assert len(collected(github_forge, "city/app").items) == 30


@pytest.mark.parametrize("field", ["createdAt", "updatedAt", "closedAt"])
def test_an_item_with_a_date_that_is_none_fails_alone(github_forge: TestForge, field: str) -> None:
    repository = small(github_forge)
    odd = repository.issues[4]
    odd[field] = "yesterday"
    pages = list(github(github_forge).pages(url("city/app"), None))
    assert [each for page in pages for each in page.unreadable] == [f"issue {odd['number']}"]
    assert len(Shelf().read(pages).items) == 29


def test_a_place_that_the_host_has_forgotten_begins_the_walk_again(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    wanted = collected(github_forge, "city/app").facts()
    github_forge.too_heavy = 2_500
    github_forge.forget()
    shelf = Shelf()
    github_forge.fault = lambda asked: server.DROPPED if shelf.pages > 0 else None
    with pytest.raises(Unavailable):
        collected(github_forge, "city/app", shelf)
    github_forge.fault = lambda asked: None
    said = {"type": "INVALID_CURSOR_ARGUMENTS", "message": "`x` is not a valid cursor"}
    github_forge.forget()
    github_forge.faults[1] = server.json_fault(200, {"data": None, "errors": [said]})
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == wanted
    assert shelf.complete
