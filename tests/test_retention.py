"""``retention_months``: the fact stays, the person goes, the stored past stays as it was."""

from pathlib import Path

from sqlalchemy import Engine, select

from collector import clock, config
from collector.history import values_at
from collector.measure import measure_all, task
from collector.metric import State
from collector.metrics.remembering import LOOKS_BACK
from collector.rulepack import Checklists
from collector.run import forget
from collector.store import past, read
from collector.store.forget import NOBODY, forget_people
from collector.store.read_activity import activity
from collector.store.schema import (
    accounts,
    commit_credits,
    commits,
    items,
    metric_history,
    responses,
    status_history,
)
from tests.activities import at
from tests.stores import ANA, BEN, DAY, RENOVATE, START, WHO, commit, portfolio, put_git, reading

END = START + 3000 * DAY
CUTOFF = START + 1800 * DAY


def worked(engine: Engine) -> int:
    """Eight years of two people and a bot: Ben left long ago."""
    (repository,) = portfolio(engine)
    made = [commit(n, ANA, 10 * n) for n in range(300)]
    made += [commit(1000 + n, BEN, 5 * n, co_authors=(ANA,)) for n in range(200)]
    made += [commit(2000 + n, RENOVATE, 100 * n) for n in range(30)]
    put_git(engine, repository, reading(made))
    return repository


def measured(engine: Engine, as_of: int, *, anew: bool = True) -> None:
    state = read.project_states(engine)[0]
    found = task(state, "configured", (), Checklists(), as_of, anew=anew)
    assert found is not None
    measure_all(engine, [found], WHO, as_of)


def rows(engine: Engine, table: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(table))), key=str)  # type: ignore[call-overload]


def judgements(engine: Engine) -> list[tuple[object, ...]]:
    """Without what they rest on, which is another now."""
    return [row[:-2] for row in rows(engine, status_history)]


def test_who_did_it_is_forgotten_and_that_it_was_done_is_not(engine: Engine) -> None:
    worked(engine)
    before = activity(engine, "app", WHO)
    assert forget_people(engine, CUTOFF) > 0
    with engine.connect() as connection:
        old = set(connection.scalars(select(commits.c.author).where(commits.c.arrival < CUTOFF)))
        kinds = {row.id: row.kind for row in connection.execute(select(accounts))}
        named = connection.execute(select(commit_credits)).all()
    assert {kinds.get(author, "gone") for author in old} == {1, "gone"} or NOBODY in old
    assert len(kinds) == 2  # Ana, who still works, and the bot; nothing refers to Ben any more
    assert named == []
    after = activity(engine, "app", WHO)
    for key in ("commits", "commit_frequency", "bot_share", "active_weeks_ratio"):
        early = CUTOFF - 300 * DAY
        assert (
            values_at(before, early, [key])[key].value == values_at(after, early, [key])[key].value
        )
    assert forget_people(engine, CUTOFF) == 0


def test_what_would_have_to_look_back_too_far_is_unknown_with_the_reason(engine: Engine) -> None:
    worked(engine)
    forget_people(engine, CUTOFF)
    records = activity(engine, "app", WHO)
    for days, known in ((400, True), (300, False)):
        found = values_at(records, CUTOFF + days * DAY, LOOKS_BACK)
        assert (found["committers"].state is State.OK) is known
    assert str(found["committers"].reason) == (
        f"who did what before {clock.datetime.fromtimestamp(CUTOFF, clock.UTC).date()}"
        " is not kept any more"
    )
    assert found["new_contributors"].state is State.UNKNOWN


def test_the_stored_past_is_the_same_after_forgetting_and_measuring_anew(engine: Engine) -> None:
    worked(engine)
    measured(engine, END)
    history, judged = rows(engine, metric_history), judgements(engine)
    events = past.changes(engine)
    forget_people(engine, CUTOFF)
    measured(engine, END)
    assert rows(engine, metric_history) == history
    assert judgements(engine) == judged
    assert past.changes(engine) == events
    measured(engine, END + 40 * DAY)
    assert set(history) <= set(rows(engine, metric_history))
    assert [row for row in judgements(engine) if row in judged] == judged


def test_items_that_still_move_keep_their_people(engine: Engine) -> None:
    worked(engine)
    with engine.begin() as connection:
        for native_id, updated in (("old", CUTOFF - DAY), ("moving", CUTOFF + DAY)):
            connection.execute(items.insert().values(
                repository_id=1, native_id=native_id, kind=0, number=1, author=77,
                created=CUTOFF - 50 * DAY, updated=updated, draft=False))  # fmt: skip
            connection.execute(responses.insert().values(
                repository_id=1, native_id=f"r{native_id}", item=native_id, kind=0,
                at=CUTOFF - 40 * DAY, actor=78, actor_given=True))  # fmt: skip
    forget_people(engine, CUTOFF)
    with engine.connect() as connection:
        authors = dict(connection.execute(select(items.c.native_id, items.c.author)).all())
        actors = dict(connection.execute(select(responses.c.item, responses.c.actor)).all())
    assert authors == {"old": None, "moving": 77}
    assert actors == {"old": None, "moving": 78}


def test_configuration_says_from_which_month_on_people_are_known(
    engine: Engine, tmp_path: Path
) -> None:
    worked(engine)
    (tmp_path / "config" / "portfolios").mkdir(parents=True)
    file = tmp_path / "config" / "ospo-vitals.yaml"
    file.write_text("privacy: {retention_months: null}\n")
    forget(engine, config.load(tmp_path / "config", {}), END)
    assert activity(engine, "app", WHO).people_since is None
    file.write_text("privacy: {retention_months: 36}\n")
    forget(engine, config.load(tmp_path / "config", {}), at("2026-11-25"))
    assert activity(engine, "app", WHO).people_since == at("2023-11-01")
    assert clock.months_before(at("2026-01-31"), 13) == at("2024-12-01")
