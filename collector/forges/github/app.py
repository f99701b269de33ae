"""GitHub App credentials: a key that signs, a token that lasts an hour."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock

from collector import clock
from collector.forge import AccessDenied
from collector.forges.github.records import instant
from collector.model import Instant
from collector.transport import Transport
from collector.transport.endpoint import Endpoint

EARLY = 300
"""Seconds before its end that a token is renewed."""


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """An App's id and private key (PEM), and which installation; None: the owner's only one."""

    app_id: str
    private_key: str = field(repr=False)
    installation: str | None = None


class AppToken:
    """The installation's token of now."""

    def __init__(self, endpoint: Endpoint, credentials: AppCredentials) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._token = ""
        self._until: Instant = 0
        self._lock = Lock()

    def __call__(self) -> str:
        """A token that is good for some minutes yet."""
        with self._lock:
            if clock.now() > self._until - EARLY:
                self._renew()
            return self._token

    def _renew(self) -> None:
        with_key = Transport(_replaced(self._endpoint, self._signed()))
        try:
            place = self._credentials.installation or self._only_installation(with_key)
            raw = with_key.post(f"app/installations/{place}/access_tokens", {}).data
        finally:
            with_key.close()
        self._token, self._until = raw["token"], instant(raw["expires_at"])

    def _only_installation(self, with_key: Transport) -> str:
        found = with_key.get("app/installations", {"per_page": 2}).data
        if len(found) != 1:
            raise AccessDenied(
                f"The GitHub App at {self._endpoint.host} is installed {len(found)} times:"
                " say which installation is meant."
            )
        return str(found[0]["id"])

    def _signed(self) -> str:
        from github.Auth import AppAuth

        try:
            return AppAuth(self._credentials.app_id, self._credentials.private_key).token
        except Exception as error:  # PyJWT raises what its libraries raise
            raise AccessDenied(
                f"The private key of the GitHub App for {self._endpoint.host} cannot be used"
                f" ({type(error).__name__}): give the whole PEM file that GitHub made."
            ) from None


def _replaced(endpoint: Endpoint, token: str) -> Endpoint:
    return replace(endpoint, token=token, credential="the GitHub App's key")
