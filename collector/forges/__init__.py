"""The forges: one file per kind of host (``github`` …), and the files that help it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collector.config.values import ForgeConfig
from collector.forge import Forge
from collector.forges.github import GitHub

FORGES: Mapping[str, Callable[[ForgeConfig], Forge]] = {"github": GitHub}
"""The forge that each kind of host is. Other hosts give their git, and say so."""


def open_forge(config: ForgeConfig) -> Forge | None:
    """The forge of a host; None: its kind has no supported API."""
    kind = FORGES.get(config.kind)
    return kind(config) if kind else None
