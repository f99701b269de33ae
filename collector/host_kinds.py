"""What runs on the hosts of the portfolio: configured, remembered, or found out now."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from collector.config.values import UNKNOWN, Config, ForgeConfig
from collector.forges.recognition import Recognised, recognise, unrecognised
from collector.model import DAY, Instant
from collector.store import hosts

log = logging.getLogger("ospo_vitals.forges")

KNOWN_FOR = 90 * DAY
"""After how long a host is asked again: software is replaced now and then."""
UNKNOWN_FOR = 7 * DAY
UNREACHED_FOR = DAY


@dataclass(slots=True)
class HostKinds:
    """Finds out once, remembers with the date, and asks nothing while that is fresh."""

    config: Config
    engine: Engine
    now: Instant

    def forges(self, wanted: Collection[str]) -> dict[str, ForgeConfig]:
        """How each of these hosts is spoken to; those that nobody can speak to are left out.

        Only hosts that a repository's git lives on are asked, each itself and nobody else.
        """
        remembered = hosts.remembered(self.engine)
        found = {}
        for host in sorted(set(wanted) - {""}):
            configured = self.config.forge(host)
            if configured is not None and configured.kind != UNKNOWN:
                found[host] = configured
                continue
            asked = configured or ForgeConfig(host, UNKNOWN, f"https://{host}", built_in=True)
            kind = self._kind(asked, remembered.get(host))
            if kind is not None:
                found[host] = replace(asked, kind=kind)
        return found

    def _kind(self, config: ForgeConfig, known: hosts.HostRow | None) -> str | None:
        if known is not None and self.now < known.asked_at + _fresh(known):
            return known.kind
        answer = recognise(config)
        if answer.kind is None and known is not None and known.kind and not answer.answered:
            return known.kind
        self._remember(config.host, answer, known)
        return answer.kind

    def _remember(self, host: str, found: Recognised, known: hosts.HostRow | None) -> None:
        why = None if found.kind else unrecognised(host, found)
        row = hosts.HostRow(host, found.kind, self.now, why, found.answered)
        hosts.remember(self.engine, row)
        if found.kind:
            log.info("%s is a %s", host, found.kind)
        elif known is None or known.why != why:
            log.warning("%s", why)


def _fresh(known: hosts.HostRow) -> int:
    if known.kind:
        return KNOWN_FOR
    return UNKNOWN_FOR if known.answered else UNREACHED_FOR
