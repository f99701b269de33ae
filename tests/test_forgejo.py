"""Forgejo and Gitea, read over real HTTP: what the contract of all forges does not ask."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import stamina

from collector.config.values import ForgeConfig
from collector.forge import AccessDenied, Pulse, RateLimited, RepositoryGone, UnexpectedAnswer
from collector.forges.forgejo import Forgejo
from collector.model import EventKind
from tests.forge import sample
from tests.forge.forgejo_side import ForgejoHost, description, forgejo
from tests.forge.loopback import TOKEN, Asked, Fault
from tests.forge.reading import MLS, TLS, states
from tests.forge.shelf import Shelf
from tests.forge.told import expected, told
from tests.forge.world import Json, Repository, issue, pull, said


@pytest.fixture
def host() -> Iterator[ForgejoHost]:
    """A Forgejo of our own. Its requests must be as its description says, where that is at hand."""
    with stamina.set_testing(True, attempts=4, cap=True), forgejo() as found:
        yield found
        assert not found.server.mistakes


def read(host: ForgejoHost, name: str = "city/app", shelf: Shelf | None = None) -> Shelf:
    shelf = shelf or Shelf()
    return shelf.read(host.forge().pages(host.url(name), shelf.cursor))


def pulse(host: ForgejoHost, known: dict[str, str] | None = None) -> Pulse:
    return next(iter(host.forge().heartbeat([host.url("city/app")], known or {})))


def app(host: ForgejoHost, **facts: list[Json]) -> Repository:
    return host.server.world.add(Repository("city", "app", **facts))  # type: ignore[arg-type]


def closed(number: int, by: str | None = "bob") -> Json:
    at = f"2024-03-{number % 28 + 1:02d}T{number // 28 + 1:02d}:00:00Z"
    return issue(number, state="CLOSED", closedAt=at, updatedAt=at, closedBy=by)


def spoiled(reply: bytes, **headers: str) -> Fault:
    return Fault(200, reply, headers)


@pytest.mark.parametrize("name", [MLS, pytest.param(TLS, marks=pytest.mark.slow)])
def test_a_first_collection_costs_at_most_twice_its_lists_and_change_requests(
    host: ForgejoHost, shared_data: Path, name: str
) -> None:
    repository = host.server.world.load(states(shared_data, name)[-1])
    read(host, name)
    comments = sum(len(item["comments"]) for item in repository.items())
    lists = (len(repository.issues), len(repository.pulls), comments)
    assert len(host.server.requests) <= 2 * (
        sum(-(-count // 50) for count in lists) + len(repository.pulls)
    )


def test_closings_that_a_first_reading_cannot_afford_are_made_up_for_by_the_next_ones(
    host: ForgejoHost,
) -> None:
    repository = app(host, issues=[closed(n) for n in range(1, 301)])
    repository.issues[0]["comments"].append(said("carol", "2024-02-01T00:00:00Z"))
    shelf = read(host)
    assert len(host.server.requests) <= 120
    ends = [r for r in shelf.responses.values() if r.kind is EventKind.CLOSED]
    assert len(shelf.items) == len(ends) == 300
    known = {r.item for r in shelf.responses.values() if r.actor and r.kind is EventKind.CLOSED}
    assert "#300" in known
    assert "#1" not in known
    assert EventKind.COMMENT in {r.kind for r in shelf.responses.values() if r.item == "#1"}
    for _ in range(3):
        read(host, shelf=shelf)
    assert told(shelf) == expected(repository, host.reviews)
    host.server.forget()
    read(host, shelf=shelf)
    assert len(host.server.requests) < 10


def test_a_refresh_asks_for_what_changed_only(host: ForgejoHost) -> None:
    repository = app(host, issues=[closed(n) for n in range(1, 60)])
    shelf = read(host)
    repository.issues[7].update(updatedAt="2024-05-01T00:00:00Z")
    read(host, shelf=shelf)
    host.server.forget()
    repository.issues[7].update(updatedAt="2024-06-01T00:00:00Z")
    read(host, shelf=shelf)
    assert len(host.server.requests) <= 6


def test_many_unchanged_repositories_of_one_owner_cost_a_page_each_fifty(
    host: ForgejoHost,
) -> None:
    for number in range(200):
        host.server.world.add(Repository("city", f"app{number}", issues=[issue(1)]))
    urls = [host.url(f"city/app{number}") for number in range(200)]
    known = {each.url: each.marker for each in host.forge().heartbeat(urls)}
    host.server.forget()
    again = list(host.forge().heartbeat(urls, known))
    assert not any(each.moved or each.error for each in again)
    assert {each.totals["issues"] for each in again} == {1}
    assert len(host.server.requests) <= 6
    at = "2099-06-01T00:00:00Z"
    host.server.world.repositories["city/app7"].issues[0]["updatedAt"] = at
    moved = [each.url for each in host.forge().heartbeat(urls, known) if each.moved]
    assert moved == [host.url("city/app7")]


def test_facts_tell_of_checks_and_are_remembered_while_nothing_moves(host: ForgejoHost) -> None:
    repository = app(host)
    repository.checks, repository.license = "FAILURE", None
    first = pulse(host)
    assert first.facts.checks_failing_since == 1577836800
    host.server.forget()
    again = pulse(host, {first.url: first.marker})
    assert again.moved is False
    assert again.facts == first.facts
    assert len(host.server.requests) <= 3
    repository.checks = "PENDING"
    repository.issues.append(issue(1))
    running = pulse(host, {first.url: first.marker})
    repository.checks = "SUCCESS"
    done = pulse(host, {first.url: running.marker})
    assert done.moved is False
    assert done.facts.checks_passed_at == 1577836800


def altered(host: ForgejoHost, **facts: object) -> None:
    """Let the host tell other facts of its repositories."""
    plain = host.server.repository
    host.server.repository = lambda found: {**plain(found), **facts}  # type: ignore[method-assign]


def test_issues_kept_in_another_tracker_are_not_kept_here(host: ForgejoHost) -> None:
    app(host, issues=[issue(1)], pulls=[pull(2)])
    altered(host, external_tracker={"external_tracker_url": "https://tracker.example"})
    assert pulse(host).facts.has_issues is False
    assert set(read(host).items) == {"#2"}


def test_mirrors_forks_and_internal_repositories_are_told(host: ForgejoHost) -> None:
    app(host)
    where = "https://example.org/a/b"
    altered(host, mirror=True, original_url=where, internal=True, licenses=["EUPL-1.2"])
    facts = pulse(host).facts
    assert (facts.mirror_of, facts.private, facts.license) == (where, True, "EUPL-1.2")
    altered(host, mirror=False, fork=True, parent={"html_url": where})
    facts = pulse(host).facts
    assert (facts.mirror_of, facts.fork_of) == (None, where)


def test_a_vanished_account_is_a_ghost_even_where_it_closed(host: ForgejoHost) -> None:
    app(host, issues=[closed(1)])
    plain = host.server.user
    host.server.user = lambda login: plain(None if login == "bob" else login)  # type: ignore[method-assign]
    (end,) = read(host).responses.values()
    assert (end.actor, end.actor_given) == (None, True)


def test_the_hosts_own_bots_are_bots_and_imported_items_keep_their_authors(
    host: ForgejoHost,
) -> None:
    talk = [said("runner", "2024-02-01T00:00:00Z")]
    app(host, issues=[issue(1, original="octocat", comments=talk, updatedAt=talk[0]["createdAt"])])
    plain = host.server.user
    host.server.user = lambda login: {**plain(login), "id": -2 if login == "runner" else 7}  # type: ignore[method-assign]
    shelf = read(host)
    author = shelf.items["#1"].author
    assert author
    assert (author.login, author.native_id) == ("octocat", "original/octocat")
    (comment,) = shelf.responses.values()
    assert comment.actor
    assert comment.actor.declared_bot


def test_the_101st_comment_and_the_101st_review_are_read(host: ForgejoHost) -> None:
    last = "2024-03-01T00:00:00Z"
    comments = [said("bob", f"2024-01-10T10:{n // 60:02d}:{n % 60:02d}Z") for n in range(130)]
    reviews = [
        {"id": f"r{n}", "author": "bob", "state": "APPROVED", "comments": [],
         "createdAt": f"2024-01-11T10:{n // 60:02d}:{n % 60:02d}Z"}
        for n in range(130)
    ]  # fmt: skip
    app(
        host,
        issues=[issue(1, comments=comments, updatedAt=last)],
        pulls=[pull(2, reviews=reviews, updatedAt=last)],
    )
    kinds = [each.kind for each in read(host).responses.values()]
    assert kinds.count(EventKind.COMMENT) == kinds.count(EventKind.REVIEW) == 130


def test_a_version_without_timelines_is_said_to_be_too_old(host: ForgejoHost) -> None:
    app(host, issues=[closed(1)])
    host.server.version = (1, 16)
    with pytest.raises(UnexpectedAnswer, match=r"before Gitea 1\.18, which is too old"):
        read(host)


def test_an_item_that_goes_while_it_is_read_is_no_failure(host: ForgejoHost) -> None:
    repository = app(host, issues=[closed(1), closed(2)])

    def delete(asked: Asked) -> None:
        if "/issues/1/timeline" in asked.path:
            repository.issues = [each for each in repository.issues if each["number"] != 1]

    host.server.before = delete
    assert read(host).complete


def test_a_host_that_wants_sign_in_says_which_variable_to_set(host: ForgejoHost) -> None:
    app(host, issues=[issue(1)])
    host.server.sign_in = True
    config = ForgeConfig("git.city", "forgejo", host.server.base, "CITY_TOKEN")
    with pytest.raises(AccessDenied, match=r"does not show this without a token.*CITY_TOKEN"):
        list(Forgejo(config).pages(host.url("city/app"), None))
    assert read(host).items


def test_a_limit_stops_with_the_time_to_go_on_and_loses_no_more_than_ten_items(
    host: ForgejoHost,
) -> None:
    app(host, issues=[closed(n) for n in range(1, 41)])
    shelf, passes = Shelf(), 0
    while not shelf.complete:
        host.server.left, passes = 20, passes + 1
        with suppress(RateLimited):
            read(host, shelf=shelf)
        assert passes < 9
    assert len([r for r in shelf.responses.values() if r.actor]) == 40


@pytest.mark.parametrize("reply", [b"[]", b"{}", b"7", b'{"full_name": 1}', b"[null]"])
def test_an_answer_of_another_program_is_said_to_be_one(host: ForgejoHost, reply: bytes) -> None:
    app(host)
    host.server.fault = lambda asked: spoiled(reply)
    with pytest.raises(UnexpectedAnswer, match="check its kind and version"):
        read(host)


def test_discovery_lists_what_an_owner_has(host: ForgejoHost) -> None:
    for number in range(120):
        host.server.world.add(Repository("city", f"app{number}", topics=("x",)))
    found = list(host.forge().discover(host.url("city")))
    assert len(found) == 120
    assert {each.topics for each in found} == {("x",)}
    with pytest.raises(RepositoryGone, match="knows no organisation or user 'nobody'"):
        list(host.forge().discover(host.url("nobody")))


def test_the_slow_sweep_finds_renamed_logins_and_what_vanished(host: ForgejoHost) -> None:
    repository = host.server.world.add(sample.state(sample.DAYS[-1]))
    host.server.most = 8
    shelf = read(host)
    host.server.world.renamed["inge-new"] = "inge"
    next(i for i in repository.issues if i["number"] == 7)["author"] = "inge-new"
    repository.issues = [each for each in repository.issues if each["number"] != 2]
    for _ in range(4):
        shelf.read(host.forge().sweep(host.url("city/app"), str(shelf.cursor)))
    author = shelf.items["#7"].author
    assert author
    assert author.login == "inge-new"
    assert "#2" not in shelf.items


def test_a_token_is_never_shown(host: ForgejoHost) -> None:
    app(host)
    host.server.tokens.clear()
    with pytest.raises(AccessDenied, match="FORGE_TOKEN") as denied:
        read(host)
    assert TOKEN not in str(denied.value)


def test_a_host_below_a_path_is_read(host: ForgejoHost) -> None:
    app(host, issues=[issue(1)])
    config = ForgeConfig("git.city", "gitea", f"{host.server.base}/code")
    host.server.below = "/code"
    shelf = Shelf().read(Forgejo(config).pages("https://git.city/code/city/app", None))
    assert set(shelf.items) == {"#1"}


def test_every_request_is_as_the_published_description_says(host: ForgejoHost) -> None:
    if description() is None:
        pytest.skip("needs Forgejo's API description (OSPO_VITALS_FORGEJO_API names its file)")
    for day in sample.DAYS:
        host.server.world.add(sample.state(day))
        first = pulse(host)
        pulse(host, {first.url: first.marker})
        read(host)
    list(host.forge().discover(host.url("city")))
    assert not host.server.mistakes


def test_one_odd_answer_of_a_heartbeat_fails_alone(host: ForgejoHost) -> None:
    app(host)
    host.server.world.add(Repository("city", "site"))
    odd = "/api/v1/repos/city/app"
    host.server.fault = lambda asked: spoiled(b"[null]") if asked.path == odd else None
    urls = [host.url("city/app"), host.url("city/site")]
    found = list(host.forge().heartbeat(urls))
    assert [type(each.error) for each in found] == [UnexpectedAnswer, type(None)]
