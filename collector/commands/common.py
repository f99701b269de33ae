"""What several commands ask: the configuration, a date, a project."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from collector import clock
from collector.config import Config, load
from collector.errors import ConfigurationError
from collector.model import Instant

if TYPE_CHECKING:
    from dashboard.data import Source
    from dashboard.settings import Settings

SHOWN = 5
"""So many words are named where none is near the one that was written."""


def configuration() -> Config:
    """What is configured, with the projects that discovery made. Raises ``ConfigError``."""
    config = load()
    if not any(each.declared.as_ == "projects" for each in config.discover):
        return config
    return _with_found(config)


def _with_found(config: Config) -> Config:
    """The database knows which repositories became projects; before the first pass none did."""
    from collector.portfolio import with_found
    from collector.store import migrate
    from collector.store.engine import DatabaseError, connect

    try:
        engine = connect(config.database_url, read_only=True)
        if migrate.state(engine) is migrate.Tables.CURRENT:
            return with_found(engine, config)
    except DatabaseError:  # said by whatever needs the database
        return config
    return config


def as_of(text: str | None) -> Instant:
    """The instant that ``--as-of`` names: midnight UTC at the start of a date, or today's."""
    if text is None:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"{text!r} is not a date. Write it as YYYY-MM-DD, for example 2026-03-31."
        ) from None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def known_projects(config: Config, asked: Iterable[str]) -> None:
    """Raise ``ConfigurationError``, naming the nearest, for a project that is not configured."""
    known([project.id for project in config.projects], asked, "project")


def known(words: Collection[str], asked: Iterable[str], what: str) -> None:
    """Raise ``ConfigurationError``, naming the nearest, for a word that is not known."""
    for word in asked:
        if word not in words:
            near = get_close_matches(word, words, 3, 0.5)
            some = ", ".join(near or sorted(words)[:SHOWN]) + " …" * (
                not near and len(words) > SHOWN
            )
            hint = " None is configured." if not words else f" There are: {some}"
            if near:
                hint = f" Did you mean {some}?"
            raise ConfigurationError(f"There is no {what} {word!r}.{hint}")


def day(at: Instant | None) -> str | None:
    """An instant as its date."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def moment(at: Instant | None) -> str | None:
    """An instant as ISO 8601 in UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def source_of(*, internal: bool) -> tuple[Source, Settings]:
    """Open the door of the pages: that of open data, or what the organisation sees."""
    from collector.store import migrate
    from collector.store.engine import connect
    from dashboard import data
    from dashboard.open_data import opened
    from dashboard.settings import from_config

    config = configuration()
    migrate.require_current(connect(config.database_url, read_only=True))
    state = data.look(config.database_url, private=internal)
    found = (state if internal else opened(state)).source
    assert found is not None  # noqa: S101 - the tables are current
    return found, from_config(config, serving=False)
