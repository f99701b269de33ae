"""The month's report in a real browser, from the server's own address."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.browser.watching import MARKS, Watched, browser, grave, serving, watched
from tests.dashboard_data import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]  # a fixture is found where it is imported
REPORTS = ("/report/ospo/bratislava.html", "/report/project/project-3.html")
FORMS = tuple(product(("en", "sk"), ("light", "dark"), (1280, 320)))
pytestmark = MARKS


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a portfolio of 24 projects."""
    url = build(tmp_path_factory.mktemp("reports") / "portfolio.db", 24)
    with serving(f"Settings({url!r})") as address:
        yield address


def report(browser: Browser, address: str, scheme: str = "light", width: int = 1280) -> Watched:
    """Open a report of the month that the portfolio's figures end in."""
    found = watched(browser, scheme, width)
    found.page.goto(address)
    found.page.wait_for_selector("h1")
    return found


@pytest.mark.parametrize(("path", "form"), list(product(REPORTS, FORMS)), ids=str)
def test_axe_finds_nothing_serious_and_nothing_leaves(
    served: str, browser: Browser, path: str, form: tuple[str, str, int]
) -> None:
    language, scheme, width = form
    found = report(browser, f"{served}{path}?month=2026-11&lang={language}", scheme, width)
    grave_ones = grave(found.page)
    assert not grave_ones, "\n".join(grave_ones)
    found.is_quiet()
    assert found.page.evaluate("document.documentElement.lang") == language
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert found.page.evaluate(wide) <= 0, "the report scrolls sideways"
    found.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", REPORTS)
def test_labels_of_a_picture_can_be_read(
    served: str, browser: Browser, path: str, scheme: str
) -> None:
    """axe does not look into a picture: every label's colour reaches 4.5 to 1 here."""
    from dashboard import theme
    from tests.test_dashboard_figures import contrast

    page = report(browser, f"{served}{path}?month=2026-11", scheme).page
    shown = page.eval_on_selector_all("figure img", "nodes => nodes.map(n => n.currentSrc)")
    assert shown
    ground = theme.palette(scheme).background
    for address in shown:
        drawn = base64.b64decode(address.partition(",")[2]).decode()
        fills = set(re.findall(r'<text [^>]*fill="(#[0-9a-f]{6})"', drawn))
        assert fills
        assert all(contrast(fill, ground) >= 4.5 for fill in fills), fills
    page.context.close()


def test_a_link_of_the_page_leads_to_a_report(served: str, browser: Browser) -> None:
    from tests.browser.watching import opened

    page = opened(browser, f"{served}/ospos").page
    with page.context.expect_page() as fresh:
        page.get_by_role("link", name="HTML").first.click()
    opened_report = fresh.value
    opened_report.wait_for_selector("h1")
    assert "/report/ospo/" in opened_report.url
    assert opened_report.locator("h1").count() == 1
    page.context.close()
