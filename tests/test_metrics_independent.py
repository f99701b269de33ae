"""Every git metric agrees with a second calculation that shares no code with the product."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import naive
from tests.collected import Collected, collect

QUICK = ("OS2faktor-Login", "catalogi-api", "mls-extensions", "developers-italia-api")
QUICK_DATES = ["2019-03-17", "2023-01-01", "2025-08-02"]
CLOSE = 1e-9


def by_project(folder: Path, names: tuple[str, ...] = ()) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.glob("*.git")):
        name = path.stem.partition("__")[2]
        if not names or name in names:
            found[name.lower()] = path
    return found


@pytest.fixture(scope="module")
def few(real_repositories: Path, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("few")
    return collect(folder, by_project(real_repositories, QUICK))


def day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def differences(collected: Collected, repositories: dict[str, Path], dates: list[int]) -> list[str]:
    """Where do the product and the naive calculation disagree?"""
    found, compared = [], 0
    again = {key: naive.Project(path, int(time.time())) for key, path in repositories.items()}  # noqa: TID251
    for as_of in dates:
        values = collected.values(as_of)
        for key, project in again.items():
            for metric, expected in project.metrics(as_of).items():
                compared += 1
                value = values[key, metric].value
                same = value is None if expected is None else value is not None
                if not same or (expected is not None and abs(value - expected) > CLOSE):
                    found.append(f"{key} {metric} at {as_of}: {value}, naively {expected}")
    assert compared >= 20 * len(dates) * len(repositories)
    return found


def test_git_metrics_agree_with_plain_git_log(few: Collected, real_repositories: Path) -> None:
    dates = [day(text) for text in QUICK_DATES]
    assert not differences(few, by_project(real_repositories, QUICK), dates)


def test_the_command_prints_the_very_values(few: Collected) -> None:
    as_of = day("2025-08-02")
    values, printed = few.values(as_of), few.said(as_of)
    assert values.keys() == printed.keys()
    for key, value in values.items():
        row = printed[key]
        assert (row["value"], row["state"], row["n"]) == (value.value, value.state, value.n), key
        assert row["parts"] == json.loads(json.dumps(dict(value.parts))), key


def test_community_files_are_those_that_git_lists(few: Collected, real_repositories: Path) -> None:
    today = int(time.time()) // naive.DAY * naive.DAY  # noqa: TID251
    values = few.values(today)
    for key, path in by_project(real_repositories, QUICK).items():
        found = values[key, "community_files"].parts["found"]
        assert isinstance(found, dict)
        assert plainly_there(path) == set(found) & set(NAMES), key


NAMES = {
    "README": r"readme([._-].*)?",
    "CONTRIBUTING": r"contributing([._-].*)?",
    "CODE_OF_CONDUCT": r"code[_-]of[_-]conduct([._-].*)?",
    "SECURITY": r"security([._-].*)?",
    "CODEOWNERS": r"codeowners",
    "publiccode.yml": r"publiccode\.ya?ml",
}


def plainly_there(repository: Path) -> set[str]:
    listed = []
    for folder in ("", ".github/", ".gitlab/", "docs/"):
        words = ["ls-tree", "--name-only", "HEAD", *([folder] if folder else [])]
        listed += [Path(name).name.lower() for name in naive.git(repository, *words).splitlines()]
    return {key for key, form in NAMES.items() if any(re.fullmatch(form, each) for each in listed)}


@pytest.mark.slow
def test_git_metrics_of_all_real_repositories_agree_every_season(
    real_repositories: Path, tmp_path: Path
) -> None:
    everything = by_project(real_repositories)
    dates = [
        day(f"{year}-{month}-17") for year in range(2014, 2027) for month in ("02", "05", "10")
    ]
    assert not differences(collect(tmp_path, everything), everything, dates)
