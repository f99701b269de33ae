"""The heartbeat of GitLab: whole groups in few requests, and nothing that moved overlooked."""

from collections.abc import Iterator

import pytest

from collector.forge import Pulse, RepositoryGone
from collector.forges.gitlab import marker
from tests.forge.gitlab_host import GitLabHost
from tests.forge.gitlab_tests import items, on_loopback, project
from tests.forge.loopback import TOKEN
from tests.forge.world import issue, pull, said

GROUP = [f"city/{'sub/' if n % 4 == 0 else ''}app-{n}" for n in range(200)]


@pytest.fixture
def host() -> Iterator[GitLabHost]:
    with on_loopback() as found:
        yield found


def beat(
    host: GitLabHost, names: list[str], last: dict[str, Pulse] | None = None,
    token: str | None = TOKEN,
) -> dict[str, Pulse]:  # fmt: skip
    """A heartbeat of a new process that knows the markers of the last one."""
    host.server.forget()
    known = {pulse.url: pulse.marker for pulse in (last or {}).values() if not pulse.error}
    forge = host.forge(token)
    try:
        found = {each.url: each for each in forge.heartbeat([host.url(n) for n in names], known)}
    finally:
        forge.close()
    return {name: found[host.url(name)] for name in names}


def moved(pulses: dict[str, Pulse]) -> set[str]:
    return {name for name, pulse in pulses.items() if pulse.moved}


def test_a_group_of_200_unchanged_projects_with_subgroups_costs_four_requests(
    host: GitLabHost,
) -> None:
    for name in GROUP:
        items(project(host, name, license="MIT", checks="SUCCESS"), 3)
    first = beat(host, GROUP)
    assert moved(first) == set(GROUP)
    again = beat(host, GROUP, first)
    assert moved(again) == set()
    assert len(host.server.requests) == 4
    assert [p.facts for p in again.values()] == [p.facts for p in first.values()]
    assert [p.totals for p in again.values()] == [p.totals for p in first.values()]
    assert again[GROUP[0]].facts.license == "MIT"


def test_in_a_group_only_what_moved_is_looked_at_however_it_moved(host: GitLabHost) -> None:
    names = [f"city/app-{n}" for n in range(8)]
    found = {name: project(host, name) for name in names}
    for each in found.values():
        each.issues.append(issue(1, updatedAt="2024-01-01T10:00:00Z"))
        each.pulls.append(pull(2, updatedAt="2024-01-01T10:00:00Z"))
    first = beat(host, names)
    now = "2099-01-01T10:00:00Z"  # after the first heartbeat, whatever the machine's date is
    found[names[1]].issues[0] |= {"labels": ["x"], "updatedAt": now, "silent": True}
    found[names[2]].pulls[0] |= {"isDraft": True, "updatedAt": now, "silent": True}
    found[names[3]].issues[0]["comments"].append(said("bob", now))
    found[names[3]].issues[0] |= {"updatedAt": now}
    found[names[4]].issues.append(issue(3, createdAt=now, updatedAt=now))
    found[names[5]].issues.clear()
    again = beat(host, names, first)
    assert moved(again) == {names[n] for n in (1, 2, 3, 4, 5)}


def test_a_comment_within_an_hour_of_the_last_activity_moves_its_project(
    host: GitLabHost,
) -> None:
    """``last_activity_at`` stays where it is; the group's list of changed issues tells."""
    names = [f"city/app-{n}" for n in range(5)]
    for name in names:
        project(host, name).issues.append(issue(1, createdAt="2099-01-01T10:00:00Z"))
    first = beat(host, names)
    later = host.server.world.repositories[names[2]].issues[0]
    later |= {"updatedAt": "2099-01-01T10:30:00Z"}
    again = beat(host, names, first)
    assert names[2] in moved(again)
    assert marker.read(again[names[2]].marker) is not None
    assert [marker.read(p.marker).activity for p in again.values()] == [  # type: ignore[union-attr]
        marker.read(p.marker).activity for p in first.values()  # type: ignore[union-attr]
    ]  # fmt: skip


def test_a_project_that_stands_alone_costs_one_request_while_it_is_quiet(
    host: GitLabHost,
) -> None:
    items(project(host, "city/app"), 3)
    first = beat(host, ["city/app"])
    again = beat(host, ["city/app"], first)
    assert moved(again) == set()
    assert len(host.server.requests) == 1
    repository = host.server.world.repositories["city/app"]
    repository.issues[0]["updatedAt"] = "2025-01-01T10:00:00Z"
    assert moved(beat(host, ["city/app"], again)) == {"city/app"}


def test_a_project_that_stands_alone_and_was_active_within_the_hour_is_read_again(
    host: GitLabHost,
) -> None:
    project(host, "city/app").issues.append(issue(1, updatedAt="2099-01-01T10:00:00Z"))
    first = beat(host, ["city/app"])
    assert moved(beat(host, ["city/app"], first)) == {"city/app"}


def test_the_projects_of_a_person_are_listed_and_looked_at_when_not_quiet(
    host: GitLabHost,
) -> None:
    host.server.users = {"otto"}
    names = [f"otto/tool-{n}" for n in range(6)]
    for name in names:
        items(project(host, name), 3)
    first = beat(host, names)
    assert moved(beat(host, names, first)) == set()
    assert len(host.server.requests) == 2  # no such group; his projects
    host.server.world.repositories[names[1]].issues[0]["updatedAt"] = "2025-01-01T10:00:00Z"
    assert moved(beat(host, names, first)) == {names[1]}


def test_a_few_projects_among_very_many_are_not_looked_for_in_the_whole_group(
    host: GitLabHost,
) -> None:
    for n in range(401):
        project(host, f"city/other/app-{n}")
    names = [f"city/ours/app-{n}" for n in range(5)]
    for name in names:
        project(host, name)
    first = beat(host, names)
    assert moved(beat(host, names, first)) == set()
    assert len(host.server.requests) == 4  # the whole group's first page, then its subgroup


def test_a_project_renamed_within_its_group_is_found_by_its_id_without_asking_for_it(
    host: GitLabHost,
) -> None:
    names = [f"city/app-{n}" for n in range(5)]
    for name in names:
        project(host, name)
    first = beat(host, names)
    host.server.world.rename(names[2], "city/renamed")
    again = beat(host, names, first)
    assert again[names[2]].facts.canonical_url == host.url("city/renamed")
    assert moved(again) == set()
    assert len(host.server.requests) == 3


def test_a_project_that_left_the_group_or_is_gone_is_asked_for_itself(host: GitLabHost) -> None:
    names = [f"city/app-{n}" for n in range(6)]
    for name in names:
        project(host, name)
    first = beat(host, names)
    host.server.world.rename(names[2], "region/platform")
    del host.server.world.repositories[names[3]]
    again = beat(host, names, first)
    assert again[names[2]].facts.canonical_url == host.url("region/platform")
    assert isinstance(again[names[3]].error, RepositoryGone)
    assert [again[name].error for name in names[4:]] == [None, None]


def test_a_project_that_failed_for_long_counts_as_moved_and_does_not_lengthen_the_lists(
    host: GitLabHost,
) -> None:
    names = [f"city/app-{n}" for n in range(5)]
    for name in names:
        items(project(host, name), 3)
    first = beat(host, names)
    old = marker.read(first[names[0]].marker)
    assert old
    last = dict(first)
    text = first[names[0]].marker.replace(f'"at":{old.at}', f'"at":{old.at - 10**7}')
    last[names[0]] = Pulse(first[names[0]].url, text, first[names[0]].facts)
    assert moved(beat(host, names, last)) == {names[0]}
    asked = [each.path for each in host.server.requests if "updated_after" in each.path]
    assert len(asked) == 2


def test_what_was_known_without_a_token_counts_for_nothing_with_one(host: GitLabHost) -> None:
    project(host, "city/app")
    first = beat(host, ["city/app"], token=None)
    assert moved(beat(host, ["city/app"], first, token=None)) == set()
    assert moved(beat(host, ["city/app"], first)) == {"city/app"}


@pytest.mark.parametrize(("checks", "red"), [("FAILURE", True), ("SUCCESS", False)])
def test_the_pipelines_of_the_default_branch_tell_since_when_checks_fail_and_last_passed(
    host: GitLabHost, checks: str, red: bool
) -> None:
    project(host, "city/app", checks=checks)
    facts = beat(host, ["city/app"])["city/app"].facts
    assert facts.checks_passed_at
    assert bool(facts.checks_failing_since) is red
    if facts.checks_failing_since:
        assert facts.checks_failing_since > facts.checks_passed_at


def test_a_mirror_names_its_origin_without_the_password_that_is_in_it() -> None:
    from collector.forges.gitlab.projects import mirror_of

    url = "https://oauth2:secret@github.com/city/app.git"
    assert mirror_of({"mirror": True, "import_url": url}) == "https://github.com/city/app.git"
    assert mirror_of({"mirror": False, "import_url": url}) is None
    assert mirror_of({"mirror": True}) is None


def test_a_marker_of_another_version_or_another_forge_is_none() -> None:
    assert marker.read(None) is None
    assert marker.read("R_1 3@2024") is None
    assert marker.read('{"version":0}') is None
    assert marker.read("[1]") is None
