"""Connections that go to public addresses only, whatever a name resolves to.

A repository may say any name; without this, ``http://intranet/`` or a name that resolves to
169.254.169.254 would be asked on its word. The address that was checked is the one connected
to, so a name that resolves differently a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from collector.forge import AccessDenied, Unavailable
from collector.transport.endpoint import Endpoint

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class PublicOnly(httpcore.NetworkBackend):
    """Connects by name, but never to a private, loopback or reserved address."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in public_addresses(host, port):
            try:
                return self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises ``AccessDenied`` where one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        if not is_public(address):
            raise AccessDenied(
                f"{host} has a private address, and private addresses are asked only where"
                " configuration names the host: add it under forges: if it is yours."
            )
    return addresses


def is_public(address: str) -> bool:
    """Is this an address of the public internet?"""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


def connections(endpoint: Endpoint) -> httpx.HTTPTransport:
    """Connections with the host's certificates and proxy; to public addresses unless named."""
    try:
        context = ssl.create_default_context(
            cafile=str(endpoint.ca_bundle) if endpoint.ca_bundle else None
        )
    except OSError as error:  # ssl.SSLError is one too
        raise Unavailable(
            f"The certificates in {endpoint.ca_bundle} for {endpoint.host} cannot be read"
            f" ({error.strerror or error}): name a file of certificates (PEM) in ca_bundle."
        ) from None
    proxy = endpoint.proxy or _usual_proxy(endpoint.base_url)
    transport = httpx.HTTPTransport(verify=context, proxy=proxy)
    if not endpoint.allow_private and proxy is None:
        # httpx has no argument for this; behind a proxy, the proxy connects.
        transport._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=PublicOnly(), keepalive_expiry=30.0
        )
    return transport


def _usual_proxy(url: str) -> str | None:
    """The proxy that the machine's owner has set for all programs (``https_proxy`` …)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "localhost" or host.startswith("127.") or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)
