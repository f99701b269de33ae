"""What need not be computed again: figures that were measured today, of all that is known now."""

from __future__ import annotations

from collections.abc import Iterable

from collector import measure, portfolio
from collector.config import Config
from collector.model import Instant
from collector.rulepack import Checklists
from collector.store.read import ProjectState


def current(config: Config, states: Iterable[ProjectState], at: Instant) -> frozenset[str]:
    """Of which projects are the stored figures of this date, these records, this configuration?"""
    digests = portfolio.digests(config, portfolio.checklists(config))
    return frozenset(
        state.key
        for state in states
        if state.key in digests
        and measure.task(state, digests[state.key], (), Checklists(), at) is None
    )
