"""The pictures of the documentation, of the demonstration as it stood on one day.

``make pictures`` draws them again; look at each before it is committed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from collector.demo import Demonstration, prepare
from tests.browser.watching import CHROMIUM, QUIET, ROOT, free_port, opened, started, watched

FOLDER = ROOT / "docs" / "images"
SERVER = """
from pathlib import Path
from collector.demo import PSEUDONYMS, Demonstration, prepare
from dashboard.asgi import serve
from dashboard.settings import from_config
folder = Path({folder!r})
config = prepare(Demonstration({as_of}), folder, folder / "data")
serve(from_config(config, PSEUDONYMS), {port}, open_browser=False)
"""
COLOURS = 224
AS_OF = 1_795_564_800  # 2026-11-25


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown, and from which heading on so many pixels of it."""

    name: str
    address: str
    height: int = 900
    scheme: str = "light"
    width: int = 1280
    begins: str = ""


PICTURES = (
    Picture("portfolio", "/", 1300),
    Picture("portfolio-dark", "/", 1300, "dark"),
    Picture("portfolio-phone", "/?lang=sk", 1300, width=360),
    Picture("portfolio-past", "/?at=2025-06", 1000),
    Picture("portfolio-risk", "/", 760, begins="The wider picture"),
    Picture("portfolio-time", "/?picture=time", 640, begins="The wider picture"),
    Picture("projects", "/projects", 1000),
    Picture("project", "/project?p=alegeri-locale", 1500),
    Picture("project-work", "/project?p=uradna-tabula", 1000, begins="Its status over time"),
    Picture(
        "project-people", "/project?p=uradna-tabula&s=people", 1500, begins="Its status over time"
    ),
    Picture(
        "project-answers", "/project?p=uradna-tabula&s=answers", 1500, begins="Its status over time"
    ),
    Picture("project-going", "/project?p=calitatea-aerului&s=going", 1300, begins="Contracts"),
    Picture("project-lists", "/project?p=uradna-tabula&s=lists", 1000, begins="Look closer"),
    Picture("figure", "/project?p=alegeri-locale&m=first_answer_wait&as_of=2026-03-01", 1000),
    Picture("compare", "/compare?p=uradna-tabula&p=mapa-pamatek&p=rozpocet-obce", 1100),
    Picture("people", "/people", 900),
    Picture("what-if", "/what-if?without=supplier:sova-systemy", 800),
    Picture("ospos", "/ospos?s=questions", 900),
    Picture("data", "/data?s=coverage", 1100),
    Picture("method", "/method", 1100),
    Picture("about", "/about", 900),
    Picture("report", "/report/ospo/cod-pentru-oras.html?month=2026-10&lang=en", 1300, width=1000),
    Picture(
        "report-project",
        "/report/project/alegeri-locale.html?month=2026-10&lang=en",
        1100,
        width=1000,
        begins="The five questions",
    ),
)
REPORT = "/report/"


@contextmanager
def demonstration(folder: str) -> Iterator[str]:
    """The demonstration on a port of its own."""
    prepare(Demonstration(AS_OF), Path(folder), Path(folder) / "data")  # the server finds it there
    port = free_port()
    address = f"http://localhost:{port}"
    script = SERVER.format(folder=folder, port=port, as_of=AS_OF)
    with started(script, address, Path(folder)):
        yield address


def draw(browser: Browser, base: str, wanted: Picture) -> None:
    """Take one picture, with few colours, so that it is small."""
    page = _shown(browser, base, wanted)
    main = "(document.querySelector('[data-testid=stMain]') || document.documentElement)"
    whole = page.evaluate(f"{main}.scrollHeight")
    page.set_viewport_size({"width": wanted.width, "height": min(whole + 20, 8000)})
    page.wait_for_timeout(1200)
    top = _top(page, wanted.begins)
    clip = {"x": 0, "y": top, "width": wanted.width, "height": wanted.height}
    taken = Image.open(io.BytesIO(page.screenshot(clip=clip)))  # type: ignore[arg-type]
    few = taken.convert("RGB").quantize(  # covers rare colours too: those of a status
        COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    few.save(FOLDER / f"{wanted.name}.png", optimize=True)
    page.context.close()


def _shown(browser: Browser, base: str, wanted: Picture) -> Page:
    """Open a page, or a report, which is a page of its own."""
    address = base + wanted.address
    if wanted.address.startswith(REPORT):
        found = watched(browser, wanted.scheme, wanted.width)
        found.page.goto(address)
    else:
        found = opened(browser, address, wanted.scheme, wanted.width)
    found.is_quiet()
    return found.page


def _top(page: Page, begins: str) -> float:
    if not begins:
        return 0
    title = page.get_by_role("heading", name=begins, exact=True)
    label = page.get_by_text(begins, exact=True)
    box = (title if title.count() else label).first.bounding_box()
    assert box is not None, begins
    return max(0, box["y"] - 24)


def main(names: list[str]) -> None:
    """Draw those named, or all."""
    with TemporaryDirectory() as folder, demonstration(folder) as base, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for wanted in PICTURES:
            if not names or wanted.name in names:
                draw(browser, base, wanted)
                size = Path(FOLDER / f"{wanted.name}.png").stat().st_size
                print(f"{wanted.name}: {size // 1024} KB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
