"""What configuration says, as the program uses it: frozen, with places resolved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from collector.address import Address, Host
from collector.catalogue import Wanted
from collector.config.access_models import Oidc, Roles, Server, TrustedProxy
from collector.config.models import (
    Identity,
    Notification,
    Organisation,
    Privacy,
    Schedule,
    Settings,
)
from collector.config.portfolio_models import Discover, Ospo, Project, Repository
from collector.config.types import Thresholds
from collector.problem import Problem

UNKNOWN = "unknown"
"""The kind of a host of which configuration does not say what runs there."""


@dataclass(frozen=True, slots=True)
class AppConfig:
    """A GitHub App. ``key_place`` is where its private key comes from; None: it is not there."""

    id: str
    key_place: str
    private_key: str | None = field(default=None, repr=False)
    installation: str | None = None


@dataclass(frozen=True, slots=True)
class OwnerCredential:
    """What one owner's repositories are read with. ``owner`` is in lower case."""

    owner: str
    token_env: str | None = None
    token: str | None = field(default=None, repr=False)
    app: AppConfig | None = None


@dataclass(frozen=True, slots=True)
class ForgeConfig:
    """A host and how to talk to it. ``token`` is read from the environment and never printed."""

    host: str
    kind: str
    base_url: str
    token_env: str | None = None
    token: str | None = field(default=None, repr=False)
    ca_bundle: Path | None = None
    proxy: str | None = None
    built_in: bool = False
    app: AppConfig | None = None
    owners: tuple[OwnerCredential, ...] = ()

    def of(self, url: str) -> ForgeConfig:
        """The same host with the one credential that is meant for this repository's owner.

        Equal for all repositories of one credential, so that they are asked for together.
        """
        path = urlsplit(url).path if "://" in url else url.partition(":")[2]
        inside = path.strip("/").lower() + "/"
        meant = [each for each in self.owners if inside.startswith(each.owner + "/")]
        if not meant:
            return replace(self, owners=())
        own = max(meant, key=lambda each: len(each.owner))
        return replace(self, token_env=own.token_env, token=own.token, app=own.app, owners=())


@dataclass(frozen=True, slots=True)
class RepositoryConfig:
    """A repository as configured. ``url`` is what git is given; equal ``key``: the same one."""

    address: Address
    declared: Repository
    upstream: Address | None = None

    @property
    def url(self) -> str:
        return self.address.url

    @property
    def key(self) -> str:
        return self.address.key

    @property
    def host(self) -> str:
        return self.address.host

    @property
    def kind(self) -> str:
        return self.address.kind

    @property
    def role(self) -> str:
        return self.declared.role

    @property
    def main(self) -> bool:
        return self.declared.main


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """A project as configured; ``declared`` holds every key of its entry."""

    declared: Project
    ospo: Ospo
    repositories: tuple[RepositoryConfig, ...]
    file: Path
    found: bool = False
    """Made of what discovery found (``as: projects``), in no file."""

    @property
    def id(self) -> str:
        return self.declared.id

    @property
    def name(self) -> str:
        return self.declared.name or self.declared.id


@dataclass(frozen=True, slots=True)
class DiscoverConfig:
    """Where an OSPO looks for repositories that are not in a project yet."""

    ospo: Ospo
    declared: Discover

    @property
    def wanted(self) -> Wanted:
        """The list that is to be read."""
        said = self.declared
        return Wanted(said.catalogue or "organisation", said.url, said.source, said.publisher)

    @property
    def key(self) -> str:
        """What the database knows it by: the same list of the same OSPO."""
        words = json.dumps([self.ospo.id, *astuple(self.wanted)])
        return hashlib.sha256(words.encode()).hexdigest()[:32]

    @property
    def title(self) -> str:
        """How people know it."""
        said = self.declared
        named = said.url or " ".join(filter(None, (said.catalogue, said.source)))
        return f"{named} ({said.publisher})" if said.publisher else named


@dataclass(frozen=True, slots=True)
class Config:
    """All that is configured. ``folder`` is ``config/``, ``base`` the folder that holds it."""

    folder: Path
    base: Path
    settings: Settings = field(repr=False)
    database_url: str = field(repr=False)
    data_dir: Path
    forges: tuple[ForgeConfig, ...]
    ospos: tuple[Ospo, ...]
    projects: tuple[ProjectConfig, ...]
    discover: tuple[DiscoverConfig, ...] = ()
    switched_off: tuple[Path, ...] = ()
    """Portfolio files that say ``enabled: false``."""
    warnings: tuple[Problem, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The process's environment, for the programs that we start."""

    @property
    def allow_local(self) -> bool:
        return self.settings.allow_local

    @property
    def language(self) -> str:
        return self.settings.language

    @property
    def timezone(self) -> str:
        return self.settings.timezone

    @property
    def access(self) -> str:
        return self.settings.access

    @property
    def roles(self) -> Roles:
        return self.settings.roles

    @property
    def oidc(self) -> Oidc | None:
        return self.settings.oidc

    @property
    def proxy(self) -> TrustedProxy:
        return self.settings.proxy

    @property
    def server(self) -> Server:
        return self.settings.server

    @property
    def schedule(self) -> Schedule:
        return self.settings.schedule

    @property
    def privacy(self) -> Privacy:
        return self.settings.privacy

    @property
    def bots(self) -> tuple[str, ...]:
        return self.settings.bots

    @property
    def identities(self) -> tuple[Identity, ...]:
        return self.settings.identities

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return self.settings.organisations

    @property
    def thresholds(self) -> Thresholds:
        return self.settings.thresholds

    @property
    def notifications(self) -> tuple[Notification, ...]:
        return self.settings.notifications

    @property
    def repositories(self) -> tuple[RepositoryConfig, ...]:
        """Every repository of every project."""
        return tuple(repository for project in self.projects for repository in project.repositories)

    def forge(self, host: str) -> ForgeConfig | None:
        """What is known of a host; None: git alone."""
        return next((forge for forge in self.forges if forge.host == host.lower()), None)

    def says_kind(self, host: str) -> bool:
        """Does configuration say what runs on a host?"""
        known = self.forge(host)
        return known is not None and known.kind != UNKNOWN

    def project(self, key: str) -> ProjectConfig | None:
        """The project of an id."""
        return next((project for project in self.projects if project.id == key), None)

    def hosts(self) -> dict[str, Host]:
        """What addresses need to know of the hosts."""
        return hosts_of(self.forges)


def hosts_of(forges: tuple[ForgeConfig, ...]) -> dict[str, Host]:
    """The hosts by name."""
    return {
        forge.host: Host(forge.host, "git" if forge.kind == UNKNOWN else forge.kind, forge.base_url)
        for forge in forges
    }
