"""The pages in a real browser: what a reader, a screen reader and a closed network meet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.browser.watching import MARKS, browser, grave, opened, overhang, serving, settle
from tests.dashboard_data import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]  # a fixture is found where it is imported

EVERY_PAGE = (
    "/",
    "/projects",
    "/project?p=project-3",
    "/compare?p=project-1&p=project-3",
    "/people",
    "/what-if?without=supplier:supplier-x",
    "/ospos",
    "/data",
    "/method",
    "/about",
)
"""Each is looked at in every form."""
FURTHER = (
    "/?picture=time",
    "/?all=true",
    "/?at=2026-03",
    "/projects?status=slowing,at_rest&sort=name&q=a",
    "/project",
    "/project?p=project-3&s=people",
    "/project?p=project-3&s=answers",
    "/project?p=project-9&s=going",
    "/project?p=project-3&s=lists",
    "/project?p=project-3&s=figures",
    "/project?p=project-3&s=sources",
    "/project?p=project-3&m=first_answer_wait",
    "/project?p=project-13",
    "/project?p=nothing-like-it",
    "/compare",
    "/people?s=persons",
    "/people?s=suppliers",
    "/what-if",
    "/ospos?s=questions",
    "/ospos?s=time",
    "/ospos?s=lists",
    "/data?s=passes",
    "/data?s=coverage",
    "/data?s=quality",
    "/data?s=shelf",
    "/method?m=regular_committers",
)
"""Sections and states: in the two forms that differ most."""
FORMS = tuple(product(("en", "sk"), ("light", "dark"), (1280, 320)))
MATRIX = (
    *((address, *form) for address in EVERY_PAGE for form in FORMS),
    *((address, *form) for address in FURTHER for form in (FORMS[0], FORMS[-1])),
)
pytestmark = MARKS


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a portfolio of 24 projects."""
    url = build(tmp_path_factory.mktemp("browser") / "portfolio.db", 24)
    with serving(f"Settings({url!r})") as address:
        yield address


@pytest.mark.parametrize(("address", "language", "scheme", "width"), MATRIX)
def test_axe_finds_nothing_serious_and_nothing_leaves(
    served: str, browser: Browser, address: str, language: str, scheme: str, width: int
) -> None:
    asked = f"{address}{'&' if '?' in address else '?'}lang={language}"
    watched = opened(browser, served + asked, scheme, width)
    found = grave(watched.page)
    assert not found, "\n".join(found)
    watched.is_quiet()
    assert watched.page.evaluate("document.documentElement.lang") == language
    assert overhang(watched.page) <= 0, "the page scrolls sideways"
    watched.page.context.close()


def test_a_chart_has_text_for_those_who_do_not_see_it(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/").page
    named = page.locator("[data-testid=stVegaLiteChart][aria-label*='projects are judged']")
    named.wait_for()
    page.context.close()


DRAWN = (
    "/",
    "/?picture=time",
    "/project?p=project-3&s=work",
    "/project?p=project-3&s=people",
    "/project?p=project-3&s=answers",
    "/project?p=project-9&s=going",
    "/compare?p=project-1&p=project-3",
    "/ospos?s=questions",
    "/data?s=coverage",
)
"""Where every kind of chart is drawn."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", DRAWN)
def test_labels_of_a_chart_can_be_read(
    served: str, browser: Browser, address: str, scheme: str
) -> None:
    """axe does not look into a chart: every label's colour reaches 4.5 to 1 here."""
    from dashboard import theme
    from tests.test_dashboard_figures import contrast

    ground = theme.palette(scheme).background
    page = opened(browser, served + address, scheme).page
    page.locator("[data-testid=stVegaLiteChart] svg .role-axis text").first.wait_for()
    fills = page.eval_on_selector_all(
        "[data-testid=stVegaLiteChart] svg :is(.role-axis, .role-legend) text",
        "nodes => [...new Set(nodes.map(n => n.getAttribute('fill')))]",
    )
    assert fills
    assert all(contrast(fill, ground) >= 4.5 for fill in fills), fills
    for label in page.locator("[data-testid=stVegaLiteChart]").all():
        assert (label.get_attribute("aria-label") or "").strip()
    page.context.close()


def test_a_choice_stands_in_the_address_and_reloads(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/project?p=project-3").page
    page.get_by_role("radio", name="All figures").click()
    page.wait_for_url("**s=figures**")
    page.reload()
    settle(page)
    assert page.get_by_role("heading", name="Openness on paper").count() == 1
    page.context.close()


def test_a_project_is_reached_by_keyboard(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/").page
    for _ in range(60):
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if target.startswith("project?p="):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/project?p=**")
    settle(page)
    assert page.get_by_role("heading", name="The five questions").count() == 1
    page.context.close()


def test_what_is_typed_is_found(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/projects").page
    page.get_by_label("Find").fill("vizor")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 24 projects").wait_for()
    assert page.get_by_role("link", name="CityVizor").count() == 1
    page.context.close()
