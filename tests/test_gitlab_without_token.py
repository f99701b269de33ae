"""GitLab without a token: what is shown to everybody, and what is said to be missing."""

from collections.abc import Iterator

import pytest

from collector.forge import AccessDenied
from collector.model import EventKind
from tests.forge.gitlab_host import GitLabHost
from tests.forge.gitlab_tests import NAME, items, on_loopback, project, read
from tests.forge.world import issue, said


@pytest.fixture
def host() -> Iterator[GitLabHost]:
    with on_loopback() as found:
        yield found


def test_without_a_token_reviews_are_lacking_and_comments_come_from_the_events(
    host: GitLabHost,
) -> None:
    comments = [said("bob", f"2024-01-{n % 27 + 1:02d}T10:{n % 60:02d}:00Z") for n in range(330)]
    comments.sort(key=lambda each: str(each["createdAt"]))
    project(host).issues.append(issue(1, comments=comments))
    assert host.forge(None).lacks == {"reviews"}
    assert host.forge().lacks == frozenset()
    shelf = read(host, token=None)
    assert len(shelf.responses) == 330
    assert {r.actor.login for r in shelf.responses.values() if r.actor} == {"bob"}
    assert shelf.responses == read(host).responses


def test_a_refresh_without_a_token_asks_only_for_the_days_since(host: GitLabHost) -> None:
    repository = project(host)
    items(repository, 9)
    comments = repository.issues[0]["comments"]
    comments += [said("bob", f"2024-01-10T10:{n % 60:02d}:{n // 60:02d}Z") for n in range(150)]
    comments.sort(key=lambda each: str(each["createdAt"]))
    shelf = read(host, token=None)
    comments.append(said("eva", "2024-02-20T10:00:00Z"))
    repository.issues[0]["updatedAt"] = "2024-02-20T10:00:00Z"
    host.server.forget()
    read(host, shelf=shelf, token=None)
    assert shelf.facts() == read(host, token=None).facts()
    assert len([each for each in host.server.requests if "/events?" in each.path]) <= 6


def test_a_closing_without_a_token_is_known_by_its_list_and_a_reopening_ends_it(
    host: GitLabHost,
) -> None:
    repository = project(host)
    repository.issues.append(
        issue(1, state="CLOSED", closedAt="2024-02-04T10:00:00Z", closedBy="bob")
    )
    shelf = read(host, token=None)
    (closing,) = shelf.responses.values()
    assert closing.kind is EventKind.CLOSED
    assert closing.actor
    repository.issues[0] |= {"state": "OPEN", "closedAt": None, "updatedAt": "2024-03-04T10:00:00Z"}
    read(host, shelf=shelf, token=None)
    last = max(shelf.responses.values(), key=lambda each: each.at)
    assert last.kind is EventKind.REOPENED
    assert not last.actor_given


def test_a_token_that_comes_later_reads_everything_anew_and_leaves_nothing_double(
    host: GitLabHost,
) -> None:
    repository = project(host)
    items(repository, 9)
    repository.issues[0] |= {"state": "CLOSED", "closedAt": "2024-02-04T10:00:00Z"}
    repository.issues[1]["comments"].append(said("bob", "2024-02-04T10:00:00Z"))
    shelf = read(host, token=None)
    read(host, shelf=shelf)
    assert shelf.facts() == read(host).facts()


def test_a_token_that_is_gone_later_loses_nothing_that_was_read(host: GitLabHost) -> None:
    items(project(host), 9)
    shelf = read(host)
    before = shelf.facts()
    with pytest.raises(AccessDenied, match="FORGE_TOKEN is not set: set it again"):
        read(host, shelf=shelf, token=None)
    assert shelf.facts() == before


def test_where_events_are_hidden_too_issues_are_still_read(host: GitLabHost) -> None:
    from tests.forge.loopback import json_fault

    items(project(host), 9)
    host.server.fault = lambda asked: (
        json_fault(403, {"message": "403 Forbidden"}) if "/events" in asked.path else None
    )
    shelf = read(host, NAME, token=None)
    assert len(shelf.items) == 9
    assert shelf.complete
