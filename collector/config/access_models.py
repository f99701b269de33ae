"""What may be said of who looks at the dashboard: sign-in, roles, and where it listens."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from collector.config.types import Keys, Network, Text, Variable, Web

EVERYBODY = "*"


class Roles(Keys):
    """Who among those signed in may see more: values of the role claim or header, or `*`."""

    people: tuple[Text, ...] = Field(
        (EVERYBODY,), description="May see what is derived from single people (departures …)."
    )
    names: tuple[Text, ...] = Field(
        (), description="May see people's names, where `privacy.identities` is `named`."
    )
    private: tuple[Text, ...] = Field((), description="May see private repositories.")


class Oidc(Keys):
    """Sign-in by OpenID Connect (`access: oidc`); needs `server.url`."""

    metadata_url: Web = Field(
        description="The provider's `…/.well-known/openid-configuration`.",
    )
    client_id: Text = Field(description="Our id at the provider.")
    client_secret_env: Variable = Field(
        "OSPO_VITALS_OIDC_SECRET",
        description="NAME of the environment variable with the client's secret.",
    )
    cookie_secret_env: Variable = Field(
        "OSPO_VITALS_COOKIE_SECRET",
        description="NAME of the variable with the secret that signs cookies (32 characters or"
        " more, the same on every server).",
    )
    role_claim: Text = Field("groups", description="The claim that `roles` are compared with.")


class TrustedProxy(Keys):
    """Sign-in by the proxy in front (`access: proxy`), which tells of it in headers."""

    trusted: tuple[Network, ...] = Field(
        ("127.0.0.1", "::1"), description="Its addresses or networks; nobody else is believed."
    )
    user_header: Text = Field("X-Forwarded-User", description="The header with who signed in.")
    roles_header: Text = Field(
        "X-Forwarded-Groups",
        description="The header with that person's roles, separated by commas.",
    )


class Server(Keys):
    """Where the dashboard listens, and by which address browsers reach it."""

    address: Text | None = Field(
        None,
        description="Address to listen on; default: loopback only. `access: local` knows no other.",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8501, description="Port to listen on.")
    base_path: Text = Field(
        "", description="Path below which it stands behind a proxy, such as `vitals`."
    )
    url: Web | None = Field(
        None, description="Address that people open, such as `https://vitals.city.example`."
    )
    open_data: bool = Field(
        False,
        description="Badges, feed and open data (nothing of people, nothing private) for everybody,"
        " also where the pages ask to sign in.",
    )
    data_license: Text | None = Field(
        None, description="Licence of the open data as SPDX writes it, such as `CC-BY-4.0`."
    )
