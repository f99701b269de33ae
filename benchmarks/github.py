"""What does reading GitHub cost? ``python -m benchmarks.github [--perceval PYTHON]``.

On the test forge, with 50 ms of latency and points by the published formula: first collections,
1,000 repositories of which nothing or 5 % changed, each with the night's share of the slow sweep,
the sweep of a large repository over a month, and the CPU of a page of 100. With a Python
that has Perceval (``python -m venv X && X/bin/pip install perceval``, never a dependency of
ours) the same repository is read by both in the same run. Needs the real records in
``../shared/data`` or the folder that OSPO_VITALS_TEST_DATA names.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from collector.forge_stage import SWEEP_DAYS, slices_due
from collector.forges.github import GitHub
from collector.model import DAY, Instant
from tests.forge.peer_side import PeerRest
from tests.forge.reading import MLS, TLS, github, review, states, url
from tests.forge.server import TOKEN, TestForge, running
from tests.forge.shelf import Shelf
from tests.forge.world import Repository, issue, pull, said

LATENCY = 0.05
PORTFOLIO, CHANGED = 1000, 50
CPU_OF_A_PAGE = 0.010
FIRST_NIGHT = 20_000 * DAY
LARGE = 6_100
DAYS = (
    ("2025-03-01", 0, "unchanged", 25, 90),
    ("2025-03-02", 10, "5 % changed", 80, 100),
    ("2025-03-03", 1, "5 % changed, all with a review", 80, 100),
)
"""Day, every how-manieth changed repository has a new review, what it is called, its budget."""


@dataclass(frozen=True)
class Row:
    what: str
    requests: int
    points: int
    seconds: float
    most_requests: int
    most_points: int

    @property
    def kept(self) -> bool:
        return self.requests <= self.most_requests and self.points <= self.most_points

    def __str__(self) -> str:
        mark = "ok" if self.kept else "TOO MUCH"
        return (
            f"{self.what:<50}{self.requests:>5} requests (≤ {self.most_requests})"
            f"{self.points:>5} points (≤ {self.most_points}){self.seconds:>8.2f} s  {mark}"
        )


def data_folder() -> Path:
    named = os.environ.get("OSPO_VITALS_TEST_DATA")
    return Path(named) if named else Path(__file__).parents[2] / "shared" / "data"


def first_collection(forge: TestForge, name: str, requests: int, points: int) -> Row:
    forge.world.load(states(data_folder(), name)[-1])
    forge.forget()
    here, started = github(forge), time.perf_counter()
    list(here.heartbeat([url(name)]))
    Shelf().read(here.pages(url(name), None))
    seconds = time.perf_counter() - started
    return Row(
        f"first collection of {name}", len(forge.requests), forge.points, seconds, requests, points
    )


def portfolio(forge: TestForge) -> list[Repository]:
    """A thousand small repositories."""
    found = []
    for number in range(PORTFOLIO):
        repository = forge.world.add(Repository("city", f"app{number}"))
        for place in range(1, 5):
            repository.issues.append({**issue(place), "id": f"I_{number}_{place}"})
            reviews = [{**review(place, "2024-01-20"), "id": f"PRR_{number}_{place}"}]
            later = f"2024-01-{20 + place}T09:00:00Z"
            change = pull(place + 4, reviews=reviews, updatedAt=later)
            change["id"] = f"PR_{number}_{place}"
            repository.pulls.append(change)
        found.append(repository)
    return found


@dataclass
class Portfolio:
    """What is stored of many repositories, and when they were read last."""

    forge: TestForge
    shelves: dict[str, Shelf]
    markers: dict[str, str] = field(default_factory=dict)
    read_until: Instant | None = None
    size: int = 1

    def refresh(self, now: Instant) -> GitHub:
        """A night: a heartbeat of all, a reading of those that moved, the sweep of those due."""
        here = github(self.forge)
        cursors = {u: shelf.cursor for u, shelf in self.shelves.items() if shelf.cursor}
        due = {
            u: slices_due(number, self.read_until, now, self.size, here.slice)
            for number, u in enumerate(self.shelves, start=1)
        }
        swept = [u for u, slices in due.items() if slices]
        for pulse in here.heartbeat(list(self.shelves), dict(self.markers), cursors, swept):
            shelf = self.shelves[pulse.url]
            if self.markers.get(pulse.url) != pulse.marker:
                shelf.read(here.pages(pulse.url, shelf.cursor))
                self.markers[pulse.url] = pulse.marker
            for _ in range(due[pulse.url]):
                shelf.read(here.sweep(pulse.url, str(shelf.cursor)))
        self.read_until = now
        return here


def change(repositories: list[Repository], day: str, reviewed: int) -> None:
    """A day: a comment in each, and a review in every so-manieth."""
    for number, repository in enumerate(repositories):
        at = f"{day}T10:{number % 60:02d}:00Z"
        item = repository.issues[0] if number % 2 else repository.pulls[0]
        item["comments"].append(said("carol", at))
        item["updatedAt"] = at
        if number % reviewed == 0:
            item = repository.pulls[0]
            item["reviews"].append({**review(9, day), "id": f"{item['id']}_{day}"})
            item["updatedAt"] = at


def thousand(forge: TestForge) -> list[Row]:
    """1,000 repositories: nothing changed, then a twentieth; 34 are swept each night."""
    repositories = portfolio(forge)
    stored = Portfolio(forge, {url(r.full_name): Shelf() for r in repositories})
    latency, forge.latency, forge.points_left = forge.latency, 0.0, 10**6
    stored.refresh(FIRST_NIGHT)
    forge.latency, rows = latency, []
    changed = repositories[:: PORTFOLIO // CHANGED]
    for night, (day, reviewed, what, requests, points) in enumerate(DAYS, start=1):
        if reviewed:
            change(changed, day, reviewed)
        forge.forget()
        started = time.perf_counter()
        stored.refresh(FIRST_NIGHT + night * DAY)
        seconds = time.perf_counter() - started
        spent = len(forge.requests), forge.points
        rows.append(Row(f"1,000 repositories, {what}", *spent, seconds, requests, points))
    return rows


def month_of_a_large_one(forge: TestForge) -> Row:
    """A repository of which nothing moves for a month: the night that costs most."""
    large = forge.world.add(Repository("city", "large"))
    large.issues = [issue(n, id=f"I_{n}") for n in range(1, LARGE + 1)]
    stored = Portfolio(forge, {url(large.full_name): Shelf()}, size=LARGE)
    latency, forge.latency, forge.points_left = forge.latency, 0.0, 10**6
    stored.refresh(FIRST_NIGHT)
    for each in large.issues:
        each["author"] = None  # which moves no date
    forge.latency, nights, started = latency, [], time.perf_counter()
    for night in range(1, SWEEP_DAYS + 1):
        forge.forget()
        stored.refresh(FIRST_NIGHT + night * DAY)
        nights.append((len(forge.requests), forge.points))
    seconds = time.perf_counter() - started
    (shelf,) = stored.shelves.values()
    assert not [each for each in shelf.items.values() if each.author], "not all was swept"
    what = f"{LARGE:,} issues swept in a month: its dearest night"
    most = 1 + -(-LARGE // 100 // SWEEP_DAYS)
    return Row(what, *max(nights), seconds, most, 3 * most)


def cpu_of_a_page(forge: TestForge) -> float:
    """Our own CPU for a page of 100 change requests with all their events."""
    from collector.forges.github.graphql import document
    from collector.forges.github.records import finished, item
    from collector.model import ItemKind
    from tests.forge.graphql_side import Graph

    forge.world.load(states(data_folder(), TLS)[-1])
    order = {"field": "CREATED_AT", "direction": "ASC"}
    asked = {
        "owner": "tlswg", "name": "tls13-spec", "order": order, "newest": False, "issues": False,
        "issuesFirst": 1, "changeRequests": True, "changeRequestsFirst": 100, "releases": False,
        "releasesFirst": 1,
    }  # fmt: skip
    reply = Graph(forge.world).answer({"query": document("changes"), "variables": asked}, None)
    nodes = reply["data"]["repository"]["changeRequests"]["nodes"]
    taken = []
    for _ in range(20):
        started = time.process_time()
        for node in nodes:
            finished(item("github.com", node, ItemKind.CHANGE_REQUEST))
        taken.append(time.process_time() - started)
    return min(taken)


PERCEVAL = """
import sys
from perceval.backends.core.github import GitHub
owner, name, base, token = sys.argv[1:]
for category in ("issue", "pull_request"):
    reader = GitHub(owner, name, api_token=[token], base_url=base, sleep_for_rate=False)
    print(category, sum(1 for _ in reader.fetch(category=category)))
"""


def against_perceval(forge: TestForge, python: str) -> bool:
    """The same repository, the same forge, the same run."""
    ours = first_collection(forge, MLS, 5, 8)
    forge.forget()
    forge.rest = PeerRest
    started = time.perf_counter()
    owner, name = MLS.split("/")
    subprocess.run([python, "-c", PERCEVAL, owner, name, forge.base, TOKEN], check=True)
    seconds, requests = time.perf_counter() - started, len(forge.requests)
    print(
        f"Perceval on {MLS}: {requests} requests, {seconds:.1f} s:"
        f" {requests / ours.requests:.0f} × our requests, {seconds / ours.seconds:.0f} × our time"
    )
    return requests >= 50 * ours.requests and seconds >= 10 * ours.seconds


def main() -> int:
    """Print a line per case; exit 1 when one is beyond its limit."""
    options = argparse.ArgumentParser()
    options.add_argument("--perceval", help="a Python that has perceval installed")
    chosen = options.parse_args()
    if not (data_folder() / "github").is_dir():
        print("skipped: needs the real records (OSPO_VITALS_TEST_DATA)")
        return 0
    with running() as forge:
        forge.latency = LATENCY
        rows = [first_collection(forge, TLS, 24, 40), first_collection(forge, MLS, 5, 8)]
        cpu = cpu_of_a_page(forge)
        good = not chosen.perceval or against_perceval(forge, chosen.perceval)
    with running() as forge:
        forge.latency = LATENCY
        rows += thousand(forge)
    with running() as forge:
        forge.latency = LATENCY
        rows.append(month_of_a_large_one(forge))
    for row in rows:
        print(row)
    print(f"CPU of a page of 100: {cpu * 1000:.1f} ms (≤ {CPU_OF_A_PAGE * 1000:.0f} ms)")
    return 0 if good and all(row.kept for row in rows) and cpu <= CPU_OF_A_PAGE else 1


if __name__ == "__main__":
    sys.exit(main())
