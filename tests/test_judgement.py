"""The five questions and their checks: decided, undecided, why, and what would change it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.judgement import Judgement, Question, from_json, judge, summary_json, to_json
from collector.judgement.checks import Check, Result, Threshold
from collector.judgement.rules import GOOD_PRACTICE, RULES
from collector.judgement.status import Status
from collector.metric import Better
from collector.metric_keys import METRIC_KEYS
from collector.metrics import METRICS
from collector.model import DAY, Activity, Agreement, FileFact, Phrase, Project, Span, User
from tests.activities import (
    REPOSITORY,
    Line,
    activity,
    at,
    change_request,
    comment,
    commit,
    issue,
    merge,
    tag,
    works_for,
)

TODAY = at("2024-01-01")
KNOWN = change_request("2022-12-01", "ben", merge("2022-12-02", "ana"))


def weekly(who: str = "ana", since: str = "2022-01-01") -> list[Line]:
    return [commit(when, who) for when in range(at(since), TODAY, 7 * DAY)]


def judged(*lines: Line | list[Line], **more: object) -> Judgement:
    return judge(activity(*lines, **more), TODAY)  # type: ignore[arg-type]


def one(judgement: Judgement, key: str) -> Check:
    return next(check for check in judgement.checks if check.key == key)


def question(judgement: Judgement, key: str) -> Question:
    return next(question for question in judgement.questions if question.key == key)


def asked(amount: int, day: str, answered: bool) -> list[Line]:
    reply = [comment(at(day) + DAY, "ana")] if answered else []
    return [issue(at(day) + i, f"user{i}", *reply) for i in range(amount)]


def test_every_check_names_a_metric_and_every_metric_of_good_practice_exists() -> None:
    named = {rule.metric for rule in RULES} - {"funding"}
    assert named | set(GOOD_PRACTICE) <= set(METRIC_KEYS)
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_three_people_who_work_regularly_meet_the_check_and_two_are_at_risk() -> None:
    three = judged(weekly("ana"), weekly("ben"), weekly("eva"))
    assert one(three, "regular_committers").result is Result.MET
    two = one(judged(weekly("ana"), weekly("ben")), "regular_committers")
    assert two.result is Result.AT_RISK
    assert str(two.change) == "A third person who works on it in three different months."


def test_a_threshold_that_is_set_holds_from_its_day_and_says_who_set_it() -> None:
    ours = activity(weekly())
    own = Threshold("regular_committers", 1, 0, "project app", Span(at("2023-06-01")))
    now = one(judge(ours, TODAY, [own]), "regular_committers")
    assert (now.result, now.met, now.threshold_source) == (Result.MET, 1, "project app")
    before = one(judge(ours, at("2023-05-01"), [own]), "regular_committers")
    assert (before.result, before.met, before.threshold_source) == (Result.NOT_MET, 3, "default")


def test_the_most_particular_threshold_in_force_wins() -> None:
    given_ = [Threshold("four_eyes", 0.5, 0.1, "all"), Threshold("four_eyes", 0.9, 0.2, "app")]
    found = one(judge(activity(weekly()), TODAY, given_), "four_eyes")
    assert (found.met, found.threshold_source) == (0.9, "app")


def test_fewer_than_five_cases_are_judged_over_the_shortest_window_that_has_five() -> None:
    recent = asked(2, "2023-12-01", answered=True)
    earlier = asked(4, "2023-08-01", answered=False)
    found = one(judged(weekly(), KNOWN, recent, earlier), "outsiders_answered")
    assert (found.window_days, found.n, found.value) == (183, 6, pytest.approx(1 / 3))
    assert found.result is Result.NOT_MET
    assert "in 183 days" in str(found.why)


def test_where_no_window_has_five_cases_it_is_too_few_and_undecided() -> None:
    few = judged(weekly(), KNOWN, asked(2, "2023-12-01", answered=False))
    found = one(few, "outsiders_answered")
    assert (found.result, str(found.why)) == (Result.TOO_FEW, "Too few cases to judge (2).")
    assert question(few, "take_part").undecided == 1


def test_too_few_cases_are_listed_one_by_one() -> None:
    few = asked(3, "2023-06-01", answered=True)
    found = one(judged(weekly(), KNOWN, few), "outsiders_answered")
    assert found.result is Result.TOO_FEW
    assert [case["answered"] for case in found.cases] == [True] * 4
    assert all(case["days"] for case in found.cases)


def test_a_dated_threshold_says_since_when_it_holds() -> None:
    dated = Threshold("regular_committers", 1, 0, "project app", Span(at("2023-01-01")))
    assert one(judge(activity(weekly()), TODAY, [dated]), "regular_committers").threshold_since == (
        at("2023-01-01")
    )


def test_nobody_waiting_is_met_and_says_so() -> None:
    found = one(judged(weekly(), KNOWN), "oldest_outsider_waiting")
    assert (found.result, str(found.why)) == (
        Result.MET,
        "Nobody from outside is waiting for an answer.",
    )


def test_what_was_not_collected_is_undecided_with_its_reason() -> None:
    reason = Phrase("this host has no supported API")
    plain = replace(REPOSITORY, forge_read_until=None, forge_reason=reason)
    found = judged(weekly(), repositories=[plain])
    check = one(found, "outsiders_answered")
    assert (check.result, check.why) == (Result.UNKNOWN, reason)
    assert question(found, "safe").answer is Result.UNKNOWN
    assert question(found, "take_part").undecided == 3


def test_a_questions_answer_is_its_worst_decided_check() -> None:
    long_wait = judged(weekly(), KNOWN, issue("2023-06-01", "eva"))
    assert one(long_wait, "oldest_outsider_waiting").result is Result.NOT_MET
    assert question(long_wait, "take_part").answer is Result.NOT_MET


def test_work_that_waits_to_be_delivered_is_judged_by_its_oldest_commit() -> None:
    waiting = judged([commit("2022-06-01"), commit("2022-08-01")], tag("2022-07-01", "v1"))
    check = one(waiting, "undelivered")
    assert (check.result, check.value) == (Result.NOT_MET, 518)
    declared = judged([commit("2022-06-01")], project=Project("p", delivery="none"))
    assert one(declared, "undelivered").result is Result.NOT_APPLICABLE


def test_a_licence_and_a_way_to_reach_somebody_are_read_from_the_files() -> None:
    files = tuple(
        FileFact(key, key, since=at("2022-01-02"), spdx=spdx)
        for key, spdx in (("LICENSE", "EUPL-1.2"), ("README", None), ("SECURITY", None))
    )
    found = judged(weekly(), repositories=[replace(REPOSITORY, files=files)])
    assert str(one(found, "license").why) == "Its licence, EUPL-1.2, is approved by the OSI."
    assert one(found, "community_files").result is Result.MET
    bare = judged(weekly())
    assert one(bare, "license").result is Result.NOT_MET
    assert one(bare, "community_files").result is Result.NOT_MET
    only = judged(weekly(), repositories=[replace(REPOSITORY, files=files[2:])])
    assert str(one(only, "community_files").why) == "There is no README."


def test_files_that_the_server_hides_are_not_missing() -> None:
    hidden = tuple(
        FileFact(key, "", at("2020-01-01"), readable=False)
        for key in ("README", "SECURITY", "LICENSE")
    )
    found = judged(weekly(), repositories=[replace(REPOSITORY, files=hidden)])
    for key in ("community_files", "license"):
        assert one(found, key).result is Result.UNKNOWN
        assert str(one(found, key).why) == "The server does not give the files of that time."
    seen = (*hidden, FileFact("README", "README.md", at("2020-01-01")))
    there = judged(weekly(), repositories=[replace(REPOSITORY, files=seen[1:])])
    assert one(there, "community_files").result is Result.UNKNOWN


def test_a_mail_address_of_the_owner_is_no_team_and_a_named_one_is() -> None:
    project = Project("app", owner="city")
    by_mail = judged(weekly(), works_for("ana", "city", source="mail"), project=project)
    assert question(by_mail, "paid").answer is Result.UNKNOWN
    named = judged(weekly(), works_for("ana", "city"), project=project)
    assert question(named, "paid").answer is Result.MET


def test_every_metric_with_a_direction_is_essential_or_good_practice() -> None:
    essential = {rule.metric for rule in RULES}
    directed = {metric.key for metric in METRICS if metric.better is not Better.NEITHER}
    assert directed - essential == set(GOOD_PRACTICE) - essential
    for metric in METRICS:
        if metric.key in GOOD_PRACTICE:
            assert GOOD_PRACTICE[metric.key][0] is (metric.better is Better.HIGHER), metric.key


def test_good_practice_lists_what_was_wanted_and_who_said_so() -> None:
    own = Threshold("contributors", 1, 0, "OSPO city")
    found = judge(activity(weekly()), TODAY, [own])
    by_metric = {one.metric: one for one in found.good_practice}
    assert (by_metric["contributors"].met, by_metric["contributors"].source) == (True, "OSPO city")
    assert by_metric["committers"].source == "default"
    assert found.good_practice_met == sum(one.met for one in found.good_practice)
    assert from_json(to_json(found)) == found


def test_paid_for_is_met_while_something_named_is_current() -> None:
    def with_contract(until: str) -> Check:
        agreement = Agreement("firm", Span(at("2022-01-01"), at(until)))
        return one(judged(weekly(), project=Project("p", contracts=(agreement,))), "paid")

    assert with_contract("2025-01-01").result is Result.MET
    assert with_contract("2023-01-01").result is Result.NOT_MET
    assert one(judged(weekly()), "paid").result is Result.UNKNOWN


def test_a_contract_is_safe_only_beyond_a_year() -> None:
    found = [
        one(
            judged(weekly(), project=Project("p", contracts=(Agreement("we", Span(None, until)),))),
            "contract_end",
        ).result
        for until in (TODAY + 366 * DAY, TODAY + 365 * DAY, TODAY + 180 * DAY, TODAY + 179 * DAY)
    ]
    assert found == [Result.MET, Result.AT_RISK, Result.AT_RISK, Result.NOT_MET]


def test_criticality_is_a_guess_until_it_is_given() -> None:
    user = (User("City", "configuration"),)
    settings_ = [
        Project("p", criticality=9),
        Project("p", service="https://x"),
        Project("p", users=user),
        Project("p"),
    ]
    found = [judged(weekly(), project=project) for project in settings_]
    assert [(one.criticality, one.criticality_guessed) for one in found] == [
        (9, False),
        (8, True),
        (6, True),
        (4, True),
    ]


def test_risk_is_high_where_a_departure_ends_it_and_raised_for_the_rest() -> None:
    assert judged(weekly()).risk == "high"
    team = [weekly("ana"), weekly("ben"), weekly("eva")]
    files = tuple(
        FileFact(key, key, since=at("2022-01-02"), spdx="MIT")
        for key in ("LICENSE", "README", "SUPPORT")
    )
    good = [replace(REPOSITORY, files=files)]
    assert judged(*team, repositories=good).risk == "raised"  # nobody looks at the pushes
    reviewed = [
        change_request(f"2023-12-0{i}", "ana", merge(f"2023-12-0{i}", "ben")) for i in range(1, 10)
    ]
    old = [line for who in ("ana", "ben", "eva") for line in old_work(who)]
    assert judged(old, reviewed, repositories=good).risk == "low"


def old_work(who: str) -> list[Line]:
    return [commit(f"2023-0{month}-10", who) for month in range(2, 6)]


def test_a_supplier_who_dumps_code_alone_is_active_and_a_high_risk() -> None:
    dumps = [commit(f"2023-{month:02}-15", "firm", files=400) for month in range(1, 13)]
    found = judged([commit("2022-01-01", "firm")], dumps)
    assert found.status in (Status.QUIET, Status.ACTIVE)
    assert found.risk == "high"
    assert str(found.next) == "A second person who works on it in three different months."


def answered(created: int, who: str, later: int, by: str) -> Line:
    return issue(created, who, comment(created + later, by))


lines = st.lists(
    st.one_of(
        st.builds(
            commit, st.integers(TODAY - 1500 * DAY, TODAY + 300 * DAY), st.sampled_from("ab")
        ),
        st.builds(
            answered,
            st.integers(TODAY - 800 * DAY, TODAY + 300 * DAY),
            st.sampled_from("abc"),
            st.integers(1, 400 * DAY),
            st.sampled_from("ab"),
        ),
    ),
    max_size=20,
)


@given(lines)
@settings(max_examples=30, deadline=None)
def test_the_future_does_not_change_a_judgement_and_it_can_be_written_as_json(
    records: list[Line],
) -> None:
    def moment(line: Line) -> int:
        return getattr(line, "arrival", None) or getattr(line, "created", 0)

    past = [line for line in records if moment(line) < TODAY]
    past = [
        replace(line, events=tuple(e for e in line.events if e.at < TODAY))  # type: ignore[union-attr]
        if hasattr(line, "events")
        else line
        for line in past
    ]
    people = [commit(TODAY - 1600 * DAY, who) for who in "abc"]
    whole, known = activity(people, records), activity(people, past)
    assert to_json(judge(whole, TODAY)) == to_json(judge(known, TODAY))
    json.dumps(to_json(judge(whole, TODAY)))


def test_the_row_of_the_project_list_has_numbers_or_nothing() -> None:
    ours: Activity = activity(weekly())
    values = {metric.key: metric.compute(ours, TODAY) for metric in METRICS}
    row = summary_json(judge(ours, TODAY, values=values), ours, TODAY, values)
    assert (row["status"], row["regular_committers"], row["first_answer_wait"]) == (
        "active",
        1,
        None,
    )
    months = row["commits_12m"]
    assert isinstance(months, list)
    assert len(months) == 12
    json.dumps(row)
