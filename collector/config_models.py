"""What may stand in the configuration files: every key, its form and its meaning.

These models are the one source of the validation, the JSON Schemas and
``docs/configuration.md``. Descriptions are read by people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from collector.config_forms import (
    amount,
    cron,
    day,
    language,
    pattern,
    plain,
    season,
    time_zone,
    variable,
    web,
)
from collector.metric_keys import METRIC_KEYS
from collector.problem import Mistake

ABOUT = (*METRIC_KEYS, "project", "status", "risk", "criticality")
"""What a decision can be about."""

if TYPE_CHECKING:
    MetricKey = str
    About = str
else:
    MetricKey = Literal[METRIC_KEYS]
    About = Literal[ABOUT]


def _form(check: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Make a check that raises ``Mistake`` one that pydantic can place."""

    def checked(value: Any) -> Any:
        try:
            return check(value)
        except Mistake as mistake:
            raise PydanticCustomError(
                "mistake", "{said}", {"said": str(mistake), "nearest": mistake.nearest}
            ) from None

    return checked


def _text(check: Callable[[str], str], **schema: str) -> Any:
    return (AfterValidator(_form(check)), Field(json_schema_extra=dict(schema) or None))


_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def _id(value: str) -> str:
    if _ID.fullmatch(value):
        return value
    near = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:80]
    raise Mistake("an id has lower-case letters, digits and '-' (1–80)", near or None)


def _country(value: str) -> str:
    if re.fullmatch(r"[A-Z]{2}", value):
        return value
    near = value.upper() if re.fullmatch(r"[A-Za-z]{2}", value) else None
    raise Mistake("a country is its ISO 3166 code of two capitals, such as SK", near)


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


Text = Annotated[str, AfterValidator(_form(plain))]
Id = Annotated[
    str, AfterValidator(_form(_id)), Field(json_schema_extra={"pattern": f"^{_ID.pattern}$"})
]
Day = Annotated[
    date, BeforeValidator(_form(day)), WithJsonSchema({"type": "string", "format": "date"})
]
Pattern = Annotated[
    str, AfterValidator(_form(pattern)), Field(json_schema_extra={"format": "regex"})
]
Web = Annotated[str, AfterValidator(_form(web)), Field(json_schema_extra={"format": "uri"})]
Variable = Annotated[str, AfterValidator(_form(variable))]
Cron = Annotated[str, AfterValidator(_form(cron))]
Money = Annotated[
    str, AfterValidator(_form(amount)), Field(json_schema_extra={"examples": ["20000 EUR"]})
]
Season = Annotated[
    str, AfterValidator(_form(season)), Field(json_schema_extra={"examples": ["01-15/05-31"]})
]
Language = Annotated[str, AfterValidator(_form(language))]
Country = Annotated[str, AfterValidator(_form(_country))]
TimeZone = Annotated[str, AfterValidator(_form(time_zone))]

ForgeKind = Literal["github", "gitlab", "forgejo", "gitea", "git"]
Role = Literal["code", "docs", "spec", "infra", "mirror", "archive"]


class _Keys(BaseModel):
    """A mapping of the configuration."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True
    )


class _Span(_Keys):
    """Something that holds for a time."""

    from_: Day | None = Field(None, alias="from", description="First day on which it holds.")
    until: Day | None = Field(None, description="Day on which it ends.")


class Threshold(_Keys):
    """When a check is met, and when it is not; between the two it is at risk."""

    met: float = Field(description="The value from which the check is met.")
    not_met: float = Field(description="The value from which it is not met.")
    from_: Day | None = Field(
        None, alias="from", description="First day on which it holds; before, what held before."
    )


Thresholds = dict[MetricKey, Annotated[tuple[Threshold, ...], BeforeValidator(_one_or_more)]]


class Forge(_Keys):
    """A host that repositories live on."""

    host: Text = Field(description="`host[:port]` exactly as in the repositories' URLs.")
    kind: ForgeKind = Field(description="What runs there; `git`: git alone, no API.")
    token_env: Variable | None = Field(
        None, description="NAME of the environment variable with the token; never the token."
    )
    base_url: Web | None = Field(None, description="Default `https://<host>`.")
    ca_bundle: Text | None = Field(None, description="File of certificates to trust (PEM).")
    proxy: Web | None = Field(
        None, description="Proxy to reach it by; default: the usual environment variables."
    )


class Schedule(_Keys):
    """When things are done: cron expressions of five fields, in `timezone`."""

    collect: Cron = Field("0 3 * * *", description="When to collect.")
    report: Cron = Field("0 6 1 * *", description="When to write reports.")


class Privacy(_Keys):
    """What is kept of people."""

    identities: Literal["pseudonymous", "named"] = Field(
        "pseudonymous", description="Whether names are stored."
    )
    retention_months: Annotated[int, Field(ge=1, le=1200)] | None = Field(
        None, description="After how many months facts about people are dropped; null: kept."
    )


class Affiliation(_Span):
    """An organisation that somebody works for, for a time."""

    id: Id = Field(description="The organisation, as listed under `organisations`.")


class Identity(_Keys):
    """A person who uses several accounts; hashed on loading."""

    name: Text = Field(description="How configuration and `whatif` call the person.")
    accounts: tuple[Text, ...] = Field(
        (), description="Logins and mail addresses that are this person."
    )
    organisations: tuple[Affiliation, ...] = Field((), description="Whom the person works for.")


class Organisation(_Keys):
    """A body whose people contribute."""

    id: Id = Field(description="Its id.")
    name: Text | None = Field(None, description="Its name; default: the id.")
    kind: Literal["public-body", "supplier", "association", "academic", "community", "company"] = (
        Field("company", description="What it is.")
    )
    domains: tuple[Text, ...] = Field((), description="Mail domains of its people.")
    teams: tuple[Text, ...] = Field((), description="Logins of its people.")


class Notification(_Keys):
    """Where attention entries are sent."""

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


class Settings(_Keys):
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
    notifications: tuple[Notification, ...] = Field((), description="Where entries are sent.")


class User(_Keys):
    """A body that uses the project."""

    name: Text = Field(description="Its name.")
    since: Day | None = Field(None, description="Since when.")
    version: Text | None = Field(None, description="Which version.")
    confirmed: Day | None = Field(None, description="When this was last confirmed.")


class Contract(_Span):
    """Somebody is paid to look after the project."""

    supplier: Id = Field(description="The organisation, as listed under `organisations`.")


class Funding(_Span):
    """Money for the project."""

    source: Text = Field(description="Where it comes from.")
    kind: Id | None = Field(None, description="What it is: grant, budget, member-fees …")
    amount: Money | None = Field(None, description="How much, with its currency.")


class Goal(_Keys):
    """What the OSPO and the project want to reach."""

    metric: MetricKey = Field(description="The metric.")
    target: float = Field(description="The value to reach.")
    by: Day = Field(description="Until when.")
    agreed_with: Text | None = Field(None, description="With whom it was agreed.")


class Decision(_Keys):
    """What was decided; it closes an entry until its day of review."""

    date: Day = Field(description="When.")
    about: About = Field(description="About which metric, or `project`, `status`, `risk`.")
    decision: Literal["fix", "fund", "hand-over", "retire", "accept"] = Field(description="What.")
    review_on: Day | None = Field(None, description="When to look again.")
    text: Text | None = Field(None, description="In words.")


class Tracker(_Keys):
    """Where issues are kept, when not on the forge."""

    url: Web = Field(description="Where.")
    kind: Id = Field(description="What it is: jira, redmine …")


class Repository(_Keys):
    """A repository of a project."""

    url: Text = Field(description="URL of a known host, any git URL (https, ssh), or a path.")
    main: bool = Field(False, description="The one that stands for the project.")
    role: Role = Field("code", description="What it holds.")
    release_tag_pattern: Pattern | None = Field(
        None, description="Regular expression of tags that are releases."
    )
    deployment_tag_pattern: Pattern | None = Field(
        None, description="Regular expression of tags that are deployments."
    )
    upstream: Text | None = Field(None, description="URL of what this is a fork of.")


class Project(_Keys):
    """One thing that is looked after, in one or more repositories."""

    id: Id = Field(description="Its id, unique over all files.")
    name: Text | None = Field(None, description="Its name; default: the id.")
    kind: Literal["software", "standard", "documentation", "data"] = Field(
        "software", description="What it makes."
    )
    relation: Literal["hosted", "upstream", "candidate"] = Field(
        "hosted", description="Ours, somebody else's that we use, or under assessment."
    )
    area: Text | None = Field(None, description="Field of public service.")
    stage: (
        Literal["concept", "development", "beta", "production", "maintenance", "sunset", "retired"]
        | None
    ) = Field(None, description="Where it stands in its life.")
    rhythm: Literal["steady", "maintenance", "seasonal", "finished"] = Field(
        "steady", description="How much work is to be expected."
    )
    season: tuple[Season, ...] = Field((), description="seasonal: its seasons, MM-DD/MM-DD.")
    next_needed: Day | None = Field(None, description="Not needed before this day.")
    delivery: Literal["releases", "service", "both", "none"] | None = Field(
        None, description="How it reaches its users; default: from its tags."
    )
    criticality: Annotated[int, Field(ge=1, le=10)] | None = Field(
        None, description="How bad if it stopped, 1–10: the OSPO's own judgement."
    )
    owner: Id | None = Field(None, description="Owning body: an organisation or OSPO.")
    maintainers: tuple[Text, ...] = Field((), description="Logins of its maintainers.")
    users: tuple[User, ...] = Field((), description="Bodies that use it.")
    service: Web | None = Field(None, description="Address of the running service.")
    contracts: tuple[Contract, ...] = Field((), description="Who is paid for it.")
    funding: tuple[Funding, ...] = Field((), description="Money for it.")
    thresholds: Thresholds = Field(default_factory=dict, description="Its own thresholds.")
    goals: tuple[Goal, ...] = Field((), description="What is to be reached.")
    decisions: tuple[Decision, ...] = Field((), description="What was decided.")
    outcomes: Text | None = Field(None, description="File or URL of the service's outcomes.")
    issues: Tracker | None = Field(None, description="Only when issues are kept elsewhere.")
    repositories: Annotated[tuple[Repository, ...], Field(min_length=1)] = Field(
        description="Its repositories."
    )


class Ignored(_Keys):
    """Repositories that are set aside."""

    match: Text = Field(description="Name, with `*`.")
    why: Text | None = Field(None, description="The reason.")


class Discover(_Keys):
    """Where repositories are looked for: an organisation's URL, or a catalogue."""

    url: Text | None = Field(None, description="URL of an organisation or group.")
    catalogue: Id | None = Field(None, description="Name of a catalogue.")
    publisher: Text | None = Field(None, description="Only what this publisher lists there.")
    as_: Literal["shelf", "projects"] = Field(
        "shelf", alias="as", description="`projects`: each becomes a project of its own."
    )
    ignore: tuple[Ignored, ...] = Field((), description="What is set aside.")


class Ospo(_Keys):
    """The body whose portfolio this is."""

    id: Id = Field(description="Its id, unique over all files.")
    name: Text | None = Field(None, description="Its name; default: the id.")
    archetype: (
        Literal[
            "national-government",
            "institution-centric",
            "local-government",
            "association",
            "academic",
            "support-function",
        ]
        | None
    ) = Field(None, description="What kind of body it is: decides what is shown first.")
    country: Country | None = Field(None, description="ISO 3166 code; for public holidays.")
    language: Language | None = Field(None, description="Language of its reports.")
    contact: Text | None = Field(None, description="Whom to ask.")
    members: tuple[Text, ...] = Field((), description="Members of an association.")
    thresholds: Thresholds = Field(default_factory=dict, description="Its own thresholds.")


class Portfolio(_Keys):
    """A file of `config/portfolios/`: one OSPO and its projects."""

    ospo: Ospo = Field(
        description="The body. A second file of the same OSPO gives its `id` and nothing else."
    )
    enabled: bool = Field(
        True, description="false: the file is checked, and otherwise not used yet."
    )
    projects: tuple[Project, ...] = Field((), description="Its projects.")
    discover: tuple[Discover, ...] = Field(
        (), description="Where to look for repositories that are not in a project yet."
    )
