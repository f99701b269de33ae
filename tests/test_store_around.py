"""What is stored around a portfolio, on each database: forks, owners' files, where things stand."""

from sqlalchemy import Engine, select

from collector.model import FileFact, ForkState
from collector.store import shelf
from collector.store.owners import owner_rows, put_owner
from collector.store.read_activity import activity
from collector.store.schema import repositories
from tests.stores import NOW, START, WHO, commit, portfolio, put_git, reading, revision, sha


def test_a_fork_keeps_where_it_stood_each_time_and_what_it_begins_with(engine: Engine) -> None:
    (number,) = portfolio(engine)
    for ahead in (1, 2, 2):
        state = ForkState(ahead, 0, START)
        put_git(engine, number, reading([commit(1, parents=0), commit(2)], fork=state))
    put_git(engine, number, reading([commit(3)], replaces=False))
    ((row, at, state),) = activity(engine, "app", WHO).fork_states
    assert (row, at, state) == (0, NOW, ForkState(2, 0, START))  # all in one moment: the last
    with engine.connect() as connection:
        assert connection.execute(select(repositories.c.root)).scalar() == sha(1)
    assert shelf.configured(engine, ()).roots == {sha(1).hex(): "https://github.com/city/app"}


def test_an_owners_files_stand_before_the_repositorys_own_and_a_change_is_measured(
    engine: Engine,
) -> None:
    keys = ("https://github.com/city/app", "https://github.com/other/app")
    mine, other = portfolio(engine, *keys)
    owner, there = "https://github.com/city", "https://github.com/city/.github"
    before = revision(engine, mine), revision(engine, other)
    files = (FileFact("SECURITY", "SECURITY.md", START), FileFact("LICENSE", "LICENSE", START))
    for _ in range(2):
        put_owner(engine, owner, there, NOW, there=True, cursor="c", files=files)
    assert (revision(engine, mine), revision(engine, other)) == (before[0] + 1, before[1])
    found = {r.url: r.files for r in activity(engine, "app", WHO).repositories}
    assert [fact.place for fact in found[keys[0]]] == [f"{there}: SECURITY.md"]
    assert found[keys[1]] == ()
    put_owner(engine, owner, there, NOW + 1, there=False, cursor=None, files=())
    assert not owner_rows(engine)[owner].there
    assert activity(engine, "app", WHO).repositories[0].files == ()
