"""``demo``: a synthetic portfolio; also what ``run`` shows where nothing could be read."""

from __future__ import annotations

import sys
from pathlib import Path

from collector import clock
from collector.commands.common import configuration
from collector.config import Config, ConfigError
from collector.demo import PSEUDONYMS, Demonstration, prepare
from collector.outcome import NOT_TRIED
from collector.progress import reporter
from collector.store import read
from collector.store.engine import connect


def demo(projects: int, years: int, port: int | None, *, show: bool, browser: bool = True) -> int:
    """Fill a database of its own and, unless told not to, show it."""
    wanted = Demonstration(clock.today(), projects, years)
    config = _prepared(wanted, *_home())
    print(f"{projects} invented projects stand in {config.data_dir / 'demo.db'}.", file=sys.stderr)
    if show:
        from dashboard.asgi import serve
        from dashboard.settings import from_config

        serve(from_config(config, PSEUDONYMS), port or config.server.port, open_browser=browser)
    return 0


def instead(config: Config, reason: str) -> Config:
    """What ``run`` shows where no repository could be read; every page says why."""
    print("Nothing could be read:", *reason.splitlines(), file=sys.stderr)
    print("Opening a demonstration with invented projects instead.", file=sys.stderr)
    wanted = Demonstration(clock.today(), projects=16, years=3, reason=reason)  # soon there
    return _prepared(wanted, config.base, config.data_dir, config.language)


def why_nothing_is_read(config: Config) -> str | None:
    """Was no configured repository ever read, and why? A line for each of the first few hosts.

    None: some was, or none is configured.
    """
    engine = connect(config.database_url)
    repositories = read.repositories_status(engine)
    engine.dispose()
    if not repositories or any(each.last_success for each in repositories):
        return None
    by_host: dict[str, str] = {}
    for each in sorted(repositories, key=_how_telling):
        if each.error:
            by_host.setdefault(each.host, each.error)
    return "\n".join(list(by_host.values())[:3]) or None


def _how_telling(one: read.RepositoryStatus) -> tuple[bool, int]:
    """The first of a host that failed says it best; those not tried after it say nothing."""
    return NOT_TRIED in (one.error or ""), one.last_attempt or 0


def _home() -> tuple[Path, Path, str]:
    """Where the demonstration's data lie: with the others, or in this folder's ``data``."""
    try:
        config = configuration()
    except ConfigError:
        return Path.cwd(), Path.cwd() / "data", "en"
    return config.base, config.data_dir, config.language


def _prepared(wanted: Demonstration, base: Path, data_dir: Path, language: str) -> Config:
    with reporter() as bar:
        return prepare(wanted, base, data_dir, language, bar)
