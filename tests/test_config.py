"""Configuration: what PRODUCT.md shows can be loaded, and what is wrong is told with its place."""

from datetime import date
from pathlib import Path

import pytest

from collector import config

SETTINGS = """\
database_url: sqlite:///data/vitals.db
data_dir: data
allow_local: false
language: en
timezone: Europe/Bratislava
access: local
forges:
  - host: code.europa.eu
    kind: gitlab
    token_env: CODE_EUROPA_TOKEN
  - host: ghe.example.eu:8443
    kind: github
    base_url: https://ghe.example.eu:8443
    ca_bundle: certs/city.pem
    proxy: http://proxy.example.eu:3128
schedule: {collect: "0 3 * * *", report: "0 6 1 * *"}
privacy: {identities: pseudonymous, retention_months: null}
bots: ["city-bot", "*-deploy"]
identities:
  - name: maintainer-1
    accounts: [login1, "a@example.sk"]
    organisations: [{id: bratislava, from: 2021-03-01}]
organisations:
  - {id: bratislava, name: City of Bratislava, kind: public-body, domains: [bratislava.sk]}
  - {id: some-company, name: Some Company, kind: supplier, teams: [login7, login8]}
thresholds: {regular_committers: {met: 3, not_met: 1}}
notifications: []
"""

PORTFOLIO = """\
ospo:
  {id: open-cities, name: Otevřená města, archetype: association, country: CZ, language: cs,
   contact: ospo@example.cz, members: [Praha 7, Brno]}
projects:
  - id: cityvizor
    name: CityVizor
    kind: software
    relation: hosted
    area: transparency
    stage: production
    rhythm: steady
    season: ["01-15/05-31"]
    next_needed: 2027-01-01
    delivery: releases
    criticality: 7
    owner: open-cities
    maintainers: [login1]
    users: [{name: Praha 7, since: 2019-05-01, version: "2.4", confirmed: 2026-02-01}]
    service: https://cityvizor.cz
    contracts: [{supplier: some-company, from: 2024-04-01, until: 2027-03-31}]
    funding:
      - {source: members, kind: member-fees, amount: 20000 EUR, from: 2026-01-01,
         until: 2026-12-31}
    goals:
      - {metric: first_answer_wait, target: 72, by: 2027-06-30, agreed_with: steering group}
    decisions:
      - {date: 2026-11-02, about: regular_committers, decision: fund, review_on: 2027-03-01,
         text: tender for a second maintainer}
    outcomes: outcomes/cityvizor.csv
    issues: {url: https://jira.example.cz/CV, kind: jira}
    repositories:
      - {url: https://github.com/cityvizor/cityvizor, main: true}
      - {url: https://github.com/otevrenamesta/cityvizor, role: archive}
      - {url: https://gitlab.com/x/y, release_tag_pattern: '^app-v\\d+\\.\\d+\\.\\d+$',
         upstream: https://github.com/z/y}
discover:
  - {url: https://github.com/otevrenamesta, ignore: [{match: "*.github.io", why: web pages}]}
  - {catalogue: developers-italia, publisher: some-id, as: projects}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder ``config/`` with all that PRODUCT.md shows."""
    portfolios = tmp_path / "config" / "portfolios"
    portfolios.mkdir(parents=True)
    (tmp_path / "config" / "ospo-vitals.yaml").write_text(SETTINGS, "utf-8")
    (portfolios / "open-cities.yaml").write_text(PORTFOLIO, "utf-8")
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "city.pem").touch()
    return tmp_path / "config"


def test_all_that_the_product_description_shows_can_be_loaded(folder: Path) -> None:
    loaded = config.load(folder, {"CODE_EUROPA_TOKEN": "s3cret", "GITHUB_TOKEN": "t0p"})
    assert loaded.database_url == f"sqlite:///{folder.parent}/data/vitals.db"
    assert loaded.data_dir == folder.parent / "data"
    assert not loaded.warnings
    (project,) = loaded.projects
    assert (project.id, project.name, project.ospo.country) == ("cityvizor", "CityVizor", "CZ")
    assert project.declared.contracts[0].until == date(2027, 3, 31)
    assert [repository.host for repository in project.repositories] == [
        "github.com", "github.com", "gitlab.com"
    ]  # fmt: skip
    upstream = project.repositories[2].upstream
    assert upstream is not None
    assert upstream.key == "github.com/z/y"


def test_a_token_comes_from_the_environment_and_is_never_printed(folder: Path) -> None:
    loaded = config.load(
        folder,
        {
            "CODE_EUROPA_TOKEN": "s3cret",
            "GITHUB_TOKEN": "t0p",
            "OSPO_VITALS_DATABASE_URL": "postgresql://me:pa55@db/vitals",
        },
    )
    forge, github = loaded.forge("code.europa.eu"), loaded.forge("github.com")
    assert forge is not None
    assert github is not None
    assert (forge.token, github.token) == ("s3cret", "t0p")
    assert loaded.database_url == "postgresql+psycopg://me:pa55@db/vitals"
    for secret in ("s3cret", "t0p", "pa55"):
        assert secret not in repr(loaded)
