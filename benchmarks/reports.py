"""What does a report cost? ``python -m benchmarks.reports [projects or database URL]``.

The month's report of an OSPO with 1,000 projects (or as many as asked) × 5 years, and of one
project, each form in a process of its own as the server draws it: processor time and the kernel's
peak of memory. Beside it Chromium prints the same HTML in the same run: what a browser takes, which
no server has.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from benchmarks.table import HEAD, Row
from dashboard.reports import apart
from dashboard.reports.making import Asked
from dashboard.settings import Settings
from tests.dashboard_data import NOW, build

SECONDS, MEGABYTES = 20.0, 600.0
CHROMIUM = which("chromium") or which("chromium-browser")
MEASURED = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True, stdin=sys.stdin, stdout=sys.stdout,"
    " stderr=subprocess.DEVNULL)\n"
    "spent = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024, file=sys.stderr)"
)


REPORTS = {"OSPO": Asked(ospo="bratislava"), "project": Asked(project="project-3")}


@dataclass(frozen=True)
class Spent:
    """What a process took: processor seconds, wall seconds, megabytes at most."""

    processor: float
    wall: float
    memory: float


def of(words: list[str], given: bytes = b"") -> tuple[bytes, Spent]:
    """Run something in a process that nobody else is in."""
    began = time.perf_counter()
    found = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], input=given, capture_output=True, check=True
    )
    wall = time.perf_counter() - began
    processor, memory = map(float, found.stderr.split()[-2:])
    return found.stdout, Spent(processor, wall, memory)


def drawn(url: str, asked: Asked, form: str) -> tuple[bytes, Spent]:
    """Make one report as the server does."""
    job = apart.Job(Settings(url), asked, form, NOW + 3 * 86_400, people=True, private=True)
    code = apart.CODE.format(path=sys.path)
    told, spent = of([sys.executable, "-c", code], pickle.dumps(job))
    content, refused = pickle.loads(told)  # noqa: S301 - from ourselves
    assert refused is None, refused
    return content, spent


def browser(page: bytes) -> Spent:
    """Let Chromium print the same page."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_bytes(page)
        words = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
                 f"--print-to-pdf={folder}/page.pdf", file.as_uri()]  # fmt: skip
        return of(words)[1]


def rows(url: str) -> list[Row]:
    """Measure both kinds of report in each form."""
    made = []
    for name, asked in (
        ("OSPO", Asked(ospo="bratislava")),
        ("project", Asked(project="project-3")),
    ):
        page = b""
        for form in ("md", "html", "pdf"):
            content, spent = drawn(url, asked, form)
            page = content if form == "html" else page
            print(f"{name} {form}: {len(content):,} bytes, {spent}")
            what = f"report of one {name} as {form}"
            made.append(Row(f"{what}: processor time", SECONDS, spent.processor, "s"))
            made.append(Row(f"{what}: memory of its process", MEGABYTES, spent.memory, "MB"))
        if CHROMIUM:
            peer = browser(page)
            ratio = spent.processor / peer.processor
            print(f"{name} printed by Chromium: {peer}; ours takes {ratio:.1f} ×")
    return made


def main(given: str = "1000") -> list[Row]:
    """Measure on a portfolio of so many projects, or on a database."""
    if not given.isdigit():
        return rows(given)
    with tempfile.TemporaryDirectory() as folder:
        return rows(build(Path(folder) / "portfolio.db", int(given)))


if __name__ == "__main__":
    found = main(*sys.argv[1:2])
    print(HEAD, *found, sep="\n")
    sys.exit(not all(row.met for row in found))
