"""What if somebody goes: the project as it would be judged then."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.judgement.checks import Result
from collector.model import DAY, Project, Span
from collector.model.activity import Activity, Agreement
from collector.whatif import Outcome, Without, from_json, now, outcome, scenarios, to_json
from tests.activities import activity, change_request, comment, commit, issue, merge, tag, works_for
from tests.measuring import NOW
from tests.test_metrics_registry import as_ofs, build, lines

FIRM, GRANT = Without("supplier", "firm"), Without("funding", "state")


def ago(days: float) -> int:
    return NOW - int(days * DAY)


def monthly(who: str, first: int = 12, last: int = 0, co: tuple[str, ...] = ()) -> list[object]:
    """A commit a month."""
    return [commit(ago(30 * month + 5), who, co=co) for month in range(last, first)]


def project(*more: object, **settings_: object) -> Activity:
    """Two people of a firm who do nearly all, and one of the city."""
    made = Project("app", owner="city", organisations={"firm": "supplier"}, **settings_)  # type: ignore[arg-type]
    return activity(
        monthly("ana", 40), monthly("ben", 40), commit(ago(400), "eva"), *more,  # type: ignore[arg-type]
        works_for("ana", "firm"), works_for("ben", "firm"), project=made,
    )  # fmt: skip


def said(records: Activity, without: Without = FIRM, ends: int | None = None) -> Outcome:
    found = outcome(now(records, NOW), without, ends)
    assert found is not None
    return found


def flips(found: Outcome) -> dict[str, tuple[Result, Result]]:
    return {flip.key: (flip.before, flip.after) for flip in found.flips}


def test_without_its_supplier_nobody_is_left() -> None:
    found = said(project())
    assert found.nobody
    assert found.regular == (2, 0)
    assert found.committers == (2, 0)
    assert flips(found)["regular_committers"] == (Result.AT_RISK, Result.NOT_MET)
    assert found.status == ("active", "at_rest")
    assert all(flip.worse for flip in found.flips if flip.key == "regular_committers")


def test_whoever_stays_goes_on() -> None:
    found = said(project(monthly("eva", 12)))
    assert not found.nobody
    assert found.regular == (3, 1)
    assert found.status[1] == "active"


def test_a_commit_together_with_somebody_who_stays_is_kept() -> None:
    found = said(project(*[commit(ago(30 * m + 6), "ana", co=["eva"]) for m in range(6)]))
    assert found.regular == (3, 1)


def test_their_earlier_work_counts_as_that_of_people_who_are_gone() -> None:
    found = said(project(monthly("eva", 12)))
    assert flips(found)["work_left_share"] == (Result.MET, Result.NOT_MET)


def test_what_is_not_delivered_is_told_with_their_share_of_it() -> None:
    found = said(project(monthly("eva", 12), tag(ago(40), "v1")))
    assert (found.undelivered, found.theirs) == (6, 4)


def test_finished_work_still_waits_when_those_who_did_it_are_gone() -> None:
    theirs = [tag(ago(400), "v1"), tag(ago(380), "v1.1")]
    found = said(project(monthly("eva", 40), *theirs))
    assert (found.undelivered or 0) >= found.theirs > 0
    assert "undelivered_commits" not in flips(found)
    alone = said(project(*theirs))
    assert "undelivered_commits" not in flips(alone)


def test_their_proposals_and_those_who_wait_for_them_are_told() -> None:
    asked = [issue(ago(20 + i), "guest", comment(ago(19), "ana")) for i in range(6)]
    merged = change_request(ago(300), "guest", merge(ago(299), "ana"))
    found = said(project(*asked, merged, change_request(ago(9), "ben")))
    assert found.open_proposals == 1
    assert flips(found)["outsiders_answered"] == (Result.MET, Result.NOT_MET)


def test_a_contract_and_a_grant_end_on_the_day() -> None:
    contract = Agreement("firm", Span(ago(500), ago(-900)))
    grant = Agreement("state", Span(ago(500), ago(-900)))
    records = project(contracts=(contract,), funding=(grant,))
    assert flips(said(records, GRANT))["funding_end"] == (Result.MET, Result.NOT_MET)
    assert not said(records, GRANT).nobody
    assert flips(said(records, GRANT, ago(-300)))["funding_end"] == (Result.MET, Result.AT_RISK)
    assert said(records).ending == ("firm",)
    assert flips(said(records))["contract_end"] == (Result.MET, Result.NOT_MET)
    only = project(funding=(grant,))
    assert flips(said(only, GRANT))["paid"] == (Result.MET, Result.NOT_MET)


def test_a_person_goes_by_the_name_of_configuration() -> None:
    records = replace(project(), names={"Ana": 0})
    assert Without("person", "Ana") in scenarios(records, NOW)
    assert said(records, Without("person", "Ana")).regular == (2, 1)


def test_who_is_not_there_touches_nothing() -> None:
    for other in (Without("supplier", "other"), Without("person", "Eva"), GRANT):
        assert outcome(now(project(), NOW), other) is None
    assert scenarios(project(), NOW) == (FIRM,)


def test_an_outcome_survives_being_stored() -> None:
    found = said(project(tag(ago(40), "v1")))
    assert from_json(to_json(found)) == found


@settings(max_examples=40)
@given(st.data())
def test_nothing_gets_more_by_losing_somebody(data: st.DataObject) -> None:
    records, as_of = build(data.draw(lines)), data.draw(as_ofs)
    for each in scenarios(records, as_of):
        found = outcome(now(records, as_of), each)
        if found is None:
            continue
        for before, after in (found.regular, found.committers):
            assert before is None or after is None or after <= before
        assert from_json(to_json(found)) == found
        assert datetime.fromtimestamp(found.ends, UTC)
