"""GitHub, read over real HTTP from the test forge: records, refreshes, stops and goings-on."""

from itertools import pairwise
from pathlib import Path

import pytest

from collector.forge import ForgeError, RepositoryGone
from collector.model import EventKind
from tests.forge.reading import MLS, TLS, collected, expected, github, review, small, states, url
from tests.forge.server import DROPPED, Asked, TestForge
from tests.forge.shelf import Shelf
from tests.forge.world import Repository, event, issue, pull, said


@pytest.mark.parametrize("name", [MLS, TLS])
def test_a_first_collection_gives_every_record_of_the_archive(
    github_forge: TestForge, shared_data: Path, name: str
) -> None:
    path = states(shared_data, name)[-1]
    github_forge.world.load(path)
    shelf = collected(github_forge, name)
    assert shelf.by_login() == expected(path)
    assert shelf.complete


@pytest.mark.parametrize(("name", "requests", "points"), [(MLS, 5, 8), (TLS, 24, 40)])
def test_a_first_collection_costs_no_more_than_it_must(
    github_forge: TestForge, shared_data: Path, name: str, requests: int, points: int
) -> None:
    github_forge.world.load(states(shared_data, name)[-1])
    here = github(github_forge)
    assert len(list(here.heartbeat([url(name)]))) == 1
    Shelf().read(here.pages(url(name), None))
    assert len(github_forge.requests) <= requests
    assert github_forge.points <= points
    cost = here.cost(url(name))
    assert cost.requests == len(github_forge.requests) - 1
    assert cost.points == github_forge.points - 1


@pytest.mark.slow
@pytest.mark.parametrize("name", [MLS, TLS])
def test_refreshing_a_state_to_the_next_gives_what_collecting_that_one_afresh_gives(
    github_forge: TestForge, shared_data: Path, name: str
) -> None:
    paths = states(shared_data, name)
    github_forge.world.load(paths[0])
    shelf = collected(github_forge, name)
    for path in paths[1:]:
        github_forge.world.load(path)
        github_forge.forget()
        collected(github_forge, name, shelf)
        refreshed, wanted = _loud(shelf, expected(path), name)
        assert refreshed == wanted
        assert len(github_forge.requests) <= 8
        sweep(github_forge, name, shelf)  # renamed logins move no date
        assert shelf.by_login() == expected(path)


SILENT = {"1155", "1140"}


def _loud(shelf: Shelf, wanted: tuple[object, object], name: str) -> tuple[object, object]:
    """Both without the items that changed without a date moving (the sweep's share)."""

    def cut(facts: tuple[object, object]) -> tuple[object, object]:
        items, responses = facts
        assert isinstance(items, dict)
        assert isinstance(responses, dict)
        silent = {n for n, i in items.items() if name == TLS and str(i.number) in SILENT}
        return (
            {n: i for n, i in items.items() if n not in silent},
            {n: r for n, r in responses.items() if r.item not in silent},
        )

    return cut(shelf.by_login()), cut(wanted)


def sweep(forge: TestForge, name: str, shelf: Shelf) -> None:
    """A month of nights: each re-reads a slice."""
    for _ in range(30):
        shelf.read(github(forge).sweep(url(name), str(shelf.cursor)))
        if '"sweep":{}' in str(shelf.cursor):
            return


def test_an_unchanged_repository_has_the_same_marker_and_a_changed_one_another(
    github_forge: TestForge, shared_data: Path
) -> None:
    seen = set()
    for path in states(shared_data, MLS):
        github_forge.world.load(path)
        pulses = [next(github(github_forge).heartbeat([url(MLS)])) for _ in range(2)]
        assert pulses[0].marker == pulses[1].marker
        seen.add((pulses[0].marker, str(expected(path))))
    changed = [b for a, b in pairwise(states(shared_data, MLS)) if expected(a) != expected(b)]
    assert len({marker for marker, _ in seen}) == len(changed) + 1


def test_a_crash_at_any_request_and_a_resume_give_what_an_undisturbed_reading_gives(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    github_forge.too_heavy = 2_500  # many small pages
    wanted = collected(github_forge, "city/app").facts()
    total = len(github_forge.requests)
    assert total > 8
    for broken in range(1, total + 1):
        github_forge.forget()
        github_forge.fault = lambda asked, n=broken: DROPPED if asked.number >= n else None  # type: ignore[misc]
        shelf = Shelf()
        with pytest.raises(ForgeError):
            collected(github_forge, "city/app", shelf)
        assert not shelf.complete
        github_forge.fault = lambda asked: None
        collected(github_forge, "city/app", shelf)
        assert shelf.complete
        assert shelf.facts() == wanted


@pytest.mark.parametrize("full", [False, True])
def test_items_that_are_edited_during_the_reading_are_never_lost(
    github_forge: TestForge, full: bool
) -> None:
    repository = small(github_forge, items=60)
    github_forge.too_heavy = 3_000
    items = list(repository.items())

    def edit(asked: Asked) -> None:
        item = items[asked.number * 7 % len(items)]
        at = f"2024-05-01T10:00:{asked.number % 60:02d}Z"
        item["comments"].append(said("carol", at, id=f"IC_late_{asked.number}"))
        item["updatedAt"] = at

    github_forge.before = edit
    shelf = collected(github_forge, "city/app", full=full)
    assert set(shelf.items) == {item["id"] for item in items}
    github_forge.before = lambda asked: None
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == collected(github_forge, "city/app").facts()


def test_a_vanished_item_stays_until_a_full_reading_and_is_gone_after_it(
    github_forge: TestForge,
) -> None:
    repository = small(github_forge)
    shelf = collected(github_forge, "city/app")
    gone = repository.issues.pop(3)["id"]
    collected(github_forge, "city/app", shelf)
    assert gone in shelf.items
    collected(github_forge, "city/app", shelf, full=True)
    assert gone not in shelf.items
    assert shelf.facts() == collected(github_forge, "city/app").facts()


def test_a_full_reading_that_was_stopped_still_tells_what_exists(github_forge: TestForge) -> None:
    repository = small(github_forge)
    shelf = collected(github_forge, "city/app")
    gone = repository.pulls.pop(0)["id"]
    github_forge.too_heavy = 2_500
    github_forge.forget()
    before = shelf.pages
    github_forge.fault = lambda asked: DROPPED if shelf.pages > before + 1 else None
    with pytest.raises(ForgeError):
        collected(github_forge, "city/app", shelf, full=True)
    assert gone in shelf.items
    github_forge.fault = lambda asked: None
    collected(github_forge, "city/app", shelf)
    assert gone not in shelf.items


def test_a_deleted_comment_goes_with_the_next_change_of_its_item(github_forge: TestForge) -> None:
    repository = small(github_forge)
    shelf = collected(github_forge, "city/app")
    item = next(i for i in repository.issues if len(i["comments"]) > 2)
    item["comments"].pop()
    item["updatedAt"] = "2024-06-01T00:00:00Z"
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == collected(github_forge, "city/app").facts()


def test_the_101st_comment_and_the_101st_comment_of_a_review_are_read(
    github_forge: TestForge,
) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    comments = [said("bob", f"2024-01-10T10:{n // 60:02d}:{n % 60:02d}Z") for n in range(230)]
    long = {**review(2, "2024-01-11"), "comments": comments}
    repository.issues.append(issue(1, comments=comments))
    repository.pulls.append(pull(2, reviews=[long]))
    shelf = collected(github_forge, "city/app")
    kinds = [r.kind for r in shelf.responses.values()]
    assert kinds.count(EventKind.COMMENT) == kinds.count(EventKind.REVIEW_COMMENT) == 230


def test_all_that_happens_to_a_change_request_becomes_an_event_with_its_actor(
    github_forge: TestForge,
) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    events = [
        event("ConvertToDraftEvent", "e1", "2024-01-02T01:00:00Z", actor="alice"),
        event("ReadyForReviewEvent", "e2", "2024-01-02T02:00:00Z", actor="alice"),
        event("ClosedEvent", "e3", "2024-01-02T03:00:00Z", actor="stale[bot]"),
        event("ReopenedEvent", "e4", "2024-01-02T04:00:00Z", actor="alice"),
    ]
    merged = {"mergedAt": "2024-01-03T00:00:00Z", "mergedBy": "bob", "state": "CLOSED"}
    repository.pulls.append(
        pull(
            1, **merged, events=events, reviews=[review(1, "2024-01-02")], labels=["b", "a"],
            closedAt="2024-01-03T00:00:00Z", mergeCommit={"oid": "ab" * 20},
        )
    )  # fmt: skip
    shelf = collected(github_forge, "city/app")
    told = sorted(
        (r.at, r.kind.name, r.actor and r.actor.login, r.verdict) for r in shelf.responses.values()
    )
    assert [each[1:] for each in told] == [
        ("DRAFTED", "alice", None),
        ("READY", "alice", None),
        ("CLOSED", "stale", None),
        ("REOPENED", "alice", None),
        ("REVIEW", "bob", "approved"),
        ("REVIEW_COMMENT", "bob", None),
        ("MERGED", "bob", None),
    ]
    assert [r for r in shelf.responses.values() if r.actor and r.actor.declared_bot]
    record = shelf.items["PR_1"]
    assert (record.labels, record.title) == (("a", "b"), None)


def test_a_vanished_account_is_a_ghost_and_a_closing_without_an_actor_is_nobodys(
    github_forge: TestForge,
) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    closed = {"state": "CLOSED", "closedAt": "2024-01-05T00:00:00Z"}
    comment = said(None, "2024-01-04T00:00:00Z")
    repository.issues.append(issue(1, author=None, comments=[comment], **closed))
    shelf = collected(github_forge, "city/app")
    assert shelf.items["I_1"].author is None
    given = {r.kind: (r.actor, r.actor_given) for r in shelf.responses.values()}
    assert given == {EventKind.COMMENT: (None, True), EventKind.CLOSED: (None, False)}


def test_a_title_is_kept_while_the_item_is_open_only(github_forge: TestForge) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    repository.issues.append(issue(1))
    shelf = collected(github_forge, "city/app")
    assert shelf.items["I_1"].title == "item 1"
    repository.issues[0].update(
        state="CLOSED", closedAt="2024-03-01T00:00:00Z", updatedAt="2024-03-01T00:00:00Z"
    )
    collected(github_forge, "city/app", shelf)
    assert shelf.items["I_1"].title is None


def test_a_date_in_the_future_does_not_hide_what_changes_after_it(github_forge: TestForge) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    repository.issues += [issue(1, updatedAt="2099-01-01T00:00:00Z"), issue(7)]
    shelf = collected(github_forge, "city/app")
    github_forge.world.renamed["alicia"] = "alice"
    today = "2098-01-01T00:00:00Z"  # later than the forge's clock, before the future date
    repository.issues[1].update(comments=[said("bob", today)], updatedAt=today)
    collected(github_forge, "city/app", shelf)
    assert len(shelf.responses) == 1


def test_a_renamed_login_keeps_its_account(github_forge: TestForge) -> None:
    repository = github_forge.world.add(Repository("city", "app"))
    repository.issues.append(issue(1))
    before = collected(github_forge, "city/app").items["I_1"].author
    github_forge.world.renamed["alicia"] = "alice"
    repository.issues[0]["author"] = "alicia"
    after = collected(github_forge, "city/app").items["I_1"].author
    assert before
    assert after
    assert (before.login, after.login) == ("alice", "alicia")
    assert before.native_id == after.native_id


def test_a_renamed_repository_is_found_under_its_new_name_with_the_same_id(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    shelf = collected(github_forge, "city/app")
    before = next(github(github_forge).heartbeat([url("city/app")]))
    github_forge.world.rename("city/app", "region/platform")
    pulse = next(github(github_forge).heartbeat([url("city/app")]))
    assert pulse.facts.canonical_url == url("region/platform")
    assert pulse.facts.native_id == before.facts.native_id
    assert pulse.marker == before.marker
    facts = shelf.facts()
    assert collected(github_forge, "city/app", shelf).facts() == facts


def test_a_repository_made_again_under_an_old_name_has_another_id_and_marker(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    before = next(github(github_forge).heartbeat([url("city/app")]))
    small(github_forge).id = "R_another"
    after = next(github(github_forge).heartbeat([url("city/app")]))
    assert before.facts.native_id != after.facts.native_id
    assert before.marker != after.marker


def test_one_repository_that_is_gone_does_not_lose_the_others_of_its_question(
    github_forge: TestForge,
) -> None:
    small(github_forge)
    names = ["city/app", "city/gone", "city/app"]
    pulses = list(github(github_forge).heartbeat([url(name) for name in names]))
    assert [type(pulse.error) for pulse in pulses] == [type(None), RepositoryGone, type(None)]
    assert "Correct its address" in str(pulses[1].error)
    alone = list(github(github_forge).heartbeat([url("city/gone"), "https://github.com/x"]))
    assert all(pulse.error for pulse in alone)
    assert {type(p.error) for p in alone} != {type(None)}


def test_facts_tell_of_archiving_licence_topics_and_red_checks(github_forge: TestForge) -> None:
    found = github_forge.world.add(
        Repository(
            "city", "app", license="EUPL-1.2", topics=("a", "b"), stars=7, checks="FAILURE",
            archived_at="2025-01-01T00:00:00Z",
        )
    )  # fmt: skip
    pulse = next(github(github_forge).heartbeat([url("city/app")]))
    facts = pulse.facts
    assert (facts.license, facts.topics, facts.archived) == ("EUPL-1.2", ("a", "b"), True)
    assert facts.archived_at == 1735689600
    assert facts.checks_failing_since
    assert pulse.snapshot
    assert pulse.snapshot.stars == 7
    assert pulse.totals == {"issues": 0, "change_requests": 0}
    found.license = "NOASSERTION"
    assert next(github(github_forge).heartbeat([url("city/app")])).facts.license is None


def test_discovery_lists_what_an_owner_has_with_and_without_a_token(
    github_forge: TestForge,
) -> None:
    for number in range(120):
        github_forge.world.add(Repository("city", f"app{number}", topics=("x",)))
    for token in ("test-token-that-nobody-may-see", None):
        found = list(github(github_forge, token).discover(url("city")))
        assert len(found) == 120
        assert {f.topics for f in found} == {("x",)}
        assert found[0].native_id == github_forge.world.find("city", "app0").id
        with pytest.raises(RepositoryGone, match="knows no organisation or user 'nobody'"):
            list(github(github_forge, token).discover(url("nobody")))


def test_an_unchanged_shelf_has_the_records_of_a_second_reading(github_forge: TestForge) -> None:
    small(github_forge)
    shelf = collected(github_forge, "city/app")
    facts, pages = shelf.facts(), shelf.pages
    collected(github_forge, "city/app", shelf)
    assert shelf.facts() == facts
    assert shelf.pages == pages + 1
