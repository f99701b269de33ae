"""Forks: how far they drifted, and what was sent back; by the command line and over git."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collector.model import DAY, ForkState, Project
from tests.activities import REPOSITORY, activity, at, commit, works_for
from tests.forge.world import Repository, pull
from tests.gitmake import Maker
from tests.measuring import value
from tests.whole import Whole, whole_forge

UP = "https://github.com/z/y"
FORK = replace(REPOSITORY, upstream=UP)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as found:
        yield found


def test_a_fork_is_compared_with_its_upstream_and_what_its_people_sent_back_is_counted(
    whole: Whole,
) -> None:
    world = whole.forge.world
    up = Maker(whole.git.root / "up/app")
    up.line(3)
    up.write()
    fork = Maker(whole.git.root / "city/app")
    fork.line(3)  # the same three commits
    for _ in range(2):
        fork.commit([fork.made], author=b"Dev <dev@city.example>", message=b"ours\n")
    fork.write()
    up.commit([3], message=b"theirs\n")
    up.write()
    now = "2026-06-01T00:00:00Z"
    world.add(
        Repository(
            "up", "app", pulls=[pull(1, author="dev", createdAt=now, updatedAt=now), pull(2)]
        )
    )
    world.add(Repository("city", "app", pulls=[pull(3, author="dev", id="PR_x")]))
    whole.configure()
    (whole.folder / "config" / "portfolios" / "all.yaml").write_text(
        "ospo: {id: city}\nprojects:\n"
        f"  - {{id: app, maintainers: [dev], repositories: [{{url: '{whole.url('city/app')}',"
        f" upstream: '{whole.url('up/app')}'}}]}}\n"
        "  - {id: theirs, relation: upstream, repositories:"
        f" [{{url: '{whole.url('up/app')}'}}]}}\n"
    )
    whole.run("collect")
    whole.run("measure")
    values = whole.values("2026-11-26", "app")
    assert (values["commits_ahead"], values["commits_behind"]) == (2, 1)
    assert values["days_since_sync"] > 3000
    assert values["patches_sent_back"] == 1
    assert whole.values("2026-11-26", "theirs")["commits_ahead"] is None
    out, _ = whole.run("explain", "app", "commits_ahead")
    assert "2 ahead, 1 behind" in out
    listed, _ = whole.run("attention", "--format", "json")
    assert "theirs" not in listed


def test_how_a_fork_stood_is_known_from_the_first_comparison_on() -> None:
    first, second = at("2025-03-01 14:00"), at("2025-09-01 14:00")
    states = (
        (0, first, ForkState(5, 10, at("2025-02-01"))),
        (0, second, ForkState(7, 0, at("2025-08-31"))),
    )
    fork = replace(activity(commit("2024-01-01", "ana"), repositories=[FORK]), fork_states=states)

    def then(day: str) -> list[float | None]:
        keys = ("commits_ahead", "commits_behind", "days_since_sync")
        return [value(key, fork, at(day)).value for key in keys]

    assert then("2025-02-01") == [None, None, None]
    assert then("2025-06-01") == [5, 10, 120]
    assert then("2025-09-02") == [7, 0, 2]
    assert "first compared" in str(value("commits_ahead", fork, at("2025-02-01")).reason)


def test_patches_count_when_our_people_sent_them_within_a_year() -> None:
    fork = activity(commit("2024-01-01", "ana"), commit("2026-01-01", "ben"), repositories=[FORK])
    day = at("2025-06-01")
    sent = replace(fork, sent_back=((day - 400 * DAY, 0), (day - 2, 0), (day - 1, 1), (day, 0)))
    assert value("patches_sent_back", sent, day).value == 1
    assert "relation: upstream" in str(value("patches_sent_back", fork, day).reason)


def test_who_came_back_to_the_owner_is_one_of_ours_again() -> None:
    here, before = (
        works_for("ana", "city", "2025-01-01"),
        works_for("ana", "city", None, "2024-02-01"),
    )
    fork = activity(here, before, project=Project("app", owner="city"), repositories=[FORK])
    person, day = fork.affiliations[0].person, at("2025-06-01")
    sent = replace(fork, sent_back=((day - DAY, person), (at("2024-07-01"), person)))
    assert value("patches_sent_back", sent, day).value == 1
