"""Configuration: YAML and environment in, one frozen ``Config`` out; the only reader of either.

Nothing here reaches the network, and nothing heavy is imported: ``check`` starts fast.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from collector.address import Address, Host, address
from collector.config import checks as config_checks
from collector.config import errors as config_errors
from collector.config import rulepack_file
from collector.config.checks import BUILT_IN, Source
from collector.config.models import App, Credential, Forge, Settings
from collector.config.portfolio_models import Ospo, Portfolio, Project
from collector.config.values import (
    UNKNOWN,
    AppConfig,
    Config,
    DiscoverConfig,
    ForgeConfig,
    OwnerCredential,
    ProjectConfig,
    RepositoryConfig,
    hosts_of,
)
from collector.config.yaml_file import Document, read
from collector.problem import ConfigError, Problem, display

FOLDER_VARIABLE = "OSPO_VITALS_CONFIG"
DATABASE_VARIABLE = "OSPO_VITALS_DATABASE_URL"
_TOKENS = {
    "github.com": "GITHUB_TOKEN",
    "gitlab.com": "GITLAB_TOKEN",
    "codeberg.org": "CODEBERG_TOKEN",
}

__all__ = [
    "Config",
    "ConfigError",
    "DiscoverConfig",
    "ForgeConfig",
    "Problem",
    "ProjectConfig",
    "RepositoryConfig",
    "config_folder",
    "load",
    "portfolio_files",
]

_Model = TypeVar("_Model", bound=BaseModel)


def config_folder(folder: Path | None, environ: Mapping[str, str]) -> Path:
    """Where does the configuration stand? Raises ``ConfigError`` where there is none."""
    named = environ.get(FOLDER_VARIABLE)
    found = Path(folder or named or "config").absolute()
    if found.is_dir() and not os.access(found, os.R_OK | os.X_OK):
        raise ConfigError(
            [Problem(str(found), 0, 0, "", "this user may not read this folder; give it the right")]
        )
    if (found / "ospo-vitals.yaml").is_file() or (found / "portfolios").is_dir():
        return found
    why = f" (named by {FOLDER_VARIABLE})" if named and not folder else ""
    raise ConfigError(
        [
            Problem(
                str(found), 0, 0, "",
                f"there is no configuration here{why}: neither ospo-vitals.yaml nor portfolios/."
                " Run `ospo-vitals init` to write a starter, or name the folder in"
                f" {FOLDER_VARIABLE}.",
            )
        ]
    )  # fmt: skip


def load(
    folder: Path | None = None,
    environ: Mapping[str, str] = os.environ,  # noqa: TID251 - configuration reads the environment
    instead: Mapping[Path, str] | None = None,
) -> Config:
    """All that is configured, in ``folder`` or where the environment says.

    ``instead`` gives portfolio files the text that they are about to have. Raises
    ``ConfigError`` with every problem at once, each with its place.
    """
    where = config_folder(folder, environ)
    settings_document = _settings_document(where)
    texts = instead or {}
    paths = sorted({*portfolio_files(where), *texts})
    sources = [_source(path, where.parent, texts.get(path)) for path in paths]
    settings = _validated(Settings, settings_document)
    hosts = config_checks.hosts(settings_document.data)
    for source in sources:
        source.portfolio = _validated(Portfolio, source.document)
    warnings = config_checks.check(settings_document, sources, hosts, where.parent)
    pack_problems = _check_packs(where, sources)
    documents = [settings_document, *(source.document for source in sources)]
    found = [problem for document in documents for problem in document.problems] + pack_problems
    found += _database_problems(settings, settings_document, environ)
    if found or settings is None:
        raise ConfigError(found)
    return _config(where, settings, sources, environ, tuple(warnings))


def _check_packs(folder: Path, sources: list[Source]) -> list[Problem]:
    """What is wrong in the rule packs; what refers to them is noted where it stands."""
    found = rulepack_file.problems(folder)
    if not found and rulepack_file.has_answers(sources):
        rulepack_file.check_answers(sources, rulepack_file.rules(folder))
    if not found and rulepack_file.has_chosen(sources):
        rulepack_file.check_chosen(sources, frozenset(rulepack_file.rules(folder)))
    return found


def portfolio_files(folder: Path) -> list[Path]:
    """The portfolio files, in the order of their names."""
    portfolios = folder / "portfolios"
    return sorted(
        path
        for path in portfolios.glob("*.y*ml")
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
    )


def _settings_document(folder: Path) -> Document:
    path = folder / "ospo-vitals.yaml"
    name = display(path, folder.parent)
    return read(path, name) if path.exists() else Document(name, "")


def _source(path: Path, base: Path, text: str | None) -> Source:
    return Source(path, read(path, display(path, base), text))


def _validated(model: type[_Model], document: Document) -> _Model | None:
    """The document as its model; None, and problems noted, where it is not one."""
    broken = bool(document.problems) and document.data is None
    if broken:
        return None
    try:
        return model.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        document.problems.extend(config_errors.problems(error, model, document))
        return None


def _database_problems(
    settings: Settings | None, document: Document, environ: Mapping[str, str]
) -> list[Problem]:
    known = "write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    problems = []
    named = environ.get(DATABASE_VARIABLE)
    if named and not _database(named):
        problems.append(Problem(DATABASE_VARIABLE, 0, 0, "", f"is not a database URL; {known}"))
    if settings and not _database(settings.database_url):
        problems.append(document.problem(("database_url",), f"is not a database URL; {known}"))
    return problems


def _database(url: str) -> bool:
    kind, _, rest = url.partition(":")
    if kind.partition("+")[0] == "sqlite":
        return rest.startswith("///") and rest not in ("///", "///:memory:")
    return kind in ("postgresql", "postgresql+psycopg") and rest.startswith("//")


def _database_url(url: str, base: Path) -> str:
    """The URL with its file named from the root; PostgreSQL always through psycopg 3."""
    kind, _, rest = url.partition(":///")
    if kind.startswith("sqlite"):
        file, mark, options = rest.partition("?")
        return f"{kind}:///{base / file}{mark}{options}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _config(
    folder: Path,
    settings: Settings,
    sources: list[Source],
    environ: Mapping[str, str],
    warnings: tuple[Problem, ...],
) -> Config:
    base = folder.parent
    forges = _forges(settings, environ, base)
    hosts = hosts_of(forges)
    used = [(source, source.portfolio) for source in sources if source.portfolio]
    ospos = _ospos([portfolio.ospo for _, portfolio in used if portfolio.enabled])
    by_id = _ospos([portfolio.ospo for _, portfolio in used])
    enabled = [(source, portfolio) for source, portfolio in used if portfolio.enabled]
    return Config(
        folder=folder,
        base=base,
        settings=settings,
        database_url=_database_url(environ.get(DATABASE_VARIABLE) or settings.database_url, base),
        data_dir=base / settings.data_dir,
        forges=forges,
        ospos=tuple(by_id[ospo] for ospo in ospos),
        projects=tuple(
            _project(declared, by_id[portfolio.ospo.id], source.path, hosts, base)
            for source, portfolio in enabled
            for declared in portfolio.projects
        ),
        discover=tuple(
            DiscoverConfig(by_id[portfolio.ospo.id], declared)
            for _, portfolio in enabled
            for declared in portfolio.discover
        ),
        switched_off=tuple(source.path for source, portfolio in used if not portfolio.enabled),
        warnings=warnings,
        environment=environ,
    )


def _ospos(found: list[Ospo]) -> dict[str, Ospo]:
    """One OSPO per id: the file that says more than the id speaks for all."""
    by_id: dict[str, Ospo] = {}
    for ospo in found:
        if ospo.id not in by_id or ospo.model_fields_set != {"id"}:
            by_id[ospo.id] = ospo
    return by_id


def _project(
    declared: Project, ospo: Ospo, file: Path, hosts: Mapping[str, Host], base: Path
) -> ProjectConfig:
    def place(url: str) -> Address:
        return address(url, hosts, base=base, allow_local=True)

    repositories = tuple(
        RepositoryConfig(
            place(repository.url),
            repository,
            place(repository.upstream) if repository.upstream else None,
        )
        for repository in declared.repositories
    )
    return ProjectConfig(declared, ospo, repositories, file)


def _forges(settings: Settings, environ: Mapping[str, str], base: Path) -> tuple[ForgeConfig, ...]:
    configured = {forge.host.lower(): _forge(forge, environ, base) for forge in settings.forges}
    built_in = {
        host.name: ForgeConfig(
            host.name,
            host.kind,
            host.base_url,
            _TOKENS[host.name],
            environ.get(_TOKENS[host.name]) or None,
            built_in=True,
        )
        for host in BUILT_IN
    }
    return tuple((built_in | configured).values())


def _forge(forge: Forge, environ: Mapping[str, str], base: Path) -> ForgeConfig:
    host = forge.host.lower()
    variable = forge.token_env or (None if forge.app else _TOKENS.get(host))
    return ForgeConfig(
        host,
        forge.kind or UNKNOWN,
        (forge.base_url or f"https://{host}").rstrip("/"),
        variable,
        (environ.get(variable) or None) if variable else None,
        base / forge.ca_bundle if forge.ca_bundle else None,
        forge.proxy,
        app=_app(forge.app, environ, base),
        owners=tuple(_credential(each, environ, base) for each in forge.credentials),
    )


def _credential(own: Credential, environ: Mapping[str, str], base: Path) -> OwnerCredential:
    token = (environ.get(own.token_env) or None) if own.token_env else None
    return OwnerCredential(own.owner.lower(), own.token_env, token, _app(own.app, environ, base))


def _app(app: App | None, environ: Mapping[str, str], base: Path) -> AppConfig | None:
    """The App with its private key, where that can be had; without, its reading says so."""
    if app is None:
        return None
    place = app.private_key_env or app.private_key_file or ""
    key = environ.get(place) if app.private_key_env else _text_of(base / place)
    return AppConfig(app.id, place, key or None, app.installation)


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
