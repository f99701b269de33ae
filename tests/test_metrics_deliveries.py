"""What is a delivery, and what follows from it (METRICS.md, Deliveries)."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from collector.metric import State
from collector.metrics.names import read_name
from collector.model import Project, Repository
from tests.activities import REPOSITORY, activity, commit, tag
from tests.measuring import NOW, number, value

APP = Repository("https://github.com/city/App.git")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("1", "1"),
        ("v3", "3"),
        ("1.3.0", "1.3.0"),
        ("v1.3.0", "1.3.0"),
        ("V1.3.0", "1.3.0"),
        ("v.1.2", "1.2"),
        ("v-1.2", "1.2"),
        ("ver1.2", "1.2"),
        ("version_1_2", "1.2"),
        ("r12", "12"),
        ("rel-1.2.3.4", "1.2.3.4"),
        ("release/1.2", "1.2"),
        ("Release-v1.2", "1.2"),
        ("app-2.4", "2.4"),
        ("app-v2.4", "2.4"),
        ("2024-03-01", "2024.3.1"),
        ("v2024.03.01", "2024.3.1"),
        ("20240301", "20240301"),
    ],
)
def test_a_prefix_and_a_version_are_a_release(name: str, version: str) -> None:
    reading = read_name(name, APP)
    assert reading is not None
    assert (reading.version, reading.deployment, reading.prerelease) == (version, False, False)


@pytest.mark.parametrize(
    "name", ["prod-2024-03-01", "production/1.2", "live_20240301", "prod-v1.2", "prod1"]
)
def test_an_environment_in_use_is_a_deployment(name: str) -> None:
    reading = read_name(name, APP)
    assert reading is not None
    assert reading.deployment


@pytest.mark.parametrize(
    "name",
    [
        *("dev-1.2", "test-1.2", "staging/1.2", "stage-1", "demo-1.2", "qa-1", "uat-2024-03-01"),
        *("helm/v0.6.0", "draft-ietf-tls-tls13-28", "before-mhmp-merge", "version-model-draft"),
        *("1.2.3.4.5", "v", "", "1.2-after-merge", "backend-1.2", "1.0.0.post3", "prod-eu-1.2"),
    ],
)
def test_other_environments_components_and_words_are_neither(name: str) -> None:
    assert read_name(name, APP) is None


@pytest.mark.parametrize(
    "name",
    [
        *("1.0.0-rc1", "v2.4.0-rc.1", "1.0.0-rc1.post0", "1.2.0-alpha1", "v0.1.0-pre"),
        *("1.0-SNAPSHOT", "1.0.dev20240301", "2.0_nightly", "2.0canary", "1.0beta2"),
    ],
)
def test_a_suffix_tells_a_pre_release(name: str) -> None:
    reading = read_name(name, APP)
    assert reading is not None
    assert reading.prerelease


def test_configured_patterns_overrule() -> None:
    repository = replace(
        APP, release_tag_pattern=r"^app-ui-v\d+\.\d+$", deployment_tag_pattern="^go-live-"
    )
    found = read_name("app-ui-v1.2", repository)
    assert found is not None
    assert (found.version, found.deployment) == ("1.2", False)
    assert read_name("v1.2", repository) is None
    assert read_name("prod-1.2", repository) is None
    deployed = read_name("go-live-2024-01-02", repository)
    assert deployed is not None
    assert deployed.deployment


def test_a_number_of_any_length_is_read() -> None:
    reading = read_name("v" + "0" * 9 + "7" * 9000 + ".010.0", APP)
    assert reading is not None
    assert reading.version == "7" * 9000 + ".10.0"


def test_a_digit_in_a_configured_name_is_not_its_version() -> None:
    repository = replace(APP, release_tag_pattern=r"^(k8s|oauth2-ui)-v?\d", name="app")
    names = ("k8s-v1.0", "k8s-v1.1", "oauth2-ui-1.2-rc.1", "k8s-3.4.5_final")
    found = [read_name(name, repository) for name in names]
    versions = [reading.version if reading else None for reading in found]
    assert versions == ["1.0", "1.1", "1.2-rc1", "3.4.5"]


def test_a_word_of_deployment_may_stand_right_before_the_version_of_a_configured_name() -> None:
    repository = replace(APP, deployment_tag_pattern=r"^(prod|live)-?\d")
    names = ("prod1.5.0", "prod2.5.0", "prod2.5.0-ota.1", "live-3.0")
    found = [read_name(name, repository) for name in names]
    versions = [reading.version if reading else None for reading in found]
    assert versions == ["1.5.0", "2.5.0", "2.5.0", "3.0"]


def test_one_version_is_one_delivery_whatever_its_spelling() -> None:
    records = activity(tag("2025-05-01", "1.3.0"), tag("2025-05-02", "v1.3.0"))
    assert number("release_frequency", records) == 1
    assert number("days_since_last_delivery", records) == (NOW - 1746057600) / 86400


def test_each_repository_has_its_own_versions() -> None:
    two = [REPOSITORY, replace(REPOSITORY, url="https://github.com/city/ui")]
    records = activity(
        tag("2025-05-01", "1.0"), tag("2025-05-02", "1.0", repository=1), repositories=two
    )
    assert number("release_frequency", records) == 2


def test_pre_releases_stand_beside_the_stable_ones() -> None:
    records = activity(
        tag("2025-05-01", "1.0-rc1"),
        tag("2025-05-02", "1.0"),
        tag("2025-05-03", "1.1", prerelease=True),
    )
    found = value("release_frequency", records)
    assert (found.value, found.parts["pre_releases"]) == (1, 2)


def test_a_project_whose_tags_match_nothing_has_no_value_and_a_reason() -> None:
    for key in ("release_frequency", "deployments", "days_since_last_delivery"):
        found = value(key, activity(commit("2025-01-01"), tag("2025-05-01", "helm/v1.0")))
        assert found.state is State.NOT_APPLICABLE
        assert "name" in str(found.reason)
        assert value(key, activity(commit("2025-01-01"))).state is State.NOT_APPLICABLE


def test_only_deployments_make_a_service() -> None:
    records = activity(tag("2025-05-01", "prod-1"), tag("2025-11-02", "prod-2"))
    found = value("days_since_last_delivery", records)
    assert (found.value, found.parts["delivery"]) == (60, "service")
    assert number("deployments", records) == 2
    both = activity(tag("2025-05-01", "prod-1"), tag("2025-04-01", "1.0"))
    assert value("days_since_last_delivery", both).parts["delivery"] == "releases"


def test_what_delivers_nothing_as_declared_has_no_deliveries() -> None:
    records = activity(tag("2025-05-01", "1.0"), project=Project("app", delivery="none"))
    assert value("undelivered_commits", records).state is State.NOT_APPLICABLE


def test_undelivered_commits_arrived_after_the_newest_delivery() -> None:
    records = activity(
        commit("2025-04-01", arrived="2025-06-01"),
        commit("2025-05-01"),
        commit("2025-07-01"),
        commit("2025-07-02", "renovate"),
        tag("2025-05-01", "1.0"),
    )
    found = value("undelivered_commits", records)
    assert (found.value, found.parts["oldest_days"]) == (2, 214)


def test_a_delivery_is_overdue_at_twice_the_usual_interval() -> None:
    tags = [tag(f"2025-0{month}-01", f"1.{month}") for month in range(1, 6)]
    waiting = activity(*tags, commit("2025-06-01"))
    found = value("delivery_interval", waiting)
    assert (found.value, found.n, found.parts["overdue"]) == (30.5, 4, True)
    assert value("delivery_interval", activity(*tags)).parts["overdue"] is False
    few = activity(*tags[:4], commit("2025-06-01"))
    assert value("delivery_interval", few).parts["overdue"] is False
    assert value("delivery_interval", activity(tags[0])).state is State.NOT_APPLICABLE


def test_deliveries_of_one_day_are_one_step_of_the_interval() -> None:
    months = [(f"2025-0{month}-01", month) for month in range(1, 6)]
    alone = activity([tag(day, f"1.{month}") for day, month in months])
    many = activity(
        [tag(f"{day} {hour:02}:00", f"{hour}.{month}") for day, month in months for hour in (0, 9)]
    )
    assert number("delivery_interval", many) == number("delivery_interval", alone) == 30.5
    assert value("delivery_interval", many).n == 4
    same_day = activity(tag("2025-05-01 08:00", "1.0"), tag("2025-05-01 20:00", "1.1"))
    assert value("delivery_interval", same_day).state is State.NOT_APPLICABLE


def test_the_real_tags_are_read_as_people_read_them(real_repositories: Path) -> None:
    expected = {
        "belastingdienst__opr-paas": (120, 0),
        "italia__publiccode-crawler": (31, 0),
        "italia__developers-italia-api": (30, 2),
        "cityvizor__cityvizor": (31, 0),
        "code4romania__monitorizare-vot": (11, 3),
        "tlswg__tls13-spec": (0, 0),
        "mlswg__mls-extensions": (0, 0),
        "OS2faktor__OS2faktor-Login": (0, 0),
    }
    found = {}
    for name in expected:
        names = subprocess.run(
            ["git", "-C", str(real_repositories / f"{name}.git"), "tag"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        repository = Repository(f"https://github.com/{name.replace('__', '/')}")
        readings = [reading for each in names if (reading := read_name(each, repository))]
        early = sum(reading.prerelease for reading in readings)
        found[name] = (len(readings) - early, early)
    assert found == expected
