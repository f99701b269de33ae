"""Repositories collected and measured by the commands, as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from collector import config, portfolio, run
from collector.metric import Value
from collector.metrics import METRICS
from collector.model import Activity
from collector.store.engine import connect
from collector.store.read_activity import activity

ROOT = Path(__file__).parent.parent
Values = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Collected:
    """A folder whose portfolio was collected once, by the command."""

    folder: Path

    def said(self, as_of: int) -> Values:
        """What the command prints of every metric at a date, by (project, metric)."""
        day = datetime.fromtimestamp(as_of, UTC).date().isoformat()
        said = command(self.folder, "metrics", "--format", "json", "--as-of", day)
        return {(row["project"], row["metric"]): row for row in json.loads(said)}

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """The records of every project, read back from the database."""
        configured = config.load(self.folder / "config")
        engine = connect(configured.database_url, read_only=True)
        who = portfolio.who(configured, run.pseudonyms(configured.data_dir))
        return {each.id: activity(engine, each.id, who) for each in configured.projects}

    def values(self, as_of: int) -> dict[tuple[str, str], Value]:
        """The same values without the command, which starts slowly."""
        return {
            (project, metric.key): metric.compute(records, as_of)
            for project, records in self.activities.items()
            for metric in METRICS
        }


def collect(folder: Path, repositories: Mapping[str, Path], settings: str = "") -> Collected:
    """Write a portfolio of one project per repository and collect it."""
    config = folder / "config"
    (config / "portfolios").mkdir(parents=True)
    (config / "ospo-vitals.yaml").write_text(f"allow_local: true\n{settings}")
    projects = "".join(
        f"  - id: {project}\n    repositories: [{{url: {path}}}]\n"
        for project, path in sorted(repositories.items())
    )
    (config / "portfolios" / "all.yaml").write_text(f"ospo: {{id: all}}\nprojects:\n{projects}")
    command(folder, "collect")
    return Collected(folder)


def command(folder: Path, *words: str) -> str:
    environment = {**os.environ, "OSPO_VITALS_CONFIG": str(folder / "config")}  # noqa: TID251
    done = subprocess.run(
        [sys.executable, "-m", "collector", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
