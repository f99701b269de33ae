"""The portfolios that ship ready to be switched on: every body in view, and none in the way."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from collector.archetype import KEYS
from collector.config import Config, ConfigError, load
from collector.config.report import check
from collector.metrics.names import read_name
from collector.model import Repository

CONFIG = Path(__file__).parent.parent / "config"
FILES = sorted((CONFIG / "portfolios").glob("*.yaml"))
MOST_OF_THE_STARTER = 12
BODIES = {
    "bratislava",
    "open-cities",
    "code-for-romania",
    "developers-italia",
    "dinum",
    "zendis",
    "luxembourg",
    "european-commission",
    "france-travail",
    "dutch-tax-administration",
    "paris",
    "ventspils",
    "os2",
    "vng",
    "lero",
    "trinity-college-dublin",
}
"""As PRODUCT.md names them."""
NOTHING_KNOWN = {"ventspils"}
"""Their file says in a comment what was looked for."""


@cache
def starter() -> Config:
    """What ships, as it ships."""
    return load(CONFIG, {})


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """What ships, with every file switched on."""
    folder = tmp_path_factory.mktemp("all") / "config"
    shutil.copytree(CONFIG, folder)
    for file in (folder / "portfolios").glob("*.yaml"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("enabled: false\n", ""), "utf-8")
    return load(folder, {})


def test_the_national_lists_that_stand_as_comments_are_valid_once_they_are_none(
    tmp_path: Path,
) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    file = tmp_path / "config" / "portfolios" / "dinum.yaml"
    text = file.read_text("utf-8").replace("enabled: false\n", "")
    file.write_text(text.replace("  # - {catalogue", "  - {catalogue"), "utf-8")
    declared = [each.declared for each in load(tmp_path / "config", {}).discover]
    lists = [each.publisher for each in declared if each.catalogue == "code-gouv-fr"]
    assert lists == [None, "https://github.com/betagouv"]


def test_the_starter_stays_small_and_the_rest_is_switched_off() -> None:
    assert {ospo.id for ospo in starter().ospos} == {
        "bratislava",
        "open-cities",
        "code-for-romania",
    }
    assert len(starter().projects) <= MOST_OF_THE_STARTER
    assert not starter().discover


def test_check_tells_in_one_line_which_files_wait() -> None:
    told = [line for line in check(CONFIG, {}).text.splitlines() if "enabled: false" in line]
    assert len(told) == 1
    assert all(file.stem in told[0] for file in starter().switched_off)


def test_all_ready_portfolios_hold_together_without_a_warning(everything: Config) -> None:
    assert not everything.switched_off
    assert not everything.warnings


def test_every_body_in_view_says_what_it_is_and_where(everything: Config) -> None:
    assert {ospo.id for ospo in everything.ospos} == BODIES
    assert all(ospo.name and ospo.country and ospo.language for ospo in everything.ospos)
    assert {ospo.archetype for ospo in everything.ospos} == set(KEYS)


def test_every_body_has_projects_and_a_place_to_look_for_more_or_says_that_none_is_known(
    everything: Config,
) -> None:
    assert BODIES - {project.ospo.id for project in everything.projects} == NOTHING_KNOWN
    looked = {found.ospo.id for found in everything.discover}
    assert BODIES - looked == NOTHING_KNOWN
    for body in NOTHING_KNOWN:
        said = (CONFIG / "portfolios" / f"{body}.yaml").read_text("utf-8")
        assert "No public forge" in said


def test_each_body_is_an_organisation_whose_people_are_known_by_their_mail(
    everything: Config,
) -> None:
    with_domains = {each.id for each in everything.organisations if each.domains}
    assert with_domains >= BODIES


def test_how_critical_a_project_is_stays_the_judgement_of_the_ospo(everything: Config) -> None:
    assert all(project.declared.criticality is None for project in everything.projects)


def test_projects_of_several_repositories_say_which_one_stands_for_them(
    everything: Config,
) -> None:
    several = [each for each in everything.projects if len(each.repositories) > 1]
    assert several
    assert [each.id for each in several if sum(r.main for r in each.repositories) != 1] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_can_be_used_alone_with_the_shipped_settings(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (folder / "portfolios").mkdir(parents=True)
    shutil.copy(CONFIG / "ospo-vitals.yaml", folder)
    shutil.copy(file, folder / "portfolios")
    assert load(folder, {}).warnings == ()


def test_a_file_that_needs_a_host_is_refused_where_the_settings_do_not_name_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "config"
    (folder / "portfolios").mkdir(parents=True)
    shutil.copy(CONFIG / "portfolios" / "zendis.yaml", folder / "portfolios")
    with pytest.raises(ConfigError, match=r"say under `forges` what runs there"):
        load(folder, {})


def test_the_documentation_has_a_line_for_every_body() -> None:
    told = (CONFIG.parent / "docs" / "portfolios.md").read_text("utf-8")
    assert [body for body in sorted(BODIES) if f"| `{body}` |" not in told] == []


TAGS = [
    # Tags that these repositories really have, and the version each stands for.
    ("VNG-Realisatie/catalogi-api", "1.3.0", "1.3.0"),
    ("VNG-Realisatie/catalogi-api", "v1.3.0", "1.3.0"),
    ("VNG-Realisatie/catalogi-api", "1846", None),
    ("VNG-Realisatie/catalogi-api", "1.0.0.post3", None),
    ("VNG-Realisatie/gemma-zaken", "zaken-api-1.0.1", "1.0.1"),
    ("lutece-platform/lutece-core", "lutece-core-8.0.1", "8.0.1"),
    ("lutece-platform/lutece-form-plugin-forms", "plugin-forms-3.1.3", "3.1.3"),
    ("lutece-platform/lutece-form-plugin-forms", "lutece-form-plugin-forms-2.0.0", "2.0.0"),
    ("lutece-platform/lutece-form-plugin-forms", "plugin-forms-3.0.2-develop-3.0.x", None),
    ("openeuropa/oe_theme", "0.4833.202410231910", None),
    ("openeuropa/oe_theme", "4.10.0", "4.10.0"),
    ("monarc-project/MonarcAppFO", "v2.13.3-p1", "2.13.3"),
    ("informed-governance-project/NISINP", "v0.5.14-reporting", None),
    ("informed-governance-project/NISINP", "v0.5.14", "0.5.14"),
    ("italia/developers-italia-api", "helm/v0.6.0", None),
    ("bratislava/paas-mpa", "prod1.9.1", "1.9.1"),
    ("bratislava/paas-mpa", "prod1.9.0-ota.4", "1.9.0"),
    ("bratislava/paas-mpa", "v1.4.0", "1.4.0"),
    ("bratislava/paas-mpa", "v1.2.1.ota-prod-testing.2", None),
    ("bratislava/paas-mpa", "staging1.9.0-rc.5", None),
]


@pytest.mark.parametrize(("name", "tag", "version"), TAGS, ids=str)
def test_tags_that_these_repositories_have_are_read_as_meant(
    everything: Config, name: str, tag: str, version: str | None
) -> None:
    found = next(r for r in everything.repositories if r.url == f"https://github.com/{name}")
    said = read_name(
        tag,
        Repository(
            found.url,
            release_tag_pattern=found.declared.release_tag_pattern,
            deployment_tag_pattern=found.declared.deployment_tag_pattern,
        ),
    )
    assert (said.version if said else None) == version
