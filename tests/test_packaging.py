"""What people install is whole, and what is generated is as new as the code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from collector import docs

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    options = ["--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("migrations", "**/*.py"),
        ("config", "**/*.yaml"),
        ("config", "**/*.json"),
        ("collector", "**/*.py"),
        ("collector", "**/*.graphql"),
        ("dashboard", "**/*.py"),
        ("dashboard", "**/*.po"),
        ("dashboard", "assets/*"),
    ],
)
def test_a_wheel_holds_all_that_the_program_reads(
    wheel: zipfile.ZipFile, folder: str, pattern: str
) -> None:
    inside = {"migrations": "collector/_data/migrations", "config": "collector/_data/config"}
    wanted = {
        f"{inside.get(folder, folder)}/{file.relative_to(ROOT / folder).as_posix()}"
        for file in (ROOT / folder).glob(pattern)
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert wanted <= set(wheel.namelist())


def pinned(name: str) -> set[str]:
    """What a lock file names, with its version."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {line.split(" ;")[0].removesuffix(" \\") for line in lines if "==" in line}


def test_a_container_has_the_versions_that_are_tested() -> None:
    inside = pinned("deploy/requirements.lock")
    assert pinned("requirements.lock") < inside < pinned("requirements-dev.lock")


def test_generated_pages_are_as_new_as_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"], ROOT) == 0, capsys.readouterr().out


def test_a_page_that_is_older_than_the_code_is_named_and_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    assert docs.main(["--check"], tmp_path) == 1
    assert "docs/metrics.md is older than the code: run make docs" in capsys.readouterr().out
    assert docs.main([], tmp_path) == 0
    assert docs.main(["--check"], tmp_path) == 0
