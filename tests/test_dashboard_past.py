"""The pages as of a past month: all that is on them is of that date, and says so."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from collector import config
from collector.judgement.open_data import PERSONAL
from collector.metrics.windows import month_start
from collector.store import read_charts
from dashboard import data, explaining
from dashboard.data import Source, Wanted
from dashboard.open_data import opened
from dashboard.past import FIGURES, PastSource, code, months
from dashboard.settings import Settings, from_config
from tests.collected import collect
from tests.dashboard_app import markup, open_page, text
from tests.dashboard_data import NOW, build
from tests.gitmake import T0, Maker

DAY = 86_400
THEN = "2025-06"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("past") / "some.db", 14, ospos=2)


@pytest.fixture
def source(url: str) -> Source:
    found = data.look(url).source
    assert found is not None
    return found


def past(base: Source, at: int, *, open_: bool = False) -> PastSource:
    return PastSource(base.url, base.freshness, base.private, base=base, at=at, open=open_)


def test_each_month_has_the_statuses_that_history_has(source: Source) -> None:
    for at in months(source, NOW).values():
        counted = Counter(row.status for row in past(source, at).projects() if row.as_of == at)
        assert counted == Counter(source.statuses_at((at,))[0])


def test_every_figure_is_that_of_the_month(source: Source) -> None:
    at = months(source, NOW)[THEN]
    stored = read_charts.values_at(data.engine(source.url), FIGURES, (at,))
    then = past(source, at)
    rows = then.rows_of([row.id for row in then.projects()])
    for key in FIGURES:
        shown = {row.id: row.summary[key] for row in rows if key in row.summary}
        assert shown == {i: v for i, v in stored.get((key, at), {}).items() if i in shown}
        assert len(shown) == len(stored.get((key, at), {}))


def test_months_are_offered_from_the_first_one_known_to_that_of_today(source: Source) -> None:
    offered = months(source, NOW)
    assert next(iter(offered)) == "2026-11"
    assert min(offered.values()) == source.first_month()
    assert all(code(at) == key for key, at in offered.items())


@pytest.mark.parametrize("path", ["", "projects", "project"])
def test_a_page_of_the_past_says_so_and_leads_back(url: str, path: str) -> None:
    page = open_page(url, path, at=THEN, p="project-3")
    assert "This is the past: how it stood at the start of June 1, 2025." in text(page)
    assert "Data as of June 1, 2025" in text(page)
    back = re.findall(r'<a href="\?([^"]*)">Back to today</a>', markup(page))
    assert len(back) == 1
    assert "at=" not in back[0]


def test_links_keep_the_month(url: str) -> None:
    for path in ("", "projects"):
        found = re.findall(r'href="(project\?p=[^"]*)"', markup(open_page(url, path, at=THEN)))
        assert found
        assert all(f"at={THEN}" in href for href in found)


@pytest.mark.parametrize("asked", ["2031-01", "1999-01", "yesterday", "2025-13", "<b>"])
def test_a_month_of_which_nothing_is_known_is_said_and_today_is_shown(url: str, asked: str) -> None:
    said = text(open_page(url, "", at=asked))
    assert f"“{asked}” is no month of which anything is known" in said
    assert "Data as of November 23, 2026" in said


def test_a_month_chosen_stands_in_the_address(url: str) -> None:
    page = open_page(url)
    (choice,) = [box for box in page.selectbox if box.label == "As it was on"]
    page = choice.set_value("2026-03").run()
    assert page.query_params["at"] == "2026-03"
    assert "March 1, 2026" in text(page)


def test_open_data_of_the_past_tells_nothing_of_people(url: str) -> None:
    state = opened(data.look(url))
    assert state.source is not None
    at = months(state.source, NOW)[THEN]
    then = past(state.source, at, open_=True)
    for row in then.each(Wanted()):
        assert not row.risk
        assert not PERSONAL & set(row.summary)
        assert "survive" not in row.summary["questions"]  # type: ignore[operator]
        assert not PERSONAL & set(then.values(row.id))


# ---------------------------------------------------------------- judged anew from the records


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("judged")
    made, before = Maker(folder / "app"), None
    for week in range(60):
        author = b"Bea <bea@example.org>" if week % 3 else b"Ada <ada@example.org>"
        before = made.commit([before] if before else [], time=T0 + week * 7 * DAY, author=author)
    collected = collect(folder, {"app": made.write()})
    return from_config(config.load(collected.folder / "config"))


def month_after(days: int) -> str:
    """The month in which so many days after the first commit lie."""
    return code(T0 + days * DAY)


def test_a_project_of_the_past_is_judged_from_what_had_happened(known: Settings) -> None:
    asked = month_after(300)
    said = text(open_page(known.database_url, "project", settings=known, p="app", at=asked))
    assert "Care within its rhythm" in said
    assert "Somebody looked after it" in said or "somebody looked after it" in said
    today = text(open_page(known.database_url, "project", settings=known, p="app"))
    assert "Nobody has looked after it for" in today


def test_the_stored_and_the_newly_made_judgement_agree(known: Settings) -> None:
    found = data.look(known.database_url).source
    assert found is not None
    for at in list(months(found, NOW).values())[::7]:
        row = next(iter(past(found, at).projects()), None)
        if row is None:
            continue
        made = explaining.judged_at(known, found.freshness.stamp, "app", at)
        assert made is not None
        assert (made["status"], made["risk"]) == (row.status, row.risk)
        answers = {one["key"]: one["answer"] for one in made["questions"]}  # type: ignore[union-attr,index,call-overload]
        assert answers == row.summary["questions"]


def test_a_project_of_the_past_shows_its_charts_as_of_then(known: Settings) -> None:
    asked = month_after(300)
    page = open_page(known.database_url, "project", settings=known, p="app", at=asked)
    said = text(page)
    for told in ("What happened when", "Work by month", "only their present state is kept"):
        assert told in said
    (_at,) = [at for at in (month_start(n) for n in range(600)) if code(at) == asked]
    drawn = [chart.proto.spec for chart in page.get("vega_lite_chart")]
    assert len(drawn) == 2
    later = {f"{year}-" for year in range(2019, 2030)}
    assert not [day for day in later for spec in drawn if f'"at": "{day}' in spec]
    weeks = sum(T0 + week * 7 * DAY < _at for week in range(60))
    assert f"Based on: {weeks} commits." in said
    people = open_page(known.database_url, "project", settings=known, p="app", at=asked, s="people")
    assert "How the work is spread" in text(people)
    public = replace(known, access="public")
    said = text(
        open_page(known.database_url, "project", settings=public, p="app", at=asked, s="people")
    )
    assert "How the work is spread" not in said


def test_before_it_began_a_project_says_so(known: Settings, url: str, tmp_path: Path) -> None:
    found = data.look(known.database_url).source
    assert found is not None
    first = found.first_month()
    assert first is not None
    assert month_start(0) < first
    young = build(tmp_path / "young.db", 14, seed=11)
    source = data.look(young).source
    assert source is not None
    everybody = {row.key for row in source.projects()}
    for asked, at in reversed(months(source, NOW).items()):
        missing = everybody - {row.key for row in past(source, at).projects()}
        if missing:
            said = text(open_page(young, "project", p=min(missing), at=asked))
            assert "It had not begun" in said
            return


def test_without_the_records_the_answers_are_shown_alone(known: Settings) -> None:
    bare = replace(known, records=None)
    asked = month_after(300)
    said = text(open_page(bare.database_url, "project", settings=bare, p="app", at=asked))
    assert "Is work going on?" in said
    assert "Care within its rhythm" not in said
