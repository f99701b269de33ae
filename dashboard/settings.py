"""What must the pages know of the configuration? Set once, when the server starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from collector.accounts import Pseudonyms
from collector.config import Config
from collector.config.access_models import Roles, TrustedProxy
from collector.errors import UserError

if TYPE_CHECKING:
    from collector.model import Threshold
    from collector.store.read_activity import Who

SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Known:
    """What explanations need of the configuration: who is who, what is asked of each project."""

    who: Who
    thresholds: Mapping[str, tuple[Threshold, ...]]


@dataclass(frozen=True, slots=True)
class Settings:
    """The few facts of the configuration that pages use."""

    database_url: str
    access: str = "local"
    language: str = "en"
    timezone: str = "UTC"
    collect_schedule: str = ""
    named: bool = False
    """Whether names of people are stored at all (``privacy.identities``)."""
    roles: Roles = field(default_factory=Roles)
    role_claim: str = "groups"
    proxy: TrustedProxy = field(default_factory=TrustedProxy)
    address: str | None = None
    base_path: str = ""
    url: str | None = None
    open_data: bool = False
    """Whether badges, feed and open data are for everybody, whoever may see the pages."""
    data_license: str = ""
    sign_in: SignIn | None = field(default=None, repr=False)
    organisations: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What organisations are called, by their ids."""
    records: Callable[[], Known | None] | None = field(default=None, repr=False, compare=False)
    """Gives what explanations of figures need; asked only when one is opened."""

    @property
    def unguarded(self) -> bool:
        """Does a program that cannot sign in get feed, badges and open data?"""
        return self.open_data or self.access in ("local", "public")


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the sign-in at a provider needs."""

    metadata_url: str
    client_id: str
    redirect: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)


class NotProtected(UserError):
    """The pages cannot be protected as the configuration asks: they are not served at all."""

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


def from_config(
    config: Config, pseudonyms: Pseudonyms | None = None, *, serving: bool = True
) -> Settings:
    """Take from the configuration what pages need; never serve less protected than asked.

    ``pseudonyms``: those of a demonstration; else they are made with the key beside the data.
    ``serving`` false: nothing is served, so that no secret is needed.
    """
    listen = config.server
    return Settings(
        config.database_url,
        config.access,
        config.language,
        config.timezone,
        config.schedule.collect,
        named=config.privacy.identities == "named",
        roles=config.roles,
        role_claim=config.oidc.role_claim if config.oidc else "",
        proxy=config.proxy,
        address=None if config.access == "local" else listen.address,
        base_path=listen.base_path.strip("/"),
        url=listen.url,
        organisations={one.id: one.name for one in config.organisations if one.name},
        open_data=listen.open_data,
        data_license=listen.data_license or "",
        sign_in=_sign_in(config) if serving and config.access == "oidc" else None,
        records=partial(_known, replace(config, environment={}), pseudonyms),
    )


def _known(config: Config, pseudonyms: Pseudonyms | None) -> Known | None:
    """Read the key of the pseudonyms; None: there is none yet, since nothing was collected."""
    from collector import portfolio

    try:
        key = config.data_dir / "keys" / "pseudonyms.key"
        known = pseudonyms or Pseudonyms(key.read_bytes())
    except OSError:
        return None
    return Known(portfolio.who(config, known), portfolio.thresholds(config))


def _sign_in(config: Config) -> SignIn:
    """Gather what signing in needs; each thing that is missing is named."""
    oidc, url = config.oidc, config.server.url
    if oidc is None or url is None:
        raise NotProtected(
            "access: oidc needs `oidc: {metadata_url: …, client_id: …}` and `server: {url: …}` in"
            " config/ospo-vitals.yaml. See docs/access.md."
        )
    secret, cookie = (
        config.environment.get(name, "")
        for name in (oidc.client_secret_env, oidc.cookie_secret_env)
    )
    if not secret or len(cookie) < SHORTEST_SECRET:
        raise NotProtected(
            f"access: oidc needs {oidc.client_secret_env} (the client's secret) and"
            f" {oidc.cookie_secret_env} ({SHORTEST_SECRET} characters or more, for example from:"
            " openssl rand -hex 32) in the environment of the dashboard."
        )
    if find_spec("authlib") is None:
        raise NotProtected("access: oidc needs a further library: pip install 'ospo-vitals[oidc]'")
    return SignIn(
        oidc.metadata_url, oidc.client_id, f"{url.rstrip('/')}/oauth2callback", secret, cookie
    )


def _configured() -> Settings:
    from importlib import import_module

    config: Config = import_module("collector.config").load()
    return from_config(config)
