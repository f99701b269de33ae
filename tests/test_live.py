"""The real forges, with real tokens: ``make live``. Never part of CI.

Each case runs when its token is set; another repository is read when its variable names one.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from collector.forges import FORGES

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Case:
    """A forge: its kind, which variable holds the token, which repository is read by default."""

    kind: str
    token: str
    variable: str
    default: str


CASES = (
    Case(
        "github", "GITHUB_TOKEN", "OSPO_VITALS_LIVE_GITHUB",
        "https://github.com/mlswg/mls-extensions",
    ),
    Case(
        "gitlab", "GITLAB_TOKEN", "OSPO_VITALS_LIVE_GITLAB",
        "https://gitlab.com/gitlab-org/gitlab-docs-archives",
    ),
    Case(
        "forgejo", "CODEBERG_TOKEN", "OSPO_VITALS_LIVE_FORGEJO",
        "https://codeberg.org/forgejo/website",
    ),
)  # fmt: skip


def run(folder: Path, *words: str) -> str:
    environment = {**os.environ, "OSPO_VITALS_CONFIG": str(folder / "config")}  # noqa: TID251
    done = subprocess.run(
        [sys.executable, "-m", "collector", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def status(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, "status", "--format", "json"))
    return dict(found["repositories"][0])


@pytest.mark.live
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_real_repository_is_read_whole_and_the_second_pass_costs_next_to_nothing(
    case: Case, tmp_path: Path
) -> None:
    if case.kind not in FORGES or not os.environ.get(case.token):  # noqa: TID251
        pytest.skip(f"needs {case.token}")
    url = os.environ.get(case.variable) or case.default  # noqa: TID251
    place = tmp_path / "config" / "portfolios"
    place.mkdir(parents=True)
    (place / "live.yaml").write_text(
        f"ospo: {{id: live}}\nprojects: [{{id: one, repositories: [{{url: '{url}'}}]}}]\n"
    )
    run(tmp_path, "collect")
    first = status(tmp_path)
    assert first["state"] in ("ok", "archived"), first
    totals = {name: total for name, total in first["forge_totals"].items() if total is not None}
    assert {name: first["records"][name] for name in totals} == totals
    assert first["records"]["commits"] > 0
    run(tmp_path, "collect")
    second = status(tmp_path)
    assert second["records"] == first["records"]
    assert second["cost"]["requests"] <= 5
