"""How much is measured again when little has changed? Ratios to measuring everything.

    python -m benchmarks.again              # 60 projects of 5 years, about half a minute
    python -m benchmarks.again --projects 300

Processor seconds of one process over the stored records of a synthetic portfolio on SQLite:
a day on which nothing came; one on which one project in twenty got a commit; a new month; a
threshold of one project in twenty; the accounts of a person who works on those; the definition
of one metric.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from collector import history, measure, portfolio
from collector.config import Config
from collector.config.models import Identity
from collector.demo import PSEUDONYMS, Demonstration, prepare
from collector.forge import Cost
from collector.model import DAY, Account, Commit, GitReading, Instant, Threshold
from collector.progress import Lines
from collector.rulepack import Checklists
from collector.store import read, write
from collector.store.engine import connect
from collector.store.write_records import write_git

AS_OF = 1_767_225_600 + 9 * DAY
CHANGED = 20
"""One project in so many gets a commit, or a threshold of its own."""

OWN = (Threshold("regular_committers", 2, 0),)

RATIOS = {"unchanged": 0.2, "changed": 0.25, "month": 0.25, "threshold": 0.1,
          "identity": 0.25, "definition": 0.25}  # fmt: skip
"""What each may cost at most, as a share of measuring everything."""


class Portfolio:
    """A stored synthetic portfolio that is measured now and then."""

    def __init__(self, folder: Path, projects: int) -> None:
        wanted = Demonstration(projects=projects, years=5, as_of=AS_OF)
        self.config = prepare(wanted, folder, folder / "data", reporter=Lines())
        self.engine: Engine = connect(self.config.database_url)

    def measure(
        self,
        as_of: Instant,
        config: Config | None = None,
        given: tuple[Threshold, ...] = (),
        *,
        anew: bool = False,
    ) -> float:
        """Processor seconds until the portfolio is measured."""
        chosen = config or self.config
        digests, who = (
            portfolio.digests(chosen, portfolio.checklists(chosen)),
            portfolio.who(chosen, PSEUDONYMS),
        )
        began = time.process_time()
        for number, state in enumerate(read.project_states(self.engine)):
            own = given if number % CHANGED == 0 else ()
            configured = digests[state.key] + repr(own)
            each = measure.task(state, configured, own, Checklists(), as_of, anew=anew)
            if each:
                measure.measure_one(self.engine, each, who, as_of)
        return time.process_time() - began

    def work(self, at: Instant) -> None:
        """One project in twenty gets a commit."""
        for number, target in enumerate(read.targets(self.engine)):
            if number % CHANGED == 0 and target.git_cursor:
                self._commit(target.id, number, at)

    def _commit(self, repository: int, number: int, at: Instant) -> None:
        sha = number.to_bytes(4, "big") * 5
        made = Commit(sha, Account(name="New", mail="new@example.org"), at, at, at, sha, 1)
        reading = GitReading(
            sha, "main", replaces=False, commits=[made], tags=(), files=(), same_people=(),
            cursor="{}",
        )  # fmt: skip
        run = write.begin(self.engine, repository, at)
        write_git(self.engine, repository, run, reading, PSEUDONYMS, (), at, Cost())


@contextmanager
def redefined(key: str) -> Iterator[None]:
    """One definition has a new version."""
    before = history.VERSIONS[key]
    history.VERSIONS[key] = before + 1
    yield
    history.VERSIONS[key] = before


def ratios(projects: int) -> dict[str, float]:
    """What each change costs, as a share of measuring everything."""
    with tempfile.TemporaryDirectory() as folder:
        found = Portfolio(Path(folder), projects)
        whole = found.measure(AS_OF, anew=True)
        print(f"all {projects} projects: {whole:.2f} s of processor, {whole / projects:.3f} s each")
        return {name: run(found) / whole for name, run in RUNS.items()}


def _changed(found: Portfolio) -> float:
    found.work(AS_OF + DAY)
    return found.measure(AS_OF + 2 * DAY)


def _identity(found: Portfolio) -> float:
    person = Identity(name="one", accounts=("new@example.org", "old@example.org"))
    settings = found.config.settings.model_copy(update={"identities": (person,)})
    return found.measure(AS_OF + 40 * DAY, replace(found.config, settings=settings), OWN)


def _definition(found: Portfolio) -> float:
    with redefined("stars"):
        return found.measure(AS_OF + 40 * DAY, given=OWN)


RUNS: dict[str, Callable[[Portfolio], float]] = {
    "unchanged": lambda found: found.measure(AS_OF + DAY),
    "changed": _changed,
    "month": lambda found: found.measure(AS_OF + 40 * DAY),
    "threshold": lambda found: found.measure(AS_OF + 40 * DAY, given=OWN),
    "identity": _identity,
    "definition": _definition,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=60)
    found = ratios(parser.parse_args().projects)
    for name, ratio in found.items():
        most = RATIOS.get(name)
        print(f"{name:12} {ratio:6.3f} of all" + (f" (≤ {most})" if most else ""))
    return int(any(found[name] > most for name, most in RATIOS.items()))


if __name__ == "__main__":
    sys.exit(main())
