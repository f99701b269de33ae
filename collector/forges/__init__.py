"""The forges: one folder per kind of host (``github`` …), and how a host's kind is recognised.

``recognition`` asks a host what runs there, where configuration does not say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from collector.config.values import ForgeConfig
from collector.forge import Forge, ForgeError
from collector.forges.forgejo import Forgejo
from collector.forges.github import GitHub, app_token
from collector.forges.gitlab import GitLab

FORGES: Mapping[str, Callable[[ForgeConfig], Forge]] = {
    "github": GitHub,
    "gitlab": GitLab,
    "forgejo": Forgejo,
    "gitea": Forgejo,
}
"""The forge that each kind of host is. Other hosts give their git, and say so."""


def open_forge(config: ForgeConfig) -> Forge | None:
    """The forge of a host; None: its kind has no supported API."""
    kind = FORGES.get(config.kind)
    return kind(config) if kind else None


class GitTokens:
    """What git proves itself with: a token, or the one that a GitHub App is given for an hour."""

    def __init__(self) -> None:
        self._apps: dict[ForgeConfig, Callable[[], str] | None] = {}
        self._lock = Lock()

    def of(self, config: ForgeConfig) -> str | None:
        """The token of now. None: no credential, or an App that is given none."""
        with self._lock:
            if config not in self._apps:
                self._apps[config] = app_token(config)
            app = self._apps[config]
        try:
            return app() if app else config.token
        except ForgeError:
            return None
