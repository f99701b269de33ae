"""Each page in each state, run as Streamlit runs it, without a browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import settings
from tests.dashboard_data import build

MAIN = str(Path(__file__).parent.parent / "dashboard" / "entry" / "app.py")


def open_page(url: str, path: str = "", **query: str) -> AppTest:
    """Open a page as a reader's browser would, with its query."""
    settings.use(settings.Settings(url))
    app = AppTest.from_file(MAIN, default_timeout=30)
    if path:
        app.run()
        app._page_hash = calc_hash(path)  # AppTest opens only pages that are files by name
    app.query_params.update(query)
    return app.run()


def markup(app: AppTest) -> str:
    """All markup of a page, without its style sheet."""
    assert not app.exception
    return "\n".join(e.proto.body for e in app.get("html") if "<style>" not in e.proto.body)


def text(app: AppTest) -> str:
    """What a reader reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup(app))).split())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portfolios")


@pytest.fixture(scope="session")
def some(folder: Path) -> str:
    return build(folder / "some.db", 14)


def test_portfolio_says_the_position_in_words(some: str) -> None:
    page = text(open_page(some))
    assert "13 live projects 9 are looked after, 3 need a decision, 1 could not be read" in (
        page.replace(" ,", ",")
    )
    assert "13 of 14 repositories collected" in page


def test_projects_are_found_without_case_and_accents(some: str) -> None:
    page = text(open_page(some, "projects", q="DOPRAVNY"))
    assert "1 of 14 projects" in page
    assert "Dopravný portál" in page


def test_no_database_says_what_to_do(folder: Path) -> None:
    page = text(open_page(f"sqlite:///{folder / 'absent.db'}"))
    assert "There is no database to read" in page
    assert "ospo-vitals collect" in page
