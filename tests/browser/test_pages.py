"""The pages in a real browser: what a reader, a screen reader and a closed network meet."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.dashboard_data import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = which("chromium") or which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ADDRESSES = (
    "/",
    "/?picture=time",
    "/projects",
    "/project?p=project-3",
    "/project?p=project-3&s=people",
    "/project?p=project-3&s=answers",
    "/project?p=project-9&s=going",
    "/project?p=project-3&s=lists",
    "/project?p=project-3&s=figures",
    "/project?p=nothing-like-it",
    "/compare?p=project-1&p=project-3",
    "/people",
    "/people?s=suppliers",
    "/what-if?without=supplier:supplier-x",
    "/ospos",
    "/ospos?s=questions",
    "/data",
    "/data?s=coverage",
    "/method",
    "/about",
)
SERVER = """
import sys
from dashboard.asgi import serve
from dashboard.settings import Settings
serve(Settings(sys.argv[1]), int(sys.argv[2]), open_browser=False)
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)"),
    # Playwright leaves its event loop's sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a portfolio of 24 projects."""
    url = build(tmp_path_factory.mktemp("browser") / "portfolio.db", 24)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - tests are an edge
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, url, str(port)], cwd=ROOT, env=environment
    )
    try:
        wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@dataclass
class Watched:
    """A page with everything it said and asked for."""

    page: Page
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def opened(browser: Browser, address: str, scheme: str = "light", width: int = 1280) -> Watched:
    """Open an address and wait until the page is drawn."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
    )
    watched = Watched(context.new_page())
    watched.page.on(
        "request",
        lambda request: (
            watched.outside.append(request.url)
            if not request.url.startswith(("http://localhost", "ws://localhost", "data:", "blob:"))
            else None
        ),
    )
    watched.page.on(
        "console",
        lambda message: (
            watched.complaints.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    watched.page.goto(address)
    settle(watched.page)
    return watched


def settle(page: Page) -> None:
    """Wait until the server has drawn the page and charts stand."""
    page.wait_for_selector(".stHtml h1", timeout=30_000)
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for()
    page.wait_for_timeout(700)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "sk"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_serious_and_nothing_leaves(
    served: str, browser: Browser, address: str, language: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    asked = f"{address}{'&' if '?' in address else '?'}lang={language}"
    watched = opened(browser, served + asked, scheme, width)
    found = Axe().run(watched.page).response["violations"]
    grave = [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert not grave, "\n".join(grave)
    assert watched.page.locator(".stException").count() == 0
    assert not watched.outside
    assert not watched.complaints
    assert watched.page.evaluate("document.documentElement.lang") == language
    wide = watched.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        " return m.scrollWidth - m.clientWidth })()"
    )
    assert wide <= 0, "the page scrolls sideways"
    watched.page.context.close()


def test_a_chart_has_text_for_those_who_do_not_see_it(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/").page
    named = page.locator("[data-testid=stVegaLiteChart][aria-label*='projects are judged']")
    named.wait_for()
    page.context.close()


def test_labels_of_a_chart_can_be_read_in_light_and_dark(served: str, browser: Browser) -> None:
    """axe does not look into a chart: every label's colour reaches 4.5 to 1 here."""
    from dashboard import theme
    from tests.test_dashboard_figures import contrast

    for scheme, colours in (("light", theme.LIGHT), ("dark", theme.DARK)):
        page = opened(browser, served + "/?picture=time", scheme).page
        fills = page.eval_on_selector_all(
            "[data-testid=stVegaLiteChart] svg text",
            "nodes => [...new Set(nodes.map(n => n.getAttribute('fill')))]",
        )
        assert fills
        assert all(contrast(fill, colours.background) >= 4.5 for fill in fills), fills
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
