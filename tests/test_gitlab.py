"""What is peculiar to GitLab's records: notes, approvals, changes of state, old and odd hosts."""

from collections.abc import Iterator
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from collector.config.values import ForgeConfig
from collector.forge import AccessDenied, ForgeError, RepositoryGone, UnexpectedAnswer
from collector.forges.gitlab import GitLab
from collector.forges.gitlab.address import project_path
from collector.model import ChangeRequest, EventKind
from tests.forge.gitlab_host import GitLabHost
from tests.forge.gitlab_tests import NAME, items, on_loopback, project, read, sweep
from tests.forge.loopback import TOKEN, Fault, json_fault
from tests.forge.reading import MLS, states
from tests.forge.shelf import Shelf
from tests.forge.told import expected, told
from tests.forge.world import event, issue, pull, said


@pytest.fixture
def host() -> Iterator[GitLabHost]:
    with on_loopback() as found:
        yield found


def kinds(shelf: Shelf, number: int) -> list[EventKind]:
    """What happened to an item, in order."""
    item = next(i for i in shelf.items.values() if i.number == number)
    happened = [r for r in shelf.responses.values() if r.item == item.native_id]
    return [r.kind for r in sorted(happened, key=lambda r: (r.at, r.native_id))]


def test_the_101st_note_is_read(host: GitLabHost) -> None:
    comments = [said("bob", f"2024-01-10T10:{n // 60:02d}:{n % 60:02d}Z") for n in range(230)]
    project(host).issues.append(issue(1, comments=comments))
    assert len(read(host).responses) == 230


def test_approvals_and_notes_on_the_diff_are_reviews_and_other_notes_comments(
    host: GitLabHost,
) -> None:
    reviews = [
        {"id": "r1", "author": "bob", "state": "APPROVED", "createdAt": "2024-02-02T10:00:00Z",
         "comments": []},
        {"id": "r2", "author": "eva", "state": "COMMENTED", "createdAt": "2024-02-03T10:00:00Z",
         "comments": [said("eva", "2024-02-03T10:00:01Z")]},
    ]  # fmt: skip
    events = [
        event("ConvertToDraftEvent", "d", "2024-02-01T10:00:00Z", actor="alice"),
        event("ReadyForReviewEvent", "e", "2024-02-01T11:00:00Z", actor="alice"),
    ]
    comments = [said("bob", "2024-02-04T10:00:00Z")]
    project(host).pulls.append(pull(1, reviews=reviews, events=events, comments=comments))
    shelf = read(host)
    reviewed = [EventKind.REVIEW] * 3
    assert kinds(shelf, 1) == [EventKind.DRAFTED, EventKind.READY, *reviewed, EventKind.COMMENT]
    verdicts = sorted(r.verdict for r in shelf.responses.values() if r.verdict)
    assert verdicts == ["approved", "commented", "commented"]


def test_confidential_issues_and_internal_notes_are_left_out_on_new_hosts_and_old(
    host: GitLabHost,
) -> None:
    repository = project(host)
    repository.issues += [issue(1), issue(2, confidential=True)]
    repository.issues[0]["comments"].append(said("bob", "2024-02-04T10:00:00Z", internal=True))
    for old in (False, True):
        host.server.old = old
        shelf = read(host, full=True)
        assert [i.number for i in shelf.items.values()] == [1]
        assert not shelf.responses


@pytest.mark.parametrize(
    ("given", "arrived"),
    [
        ({"mergeCommit": {"oid": "a" * 40}, "squash": "b" * 40, "sha": "c" * 40}, "a" * 40),
        ({"squash": "b" * 40, "sha": "c" * 40}, "b" * 40),
        ({"sha": "c" * 40}, "c" * 40),
    ],
)
def test_a_change_arrives_by_its_merge_its_squash_or_its_last_commit(
    host: GitLabHost, given: dict[str, object], arrived: str
) -> None:
    merged = {"state": "CLOSED", "mergedAt": "2024-02-04T10:00:00Z", "mergedBy": "bob"}
    project(host).pulls.append(pull(1, **merged, **given))
    (item,) = read(host).items.values()
    assert isinstance(item, ChangeRequest)
    assert item.merge_commit == bytes.fromhex(arrived)


def test_an_old_host_without_changes_of_state_tells_who_closed_by_its_lists(
    host: GitLabHost,
) -> None:
    host.server.old = True
    ended = {"state": "CLOSED", "closedAt": "2024-02-04T10:00:00Z"}
    repository = project(host)
    repository.issues += [issue(1, **ended, closedBy="bob"), issue(2, **ended)]
    shelf = read(host)
    assert {(r.actor and r.actor.login, r.actor_given) for r in shelf.responses.values()} == {
        ("bob", True),
        (None, False),
    }
    asked = [each for each in host.server.requests if "resource_state_events" in each.path]
    assert len(asked) == 1


def test_an_issue_that_was_reopened_on_a_host_without_changes_of_state_is_open(
    host: GitLabHost,
) -> None:
    host.server.old = True
    repository = project(host)
    repository.issues.append(issue(1, state="CLOSED", closedAt="2024-02-04T10:00:00Z"))
    shelf = read(host)
    assert kinds(shelf, 1) == [EventKind.CLOSED]
    repository.issues[0] |= {
        "state": "OPEN", "closedAt": None, "updatedAt": "2024-03-04T10:00:00Z"
    }  # fmt: skip
    assert kinds(read(host, shelf=shelf), 1) == []


def test_accounts_are_known_by_id_bots_by_their_flag_or_name_and_ghosts_by_none(
    host: GitLabHost,
) -> None:
    from collector.accounts import account_kind
    from collector.model import Account, AccountKind

    project(host).issues.append(issue(1, author=None))
    shelf = read(host)
    assert [i.author for i in shelf.items.values()] == [None]
    for login in ("project_7_bot_a1b2", "group_7_bot"):
        found = account_kind(Account(host="gitlab.test", login=login))
        assert (found is AccountKind.BOT) is login.startswith(("project_", "group_"))


def test_hundreds_of_items_that_changed_in_one_moment_are_all_read(host: GitLabHost) -> None:
    repository = project(host)
    at = "2024-05-01T10:00:00Z"
    repository.issues += [issue(n, createdAt=at, updatedAt=at) for n in range(1, 251)]
    assert len(read(host).items) == 250


@pytest.mark.parametrize("headers", [True, False])
def test_pages_go_on_by_whichever_header_the_host_gives(host: GitLabHost, headers: bool) -> None:
    host.server.headers = headers
    wanted = len(items(project(host), 250))
    assert len(read(host).items) == wanted


def test_beyond_what_a_host_counts_there_are_no_totals_and_no_drift(host: GitLabHost) -> None:
    items(project(host), 9)
    host.server.counted = 5
    pulse = next(host.forge().heartbeat([host.url(NAME)]))
    assert pulse.totals == {"change_requests": 3}


def test_one_changed_item_costs_its_lists_its_notes_and_its_state(host: GitLabHost) -> None:
    repository = project(host)
    items(repository, 26)
    shelf = read(host)
    host.server.forget()
    changed = repository.issues[4]
    changed["comments"].append(said("bob", "2024-06-01T10:00:00Z"))
    changed["updatedAt"] = "2024-06-01T10:00:00Z"
    read(host, shelf=shelf)
    asked = [each.path.partition("?")[0].rpartition("/")[2] for each in host.server.requests]
    lists = ["city%2Fapp", "issues", "merge_requests", "releases"]
    assert sorted(asked) == sorted([*lists, "notes", "resource_state_events"])


def test_changes_that_move_no_date_and_deleted_items_are_found_by_the_slow_sweep(
    host: GitLabHost,
) -> None:
    repository = project(host)
    items(repository, 230)
    shelf = read(host)
    repository.issues[3]["labels"] = ["renamed"]
    gone = repository.pulls.pop(5)["number"]
    sweep(host, shelf)
    assert gone not in {item.number for item in shelf.items.values()}
    assert shelf.facts()[0] == read(host).facts()[0]


@pytest.mark.slow
def test_refreshing_any_real_state_to_any_later_one_gives_what_reading_that_one_afresh_gives(
    host: GitLabHost, shared_data: Path
) -> None:
    paths = states(shared_data, MLS)
    for place, first in enumerate(paths):
        host.server.world.load(first)
        begun = read(host, MLS)
        for later in paths[place + 1 :]:
            wanted = host.server.world.load(later)
            refreshed = told(read(host, MLS, deepcopy(begun)))
            assert refreshed == expected(wanted, host.reviews, prereleases=False), later.name


# ---------------------------------------------------------------- odd hosts


@pytest.mark.parametrize(
    "body",
    [
        b"[1, 2]", b'{"message": "no list"}', b'[{"id": 1}]', b"null", b'"text"',
        b'[{"id": 1, "iid": 1, "state": "opened", "author": 7, "created_at": "x"}]',
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_said_so_and_stores_nothing(
    host: GitLabHost, body: bytes
) -> None:
    items(project(host), 3)
    host.server.faults[2] = Fault(body=body, headers={"Content-Type": "application/json"})
    shelf = Shelf()
    with pytest.raises(UnexpectedAnswer) as failed:
        read(host, shelf=shelf)
    assert TOKEN not in str(failed.value)
    assert not shelf.items


def test_a_sign_in_wall_says_that_a_token_is_wanted(host: GitLabHost) -> None:
    project(host)
    host.server.wall = True
    pulse = next(host.forge(None).heartbeat([host.url(NAME)]))
    assert isinstance(pulse.error, AccessDenied)
    assert "without signing in: set a token in FORGE_TOKEN" in str(pulse.error)


def test_a_wrong_token_is_said_at_the_first_request_and_no_more_are_sent_with_it(
    host: GitLabHost,
) -> None:
    names = [f"city/app-{n}" for n in range(9)]
    for name in names:
        project(host, name)
    for some in (names, names[:2]):
        host.server.forget()
        with pytest.raises(AccessDenied, match="mistyped, expired or revoked"):
            list(host.forge("wrong").heartbeat([host.url(name) for name in some]))
        assert len(host.server.requests) == 1


def test_a_sign_in_page_in_spite_of_a_token_says_so(host: GitLabHost) -> None:
    project(host)
    host.server.fault = lambda asked: Fault(302, b"", {"Location": "/users/sign_in"})
    pulse = next(host.forge().heartbeat([host.url(NAME)]))
    assert "sends us to its sign-in page although FORGE_TOKEN is set" in str(pulse.error)


def test_a_host_that_hides_everything_wants_a_token(host: GitLabHost) -> None:
    project(host)
    host.server.hidden = True
    pulse = next(host.forge(None).heartbeat([host.url(NAME)]))
    assert "wants a token: set one in FORGE_TOKEN" in str(pulse.error)


def test_a_redirect_to_another_host_is_refused_and_no_token_goes_there(host: GitLabHost) -> None:
    project(host)
    heard: list[str | None] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("private-token"))

    other = HTTPServer(("127.0.0.1", 0), Other)
    Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
    try:
        there = f"http://127.0.0.1:{other.server_port}/api/v4/projects/1"
        host.server.fault = lambda asked: Fault(302, b"", {"Location": there})
        pulse = next(host.forge().heartbeat([host.url(NAME)]))
    finally:
        other.shutdown()
        other.server_close()
    assert "points to another host" in str(pulse.error)
    assert heard == []


def test_a_host_that_is_not_named_in_configuration_is_not_asked_at_a_private_address(
    host: GitLabHost,
) -> None:
    project(host)
    config = ForgeConfig("x", "gitlab", host.server.base, "T", TOKEN, built_in=True)
    pulse = next(GitLab(config).heartbeat([host.url(NAME)]))
    assert "private address" in str(pulse.error)
    assert not host.server.requests


def test_we_say_who_we_are_and_give_the_token_in_gitlabs_header(host: GitLabHost) -> None:
    project(host)
    read(host)
    headers = host.server.requests[0].headers
    assert headers["user-agent"].startswith("ospo-vitals/")
    assert headers["private-token"] == TOKEN
    assert "authorization" not in headers


def test_a_host_that_fails_for_three_projects_in_a_row_is_left_for_this_pass(
    host: GitLabHost,
) -> None:
    host.server.fault = lambda asked: json_fault(503, {"message": "no"})
    urls = [host.url(f"owner{n}/app") for n in range(9)]
    with pytest.raises(ForgeError, match="a failure of its own"):
        list(host.forge().heartbeat(urls))
    assert len(host.server.requests) <= 12


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        ("https://h/a/b", "https://h", "a/b"),
        ("https://h/a/b/c.git", "https://h", "a/b/c"),
        ("https://h/a/b/-/tree/main", "https://h", "a/b"),
        ("https://h/gitlab/a/b", "https://h/gitlab", "a/b"),
        ("https://h/gitlab/a/b/", "https://h/gitlab/", "a/b"),
    ],
)
def test_a_project_is_named_by_its_whole_path_below_the_root(
    url: str, base: str, path: str
) -> None:
    assert project_path(url, base) == path


def test_an_address_without_a_group_names_no_project() -> None:
    with pytest.raises(UnexpectedAnswer, match="write https://HOST/GROUP/PROJECT"):
        project_path("https://h/a", "https://h")


def test_a_group_and_a_person_are_discovered_with_subgroups_and_a_stranger_is_not(
    host: GitLabHost,
) -> None:
    project(host, "city/app", topics=("transport",), described="buses")
    project(host, "city/web/site", archived_at="2024-01-01T00:00:00Z")
    project(host, "otto/tool")
    host.server.users = {"otto"}
    forge = host.forge()
    app, site = forge.discover(f"{host.server.base}/city")
    assert (app.url, app.description, app.topics) == (host.url("city/app"), "buses", ("transport",))
    assert site.archived
    assert [each.url for each in forge.discover(host.url("city/web"))] == [site.url]
    assert [each.url for each in forge.discover(host.url("otto"))] == [host.url("otto/tool")]
    with pytest.raises(RepositoryGone, match="no group or user 'nobody'"):
        list(forge.discover(host.url("nobody")))


@pytest.mark.parametrize("token", [TOKEN, None], ids=["a token", "no token"])
def test_a_row_without_a_date_in_a_list_is_left_out_alone_and_named(
    host: GitLabHost, token: str | None
) -> None:
    repository = project(host)
    items(repository, 9)
    repository.issues[1]["brokenDate"] = "yesterday"
    repository.pulls[-1]["brokenDate"] = "never"
    pages = list(host.forge(token).pages(host.url(NAME), None, full=True))
    odd = {
        f"issue {repository.issues[1]['number']}",
        f"change request {repository.pulls[-1]['number']}",
    }
    assert {each for page in pages for each in page.unreadable} == odd
    shelf = Shelf().read(pages)
    assert len(shelf.items) == 7
    assert pages[-1].existing is not None
    assert len(pages[-1].existing) == 9  # they could not be read, which is not being gone
    (swept,) = host.forge(TOKEN).sweep(host.url(NAME), str(read(host).cursor))
    assert any(each in odd for each in swept.unreadable)
