"""What is configured, as the database and the measurements take it."""

from __future__ import annotations

from sqlalchemy import Engine

from collector.accounts import Pseudonyms
from collector.config import Config, project_settings
from collector.identity import Organisation, alias
from collector.model import Span, Threshold
from collector.store.read_activity import Who
from collector.store.write import OspoRow, ProjectRow, RepositoryRow, sync


def register(engine: Engine, config: Config) -> None:
    """Make the stored portfolio the configured one; what is gone from it is hidden, kept."""
    sync(
        engine,
        [
            OspoRow(each.id, each.name or each.id, each.model_dump(mode="json"))
            for each in config.ospos
        ],
        [
            ProjectRow(
                each.id,
                each.ospo.id,
                each.name,
                project_settings.project_settings(config, each),
            )
            for each in config.projects
        ],
        [
            RepositoryRow(
                key=repository.key,
                url=repository.url,
                host=repository.host,
                kind=repository.kind,
                project=project.id,
                settings=dict(project_settings.repository_settings(config, project, repository)),
            )
            for project in config.projects
            for repository in project.repositories
        ],
    )


def who(config: Config, pseudonyms: Pseudonyms) -> Who:
    """What configuration knows of people, hashed."""
    return Who(
        pseudonyms,
        aliases=tuple(
            alias(
                person.name,
                person.accounts,
                [
                    (body.id, Span(project_settings.instant(body.from_),
                                   project_settings.instant(body.until)))
                    for body in person.organisations
                ],
                pseudonyms,
            )
            for person in config.identities
        ),
        organisations=tuple(
            Organisation(
                body.id, body.domains, frozenset(map(pseudonyms.login_hash, body.teams))
            )
            for body in config.organisations
        ),
        maintainers={
            project.id: frozenset(map(pseudonyms.login_hash, project.declared.maintainers))
            for project in config.projects
        },
    )  # fmt: skip


def thresholds(config: Config) -> dict[str, tuple[Threshold, ...]]:
    """The thresholds of each project, the weakest first."""
    return {project.id: project_settings.thresholds(config, project) for project in config.projects}


def digests(config: Config) -> dict[str, str]:
    """What each project's measurement depends on in configuration."""
    return {each.id: project_settings.digest(config, each) for each in config.projects}
