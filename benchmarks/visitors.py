"""What do many readers cost? A part of ``python -m benchmarks.dashboard``.

The real server in a process of its own. One reader opens every page (the slowest first opening),
then twenty click once a second over WebSockets, as browsers speak to it, each from page to page
(time from the click to the end of the page; memory of a session), then Chromium opens the first
page: cold with a new profile, warm when it comes back to it in a new tab. *First paint* is
Chromium's own first contentful paint, *first paragraph* the moment our sentence on where the
portfolio stands is there to be read.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.table import Row
from tests.browser.watching import free_port, started

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

Query = dict[str, str | list[str]]
Pages = Sequence[tuple[str, Query]]
USERS, CLICKS = 20, 15
PROFILES, RETURNS = 3, 4
"""So many new readers open the first page, and come back so many times each."""
SERVER = """
from dashboard.asgi import serve
from dashboard.settings import Settings
serve(Settings({url!r}), {port}, open_browser=False)
"""
WATCH = """
new MutationObserver(() => {
  if (!window.told && document.querySelector('.ov-lead')) window.told = performance.now();
}).observe(document, {childList: true, subtree: true});
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def address(path: str, query: Query) -> str:
    """A page as it stands in the browser."""
    return f"/{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    """Start the server; give its port and process when it has read ahead."""
    port = free_port()
    script = SERVER.format(url=url, port=port)
    with started(script, f"http://localhost:{port}") as pid:
        _rest(pid)
        yield port, pid


def _rest(pid: int) -> None:
    """Wait until a process has nothing to do."""
    before = -1.0
    while (now := worked(pid)) > before + 0.05:
        before = now
        time.sleep(1)


def memory(pid: int, what: str = "VmRSS") -> float:
    """Megabytes of a process: now, or (``VmHWM``) at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def worked(pid: int) -> float:
    """Seconds that the processor has worked for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def click(socket_: ClientConnection, path: str, query: Query) -> float:
    """Open a page; give the milliseconds until it is whole."""
    asked = BackMsg()
    asked.rerun_script.query_string = urlencode(query, doseq=True)
    asked.rerun_script.page_script_hash = calc_hash(path)
    asked.rerun_script.widget_states.SetInParent()
    began = time.perf_counter()
    await socket_.send(asked.SerializeToString())
    while True:
        said = ForwardMsg.FromString(bytes(await socket_.recv()))  # type: ignore[arg-type]
        if said.WhichOneof("type") == "script_finished":
            return (time.perf_counter() - began) * 1000


def _session(port: int) -> connect:
    address = f"ws://localhost:{port}/_stcore/stream"
    return connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None)


async def _alone(port: int, pages: Pages) -> list[tuple[float, str]]:
    """One reader opens every page twice: the first time what is not cached yet is read."""
    found = []
    async with _session(port) as socket_:
        for path, query in pages:
            first = await click(socket_, path, query)
            await click(socket_, path, query)
            found.append((first, address(path, query)))
    return sorted(found, reverse=True)


async def _together(port: int, pid: int, pages: Pages) -> tuple[list[float], float]:
    """Twenty click once a second; give the times, and what each session holds at the end."""
    before, done = memory(pid), asyncio.Barrier(USERS + 1)

    async def reader(number: int) -> list[float]:
        chance, taken = random.Random(number), []
        async with _session(port) as socket_:
            await asyncio.sleep(number / USERS)
            for _ in range(CLICKS):
                taken.append(await click(socket_, *chance.choice(pages)))
                await asyncio.sleep(max(0.0, 1 - taken[-1] / 1000))
            await done.wait()  # all are still there
            await done.wait()  # and were looked at
        return taken

    readers = [asyncio.create_task(reader(number)) for number in range(USERS)]
    await done.wait()
    held = (memory(pid) - before) / USERS
    await done.wait()
    return [taken for each in await asyncio.gather(*readers) for taken in each], held


def reading(url: str, pages: Pages) -> Iterator[Row]:
    """One reader, then twenty."""
    with served(url) as (port, pid):
        slow = asyncio.run(_alone(port, pages))
        print(*(f"opened first: {shown}: {taken:.0f} ms" for taken, shown in slow[:3]), sep="\n")
        print(f"every page opened: {memory(pid):.0f} MB")
        began = worked(pid)
        times, held = asyncio.run(_together(port, pid, pages))
        spent = (worked(pid) - began) / len(times) * 1000
        middle, worst = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(
            f"{USERS} readers, {len(times)} clicks: median {middle:.0f} ms, p95 {worst:.0f} ms,"
            f" {spent:.0f} ms of the processor each; load {os.getloadavg()[0]:.1f}"
        )
        yield Row("server: slowest first opening of a page", 1_000, slow[0][0], "ms")
        yield Row(f"{USERS} readers, a click a second: median", 500, middle, "ms")
        yield Row("memory of a session", 2, held, "MB")
        yield Row(f"memory in all, {USERS} sessions, at most", 400, memory(pid, "VmHWM"), "MB")


def painting(url: str) -> Iterator[Row]:
    """A browser opens the first page, and comes back to it."""
    from playwright.sync_api import sync_playwright

    chromium = which("chromium") or which("chromium-browser")
    if chromium is None:
        print("no Chromium: first paint not measured")
        return
    cold, warm = [], []
    with served(url) as (port, _pid), sync_playwright() as playwright:
        for _ in range(PROFILES):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                browser = playwright.chromium.launch_persistent_context(
                    profile, executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                visits = [_visit(browser, port) for _ in range(1 + RETURNS)]
                browser.close()
            cold.append(visits[0])
            warm += visits[1:]
    for name, seen, limit in (("cold", cold, 2_500), ("warm", warm, 800)):
        print(name, *(f"{paint:.0f} ({told:.0f})" for paint, told in seen), "ms")
        paint, told = (statistics.median(each) for each in zip(*seen, strict=True))
        yield Row(f"Chromium, {name}: first paint, median", limit, paint, "ms")
        yield Row(f"Chromium, {name}: first paragraph, median", limit, told, "ms")


def _visit(browser: BrowserContext, port: int) -> tuple[float, float]:
    """Milliseconds from the start of loading to the first paint, and to our first paragraph."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto(f"http://localhost:{port}/", wait_until="commit")
    page.wait_for_selector(".ov-lead", timeout=30_000)
    page.wait_for_timeout(700)  # the rest of the page, so that the next visit starts at rest
    paint, told = (cast("float", page.evaluate(each)) for each in (PAINTED, "window.told"))
    page.close()
    return paint, told


def rows(url: str, pages: Pages) -> Iterator[Row]:
    """Measure what readers and a browser meet."""
    yield from reading(url, pages)
    yield from painting(url)
