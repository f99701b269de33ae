"""The slow sweep: every repository is looked through within a month, in nightly slices."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from collector.forge import ForgeError
from collector.forge_stage import SWEEP_DAYS, slices_due
from collector.model import DAY
from tests.forge import server
from tests.forge.reading import github, review, url
from tests.forge.server import Asked, Fault, TestForge
from tests.forge.shelf import Shelf
from tests.forge.world import Repository, issue, pull, said

FIRST = 20_000 * DAY


@pytest.mark.parametrize("items", [0, 1, 100, 101, 2_999, 3_001, 250_000])
@pytest.mark.parametrize("repository", [1, 17, 20_000])
def test_any_month_has_as_many_slices_as_the_repository_and_no_night_more_than_its_share(
    items: int, repository: int
) -> None:
    whole = max(1, -(-items // 100))
    for start in (FIRST, FIRST + DAY, FIRST + 15 * DAY):
        nights = [start + night * DAY for night in range(SWEEP_DAYS)]
        due = [slices_due(repository, night - DAY, night, items, 100) for night in nights]
        assert sum(due) == whole
        assert max(due) <= -(-whole // SWEEP_DAYS)


@pytest.mark.parametrize("items", [1, 3_001])
def test_passes_of_any_rhythm_sweep_the_same_and_a_second_one_of_a_night_nothing(
    items: int,
) -> None:
    nightly = sum(
        slices_due(7, n, n + DAY, items, 100) for n in range(FIRST, FIRST + 28 * DAY, DAY)
    )
    weekly = [FIRST + week * 7 * DAY for week in range(4)]
    assert sum(slices_due(7, at, at + 7 * DAY, items, 100) for at in weekly) == nightly
    for night in range(SWEEP_DAYS):
        evening = FIRST + night * DAY + DAY // 2
        assert slices_due(7, evening, evening + DAY // 3, items, 100) == 0


def test_what_was_just_read_is_not_swept_and_a_long_pause_costs_one_look_at_everything() -> None:
    assert slices_due(7, None, FIRST, 5_000, 100) == 0
    assert slices_due(7, FIRST, FIRST + 365 * DAY, 5_000, 100) == 50
    assert slices_due(7, FIRST, FIRST - 9 * DAY, 5_000, 100) == 0  # a clock that was set back


def test_small_repositories_are_spread_evenly_over_the_nights() -> None:
    due = sum(slices_due(repository, FIRST, FIRST + DAY, 80, 100) for repository in range(3_000))
    assert due == 100


@dataclass
class Night:
    """Repositories of many sizes, and what is stored of each."""

    forge: TestForge
    shelves: dict[str, Shelf] = field(default_factory=dict)

    def add(self, issues: int, pulls: int, releases: int = 0) -> Repository:
        """One more repository of this size."""
        place = len(self.shelves)
        repository = self.forge.world.add(Repository("city", f"app{place}"))
        for n in range(1, issues + 1):
            words = [said("bob", "2024-02-01T00:00:00Z")]
            repository.issues.append(issue(n, id=f"I_{place}_{n}", comments=words))
        for n in range(issues + 1, issues + pulls + 1):
            reviews = [{**review(n, "2024-01-20"), "id": f"PRR_{place}_{n}"}]
            repository.pulls.append(pull(n, id=f"PR_{place}_{n}", reviews=reviews))
        for n in range(releases):
            at = f"2024-03-01T{n // 60:02d}:{n % 60:02d}:00Z"
            repository.releases.append(
                {"id": f"RE_{place}_{n}", "tagName": f"v{n}", "createdAt": at, "publishedAt": at,
                 "updatedAt": at, "author": "alice", "isPrerelease": False, "isDraft": False}
            )  # fmt: skip
        self.shelves[url(repository.full_name)] = Shelf()
        return repository

    def collect(self) -> None:
        """Read everything for the first time."""
        here = github(self.forge)
        for address, shelf in self.shelves.items():
            shelf.read(here.pages(address, None))

    def sweep(self) -> list[str]:
        """A night on which all are due and nothing moved; the addresses that failed."""
        known = {p.url: p.marker for p in github(self.forge).heartbeat(list(self.shelves))}
        stored, failed = {u: str(s.cursor) for u, s in self.shelves.items()}, []
        self.forge.forget()
        here = github(self.forge)
        for pulse in here.heartbeat(list(known), known, stored, list(known)):
            try:
                shelf = self.shelves[pulse.url]
                shelf.read(here.sweep(pulse.url, str(shelf.cursor)))
            except ForgeError:
                failed.append(pulse.url)
        return failed

    def silently(self) -> None:
        """Every account vanishes, comments and an item go; no date moves."""
        for repository in self.forge.world.repositories.values():
            for item in repository.items():
                item["author"] = None
                del item["comments"][:1]
                for each in item.get("reviews", ()):
                    each["author"] = None

    def afresh(self) -> dict[str, object]:
        """What a first collection would store."""
        here = github(self.forge)
        return {u: Shelf().read(here.pages(u, None)).facts() for u in self.shelves}

    def facts(self) -> dict[str, object]:
        return {u: shelf.facts() for u, shelf in self.shelves.items()}


@pytest.fixture
def night(github_forge: TestForge) -> Night:
    """Fourteen repositories, none of them large."""
    found = Night(github_forge)
    for size in range(12):
        found.add(issues=size, pulls=3 * size % 7)
    found.add(issues=90, pulls=0, releases=120)
    found.add(issues=0, pulls=70)
    found.collect()
    found.silently()
    return found


def test_small_repositories_are_swept_in_a_few_questions_for_all_of_them(night: Night) -> None:
    assert night.sweep() == []
    # A heartbeat, three questions for all items, one for all reviews, one for many releases.
    assert len(night.forge.requests) == 6
    assert night.facts() == night.afresh()


def too_much(asked: Asked) -> Fault | None:
    return server.BAD_GATEWAY if _many(asked) > 3 else None


def always_too_much(asked: Asked) -> Fault | None:
    return server.BAD_GATEWAY if _many(asked) else None


def one_is_lost(asked: Asked) -> Fault | None:
    def spoil(reply: server.Json) -> server.Json:
        reply["data"]["r1"] = None
        return {**reply, "errors": [{"message": "Something went wrong", "path": ["r1"]}]}

    return Fault(spoil=spoil) if _many(asked) > 1 else None


def _many(asked: Asked) -> int:
    """Of how many repositories are all items asked for?"""
    query = (asked.body or {}).get("query", "")
    return query.count("...Changes") if query.startswith("query ManyChanges") else 0


@pytest.mark.parametrize("fault", [too_much, always_too_much, one_is_lost])
def test_what_is_not_answered_for_many_is_swept_alone(
    night: Night, fault: Callable[[Asked], Fault | None]
) -> None:
    night.forge.fault = fault
    assert night.sweep() == []
    night.forge.fault = lambda asked: None
    assert night.facts() == night.afresh()


def test_what_vanished_without_a_trace_goes_with_the_sweep_of_a_small_repository(
    night: Night,
) -> None:
    for repository in night.forge.world.repositories.values():
        del repository.issues[:1], repository.pulls[:1]
    assert night.sweep() == []
    assert night.facts() == night.afresh()


def test_what_is_edited_while_the_sweep_asks_is_not_lost(night: Night) -> None:
    repositories = list(night.forge.world.repositories.values())

    def edit(asked: Asked) -> None:
        for repository in repositories[asked.number % 3 :: 3]:
            at = f"2025-05-01T10:00:{asked.number:02d}Z"
            late = f"I_{repository.name}_{asked.number}"
            repository.issues.append(issue(900, id=late, createdAt=at, updatedAt=at))
            repository.issues[0]["comments"].append(said("carol", at, id=f"IC_{late}"))
            repository.issues[0]["updatedAt"] = at

    night.forge.before = edit
    assert night.sweep() == []
    night.forge.before = lambda asked: None
    here = github(night.forge)
    for address, shelf in night.shelves.items():
        shelf.read(here.pages(address, str(shelf.cursor)))
    assert night.facts() == night.afresh()


def test_a_place_that_the_host_has_forgotten_begins_the_sweep_again(
    github_forge: TestForge,
) -> None:
    night = Night(github_forge)
    night.add(issues=150, pulls=0)
    night.collect()
    night.silently()
    night.sweep()
    said = {"type": "INVALID_CURSOR_ARGUMENTS", "message": "`x` is not a valid cursor"}
    forgotten = server.json_fault(200, {"data": None, "errors": [said]})
    github_forge.fault = lambda asked: forgotten if "After" in str(asked.body) else None
    assert night.sweep() == []
    github_forge.fault = lambda asked: None
    assert [night.sweep(), night.sweep()] == [[], []]
    assert night.facts() == night.afresh()


def test_a_large_repository_is_looked_through_within_a_month_night_by_night(
    github_forge: TestForge,
) -> None:
    night = Night(github_forge)
    night.add(issues=3_050, pulls=130)
    night.collect()
    ((address, shelf),) = night.shelves.items()
    night.silently()
    counts = []
    for n in range(SWEEP_DAYS):
        github_forge.forget()
        for _ in range(slices_due(1, FIRST + n * DAY, FIRST + (n + 1) * DAY, 3_050, 100)):
            shelf.read(github(github_forge).sweep(address, str(shelf.cursor)))
        counts.append(len(github_forge.requests))
    assert night.facts() == night.afresh()
    assert sum(counts) == 31 + 2  # its pages, and the reviews of those that have some
    assert max(counts) <= 3
