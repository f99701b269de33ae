"""What is asked of many repositories at once gives what asking each alone gives, for less."""

from collections.abc import Callable

import pytest

from collector.forge import ForgeError
from tests.forge import server
from tests.forge.reading import github, review, url
from tests.forge.server import Asked, Fault, TestForge
from tests.forge.shelf import Shelf
from tests.forge.world import Repository, issue, pull, said

NUMBER = 12


def towns(forge: TestForge) -> list[Repository]:
    """A dozen small repositories."""
    found = []
    for n in range(NUMBER):
        repository = forge.world.add(Repository("city", f"app{n}"))
        for k in range(1, 16):
            repository.issues.append(issue(k, id=f"I_{n}_{k}"))
            reviews = [{**review(k, "2024-01-20"), "id": f"PRR_{n}_{k}"}]
            repository.pulls.append(pull(k + 20, id=f"PR_{n}_{k}", reviews=reviews))
        found.append(repository)
    return found


def a_day_later(repositories: list[Repository], items: int = 1) -> None:
    """A comment and a new review in each."""
    for n, repository in enumerate(repositories):
        for k in range(items):
            at = f"2025-03-01T10:{n:02d}:{k:02d}Z"
            repository.issues[k]["comments"].append(said("carol", at))
            repository.issues[k]["updatedAt"] = at
            reviews = {**review(99, "2025-03-01"), "id": f"PRR_{n}_{k}_new"}
            repository.pulls[k]["reviews"].append(reviews)
            repository.pulls[k]["updatedAt"] = at


class Portfolio:
    """What is stored of many repositories, refreshed as a pass does."""

    def __init__(self, forge: TestForge) -> None:
        self.forge = forge
        self.shelves = {url(f"city/app{n}"): Shelf() for n in range(NUMBER)}
        self.markers: dict[str, str] = {}

    def refresh(self, *, ahead: bool = True) -> list[str]:
        """Read what moved; the addresses of those that could not be read."""
        here, failed = github(self.forge), []
        stored = {u: s.cursor for u, s in self.shelves.items() if ahead and s.cursor}
        for pulse in here.heartbeat(list(self.shelves), dict(self.markers), stored):
            shelf = self.shelves[pulse.url]
            if pulse.error is not None:
                failed.append(pulse.url)
            elif self.markers.get(pulse.url) != pulse.marker:
                try:
                    shelf.read(here.pages(pulse.url, shelf.cursor))
                    self.markers[pulse.url] = pulse.marker
                except ForgeError:
                    failed.append(pulse.url)
        return failed

    def facts(self) -> object:
        return {address: shelf.facts() for address, shelf in self.shelves.items()}


def asked_alone(forge: TestForge) -> Portfolio:
    portfolio = Portfolio(forge)
    assert portfolio.refresh(ahead=False) == []
    return portfolio


@pytest.mark.parametrize("items", [1, 15])
def test_asking_ahead_stores_what_asking_each_stores(github_forge: TestForge, items: int) -> None:
    repositories = towns(github_forge)
    portfolio = Portfolio(github_forge)
    portfolio.refresh()
    a_day_later(repositories, items)
    github_forge.forget()
    assert portfolio.refresh() == []
    if items == 1:
        assert len(github_forge.requests) == 1 + 2 + 1  # heartbeat, seven at once, the reviews
    assert portfolio.facts() == asked_alone(github_forge).facts()


def heavy(asked: Asked) -> Fault | None:
    return server.BAD_GATEWAY if "many" in asked_of(asked) else None


def lost(asked: Asked) -> Fault | None:
    """One repository's part is cut, another's is refused."""

    def spoil(reply: server.Json) -> server.Json:
        reply["data"] |= {"r2": None, "r4": None}
        cut = {"message": "Something went wrong", "path": ["r2"]}
        refused = {"type": "FORBIDDEN", "message": "no", "path": ["r4"]}
        return {**reply, "errors": [cut, refused]}

    return Fault(spoil=spoil) if "many" in asked_of(asked) else None


def broken(asked: Asked) -> Fault | None:
    return server.DROPPED if "reviews" in asked_of(asked) and asked.number < 8 else None


def asked_of(asked: Asked) -> str:
    query = (asked.body or {}).get("query", "")
    if query.startswith("query ManyChanges"):
        return "many"
    return "reviews" if query.startswith("query ReviewComments") else ""


@pytest.mark.parametrize("fault", [heavy, lost, broken])
def test_what_is_not_answered_ahead_is_asked_alone(
    github_forge: TestForge, fault: Callable[[Asked], Fault | None]
) -> None:
    repositories = towns(github_forge)
    portfolio = Portfolio(github_forge)
    portfolio.refresh()
    a_day_later(repositories)
    github_forge.forget()
    github_forge.fault = fault
    assert portfolio.refresh() == []
    github_forge.fault = lambda asked: None
    assert portfolio.facts() == asked_alone(github_forge).facts()


def test_one_that_is_gone_fails_alone(github_forge: TestForge) -> None:
    repositories = towns(github_forge)
    portfolio = Portfolio(github_forge)
    portfolio.refresh()
    a_day_later(repositories)
    del github_forge.world.repositories["city/app3"]
    assert portfolio.refresh() == [url("city/app3")]
    facts = portfolio.facts()
    assert isinstance(facts, dict)
    alone = asked_alone_but(github_forge, "city/app3")
    assert {u: f for u, f in facts.items() if u != url("city/app3")} == alone


def asked_alone_but(forge: TestForge, gone: str) -> object:
    portfolio = Portfolio(forge)
    assert portfolio.refresh(ahead=False) == [url(gone)]
    return {u: s.facts() for u, s in portfolio.shelves.items() if u != url(gone)}


def test_a_limit_ends_the_asking_and_the_next_pass_goes_on(github_forge: TestForge) -> None:
    repositories = towns(github_forge)
    portfolio = Portfolio(github_forge)
    portfolio.refresh()
    a_day_later(repositories)
    github_forge.points_left = 503
    portfolio.refresh()
    github_forge.points_left = 5000
    assert portfolio.refresh() == []
    assert portfolio.facts() == asked_alone(github_forge).facts()
