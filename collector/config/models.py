"""What may stand in ``config/ospo-vitals.yaml``: every key, its form and its meaning.

These models and those of the portfolio files are the one source of the validation, the JSON
Schemas and ``docs/configuration.md``. Descriptions are read by people.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from collector.config.access_models import Oidc, Roles, Server, TrustedProxy
from collector.config.types import (
    Cron,
    Id,
    Keys,
    Language,
    Number,
    Owner,
    Span,
    Text,
    Thresholds,
    TimeZone,
    Variable,
    Web,
)

ForgeKind = Literal["github", "gitlab", "forgejo", "gitea", "git"]


class App(Keys):
    """A GitHub App, in the place of a token; its private key never stands here."""

    id: Number = Field(description="Its App ID or client ID.")
    installation: Number | None = Field(
        None, description="Number of the installation; default: its only one."
    )
    private_key_env: Variable | None = Field(
        None, description="NAME of the environment variable with the private key (PEM)."
    )
    private_key_file: Text | None = Field(
        None, description="File with the private key (PEM), outside of version control."
    )


class Credential(Keys):
    """Who reads the repositories of one owner: a token or a GitHub App of its own."""

    owner: Owner = Field(
        description="Organisation, user or group, as the repositories' URLs name it."
    )
    token_env: Variable | None = Field(
        None, description="NAME of the environment variable with the token; never the token."
    )
    app: App | None = Field(None, description="A GitHub App instead of a token.")


class Forge(Keys):
    """A host that repositories live on."""

    host: Text = Field(description="`host[:port]` exactly as in the repositories' URLs.")
    kind: ForgeKind | None = Field(
        None, description="What runs there; `git`: git alone, no API. Default: it is asked."
    )
    token_env: Variable | None = Field(
        None, description="NAME of the environment variable with the token; never the token."
    )
    app: App | None = Field(None, description="A GitHub App instead of a token.")
    credentials: tuple[Credential, ...] = Field(
        (), description="Owners whose repositories are read with a credential of their own."
    )
    base_url: Web | None = Field(None, description="Default `https://<host>`.")
    ca_bundle: Text | None = Field(None, description="File of certificates to trust (PEM).")
    proxy: Web | None = Field(
        None, description="Proxy to reach it by; default: the usual environment variables."
    )


class Schedule(Keys):
    """When things are done: cron expressions of five fields, in `timezone`."""

    collect: Cron = Field("0 3 * * *", description="When to collect.")
    report: Cron = Field(
        "0 6 1 * *",
        description="When to write the last month's report of every OSPO into `data_dir/reports/`.",
    )


class Privacy(Keys):
    """What is kept of people."""

    identities: Literal["pseudonymous", "named"] = Field(
        "pseudonymous", description="Whether names are stored."
    )
    retention_months: Annotated[int, Field(ge=1, le=1200)] | None = Field(
        None,
        description="After how many months it is forgotten who did what; null: never. Facts and"
        " the stored history stay (docs/privacy.md).",
    )


class Affiliation(Span):
    """An organisation that somebody works for, for a time."""

    id: Id = Field(description="The organisation, as listed under `organisations`.")


class Identity(Keys):
    """A person who uses several accounts; hashed on loading."""

    name: Text = Field(description="How configuration and `whatif` call the person.")
    accounts: tuple[Text, ...] = Field(
        (),
        description="Logins, mail addresses, `Name <mail>`, or the `#…` that `identities --yaml`"
        " suggests, of this person.",
    )
    organisations: tuple[Affiliation, ...] = Field((), description="Whom the person works for.")


class Organisation(Keys):
    """A body whose people contribute."""

    id: Id = Field(description="Its id.")
    name: Text | None = Field(None, description="Its name; default: the id.")
    kind: Literal["public-body", "supplier", "association", "academic", "community", "company"] = (
        Field("company", description="What it is.")
    )
    domains: tuple[Text, ...] = Field((), description="Mail domains of its people.")
    teams: tuple[Text, ...] = Field((), description="Logins of its people.")


class Notification(Keys):
    """Where attention entries will be sent; this version sends nothing yet."""

    kind: Literal["mail", "webhook"] = Field(description="How.")
    to: tuple[Text, ...] = Field((), description="mail: the addresses.")
    sender: Text | None = Field(None, description="mail: the sender's address.")
    server: Text | None = Field(None, description="mail: the SMTP server.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(587, description="mail: its port.")
    username: Text | None = Field(None, description="mail: the account there.")
    password_env: Variable | None = Field(
        None, description="mail: NAME of the environment variable with the password."
    )
    url: Web | None = Field(None, description="webhook: where to post.")
    url_env: Variable | None = Field(
        None, description="webhook: NAME of the variable with the URL, when it is a secret."
    )
    ospos: tuple[Id, ...] = Field((), description="Only entries of these; default: all.")


class Settings(Keys):
    """`config/ospo-vitals.yaml`. Everything is optional."""

    database_url: Text = Field(
        "sqlite:///data/vitals.db",
        description="`sqlite:///FILE` or `postgresql+psycopg://…`; the environment variable"
        " OSPO_VITALS_DATABASE_URL wins.",
    )
    data_dir: Text = Field("data", description="Folder of clones, locks and keys.")
    allow_local: bool = Field(False, description="Admit paths and `file://` as repositories.")
    language: Language = Field("en", description="Language of the interface.")
    timezone: TimeZone = Field("Europe/Bratislava", description="Time zone of the schedule.")
    access: Literal["local", "public", "oidc", "proxy"] = Field(
        "local",
        description="Who may look: `local` (this machine only), `public` (no signals derived from"
        " people), `oidc` (sign-in), `proxy` (sign-in by the proxy in front).",
    )
    roles: Roles = Field(default_factory=Roles, description="Who may see more, once signed in.")
    oidc: Oidc | None = Field(None, description="Sign-in by OpenID Connect, for `access: oidc`.")
    proxy: TrustedProxy = Field(
        default_factory=TrustedProxy, description="The proxy to believe, for `access: proxy`."
    )
    server: Server = Field(default_factory=Server, description="Where the dashboard listens.")
    forges: tuple[Forge, ...] = Field(
        (), description="Hosts beside github.com, gitlab.com and codeberg.org."
    )
    schedule: Schedule = Field(default_factory=Schedule, description="When things are done.")
    privacy: Privacy = Field(default_factory=Privacy, description="What is kept of people.")
    bots: tuple[Text, ...] = Field(
        (), description="Names and logins of bots, with `*`, beside the shipped list."
    )
    identities: tuple[Identity, ...] = Field((), description="People with several accounts.")
    organisations: tuple[Organisation, ...] = Field((), description="Bodies that contribute.")
    thresholds: Thresholds = Field(
        default_factory=dict, description="Thresholds of checks, by metric."
    )
    notifications: tuple[Notification, ...] = Field(
        (), description="Reserved: this version sends nothing."
    )
