"""What is on paper, what is agreed, who uses it (METRICS.md, Openness; It goes on)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from collector.metric import State
from collector.model import (
    Agreement,
    FileFact,
    Project,
    Repository,
    RepositoryFacts,
    RepositoryState,
    Snapshot,
    Span,
    User,
)
from tests.activities import (
    REPOSITORY,
    activity,
    at,
    change_request,
    close,
    commit,
    commits,
    merge,
    tag,
    works_for,
)
from tests.measuring import NOW, number, value

START = at("2025-02-01")


def with_files(*files: FileFact, **more: object) -> Repository:
    return replace(REPOSITORY, files=files, **more)  # type: ignore[arg-type]


def publiccode(data: Mapping[str, object], *problems: str) -> Repository:
    fact = FileFact("publiccode.yml", "publiccode.yml", START, data=data, problems=problems)
    return with_files(fact)


def contract(party: str, since: str | None, until: str | None) -> Agreement:
    return Agreement(party, Span(at(since) if since else None, at(until) if until else None))


def test_community_files_are_those_that_stood_there_then() -> None:
    repository = with_files(
        FileFact("README", "README.md", START),
        FileFact("SECURITY", ".github/SECURITY.md", START, until=at("2025-06-01")),
        FileFact("SUPPORT", "", START, readable=False),
    )
    other = with_files(FileFact("LICENSE", "COPYING", START), main=False)
    records = activity(repositories=[repository, other])
    then, now = (
        value("community_files", records, at("2025-06-01")),
        value("community_files", records),
    )
    assert (then.value, now.value) == (2, 1)
    assert now.parts["found"] == {"README": "README.md"}
    assert now.parts["not_read"] == ["SUPPORT"]
    assert now.parts["others"] == {"LICENSE": 1}
    assert number("community_files", records, START) == 0


@pytest.mark.parametrize(
    ("spdx", "declared", "approved", "equal"),
    [
        ("EUPL-1.2", "EUPL-1.2", True, True),
        ("AGPL-3.0-only", "AGPL-3.0-or-later", True, True),
        ("CC-BY-4.0", None, False, None),
        (None, "MIT", None, None),
    ],
)
def test_a_licence_is_named_and_compared(
    spdx: str | None, declared: str | None, approved: bool | None, equal: bool | None
) -> None:
    repository = with_files(
        FileFact("LICENSE", "LICENSE", START, spdx=spdx),
        FileFact("publiccode.yml", "publiccode.yml", START, data={"license": declared}),
    )
    found = value("license", activity(repositories=[repository]))
    assert (found.value, found.state) == (None, State.OK)
    assert (found.parts["spdx"], found.parts["osi_approved"]) == (spdx, approved)
    assert found.parts["equal"] is equal


def test_no_licence_is_an_answer() -> None:
    found = value("license", activity())
    assert (found.state, found.parts["spdx"], found.parts["osi_approved"]) == (
        State.OK,
        None,
        False,
    )


def test_publiccode_is_valid_without_problems() -> None:
    assert number("publiccode_valid", activity(repositories=[publiccode({})])) == 1
    broken = value("publiccode_valid", activity(repositories=[publiccode({}, "name is missing.")]))
    assert (broken.value, broken.parts["problems"]) == (0, ["name is missing."])
    assert value("publiccode_valid", activity()).state is State.NOT_APPLICABLE


def test_the_tracker_is_open_where_the_forge_says_so() -> None:
    def told(**facts: bool) -> Repository:
        return replace(REPOSITORY, facts=RepositoryFacts(**facts), forge_read_until=NOW + 3600)  # type: ignore[arg-type]

    open_ = activity(repositories=[told(has_issues=True, private=False)])
    assert number("issue_tracker_open", open_) == 1
    assert number("issue_tracker_open", activity(repositories=[told(has_issues=False)])) == 0
    assert value("issue_tracker_open", open_, at("2025-12-31")).state is State.UNKNOWN
    assert value("issue_tracker_open", activity()).state is State.UNKNOWN
    elsewhere = Project("app", issues_elsewhere="https://jira.example/X")
    assert number("issue_tracker_open", activity(project=elsewhere)) == 1


def test_the_stage_of_life_is_named() -> None:
    read = replace(REPOSITORY, read_until=NOW, forge_read_until=NOW)
    old = activity(
        repositories=[
            replace(read, archived_at=at("2025-06-01"), state=RepositoryState.MOVED),
            replace(read, url="https://git.example/x", main=False, state=RepositoryState.GONE),
        ]
    )
    assert value("lifecycle", old).parts["main"] == ["moved", "archived"]
    earlier = value("lifecycle", old, at("2025-12-01")).parts["repositories"]
    assert earlier == {REPOSITORY.url: ["archived"], "https://git.example/x": ["public"]}
    assert value("lifecycle", activity()).parts["main"] == ["public"]


@pytest.mark.parametrize(
    ("agreements", "days"),
    [
        ([contract("a", "2024-01-01", "2026-01-31")], 30),
        ([contract("a", None, "2025-12-02")], -30),
        ([contract("a", None, "2025-12-02"), contract("a", "2026-01-01", "2026-03-02")], 60),
        ([contract("a", None, "2026-01-31"), contract("b", "2026-01-15", "2026-03-02")], 60),
        ([contract("a", None, "2026-01-31"), contract("b", "2026-02-01", "2026-03-02")], 60),
        ([contract("a", None, "2026-01-31"), contract("b", "2026-02-15", "2026-03-02")], 30),
        ([contract("a", None, "2025-06-01"), contract("b", "2026-02-15", "2027-03-02")], -214),
        ([contract("a", None, "2025-06-01"), contract("b", "2025-05-01", None)], None),
        ([contract("a", "2026-05-01", "2027-06-01")], None),
        ([], None),
    ],
)
def test_a_contract_ends_where_nobody_goes_on(
    agreements: list[Agreement], days: float | None
) -> None:
    records = activity(project=Project("app", contracts=tuple(agreements)))
    funded = activity(project=Project("app", funding=tuple(agreements)))
    for found in (value("days_to_contract_end", records), value("days_to_funding_end", funded)):
        assert found.value == days
        assert (found.state is State.OK) == (days is not None)


def test_an_in_house_team_goes_on() -> None:
    both = publiccode({"maintenance_type": "internal"})
    project = Project("app", contracts=(contract("a", None, "2026-01-31"),))
    found = value("days_to_contract_end", activity(repositories=[both], project=project))
    assert found.state is State.NOT_APPLICABLE


def test_contractors_of_publiccode_stand_in_where_configuration_names_none() -> None:
    data = {"maintenance_type": "contract", "contractors": [{"name": "F", "until": "2026-01-11"}]}
    records = activity(repositories=[publiccode(data)])
    assert number("days_to_contract_end", records) == 10
    assert value("maintenance_type", records).parts == {"type": "contract"}


def contradictions(found: object) -> list[object]:
    assert isinstance(found, list)
    return [entry["key"] for entry in found]


def test_what_is_declared_is_held_against_what_is_seen() -> None:
    stable = activity(
        commit("2024-06-01"), repositories=[publiccode({"development_status": "stable"})]
    )
    assert contradictions(value("declared_vs_observed", stable).parts["contradictions"]) == [
        "stable_without_care"
    ]
    obsolete = activity(
        commit("2025-12-01"),
        tag("2025-12-01", "v2"),
        repositories=[publiccode({"development_status": "obsolete", "release_date": "2025-08-01"})],
    )
    assert contradictions(value("declared_vs_observed", obsolete).parts["contradictions"]) == [
        "obsolete_but_active",
        "release_date_old",
    ]
    lent = activity(
        commits(3, "2025-12-01", "ana"),
        works_for("ana", "firm"),
        repositories=[publiccode({"maintenance_type": "internal"})],
        project=Project("app", contracts=(contract("firm", None, "2025-11-01"),)),
    )
    assert contradictions(value("declared_vs_observed", lent).parts["contradictions"]) == [
        "internal_but_suppliers",
        "contract_ended",
    ]
    own = replace(lent.project, owner="firm", contracts=(contract("firm", None, "2027-01-01"),))
    in_house = replace(lent, project=own)
    assert number("declared_vs_observed", in_house) == number("top_supplier_share", in_house) == 0
    assert number("declared_vs_observed", activity(repositories=[publiccode({})])) == 0
    assert value("declared_vs_observed", activity()).state is State.NOT_APPLICABLE
    unread = Repository("https://git.example/app", read_until=None)
    never = activity(
        repositories=[unread], project=Project("app", contracts=lent.project.contracts)
    )
    assert value("declared_vs_observed", never).state is State.UNKNOWN


def test_users_are_named_once_and_grow_stale() -> None:
    configured = (
        User("Praha 7", "configuration", since=at("2019-01-01"), confirmed=at("2025-06-01")),
        User("Brno", "configuration", since=at("2019-01-01")),
        User("Later", "configuration", since=at("2027-01-01")),
    )
    records = activity(
        project=Project("app", users=configured),
        repositories=[publiccode({"used_by": ["praha 7", "Region X"]})],
    )
    found = value("users", records)
    assert (found.value, found.parts["stale"]) == (3, 1)
    assert value("users", activity()).state is State.UNKNOWN


def test_stars_come_from_our_own_dated_counts() -> None:
    records = activity(
        snapshots=[
            (0, Snapshot(at("2025-06-01"), stars=5)),
            (0, Snapshot(at("2025-12-01"), stars=9)),
            (0, Snapshot(NOW, stars=100)),
        ]
    )
    found = value("stars", records)
    assert (found.value, found.parts["change"]) == (9, 4)
    assert value("stars", records, at("2025-06-01")).state is State.UNKNOWN
    assert value("forks", records).state is State.UNKNOWN


def test_updates_by_dependency_bots_are_timed() -> None:
    records = activity(
        change_request("2025-12-01", "dependabot", merge("2025-12-03", "ana")),
        change_request("2025-12-01", "renovate", merge("2025-12-05", "ana")),
        change_request("2025-12-01", "weblate", merge("2025-12-31", "ana")),
        change_request("2025-12-01", "dependabot", close("2025-12-02", "ana")),
        change_request("2025-12-22", "dependabot"),
    )
    found = value("dependency_update_latency", records)
    assert (found.value, found.n) == (3, 2)
    assert found.parts == {"open": 1, "oldest_open_days": 10}
    waiting = value("dependency_update_latency", activity(change_request("2025-12-22", "renovate")))
    assert (waiting.state, waiting.parts["open"]) == (State.NOT_APPLICABLE, 1)


def test_red_is_counted_from_the_last_green() -> None:
    def checks(**facts: int) -> Repository:
        return replace(REPOSITORY, facts=RepositoryFacts(**facts), forge_read_until=NOW + 3600)  # type: ignore[arg-type]

    failing = checks(checks_passed_at=at("2025-12-20"), checks_failing_since=at("2025-12-22"))
    assert number("default_branch_red", activity(repositories=[failing])) == 12
    green = checks(checks_passed_at=at("2025-12-20"))
    assert number("default_branch_red", activity(repositories=[green])) == 0
    assert value("default_branch_red", activity()).state is State.UNKNOWN


def test_what_was_archived_while_red_is_red_no_more_for_nobody_can_mend_it() -> None:
    failing = replace(
        REPOSITORY,
        facts=RepositoryFacts(checks_failing_since=at("2025-12-22")),
        forge_read_until=NOW + 3600,
        archived_at=at("2025-12-24"),
    )
    alone = value("default_branch_red", activity(repositories=[failing]))
    assert (alone.state, str(alone.reason)) == (
        State.NOT_APPLICABLE, "all repositories are archived",
    )  # fmt: skip
    green = replace(
        REPOSITORY,
        facts=RepositoryFacts(checks_passed_at=at("2025-12-20")),
        forge_read_until=NOW + 3600,
    )
    assert number("default_branch_red", activity(repositories=[failing, green])) == 0


def test_what_is_not_collected_yet_is_unknown_and_what_cannot_apply_is_not() -> None:
    for key in ("scorecard", "known_vulnerabilities", "libyears"):
        assert value(key, activity()).state is State.UNKNOWN
    assert value("service_answered", activity()).state is State.NOT_APPLICABLE
    assert value("commits_ahead", activity()).state is State.NOT_APPLICABLE
    fork = replace(REPOSITORY, upstream="https://github.com/z/y")
    assert value("commits_ahead", activity(repositories=[fork])).state is State.UNKNOWN
