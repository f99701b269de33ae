"""GitHub App credentials: a key that signs, a token that lasts an hour."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from collector import clock
from collector.config.values import AppConfig
from collector.forge import AccessDenied
from collector.forges.github.records import instant
from collector.model import Instant
from collector.transport import Transport
from collector.transport.endpoint import Endpoint

EARLY = 300
"""Seconds before its end that a token is renewed."""


class AppToken:
    """The installation's token of now."""

    def __init__(self, endpoint: Endpoint, app: AppConfig) -> None:
        self._endpoint = endpoint
        self._app = app
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
        with_key = Transport(replace(self._endpoint, token=self._signed()))
        try:
            place = self._app.installation or self._only_installation(with_key)
            raw = with_key.post(f"app/installations/{place}/access_tokens", {}).data
        finally:
            with_key.close()
        self._token, self._until = raw["token"], instant(raw["expires_at"])

    def _only_installation(self, with_key: Transport) -> str:
        found = with_key.get("app/installations", {"per_page": 2}).data
        if len(found) != 1:
            raise AccessDenied(
                f"The GitHub App {self._app.id} at {self._endpoint.host} is installed"
                f" {'nowhere' if not found else 'more than once'}: name the `installation` that is"
                " meant under `app`."
            )
        return str(found[0]["id"])

    def _signed(self) -> str:
        from github.Auth import AppAuth

        where = self._app.key_place
        if self._app.private_key is None:
            raise AccessDenied(
                f"The private key of the GitHub App {self._app.id} for {self._endpoint.host} is not"
                f" in {where}: put the PEM file there that GitHub made."
            )
        try:
            return AppAuth(self._app.id, self._app.private_key).token
        except Exception as error:  # PyJWT raises what its libraries raise
            raise AccessDenied(
                f"The private key of the GitHub App {self._app.id} for {self._endpoint.host}, in"
                f" {where}, cannot be used ({type(error).__name__}): give the whole PEM file that"
                " GitHub made."
            ) from None
