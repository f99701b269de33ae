"""What must the pages know of the configuration? Set once, when the server starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from collector.errors import UserError


@dataclass(frozen=True, slots=True)
class Settings:
    """The few facts of the configuration that pages use."""

    database_url: str
    access: str = "local"
    language: str = "en"
    timezone: str = "UTC"
    collect_schedule: str = ""


class Configured(Protocol):
    """The part of ``collector.config.Config`` that the dashboard reads."""

    @property
    def database_url(self) -> str: ...
    @property
    def access(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def timezone(self) -> str: ...


class NotBuilt(UserError):
    """The pages cannot yet be protected as the configuration asks."""

    exit_code = 2


_current: list[Settings] = []


def use(settings: Settings) -> None:
    """Make these the settings of every page of this process."""
    _current[:] = [settings]


def current() -> Settings:
    """Give the settings in force; without any, the configuration is read."""
    if not _current:
        use(_configured())
    return _current[0]


def from_config(config: Configured) -> Settings:
    """Take from the configuration what pages need; never serve less protected than asked."""
    if str(config.access) != "local":
        raise NotBuilt(
            f"access: {config.access} is not built yet: the dashboard is served to this computer "
            "only. Write “access: local” in config/ospo-vitals.yaml, and reach it through a "
            "tunnel, for example: ssh -L 8501:localhost:8501 this-computer"
        )
    schedule = getattr(getattr(config, "schedule", None), "collect", "")
    return Settings(
        str(config.database_url),
        str(config.access),
        str(config.language),
        str(config.timezone),
        str(schedule or ""),
    )


def _configured() -> Settings:
    from importlib import import_module

    config: Configured = import_module("collector.config").load()
    return from_config(config)
