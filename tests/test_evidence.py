"""The records behind a figure: a second way to the same number, with nothing lost on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from collector import config
from collector.commands.explain import explain, source_of
from collector.commands.identities import identities
from collector.errors import ConfigurationError, UserError
from collector.evidence import WITNESSES, Group, Source, evidence
from collector.explanation import Wanted, explained
from collector.identity import Resolution
from collector.metric import Better, State
from collector.metrics import BY_KEY, METRICS
from collector.model import (
    DAY,
    Activity,
    Agreement,
    FileFact,
    ForkState,
    Project,
    Repository,
    RepositoryFacts,
    RepositoryState,
    Snapshot,
    Span,
    Threshold,
    User,
)
from collector.store import migrate
from collector.store.columns import History
from collector.store.engine import connect
from collector.store.evidence import Stored
from collector.store.read_activity import Loaded
from collector.store.situations import last_measured
from tests import ietf_archive
from tests.activities import (
    GHOST,
    NOBODY,
    activity,
    at,
    change_request,
    commit,
    commits,
    issue,
    merge,
    review,
    tag,
    works_for,
)
from tests.collected import Collected, collect, command
from tests.gitmake import T0, Maker
from tests.measuring import NOW
from tests.test_metrics_independent import by_project
from tests.test_metrics_registry import as_ofs, build, lines

BY_VALUE = (
    "commits", "contributors", "committers", "contributor_absence_factor", "core_contributors",
    "regular_committers", "new_contributors", "active_maintainers", "elephant_factor",
    "release_frequency", "deployments", "undelivered_commits", "community_files", "users",
    "change_requests_opened", "change_requests_merged", "change_requests_declined",
    "issues_opened", "issues_closed", "open_issues", "open_change_requests",
    "stale_change_requests",
)  # fmt: skip
"""Their value is the number of records that count."""

BY_SAMPLE = (
    "commit_frequency", "activity_trend", "bot_share", "declared_ai_share", "dumped_share",
    "contributor_retention", "time_to_first_response_issues",
    "time_to_first_response_change_requests", "first_answer_wait", "answered_share",
    "answered_in_two_business_days", "outsiders_answered", "oldest_outsider_waiting",
    "issue_resolution_duration", "change_request_duration", "change_request_closure_ratio",
    "change_request_acceptance_ratio", "open_issue_age", "review_share",
    "dependency_update_latency",
)  # fmt: skip
"""Their n is."""


def counting(groups: tuple[Group, ...]) -> list[int]:
    return [group.total for group in groups if group.counts]


def disagreements(source: Source, dates: list[int]) -> Iterator[str]:
    """Where is the number of records that count not the metric's own?"""
    for as_of in dates:
        for key in (*BY_VALUE, *BY_SAMPLE):
            value = BY_KEY[key].compute(source.activity, as_of)
            if value.state is not State.OK or (key == "elephant_factor"):
                continue
            asked = replace(source, metric=BY_KEY[key], value=value, as_of=as_of)
            counted = counting(evidence(asked))
            found = counted[0] if key in BY_VALUE else sum(counted)
            expected = value.value if key in BY_VALUE else value.n
            if found != expected:
                yield f"{key} at {as_of}: {expected}, and {found} records count"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A database that holds nothing."""
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'vitals.db'}")
    migrate.upgrade(engine)
    return engine


def source(records: Activity, engine: Engine, key: str = "commits", as_of: int = NOW) -> Source:
    """Records that no database has, as evidence takes them."""
    shas = np.arange(1, len(records.commits.time) + 1, dtype=np.int64)
    history = History(records.commits, records.credits, shas, shas)
    ids = tuple(range(1, len(records.repositories) + 1))
    loaded = Loaded(records, history, ids, (), Resolution({}, {}), {})
    value = BY_KEY[key].compute(records, as_of)
    return Source(loaded, Stored(engine, ids, ()), BY_KEY[key], value, as_of)


def told(found: Source) -> dict[str, tuple[bool, list[str]]]:
    """What evidence says, in words: per group whether it counts, and its records."""
    return {
        str(group.title): (
            group.counts,
            [f"{r.what} {r.said}".strip() for r in group.records(None)],
        )
        for group in evidence(found)
    }


def test_every_metric_has_its_witness() -> None:
    assert set(WITNESSES) == {metric.key for metric in METRICS}


@settings(max_examples=60)
@given(st.data())
def test_the_records_that_count_make_the_number(empty: Engine, data: st.DataObject) -> None:
    records, as_of = build(data.draw(lines)), data.draw(as_ofs)
    assert not [*disagreements(source(records, empty), [as_of])]


@settings(max_examples=25)
@given(st.data())
def test_no_record_is_lost_and_every_group_tells_as_many_as_it_says(
    empty: Engine, data: st.DataObject
) -> None:
    records, as_of = build(data.draw(lines)), data.draw(as_ofs)
    for metric in METRICS:
        asked = replace(
            source(records, empty), metric=metric, value=metric.compute(records, as_of), as_of=as_of
        )
        for group in evidence(asked):
            assert len(list(group.records(None))) == group.total, (metric.key, group.title)
            assert len(list(group.records(3))) == min(3, group.total)
    asked = replace(source(records, empty), as_of=as_of)
    people = [
        g.total for g in evidence(asked) if "bots" not in str(g.title) and "AI" not in str(g.title)
    ]
    assert sum(people) == int((records.commits.kind == 0).sum())


def test_a_commit_says_when_it_arrived_by_whom_and_where(empty: Engine) -> None:
    records = activity(commit("2025-05-01", "ana"), commit("2025-06-01", "x[bot]"))
    said = told(source(records, empty))
    assert said["commits by people"] == (
        True,
        ["0000000000 arrived 2025-05-01, Developer 1"],
    )
    assert said["by bots"][0] is False


def test_a_tag_says_what_it_was_taken_for_and_why(empty: Engine) -> None:
    records = activity(
        commits(3, "2025-05-01"),
        tag("2025-05-02", "v1.0"),
        tag("2025-05-03", "1.0"),
        tag("2025-05-04", "v1.1-rc1"),
        tag("2025-05-05", "prod-1"),
        tag("2025-05-06", "helm/v1"),
        tag("2020-05-06", "v0.1"),
    )
    said = told(source(records, empty, "release_frequency"))
    assert said["new versions"] == (True, ["v1.0 tag, version 1.0"])
    assert said["the same version again"][1] == ["1.0 tag, version 1.0"]
    assert said["pre-releases"][1][0].startswith("v1.1-rc1 tag, version 1.1")
    assert said["put into operation"][1][0].startswith("prod-1")
    assert "not a known prefix" in said["neither a version nor put into operation"][1][0]
    assert said["made before the window"][1][0].startswith("v0.1")


def test_a_configured_pattern_is_named(empty: Engine) -> None:
    mine = Repository("https://x.example/app", name="app", read_until=NOW,
                      release_tag_pattern="^app-v")  # fmt: skip
    records = activity(tag("2025-05-02", "v1.0"), repositories=[mine])
    said = told(source(records, empty, "release_frequency"))
    assert "pattern ^app-v" in said["neither a version nor put into operation"][1][0]


def test_a_file_says_where_it_is_and_since_when(empty: Engine) -> None:
    files = (
        FileFact("README", "README.md", at("2020-01-01")),
        FileFact("LICENSE", "LICENSE", at("2020-01-01"), at("2021-01-01"), "MIT"),
    )
    mine = Repository("https://x.example/app", name="app", read_until=NOW, files=files)
    said = told(source(activity(repositories=[mine]), empty, "community_files"))
    assert said["found in app"] == (True, ["README.md README since 2020-01-01"])
    assert "LICENSE" in said["not found"][1]
    assert said["there at another time only"][1] == [
        "LICENSE LICENSE since 2020-01-01, until 2021-01-01, licence MIT"
    ]


def test_an_item_says_who_opened_it_and_what_became_of_it(empty: Engine) -> None:
    records = activity(issue("2025-12-01", "eva"), change_request("2025-12-02", "renovate"))
    said = told(source(records, empty, "first_answer_wait"))
    assert said["opened in the window and answered"] == (True, [])
    (waiting,) = said["opened in the window, waiting so far"][1]
    assert "issue" in waiting
    assert "by Developer 1, from outside" in waiting
    assert len(said["opened by bots"][1]) == 1


def every_kind_of_record() -> Activity:
    """A fork of two repositories, with people, items, contracts, users and what a forge counts."""
    app = Repository(
        "https://x.example/app", main=True, read_until=NOW, forge_read_until=NOW, name="app",
        upstream="https://y.example/app", state=RepositoryState.OK, archived_at=at("2025-01-02"),
        facts=RepositoryFacts(archived=True, private=False, has_issues=False,
                              checks_failing_since=at("2025-03-04")),
        forge_totals={"issues": 5, "change_requests": 1},
        files=(FileFact("LICENSE", "LICENSE", at("2020-01-01")),
               FileFact("publiccode.yml", "publiccode.yml", at("2020-01-01"), readable=False)),
    )  # fmt: skip
    docs = Repository("https://x.example/docs", role="docs", counted=False, name="docs")
    project = Project(
        "app",
        contracts=(Agreement("sova", Span(at("2024-01-01"), at("2027-01-01"))),),
        funding=(Agreement("state", Span(None, at("2027-01-01")), "grant"),),
        users=(
            User("Brno", "configuration", at("2024-01-01"), confirmed=at("2024-05-06")),
            User("Cluj", "configuration"),
        ),
    )
    made = activity(
        commit("2025-09-01", "ana"),
        commit("2025-10-01", "ana"),
        commit("2025-11-01", "copilot"),
        works_for("ana", "sova"),
        change_request("2025-12-01", "eva", review("2025-12-02", "ana"),
                       merge("2025-12-03", "ana")),
        change_request("2025-12-04", GHOST, merge("2025-12-05", "renovate")),
        change_request("2025-12-05", "renovate", merge("2025-12-06", NOBODY)),
        tag("2025-12-06", "v0.9"),
        tag("2025-12-07", "v1.0", prerelease=True),
        project=project,
        repositories=[app, docs],
        snapshots=[(0, Snapshot(at("2025-12-01"), 1234))],
    )  # fmt: skip
    apart = ForkState(1200, 3, at("2025-06-01"))
    return replace(
        made,
        fork_states=((0, at("2025-12-01"), apart),),
        sent_back=((at("2025-12-02"), 0),),
        imports=(("https://x.example/app", at("2025-02-03")),),
    )


RECORDS = (
    ("commits", "0000000000 arrived 2025-11-01, AI agent, in app"),
    ("commits", "0000000000 arrived 2025-09-01, Developer 1, in app"),
    ("commits", "https://x.example/app its commits count as arrived on their author dates"),
    ("commits", "app upstream: https://y.example/app"),
    ("days_since_care", "0000000000 a commit by a person arrived"),
    ("days_since_care", "an answer by the project, on what somebody else opened"),
    ("days_since_care", "v1.0 a delivery"),
    (
        "change_requests_opened",
        "https://github.com/city/app/issues/1 change request by Developer 2, "
        "from outside, first answer 2025-12-02, first answer by the project "
        "2025-12-02, first review 2025-12-02, merged 2025-12-03, closed "
        "2025-12-03",
    ),
    (
        "change_requests_opened",
        "https://github.com/city/app/issues/2 change request by somebody whose "
        "account is gone or not given, from outside, merged 2025-12-05, closed "
        "2025-12-05",
    ),
    (
        "change_requests_opened",
        "https://github.com/city/app/issues/3 change request by a bot, merged "
        "2025-12-06, closed 2025-12-06",
    ),
    ("change_requests_opened", "https://x.example/docs not read yet"),
    ("committers", "Developer 1 2 credits, the last one 2025-10-01"),
    ("regular_committers", "Developer 1 credited in 2 months"),
    ("contributors", "Developer 1 credits for commits: 2, comments and reviews: 1"),
    ("contributors", "Developer 2 items opened: 1"),
    ("active_maintainers", "Developer 1 1 merged, the last one 2025-12-03"),
    ("active_maintainers", "merges by bots 1"),
    ("active_maintainers", "by nobody known 1"),
    ("affiliation_coverage", "sova 2 credits of 1 people"),
    ("release_frequency", "v0.9 tag, version 0.9, in app"),
    ("release_frequency", "v1.0 tag, version 1.0, flagged as a pre-release, in app"),
    ("community_files", "LICENSE LICENSE since 2020-01-01, licence could not be told"),
    (
        "community_files",
        "publiccode.yml publiccode.yml since 2020-01-01, the server would not give it",
    ),
    ("days_to_contract_end", "sova from 2024-01-01 until 2027-01-01, configuration"),
    ("days_to_funding_end", "state from – until 2027-01-01, grant, configuration"),
    ("users", "Brno confirmed 2024-05-06, older than a year, configuration"),
    ("users", "Cluj confirmed at no date, older than a year, configuration"),
    (
        "issue_tracker_open",
        "https://x.example/app role code, state ok, archived, not private, not "
        "issues enabled, archived since 2025-01-02, checks fail since "
        "2025-03-04, read 2026-01-01",
    ),
    ("issue_tracker_open", "https://x.example/docs role docs, state pending, read –"),
    ("stars", "1234 app"),
    ("forge_drift", "https://x.example/app change_requests: 3 stored, 1 by the forge's count"),
    ("forge_drift", "https://x.example/app issues: 0 stored, 5 by the forge's count"),
    ("commits_ahead", "app 1200 ahead, 3 behind, last commit in common 2025-06-01"),
    ("patches_sent_back", "Developer 1"),
)
"""What stands in a terminal: programs may read it."""


def test_a_terminal_says_of_each_kind_of_record_what_it_always_said(empty: Engine) -> None:
    records = every_kind_of_record()
    for key, expected in RECORDS:
        groups = told(source(records, empty, key)).values()
        assert expected in [said for _counts, found in groups for said in found], key


# ---------------------------------------------------------------- through the command


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """Two repositories of which one was forked from the other, a merge, a bot, two mails."""
    folder = tmp_path_factory.mktemp("small")
    made = Maker(folder / "app")
    first = made.commit(time=T0)
    side = made.commit([first], time=T0 + DAY, author=b"Bea <bea@example.org>", branch="side")
    main = made.commit([first], time=T0 + 2 * DAY, author=b"dependabot[bot] <d@example.org>")
    made.commit([main, side], time=T0 + 3 * DAY, author=b"Beata <bea@example.org>")
    return collect(folder, {"app": made.write()})


@pytest.fixture
def terminal(small: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSPO_VITALS_CONFIG", str(small.folder / "config"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("terminal")
def test_explain_tells_definition_window_value_threshold_and_records(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert explain("app", "regular_committers", "2017-12-01", everything=False) == 0
    said = capsys.readouterr().out
    assert "Window: 365 days: from 2016-12-01 until before 2017-12-01" in said
    assert "met at 3, not met at 1 (" in said
    assert "Not counted: merge commits (1)" in said
    assert "Not counted: commits by bots that name no human (1)" in said
    assert "Developer 1" in said
    assert "ospo-vitals identities app" in said
    assert "Ada" not in said
    assert "Bea" not in said
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.usefixtures("terminal")
def test_names_are_shown_only_where_configuration_says_so(
    small: Collected, capsys: pytest.CaptureFixture[str]
) -> None:
    file = small.folder / "config" / "ospo-vitals.yaml"
    before = file.read_text()
    file.write_text(before + "privacy: {identities: named}\n")
    try:
        explain("app", "committers", "2017-12-01", everything=True)
    finally:
        file.write_text(before)
    assert "Ada" in capsys.readouterr().out


@pytest.mark.usefixtures("terminal")
def test_what_is_not_known_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean app"):
        explain("ap", "committers", None, everything=False)
    with pytest.raises(ConfigurationError, match="committers"):
        explain("app", "comitters", None, everything=False)


@pytest.mark.usefixtures("terminal")
def test_a_project_that_was_never_collected_says_what_to_do(small: Collected) -> None:
    portfolio = small.folder / "config" / "portfolios" / "all.yaml"
    before = portfolio.read_text()
    portfolio.write_text(
        f"{before}  - id: late\n    repositories: [{{url: {small.folder}/late}}]\n"
    )
    try:
        with pytest.raises(UserError, match="collect --project late"):
            explain("late", "committers", None, everything=False)
    finally:
        portfolio.write_text(before)


@pytest.mark.usefixtures("terminal")
def test_every_merge_of_accounts_is_listed_by_alias_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert identities(("app",)) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the same mail address" in said
    assert "B*** @example.org in git" in said
    assert "Bea" not in said.replace("B***", "")
    assert "To undo one" in said


def test_commits_of_other_roles_and_of_copies_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app, copy, docs = (Maker(tmp_path / name) for name in ("app", "copy", "docs"))
    for made in (app, copy, docs):
        made.line(3)
    copy.line(2)
    docs.commit([3], time=T0 + DAY)
    config_folder = tmp_path / "config"
    (config_folder / "portfolios").mkdir(parents=True)
    (config_folder / "ospo-vitals.yaml").write_text("allow_local: true\n")
    (config_folder / "portfolios" / "all.yaml").write_text(
        "ospo: {id: all}\nprojects:\n  - id: app\n    repositories:\n"
        f"      - {{url: {app.write()}, main: true}}\n      - {{url: {copy.write()}}}\n"
        f"      - {{url: {docs.write()}, role: docs}}\n"
    )
    command(tmp_path, "collect")
    monkeypatch.setenv("OSPO_VITALS_CONFIG", str(config_folder))
    monkeypatch.setenv("COLUMNS", "200")
    explain("app", "commits", "2017-12-01", everything=False)
    said = capsys.readouterr().out
    assert "Counts: commits by people (5)" in said
    assert "whose role does not count for this kind of project (4)" in said
    assert "the same commit as in another repository of the project (3)" in said


@pytest.fixture(scope="module")
def real(real_repositories: Path, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    names = ("OS2faktor-Login", "catalogi-api", "mls-extensions")
    return collect(tmp_path_factory.mktemp("real"), by_project(real_repositories, names))


def test_records_that_count_are_the_numbers_of_real_repositories(real: Collected) -> None:
    configured = config.load(real.folder / "config")
    dates = [int(datetime(year, 5, 17, tzinfo=UTC).timestamp()) for year in range(2015, 2027)]
    for project in configured.projects:
        asked = source_of(configured, project.id, "commits", NOW)
        assert not [*disagreements(asked, dates)], project.id


@pytest.mark.parametrize("repository", ["tlswg/tls13-spec", "mlswg/mls-extensions"])
def test_items_that_count_are_the_numbers_of_real_records(
    shared_data: Path, repository: str, empty: Engine
) -> None:
    newest = ietf_archive.states(shared_data / "github", repository)[-1]
    records = activity(ietf_archive.lines(ietf_archive.read(newest)))
    dates = [at(f"{year}-{month}-09") for year in range(2014, 2027) for month in ("03", "10")]
    assert not [*disagreements(source(records, empty), dates)]


def test_both_databases_answer_what_was_left_out(engine: Engine) -> None:
    stored = Stored(engine, (1, 2), (3,))
    chosen = (
        stored.merges(0, NOW),
        stored.of_other_roles(0, NOW),
        stored.repeated(0, NOW),
        stored.undated(),
    )
    assert [(each.total(), list(each.newest(3))) for each in chosen] == [(0, [])] * 4
    assert stored.vanished_items((0, 1), 0, NOW) == 0
    assert not [*last_measured(engine)]


def test_every_metric_with_a_direction_says_from_which_value_on_it_is_well(empty: Engine) -> None:
    records = activity(commits(3, "2025-05-01"), issue("2025-05-02", "eva"))
    for metric in METRICS:
        value = metric.compute(records, NOW)
        found = explained(replace(source(records, empty), metric=metric, value=value))
        assert found.judged or metric.better is Better.NEITHER, metric.key
        for check in found.checks:
            assert check.threshold_source == "default"


def test_the_threshold_in_force_comes_with_who_set_it_and_from_when(empty: Engine) -> None:
    records = activity(commits(3, "2025-05-01"))
    later = Threshold("answered_share", 0.9, 0.5, "project app", Span(NOW + DAY))
    asked = source(records, empty, "answered_share")
    assert explained(asked, [later]).wanted == Wanted(0.8, True, "default")
    assert explained(replace(asked, as_of=NOW + DAY), [later]).wanted == Wanted(
        0.9, True, "project app"
    )
    essential = source(records, empty, "regular_committers")
    check = explained(essential, [Threshold("regular_committers", 5, 2, "OSPO city")]).checks[0]
    assert (check.met, check.not_met, check.threshold_source) == (5, 2, "OSPO city")
    assert explained(essential).window == (NOW - 365 * DAY, NOW)
