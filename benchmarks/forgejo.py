"""What does reading Forgejo and Gitea cost? ``python -m benchmarks.forgejo``.

On the test Forgejo, with 50 ms of latency (none for the largest): first collections of real
projects, heartbeat included, and refreshes of 200 repositories of one owner. Needs the real
records in ``../shared/data`` or the folder that OSPO_VITALS_TEST_DATA names.
"""

from __future__ import annotations

import time
from math import ceil

from benchmarks.github import LATENCY, data_folder
from benchmarks.gitlab import Row, refresh
from tests.forge.forgejo_side import forgejo
from tests.forge.reading import MLS, TLS, states
from tests.forge.shelf import Shelf
from tests.forge.world import Repository, issue

OWNED, CHANGED, LIMIT = 200, 10, 50
OF_A_CHANGE = 10
"""One that moved: totals, checks, branch (4), its lists and releases (3), timelines (3)."""


def most(repository: Repository) -> int:
    """What a first collection may cost: twice its lists, and two requests a change request."""
    comments = sum(len(item["comments"]) for item in repository.items())
    lists = (len(repository.issues), len(repository.pulls), comments)
    return 2 * (sum(ceil(count / LIMIT) for count in lists) + len(repository.pulls))


def first_collection(name: str, latency: float) -> Row:
    """Heartbeat and reading of a real project that was never read."""
    with forgejo() as host:
        repository = host.server.world.load(states(data_folder(), name)[-1])
        host.server.latency = latency
        here, started = host.forge(), time.perf_counter()
        list(here.heartbeat([host.url(name)]))
        Shelf().read(here.pages(host.url(name), None))
        seconds, requests = time.perf_counter() - started, len(host.server.requests)
    return Row(f"first collection of {name}", requests, most(repository), seconds)


def owner() -> list[Row]:
    """200 repositories of one owner: nothing changed, then a twentieth."""
    with forgejo() as host:
        found = [
            host.server.world.add(Repository("city", f"app-{n}", issues=[issue(1)]))
            for n in range(OWNED)
        ]
        shelves: dict[str, Shelf] = {host.url(each.full_name): Shelf() for each in found}
        markers: dict[str, str] = {}
        refresh(host, shelves, markers)
        host.server.latency, rows = LATENCY, []
        for what, changed, limit in (
            ("unchanged", 0, 6),
            ("5 % changed", CHANGED, 7 + OF_A_CHANGE * CHANGED),
        ):
            for each in found[:changed]:
                each.issues[0]["updatedAt"] = "2099-03-01T10:00:00Z"
            host.server.forget()
            started = time.perf_counter()
            refresh(host, shelves, markers)
            seconds = time.perf_counter() - started
            requests = len(host.server.requests)
            rows.append(Row(f"{OWNED} repositories of one owner, {what}", requests, limit, seconds))
    return rows


def main() -> int:
    """Print a line per case; 1 when one is beyond its limit."""
    if not (data_folder() / "github").is_dir():
        print("skipped: needs the real records (OSPO_VITALS_TEST_DATA)")
        return 0
    rows = [first_collection(MLS, LATENCY), first_collection(TLS, 0.0), *owner()]
    print("\n".join(map(str, rows)))
    return int(not all(row.kept for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
