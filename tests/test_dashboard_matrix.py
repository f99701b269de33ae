"""Every page in every state, language and role: it stands, and says what is to be done next."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from collector.config.access_models import Roles
from collector.model import DAY
from dashboard import i18n
from dashboard.charts import MOST_MARKS
from dashboard.main import OF_PEOPLE, WITHOUT_DATABASE
from dashboard.pages import PAGES
from dashboard.settings import Settings
from dashboard.view import STALE_AFTER
from tests.dashboard_app import markup, open_page, text
from tests.dashboard_data import NOW, build

PATHS = [path for path, _title, _page in PAGES]
OF_PROJECTS = [path for path in PATHS if path not in WITHOUT_DATABASE]
ROLES = Roles(people=("staff", "lead"), names=("lead",), private=("lead",))
CLAIMS: Mapping[str, object] = {
    "guest": {"name": "Ana", "groups": []},
    "staff": {"name": "Ana", "groups": ["staff"]},
    "lead": {"name": "Ana", "groups": ["lead"]},
}
VIEWS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    *((path, {}) for path in PATHS if path not in ("project", "what-if", "compare")),
    ("project", {"p": "project-5", "s": "people"}),
    ("what-if", {"without": "supplier:supplier-x"}),
    ("compare", {"p": ["project-1", "project-5"]}),
)
"""Each page once, where it has most to say."""


def ask(url: str, *statements: str) -> str:
    """Change a portfolio that was built."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sql(statement))
    engine.dispose()
    return url


def _failed(file: Path, measured: bool = True) -> str:
    error = "git.city.example does not answer. It is asked again in the next pass."
    return ask(
        build(file, 14, measured=measured),
        f"UPDATE repositories SET state = 'failed', error = '{error}', last_success = NULL,"
        f" error_since = {NOW - 9 * DAY}",
    )


STATES: dict[str, Callable[[Path], str]] = {
    "empty": lambda file: build(file, 0),
    "without an OSPO": lambda file: build(file, 0, ospos=0),
    "one": lambda file: build(file, 1),
    "unmeasured": lambda file: build(file, 3, measured=False),
    "stale": lambda file: build(file, 3, finished=NOW - 10 * STALE_AFTER),
    "failed": _failed,
    "never read": lambda file: _failed(file, measured=False),
    "running": lambda file: build(file, 3, running=True),
    "without a pass": lambda file: ask(build(file, 3, measured=False), "DELETE FROM runs"),
}
NEXT_STEP = {
    "empty": "ospo-vitals add",
    "without an OSPO": "ospo-vitals add",
    "stale": "See what failed and why",
    "running": "A collection is running since",
}
"""What a page about projects says in a state that is not the usual one."""
NOTHING_MEASURED = ("", "people", "what-if", "ospos")
"""Pages that have nothing to say before something was measured; the others list what is known."""


@pytest.mark.parametrize("state", STATES)
def test_every_page_stands_in_every_state_and_says_what_is_next(
    tmp_path: Path, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.view.clock_now", lambda: NOW + 4 * 3600)
    url = STATES[state](tmp_path / "state.db")
    said = {
        path: text(open_page(url, path)) for path in (PATHS if state == "empty" else OF_PROJECTS)
    }
    lacking = [path for path in OF_PROJECTS if NEXT_STEP.get(state, "") not in said[path]]
    assert not lacking, said[lacking[0]]
    if state in ("unmeasured", "never read", "without a pass"):
        lacking = [path for path in NOTHING_MEASURED if "Nothing was measured" not in said[path]]
        assert not lacking, said[lacking[0]]
    if state in ("failed", "never read"):
        assert "0 of 14 repositories collected" in said[""]
        assert "git.city.example does not answer" in said["data"]
        assert "14 failed" in said["data"]
        assert "Next pass" in said["data"]


@pytest.mark.parametrize("state", ["empty", "without a pass"])
def test_the_data_page_says_in_each_section_that_nothing_is_there(
    tmp_path: Path, state: str
) -> None:
    url = STATES[state](tmp_path / "state.db")
    for section, says in (
        ("passes", "ospo-vitals collect" if state == "without a pass" else "everything was read"),
        ("coverage", "Nothing was measured yet"),
        ("quality", "No date is impossible"),
        ("shelf", "No repository was looked for"),
    ):
        assert says in text(open_page(url, "data", s=section))


def test_every_page_stands_with_a_thousand_projects_and_stays_small(tmp_path: Path) -> None:
    url = build(tmp_path / "thousand.db", 1000, years=1)
    views = [*VIEWS, ("", {"all": "true"}), ("", {"picture": "time"}), ("people", {"s": "persons"})]
    views += [("data", {"s": "coverage"}), ("ospos", {"s": "time"}), ("ospos", {"s": "questions"})]
    for path, query in views:
        app = open_page(url, path, **query)
        assert len(markup(app)) < 300_000, (path, query)
        charts = app.get("vega_lite_chart")
        assert markup(app).count("Based on:") == len(charts), (path, query)
        for chart in charts:
            data = json.loads(chart.proto.spec)
            marks = [one["values"] for one in _data(data)]
            assert sum(map(len, marks)) < MOST_MARKS, (path, query)


def _data(spec: object) -> list[dict[str, list[object]]]:
    """Every data set of a chart."""
    found = []
    if isinstance(spec, dict):
        if isinstance(spec.get("values"), list) and "name" not in spec:
            found.append(spec)
        for inner in spec.values():
            found += _data(inner)
    elif isinstance(spec, list):
        for inner in spec:
            found += _data(inner)
    return [one for one in found if all(isinstance(row, dict) for row in one["values"])]


# ---------------------------------------------------------------- languages and roles


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fourteen projects, the second of them private."""
    return ask(
        build(tmp_path_factory.mktemp("matrix") / "mixed.db", 14),
        """UPDATE repositories SET facts = '{"private": true}' WHERE project_id = 2""",
        "UPDATE projects SET name = 'Secret Ledger' WHERE id = 2",
    )


@pytest.fixture
def _as_role(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    monkeypatch.setattr("dashboard.view._claims", lambda _settings: CLAIMS.get(role))


@pytest.mark.usefixtures("_as_role")
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("role", ["local", "public", "nobody", *CLAIMS])
def test_every_page_keeps_to_the_language_and_shows_a_role_only_what_is_its_own(
    mixed: str, language: str, role: str
) -> None:
    access = role if role in ("local", "public") else "oidc"
    settings = Settings(mixed, access=access, named=True, roles=ROLES, language=language)
    translator = i18n.translator(language)
    developer = translator.text("Developer {n}", n="").strip()
    titles = {path: translator.text(title) for path, title, _page in PAGES}
    for path, query in VIEWS:
        if path in WITHOUT_DATABASE and role not in ("local", "public"):
            continue  # the same for everybody who is let in
        app = open_page(mixed, path, settings=settings, **query)
        said, where = text(app), (path, query)
        if role == "nobody":
            assert translator.text("Please sign in") in said, where
            assert "CityVizor" not in said, where
            continue
        if path not in ("project",):
            assert titles[path] in said, where
        for_staff = role in ("local", "staff", "lead")
        assert for_staff or not _numbered(said, developer), where
        assert for_staff or path not in OF_PEOPLE or "CityVizor" not in said, where
        assert role in ("local", "lead") or "Secret Ledger" not in said, where
    if role in ("local", "lead"):
        listed = text(open_page(mixed, "projects", settings=settings))
        assert "Secret Ledger" in listed


def _numbered(said: str, developer: str) -> bool:
    """Is somebody spoken of, if only by a number?"""
    words = said.split()
    return any(word == developer and after[:1].isdigit() for word, after in pairwise(words))


def test_a_private_project_is_not_found_by_who_may_not_see_it(mixed: str) -> None:
    public = Settings(mixed, access="public")
    page = text(open_page(mixed, "project", settings=public, p="project-2"))
    assert "There is no project “project-2”" in page
    assert "Ledger" not in page
    compared = open_page(mixed, "compare", settings=public, p=["project-1", "project-2"])
    assert "Ledger" not in text(compared)
