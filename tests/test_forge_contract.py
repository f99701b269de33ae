"""The forge contract: the same project on each forge gives the same records and metrics.

The project is ``tests/forge/sample.py``, and the dated real series beside the project. What is
asserted here is asserted of every forge; what is peculiar to one stands in its own tests.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from collector.forge import (
    AccessDenied,
    ForgeError,
    Pulse,
    RateLimited,
    RepositoryGone,
    Unavailable,
    UnexpectedAnswer,
)
from collector.metrics import METRICS
from tests.activities import activity, at
from tests.forge import loopback, sample
from tests.forge.hosts import HOSTS, Host
from tests.forge.loopback import DROPPED, TOKEN, Asked, Fault
from tests.forge.reading import MLS, TLS, states
from tests.forge.shelf import Shelf
from tests.forge.told import Told, expected, lines, told
from tests.forge.world import Repository, said

LATEST = sample.DAYS[-1]


@pytest.fixture(params=HOSTS, ids=lambda each: each.__name__)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Each forge on loopback. Its requests must be as the forge documents them."""
    with stamina.set_testing(True, attempts=4, cap=True), request.param() as found:
        yield found
        assert not found.server.mistakes


def wanted_of(host: Host, repository: Repository) -> Told:
    """What a reading of this repository must come to, as this forge tells of it."""
    return expected(repository, host.reviews, prereleases=host.marks_prereleases)


def show(host: Host, day: str = LATEST) -> Told:
    """Let the host serve the sample as of a day; what is a reading of it to come to?"""
    return wanted_of(host, host.server.world.add(sample.state(day)))


def read(
    host: Host, name: str = sample.NAME, shelf: Shelf | None = None, *, full: bool = False
) -> Shelf:
    """What a pass of a new process over one repository leaves stored."""
    shelf = shelf or Shelf()
    forge = host.forge()
    try:
        return shelf.read(forge.pages(host.url(name), shelf.cursor, full=full))
    finally:
        forge.close()


def pulses(
    host: Host, *names: str, token: str | None = TOKEN, known: Pulse | None = None
) -> list[Pulse]:
    forge = host.forge(token)
    told_last = {known.url: known.marker} if known else {}
    try:
        urls = [host.url(name) for name in names or (sample.NAME,)]
        return list(forge.heartbeat(urls, told_last))
    finally:
        forge.close()


def moved(now: Pulse, before: Pulse) -> bool:
    """Did anything move since the heartbeat before, whose marker was known to this one?"""
    return now.marker != before.marker if now.moved is None else now.moved


# ---------------------------------------------------------------- the same records and metrics


@pytest.mark.parametrize("day", sample.DAYS)
def test_the_sample_project_gives_the_same_records(host: Host, day: str) -> None:
    wanted = show(host, day)
    shelf = read(host)
    assert told(shelf) == wanted
    assert shelf.complete


@pytest.mark.parametrize("day", sample.DAYS)
def test_the_sample_project_gives_the_same_metrics(host: Host, day: str) -> None:
    wanted = expected(host.server.world.add(sample.state(LATEST)))
    found, same = (activity(lines(items)) for items in (told(read(host))[0], wanted[0]))
    for metric in METRICS:
        assert metric.compute(found, at(day)) == metric.compute(same, at(day)), metric.key


@pytest.mark.parametrize("name", [MLS, pytest.param(TLS, marks=pytest.mark.slow)])
def test_real_records_give_the_same_records_and_metrics(
    host: Host, shared_data: Path, name: str
) -> None:
    repository = host.server.world.load(states(shared_data, name)[-1])
    found = told(read(host, name))
    assert found == wanted_of(host, repository)
    ours, same = activity(lines(found[0])), activity(lines(expected(repository)[0]))
    for metric in METRICS:
        for day in ("2018-01-01", "2025-03-01", "2026-07-02"):
            assert metric.compute(ours, at(day)) == metric.compute(same, at(day)), metric.key


# ---------------------------------------------------------------- incremental = full


@pytest.mark.parametrize("small", [False, True])
def test_refreshing_state_after_state_gives_what_reading_each_afresh_gives(
    host: Host, small: bool
) -> None:
    if small:
        host.small_pages()
    shelf = Shelf()
    for day in sample.DAYS:
        wanted = show(host, day)
        assert told(read(host, shelf=shelf)) == wanted
        assert shelf.complete


def test_refreshing_the_real_series_gives_what_reading_each_state_afresh_gives(
    host: Host, shared_data: Path
) -> None:
    shelf = Shelf()
    for path in states(shared_data, MLS):
        repository = host.server.world.load(path)
        assert told(read(host, MLS, shelf)) == wanted_of(host, repository), path.name


def test_reading_again_what_did_not_change_asks_no_more_than_a_first_reading(host: Host) -> None:
    show(host)
    shelf = read(host)
    first, before = len(host.server.requests), told(shelf)
    host.server.forget()
    assert told(read(host, shelf=shelf)) == before
    assert len(host.server.requests) <= first


def test_an_unchanged_repository_did_not_move_and_a_changed_one_did(host: Host) -> None:
    show(host, sample.DAYS[0])
    last = pulses(host)[0]
    for day in sample.DAYS[1:]:
        again = pulses(host, known=last)[0]
        assert not moved(again, last)
        assert (again.facts, again.totals) == (last.facts, last.totals)
        show(host, day)
        now = pulses(host, known=last)[0]
        assert moved(now, last)
        last = now


# ---------------------------------------------------------------- stops and goings-on


def test_a_crash_anywhere_and_a_resume_give_what_an_undisturbed_reading_gives(
    host: Host,
) -> None:
    host.small_pages()
    wanted = show(host)
    read(host)
    total = len(host.server.requests)
    assert total > 5
    for broken in range(1, total + 1, 1 + total // 16):
        host.server.forget()
        host.server.fault = lambda asked, n=broken: DROPPED if asked.number >= n else None  # type: ignore[misc]
        shelf = Shelf()
        with pytest.raises(ForgeError):
            read(host, shelf=shelf)
        assert not shelf.complete
        host.server.fault = lambda asked: None
        assert told(read(host, shelf=shelf)) == wanted
        assert shelf.complete


@pytest.mark.parametrize("broken", range(1, 5))
def test_a_refresh_that_crashes_and_resumes_gives_what_reading_afresh_gives(
    host: Host, broken: int
) -> None:
    host.small_pages()
    show(host, sample.DAYS[1])
    shelf = read(host)
    wanted = show(host)
    host.server.forget()
    host.server.fault = lambda asked: DROPPED if asked.number >= broken else None
    with pytest.raises(ForgeError):
        read(host, shelf=shelf)
    host.server.fault = lambda asked: None
    assert told(read(host, shelf=shelf)) == wanted


@pytest.mark.parametrize("full", [False, True])
def test_items_that_are_edited_during_the_reading_are_never_lost(host: Host, full: bool) -> None:
    host.small_pages()
    show(host)
    repository = host.server.world.repositories[sample.NAME]
    items = list(repository.items())

    def edit(asked: Asked) -> None:
        item = items[asked.number * 7 % len(items)]
        when = f"2024-08-01T10:{asked.number // 60 % 60:02d}:{asked.number % 60:02d}Z"
        item["comments"].append(said("carol", when, id=f"late_{asked.number}"))
        item["updatedAt"] = when

    host.server.before = edit
    shelf = read(host, full=full)
    assert len(shelf.items) == len(items)
    host.server.before = lambda asked: None
    assert told(read(host, shelf=shelf)) == wanted_of(host, repository)


# ---------------------------------------------------------------- what vanished, what moved


def test_a_vanished_item_stays_until_a_full_reading_and_is_gone_after_it(host: Host) -> None:
    show(host)
    repository = host.server.world.repositories[sample.NAME]
    shelf = read(host)
    gone = {repository.issues.pop(3)["number"], -repository.pulls.pop(2)["number"]}
    assert gone <= set(told(read(host, shelf=shelf))[0])
    assert told(read(host, shelf=shelf, full=True)) == wanted_of(host, repository)


def test_a_deleted_comment_goes_with_the_next_change_of_its_issue_or_a_full_reading(
    host: Host,
) -> None:
    show(host)
    repository = host.server.world.repositories[sample.NAME]
    shelf = read(host)
    for item in (i for i in repository.items() if i["number"] in (6, 13)):
        item["comments"].pop()
        item["updatedAt"] = "2024-08-01T00:00:00Z"
    wanted = wanted_of(host, repository)
    assert told(read(host, shelf=shelf))[0][6] == wanted[0][6]
    assert told(read(host, shelf=shelf, full=True)) == wanted


def test_a_renamed_repository_is_found_under_its_new_name_with_the_same_id(host: Host) -> None:
    wanted = show(host)
    shelf, before = read(host), pulses(host)[0]
    host.server.world.rename(sample.NAME, "region/platform")
    after = pulses(host, known=before)[0]
    assert after.error is None
    assert after.facts.canonical_url == host.url("region/platform")
    assert after.facts.native_id == before.facts.native_id
    assert not moved(after, before)
    assert told(read(host, shelf=shelf)) == wanted


def test_a_repository_made_again_under_an_old_name_has_another_id_and_moved(host: Host) -> None:
    show(host)
    before = pulses(host)[0]
    host.server.world.repositories[sample.NAME].id = "R_another"
    after = pulses(host, known=before)[0]
    assert before.facts.native_id != after.facts.native_id
    assert moved(after, before)


def test_one_repository_that_is_gone_does_not_lose_the_others(host: Host) -> None:
    show(host)
    host.server.world.add(Repository("city", "site"))
    found = pulses(host, sample.NAME, "city/gone", "city/site")
    assert [type(each.error) for each in found] == [type(None), RepositoryGone, type(None)]
    assert "Correct its address" in str(found[1].error)


def test_a_private_repository_is_not_shown_without_a_token(host: Host) -> None:
    show(host)
    host.server.world.repositories[sample.NAME].private = True
    assert type(pulses(host, token=None)[0].error) in (RepositoryGone, AccessDenied)


def test_the_heartbeat_tells_the_facts_and_totals_that_the_forge_knows(host: Host) -> None:
    wanted, _ = show(host)
    host.server.world.repositories[sample.NAME].archived_at = "2025-01-01T00:00:00Z"
    pulse = pulses(host)[0]
    facts = pulse.facts
    assert (facts.archived, facts.private, facts.empty) == (True, False, False)
    assert facts.topics == ("transport",)
    assert facts.canonical_url == host.url(sample.NAME)
    assert pulse.snapshot
    assert pulse.snapshot.stars == 7
    totals = {
        "issues": sum(number > 0 for number in wanted),
        "change_requests": sum(number < 0 for number in wanted),
    }
    assert pulse.totals.items() <= totals.items()


def test_whether_the_default_branch_is_protected_is_told_where_the_forge_shows_it(
    host: Host,
) -> None:
    show(host)
    told = [pulses(host)[0].facts.default_branch_protected]
    host.server.world.repositories[sample.NAME].protected = True
    told.append(pulses(host)[0].facts.default_branch_protected)
    # GitHub shows a rule where there is one; that it shows none leaves it open.
    assert told in ([False, True], [None, True], [None, None])


# ---------------------------------------------------------------- faults and limits


@pytest.mark.parametrize(
    "fault", [loopback.BAD_GATEWAY, loopback.TRUNCATED, DROPPED, loopback.PAUSE]
)
@pytest.mark.parametrize("broken", [1, 2, 5])
def test_a_failure_that_passes_loses_nothing(host: Host, fault: Fault, broken: int) -> None:
    wanted = show(host)
    host.server.faults[broken] = fault
    assert told(read(host)) == wanted


def test_a_long_limit_ends_the_reading_with_the_time_to_go_on(host: Host) -> None:
    host.small_pages()
    wanted = show(host)
    host.server.faults[4] = loopback.LIMITED
    shelf = Shelf()
    with pytest.raises(RateLimited, match="goes on after") as stopped:
        read(host, shelf=shelf)
    assert stopped.value.until
    assert not shelf.complete
    assert told(read(host, shelf=shelf)) == wanted


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        (loopback.HTML_PAGE, UnexpectedAnswer, "a web page instead of data: check its base_url"),
        (loopback.BAD_GATEWAY, Unavailable, "a failure of its own .502."),
        (DROPPED, Unavailable, "cannot be reached"),
        (loopback.json_fault(401, {"message": "no"}), AccessDenied, "mistyped, expired or revoked"),
        (loopback.json_fault(403, {"message": "no"}), AccessDenied, "give it the right"),
    ],
)
def test_each_failure_that_stays_is_a_sentence_that_says_what_to_do(
    host: Host, fault: Fault, kind: type[ForgeError], sentence: str
) -> None:
    show(host)
    host.server.fault = lambda asked: fault
    with pytest.raises(kind, match=sentence) as failed:
        read(host)
    assert loopback.TOKEN not in str(failed.value)
