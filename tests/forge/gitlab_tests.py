"""What the tests of GitLab share: a GitLab on loopback, small projects, and a reading of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stamina

from tests.forge.gitlab_host import GitLabHost, gitlab
from tests.forge.loopback import TOKEN
from tests.forge.shelf import Shelf
from tests.forge.world import Json, Repository, issue, pull

NAME = "city/app"


@contextmanager
def on_loopback() -> Iterator[GitLabHost]:
    """A GitLab that is asked without patience."""
    with stamina.set_testing(True, attempts=4, cap=True), gitlab() as host:
        yield host
        assert not host.server.mistakes


def project(host: GitLabHost, name: str = NAME, **facts: Any) -> Repository:
    owner, _, short = name.rpartition("/")
    return host.server.world.add(Repository(owner, short, **facts))


def items(repository: Repository, many: int) -> list[Json]:
    """So many issues and change requests; each was last touched on a day of its own."""
    for number in range(1, many + 1):
        (repository.pulls if number % 3 == 0 else repository.issues).append(
            pull(number) if number % 3 == 0 else issue(number)
        )
    return list(repository.items())


def read(
    host: GitLabHost,
    name: str = NAME,
    shelf: Shelf | None = None,
    *,
    full: bool = False,
    token: str | None = TOKEN,
) -> Shelf:
    """What a pass of a new process over one project leaves stored."""
    shelf = shelf or Shelf()
    forge = host.forge(token)
    try:
        return shelf.read(forge.pages(host.url(name), shelf.cursor, full=full))
    finally:
        forge.close()


def sweep(host: GitLabHost, shelf: Shelf, name: str = NAME) -> Shelf:
    """A whole round of the slow sweep."""
    for _ in range(40):
        shelf.read(host.forge().sweep(host.url(name), str(shelf.cursor)))
        if '"sweep":{}' in str(shelf.cursor):
            return shelf
    raise AssertionError("the sweep never ends")
