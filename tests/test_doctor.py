"""What is missing is told with its remedy; only what is needed makes the command fail."""

from __future__ import annotations

import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest

from collector.doctor import PANGO

ROOT = Path(__file__).parent.parent


def doctor(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What it says of a portfolio without projects, in a process of its own."""
    portfolio = folder / "config" / "portfolios" / "city.yaml"
    portfolio.parent.mkdir(parents=True, exist_ok=True)
    portfolio.write_text("ospo: {id: city}\nprojects: []\n", "utf-8")
    environment = {**os.environ, "COLUMNS": "400", **variables}  # noqa: TID251 - tests are an edge
    return subprocess.run(
        [sys.executable, "-m", "collector", "doctor"],
        cwd=ROOT,
        env={**environment, "OSPO_VITALS_CONFIG": str(folder / "config")},
        check=False,
        capture_output=True,
        text=True,
    )


def test_where_pango_cannot_be_loaded_that_is_noted_and_all_the_rest_is_well(
    tmp_path: Path,
) -> None:
    (tmp_path / "libpango-1.0.so.0").write_text("no library")
    said = doctor(tmp_path, LD_LIBRARY_PATH=str(tmp_path))
    assert "note  reports as PDF: Pango was not found" in said.stdout
    assert PANGO in said.stdout
    assert said.stdout.endswith("Nothing is to be mended.\n")
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.skipif(not find_library("pangoft2-1.0"), reason="needs Pango")
def test_where_pango_is_there_nothing_is_noted(tmp_path: Path) -> None:
    said = doctor(tmp_path)
    assert "ok    reports as PDF: Pango is there" in said.stdout
    assert "note" not in said.stdout
    assert (said.returncode, said.stderr) == (0, "")


def test_what_is_needed_and_missing_makes_it_fail(tmp_path: Path) -> None:
    said = doctor(tmp_path, PATH=str(tmp_path))
    assert "FAIL  git: not found" in said.stdout
    assert said.returncode == 1
