"""The forges that the contract holds: for each, its test server and how it is read.

One more forge is one more class here, and a line in ``HOSTS``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from collector.config.values import ForgeConfig
from collector.forge import Forge
from collector.forges.github import GitHub
from tests.forge import server, told
from tests.forge.forgejo_side import forgejo
from tests.forge.gitlab_host import gitlab
from tests.forge.loopback import TOKEN, Loopback
from tests.forge.told import Event
from tests.forge.world import Json


class Host(Protocol):
    """A forge on loopback that serves a ``World``, and the client that reads it."""

    server: Loopback
    marks_prereleases: bool

    def forge(self, token: str | None = TOKEN) -> Forge:
        """A fresh reader, as a new process would have it."""
        ...

    def url(self, name: str) -> str:
        """The address of ``owner/name``."""
        ...

    def small_pages(self) -> None:
        """Answer so little at once that reading the sample takes many requests."""
        ...

    def reviews(self, review: Json) -> Iterator[Event]:
        """How this forge tells of a review of the world."""
        ...


class GitHubHost:
    """GitHub by GraphQL."""

    server: server.TestForge
    marks_prereleases = True

    def __init__(self, running: server.TestForge) -> None:
        self.server = running

    def forge(self, token: str | None = TOKEN) -> Forge:
        return GitHub(
            ForgeConfig("github.com", "github", self.server.base, "FORGE_TOKEN", token)
        )  # fmt: skip

    def url(self, name: str) -> str:
        return f"{self.server.world.web}/{name}"

    def small_pages(self) -> None:
        self.server.too_heavy = 2_500

    def reviews(self, review: Json) -> Iterator[Event]:
        return told.submitted(review)


@contextmanager
def github() -> Iterator[Host]:
    """A GitHub for as long as a block lasts."""
    with server.running() as running:
        yield GitHubHost(running)


HOSTS = (github, gitlab, forgejo)
