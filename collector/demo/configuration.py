"""What would the demonstration's own configuration be? Made in memory, from its plans."""

from __future__ import annotations

from pathlib import Path

from collector.address import Address
from collector.config import Config, ForgeConfig, ProjectConfig, RepositoryConfig
from collector.config.models import Settings
from collector.config.portfolio_models import Ospo, Portfolio, Project
from collector.demo.plan import HOST, PLAIN_HOST, Plan, organisations, portfolio

FILE = Path("demonstration.yaml")


def configuration(plans: tuple[Plan, ...], base: Path, data_dir: Path, language: str) -> Config:
    """The configuration of a database that holds these projects: ``demo.db`` in ``data_dir``."""
    settings = Settings.model_validate(
        {"organisations": tuple(organisations()), "language": language}
    )
    bodies = dict.fromkeys(plan.body for plan in plans)
    portfolios = [Portfolio.model_validate(portfolio(body, plans)) for body in bodies]
    return Config(
        folder=base / "config",
        base=base,
        settings=settings,
        database_url=f"sqlite:///{data_dir / 'demo.db'}",
        data_dir=data_dir,
        forges=tuple(
            ForgeConfig(host, kind, f"https://{host}")
            for host, kind in ((HOST, "github"), (PLAIN_HOST, "git"))
        ),
        ospos=tuple(found.ospo for found in portfolios),
        projects=tuple(
            _project(declared, found.ospo, plan)
            for found in portfolios
            for declared, plan in zip(found.projects, _of(plans, found), strict=True)
        ),
    )


def _of(plans: tuple[Plan, ...], found: Portfolio) -> list[Plan]:
    return [plan for plan in plans if plan.body.id == found.ospo.id]


def _project(declared: Project, ospo: Ospo, plan: Plan) -> ProjectConfig:
    kind = "git" if plan.host == PLAIN_HOST else "github"
    repositories = tuple(
        RepositoryConfig(_address(one.url, plan.host, kind), one) for one in declared.repositories
    )
    return ProjectConfig(declared, ospo, repositories, FILE)


def _address(url: str, host: str, kind: str) -> Address:
    key = url.removeprefix("https://")
    return Address(url, key, host, kind, key.partition("/")[2])
