"""The same project on GitHub, two GitLab hosts, Forgejo and plain git, in one ``collect``."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dashboard_app import open_page, text
from tests.forge import sample
from tests.mixed import KINDS, Mixed, mixed

FORGES = [project for project, kind in KINDS.items() if kind != "git"]
DAYS = ("2024-03-01", "2024-07-01")


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mixed]:
    """The portfolio, collected once."""
    with mixed(tmp_path_factory.mktemp("mixed")) as found:
        found.write()
        found.show(sample.DAYS[-1])
        found.run("collect")
        yield found


def figures(hosts: Mixed, day: str) -> dict[str, dict[str, Any]]:
    """What ``metrics`` says of each project at a date, by metric."""
    said, _ = hosts.run("metrics", "--format", "json", "--as-of", day)
    found: dict[str, dict[str, Any]] = {}
    for row in json.loads(said):
        found.setdefault(row["project"], {})[row["metric"]] = row
    return found


def essence(row: dict[str, Any]) -> tuple[object, ...]:
    """A figure without what must differ: whose it is, and when its host was read."""
    return row["value"], row["state"], row["n"], row["p90"], row["coverage"]


def test_the_same_project_has_the_same_figures_wherever_it_lives(hosts: Mixed) -> None:
    status = hosts.status()
    assert {row["state"] for row in status.values()} == {"ok"}
    assert {project: row["kind"] for project, row in status.items()} == KINDS
    items = [{k: status[p]["records"][k] for k in ("issues", "change_requests")} for p in FORGES]
    assert items == [items[0]] * len(FORGES)
    for day in DAYS:
        found = figures(hosts, day)
        for key, row in found["on-github"].items():
            for project in FORGES[1:]:
                assert essence(found[project][key]) == essence(row), (project, key)


def test_a_plain_git_host_gives_its_git_and_says_that_it_has_no_api(hosts: Mixed) -> None:
    found = figures(hosts, DAYS[-1])
    alone, other = found["on-git-alone"], found["on-github"]
    for key in ("commits", "committers", "contributor_absence_factor", "release_frequency"):
        assert alone[key]["state"] == "ok"
    assert essence(alone["commits"]) == essence(other["commits"])
    for key in ("open_issues", "first_answer_wait", "review_share"):
        assert (alone[key]["value"], alone[key]["state"]) == (None, "unknown")
        assert alone[key]["reason"] == "this host has no supported API"


def test_the_dashboard_shows_the_project_alike_from_each_host(hosts: Mixed) -> None:
    url = f"sqlite:///{hosts.folder / 'data' / 'vitals.db'}"
    pages = {}
    for project in FORGES:
        shown = text(open_page(url, "project", p=project))
        host = hosts.address(project).removeprefix("http://")
        pages[project] = shown.replace(project, "PROJECT").replace(host, "HOST")
    assert len(pages["on-github"]) > 500
    for project in FORGES[1:]:
        assert pages[project] == pages["on-github"]


def test_a_second_pass_over_unchanged_hosts_asks_little_and_stores_nothing_new(
    hosts: Mixed,
) -> None:
    before = hosts.rows()["items"]
    for server in hosts.servers.values():
        server.forget()
    hosts.run("collect")
    asked = {project: len(server.requests) for project, server in hosts.servers.items()}
    assert max(asked.values()) <= 6, asked
    assert hosts.rows()["items"] == before


def test_hosts_whose_kind_is_not_configured_are_recognised_once(
    hosts: Mixed, caplog: pytest.LogCaptureFixture
) -> None:
    before = figures(hosts, DAYS[-1])
    hosts.fresh()
    hosts.write(**{project.replace("-", "_"): None for project in KINDS})
    hosts.show(sample.DAYS[-1])
    hosts.run("collect")
    assert {project: row["kind"] for project, row in hosts.status().items()} == KINDS
    assert {row["state"] for row in hosts.status().values()} == {"ok"}
    alone = hosts.address("on-git-alone").removeprefix("http://")
    assert f"What runs on {alone} could not be found out" in caplog.text
    assert f"- {{host: '{alone}', kind: gitlab}} (or github, forgejo, gitea)" in caplog.text
    out = " ".join(hosts.said("doctor").out.split())
    assert f"what runs on {alone}: What runs on {alone} could not be found out" in out
    for git in hosts.gits.values():
        git.requests.clear()
    for server in hosts.servers.values():
        server.forget()
    caplog.clear()
    hosts.run("collect")
    assert "could not be found out" not in caplog.text
    asked = [each for git in hosts.gits.values() for each in git.requests]
    asked += [each.path for server in hosts.servers.values() for each in server.requests]
    assert not [each for each in asked if "version" in each or each.endswith("/meta")]
    found = figures(hosts, DAYS[-1])
    for project, rows in found.items():
        for key, row in rows.items():
            assert essence(row) == essence(before[project][key]), (project, key)
