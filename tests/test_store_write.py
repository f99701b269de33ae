"""Writing: once, whole, under one run, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, func, select

from collector.forge import Allowance, Cost, Page, Pulse
from collector.model import (
    Account,
    ChangeRequest,
    Commit,
    EventKind,
    FileFact,
    Issue,
    Release,
    RepositoryFacts,
    RepositoryState,
    Response,
    Snapshot,
    Tag,
)
from collector.store import hosts, write, write_records
from collector.store.schema import (
    accounts,
    commits,
    items,
    projects,
    repositories,
    responses,
    snapshots,
)
from tests.stores import (
    ANA,
    BEN,
    DAY,
    KEY,
    NOW,
    START,
    commit,
    contents,
    portfolio,
    put_git,
    put_pages,
    reading,
    revision,
    sha,
)

CO = [commit(n, co_authors=(BEN,) if n % 7 == 0 else ()) for n in range(1, 60)]


def count(engine: Engine, table: object, *where: object) -> int:
    with engine.connect() as connection:
        question = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]
        return int(connection.execute(question).scalar_one())


# ---------------------------------------------------------------- git


def test_the_same_reading_written_twice_changes_nothing(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading(CO))
    before, number = contents(engine), revision(engine, repository)
    put_git(engine, repository, reading(CO))
    put_git(engine, repository, reading(CO, replaces=False))
    assert contents(engine) == before
    assert revision(engine, repository) == number == 1


def test_a_reading_in_parts_is_the_reading_of_the_whole(engine: Engine) -> None:
    (first, second) = portfolio(engine, "https://github.com/a/a", "https://github.com/b/b")
    put_git(engine, first, reading(CO))
    put_git(engine, second, reading(CO[:20]))
    put_git(engine, second, reading(CO[20:], replaces=False))
    assert rows_of(engine, commits, first) == rows_of(engine, commits, second)
    assert len(rows_of(engine, commits, first)) == len(CO)


def test_a_rewritten_history_loses_what_vanished_and_keeps_what_was_read_of_the_rest(
    engine: Engine,
) -> None:
    (repository,) = portfolio(engine)
    run = put_git(engine, repository, reading(CO))
    write_records.write_files_changed(engine, repository, run, {sha(1): 77, sha(2): None})
    given = [replace(c, co_authors=()) for c in CO[:30]]
    put_git(engine, repository, reading(given, tags=(), files=()))
    with engine.connect() as connection:
        rows = connection.execute(select(commits.c.sha, commits.c.files_changed))
        left = {row.sha: row.files_changed for row in rows}
    assert set(left) == {c.sha for c in given}
    assert (left[sha(1)], left[sha(2)], left[sha(3)]) == (77, -2, None)
    found = contents(engine)
    assert not found["commit_credits"]
    assert not found["tags"]
    assert not found["files"]


def test_the_revision_rises_for_a_moved_tag_and_for_a_file_and_not_for_a_new_cursor(
    engine: Engine,
) -> None:
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading(CO))
    put_git(engine, repository, reading([], replaces=False, cursor="other"))
    assert revision(engine, repository) == 1
    moved = Tag("v1.0", sha(2), START + DAY)
    put_git(engine, repository, reading([], replaces=False, tags=(moved,)))
    assert revision(engine, repository) == 2
    gone = FileFact("README", "README.md", START, START + 5)
    put_git(engine, repository, reading([], replaces=False, tags=(moved,), files=(gone,)))
    assert revision(engine, repository) == 3


def test_an_overtaken_run_writes_nothing(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    old = write.begin(engine, repository, NOW)
    put_git(engine, repository, reading(CO[:10]))
    before = contents(engine)
    with pytest.raises(write.StaleRun):
        put_git(engine, repository, reading(CO), run=old)
    with pytest.raises(write.StaleRun):
        write_records.write_page(engine, repository, old, Page("1"), KEY, (), NOW)
    with pytest.raises(write.StaleRun):
        write.fail(engine, repository, old, NOW, RepositoryState.FAILED, "no", Cost())
    with pytest.raises(write.StaleRun):
        write_records.write_files_changed(engine, repository, old, {sha(1): 1})
    assert contents(engine) == before


def test_a_stream_that_breaks_leaves_the_earlier_state(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading(CO[:10]))
    before = contents(engine)

    def broken() -> Iterator[Commit]:
        yield from (commit(n) for n in range(1, 12_000))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        put_git(engine, repository, reading(broken()))
    assert contents(engine) == before


def test_names_that_no_database_takes_are_written_all_the_same(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    hostile = Account(name="N\0ul \udcff half", mail="a\0@b.sk")
    fact = FileFact(
        "publiccode.yml", "p\0.yml", START, data={"a\0": ["\udcff\0", {"b": "\\u0000"}]}
    )
    put_git(engine, repository, reading([commit(1, hostile)], files=(fact,)))
    with engine.connect() as connection:
        assert connection.execute(select(accounts.c.name)).scalar() == "Nul ? half"
    assert "b" in str(contents(engine)["files"])


# ---------------------------------------------------------------- portfolio and states


def test_what_is_no_longer_configured_is_hidden_kept_and_purged_on_request(
    engine: Engine,
) -> None:
    ids = portfolio(engine, "https://github.com/a/a", "https://github.com/b/b")
    for repository in ids:
        put_git(engine, repository, reading(CO))
    portfolio(engine, "https://github.com/a/a")
    assert count(engine, repositories, repositories.c.hidden) == 1
    assert count(engine, commits) == 2 * len(CO)
    assert portfolio(engine, "https://github.com/a/a", "https://github.com/b/b") == ids
    assert count(engine, repositories, repositories.c.hidden) == 0
    portfolio(engine, "https://github.com/a/a")
    assert write.purge(engine) == 1
    assert count(engine, commits) == len(CO)
    write.sync(engine, [], [], [])
    assert count(engine, projects, projects.c.hidden) == 1


def test_a_failure_keeps_since_when_and_success_clears_it(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    run = write.begin(engine, repository, NOW)
    for later in (0, 50):
        write.fail(engine, repository, run, NOW + later, RepositoryState.GONE, "gone.", Cost())
    found = dict(contents(engine)["repositories"][0])
    assert (found["state"], found["error"], found["error_since"]) == ("gone", "gone.", NOW)
    put_git(engine, repository, reading(CO), run=run)
    found = dict(contents(engine)["repositories"][0])
    assert (found["state"], found["error"], found["error_since"]) == ("ok", None, None)
    write.confirm_git(engine, repository, run, NOW + 9, Cost(requests=1))
    assert revision(engine, repository) == 1


# ---------------------------------------------------------------- forge

GHA = Account(host="github.com", native_id="1", login="ana")
ISSUES = [Issue(f"I{n}", n, GHA, START + n, START + n) for n in range(6)]
CHANGES = [ChangeRequest(f"C{n}", 10 + n, None, START + n, START + n) for n in range(4)]
RESPONSES = [
    Response(f"R{n}", f"I{n % 6}", EventKind.COMMENT, START + 100 + n, GHA if n % 3 else None)
    for n in range(12)
]
RELEASES = [Release(f"L{n}", f"v{n}", START + n) for n in range(3)]


def page(records: list[object], **more: object) -> Page:
    return Page(
        cursor="c",
        issues=[r for r in records if type(r) is Issue],
        change_requests=[r for r in records if isinstance(r, ChangeRequest)],
        responses=[r for r in records if isinstance(r, Response)],
        releases=[r for r in records if isinstance(r, Release)],
        **more,  # type: ignore[arg-type]
    )


ALL: list[object] = [*ISSUES, *CHANGES, *RESPONSES, *RELEASES]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(ALL), cuts=st.lists(st.integers(0, len(ALL)), max_size=4))
def test_pages_split_anywhere_in_any_order_give_the_same_tables(
    engine: Engine, order: list[object], cuts: list[int]
) -> None:
    whole, split = portfolio(engine, "https://github.com/a/a", "https://github.com/b/b")
    put_pages(engine, whole, [page(ALL)])
    places = [0, *sorted(cuts), len(order)]
    pages = [page(order[a:b]) for a, b in pairwise(places)]
    put_pages(engine, split, [*pages, *pages])
    for table, amount in ((items, 10), (responses, 12)):
        one, other = rows_of(engine, table, whole), rows_of(engine, table, split)
        assert one == other
        assert len(one) == amount


def rows_of(engine: Engine, table: Table, repository: int) -> set[str]:
    question = select(table).where(table.c.repository_id == repository)
    with engine.connect() as connection:
        return {repr(tuple(row)[1:]) for row in connection.execute(question)}


def test_what_vanishes_gets_a_tombstone_and_comes_back_when_seen_again(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_pages(engine, repository, [page(ALL)])
    number = revision(engine, repository)
    whole_item = page([r for r in RESPONSES if r.item != "I0"], complete_items=["I0"])
    exists = frozenset(i.native_id for i in [*ISSUES[1:], *CHANGES])
    put_pages(engine, repository, [whole_item, page([], existing=exists, last=True)], NOW + 5)
    assert revision(engine, repository) == number + 2
    assert count(engine, responses, responses.c.vanished_at == NOW + 5) == 2
    assert count(engine, items, items.c.vanished_at == NOW + 5) == 1
    put_pages(engine, repository, [page([], existing=exists)], NOW + 9)
    assert count(engine, items, items.c.vanished_at == NOW + 5) == 1
    put_pages(engine, repository, [page(ALL)])
    assert count(engine, items, items.c.vanished_at.is_not(None)) == 0
    assert count(engine, responses, responses.c.vanished_at.is_not(None)) == 0


def test_an_account_keeps_its_name_where_another_page_does_not_give_it(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    named = replace(GHA, name="Ana")
    put_pages(engine, repository, [page([replace(ISSUES[0], author=named)]), page([ISSUES[0]])])
    with engine.connect() as connection:
        assert connection.execute(select(accounts.c.name)).scalar() == "Ana"
    assert revision(engine, repository) == 1


def test_a_heartbeat_leaves_one_snapshot_a_day_and_changes_only_when_it_differs(
    engine: Engine,
) -> None:
    (repository,) = portfolio(engine)
    facts = RepositoryFacts(native_id="7", archived=False, topics=("b", "a"))
    for later, stars in ((0, 5), (60, 5), (DAY, 6)):
        run = write.begin(engine, repository, NOW)
        pulse = Pulse("u", "m", facts, Snapshot(NOW + later, stars), {"issues": 3})
        write_records.write_pulse(engine, repository, run, pulse, NOW + later)
    assert count(engine, snapshots) == 2
    assert revision(engine, repository) == 2
    write.confirm_forge(engine, repository, run, NOW, "m", {"reviews"})
    found = dict(contents(engine)["repositories"][0])
    assert (found["native_id"], found["totals"], found["forge_marker"]) == ("7", {"issues": 3}, "m")


def test_red_checks_are_dated_by_what_was_seen_before(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    facts = RepositoryFacts(native_id="7", archived=False)
    green, red = (
        lambda at: replace(facts, checks_passed_at=at),
        lambda at: replace(facts, checks_failing_since=at),
    )
    running = replace(facts, checks_pending=True)

    def seen(told: RepositoryFacts, at: int) -> tuple[int | None, int | None]:
        run = write.begin(engine, repository, at)
        write_records.write_pulse(engine, repository, run, Pulse("u", "m", told), at)
        write.confirm_forge(engine, repository, run, at, "m")
        stored = dict(contents(engine)["repositories"][0])["facts"]
        assert "checks_pending" not in stored
        return stored["checks_passed_at"], stored["checks_failing_since"]

    assert seen(red(NOW), NOW) == (None, NOW)  # as far back as is known
    assert seen(green(NOW + 1), NOW + 9) == (NOW + 1, None)
    assert seen(green(NOW + 1), NOW + 50) == (NOW + 1, None)
    assert seen(red(NOW + 60), NOW + 70) == (NOW + 50, NOW + 60)  # it passed until last looked at
    assert seen(running, NOW + 80) == (NOW + 50, NOW + 60)
    assert seen(red(NOW + 90), NOW + 95) == (NOW + 50, NOW + 60)  # another commit, red as before
    assert seen(facts, NOW + 100) == (None, None)  # there are no checks any more


def test_runs_and_notes_are_kept(engine: Engine) -> None:
    number = write.start_run(engine, "collect", NOW)
    write.finish_run(engine, number, NOW + 5, 0, {"read": 1})
    write.put_meta(engine, a="1")
    write.put_meta(engine, a="2")
    hosts.put_allowances(engine, [Allowance("token", "core", 4999, 5000, NOW)])
    found = contents(engine)
    assert dict(found["runs"][0])["exit_code"] == 0
    assert dict(found["meta"][0])["value"] == "2"


def test_ana_and_ben_are_stored_as_hashes_without_their_mail(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading([commit(1, ANA, co_authors=(BEN,))]))
    everything = repr(contents(engine))
    assert "example.sk" in everything
    assert "ana@" not in everything
    assert "ben@" not in everything
