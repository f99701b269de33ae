"""Git and forge in one ``collect``, by the command line, on a GitHub of our own."""

import gzip
import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.activities import at
from tests.forge.reading import MLS, TLS, small, states
from tests.forge.server import BAD_GATEWAY, HTML_PAGE, Asked, Fault
from tests.forge.world import Repository, issue, pull, said
from tests.naive_items import Naive
from tests.whole import Whole, plain, whole_forge

DAYS = {
    MLS: ["2022-09-01", "2024-06-01", "2026-07-02"],
    TLS: ["2015-10-01", "2018-01-01", "2026-07-01"],
}


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as found:
        yield found


def counted(path: Path) -> dict[str, int]:
    """The records of a dated state, counted in its file."""
    with gzip.open(path) as packed:
        raw = json.load(packed)
    items = [*raw["issues"], *raw["pulls"]]
    reviews = [review for item in raw["pulls"] for review in item["reviews"]]
    answers = sum(len(item["comments"]) for item in items) + len(reviews)
    return {
        "issues": len(raw["issues"]),
        "change_requests": len(raw["pulls"]),
        "responses": answers + sum(len(review["comments"]) for review in reviews),
    }


def git_requests(whole: Whole) -> int:
    """Requests for objects, beside the question what the branches are."""
    return sum("git-upload-pack" in each for each in whole.git.requests if each.startswith("POST"))


@pytest.mark.parametrize("name", [MLS, pytest.param(TLS, marks=pytest.mark.slow)])
def test_real_records_are_collected_shown_and_measured_and_nothing_is_asked_twice(
    whole: Whole, shared_data: Path, name: str
) -> None:
    path, project = states(shared_data, name)[-1], name.partition("/")[2]
    whole.forge.world.load(path).releases.append(
        {"id": "RE_1", "tagName": "v1", "createdAt": "2024-01-01T00:00:00Z",
         "publishedAt": "2024-01-01T00:00:00Z", "author": "alice", "isPrerelease": False,
         "isDraft": False, "updatedAt": "2024-01-01T00:00:00Z"}
    )  # fmt: skip
    whole.git_of(name)
    whole.configure(name)
    whole.run("collect")
    found = whole.status()[project]
    wanted = counted(path)
    assert found["state"] == "ok"
    assert {key: found["records"][key] for key in wanted} == wanted
    assert found["records"] == {**wanted, "commits": 1, "tags": 0, "releases": 1}
    assert found["forge_totals"] == {k: wanted[k] for k in ("issues", "change_requests")}
    naive = Naive(path)
    for day in DAYS[name]:
        expected, values = naive.at(at(day)), whole.values(day, project)
        assert {key: values[key] for key in expected} == pytest.approx(expected)
    before = whole.rows()
    whole.forge.forget()
    whole.git.requests.clear()
    whole.run("collect")
    assert len(whole.forge.requests) == 1  # the heartbeat
    assert git_requests(whole) <= 1  # what are the branches?
    assert whole.rows() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", [MLS, TLS])
def test_each_real_state_refreshed_to_the_next_stores_what_collecting_that_one_afresh_stores(
    whole: Whole, shared_data: Path, name: str
) -> None:
    follow(whole, states(shared_data, name), name)


def test_the_newest_states_refreshed_store_what_collecting_afresh_stores(
    whole: Whole, shared_data: Path
) -> None:
    follow(whole, states(shared_data, MLS)[-3:], MLS)


def follow(whole: Whole, paths: list[Path], name: str) -> None:
    """Refresh through the states; each is as if collected afresh, once a month's sweep is done."""
    whole.git_of(name)
    whole.configure(name)
    whole.forge.world.load(paths[0])
    whole.run("collect")
    for path in paths[1:]:
        whole.forge.world.load(path)
        whole.run("collect")
        whole.nights_pass(30)
        whole.run("collect")
        refreshed, afresh = whole.rows(), whole.collected_afresh()
        for table, rows in afresh.items():
            assert refreshed[table] == rows, (path.name, table)


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["first", "refresh with a sweep"])
def test_a_pass_that_is_killed_at_any_request_is_finished_by_the_next(
    whole: Whole, tmp_path: Path, first: bool
) -> None:
    app, site = small(whole.forge, items=30), Repository("city", "site", issues=[issue(1)])
    plain(whole, app, site)
    whole.forge.too_heavy = 4_000  # many small pages
    data, before = whole.folder / "data", tmp_path / "before"
    if not first:
        whole.run("collect")
        app.issues[0]["comments"].append(said("carol", "2025-03-01T10:00:00Z"))
        app.issues[0]["updatedAt"] = "2025-03-01T10:00:00Z"
        del app.pulls[3]
        site.issues[0]["author"] = None  # which moves no date
        whole.nights_pass(30)
    else:
        whole.run("collect")  # the key of the pseudonyms is made
        whole.fresh()
    shutil.copytree(data, before)
    whole.forge.forget()
    whole.run("collect")
    wanted, total = whole.rows(), len(whole.forge.requests)
    assert total > 5
    for number in range(1, total + 1):
        shutil.rmtree(data)
        shutil.copytree(before, data)
        whole.forge.forget()
        killed_at(whole, number)
        whole.run("collect")
        assert whole.rows() == wanted, f"killed at request {number} of {total}"


def killed_at(whole: Whole, number: int) -> None:
    """A pass that is killed while the forge thinks about this request."""
    process = whole.start("collect")

    def halt(asked: Asked) -> None:
        if asked.number == number and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    whole.forge.before = halt
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    whole.forge.before = lambda asked: None


def test_a_first_pass_without_a_token_stops_says_when_it_goes_on_and_goes_on(
    whole: Whole, shared_data: Path
) -> None:
    app = small(whole.forge)
    real = [whole.forge.world.load(states(shared_data, name)[-1]) for name in (TLS, MLS)]
    plain(whole, real[0], real[1], app)
    whole.token = None
    whole.forge.anonymous_allowed = whole.forge.anonymous_left = 30
    _, err = whole.run("collect", exit=4)
    assert len(whole.forge.requests) <= 30
    assert re.search(r"goes on (at|after) .*\d\d:\d\d", err), err
    assert "limited" in {row["state"] for row in whole.status().values()}
    whole.forge.anonymous_allowed = whole.forge.anonymous_left = 60
    whole.forge.resets_at = int(time.time()) + 3600  # noqa: TID251
    whole.an_hour_passes()
    whole.run("collect")
    for repository in (*real, app):
        found = whole.status()[repository.name]
        assert found["state"] == "ok"
        assert found["records"]["issues"] == len(repository.issues)
        assert found["records"]["change_requests"] == len(repository.pulls)


@pytest.mark.slow
def test_three_real_repositories_without_a_token_take_at_most_an_hours_sixty_requests(
    whole: Whole, shared_data: Path
) -> None:
    app = small(whole.forge)
    real = [whole.forge.world.load(states(shared_data, name)[-1]) for name in (TLS, MLS)]
    plain(whole, real[0], real[1], app)
    whole.token = None
    out = whole.start("collect")
    out.communicate(timeout=200)
    assert out.returncode in (0, 4)
    assert len(whole.forge.requests) <= 60


def test_a_pass_that_was_asked_to_wait_sits_a_limit_out(whole: Whole) -> None:
    plain(whole, small(whole.forge))
    whole.token = None
    whole.forge.anonymous_left = 2
    whole.forge.resets_at = int(time.time()) + 4  # noqa: TID251

    def renew(asked: Asked) -> None:
        if time.time() >= whole.forge.resets_at:  # noqa: TID251
            whole.forge.anonymous_left = 60

    whole.forge.before = renew
    _, err = whole.run("collect", "--wait")
    assert re.search(r"Waiting until .*\d\d:\d\d", err), err
    assert whole.status()["app"]["records"]["issues"] == 15


def two(whole: Whole) -> None:
    """Two small repositories, so that one can fail and the other must not."""
    plain(whole, small(whole.forge), Repository("city", "site", issues=[issue(1)]))


def test_a_wrong_token_is_said_and_git_is_read_all_the_same(whole: Whole) -> None:
    two(whole)
    whole.token = "wrong"
    _, err = whole.run("collect", exit=1)
    found = whole.status()["app"]
    assert "FORGE_TOKEN" in found["last_error"]
    assert "FORGE_TOKEN" in err
    assert "wrong" not in err
    assert found["records"]["commits"] == 1
    whole.token = "test-token-that-nobody-may-see"
    whole.run("collect")
    assert whole.status()["app"]["state"] == "ok"
    assert whole.status()["app"]["last_error"] is None


def test_a_repository_that_the_forge_does_not_know_is_said_and_the_other_is_collected(
    whole: Whole,
) -> None:
    two(whole)
    whole.run("collect")
    del whole.forge.world.repositories["city/app"]
    whole.run("collect", exit=1)
    found = whole.status()
    assert found["app"]["state"] == "gone"
    assert "no such repository" in found["app"]["last_error"]
    assert found["app"]["records"]["issues"] == 15  # what was stored stays
    assert found["site"]["state"] == "ok"
    whole.run("status")  # it is gone, which is told, and not stale for ever


def test_a_failure_is_said_once_when_it_is_new_and_once_as_long_as_it_lasts(whole: Whole) -> None:
    two(whole)
    del whole.forge.world.repositories["city/app"]
    for _ in range(2):
        _, err = whole.run("collect", exit=1)
        assert err.count("no such repository") == 1


@pytest.mark.parametrize(
    "fault",
    [HTML_PAGE, pytest.param(BAD_GATEWAY, marks=pytest.mark.slow)],
    ids=["an HTML page", "502"],
)
def test_a_forge_that_is_broken_for_one_repository_is_said_and_the_other_is_collected(
    whole: Whole, fault: Fault
) -> None:
    two(whole)

    def broken(asked: Asked) -> Fault | None:
        variables = (asked.body or {}).get("variables", {})
        return fault if variables.get("name") == "app" else None

    whole.forge.fault = broken
    _, err = whole.run("collect", exit=1)
    found = whole.status()
    assert found["app"]["state"] == "failed"
    assert found["app"]["last_error"]
    assert found["app"]["last_error"] in err
    assert found["site"]["state"] == "ok"
    assert found["site"]["records"]["issues"] == 1
    whole.forge.fault = lambda asked: None
    whole.run("collect")
    assert whole.status()["app"]["records"]["issues"] == 15


def test_a_repository_made_again_under_an_old_name_is_read_anew(whole: Whole) -> None:
    two(whole)
    whole.forge.world.repositories["city/app"].releases.append(
        {"id": "RE_old", "tagName": "v1", "createdAt": "2024-01-01T00:00:00Z",
         "publishedAt": "2024-01-01T00:00:00Z", "author": "alice", "isPrerelease": False,
         "isDraft": False, "updatedAt": "2024-01-01T00:00:00Z"}
    )  # fmt: skip
    whole.run("collect")
    assert whole.status()["app"]["records"]["releases"] == 1
    again = Repository("city", "app", id="R_another", issues=[issue(1, id="I_again")])
    whole.forge.world.add(again)
    whole.run("collect")
    assert whole.status()["app"]["records"] == {
        "commits": 1, "tags": 0, "issues": 1, "change_requests": 0, "responses": 0, "releases": 0
    }  # fmt: skip


def test_a_renamed_repository_keeps_its_records_and_says_its_new_name(whole: Whole) -> None:
    two(whole)
    whole.run("collect")
    stored = whole.rows()["items"]
    whole.forge.world.rename("city/app", "region/platform")
    whole.git.moved["/city/app"] = whole.url("region/platform")
    whole.git_of("region/platform")
    whole.start("collect").communicate(timeout=120)  # git learns the new address from the forge
    whole.run("collect")
    found = whole.status()["app"]
    assert found["state"] == "moved"
    assert f"has moved to {whole.url('region/platform')} and is read there" in found["last_error"]
    assert found["records"]["issues"] == 15
    whole.configure("region/platform", "city/site")
    whole.forge.forget()
    whole.run("collect")
    found = whole.status()["platform"]
    assert found["state"] == "ok"
    assert found["records"]["issues"] == 15
    assert len(whole.forge.requests) <= 2  # nothing was read anew
    kept = {str(row[1:]) for row in whole.rows()["items"]}
    assert kept == {str(row[1:]) for row in stored}


def test_an_archived_repository_says_so(whole: Whole) -> None:
    two(whole)
    whole.forge.world.repositories["city/app"].archived_at = "2024-03-01T00:00:00Z"
    whole.run("collect")
    assert whole.status()["app"]["state"] == "archived"


def test_what_vanished_is_neither_counted_nor_measured_with_all_that_was_said_of_it(
    whole: Whole,
) -> None:
    late = "2024-03-02T10:00:00Z"
    talk = [said("bob", late), said("carol", late)]
    site = Repository("city", "site", issues=[issue(1), issue(2, comments=talk)], pulls=[pull(3)])
    plain(whole, site)
    whole.run("collect")
    assert whole.status()["site"]["records"]["responses"] == 2
    before = whole.values("2024-06-01", "site")
    del site.issues[1]
    whole.run("collect")  # the totals differ: everything is read once
    found = whole.status()["site"]
    assert found["records"]["issues"] == found["forge_totals"]["issues"] == 1
    assert found["records"]["responses"] == 0
    refreshed, after = whole.rows(), whole.values("2024-06-01", "site")
    assert after != before
    whole.fresh()
    whole.run("collect")
    assert whole.values("2024-06-01", "site") == after
    assert whole.rows() == refreshed
