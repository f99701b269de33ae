"""From a figure to the records behind it, on pages over a portfolio that was really collected."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

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
MANY = 61
TAG = "v1.0-<img/src=x/onerror=alert(1)>"
STATEMENTS = 30
"""What one explanation may ask of the database, cold."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("drill")
    return from_config(config.load(_collected(folder, "")))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A portfolio whose configuration lets names be kept."""
    folder = tmp_path_factory.mktemp("named")
    return from_config(config.load(_collected(folder, "privacy: {identities: named}\n")))


def _collected(folder: Path, settings: str) -> Path:
    made, before = Maker(folder / "app"), None
    hostile = b"Xenia &lt;img src=x onerror=alert(1)&gt; <x@example.org>"
    for number in range(MANY):
        author = b"Bea <bea@example.org>" if number else hostile
        before = made.commit([before] if before else [], time=T0 + number * DAY, author=author)
    made.tag(TAG, 3, time=T0 + 4 * DAY)
    return collect(folder, {"app": made.write()}, settings).folder / "config"


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


@pytest.mark.parametrize("typed", ["never", "2026-13-01", "<b>"])
def test_a_date_that_is_none_is_said_and_the_newest_shown(known: Settings, typed: str) -> None:
    said, _made = drill(known, "commits", as_of=typed)
    assert f"“{typed}” is no date: write it as 2025-03-01. You see" in said
    assert "How is this counted?" in said


def test_a_date_to_come_is_said_and_the_newest_shown(known: Settings) -> None:
    said, _made = drill(known, "commits", as_of="9999-12-31")
    assert "Of 9999-12-31 nothing is known yet." in said
    assert "This is the past" not in said


@pytest.mark.parametrize("query", [{"as_of": "2017-08-01"}, {"at": "2017-08"}])
def test_a_past_date_is_said_to_be_past_by_day_and_by_month(
    known: Settings, query: dict[str, str]
) -> None:
    said, _made = drill(known, "commits", **query)
    assert "This is the past: how it stood at the start of August 1, 2017." in said


def test_a_figure_shows_its_judgement_and_what_would_change_it(known: Settings) -> None:
    said, _made = drill(known, "regular_committers")
    assert "not met people who work on it regularly" in said
    assert "Met: at least 3; not met: at most 1 (our default)." in said
    assert "Would change it:" in said
    assert "No check looks at it." in drill(known, "commits")[0]


def test_what_is_asked_for_with_yes_or_no_is_said_so(known: Settings) -> None:
    assert "Met: yes; not met: no (our default)." in drill(known, "license")[0]
    assert "Good practice: yes (our default)." in drill(known, "publiccode_valid")[0]


def test_when_something_was_stands_only_where_one_of_the_records_tells(known: Settings) -> None:
    assert "What When What is known of it" in drill(known, "commits", as_of="2017-12-01")[0]
    assert "What What is known of it" in drill(known, "committers", as_of="2017-12-01")[0]


def test_good_practice_is_said_to_be_reached_or_not_or_why_it_cannot_be_said(
    known: Settings,
) -> None:
    said, _made = drill(known, "contributor_absence_factor", as_of="2017-12-01")
    assert "Good practice is not reached Good practice: at least 2 (our default)." in said
    assert "no part of the status" in said
    said, _made = drill(known, "contributor_absence_factor")
    assert "Whether good practice is reached cannot be said: nobody was credited" in said


def test_records_are_shown_fifty_at_a_time(known: Settings) -> None:
    app = open_page(
        known.database_url, "project", settings=known, p="app", m="commits", as_of="2017-12-01"
    )
    first = set(re.findall(r"<th[^>]*>([0-9a-f]{10})</th>", markup(app)))
    assert len(first) == 50
    app = open_page(
        known.database_url, "project", settings=known, p="app", m="commits", as_of="2017-12-01",
        records="2",
    )  # fmt: skip
    rest = set(re.findall(r"<th[^>]*>([0-9a-f]{10})</th>", markup(app)))
    assert len(rest) == MANY - 50
    assert not first & rest


def test_group_titles_are_said_in_the_language_of_the_reader(known: Settings) -> None:
    said, _made = drill(known, "commits", as_of="2017-12-01", lang="sk")
    assert "commity od ľudí" in said
    assert "commits by people" not in said


def test_records_are_said_in_the_language_of_the_reader_with_its_dates_and_plurals(
    known: Settings,
) -> None:
    said, _made = drill(known, "commits", as_of="2017-12-01", lang="sk")
    assert re.search(r"prijatý \d+\. \w+ 2017, Vývojár 2", said)
    said, _made = drill(known, "committers", as_of="2017-12-01", lang="ro")
    assert re.search(r"Dezvoltatorul 2 60 de commituri atribuite, ultimul la \d+ \w+ 2017", said)
    assert "2017-" not in said


def test_names_are_shown_only_to_whom_they_may_be(named: Settings) -> None:
    said, made = drill(named, "committers", as_of="2017-12-01")
    assert "Xenia &lt;img src=x onerror=alert(1)&gt;" in said  # shown as it was written, not read
    assert "<img" not in made
    nobody = replace(named, access="proxy")
    for settings in (nobody, replace(named, access="public"), replace(named, named=False)):
        assert "Xenia" not in drill(settings, "committers", as_of="2017-12-01")[0]


def test_a_hostile_name_of_a_tag_stays_text(named: Settings) -> None:
    said, made = drill(named, "release_frequency", as_of="2017-12-01")
    assert TAG in said
    assert "<img" not in made


def test_a_metric_that_does_not_exist_shows_the_project(known: Settings) -> None:
    assert "The five questions" in drill(known, "nonsense")[0]


def test_open_data_shows_no_person(known: Settings) -> None:
    opened = replace(known, access="public")
    for key in SHOWN_TO_ALL:
        assert "Developer" not in drill(opened, key, as_of="2017-08-01")[0]
    assert "The five questions" in drill(opened, "top_contributor_share")[0]


def test_without_the_configuration_the_records_are_not_at_hand(known: Settings) -> None:
    assert "not at hand here" in drill(Settings(known.database_url), "commits")[0]


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
