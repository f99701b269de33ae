"""Others can take part: each rule of METRICS.md by a case that it decides."""

from dataclasses import replace

import pytest

from collector.metric import State, Value
from collector.metrics import BY_KEY
from collector.metrics.business_time import business_seconds
from collector.metrics.items_view import insider_events
from collector.model import (
    DAY,
    Activity,
    Agreement,
    EventKind,
    Phrase,
    Project,
    Repository,
    RepositoryFacts,
    Span,
)
from tests.activities import (
    GHOST,
    NOBODY,
    REPOSITORY,
    EventLine,
    Line,
    activity,
    at,
    change_request,
    close,
    comment,
    commit,
    issue,
    merge,
    reopen,
    review,
    works_for,
)

TODAY = at("2024-01-01")
KNOWN = change_request("2023-01-01", "ben", merge("2023-01-02", "ana"))
"""Makes ana an insider."""


def value(key: str, *lines: Line, today: int = TODAY, **more: object) -> Value:
    return BY_KEY[key].compute(activity(*lines, **more), today)  # type: ignore[arg-type]


def carried() -> list[Line]:
    """Two people who work on it regularly, long ago enough to be no change of the half-year."""
    return [
        commit(f"2023-0{month}-01 {hour}", who)
        for month in (2, 3, 4)
        for hour, who in (("10:00", "ana"), ("11:00", "ben"))
    ]


# ---------------------------------------------------------------- responses


def test_an_answer_by_the_author_or_a_bot_is_no_answer() -> None:
    asked = issue(
        "2023-12-01", "eva", comment("2023-12-02", "eva"), comment("2023-12-02", "stale[bot]")
    )
    assert value("answered_share", asked).value == 0


def test_a_ghost_answers_unless_the_author_has_vanished_too() -> None:
    by_somebody = issue("2023-12-01", "eva", comment("2023-12-02", GHOST))
    by_nobody = issue("2023-12-01", GHOST, comment("2023-12-02", GHOST))
    assert value("answered_share", by_somebody).value == 1
    assert value("answered_share", by_nobody).value == 0


def test_a_close_by_a_ghost_is_an_answer_and_one_without_actor_is_none() -> None:
    assert (
        value("answered_share", issue("2023-12-01", "eva", close("2023-12-02", GHOST))).value == 1
    )
    unnamed = issue("2023-12-01", "eva", close("2023-12-02", NOBODY))
    assert value("answered_share", unnamed).value == 0


def test_items_opened_by_bots_are_left_out() -> None:
    update = change_request("2023-12-01", "renovate", merge("2023-12-02", "ana"))
    assert value("first_answer_wait", update).state is State.NOT_APPLICABLE
    assert value("change_request_closure_ratio", update).state is State.NOT_APPLICABLE
    assert value("open_change_requests", change_request("2023-12-01", "renovate")).value == 0


def test_who_still_waits_counts_with_the_wait_so_far() -> None:
    asked = [
        issue("2023-12-22", "eva", comment("2023-12-22 02:00", "ana")),
        issue("2023-12-22", "eva"),
        issue("2023-12-27", "eva"),
    ]
    found = value("first_answer_wait", *asked)
    assert (found.value, found.n) == (120, 3)
    assert found.parts == {"items": 3, "answered": 1, "at_least": True}
    only = value("time_to_first_response_issues", *asked)
    assert (only.value, only.n, only.parts) == (2, 1, {"items": 3, "answered": 1})


def test_two_business_days_skip_weekends_and_the_countrys_holidays() -> None:
    friday_noon = "2023-12-22 12:00"
    asked = issue(friday_noon, "eva", comment("2023-12-28 11:00", "ana"))
    slovak = value(
        "answered_in_two_business_days", asked, project=Project("p", country="SK"),
        today=at("2024-01-15"),
    )  # fmt: skip
    assert slovak.value == 1
    assert value("answered_in_two_business_days", asked, today=at("2024-01-15")).value == 0


def test_business_time_counts_whole_business_days() -> None:
    days = [at("2023-11-03 12:00"), at("2023-11-06 12:00"), at("2023-11-04"), at("2023-11-06")]
    import numpy as np

    seconds = business_seconds(np.array(days, dtype=np.int64), None)
    assert int(seconds[1] - seconds[0]) == DAY
    assert int(seconds[3] - seconds[2]) == 0


# ---------------------------------------------------------------- insiders and outsiders


def test_whoever_merged_someone_elses_change_in_two_years_is_an_insider() -> None:
    asked = issue("2023-12-01", "eva", comment("2023-12-02", "ana"))
    assert value("outsiders_answered", asked).value == 0
    assert value("outsiders_answered", KNOWN, asked).value == 1
    long_ago = change_request("2021-11-01", "ben", merge("2021-12-01", "ana"))
    assert value("outsiders_answered", long_ago, asked).value == 0
    own = change_request("2023-01-01", "ana", merge("2023-01-02", "ana"))
    assert value("outsiders_answered", own, asked).value == 0


def test_maintainers_and_people_of_the_owner_or_a_current_supplier_are_insiders() -> None:
    asked = issue("2023-12-01", "eva", comment("2023-12-02", "ana"))
    assert value("outsiders_answered", asked, maintainers=["ana"]).value == 1
    city = Project("p", owner="city")
    assert value("outsiders_answered", asked, works_for("ana", "city"), project=city).value == 1
    left = works_for("ana", "city", until="2023-06-01")
    assert value("outsiders_answered", asked, left, project=city).value == 0
    ended = Project("p", contracts=(Agreement("firm", Span(None, at("2023-06-01"))),))
    running = Project("p", contracts=(Agreement("firm", Span(at("2023-01-01"))),))
    hired = works_for("ana", "firm")
    assert value("outsiders_answered", asked, hired, project=ended).value == 0
    assert value("outsiders_answered", asked, hired, project=running).value == 1


def test_what_insiders_ask_and_what_was_withdrawn_is_not_asked_by_outsiders() -> None:
    inside = issue("2023-12-01", "ana")
    withdrawn = issue("2023-12-01", "eva", close("2023-12-02", "eva"))
    found = value("outsiders_answered", KNOWN, inside, withdrawn)
    assert found.state is State.NOT_APPLICABLE


def test_what_its_author_closed_after_an_answer_was_not_withdrawn() -> None:
    thanks = issue("2023-12-01", "eva", comment("2023-12-02", "jan"), close("2023-12-03", "eva"))
    assert value("outsiders_answered", KNOWN, thanks).value == 0


def test_the_oldest_wait_is_listed_and_nobody_waiting_is_not_a_wait_of_zero() -> None:
    found = value("oldest_outsider_waiting", KNOWN, issue("2023-10-01", "eva"))
    assert (found.value, found.n, found.parts["waiting"]) == (92, 1, 1)
    nobody = value("oldest_outsider_waiting", KNOWN)
    assert (nobody.value, nobody.state, nobody.n) == (None, State.NOT_APPLICABLE, 0)


def test_insiders_acts_on_others_items_are_care_and_bots_updates_too() -> None:
    update = change_request("2023-12-01", "renovate", merge("2023-12-05", "ana"))
    own = issue("2023-12-01", "ana", comment("2023-12-20", "ana"))
    outside = issue("2023-12-01", "eva", comment("2023-12-25", "jan"))
    found = insider_events(activity(KNOWN, update, own, outside), TODAY)
    assert found.tolist() == [at("2023-01-02"), at("2023-12-05")]


# ---------------------------------------------------------------- closing, drafts, archives


def test_a_reopened_issue_is_open_and_closed_from_its_last_closing_on() -> None:
    again = issue(
        "2023-11-01", "eva", close("2023-11-02", "ana"), reopen("2023-11-05", "eva"),
        close("2023-11-11", "ana"),
    )  # fmt: skip
    assert value("open_issues", again, today=at("2023-11-04")).value == 0
    assert value("open_issues", again, today=at("2023-11-06")).value == 1
    assert value("issue_resolution_duration", again).value == 10
    assert value("issues_closed", again, today=at("2023-11-06")).value == 0


def test_what_a_bot_closed_is_shown_beside_and_does_not_count() -> None:
    stale = change_request("2023-11-01", "eva", close("2023-12-01", "stale[bot]"))
    done = change_request("2023-11-01", "eva", merge("2023-11-02", "bors"))
    found = value("change_request_closure_ratio", stale, done)
    assert found.value == 0.5
    assert found.parts == {"closed": 1, "closed_by_bots": 1, "open_at_start": 0, "opened": 2}
    closed = issue("2023-11-01", "eva", close("2023-12-01", "stale[bot]"))
    assert value("issue_resolution_duration", closed).state is State.NOT_APPLICABLE


def test_reopened_and_closed_again_keeps_the_closure_ratio_below_one() -> None:
    again = change_request(
        "2023-01-01", "eva", close("2023-02-01", "ana"), reopen("2023-12-01", "eva"),
        close("2023-12-02", "ana"),
    )  # fmt: skip
    new = change_request("2023-12-01", "eva", close("2023-12-02", "ana"))
    assert value("change_request_closure_ratio", again, new).value == 1


def test_a_draft_does_not_go_stale_and_what_it_was_at_a_date_follows_from_events() -> None:
    ready = EventLine(at("2023-06-01"), "eva", EventKind.READY)
    since = change_request("2023-01-01", "eva", ready)
    assert value("stale_change_requests", since, today=at("2023-05-20")).value == 0
    assert value("stale_change_requests", since).value == 1
    always = change_request("2023-01-01", "eva", draft=True)
    assert value("stale_change_requests", always).value == 0


def test_a_bots_comment_does_not_move_a_change_request() -> None:
    nudged = change_request("2023-08-01", "eva", comment("2023-12-01", "stale[bot]"))
    moved = change_request("2023-08-01", "eva", comment("2023-12-01", "eva"))
    assert value("stale_change_requests", nudged, moved).value == 1


def test_open_items_leave_the_backlog_when_their_repository_is_archived() -> None:
    archived = replace(REPOSITORY, archived_at=at("2023-06-01"))
    left = issue("2023-01-01", "eva")
    assert value("open_issues", left, repositories=[archived], today=at("2023-05-01")).value == 1
    assert value("open_issues", left, repositories=[archived]).value == 0
    day = [replace(archived, archived_at=None, facts=RepositoryFacts(archived=True))]
    day = [replace(day[0], forge_read_until=at("2023-06-01 09:00"))]
    assert value("open_issues", left, repositories=day, today=at("2023-06-01")).value == 0
    assert value("open_issues", left, repositories=day, today=at("2023-05-31")).value == 1
    found = value("oldest_outsider_waiting", left, repositories=[archived])
    assert found.state is State.NOT_APPLICABLE


# ---------------------------------------------------------------- review


def test_a_review_counts_if_another_human_gave_it_before_the_merge() -> None:
    merged = merge("2023-12-10", "eva")
    good = change_request("2023-12-01", "eva", review("2023-12-02", "ana", "commented"), merged)
    late = change_request("2023-12-01", "eva", review("2023-12-11", "ana"), merged)
    own = change_request("2023-12-01", "eva", review("2023-12-02", "eva"), merged)
    robot = change_request("2023-12-01", "eva", review("2023-12-02", "coderabbitai"), merged)
    assert value("review_share", good, late, own, robot).value == 0.25
    assert value("self_merge_rate", good, late, own, robot).value == 0.75


def test_a_bots_merge_without_review_is_a_self_merge_and_an_unnamed_one_is_left_out() -> None:
    robot = change_request("2023-12-01", "eva", merge("2023-12-02", "mergify"))
    other = change_request("2023-12-01", "eva", merge("2023-12-02", "ana"))
    unnamed = change_request("2023-12-01", "eva", merge("2023-12-02", NOBODY))
    found = value("self_merge_rate", robot, other, unnamed)
    assert (found.value, found.n) == (0.5, 2)


def four_eyes(*lines: Line, **more: object) -> Value:
    return value("four_eyes", *carried(), *lines, **more)  # type: ignore[arg-type]


def test_a_merged_change_request_is_one_change_however_many_commits_it_has() -> None:
    part = [commit(f"2023-12-01 1{i}:00", "ana", arrived="2023-12-02", change=9) for i in range(3)]
    pushed = commit("2023-12-03", "ana")
    request = change_request("2023-12-01", "ana", merge("2023-12-02", "ben"), merge_change=6)
    found = four_eyes(*part, pushed, request)
    assert (found.value, found.n, found.parts["direct_pushes"]) == (0.5, 2, 1)


def test_merging_ones_own_change_unseen_is_not_four_eyes_and_a_review_makes_it_so() -> None:
    squashed = commit("2023-12-02", "ana")
    merged = merge("2023-12-02", "ana")
    alone = change_request("2023-12-01", "ana", merged, merge_change=6)
    seen = change_request("2023-12-01", "ana", review("2023-12-01", "ben"), merged, merge_change=6)
    assert four_eyes(squashed, alone).value == 0
    assert four_eyes(squashed, seen).value == 1


def test_the_commits_of_a_rebased_change_request_are_one_change() -> None:
    rebased = [commit(f"2023-12-01 1{i}:00", "ana", arrived="2023-12-02") for i in range(3)]
    request = change_request("2023-12-01", "ana", merge("2023-12-02", "ben"), merge_change=8)
    found = four_eyes(*rebased, request)
    assert (found.value, found.n) == (1, 1)


def test_changes_by_bots_are_no_human_changes() -> None:
    robot = [commit("2023-12-02", "renovate"), commit("2023-12-03", "ben")]
    request = change_request("2023-12-02", "renovate", merge("2023-12-02", "ana"), merge_change=6)
    assert four_eyes(*robot, request).n == 1


def test_with_one_regular_committer_four_eyes_does_not_apply() -> None:
    lone = [commit(f"2023-{month:02}-01", "ana") for month in range(1, 13)]
    assert value("four_eyes", *lone).state is State.NOT_APPLICABLE


# ---------------------------------------------------------------- what could be read


def read(**more: object) -> Repository:
    return replace(REPOSITORY, **more)  # type: ignore[arg-type]


ASKED = issue("2023-12-01", "eva")
PROPOSED = change_request("2023-12-01", "eva", merge("2023-12-02", "ana"))


@pytest.mark.parametrize("key", ["open_issues", "first_answer_wait", "four_eyes", "issues_opened"])
def test_a_forge_that_was_never_read_says_why(key: str) -> None:
    reason = Phrase("this host has no supported API")
    unread = read(forge_read_until=None, forge_reason=reason)
    found = value(key, ASKED, repositories=[unread])
    assert (found.state, found.reason) == (State.UNKNOWN, reason)


def test_a_forge_read_in_part_has_its_coverage() -> None:
    both = [REPOSITORY, read(url="https://github.com/city/b", forge_read_until=None)]
    found = value("open_issues", ASKED, repositories=both)
    assert (found.value, found.coverage) == (1, 0.5)


def test_issues_kept_elsewhere_are_not_counted_here() -> None:
    jira = Project("p", issues_elsewhere="https://jira.example.org/P")
    found = value("open_issues", ASKED, project=jira)
    assert (found.state, str(found.reason)) == (
        State.NOT_APPLICABLE,
        "kept at https://jira.example.org/P",
    )
    assert value("first_answer_wait", ASKED, PROPOSED, project=jira).n == 1


def test_a_mirror_is_discussed_elsewhere() -> None:
    mirror = read(role="mirror", facts=RepositoryFacts(mirror_of="https://git.example.org/x"))
    found = value("open_issues", ASKED, repositories=[mirror])
    assert str(found.reason) == "discussed at https://git.example.org/x"


def test_without_reviews_what_needs_them_is_unknown_and_issues_are_still_counted() -> None:
    rest = [read(forge_lacks=frozenset({"reviews", "actors"}))]
    for key in ("review_share", "self_merge_rate", "four_eyes", "outsiders_answered"):
        found = value(key, ASKED, PROPOSED, repositories=rest)
        assert found.state is State.UNKNOWN, key
        assert "without a token" in str(found.reason), key
    assert value("change_requests_merged", PROPOSED, repositories=rest).value == 1
    mixed = value("first_answer_wait", ASKED, PROPOSED, repositories=rest)
    assert (mixed.n, mixed.coverage) == (1, 0.5)


def test_a_tracker_that_is_switched_off_has_no_issues() -> None:
    off = read(facts=RepositoryFacts(has_issues=False))
    assert value("open_issues", repositories=[off]).state is State.NOT_APPLICABLE


def test_the_same_activity_gives_the_same_view_whichever_date_was_asked_before() -> None:
    def fresh() -> Activity:
        return activity(KNOWN, ASKED, PROPOSED)

    kept = fresh()
    for day in range(0, 900, 37):
        BY_KEY["first_answer_wait"].compute(kept, TODAY - day * DAY)
    for key in ("first_answer_wait", "outsiders_answered", "change_request_closure_ratio"):
        assert BY_KEY[key].compute(kept, TODAY) == BY_KEY[key].compute(fresh(), TODAY)
