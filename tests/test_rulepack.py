"""Rule packs: what each checklist says, from which inputs, and what it lacks."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import config
from collector.config import rulepack_file
from collector.metric_keys import MEASURE_KEYS
from collector.metrics import METRICS
from collector.model import DAY, FileFact, Project, RepositoryFacts, Span
from collector.model.activity import Activity, Agreement, User
from collector.problem import ConfigError
from collector.rulepack import (
    Answer,
    Pack,
    PackResult,
    RuleState,
    evaluate,
    from_json,
    levels,
    to_json,
)
from collector.rulepack.measures import BY_KEY, MEASURES
from collector.rulepack.reading import packs
from collector.shipped import shipped
from tests.activities import (
    REPOSITORY,
    activity,
    change_request,
    close,
    comment,
    commit,
    commits,
    issue,
    merge,
    review,
    tag,
)
from tests.measuring import NOW
from tests.test_metrics_registry import as_ofs, bare, build, lines

MINIMAL = (
    "ospo: {id: city}\nprojects:\n  - {id: app, repositories: [{url: https://github.com/c/a}]}\n"
)


def folder(tmp_path: Path, portfolio: str = MINIMAL, **own: str) -> Path:
    made = tmp_path / "config"
    (made / "portfolios").mkdir(parents=True)
    (made / "rulepacks").mkdir()
    (made / "portfolios" / "city.yaml").write_text(portfolio)
    for name, text in own.items():
        (made / "rulepacks" / f"{name}.yaml").write_text(text)
    return made


@pytest.fixture(scope="module")
def shipped_packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pack]:
    made = folder(tmp_path_factory.mktemp("shipped"))
    return {pack.id: pack for pack in packs(config.load(made, {}))}


def said(pack: Pack, records: Activity, *answers: Answer, as_of: int = NOW) -> PackResult:
    return evaluate([pack], records, as_of, answers)[0]


def states(result: PackResult) -> dict[str, str]:
    return {rule.id: rule.state.value for rule in result.rules}


def ago(days: float) -> int:
    return NOW - int(days * DAY)


# ---------------------------------------------------------------- definitions


def test_the_shipped_packs_are_those_of_the_definitions(shipped_packs: dict[str, Pack]) -> None:
    assert set(shipped_packs) == {
        "chaoss-starter", "opencode-maintenance", "opencode-security", "codegouv-awesome",
        "os2-level", "openssf-maintained",
    }  # fmt: skip
    automatic = {rule.id for rule in shipped_packs["os2-level"].rules if rule.metric}
    assert automatic == {"F1", "F2", "F4", "F5", "F6", "F7", "F11", "F12", "F16", "F19", "G9"}
    assert shipped_packs["codegouv-awesome"].levels[1].needs == 8


def test_measures_are_apart_from_the_metrics_and_all_can_be_named() -> None:
    assert tuple(BY_KEY) == MEASURE_KEYS
    assert not set(BY_KEY) & {metric.key for metric in METRICS}


@settings(max_examples=30)
@given(st.data())
def test_the_future_does_not_change_what_a_measure_says(data: st.DataObject) -> None:
    records, as_of = data.draw(lines), data.draw(as_ofs)
    known = [
        line for line in records
        if getattr(line, "arrival", getattr(line, "created", None) or (getattr(line, "fact", None)
                   and line.fact.time)) < as_of
    ]  # fmt: skip
    for measure in MEASURES:
        whole, part = measure.compute(build(records), as_of), measure.compute(build(known), as_of)
        assert bare(whole) == bare(part), measure.key


# ---------------------------------------------------------------- openCode, maintained


def maintained(*more: object) -> Activity:
    return activity(commits(5, ago(20)), *more)  # type: ignore[arg-type]


def test_bronze_needs_five_commits_and_quick_answers(shipped_packs: dict[str, Pack]) -> None:
    pack = shipped_packs["opencode-maintenance"]
    quick = issue(ago(30), "eva", comment(ago(29), "ana"))
    result = said(pack, maintained(quick))
    assert (result.level, result.next) == ("level-1", "level-2")
    assert [rule.id for rule in result.missing] == ["releases"]
    assert said(pack, activity(commits(4, ago(20)), quick)).level is None
    slow = issue(ago(60), "eva", comment(ago(45), "ana"))
    assert states(said(pack, maintained(quick, slow)))["reaction"] == "not met"


def test_no_issue_in_the_quarter_counts_as_met_and_says_so(shipped_packs: dict[str, Pack]) -> None:
    result = said(shipped_packs["opencode-maintenance"], maintained())
    reaction = next(rule for rule in result.rules if rule.id == "reaction")
    assert reaction.state is RuleState.MET
    assert str(reaction.why) == "no issue was opened in the last 90 days; that counts as met"


def test_silence_is_no_quick_answer(shipped_packs: dict[str, Pack]) -> None:
    result = said(shipped_packs["opencode-maintenance"], maintained(issue(ago(40), "eva")))
    assert states(result)["reaction"] == "not met"
    reaction = next(rule for rule in result.rules if rule.id == "reaction")
    assert (reaction.value, reaction.parts["at_least"]) == (40, True)


def test_the_average_is_a_mean_over_the_answered(shipped_packs: dict[str, Pack]) -> None:
    records = maintained(
        issue(ago(30), "eva", comment(ago(29), "ana")),
        issue(ago(30), "eva", comment(ago(22), "ana")),
        issue(ago(30), "eva"),
    )
    value = BY_KEY["mean_time_to_first_response_issues"].compute(records, NOW)
    assert (value.value, value.n, value.parts["issues"]) == (4.5, 2, 3)


def test_silver_takes_any_tag_and_gold_two_people(shipped_packs: dict[str, Pack]) -> None:
    pack = shipped_packs["opencode-maintenance"]
    assert said(pack, maintained(tag(ago(10), "any-name"))).level == "level-2"
    assert said(pack, maintained(tag(ago(200), "v1"))).level == "level-1"
    both = maintained(commits(5, ago(19), "ben"), tag(ago(10), "v1"))
    assert said(pack, both).level == "level-2", "one of two who share it evenly does half"
    three = maintained(commits(5, ago(19), "ben"), commits(5, ago(18), "eva"), tag(ago(10), "v1"))
    result = said(pack, three)
    assert (result.level, result.next, result.missing) == ("level-3", None, ())


# ---------------------------------------------------------------- openCode, security


def test_signatures_and_reviews_by_maintainers_are_counted(shipped_packs: dict[str, Pack]) -> None:
    records = activity(
        tag(ago(10), "v1"),
        tag(ago(9), "v2"),
        change_request(ago(60), "eva", merge(ago(50), "ana")),
        change_request(ago(40), "ben", review(ago(35), "ana"), merge(ago(30), "ben")),
        change_request(ago(40), "ana", review(ago(35), "ben"), merge(ago(30), "ana")),
    )
    signed = replace(records, tags=(replace(records.tags[0], signed=True), records.tags[1]))
    result = said(shipped_packs["opencode-security"], signed)
    by_id = {rule.id: rule for rule in result.rules}
    assert by_id["signed-tags"].value == 0.5
    assert dict(by_id["code-review"].parts) == {"reviewed": 1, "merged": 3}, (
        "ana merges others' changes; ben does not"
    )


def test_a_protected_branch_is_told_by_the_forge_or_by_people(
    shipped_packs: dict[str, Pack],
) -> None:
    pack = shipped_packs["opencode-security"]
    assert states(said(pack, maintained()))["branch-protection"] == "answer needed"
    told = replace(REPOSITORY, facts=RepositoryFacts(default_branch_protected=True))
    records = activity(commits(5, ago(20)), repositories=[told])
    assert states(said(pack, records, as_of=NOW))["branch-protection"] in ("met", "answer needed")
    yes = Answer("opencode-security/branch-protection", "yes", ago(10), "https://x.example/rules")
    result = said(pack, maintained(), yes)
    found = next(rule for rule in result.rules if rule.id == "branch-protection")
    assert (found.state, found.answered, found.evidence) == (RuleState.MET, True, yes.evidence)


# ---------------------------------------------------------------- code.gouv.fr, OpenSSF, CHAOSS


def file(key: str, place: str) -> FileFact:
    return FileFact(key, place, ago(500), spdx="EUPL-1.2" if key == "LICENSE" else None)


def exemplary() -> Activity:
    names = ("CONTRIBUTING", "CHANGELOG", "CODE_OF_CONDUCT", "GOVERNANCE", "ROADMAP")
    files = [file("LICENSE", "LICENSE"), file("AUTHORS/MAINTAINERS", "AUTHORS")]
    repository = replace(REPOSITORY, files=(*files, *(file(name, f"{name}.md") for name in names)))
    project = Project(
        "app",
        users=(User("A", "configuration"), User("B", "configuration")),
        funding=(Agreement("state", Span(ago(100), None)),),
    )
    return activity(commit(ago(20)), tag(ago(10), "v1"), project=project, repositories=[repository])


def test_eight_of_ten_optional_criteria_are_green(shipped_packs: dict[str, Pack]) -> None:
    pack, whole = shipped_packs["codegouv-awesome"], exemplary()
    result = said(pack, whole)
    assert (result.level, result.levels[1].met, result.levels[1].needs) == ("green", 8, 8)
    untagged = replace(whole, tags=())
    one_less = said(pack, untagged)
    assert one_less.level == "listed"
    assert one_less.levels[1].reached is None, "a page and a logo may be there: nobody has said"
    no = [Answer(f"codegouv-awesome/{what}", "no", ago(1)) for what in ("logo", "project-page")]
    assert said(pack, untagged, *no).levels[1].reached is False


def test_scorecard_counts_commits_and_issues_of_members(shipped_packs: dict[str, Pack]) -> None:
    old = commit(ago(400))
    records = activity(
        old, commits(5, ago(30)), issue(ago(300), "eva", comment(ago(3), "ana")),
        issue(ago(10), "eva"), maintainers=["ana"],
    )  # fmt: skip
    value = BY_KEY["openssf_maintained"].compute(records, NOW)
    assert value.value == 5.0
    assert (value.parts["commits"], value.parts["issue_activity"]) == (5, 1)
    young = activity(commits(20, ago(30)), maintainers=["ana"])
    assert BY_KEY["openssf_maintained"].compute(young, NOW).value == 0.0
    busy = activity(old, commits(40, ago(30)))
    assert BY_KEY["openssf_maintained"].compute(busy, NOW).value == 10.0
    rests = replace(REPOSITORY, archived_at=ago(5))
    assert BY_KEY["openssf_maintained"].compute(
        activity(old, commits(40, ago(30)), repositories=[rests]), NOW
    ).value == 0.0  # fmt: skip


def test_the_starter_shows_four_figures(shipped_packs: dict[str, Pack]) -> None:
    records = activity(
        commits(3, ago(20)), commits(3, ago(19), "ben"), commits(3, ago(18), "eva"),
        tag(ago(10), "v1"),
        change_request(ago(30), "eva", comment(ago(29.5), "ana"), close(ago(28), "ana")),
    )  # fmt: skip
    result = said(shipped_packs["chaoss-starter"], records)
    assert set(states(result).values()) == {"met"}
    assert result.level == "starter"


# ---------------------------------------------------------------- answers, levels, JSON


def test_an_answer_goes_stale_after_a_year_and_does_not_hold_before_it(
    shipped_packs: dict[str, Pack],
) -> None:
    pack, given_ = shipped_packs["os2-level"], Answer("os2-level/F3", "yes", ago(100))
    at = {
        days: said(pack, maintained(), given_, as_of=ago(days)) for days in (101, 100, -264, -265)
    }
    found = {days: states(result)["F3"] for days, result in at.items()}
    assert found == {101: "answer needed", 100: "met", -264: "met", -265: "answer needed"}
    stale = next(rule for rule in at[-265].rules if rule.id == "F3")
    assert str(stale.why).startswith("The answer of ")


def test_a_current_answer_stands_before_the_figure(shipped_packs: dict[str, Pack]) -> None:
    pack = shipped_packs["os2-level"]
    assert states(said(pack, maintained()))["F5"] == "not met"
    assert states(said(pack, maintained(), Answer("os2-level/F5", "yes", ago(1))))["F5"] == "met"
    fixed = shipped_packs["opencode-maintenance"]
    answer = Answer("opencode-maintenance/commits", "yes", ago(1))
    assert states(said(fixed, activity(commit(ago(9))), answer))["commits"] == "not met"


def test_a_recommendation_blocks_no_level_and_an_open_question_leaves_it_open(
    shipped_packs: dict[str, Pack],
) -> None:
    pack = shipped_packs["os2-level"]
    needed = [rule.id for rule in pack.rules if rule.required]
    yes = [Answer(f"os2-level/{rule}", "yes", ago(1)) for rule in needed]
    assert said(pack, maintained(), *yes).level == "level-3"
    open_ = said(pack, maintained(), *(each for each in yes if not each.rule.endswith("/R1")))
    assert (open_.level, open_.levels[0].reached, open_.levels[3].reached) == (None, None, None)


def test_a_result_survives_being_stored(shipped_packs: dict[str, Pack]) -> None:
    for result in evaluate(shipped_packs.values(), exemplary(), NOW):
        assert from_json(to_json(result)) == result
        for rule in result.rules:
            assert str(rule.why)


@settings(max_examples=30)
@given(st.data())
def test_the_quick_way_to_a_level_is_the_long_one(
    shipped_packs: dict[str, Pack], data: st.DataObject
) -> None:
    records, as_of = build(data.draw(lines)), data.draw(as_ofs)
    given_ = [
        Answer(f"{pack.id}/{rule.id}", data.draw(st.sampled_from(("yes", "yes", "no", "n/a"))), NOW)
        for pack in shipped_packs.values() for rule in pack.rules if rule.ask
    ]  # fmt: skip
    for at in (as_of, NOW + 5 * DAY):
        long = {r.pack: r.level for r in evaluate(shipped_packs.values(), records, at, given_)}
        assert levels(shipped_packs.values(), records, at, given_) == long


# ---------------------------------------------------------------- packs of one's own

OWN = """id: our-own
name: Our own
by: City
source: https://city.example/rules
about: What we ask of our projects.
levels: [{id: basic, name: Basic}]
rules:
  - {id: two, level: basic, title: Two regular people, metric: regular_committers,
     operator: ">=", threshold: 2}
  - {id: licence, level: basic, title: Approved, metric: license, part: osi_approved,
     operator: "==", threshold: 1}
"""


def test_a_pack_of_ones_own_works_without_code(tmp_path: Path) -> None:
    loaded = config.load(folder(tmp_path, own=OWN), {})
    own = next(pack for pack in packs(loaded) if pack.id == "our-own")
    result = said(own, exemplary())
    assert states(result) == {"two": "not met", "licence": "met"}
    assert [rule.id for rule in result.missing] == ["two"]


FAULTS = {
    "metric: regular_committers": ("metric: regular_commiters", "regular_committers"),
    'operator: ">="': ('operator: "=>"', "is not one of"),
    "level: basic, title: Two": ("level: basics, title: Two", "'basic'"),
    "threshold: 2": ("threshhold: 2", "threshold"),
    "id: licence": ("id: two", "stands here twice"),
    "[{id: basic, name: Basic}]": ("[{id: basic, name: Basic, needs: 3}]", "asks for 3 rules"),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_in_a_pack_is_told_with_its_place(tmp_path: Path, right: str) -> None:
    wrong, told = FAULTS[right]
    with pytest.raises(ConfigError) as raised:
        config.load(folder(tmp_path, own=OWN.replace(right, wrong, 1)), {})
    problem = raised.value.problems[0]
    assert problem.file == "config/rulepacks/own.yaml"
    assert problem.line > 5
    assert problem.column > 1
    assert told in str(raised.value)


def test_answers_and_choices_that_nothing_asks_for_are_told_with_the_nearest(
    tmp_path: Path,
) -> None:
    portfolio = MINIMAL.replace("{id: city}", "{id: city, packs: [os2-levels]}").replace(
        "{id: app,", "{id: app, answers: [{rule: os2-level/F33, answer: yes, date: 2026-01-01}],"
    )
    with pytest.raises(ConfigError) as raised:
        config.load(folder(tmp_path, portfolio), {})
    assert "Did you mean 'os2-level/F3'?" in str(raised.value)
    assert "Did you mean 'os2-level'?" in str(raised.value)


def test_a_pack_with_a_shipped_id_replaces_it_and_countries_choose(tmp_path: Path) -> None:
    made = folder(tmp_path, own=OWN.replace("id: our-own", "id: os2-level"))
    by_id = {pack.id: pack for pack in rulepack_file.packs(made)}
    assert by_id["os2-level"].name == "Our own"
    assert len(by_id) == len(list(shipped("config/rulepacks").glob("*.yaml")))


def test_the_pack_and_the_answers_that_the_documentation_shows_are_valid(tmp_path: Path) -> None:
    docs = (Path(__file__).parent.parent / "docs" / "rulepacks.md").read_text("utf-8")
    answers, own = re.findall(r"```yaml\n(.*?)```", docs, re.S)
    loaded = config.load(folder(tmp_path, f"ospo: {{id: city}}\n{answers}", own=own), {})
    result = said(next(pack for pack in packs(loaded) if pack.id == "our-intake"), exemplary())
    assert states(result)["owner"] == "answer needed"
    assert [each.answer for each in loaded.projects[0].declared.answers] == ["yes", "no"]
