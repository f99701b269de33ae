"""What charts are drawn from is read alike from both databases."""

from __future__ import annotations

from sqlalchemy import Engine, insert

from collector.store import read_charts as read
from collector.store.schema import (
    metric_history,
    metric_values,
    ospos,
    project_series,
    projects,
    repositories,
    status_history,
)

JULY, AUGUST = 1_751_328_000, 1_754_006_400


def fill(engine: Engine) -> None:
    """Three projects of one OSPO, the third with a private repository, and what was measured."""
    rows = [
        {"id": n, "key": f"p{n}", "ospo": "city", "name": f"P{n}", "settings": {}, "hidden": n == 9}
        for n in (1, 2, 3, 9)
    ]
    private = {
        "id": 3, "key": "r", "url": "https://x.example/r", "host": "x.example", "kind": "git",
        "project_id": 3, "settings": {}, "hidden": False, "state": "ok", "run_id": 0,
        "complete": True, "revision": 0, "facts": {"private": True},
    }  # fmt: skip
    told = [
        {"project_id": n, "key": "holders", "as_of": AUGUST, "data": {"credits": n}}
        for n in (1, 2, 9)
    ]
    history = [
        {"project_id": n, "metric": "users", "as_of": at, "value": value, "state": state}
        for n, at, value, state in (
            (1, JULY, 1.0, "ok"), (1, AUGUST, 2.0, "ok"), (2, AUGUST, None, "unknown"),
        )
    ]  # fmt: skip
    now = [
        {"project_id": n, "metric": "users", "as_of": AUGUST, "value": value, "state": "ok",
         "version": 1} for n, value in ((1, 3.0), (2, None))
    ]  # fmt: skip
    judged = [
        {"project_id": n, "as_of": AUGUST, "status": "active", "reason": {}, "answers": answers}
        for n, answers in ((1, {"work": "met"}), (2, None), (3, {"work": "met"}))
    ]
    with engine.begin() as connection:
        connection.execute(insert(ospos), [{"id": "city", "name": "City", "settings": {"a": 1}}])
        for table, given in (
            (projects, rows), (repositories, [private]), (project_series, told),
            (metric_history, history), (metric_values, now), (status_history, judged),
        ):  # fmt: skip
            connection.execute(insert(table), given)


def test_series_are_read_of_one_project_and_of_all_that_are_shown(engine: Engine) -> None:
    fill(engine)
    assert read.series(engine, 1) == {"holders": {"credits": 1}}
    assert list(read.series_everywhere(engine, "holders")) == [
        (1, {"credits": 1}),
        (2, {"credits": 2}),
    ]
    assert [(row.key, row.settings) for row in read.ospo_rows(engine)] == [("city", {"a": 1})]


def test_values_are_read_now_and_at_a_month_where_there_are_any(engine: Engine) -> None:
    fill(engine)
    assert read.spread(engine, "city", ["users"], None) == {"users": [(1, 3.0)]}
    assert read.spread(engine, "city", ["users"], AUGUST) == {"users": [(1, 2.0)]}
    assert read.spread(engine, "village", ["users"], None) == {}
    assert read.values_at(engine, ["users"], [AUGUST]) == {("users", AUGUST): {1: 2.0}}
    assert [(p.as_of, p.value) for p in read.history_at(engine, 1, [JULY])] == [(JULY, 1.0)]
    found = read.history_of(engine, [1, 2], ["users"])
    assert {key: [p.value for p in points] for key, points in found.items()} == {
        1: [1.0, 2.0],
        2: [None],
    }


def test_answers_are_counted_by_the_database_and_missing_ones_are_not_known(
    engine: Engine,
) -> None:
    fill(engine)
    counted = read.answers_at(engine, "city", [AUGUST], ["work", "paid"], True)
    assert counted == {
        (AUGUST, "work"): {"met": 2, "unknown": 1},
        (AUGUST, "paid"): {"unknown": 3},
    }
    public = read.answers_at(engine, "city", [AUGUST], ["work"], False)
    assert public == {(AUGUST, "work"): {"met": 1, "unknown": 1}}
