"""A browser that tells what a page asked for and complained of, and a server to look at."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

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
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)"),
    # Playwright leaves its event loop's sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
HERE = ("localhost", "127.0.0.1")
SERVER = """
from dataclasses import replace
from pathlib import Path
from collector import demo
from collector.config.access_models import Roles, TrustedProxy
from dashboard.asgi import serve
from dashboard.settings import Settings, from_config
serve({settings}, {port}, open_browser=False)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(settings: str, port: int = 0, below: str = "") -> Iterator[str]:
    """A server with settings as Python writes them, and its address; ``below``: its base path."""
    port = port or free_port()
    address = f"http://localhost:{port}{below}"
    with started(SERVER.format(settings=settings, port=port), address):
        yield address


@contextmanager
def started(script: str, address: str, folder: Path = ROOT) -> Iterator[int]:
    """A server in a process of its own, whose number is given when it answers."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - tests are an edge
    server = subprocess.Popen([sys.executable, "-c", script], cwd=folder, env=environment)
    try:
        wait_for(f"{address}/healthz")
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(address: str) -> None:
    """Wait until somebody answers there, be it that something is wrong."""
    for _ in range(240):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(address)


@dataclass
class Watched:
    """A page with everything it said, asked for and was sent."""

    page: Page
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    @property
    def delivered(self) -> bytes:
        """Everything that came through the page's own connection."""
        return b"\n".join(self.sent)

    def is_quiet(self) -> None:
        """Nothing left the machine, nothing was refused, no box with an exception."""
        assert not self.outside
        assert not self.complaints
        assert not self.missing
        assert self.page.locator(".stException").count() == 0


def opened(
    browser: Browser,
    address: str,
    scheme: str = "light",
    width: int = 1280,
    drawn: str = ".stHtml h1",
    **context: object,
) -> Watched:
    """Open an address and wait until the page is drawn."""
    found = watched(browser, scheme, width, **context)
    found.page.goto(address)
    settle(found.page, drawn)
    return found


def watched(
    browser: Browser, scheme: str = "light", width: int = 1280, **context: object
) -> Watched:
    """Give an empty page whose every word is noted."""
    made = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
        **context,  # type: ignore[arg-type]
    )
    found = Watched(made.new_page())
    _watch(found)
    return found


def _watch(watched: Watched) -> None:
    def leaves(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.hostname not in HERE:
            watched.outside.append(address)

    def complains(text: str) -> None:
        if "Content Security Policy" in text or text.startswith("WARN"):  # or Vega complains
            watched.complaints.append(text)

    page = watched.page
    page.on("request", lambda request: leaves(request.url))
    page.on("console", lambda message: complains(message.text))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: watched.missing.append(answer.url) if answer.status >= 400 else None,
    )
    page.on("websocket", lambda socket: _listen(watched, socket))


def _listen(watched: Watched, socket: object) -> None:
    leaves = urlsplit(socket.url).hostname not in HERE  # type: ignore[attr-defined]
    if leaves:
        watched.outside.append(socket.url)  # type: ignore[attr-defined]
    socket.on(  # type: ignore[attr-defined]
        "framereceived",
        lambda frame: watched.sent.append(frame if isinstance(frame, bytes) else frame.encode()),
    )


def settle(page: Page, drawn: str = ".stHtml h1") -> None:
    """Wait until the server has drawn the page and charts stand."""
    page.wait_for_selector(drawn, timeout=30_000)
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for()
    page.wait_for_timeout(700)


def grave(page: Page) -> list[str]:
    """What axe finds serious or critical on a page."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def overhang(page: Page) -> int:
    """How far can the page be scrolled sideways?"""
    return int(
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollWidth - m.clientWidth })()"
        )
    )
