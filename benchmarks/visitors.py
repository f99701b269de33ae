"""What do many readers cost? ``python -m benchmarks.visitors [projects | database URL]``.

The real server in a process of its own. First one reader opens every page (memory after it),
then twenty click once a second over WebSockets, as browsers speak to it, each from page to page
(time from the click to the end of the page; memory of a session), then Chromium opens the first
page, cold and warm (time to its heading).
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from urllib.parse import urlencode
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.dashboard import PAGES, Query
from tests.dashboard_data import build

ROOT = Path(__file__).parent.parent
USERS, CLICKS = 20, 15
SERVER = """
import sys
from dashboard.asgi import serve
from dashboard.settings import Settings
serve(Settings(sys.argv[1]), int(sys.argv[2]), open_browser=False)
"""


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    """Start the server; give its port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", SERVER, url, str(port)], env=environment)
    try:
        _wait(f"http://localhost:{port}/healthz")
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def memory(pid: int, what: str = "VmRSS") -> float:
    """Megabytes of a process: now, or (``VmHWM``) at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def _worked(pid: int) -> float:
    """Seconds that the processor has worked for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def click(socket_: ClientConnection, path: str, query: Query) -> float:
    """Open a page; give the seconds until it is whole."""
    asked = BackMsg()
    asked.rerun_script.query_string = urlencode(query, doseq=True)
    asked.rerun_script.page_script_hash = calc_hash(path)
    asked.rerun_script.widget_states.SetInParent()
    began = time.perf_counter()
    await socket_.send(asked.SerializeToString())
    while True:
        said = ForwardMsg.FromString(bytes(await socket_.recv()))  # type: ignore[arg-type]
        if said.WhichOneof("type") == "script_finished":
            return time.perf_counter() - began


async def _reader(port: int, number: int) -> list[float]:
    chance = random.Random(number)
    taken = []
    async with _session(port) as socket_:
        await asyncio.sleep(number / USERS)
        for _ in range(CLICKS):
            path, query = chance.choice(PAGES)
            taken.append(await click(socket_, path, query))
            await asyncio.sleep(max(0.0, 1 - taken[-1]))
    return taken


def _session(port: int) -> connect:
    address = f"ws://localhost:{port}/_stcore/stream"
    return connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None)


async def _alone(port: int) -> list[tuple[float, str, Query]]:
    """One reader opens every page twice: the first time what is cached is read."""
    found = []
    async with _session(port) as socket_:
        for path, query in PAGES:
            first = await click(socket_, path, query)
            await click(socket_, path, query)
            found.append((first, path, query))
    return found


async def _together(port: int, pid: int) -> tuple[list[float], float]:
    before = memory(pid)
    readers = [asyncio.create_task(_reader(port, number)) for number in range(USERS)]
    await asyncio.sleep(CLICKS * 0.8)
    held = (memory(pid) - before) / USERS
    return [taken for each in await asyncio.gather(*readers) for taken in each], held


def _painted(port: int) -> None:
    from playwright.sync_api import sync_playwright

    chromium = which("chromium") or which("chromium-browser")
    if chromium is None:
        print("no Chromium: first paint not measured")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in ("cold", "cold", "cold"):
            context = browser.new_context()
            for visit in (name, "warm"):
                page = context.new_page()
                began = time.perf_counter()
                page.goto(f"http://localhost:{port}/", wait_until="commit")
                page.wait_for_selector("h1", timeout=30_000)
                shown = time.perf_counter() - began
                paint = page.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
                )
                print(f"{visit}: first paint {paint:4.0f} ms, heading {shown * 1000:4.0f} ms")
                page.wait_for_timeout(500)
                page.close()
            context.close()
        browser.close()


def main() -> int:
    """Print what one reader, twenty, and a browser met."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "1000"
    with tempfile.TemporaryDirectory() as folder:
        url = asked if "://" in asked else build(Path(folder) / "portfolio.db", int(asked))
        with served(url) as (port, pid):
            print(f"started: {memory(pid):.0f} MB; load {os.getloadavg()[0]}")
            slow = sorted(asyncio.run(_alone(port)), key=lambda one: -one[0])
            for taken, path, query in slow[:3]:
                print(f"opened first: /{path}?{urlencode(query, doseq=True)}: {taken:.2f} s")
            print(f"every page opened: {memory(pid):.0f} MB, at most {memory(pid, 'VmHWM'):.0f} MB")
            worked = _worked(pid)
            times, held = asyncio.run(_together(port, pid))
            worked = (_worked(pid) - worked) / len(times)
            middle, worst = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(
                f"{USERS} readers, {len(times)} clicks: median {middle * 1000:.0f} ms,"
                f" p95 {worst * 1000:.0f} ms, {worked * 1000:.0f} ms of the processor each;"
                f" {held:.1f} MB a session; {memory(pid):.0f} MB in all"
            )
            _painted(port)
            print(f"at most {memory(pid, 'VmHWM'):.0f} MB; load {os.getloadavg()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
