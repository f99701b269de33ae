"""From a figure to the records behind it, on pages over a portfolio that was really collected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from collector import config
from dashboard.settings import Settings, from_config
from tests.collected import collect
from tests.dashboard_app import markup, open_page, text
from tests.gitmake import T0, Maker

DAY = 86_400
SOME = ("commits", "license", "first_answer_wait", "days_to_funding_end", "users", "stars")
SHOWN_TO_ALL = ("commits", "contributors", "committers", "elephant_factor")
STATEMENTS = 60
"""What one explanation may ask of the database, cold."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("drill")
    made = Maker(folder / "app")
    first = made.commit(time=T0, author=b"Bea <bea@example.org>")
    made.commit([first], time=T0 + DAY, author=b"Xenia <x@example.org>")
    collected = collect(folder, {"app": made.write()})
    return from_config(config.load(collected.folder / "config"))


def drill(known: Settings, key: str, **query: str) -> tuple[str, str]:
    app = open_page(known.database_url, "project", settings=known, p="app", m=key, **query)
    return text(app), markup(app)


def test_a_figure_shows_its_records_by_number_and_at_a_past_date(known: Settings) -> None:
    said, _made = drill(known, "committers", as_of="2017-08-01")
    assert "What was found" in said
    assert "Developer 1" in said


@pytest.mark.parametrize("key", SOME)
def test_each_metric_can_be_explained(known: Settings, key: str) -> None:
    assert "How is this counted?" in drill(known, key)[0]


@pytest.mark.parametrize("typed", ["never", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_date_that_is_none_is_answered_all_the_same(known: Settings, typed: str) -> None:
    assert "How is this counted?" in drill(known, "commits", as_of=typed)[0]


def test_a_metric_that_does_not_exist_shows_the_project(known: Settings) -> None:
    assert "The five questions" in drill(known, "nonsense")[0]


def test_open_data_shows_no_person(known: Settings) -> None:
    opened = replace(known, access="public")
    for key in SHOWN_TO_ALL:
        assert "Developer" not in drill(opened, key, as_of="2017-08-01")[0]
    assert "The five questions" in drill(opened, "top_contributor_share")[0]


def test_without_the_configuration_there_is_no_data(known: Settings) -> None:
    assert "no data" in drill(Settings(known.database_url), "commits")[0]


def test_an_explanation_keeps_its_budget_of_statements(known: Settings) -> None:
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        drill(known, "contributors", as_of="2020-02-02")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(sent) <= STATEMENTS
    assert not [one for one in sent if one.split()[0] in ("INSERT", "UPDATE", "DELETE")]
