"""What does reading GitLab cost? ``python -m benchmarks.gitlab``.

On the test GitLab, with 50 ms of latency (none for the largest): first collections of real
projects against what this API needs at least, and a group of 200 projects of which nothing or
5 % changed. Needs the real records in ``../shared/data`` or the folder that
OSPO_VITALS_TEST_DATA names.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil

from benchmarks.github import LATENCY, data_folder
from tests.forge.gitlab_host import gitlab
from tests.forge.gitlab_tests import items, project
from tests.forge.hosts import Host
from tests.forge.reading import MLS, TLS, states
from tests.forge.shelf import Shelf
from tests.forge.world import Json, Repository, said

GROUP, CHANGED = 200, 10
PAGE = 100
OF_A_CHANGE = 12
"""A project that moved: checks, totals, branch (4), its lists, releases (3), notes and states
of the changed item (2), and of what lies in the ten minutes that are read again (at most 3)."""


@dataclass(frozen=True)
class Row:
    what: str
    requests: int
    most: float
    seconds: float
    beside: str = ""

    @property
    def kept(self) -> bool:
        return self.requests <= self.most

    def __str__(self) -> str:
        mark = "ok" if self.kept else "TOO MUCH"
        return (
            f"{self.what:<44}{self.requests:>6} requests (≤ {self.most:.0f})"
            f"{self.seconds:>8.2f} s  {mark}  {self.beside}"
        )


def least(repository: Repository) -> tuple[int, int]:
    """The floor of FORGES.md, and of this API: notes and changes of state come item by item."""
    lists = ceil(len(repository.issues) / PAGE) + ceil(len(repository.pulls) / PAGE) + 1
    noted = sum(1 for item in repository.issues if item["comments"])
    noted += sum(1 for item in repository.pulls if item["comments"] or _touched(item))
    touched = sum(1 for item in repository.items() if _touched(item))
    return lists, lists + noted + touched


def _touched(item: Json) -> bool:
    return bool(item["state"] != "OPEN" or item["updatedAt"] != item["createdAt"])


def first_collection(name: str, latency: float) -> Row:
    with gitlab() as host:
        repository = host.server.world.load(states(data_folder(), name)[-1])
        host.server.latency = latency
        here, started = host.forge(), time.perf_counter()
        list(here.heartbeat([host.url(name)]))
        Shelf().read(here.pages(host.url(name), None))
        seconds, requests = time.perf_counter() - started, len(host.server.requests)
    lists, floor = least(repository)
    beside = f"{requests / floor:.2f} × what this API needs, {requests / lists:.0f} × the lists"
    return Row(f"first collection of {name}", requests, 1.5 * floor, seconds, beside)


def refresh(host: Host, shelves: dict[str, Shelf], markers: dict[str, str]) -> None:
    """A pass: a heartbeat of all, and a reading of those that moved."""
    here = host.forge()
    for pulse in here.heartbeat(list(shelves), dict(markers)):
        if pulse.moved:
            shelves[pulse.url].read(here.pages(pulse.url, shelves[pulse.url].cursor))
        markers[pulse.url] = pulse.marker


def group() -> list[Row]:
    """200 projects of a group with subgroups: nothing changed, then a twentieth."""
    with gitlab() as host:
        found = [
            project(host, f"city/{'sub/' if n % 3 else ''}app-{n}", license="MIT")
            for n in range(GROUP)
        ]
        for each in found:
            items(each, 6)
        shelves: dict[str, Shelf] = {host.url(each.full_name): Shelf() for each in found}
        markers: dict[str, str] = {}
        refresh(host, shelves, markers)
        host.server.latency, rows = LATENCY, []
        for what, changed, most in (
            ("unchanged", 0, 6),
            ("5 % changed", CHANGED, 6 + OF_A_CHANGE * CHANGED),
        ):
            for each in found[:changed]:
                each.issues[0]["comments"].append(said("carol", "2025-03-01T10:00:00Z"))
                each.issues[0]["updatedAt"] = "2025-03-01T10:00:00Z"
            host.server.forget()
            started = time.perf_counter()
            refresh(host, shelves, markers)
            seconds = time.perf_counter() - started
            requests = len(host.server.requests)
            rows.append(Row(f"a group of {GROUP} projects, {what}", requests, most, seconds))
    return rows


def main() -> int:
    """Print a line per case; 1 when one is beyond its limit."""
    if not (data_folder() / "github").is_dir():
        print("skipped: needs the real records (OSPO_VITALS_TEST_DATA)")
        return 0
    rows = [first_collection(MLS, LATENCY), first_collection(TLS, 0.0), *group()]
    print("\n".join(map(str, rows)))
    return int(not all(row.kept for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
