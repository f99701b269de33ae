"""Git and GitLab in one ``collect``, by the command line, on a GitLab of our own."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from tests.activities import at
from tests.forge.gitlab_side import running
from tests.forge.gitlab_tests import items
from tests.forge.loopback import LIMITED, Asked
from tests.forge.reading import MLS, states
from tests.forge.world import Repository, issue, said
from tests.naive_items import Naive
from tests.test_forge_whole import counted
from tests.tls import Authority, proxy_to
from tests.whole import Rows, Whole, whole_forge


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path, running, "gitlab") as found:
        yield found


def facts(whole: Whole) -> Rows:
    """What is stored, but for when the host was asked and accounts that nothing refers to."""
    return {name: rows for name, rows in whole.rows().items()
            if name not in ("repositories", "accounts")}  # fmt: skip


def of_group(whole: Whole, many: int) -> list[str]:
    """A group of projects, each with a git of one commit, configured."""
    names = [f"city/app-{n}" for n in range(many)]
    for name in names:
        items(whole.forge.world.add(Repository(*name.split("/"))), 4)
        whole.git_of(name)
    whole.configure(*names)
    return names


def test_real_records_are_collected_and_measured_as_an_independent_reading_does(
    whole: Whole, shared_data: Path
) -> None:
    path = states(shared_data, MLS)[-1]
    whole.forge.world.load(path)
    whole.git_of(MLS)
    whole.configure(MLS)
    whole.run("collect")
    found = whole.status()["mls-extensions"]
    wanted = counted(path)
    assert found["state"] == "ok"
    assert found["records"]["issues"] == wanted["issues"]
    assert found["records"]["responses"] == wanted["responses"]
    assert found["forge_totals"] == {k: wanted[k] for k in ("issues", "change_requests")}
    naive, day = Naive(path), "2026-07-02"
    expected, values = naive.at(at(day)), whole.values(day, "mls-extensions")
    assert {key: values[key] for key in expected} == pytest.approx(expected)


@pytest.mark.slow
def test_the_newest_states_refreshed_store_what_collecting_afresh_stores(
    whole: Whole, shared_data: Path
) -> None:
    paths = states(shared_data, MLS)[-3:]
    whole.git_of(MLS)
    whole.configure(MLS)
    for path in paths:
        whole.forge.world.load(path)
        whole.run("collect")
    refreshed = facts(whole)
    whole.fresh()
    whole.run("collect")
    assert refreshed == facts(whole)


def test_a_group_is_refreshed_by_its_lists_and_only_what_moved_is_read(whole: Whole) -> None:
    names = of_group(whole, 7)
    whole.run("collect")
    before = facts(whole)
    whole.forge.forget()
    whole.run("collect")
    # its projects, its changed issues and merge requests, and two pages of some night's sweep each
    asked = [each.path for each in whole.forge.requests if "/groups/" in each.path]
    assert len(asked) == 3
    assert facts(whole) == before
    moved = whole.forge.world.repositories[names[2]].issues[0]
    moved["comments"].append(said("bob", "2025-02-01T10:00:00Z"))
    moved["updatedAt"] = "2025-02-01T10:00:00Z"
    whole.forge.forget()
    whole.run("collect")
    assert whole.status()["app-2"]["records"]["responses"] == 1
    assert sum("/notes" in each.path for each in whole.forge.requests) <= 4


def test_an_issue_that_is_opened_during_the_reading_is_no_drift_and_nothing_is_read_twice(
    whole: Whole,
) -> None:
    of_group(whole, 1)
    late = issue(99, createdAt="2098-01-01T10:00:00Z", updatedAt="2098-01-01T10:00:00Z")

    def opened(asked: Asked) -> None:
        if "/issues?per_page=100" in asked.path and late not in repository.issues:
            repository.issues.append(late)

    repository = whole.forge.world.repositories["city/app-0"]
    whole.forge.before = opened
    whole.run("collect")
    assert whole.status()["app-0"]["records"]["issues"] == 4
    lists = [each for each in whole.forge.requests if "/issues?per_page=100" in each.path]
    assert len(lists) == 1


def test_a_closed_issue_that_is_deleted_silently_is_found_without_reading_all_again(
    whole: Whole,
) -> None:
    of_group(whole, 1)
    whole.run("collect")
    whole.forge.world.repositories["city/app-0"].pulls.pop()
    whole.forge.forget()
    with mock.patch("collector.forge_stage.slices_due", return_value=1):
        whole.run("collect")
        whole.run("collect")
    assert whole.status()["app-0"]["records"]["change_requests"] == 0
    rounds = [each for each in whole.forge.requests if "/releases" in each.path]
    # a round of the sweep each, and a look at what changed since: reading all would ask more
    assert len(rounds) == 3


def test_what_the_sweep_buried_is_no_drift_once_the_host_was_asked_again(whole: Whole) -> None:
    of_group(whole, 1)
    whole.run("collect")
    whole.forge.world.repositories["city/app-0"].pulls.pop()
    with mock.patch("collector.forge_stage.slices_due", return_value=1):
        whole.run("collect")
        whole.run("collect")
    with mock.patch("collector.forge_stage.slices_due", return_value=0):
        whole.run("collect")
        whole.forge.forget()
        whole.run("collect")
    found = whole.status()["app-0"]
    assert found["records"]["change_requests"] == found["forge_totals"]["change_requests"] == 0
    assert len(whole.forge.requests) <= 3  # it is at rest again


def test_a_limit_ends_the_pass_and_the_next_one_goes_on(whole: Whole) -> None:
    names = of_group(whole, 3)
    whole.forge.fault = lambda asked: LIMITED if asked.number > 12 else None
    _, said_ = whole.run("collect", exit=4)
    assert "allows no more requests for now" in said_
    whole.forge.fault = lambda asked: None
    whole.run("collect")
    found = whole.status()
    assert [found[n.partition("/")[2]]["records"]["issues"] for n in names] == [3, 3, 3]


def test_a_moved_project_is_read_under_its_new_address_and_says_so(whole: Whole) -> None:
    of_group(whole, 2)
    whole.run("collect")
    before = facts(whole)["items"]
    whole.forge.world.rename("city/app-1", "region/app-1")
    whole.git_of("region/app-1")
    whole.run("collect")
    found = whole.status()["app-1"]
    assert found["state"] == "moved"
    assert "region/app-1" in found["last_error"]
    assert facts(whole)["items"] == before


def test_a_host_behind_a_proxy_with_certificates_of_the_citys_own_is_read(tmp_path: Path) -> None:
    name, authority = "gitlab.city.example", Authority(tmp_path)
    with (
        whole_forge(tmp_path, running, "gitlab", name=name, tls=authority.server(name)) as whole,
        proxy_to(whole.git.port) as proxy,
    ):
        of_group(whole, 1)
        whole.configure("city/app-0", forge=f", proxy: '{proxy.url}', ca_bundle: city.pem")
        whole.run("collect")
        found = whole.status()["app-0"]
        assert (found["state"], found["records"]["issues"]) == ("ok", 3)
        assert set(proxy.asked) == {f"{name}:443"}


def test_without_a_token_what_is_public_is_read_and_reviews_are_unknown(whole: Whole) -> None:
    of_group(whole, 1)
    whole.token = None
    whole.run("collect")
    found = whole.status()["app-0"]
    assert (found["state"], found["records"]["issues"]) == ("ok", 3)
    said_, _ = whole.run("metrics", "--format", "json", "--metric", "review_share")
    assert '"state": "unknown"' in said_
