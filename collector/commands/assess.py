"""``assess``: a repository that is in no portfolio is read into a database of its own, once."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from collector import clock, portfolio
from collector.address import Address, address
from collector.commands.assessment import document, page
from collector.commands.common import configuration
from collector.config import Config, ProjectConfig, RepositoryConfig
from collector.config.portfolio_models import Ospo, Project
from collector.errors import ConfigurationError
from collector.history import values_at
from collector.intake import Intake, intake
from collector.judgement import judge
from collector.outcome import Outcome
from collector.problem import Mistake
from collector.progress import reporter
from collector.run import Pass
from collector.store.engine import connect
from collector.store.read_activity import activity

PROJECT = "assessed"


def assess(url: str, format: str) -> int:
    """Print the page; 1 where the repository could not be read."""
    config = configuration()
    place = _place(config, url)
    known = next((each for each in config.repositories if each.key == place.key), None)
    if known is not None and format != "json":
        print("It is in the portfolio already; this looks at it as at a stranger.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="ospo-vitals-") as folder:
        found = _read(_alone(config, place, Path(folder)))
    if isinstance(found, str):
        print(f"{place.url} could not be read.\n{found}", file=sys.stderr)
        return 1
    if format == "json":
        print(json.dumps(document(found), ensure_ascii=False, indent=1))
    else:
        page(found)
    return 0


def _place(config: Config, url: str) -> Address:
    try:
        return address(url, config.hosts(), base=config.base, allow_local=config.allow_local)
    except Mistake as mistake:
        hint = f" Did you mean {mistake.nearest!r}?" if mistake.nearest else ""
        raise ConfigurationError(f"This cannot be assessed: {mistake}.{hint}") from None


def _alone(config: Config, place: Address, folder: Path) -> Config:
    """A configuration of this repository alone, with all that is known of hosts and people."""
    declared = Project.model_validate(
        {"id": PROJECT, "name": place.name, "repositories": ({"url": place.url},)}
    )
    ospo = _ospo(config)
    one = RepositoryConfig(place, declared.repositories[0])
    return replace(
        config,
        database_url=f"sqlite:///{folder / 'assess.db'}",
        data_dir=folder,
        ospos=(ospo,),
        projects=(ProjectConfig(declared, ospo, (one,), folder),),
        discover=(),
    )


def _ospo(config: Config) -> Ospo:
    """Whose country's holidays and thresholds hold: the first OSPO's."""
    return config.ospos[0] if config.ospos else Ospo.model_validate({"id": PROJECT})


@contextmanager
def _only_errors() -> Iterator[None]:
    """Log nothing less for a while: the page says what happened."""
    log = logging.getLogger("ospo_vitals")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _read(config: Config) -> Intake | str:
    """What is to be said of it, or why it could not be read."""
    engine = connect(config.database_url)
    try:
        with _only_errors(), reporter() as bar:
            one = Pass(config, engine, bar)
            outcome = one.collect()
        loaded = activity(engine, PROJECT, portfolio.who(config, one.pseudonyms))
    finally:
        engine.dispose()
    if loaded.repositories[0].read_until is None:
        return "\n".join(_errors(outcome)) or "It was stopped before it was read."
    today = clock.today()
    values = values_at(loaded, today)
    thresholds = portfolio.thresholds(config)[PROJECT]
    return intake(loaded, today, judge(loaded, today, thresholds, values), values, _errors(outcome))


def _errors(outcome: Outcome) -> list[str]:
    return list(dict.fromkeys(result.error for result in outcome.failed if result.error))
