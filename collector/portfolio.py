"""What is configured, as the database and the measurements take it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Engine

from collector import rulepack
from collector.accounts import Pseudonyms
from collector.address import Host, address
from collector.config import Config, ProjectConfig, RepositoryConfig, project_settings
from collector.config.ids import free_id, numbered, slug
from collector.config.portfolio_models import Ospo, Project
from collector.identity import Organisation, alias
from collector.model import Span, Threshold
from collector.rulepack import Checklists, packs
from collector.shelf import Place
from collector.store import hosts, shelf
from collector.store.read_activity import Who
from collector.store.shelf import Declared, Shelved
from collector.store.write import OspoRow, ProjectRow, RepositoryRow, sync


def register(engine: Engine, config: Config) -> None:
    """Make the stored portfolio the configured one; what is gone from it is hidden, kept."""
    recognised = {row.host: row.kind for row in hosts.remembered(engine).values() if row.kind}

    def kind(repository: RepositoryConfig) -> str:
        if config.says_kind(repository.host):
            return repository.kind
        return recognised.get(repository.host, repository.kind)

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
                kind=kind(repository),
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


def checklists(config: Config) -> dict[str, Checklists]:
    """The rule packs and answers of each project. Raises ``ConfigError``."""
    known = packs(config)
    return {each.id: rulepack.checklists(known, each) for each in config.projects}


def digests(config: Config, lists: Mapping[str, Checklists]) -> dict[str, str]:
    """What each project's measurement depends on in configuration."""
    return {
        each.id: f"{project_settings.digest(config, each)} {_digest(lists[each.id])}"
        for each in config.projects
    }


def _digest(lists: Checklists) -> str:
    return hashlib.sha256(repr(lists).encode()).hexdigest()


# ---------------------------------------------------------------- projects that were found


def with_found(engine: Engine, config: Config) -> Config:
    """The configuration with the projects that discovery made (``as: projects``)."""
    if not any(each.declared.as_ == "projects" for each in config.discover):
        return config
    declared = tuple(project for project in config.projects if not project.found)
    known, taken = config.hosts(), {project.id for project in declared}
    ospos = {ospo.id: ospo for ospo in config.ospos}
    said = shelf.declared(engine)
    members: dict[str, dict[int, Shelved]] = {}
    for row in shelf.shelved(engine, None, Place.PROJECT):
        if row.project and row.project not in taken and row.ospo in ospos:
            members.setdefault(row.project, {}).setdefault(row.id, row)
    return replace(
        config,
        projects=declared
        + tuple(
            _made(config, key, list(rows.values()), ospos, known, said)
            for key, rows in sorted(members.items())
        ),
    )


def _made(
    config: Config,
    key: str,
    rows: Sequence[Shelved],
    ospos: Mapping[str, Ospo],
    hosts: Mapping[str, Host],
    said: Mapping[str, Declared],
) -> ProjectConfig:
    first = rows[0]
    own = said[first.key].name if first.key in said else None
    name = first.found.group or own or first.found.name or first.key.rpartition("/")[2]
    declared = Project.model_validate(
        {"id": key, "name": name, "repositories": tuple({"url": r.found.url} for r in rows)}
    )
    return ProjectConfig(
        declared,
        ospos[first.ospo],
        tuple(RepositoryConfig(address(each.url, hosts), each) for each in declared.repositories),
        config.folder,
        found=True,
    )


def own_projects(engine: Engine) -> frozenset[str]:
    """The ids of the projects that discovery made."""
    return frozenset(shelf.project_ids(engine))


def adopt(engine: Engine, config: Config) -> None:
    """Give each project that discovery makes its id, once and for all."""
    if not any(each.declared.as_ == "projects" for each in config.discover):
        return
    configured = {project.id for project in config.projects if not project.found}
    rows = {row.id: row for row in shelf.shelved(engine, None, Place.PROJECT)}
    taken = configured | own_projects(engine)
    groups = {
        _product(row): row.project
        for row in rows.values()
        if row.project and row.project not in configured
    }
    given: dict[int, str | None] = {}
    for number, row in sorted(rows.items()):
        if not row.project or row.project in configured:
            name = groups.get(_product(row)) or _free(row, taken)
            groups[_product(row)] = name
            taken.add(name)
            given[number] = name
    shelf.put_projects(engine, given)


def _product(row: Shelved) -> tuple[str, str]:
    """What makes a project: the repositories of one product, or one repository."""
    return row.ospo, row.found.group or row.key


def _free(row: Shelved, taken: Collection[str]) -> str:
    """An id that nobody has: from the product's name, or from the repository's address."""
    path = row.key.partition("/")[2]
    wanted = slug(row.found.group or "")
    if wanted and wanted not in taken:
        return wanted
    return free_id(path, taken) or numbered(wanted or slug(path) or "project", taken)
