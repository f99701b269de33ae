"""What configuration says of a project, in the form that metrics, database and digest need.

Nothing here names a person: logins of maintainers and people stay in ``Config`` and are
hashed by ``identity``; the database keeps only what stands here.
"""

from __future__ import annotations

import hashlib
import json
from calendar import timegm
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict, TypeVar

from collector.config.forms import season_days
from collector.config.roles import COUNTED
from collector.model import Agreement, Instant, Project, Span, Threshold, User

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from collector.config.types import Thresholds
    from collector.config.values import Config, ProjectConfig, RepositoryConfig

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


_Kind = TypeVar("_Kind")


class RepositorySettings(TypedDict):
    """What a row of ``repositories.settings`` holds."""

    role: str
    main: bool
    upstream: str | None
    release_tag_pattern: str | None
    deployment_tag_pattern: str | None
    counted: bool


def instant(day: date | None) -> Instant | None:
    """Midnight UTC at the start of a day."""
    return None if day is None else timegm(day.timetuple())


def model_project(config: Config, project: ProjectConfig) -> Project:
    """The project as metrics see it. ``maintainers`` is filled in by whoever knows the persons."""
    said = project.declared
    return Project(
        id=said.id,
        name=project.name,
        ospo=project.ospo.id,
        country=project.ospo.country,
        kind=said.kind,
        relation=said.relation,
        area=said.area,
        stage=said.stage,
        retired_since=max(
            (instant(each.date) or 0 for each in said.decisions if each.decision == "retire"),
            default=None,
        ),
        rhythm=said.rhythm,
        season=tuple(season_days(season) for season in said.season),
        next_needed=instant(said.next_needed),
        delivery=said.delivery,
        criticality=said.criticality,
        owner=said.owner or (project.ospo.id if said.relation == "hosted" else None),
        service=said.service,
        issues_elsewhere=said.issues.url if said.issues else None,
        contracts=tuple(
            Agreement(each.supplier, _span(each.from_, each.until)) for each in said.contracts
        ),
        funding=tuple(
            Agreement(each.source, _span(each.from_, each.until), each.kind)
            for each in said.funding
        ),
        users=tuple(
            User(each.name, "configuration", instant(each.since), each.version,
                 instant(each.confirmed))
            for each in said.users
        ),
        organisations={body.id: body.kind for body in config.organisations},
    )  # fmt: skip


def _span(first: date | None, last: date | None) -> Span:
    return Span(instant(first), instant(last))


def thresholds(config: Config, project: ProjectConfig) -> tuple[Threshold, ...]:
    """Every configured threshold that concerns a project: of two, the later one is stronger."""
    levels: Iterable[tuple[str, Thresholds]] = (
        ("ospo-vitals.yaml", config.thresholds),
        (f"OSPO {project.ospo.id}", project.ospo.thresholds),
        (f"project {project.id}", project.declared.thresholds),
    )
    return tuple(
        Threshold(metric, each.met, each.not_met, source, Span(instant(each.from_)))
        for source, level in levels
        for metric, dated in sorted(level.items())
        for each in sorted(dated, key=lambda each: each.from_ or date.min)
    )


def counted(kind: str, repository: RepositoryConfig, keys: frozenset[str]) -> bool:
    """Do this repository's commits count for a project of this kind (C6)?

    ``keys``: all repositories of the portfolio; a mirror counts if its origin is not there.
    """
    if repository.role == "mirror":
        return repository.upstream is None or repository.upstream.key not in keys
    return repository.role in COUNTED[kind]


def repository_settings(
    config: Config, project: ProjectConfig, repository: RepositoryConfig
) -> RepositorySettings:
    """What the database keeps of a repository's configuration."""
    keys = frozenset(each.key for each in config.repositories)
    return {
        "role": repository.role,
        "main": repository.main or len(project.repositories) == 1,
        "upstream": repository.upstream.url if repository.upstream else None,
        "release_tag_pattern": repository.declared.release_tag_pattern,
        "deployment_tag_pattern": repository.declared.deployment_tag_pattern,
        "counted": counted(project.declared.kind, repository, keys),
    }


def project_settings(config: Config, project: ProjectConfig) -> dict[str, Json]:
    """What the database keeps of a project's configuration: JSON that can be read back."""
    said = project.declared
    found: dict[str, Json] = {
        "project": to_json(model_project(config, project)),
        "thresholds": [_json(each) for each in thresholds(config, project)],
        "goals": [goal.model_dump(mode="json", by_alias=True) for goal in said.goals],
        "decisions": [decision.model_dump(mode="json") for decision in said.decisions],
        "outcomes": said.outcomes,
        "issues": said.issues.model_dump(mode="json") if said.issues else None,
    }
    return found


def to_json(project: Project) -> dict[str, Json]:
    """A project as JSON, without its people."""
    found = _json(project)
    found.pop("maintainers")
    return found


def _json(value: Project | Threshold) -> dict[str, Json]:
    from dataclasses import asdict

    found: dict[str, Json] = json.loads(json.dumps(asdict(value), default=list))
    return found


def project_from(settings: Mapping[str, Json]) -> Project:
    """The project that ``project_settings`` wrote."""
    found: Project = _reader(Project).validate_python(settings["project"])
    return found


def thresholds_from(settings: Mapping[str, Json]) -> tuple[Threshold, ...]:
    """The thresholds that ``project_settings`` wrote."""
    reader = _reader(tuple[Threshold, ...])
    found: tuple[Threshold, ...] = reader.validate_python(settings["thresholds"])
    return found


@lru_cache
def _reader(kind: type[_Kind]) -> TypeAdapter[_Kind]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def digest(config: Config, project: ProjectConfig) -> str:
    """Changes when anything configured changes that the project's measurement depends on.

    Goals, decisions and names of other projects do not; whose accounts are whose does.
    """
    settings = project_settings(config, project)
    measured = {
        "project": settings["project"],
        "thresholds": settings["thresholds"],
        "maintainers": sorted(project.declared.maintainers),
        "repositories": [
            [repository.key, dict(repository_settings(config, project, repository))]
            for repository in project.repositories
        ],
        "organisations": [body.model_dump(mode="json") for body in config.organisations],
        "identities": [person.model_dump(mode="json") for person in config.identities],
        "bots": sorted(config.bots),
    }
    text = json.dumps(measured, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
