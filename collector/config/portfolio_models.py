"""What may stand in a portfolio file: every key, its form and its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from collector.archetype import KEYS as ARCHETYPES
from collector.catalogue import KINDS
from collector.config.types import (
    About,
    Country,
    Day,
    Id,
    Keys,
    Language,
    MetricKey,
    Money,
    Pattern,
    Season,
    Span,
    Text,
    Thresholds,
    Web,
)

if TYPE_CHECKING:
    ArchetypeKey = str
    CatalogueKind = str
else:
    ArchetypeKey = Literal[ARCHETYPES]
    CatalogueKind = Literal[KINDS]

Role = Literal["code", "docs", "spec", "infra", "mirror", "archive"]


class User(Keys):
    """A body that uses the project."""

    name: Text = Field(description="Its name.")
    since: Day | None = Field(None, description="Since when.")
    version: Text | None = Field(None, description="Which version.")
    confirmed: Day | None = Field(None, description="When this was last confirmed.")


class Contract(Span):
    """Somebody is paid to look after the project."""

    supplier: Id = Field(description="The organisation, as listed under `organisations`.")


class Funding(Span):
    """Money for the project."""

    source: Text = Field(description="Where it comes from.")
    kind: Id | None = Field(None, description="What it is: grant, budget, member-fees …")
    amount: Money | None = Field(None, description="How much, with its currency.")


class Goal(Keys):
    """What the OSPO and the project want to reach."""

    metric: MetricKey = Field(description="The metric.")
    target: float = Field(description="The value to reach.")
    by: Day = Field(description="Until when.")
    from_: Day | None = Field(
        None, alias="from", description="From when on its way counts; default: a year before."
    )
    agreed_with: Text | None = Field(None, description="With whom it was agreed.")


class Decision(Keys):
    """What was decided; it closes an entry until its day of review."""

    date: Day = Field(description="When.")
    about: About = Field(description="About which metric, or `project`, `status`, `risk`.")
    decision: Literal["fix", "fund", "hand-over", "retire", "accept"] = Field(description="What.")
    review_on: Day | None = Field(None, description="When to look again.")
    text: Text | None = Field(None, description="In words.")


class Answer(Keys):
    """What somebody answered to a question of a rule pack; it holds for twelve months."""

    rule: Text = Field(description="The question: `pack/rule`, such as `os2-level/F3`.")
    answer: Literal["yes", "no", "n/a"] = Field(description="The answer; n/a: cannot apply.")
    evidence: Web | None = Field(None, description="Where this can be seen.")
    date: Day = Field(description="When it was answered or last confirmed.")
    by: Text | None = Field(None, description="Who answered: a role or a body.")
    text: Text | None = Field(None, description="In words: why not, or how.")


class Tracker(Keys):
    """Where issues are kept, when not on the forge."""

    url: Web = Field(description="Where.")
    kind: Id = Field(description="What it is: jira, redmine …")


class Repository(Keys):
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


class Project(Keys):
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
    answers: tuple[Answer, ...] = Field(
        (), description="Answers to the questions of rule packs that only people can give."
    )
    outcomes: Text | None = Field(None, description="File or URL of the service's outcomes.")
    issues: Tracker | None = Field(None, description="Only when issues are kept elsewhere.")
    repositories: Annotated[tuple[Repository, ...], Field(min_length=1)] = Field(
        description="Its repositories."
    )


class Ignored(Keys):
    """Repositories that are set aside."""

    match: Text = Field(description="Name, or `owner/name`, with `*`.")
    why: Text | None = Field(None, description="The reason.")


class Discover(Keys):
    """Where repositories are looked for: an organisation's URL, or a catalogue."""

    url: Text | None = Field(None, description="URL of an organisation or group.")
    catalogue: CatalogueKind | None = Field(None, description="Kind of the catalogue.")
    source: Text | None = Field(
        None,
        description="Where the catalogue stands: the address of its API or list, or a file;"
        " default: its public address. `list`, `publiccode` and `os2` need it.",
    )
    publisher: Text | None = Field(None, description="Only what this publisher lists there.")
    as_: Literal["shelf", "projects"] = Field(
        "shelf", alias="as", description="`projects`: each becomes a project of its own."
    )
    ignore: tuple[Ignored, ...] = Field((), description="What is set aside.")


class Ospo(Keys):
    """The body whose portfolio this is."""

    id: Id = Field(description="Its id, unique over all files.")
    name: Text | None = Field(None, description="Its name; default: the id.")
    archetype: ArchetypeKey | None = Field(
        None, description="What kind of body it is: decides what is shown first."
    )
    country: Country | None = Field(None, description="ISO 3166 code; for public holidays.")
    language: Language | None = Field(None, description="Language of its reports.")
    contact: Text | None = Field(None, description="Whom to ask.")
    members: tuple[Text, ...] = Field((), description="Members of an association.")
    thresholds: Thresholds = Field(default_factory=dict, description="Its own thresholds.")
    packs: tuple[Id, ...] = Field(
        (), description="Rule packs to measure; default: all but those of other countries."
    )


class Portfolio(Keys):
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
