"""Each page in each state, run as Streamlit runs it, without a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy import text as sql

from collector.model import DAY
from collector.store import migrate
from collector.store.engine import connect
from dashboard import charts
from dashboard.pages import PAGES, collected, ospos, people
from dashboard.sections import SECTIONS
from dashboard.settings import Settings
from dashboard.view import STALE_AFTER, oldest_fresh
from dashboard.words import STATUS
from tests.dashboard_app import markup, open_page, text
from tests.dashboard_data import NOW, build

KEPT = [
    {
        "project": "project-1", "rule": "goal", "kind": "goal", "about": "goal",
        "what": {"text": "A goal is behind."}, "since": None, "why": {"text": "Because."},
        "role": "OSPO lead", "helps": {"text": "Talk."}, "severity": 9, "criticality": 9,
        "links": [],
    },
    {
        "project": "", "rule": "data_old", "kind": "decide", "about": "git.city.example",
        "what": {"text": "The data from {host} is old", "args": {"host": "git.city.example"}},
        "since": 1_793_500_000, "why": {"text": "What is shown of them may no longer hold."},
        "role": "operator", "helps": {"text": "See the Data page."}, "severity": 6,
        "criticality": 1, "links": ["https://git.city.example/a/b", "javascript:alert(1)"],
    },
    {"project": "gone", "links": 7, "what": "no phrase", "since": "never"},
]  # fmt: skip
PATHS = [path for path, _title, _page in PAGES]


@pytest.fixture(autouse=True)
def _validated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "VALIDATED", True)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portfolios")


@pytest.fixture(scope="session")
def some(folder: Path) -> str:
    return build(folder / "some.db", 14)


def test_portfolio_says_the_position_in_words(some: str) -> None:
    page = text(open_page(some))
    assert "Of 13 live projects 9 are looked after, 3 need a decision, 1 could not be read" in page
    assert "13 of 14 repositories collected" in page
    assert "Data as of November 23, 2026" in page


def test_at_most_seven_entries_are_shown_first_and_the_rest_counted(some: str) -> None:
    page = open_page(some)
    assert markup(page).count("ov-entry-title") == 7
    (more,) = page.toggle
    assert more.label == "and 4 more: show all"
    page = more.set_value(True).run()
    assert markup(page).count("ov-entry-title") == 7 + 11


def test_entries_are_those_the_last_pass_found_hosts_included(folder: Path) -> None:
    """What, since when, why, whom it concerns, what helps, where to look: as it was kept."""
    url = build(folder / "kept.db", 3, meta={"attention": json.dumps(KEPT)})
    page = open_page(url)
    said = text(page)
    assert "Library of things" not in said  # nothing derived beside what was kept
    assert "Goals" in said
    assert said.index("Decide") < said.index("Goals")
    assert "git.city.example — The data from git.city.example is old" in said
    assert "since November 1, 2026" in said
    assert "What is shown of them may no longer hold." in said
    assert "See the Data page." in said
    assert "For: operator" in said
    assert 'href="https://git.city.example/a/b"' in markup(page)
    assert 'href="javascript' not in markup(page)
    assert markup(page).count("ov-entry-title") == 3


def test_several_entries_of_a_project_are_one_thing_to_do(folder: Path) -> None:
    """All that is to be decided about it has one place, and what is to be answered another."""
    about = ("care", "contract", "funding")
    kept = [{**KEPT[0], "kind": "decide", "about": one, "rule": one} for one in about]
    kept.append({**KEPT[0], "kind": "answer", "about": "waiting"})
    url = build(folder / "grouped.db", 3, meta={"attention": json.dumps(kept)})
    page = open_page(url)
    assert markup(page).count("ov-entry-title") == 2
    assert markup(page).count("ov-entry-more") == 2
    assert text(page).count("For: OSPO lead") == 2
    assert not page.toggle


def test_a_note_that_is_no_list_of_entries_is_left_aside(folder: Path) -> None:
    assert "What to do first" in text(
        open_page(build(folder / "broken.db", 3, meta={"attention": "{not json"}))
    )


def test_projects_are_found_without_case_and_accents(some: str) -> None:
    page = text(open_page(some, "projects", q="DOPRAVNY"))
    assert "1 of 14 projects" in page
    assert "Dopravný portál" in page


def test_filters_and_order_stand_in_the_address(some: str) -> None:
    page = markup(open_page(some, "projects", status="slowing,at_rest", sort="name"))
    assert page.index("Forms") < page.index("Participation Kit")
    assert "CityVizor" not in page


def test_a_code_in_the_address_that_means_nothing_is_ignored(some: str) -> None:
    assert "14 projects" in text(open_page(some, "projects", status="nonsense", sort="nonsense"))


def test_a_project_begins_with_status_why_and_what_would_change_it(some: str) -> None:
    page = text(open_page(some, "project", p="project-3"))
    first = page[: page.index("The five questions")]
    assert "active since May 7, 2026" in first
    assert "Somebody looked after it 11 days ago." in first
    assert "What would change it first: A third person" in first
    assert "Would it survive a departure?" in page


@pytest.mark.parametrize(
    "section", ["work", "people", "answers", "going", "lists", "figures", "sources"]
)
def test_every_figure_leads_to_its_explanation(some: str, section: str) -> None:
    app = open_page(some, "project", p="project-3", s=section)
    shown = markup(app)
    assert shown.count('class="ov-figure"') == shown.count("How is this counted?")
    if section in ("work", "figures"):
        assert "How much we could read" in text(app)


def test_an_unknown_project_is_answered_with_the_nearest_names(some: str) -> None:
    page = text(open_page(some, "project", p="cityvisor"))
    assert "There is no project “cityvisor”" in page
    assert "Did you mean one of these? CityVizor" in page


def test_the_data_page_says_what_failed_and_why_and_when_it_goes_on(some: str) -> None:
    page = text(open_page(some, "data"))
    assert "Of 14 repositories 13 were read, 1 failed." in page
    assert "asks for credentials" in page
    assert "Next pass" in page


def test_what_a_pass_counted_is_written_as_the_language_does(tmp_path: Path) -> None:
    url = build(tmp_path / "counted.db", 1)
    with connect(url).begin() as connection:
        connection.execute(sql("UPDATE runs SET summary = '{\"measured\": 12345}'"))
    assert "zmerané 12 345" in text(open_page(url, "data", s="passes", lang="sk"))


@pytest.mark.parametrize("section", ["passes", "coverage"])
def test_the_data_page_shows_passes_and_coverage(some: str, section: str) -> None:
    page = text(open_page(some, "data", s=section))
    assert {"passes": "some repositories failed", "coverage": "could be measured"}[section] in page


def test_the_method_page_explains_every_metric_of_the_registry(some: str) -> None:
    from collector.metrics import METRICS

    page = markup(open_page(some, "method"))
    assert all(f'id="{metric.key}"' in page for metric in METRICS)


def test_one_definition_can_be_linked_to(some: str) -> None:
    page = markup(open_page(some, "method", m="regular_committers"))
    assert page.count("<details") == 1
    assert "<details open>" in page


@pytest.mark.parametrize("path", ["", "projects", "project", "data"])
def test_no_database_says_what_to_do(folder: Path, path: str) -> None:
    page = text(open_page(f"sqlite:///{folder / 'absent.db'}", path))
    assert "There is no database to read" in page
    assert "ospo-vitals collect" in page


def test_an_empty_file_is_an_empty_database(folder: Path) -> None:
    (folder / "nothing.db").touch()
    assert "The database is empty" in text(open_page(f"sqlite:///{folder / 'nothing.db'}"))


def test_tables_of_a_later_version_are_not_read(folder: Path) -> None:
    url = build(folder / "newer.db", 2, tables="from_the_future")
    assert "The database is newer than this program" in text(open_page(url))


def test_tables_of_an_earlier_version_say_how_to_bring_them_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.store.migrate.state", lambda _engine: migrate.Tables.OLDER)
    page = text(open_page(build(folder / "older.db", 2)))
    assert "The database is older than this program" in page
    assert "ospo-vitals db upgrade" in page


@pytest.mark.parametrize("section", [code for code, _title, _section in SECTIONS])
def test_a_project_that_could_not_be_read_says_so_in_each_section(some: str, section: str) -> None:
    page = text(open_page(some, "project", p="project-13", s=section))
    assert "could not be read" in page
    assert "Tell us" in page


def test_figures_are_old_after_twice_the_schedule_whatever_it_is() -> None:
    """A weekly collection is not old on the third day, an hourly one is after three hours."""

    def oldest(expression: str) -> int:
        return oldest_fresh(Settings("", collect_schedule=expression), NOW)

    assert NOW - 14 * DAY <= oldest("0 3 * * 1") < NOW - 7 * DAY + 1
    assert NOW - 2 * 3600 <= oldest("@hourly") < NOW
    assert oldest("") == oldest("not cron") == NOW - STALE_AFTER


def test_every_status_has_one_shape_in_words_and_in_charts() -> None:
    shapes = [sign.shape for sign in STATUS.values()]
    assert len(set(shapes)) == len(shapes)
    assert len({sign.mark for sign in STATUS.values()}) == len(shapes)


def test_a_demonstration_says_so_on_every_page_and_why(folder: Path) -> None:
    why = (
        "The host git.example does not exist or cannot be found: check the URL's spelling, this "
        "machine's network and DNS."
    )
    url = build(folder / "demo.db", 3, meta={"demo": "1", "demo_reason": why})
    for path in PATHS:
        page = text(open_page(url, path))
        assert "Demonstration. This is a demonstration" in page
        assert f"It is shown because nothing could be read: {why}" in page
    slovak = text(open_page(url, lang="sk"))
    assert "pretože sa nič nedalo prečítať: Server git.example" in slovak


@pytest.fixture(scope="session")
def pair(folder: Path) -> str:
    """Two OSPOs over 24 projects, one of which is somebody else's."""
    return build(folder / "pair.db", 24, ospos=2)


def test_what_is_upstream_is_counted_apart(pair: str) -> None:
    page = text(open_page(pair))
    assert "1 project of somebody else's that we use is counted apart." in page


def test_one_ospo_is_chosen_in_the_address(pair: str) -> None:
    page = text(open_page(pair, "projects", ospo="praha"))
    assert "12 of 24 projects" in page
    assert "Of 10 live projects" in text(open_page(pair, ospo="praha"))
    assert "24 projects" in text(open_page(pair, "projects", ospo="nobody"))


def test_projects_are_compared_by_what_can_be_compared(pair: str) -> None:
    """Their commits are not counted: habits of squashing differ too much."""
    page = text(open_page(pair, "compare", p=["project-1", "project-3", "nonsense"]))
    assert "CityVizor" in page
    assert "Would it survive a departure?" in page
    assert "Over the years" in page
    assert "ommits" not in page
    assert "Choose at least two" in text(open_page(pair, "compare"))
    alone = text(open_page(pair, "compare", p="project-1"))
    assert "One project is chosen. Choose a second one above" in alone
    assert "The projects side by side" in alone
    assert "These are most like it:" in alone


def test_a_project_that_hangs_on_one_person_is_named_and_the_person_is_not(pair: str) -> None:
    page = text(open_page(pair, "people"))
    assert "hang on one person" in page
    assert re.search(r"Developer \d+ · \S+", page)
    assert not re.search(r"\d{8,}", page)  # no hash of an account


def test_people_are_the_same_over_projects_where_they_share_an_account(pair: str) -> None:
    assert "Nobody else works regularly on" in text(open_page(pair, "people", s="persons"))


def test_the_data_page_says_what_waits_for_the_sweep_on_the_hosts_that_are_there(pair: str) -> None:
    page = text(open_page(pair, "data"))
    assert "What is seen late" in page
    assert "a renamed account" in page
    assert "ospo-vitals collect --full" in page
    assert ("watched alone" in page) == ("gitlab.com" in page)


def test_without_a_supplier_it_is_said_who_would_have_nobody(pair: str) -> None:
    page = text(open_page(pair, "what-if", without="supplier:supplier-x"))
    assert "Without supplier-x (organisation)" in page
    called = Settings(pair, organisations={"supplier-x": "Firma X, s. r. o."})
    for path, query in (
        ("what-if", {"without": "supplier:supplier-x"}),
        ("people", {"s": "suppliers"}),
    ):
        said = text(open_page(pair, path, settings=called, **query))
        assert "Firma X, s. r. o." in said
        assert "supplier-x" not in said
    assert "Projects that would be touched" in page
    assert "People who work on it regularly: at risk → not met" in page
    assert "4 commits of theirs wait to be delivered" in page
    assert "Choose who or what goes" in text(open_page(pair, "what-if", without="nonsense"))


@pytest.mark.parametrize("section", ["first", "questions", "time", "lists"])
def test_an_ospo_is_seen_against_itself(pair: str, section: str) -> None:
    page = text(open_page(pair, "ospos", s=section, ospo="praha"))
    said = {"first": "Why it matters", "questions": "Yes for", "time": "were looked after"}
    said["lists"] = "All in order: "
    assert "Praha" in page
    assert said[section] in page


def test_open_data_shows_nothing_derived_from_single_persons(
    pair: str,
) -> None:
    public = Settings(pair, access="public")
    for path, query in (("people", {}), ("project", {"p": "project-1", "s": "people"})):
        page = text(open_page(pair, path, settings=public, **query))
        assert "Developer" not in page
        assert "open data" in page
        assert "How the work is spread" not in page
    boxes = open_page(pair, "what-if", settings=public).selectbox
    assert not [option for box in boxes for option in box.options if "Developer" in option]


def test_without_a_person_it_is_said_from_what_they_carry(pair: str) -> None:
    link = re.search(r"without=(person:[0-9a-f]+)", markup(open_page(pair, "people")))
    assert link
    page = text(open_page(pair, "what-if", without=link[1]))
    assert "Without Developer" in page
    assert "of last year's work is theirs" in page


def test_a_checklist_is_shown_rule_by_rule(pair: str) -> None:
    page = text(open_page(pair, "project", p="project-3", s="lists"))
    assert "CHAOSS Starter" in page
    assert "no level reached · Next: All in order, 1 of 2 rules met" in page
    assert "needs an answer" in page


def test_the_shelf_says_how_repositories_are_sorted(pair: str) -> None:
    assert "No repository was looked for." in text(open_page(pair, "data", s="shelf"))


def test_a_letter_to_the_ospo_is_begun_and_escaped(folder: Path) -> None:
    url = build(folder / "letter.db", 1, hostile='A"><b>&x=\n')
    page = markup(open_page(url, "project", p="project-1"))
    (address,) = re.findall(r'href="(mailto:[^"]*)"', page)
    assert address.startswith("mailto:ospo@bratislava.example?subject=OSPO%20Vitals")
    assert "<" not in address
    assert "%3Cb%3E" in address


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every SQL statement sent while a test runs."""
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


BUDGET = {
    "": (13, 3),
    "projects": (12, 3),
    "project": (17, 3),
    "compare": (10, 3),
    "people": (9, 3),
    "what-if": (10, 3),
    "ospos": (11, 3),
    "data": (11, 4),
    "method": (6, 3),
    "about": (6, 3),
}
"""SQL statements a page may send in any of its sections: cold, and with warm caches."""


VIEWS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    *((path, {}) for path in PATHS if path != "project"),
    *(("project", {"p": "project-3", "s": code}) for code, _title, _section in SECTIONS),
    ("", {"picture": "time"}),
    ("", {"all": "true"}),
    ("", {"at": "2025-06"}),
    ("projects", {"at": "2025-06"}),
    ("project", {"p": "project-3", "at": "2025-06"}),
    ("compare", {"p": ["project-3", "project-4", "project-5"]}),
    *(("people", {"s": code}) for code in people.SECTIONS),
    ("what-if", {"without": "supplier:supplier-x"}),
    *(("ospos", {"s": code}) for code in ospos.SECTIONS),
    *(("data", {"s": code}) for code in collected.SECTIONS),
)


@pytest.mark.parametrize(("path", "query"), VIEWS)
def test_each_page_and_section_keeps_its_budget_of_statements(
    some: str,
    tmp_path: Path,
    statements: list[str],
    path: str,
    query: dict[str, str | list[str]],
) -> None:
    copy = tmp_path / "budget.db"  # a database that nothing is remembered of
    shutil.copy(some.removeprefix("sqlite:///"), copy)
    statements.clear()
    app = open_page(f"sqlite:///{copy}", path, **query)
    cold = len(statements)
    statements.clear()
    app.run()
    assert cold <= BUDGET[path][0], statements
    assert len(statements) <= BUDGET[path][1], statements


def test_what_needs_attention_is_offered_as_a_feed_of_all_or_of_the_chosen_ospo(
    tmp_path: Path,
) -> None:
    url = build(tmp_path / "two.db", 4, ospos=2)
    said = markup(open_page(url, "projects", lang="sk"))
    assert 'href="feed.atom?lang=sk"' in said
    for path in ("projects", "ospos"):
        assert 'href="feed.atom?ospo=bratislava&amp;lang=en"' in markup(
            open_page(url, path, ospo="bratislava")
        )
    assert "feed.atom" not in markup(open_page(url, "projects", at="2026-01"))


@pytest.mark.parametrize("access", ["local", "public"])
def test_a_feed_is_offered_where_a_program_gets_it_without_signing_in(
    some: str, access: str
) -> None:
    assert "feed.atom" in markup(open_page(some, "projects", settings=Settings(some, access)))
    assert Settings(some, "oidc", open_data=True).unguarded
    assert not Settings(some, "oidc").unguarded
    assert not Settings(some, "proxy").unguarded


def test_a_badge_says_what_it_is_for(some: str) -> None:
    settings = Settings(some, url="https://v.example")
    said = text(open_page(some, "project", settings=settings, p="project-1"))
    badge = "[![OSPO Vitals](https://v.example/badge/project-1.svg)]"
    assert f"For the README of the project: {badge}" in said


def test_the_about_page_leads_to_open_data_and_the_feed(some: str) -> None:
    said = markup(open_page(some, "about"))
    assert '<a href="export/datapackage.json">' in said
    assert '<a href="feed.atom">' in said
