"""Whatever collected text and addresses say, pages stand and nothing of it becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Text, create_engine, select, update
from sqlalchemy import text as sql

from dashboard.pages import PAGES, collected, ospos, people
from dashboard.sections import SECTIONS
from tests.dashboard_app import markup, open_page
from tests.dashboard_data import build

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>**b** [l](javascript:alert(3)) `c`"
FORMULA = "=cmd|' /C calc'!A0"
TURNED = "\u202egnp.exe\u2066\u200b\x00\x1b[31m"
HOSTILE = f"{FORMULA}{MARKUP}{TURNED}" + "A" * 10_000
KEPT = {
    ("meta", "key"), ("projects", "key"), ("projects", "ospo"), ("ospos", "id"),
    ("repositories", "key"), ("what_if", "without"), ("pack_results", "pack"),
}  # fmt: skip
MEANING = frozenset({
    "kind", "relation", "status", "state", "result", "answer", "key", "metric", "unit", "level",
    "indicator", "before", "after", "about", "without", "id", "rule", "project", "decision",
    "threshold_source", "question",
})  # fmt: skip
"""Codes of our own: what they say is not collected. Hostile ones are tried by themselves."""
VIEWS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    *((path, {}) for path, _title, _page in PAGES if path not in ("method", "about")),
    *(("project", {"p": "project-1", "s": code}) for code, _title, _section in SECTIONS),
    ("project", {"p": "project-3", "s": "going"}),
    *(("data", {"s": code}) for code in collected.SECTIONS),
    *(("people", {"s": code}) for code in people.SECTIONS),
    *(("ospos", {"s": code}) for code in ospos.SECTIONS),
    ("", {"picture": "time", "all": "true"}),
    ("compare", {"p": ["project-1", "project-3"]}),
    ("what-if", {"without": "supplier:supplier-x"}),
)


def poison(connection: Connection, meaning: bool) -> None:
    """Write the hostile text wherever a database keeps text, into values of JSON too."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name == "alembic_version":
            continue
        for row in connection.execute(select(table)).mappings():
            changed: dict[str, object] = {}
            for column in table.columns:
                value = row[column.name]
                if isinstance(value, dict | list):
                    changed[column.name] = _inside(value, meaning)
                elif (
                    isinstance(value, str)
                    and isinstance(column.type, Text)
                    and (table.name, column.name) not in KEPT
                ):
                    changed[column.name] = _text(value, meaning)
            if changed:
                same = [each == row[each.name] for each in table.primary_key]
                connection.execute(update(table).where(*same).values(changed))


def _text(value: str, meaning: bool) -> str:
    if value.startswith(("{", "[")):
        return json.dumps(_inside(json.loads(value), meaning))
    return HOSTILE + value  # where names must differ they still do


def _inside(value: Any, meaning: bool, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _inside(inner, meaning, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_inside(inner, meaning, key) for inner in value]
    if isinstance(value, str) and (meaning or key not in MEANING):
        return HOSTILE
    return value


def _harmless(url: str, path: str, query: dict[str, str | list[str]]) -> None:
    app = open_page(url, path, **query)
    page, where = markup(app), (path, query)
    for bad in ("<img", "<script", 'href="javascript', "\u202e", "\u2066", "\x1b", "A" * 5000):
        assert bad not in page, (where, bad)
    assert not app.markdown, where
    assert not app.error, where


def _poisoned(folder: Path, meaning: bool) -> str:
    """A portfolio in which every text is hostile; with ``meaning`` our own codes too."""
    url = build(folder / "portfolio.db", 4, years=1)
    engine = create_engine(url)
    with engine.begin() as connection:
        poison(connection, meaning)
    engine.dispose()
    return url


def test_every_page_stands_whatever_every_text_says(tmp_path: Path) -> None:
    poisoned = _poisoned(tmp_path, meaning=False)
    for path, query in VIEWS:
        _harmless(poisoned, path, query)
    assert "=cmd|" in markup(open_page(poisoned, "projects"))


def test_every_page_stands_whatever_our_own_codes_say(tmp_path: Path) -> None:
    url = _poisoned(tmp_path, meaning=True)
    for path, query in VIEWS[:16]:
        _harmless(url, path, query)


# ---------------------------------------------------------------- the address

PARAMETERS = (
    "p", "s", "m", "q", "lang", "at", "as_of", "group", "records", "span", "ospo", "status", "risk",
    "sort", "page", "part", "picture", "all", "entries", "without", "find", "nothing_like_it",
)  # fmt: skip
VALUES = (HOSTILE[:2000], "-1", "9" * 21, "%00/../../etc/passwd", "NaN")


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("asked") / "portfolio.db", 60, years=1, ospos=2)


def _asked(turn: int) -> Iterator[tuple[str, dict[str, str | list[str]]]]:
    """Each parameter with one of the values, another at each turn."""
    wild = {name: VALUES[(turn + at) % len(VALUES)] for at, name in enumerate(PARAMETERS)}
    for path, _title, _page in PAGES:
        if path not in ("method", "about") or not turn:
            yield path, dict(wild)
    yield "project", {**wild, "p": "project-3", "m": "commits"}
    yield "project", {**wild, "p": "project-3", "m": ""}
    yield "data", {**wild, "s": "coverage"}
    yield "", {**wild, "all": "true"}
    yield "compare", {"p": [wild["p"], "project-1", wild["m"], "project-2"]}


@pytest.mark.parametrize("turn", range(4))
def test_every_page_answers_whatever_its_address_asks(some: str, turn: int) -> None:
    for path, query in _asked(turn):
        _harmless(some, path, query)


def test_every_parameter_a_page_reads_is_tried() -> None:
    """A page that reads another parameter is tried with hostile ones too."""
    import re

    read = set()
    for file in (Path(__file__).parent.parent / "dashboard").rglob("*.py"):
        written = file.read_text(encoding="utf-8")
        read |= set(re.findall(r'key="(\w+)",\s*bind="query-params"', written))
        read |= set(re.findall(r'query_params\.get(?:_all)?\(\s*"(\w+)"', written))
        calls = r'(?:sections|one_of|any_of|code_of|some_of|asked_code)\([^()]*?"(\w+)"\s*[,)]'
        read |= {name for name in re.findall(calls, written) if name.islower()}
    assert read <= set(PARAMETERS), read - set(PARAMETERS)


def test_a_database_that_is_none_is_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 500)
    page = markup(open_page(f"sqlite:///{tmp_path / 'broken.db'}"))
    assert "There is no database to read" in page


def test_a_collection_that_writes_meanwhile_disturbs_no_page(tmp_path: Path) -> None:
    """A writer holds its transaction open: pages read what stood before, and wait for nobody."""
    url = build(tmp_path / "busy.db", 5, years=1)
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(sql("PRAGMA journal_mode=WAL"))
        connection.commit()
        connection.execute(sql("UPDATE projects SET name = 'half written'"))
        for path, query in VIEWS[:10]:
            assert "half written" not in markup(open_page(url, path, **query))
        connection.rollback()
    engine.dispose()
