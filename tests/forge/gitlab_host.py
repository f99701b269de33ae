"""The test GitLab as the forge contract sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from collector.config.values import ForgeConfig
from collector.forges.gitlab import GitLab
from tests.forge import told
from tests.forge.gitlab_side import TestGitLab, running
from tests.forge.loopback import TOKEN
from tests.forge.told import Event
from tests.forge.world import Json


class GitLabHost:
    """GitLab by REST, with a token."""

    marks_prereleases = False

    def __init__(self, server: TestGitLab) -> None:
        self.server = server

    def forge(self, token: str | None = TOKEN) -> GitLab:
        return GitLab(
            ForgeConfig("gitlab.test", "gitlab", self.server.base, "FORGE_TOKEN", token)
        )  # fmt: skip

    def url(self, name: str) -> str:
        return f"{self.server.world.web}/{name}"

    def small_pages(self) -> None:
        self.server.most = 5

    def reviews(self, review: Json) -> Iterator[Event]:
        """An approval, or a note on the diff; each further comment is a note on the diff (C9)."""
        for each in told.submitted(review):
            approval = each.kind == "REVIEW" and each.verdict == "approved"
            yield Event(each.at, "REVIEW", each.who, "approved" if approval else "commented")


@contextmanager
def gitlab() -> Iterator[GitLabHost]:
    """A GitLab for as long as a block lasts."""
    with running() as server:
        yield GitLabHost(server)
