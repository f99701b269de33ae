"""Twenty thousand projects: what pages hold and read stays small, and says the same."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine, insert, select

from collector.store import read_charts, schema
from collector.store import read_dashboard as read
from collector.store.packed import Packed
from dashboard import position
from tests.dashboard_app import markup, open_page
from tests.dashboard_data import NOW, _months, build

TOLD = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=8,
)
COPIED = ("ospos", "runs", "projects", "repositories", "judgements", "status_history",
          "project_series", "what_if")  # fmt: skip


@given(some.dictionaries(some.text(), TOLD))
def test_a_packed_object_is_read_like_the_object(given: dict[str, object]) -> None:
    packed = Packed.of(given)  # type: ignore[arg-type]
    assert packed == given
    assert Packed(json.dumps(given)) == given
    assert {**packed} == given
    assert packed.get("no such key") == given.get("no such key")


@given(some.none() | some.just("null") | some.just("[1]") | some.just('"text"'))
def test_what_is_no_object_is_packed_as_an_empty_one(text: str | None) -> None:
    assert Packed(text) == {}


def _filled(engine: Engine, folder: Path) -> Engine:
    """Copy an invented portfolio into the database that is tested."""
    from sqlalchemy import create_engine

    made = create_engine(build(folder / "made.db", 30, years=3))
    with made.connect() as source, engine.begin() as target:
        for name in COPIED:
            table = getattr(schema, name)
            rows = [dict(row._mapping) for row in source.execute(select(table))]
            if rows:
                target.execute(insert(table), rows)
    return engine


def test_turns_of_the_status_say_what_all_its_months_say(engine: Engine, tmp_path: Path) -> None:
    _filled(engine, tmp_path)
    rows = read.project_rows(engine)
    whole = [point for row in rows for point in read.statuses(engine, row.id)]
    turns = read_charts.turns(engine)
    assert len(turns) < len(whole) / 3
    dates = _months(4)
    assert position.at_dates(turns, dates) == position.at_dates(whole, dates)
    for now in (*dates, NOW, NOW + 40 * 86_400):
        assert position.changes(turns, rows, now) == position.changes(whole, rows, now)


def test_packed_rows_equal_what_is_stored(engine: Engine, tmp_path: Path) -> None:
    _filled(engine, tmp_path)
    with engine.connect() as connection:
        told = {row.id: row.settings for row in connection.execute(select(schema.projects))}
        said = {
            row.project_id: row.summary for row in connection.execute(select(schema.judgements))
        }
        c = schema.project_series.c
        carried = select(c.project_id, c.data).where(c.key == "holders")
        holders = {row.project_id: row.data for row in connection.execute(carried)}
    rows = read.project_rows(engine)
    assert {row.id: row.settings for row in rows} == told
    assert {row.id: row.summary for row in rows} == said
    assert {row.id: row.relation for row in rows} == {
        key: settings["project"]["relation"] for key, settings in told.items()
    }
    assert dict(read_charts.series_everywhere(engine, "holders")) == holders


def test_no_page_lists_more_than_a_page_of_projects(tmp_path: Path) -> None:
    url = build(tmp_path / "many.db", 320, years=1)
    views: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
        ("what-if", {"without": "supplier:supplier-x"}),
        ("people", {"s": "persons"}),
        ("people", {"s": "suppliers"}),
        ("projects", {}),
        ("data", {}),
    )
    for path, query in views:
        app = open_page(url, path, settings=None, **query)
        assert len(markup(app)) < 150_000, (path, query, len(markup(app)))
        assert markup(app).count("<tr") <= 56, (path, query)  # fifty, heads, a small table
