"""What an OSPO is asked to look at, and in which order (METRICS.md, Attention)."""

from dataclasses import replace

from collector.attention import (
    Decision,
    Entry,
    Goal,
    Situation,
    attention,
    entry_json,
    grouped,
    shown,
    situation,
    way,
)
from collector.judgement import judge
from collector.judgement.events import HELD_FOR, status_changes
from collector.judgement.status import Status
from collector.metrics import METRICS
from collector.model import DAY, Activity, Agreement, Project, RepositoryState, Span, StatusChange
from collector.weekly import dated
from dashboard.i18n import translator
from tests.activities import REPOSITORY, activity, at, change_request, commit, issue, merge, tag

TODAY = at("2024-01-01")
FRESH = replace(REPOSITORY, read_until=TODAY, forge_read_until=TODAY)


def weekly(since: str, until: str) -> list[object]:
    return [commit(when, "ana") for when in range(at(since), at(until), 7 * DAY)]


def seen(ours: Activity, **more: object) -> Situation:
    values = {metric.key: metric.compute(ours, TODAY) for metric in METRICS}
    return situation(ours, judge(ours, TODAY, values=values), values, **more)  # type: ignore[arg-type]


def rules(*situations: Situation) -> list[str]:
    return [entry.rule for entry in attention(situations, TODAY)]


def one(situation: Situation, rule: str) -> Entry:
    return next(entry for entry in attention([situation], TODAY) if entry.rule == rule)


def alone(**settings: object) -> Activity:
    project = Project("app", **settings)  # type: ignore[arg-type]
    return activity(weekly("2022-01-01", "2024-01-01"), project=project, repositories=[FRESH])


def test_a_high_risk_is_an_entry_where_much_depends_on_it() -> None:
    entry = one(seen(alone(criticality=8)), "risk_high")
    assert str(entry.helps) == "A second person who works on it in three different months."
    assert str(entry.why) == "People who work on it regularly: 1."
    assert "risk_high" not in rules(seen(alone(criticality=3)))


def test_a_decision_hides_an_entry_until_its_day_of_review() -> None:
    ours = alone(criticality=8)
    hidden = Decision("risk", at("2023-12-01"), "accept", review_on=at("2024-03-01"))
    assert "risk_high" not in rules(seen(ours, decisions=[hidden]))
    due = replace(hidden, review_on=TODAY)
    assert {"risk_high", "decision_review"} <= set(rules(seen(ours, decisions=[due])))


def test_contracts_that_end_within_half_a_year_are_entries() -> None:
    def ending(day: str) -> Situation:
        agreement = Agreement("company", Span(at("2022-01-01"), at(day)))
        return seen(alone(contracts=(agreement,)))

    assert str(one(ending("2024-04-10"), "contract_ends").what) == "Its contract ends in 100 days."
    assert "contract_ends" not in rules(ending("2025-01-01"))


def test_those_who_wait_are_one_entry_per_project_with_links() -> None:
    merged = change_request("2023-01-01", "ben", merge("2023-01-02", "ana"))
    asked = [issue("2023-10-01", "eva"), issue("2023-11-01", "jan"), issue("2023-12-25", "ivo")]
    entry = one(
        seen(activity(weekly("2022-01-01", "2024-01-01"), merged, asked, repositories=[FRESH])),
        "outsiders_waiting",
    )
    assert entry.kind == "answer"
    assert len(entry.links) == 2
    assert str(entry.what) == (
        "Questions and proposals from outside without an answer: 2; the oldest has waited for "
        "92 days."
    )
    assert entry.since == at("2023-10-01")


def test_a_status_is_news_once_it_has_held_for_28_days() -> None:
    worse = [(at("2023-09-01"), "active"), (at("2023-12-01"), "slowing")]
    changes = status_changes(worse, TODAY)
    assert "status_worse" in rules(seen(alone(), changes=changes))
    late = [(at("2023-09-01"), "active"), (at("2023-12-10"), "slowing")]
    assert status_changes(late, TODAY) == ()
    better = [StatusChange(at("2023-11-01"), "abandoned", "active")]
    assert one(seen(alone(), changes=better), "status_better").kind == "news"
    began = [StatusChange(at("2023-11-01"), "", "new")]
    assert "status_better" not in rules(seen(alone(), changes=began))


def test_a_status_that_was_back_within_28_days_is_no_event() -> None:
    history = [
        (at("2023-01-01"), "active"),
        (at("2023-03-01"), "slowing"),
        (at("2023-03-20"), "active"),
        (at("2023-06-01"), "at_rest"),
    ]
    changes = status_changes(history, TODAY)
    assert [(c.before, c.after, c.at) for c in changes] == [("active", "at_rest", at("2023-06-01"))]
    assert HELD_FOR == 28


def test_a_missed_goal_is_an_entry_and_a_reached_one_is_none() -> None:
    missed = Goal("regular_committers", 3, at("2023-12-31"), "steering group")
    assert str(one(seen(alone(), goals=[missed]), "goal_missed").why) == (
        "It was agreed with steering group."
    )
    assert str(one(seen(alone(), goals=[missed]), "goal_missed").what) == (
        "A goal was missed: people who work on it regularly, 3 wanted, 1 reached."
    )
    assert "goal_missed" not in rules(seen(alone(), goals=[replace(missed, target=1)]))
    assert "goal_missed" not in rules(seen(alone(), goals=[replace(missed, by=at("2024-06-01"))]))


def test_a_goal_is_told_in_the_unit_of_its_metric() -> None:
    waits = [issue("2023-10-01", "eva"), issue("2023-11-10", "eva"), issue("2023-12-20", "eva")]
    hours = Goal("first_answer_wait", 72, at("2023-12-31"))
    share = Goal("answered_share", 0.8, at("2023-12-31"))
    records = activity(weekly("2022-01-01", "2024-01-01"), waits, repositories=[FRESH])
    assert str(one(seen(records, goals=[hours]), "goal_missed").what) == (
        "A goal was missed: wait for a first answer, 72 hours wanted, 768 hours reached."
    )
    said = one(seen(records, goals=[share]), "goal_missed").what
    assert str(said) == "A goal was missed: answered, 80 % wanted, 0 % reached."
    slovak = translator("sk").phrase({"text": said.template, "args": said.arguments})
    assert "80 %" in slovak


def test_an_overdue_delivery_is_an_entry() -> None:
    tags = [tag(f"2023-0{month}-01", f"v1.{month}") for month in range(1, 8)]
    overdue = activity(weekly("2022-01-01", "2024-01-01"), tags, repositories=[FRESH])
    assert "delivery_overdue" in rules(seen(overdue))
    often = [tag(at("2023-12-01") + day * DAY, f"v2.{day}") for day in range(8)]
    brief = activity(weekly("2022-01-01", "2024-01-01"), often, repositories=[FRESH])
    assert seen(brief).values["delivery_interval"].parts["overdue"] is True
    assert "delivery_overdue" not in rules(seen(brief))


def test_a_repository_that_is_gone_or_new_without_licence_is_an_entry() -> None:
    gone = replace(FRESH, state=RepositoryState.GONE)
    facts = replace(FRESH.facts, created=at("2023-11-15"))
    bare = replace(FRESH, facts=facts)
    lines = weekly("2023-11-15", "2024-01-01")
    assert "repository_lost" in rules(seen(activity(lines, repositories=[gone])))
    assert "new_without_licence" in rules(seen(activity(lines, repositories=[bare])))


def test_old_data_is_one_entry_per_host() -> None:
    old = replace(REPOSITORY, read_until=at("2023-12-20"))
    both = [
        seen(
            activity(weekly("2022-01-01", "2023-12-01"), project=Project(name), repositories=[old])
        )
        for name in ("one", "two")
    ]
    entries = [entry for entry in attention(both, TODAY) if entry.rule == "data_old"]
    assert [(str(entry.what), entry.since) for entry in entries] == [
        ("The data from github.com is old; repositories concerned: 2.", at("2023-12-20"))
    ]


def test_entries_are_ordered_by_criticality_times_severity_and_seven_are_shown() -> None:
    many = [
        seen(
            replace(
                alone(criticality=level), project=Project(f"p{level}", criticality=max(level, 7))
            )
        )
        for level in range(1, 11)
    ]
    agreement = Agreement("company", Span(at("2022-01-01"), at("2024-02-01")))
    many += [seen(alone(criticality=level, contracts=(agreement,))) for level in (2, 5, 9)]
    entries = attention(many, TODAY)
    assert [entry.weight for entry in entries] == sorted((e.weight for e in entries), reverse=True)
    first, more = shown(entries)
    assert len(first) == 7
    assert sum(len(group.entries) for group in first) + more == len(entries)


def test_a_retired_project_asks_for_nothing_but_its_reviews() -> None:
    ours = alone(stage="retired", criticality=9)
    assert seen(ours).judgement.status is Status.RETIRED
    assert rules(seen(ours)) == []


def test_an_entry_has_a_json_form_with_translatable_sentences() -> None:
    found = entry_json(one(seen(alone(criticality=8)), "risk_high"))
    assert found["project"] == "app"
    assert found["what"] == {"text": "Its risk is high, and much depends on it.", "args": {}}


def test_a_decision_about_the_reason_of_a_risk_answers_it_and_a_review_always_comes_back() -> None:
    ours = alone(criticality=8)
    funded = Decision("regular_committers", at("2023-12-01"), "fund", review_on=at("2024-03-01"))
    assert "risk_high" not in rules(seen(ours, decisions=[funded]))
    set_aside = Decision("project", at("2023-12-01"), "accept")
    due = replace(funded, review_on=TODAY)
    assert rules(seen(ours, decisions=[set_aside, due])) == ["decision_review"]
    tomorrow = replace(funded, date=TODAY + DAY)
    assert "risk_high" in rules(seen(ours, decisions=[tomorrow]))


def test_a_goal_has_a_way_from_where_it_began_to_when_it_would_be_reached() -> None:
    goal = Goal("first_answer_wait", 20, at("2024-12-31"), since=at("2023-12-31"))
    points = [(at("2023-12-01"), 120.0), (at("2024-01-01"), 120.0), (at("2024-06-01"), 95.0)]
    found = way(goal, points, 70.0, at("2024-07-01"))
    assert (found.start, found.start_at, found.now) == (120.0, at("2023-12-31"), 70.0)
    assert round(found.expected) == 70
    assert found.arrives == at("2024-12-31")
    assert found.reached_since is None
    assert way(goal, points, 130.0, at("2024-07-01")).arrives is None
    assert way(goal, [*points, (at("2024-06-15"), 10.0)], 12.0, at("2024-07-01")).reached_since == (
        at("2024-06-15")
    )


def test_a_goal_behind_its_way_is_a_goal_and_one_reached_is_good_news() -> None:
    goal = Goal("regular_committers", 5, at("2024-06-01"), since=at("2023-06-01"))
    behind = one(seen(alone(), goals=[goal], series={goal.metric: [(goal.begins, 1.0)]}),
                 "goal_behind")  # fmt: skip
    assert behind.kind == "goal"
    assert "from 1 to 5; 1 today, 3.3 on an even way" in str(behind.what)
    early = replace(goal, since=at("2023-12-01"))
    assert "goal_behind" not in rules(seen(alone(), goals=[early]))
    reached = seen(alone(), goals=[replace(goal, target=1)])
    assert one(reached, "goal_reached").kind == "news"
    long_ago = {goal.metric: [(at("2023-08-01"), 1.0), (at("2023-09-01"), 1.0)]}
    assert "goal_reached" not in rules(
        seen(alone(), goals=[replace(goal, target=1)], series=long_ago)
    )


def test_a_question_no_longer_answered_with_no_is_good_news() -> None:
    before = {"work": "not met", "take_part": "not met"}
    answers = ((at("2023-09-01"), before),)
    assert [e.rule for e in attention([seen(alone(), answers=answers)], TODAY)].count(
        "answer_better"
    ) == 1


def test_a_high_risk_says_since_which_month_the_answer_has_been_no() -> None:
    no, yes = {"survive": "not met"}, {"survive": "met"}
    answers = ((at("2023-06-01"), no), (at("2023-07-01"), yes), (at("2023-08-01"), no))
    assert one(seen(alone(criticality=8), answers=answers), "risk_high").since == at("2023-08-01")


def test_each_kind_has_a_place_among_the_few_and_a_project_is_one_thing_to_decide() -> None:
    agreement = Agreement("company", Span(at("2022-01-01"), at("2024-02-01")))
    many = [
        seen(
            alone(criticality=9, contracts=(agreement,), ospo="city"),
            goals=[Goal("regular_committers", 3, at("2023-12-31"))],
        )
        for _ in range(1)
    ]
    many += [seen(replace(alone(), project=Project(f"p{i}", criticality=10))) for i in range(12)]
    better = [StatusChange(at("2023-11-01"), "abandoned", "active")]
    many.append(seen(replace(alone(), project=Project("good", criticality=1)), changes=better))
    merged = change_request("2023-01-01", "ben", merge("2023-01-02", "ana"))
    waits = activity(
        weekly("2022-01-01", "2024-01-01"), merged, issue("2023-11-01", "jan"),
        project=Project("asked", criticality=1), repositories=[FRESH],
    )  # fmt: skip
    many.append(seen(waits))
    groups, more = shown(attention(many, TODAY, shelf={"city": 12}))
    kinds = [group.first.kind for group in groups]
    assert kinds == ["decide", "decide", "decide", "answer", "goal", "news", "unsorted"]
    assert more > 0
    own = next(group for group in grouped(attention(many, TODAY)) if group.first.project == "app")
    assert {entry.rule for entry in own.entries} >= {"risk_high", "contract_ends"}


def test_a_guessed_criticality_is_one_entry_per_ospo_until_it_is_given_or_decided() -> None:
    guessed = [seen(alone(ospo="city")), seen(replace(alone(), project=Project("b", ospo="city")))]
    entries = [e for e in attention(guessed, TODAY) if e.rule == "criticality_guessed"]
    assert [str(entry.what)[-22:] for entry in entries] == ["for 2 of its projects."]
    assert "criticality_guessed" not in rules(seen(alone(criticality=3)))
    later = Decision("criticality", at("2023-12-01"), "accept", review_on=at("2024-06-01"))
    assert "criticality_guessed" not in rules(seen(alone(), decisions=[later]))


def test_what_became_of_a_repository_later_is_no_entry_of_an_earlier_date() -> None:
    gone = replace(FRESH, state=RepositoryState.GONE, read_until=TODAY + 9 * DAY,
                   forge_read_until=TODAY + 9 * DAY)  # fmt: skip
    assert "repository_lost" not in rules(
        seen(activity(weekly("2023-11-15", "2024-01-01"), repositories=[gone]))
    )


def test_outcomes_older_than_they_may_be_are_to_be_confirmed() -> None:
    stale = one(seen(alone(), stale={"service_users": at("2023-11-01")}), "outcomes_stale")
    assert (stale.since, stale.about) == (at("2023-11-01"), "outcomes")


def test_a_risk_that_comes_from_an_end_lasts_since_too_few_days_were_left() -> None:
    """A contract that ends in 120 days has been a risk for 60: below 180 the check is not met."""
    from collector.attention.rules import _since
    from collector.judgement.checks import Check, Result
    from collector.model import Phrase

    def since(value: float, met: float, not_met: float) -> int | None:
        check = Check(
            "k", "t", "m", Result.NOT_MET, value, "days", met, not_met, "default", Phrase(""), None
        )
        return _since(check, at("2024-06-01"))

    assert since(120, 365, 180) == at("2024-06-01") - 60 * DAY
    assert since(-24, 365, 180) == at("2024-06-01") - 204 * DAY
    assert since(400, 90, 365) == at("2024-06-01") - 400 * DAY


def test_an_entry_is_dated_by_the_pass_that_found_it_first_and_anew_when_it_comes_again() -> None:
    one = {"rule": "waits", "project": "app", "about": "", "links": []}
    two = {**one, "project": "web"}
    first = [*dated([one], [], 100)]
    assert first == [{**one, "found": 100}]
    second = [*dated([one, two], first, 200)]
    assert [entry["found"] for entry in second] == [100, 200]
    assert [entry["found"] for entry in dated([one], [*dated([two], second, 300)], 400)] == [400]
    assert [entry["found"] for entry in dated([one], [one], 500)] == [None]
