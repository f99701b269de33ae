"""What configuration says of a project reaches metrics and database whole, and people do not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import config
from collector.config import project_settings
from collector.model import Span

FILE = """\
ospo: {{id: city, country: SK, thresholds: {{four_eyes: {{met: 0.5, not_met: 0.1}}}}}}
projects:
  - id: one
    name: Jedna
    rhythm: seasonal
    season: ["11-15/02-29"]
    next_needed: 2027-01-01
    maintainers: [{maintainer}]
    criticality: {criticality}
    users: [{{name: Brno, since: 2019-05-01}}]
    contracts: [{{supplier: acme, from: 2024-04-01, until: 2027-03-31}}]
    funding: [{{source: members, kind: member-fees, amount: 20000 EUR}}]
    thresholds:
      four_eyes: [{{met: 0.9, not_met: 0.2, from: 2026-01-01}}, {{met: 0.8, not_met: 0.2}}]
    goals: [{{metric: four_eyes, target: {target}, by: 2027-06-30}}]
    repositories:
      - {{url: https://github.com/city/one, main: true, release_tag_pattern: '{pattern}'}}
      - {{url: https://github.com/city/docs, role: docs}}
      - {{url: https://github.com/city/copy, role: mirror, upstream: https://github.com/else/x}}
      - {{url: https://github.com/city/twin, role: mirror, upstream: https://github.com/city/one}}
  - {{id: two, name: {other}, repositories: [{{url: https://github.com/city/two}}]}}
"""
USUAL = {
    "maintainer": "login1",
    "criticality": "7",
    "target": "0.8",
    "pattern": "^v",
    "other": "Dva",
}


def loaded(folder: Path, **changed: str) -> tuple[config.Config, config.ProjectConfig]:
    (folder / "config" / "portfolios").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "portfolios" / "city.yaml").write_text(FILE.format(**USUAL | changed))
    found = config.load(folder / "config", {})
    return found, found.projects[0]


def test_a_project_reaches_the_metrics_with_its_dates_as_instants(tmp_path: Path) -> None:
    project = project_settings.model_project(*loaded(tmp_path))
    assert project.contracts[0].span == Span(1_711_929_600, 1_806_451_200)
    assert project.season == ((11, 15, 2, 29),)
    assert (project.country, project.ospo, project.owner) == ("SK", "city", "city")
    assert project.users[0].source == "configuration"


def test_what_the_database_keeps_can_be_read_back_and_names_nobody(tmp_path: Path) -> None:
    everything = loaded(tmp_path)
    kept = json.loads(json.dumps(project_settings.project_settings(*everything)))
    assert project_settings.project_from(kept) == project_settings.model_project(*everything)
    assert project_settings.thresholds_from(kept) == project_settings.thresholds(*everything)
    assert "login1" not in json.dumps(kept)


def test_the_nearest_threshold_comes_last_and_says_who_set_it(tmp_path: Path) -> None:
    found = project_settings.thresholds(*loaded(tmp_path))
    assert [(each.met, each.source) for each in found] == [
        (0.5, "OSPO city"), (0.8, "project one"), (0.9, "project one")
    ]  # fmt: skip
    assert found[2].span.since == 1_767_225_600


def test_roles_that_make_up_the_kind_count_and_a_mirror_whose_origin_is_not_here(
    tmp_path: Path,
) -> None:
    everything = loaded(tmp_path)
    counted = [
        project_settings.repository_settings(*everything, repository)["counted"]
        for repository in everything[1].repositories
    ]
    assert counted == [True, False, True, False]


@pytest.mark.parametrize(
    ("changed", "measured_again"),
    [
        ({"criticality": "8"}, True),
        ({"pattern": "^r"}, True),
        ({"maintainer": "login2"}, True),
        ({"target": "0.9"}, False),
        ({"other": "Tri"}, False),
    ],
)
def test_the_digest_changes_with_what_is_measured_and_with_nothing_else(
    tmp_path: Path, changed: dict[str, str], measured_again: bool
) -> None:
    before = project_settings.digest(*loaded(tmp_path))
    assert before == project_settings.digest(*loaded(tmp_path))
    assert (before != project_settings.digest(*loaded(tmp_path, **changed))) is measured_again


@given(day=st.dates())
def test_an_instant_is_midnight_utc(day: object) -> None:
    from datetime import UTC, date, datetime

    assert isinstance(day, date)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert project_settings.instant(day) == int(moment.timestamp())


def test_bots_and_people_are_part_of_every_digest(tmp_path: Path) -> None:
    found, project = loaded(tmp_path)
    with_bots = replace(found, settings=found.settings.model_copy(update={"bots": ("city-bot",)}))
    assert project_settings.digest(found, project) != project_settings.digest(with_bots, project)


@pytest.mark.parametrize(
    ("kind", "role", "warns"),
    [
        ("standard", "", True),
        ("documentation", ", role: spec", True),
        ("standard", ", role: spec", False),
        ("data", "", False),
        ("software", ", role: archive", False),
        ("software", ", role: mirror", False),
    ],
)
def test_a_project_none_of_whose_repositories_counts_is_a_warning_that_says_what_to_do(
    tmp_path: Path, kind: str, role: str, warns: bool
) -> None:
    folder = tmp_path / "config" / "portfolios"
    folder.mkdir(parents=True)
    (folder / "city.yaml").write_text(
        "ospo: {id: city}\nprojects:\n- id: one\n"
        f"  kind: {kind}\n  repositories: [{{url: https://github.com/city/one{role}}}]\n"
    )
    found = config.load(folder.parent, {}).warnings
    assert [(one.line, "counts `role: docs`" in str(one)) for one in found] == warns * [(4, True)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("stage: retired", "decisions: [{date: YYYY-MM-DD, about: project, decision: retire}]"),
        ("rhythm: seasonal", 'season: ["MM-DD/MM-DD"]'),
    ],
)
def test_a_life_that_is_half_declared_is_a_warning_with_its_place(
    tmp_path: Path, said: str, told: str
) -> None:
    folder = tmp_path / "config" / "portfolios"
    folder.mkdir(parents=True)
    repositories = "repositories: [{url: https://github.com/city/app}]"
    text = f"ospo: {{id: city}}\nprojects:\n  - id: app\n    {said}\n    {repositories}\n"
    (folder / "city.yaml").write_text(text)
    (warning,) = config.load(folder.parent, {}).warnings
    assert (warning.line, told in str(warning)) == (4, True)
    more = '    season: ["01-15/05-31"]\n' if "season" in said else (
        "    decisions: [{date: 2026-01-01, about: project, decision: retire}]\n"
    )  # fmt: skip
    (folder / "city.yaml").write_text(text + more)
    assert not config.load(folder.parent, {}).warnings
