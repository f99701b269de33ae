"""The list of projects that SQL finds is the one that plain Python finds, on either database."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, select, update

from collector.judgement.open_data import PERSONAL
from collector.store import find, lines, past, read_charts, schema
from collector.store import read_dashboard as read
from collector.store.find import Seen, Wanted
from collector.store.schema_lines import project_lines
from dashboard import data
from dashboard.data import PER_PAGE, ProjectRow, Source
from dashboard.open_data import OpenSource
from dashboard.past import FIGURES, PastSource
from tests.dashboard_app import open_page, text
from tests.dashboard_data import NOW, build

MONTHS = (1_760_000_000, 1_762_000_000, 1_764_000_000)
STATUSES = ("abandoned", "slowing", "at_rest", "unknown", "new", "quiet", "active", "retired")
RISKS = ("high", "raised", "low")
NAMES = (
    "Čaj",
    "caj",
    "CAJ",
    "Straße",
    "strasse",
    "100%_a",
    "Zoo",
    "İstanbul",
    "ﬁne",
    "a/b\\c",
    "ℂity",
)
TEXTS = (
    "",
    "CAJ",
    "stras",
    "%",
    "_a",
    "/",
    "\\",
    "praha zoo",
    "fine",
    "istanbul",
    "p1",
    "city",
    "  ",
)
ORDERS = ("attention", "name", *find.ORDERS, "no such order")


def _folded(given: str) -> str:
    split = unicodedata.normalize("NFKD", given.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)).casefold()


def _number(row: ProjectRow, key: str) -> float | None:
    value = row.summary.get(key)
    return float(value) if isinstance(value, int | float) else None


def plain(rows: Sequence[ProjectRow], wanted: Wanted) -> list[int]:
    """What is asked for, by loops over all rows."""
    sought = _folded(wanted.text).split()
    kept = [
        row
        for row in rows
        if wanted.ospo in ("", row.ospo)
        and (not wanted.statuses or row.status in wanted.statuses)
        and wanted.risk in ("", row.risk)
        and all(word in _folded(f"{row.name} {row.key} {row.ospo}") for word in sought)
    ]
    kept.sort(key=lambda row: (_folded(row.name), row.key))
    attention = ["abandoned", "slowing", "at_rest", "unknown", "new", "quiet", "active"]

    def by(key: str, sign: int) -> Callable[[ProjectRow], tuple[object, ...]]:
        return lambda row: (_number(row, key) is None, sign * (_number(row, key) or 0))

    def gravest(row: ProjectRow) -> tuple[object, ...]:
        status = attention.index(row.status) if row.status in attention else 99
        return status, ("high", "raised", "low", "").index(row.risk), -(row.criticality or 0)

    keys = {
        "attention": gravest,
        "commit": by("days_since_last_commit", 1),
        "people": by("contributors", -1),
        "few": by("contributor_absence_factor", 1),
        "wait": by("first_answer_wait", -1),
    }
    if wanted.order in keys:
        kept.sort(key=keys[wanted.order])  # type: ignore[arg-type]
    return [row.id for row in kept]


def _fill(engine: Engine, chance: random.Random, count: int = 40) -> None:
    """Projects with few different values, so that many are equal."""

    def figures() -> dict[str, float | None]:
        return {key: chance.choice([None, 1, 2, 2.5, 30]) for key in FIGURES}

    def verdict() -> dict[str, object]:
        told = {"status": chance.choice(STATUSES), "risk": chance.choice(RISKS)}
        return {**told, "criticality": chance.choice([None, 4, 7])}

    projects, judged, months, history = [], [], [], []
    for number in range(1, count + 1):
        told = {
            "id": number,
            "name": chance.choice(NAMES),
            "ospo": chance.choice(["Praha", "brno"]),
        }
        settings: dict[str, object] = {"project": {}}
        hidden = chance.random() < 0.1
        projects.append({**told, "key": f"p{number}", "settings": settings, "hidden": hidden})
        if chance.random() < 0.9:
            opened = {"risk": chance.choice(RISKS), "questions": {}}
            summary = {**figures(), **({"open": opened} if chance.random() < 0.9 else {})}
            row = {"project_id": number, "as_of": MONTHS[2], **verdict()}
            judged.append({**row, "judgement": {}, "summary": summary})
        for at in MONTHS[chance.randrange(4) :]:
            row = {"project_id": number, "as_of": at, **verdict()}
            months.append({**row, "reason": {}, "answers": {}})
            history += [
                {"project_id": number, "metric": key, "as_of": at, "value": value, "state": "ok"}
                for key, value in figures().items()
            ]
    private = [1, 2, 3]
    repositories = [
        {"key": f"r{n}", "url": f"https://host/r{n}", "host": "host", "kind": "git", "settings": {},
         "project_id": n, "facts": {"private": True}} for n in private
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(schema.projects), projects)
        connection.execute(insert(schema.repositories), repositories)
        connection.execute(insert(schema.judgements), judged)
        connection.execute(insert(schema.status_history), months)
        connection.execute(insert(schema.metric_history), history)
        lines.follow(connection)


def _doors(engine: Engine) -> Iterator[tuple[Seen, Sequence[ProjectRow]]]:
    """What each door shows, with all of its rows."""
    from dashboard.open_data import _open_row
    from dashboard.past import _row

    for private in (True, False):
        today = read.project_rows(engine, private=private)
        yield Seen(private), today
        yield Seen(private, open=True, closed=PERSONAL), tuple(map(_open_row, today))
        for at in (MONTHS[0] - 1, MONTHS[1], MONTHS[2] + 5):
            told = read_charts.values_at(engine, FIGURES, (at,))
            figures = {key: found for (key, _at), found in told.items()}
            then = {one.project_id: one for one in past.portfolio_at(engine, at)}
            rows = [row for row in today if row.id in then]
            yield Seen(private, at=at), [_row(r, then[r.id], at, figures, False) for r in rows]
            public = {key: found for key, found in figures.items() if key not in PERSONAL}
            door = Seen(private, open=True, closed=PERSONAL, at=at)
            yield door, [_row(r, then[r.id], at, public, True) for r in rows]


def _asked(chance: random.Random) -> Iterator[Wanted]:
    for order in ORDERS:
        yield Wanted(order=order)
        for _ in range(2):
            statuses = tuple(chance.sample(STATUSES, chance.randrange(4)))
            risk, ospo = chance.choice(["", "high", "low"]), chance.choice(["", "", "brno"])
            yield Wanted(chance.choice(TEXTS), statuses, risk, ospo, order)


def test_sql_finds_orders_counts_and_pages_as_plain_python_does(engine: Engine) -> None:
    chance = random.Random(11)
    _fill(engine, chance)
    compared = 0
    for seen, rows in _doors(engine):
        assert find.counts(engine, seen) == Counter(row.status for row in rows)
        for wanted in _asked(chance):
            expected = plain(rows, wanted)
            assert find.ids(engine, seen, wanted) == expected, (seen, wanted)
            assert find.count(engine, seen, wanted) == len(expected)
            start = chance.randrange(0, 42, 7)
            assert find.ids(engine, seen, wanted, 7, start) == expected[start : start + 7]
            compared += len(expected)
    assert compared > 1_000


def test_a_line_follows_its_project_through_new_names_hiding_and_a_new_judgement(
    engine: Engine,
) -> None:
    _fill(engine, random.Random(3))
    p, j = schema.projects, schema.judgements
    with engine.begin() as connection:
        connection.execute(update(p).where(p.c.id == 4).values(name="Ťava", hidden=False))
        connection.execute(update(p).where(p.c.id == 5).values(ospo="Košice", hidden=False))
        connection.execute(update(p).where(p.c.id == 6).values(hidden=True))
        lines.follow(connection)
        connection.execute(update(j).where(j.c.project_id == 4).values(status="new", risk="low"))
        lines.write(connection, [4, 6])
        stored = {row.project_id: row for row in connection.execute(select(project_lines))}
        shown = set(connection.execute(select(p.c.id).where(p.c.hidden.is_(False))).scalars())
    assert stored.keys() == shown
    assert (stored[4].name, stored[4].status, stored[4].risk) == ("tava", "new", "low")
    assert stored[5].ospo == "Košice"
    assert "kosice" in stored[5].sought


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("many") / "many.db", 2 * PER_PAGE + 10, years=1)


def _source(url: str) -> Source:
    found = data.look(url).source
    assert found is not None
    return found


def test_a_page_holds_whole_rows_in_order_and_all_pages_hold_each_project_once(url: str) -> None:
    today = _source(url)
    doors = (today, OpenSource(today.url, today.freshness), PastSource(
        today.url, today.freshness, base=today, at=today.first_month() or 0))  # fmt: skip
    for source in doors:
        wanted = Wanted(order="wait")
        pages = [source.page(wanted, number) for number in (1, 2, 3)]
        assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, source.count(wanted) - 100]
        assert [row for page in pages for row in page] == list(source.each(wanted))
        assert source.page(wanted, 4) == ()


@pytest.mark.parametrize("number", ["0", "-3", "99", "x"])
def test_a_page_that_is_none_shows_projects_all_the_same(url: str, number: str) -> None:
    assert "110 projects" in text(open_page(url, "projects", page=number))


def test_a_filter_that_finds_nothing_says_so_beyond_the_first_page_too(url: str) -> None:
    page = open_page(url, "projects", q="no such project", page="2")
    assert "0 of 110 projects" in text(page)
    assert not page.get("download_button")


def test_a_pass_that_finishes_between_two_pages_shows_its_own_figures_on_the_second(
    tmp_path: Path,
) -> None:
    url = build(tmp_path / "pass.db", PER_PAGE + 10, years=1)
    page = open_page(url, "projects", sort="name")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(update(schema.projects).values(name="Renamed"))
        run = {"kind": "collect", "started": NOW + 86_400, "finished": NOW + 90_000}
        connection.execute(insert(schema.runs), run | {"exit_code": 0})
        lines.follow(connection)
    engine.dispose()
    page.query_params["page"] = "2"
    said = text(page.run())
    assert "Renamed" in said
    assert "CityVizor" not in said
