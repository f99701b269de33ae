"""How catalogues reach the world: hosts that they may ask, and the forges' own lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from collector.address import Address, address, organisation
from collector.catalogue import Broken, Found
from collector.config.values import Config
from collector.forge import ForgeError, RateLimited
from collector.problem import Mistake
from collector.transport.download import Downloads
from collector.transport.endpoint import Endpoint


@dataclass(slots=True)
class Door:
    """The way out of a catalogue. ``owned`` lists what an organisation has on its forge."""

    config: Config
    owned: Callable[[str], Iterator[Found]]
    _hosts: dict[str, Downloads] = field(default_factory=dict)

    def host(self, url: str, *, named: bool = False) -> Downloads:
        """Who answers for an address. ``named``: configuration names it, so it may be private."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._hosts:
            self._hosts[origin] = Downloads(self._endpoint(origin, parts.netloc, named=named))
        return self._hosts[origin]

    def _endpoint(self, origin: str, host: str, *, named: bool) -> Endpoint:
        forge = self.config.forge(host)
        return Endpoint(
            host=host,
            base_url=origin,
            proxy=forge.proxy if forge else None,
            ca_bundle=forge.ca_bundle if forge else None,
            allow_private=named or (forge is not None and not forge.built_in),
        )

    def repository(self, url: str) -> Address:
        """Which repository is this? Raises ``Mistake``; paths of this machine never are one."""
        return address(url, self.config.hosts())

    def owner(self, url: str) -> bool:
        """Does this name an organisation or group, and no repository?"""
        with suppress(Mistake):
            place = self.repository(url)
            # On a host of no known kind a single word is an owner, as on every forge.
            bare = "/" not in place.path and not url.rstrip("/").endswith(".git")
            return bare and not self.config.says_kind(place.host)
        with suppress(Mistake):
            organisation(url, self.config.hosts())
            return True
        return False

    def opened(self, url: str) -> Iterator[Found | Broken]:
        """What an address stands for: a repository, or all that an organisation has."""
        if self.owner(url):
            yield from self.all_of(url)
        else:
            yield Found(url)

    def all_of(self, url: str) -> Iterator[Found | Broken]:
        """All that an organisation has; one that cannot be read hides what it has."""
        try:
            yield from self.owned(url)
        except RateLimited:
            raise
        except ForgeError as error:
            yield Broken(url, str(error), hides=True)

    def close(self) -> None:
        """Let the connections go."""
        for host in self._hosts.values():
            host.close()
