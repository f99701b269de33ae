"""A portfolio to look at where none can be read: invented projects in a database of its own.

The records are written the way collected ones are and measured by the same code, so every page
works as it does in earnest. No clock: the same arguments give the same demonstration. Nobody in
it is real; hosts and mail domains end in ``.example``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from collector import measure, portfolio, weekly
from collector.accounts import Pseudonyms
from collector.config import Config
from collector.demo.configuration import configuration
from collector.demo.plan import PLAIN_HOST, Plan, plans
from collector.demo.records import History, history
from collector.forge import Cost, Page, Pulse
from collector.model import DAY, GitReading, Instant, RepositoryFacts, RepositoryState, Snapshot
from collector.progress import Lines, Reporter
from collector.store import migrate, read, write
from collector.store.engine import connect
from collector.store.read import Target
from collector.store.read_dashboard import freshness
from collector.store.write_records import write_files_changed, write_git, write_page, write_pulse

PSEUDONYMS = Pseudonyms(hashlib.sha256(b"the demonstration's people are nobody").digest())
UNREADABLE = (
    f"{PLAIN_HOST} did not finish answering within 30 seconds. It is asked again at the next pass."
)
DUMP = (60, 900)
"""Files that a supplier's delivery of half a year's work touches."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """How large, how long, and as of when.

    ``reason``: why nothing else could be read, a sentence a line; "" if it was asked for.
    """

    as_of: Instant
    projects: int = 24
    years: int = 5
    seed: int = 1
    reason: str = ""

    @property
    def made(self) -> str:
        """What distinguishes its database from another demonstration's."""
        return f"1 {self.projects} {self.years} {self.seed} {self.as_of}"


def prepare(
    wanted: Demonstration,
    base: Path,
    data_dir: Path,
    language: str = "en",
    reporter: Reporter | None = None,
) -> Config:
    """The configuration of a filled and measured demonstration; made anew only when it differs.

    It is made beside the old one and put in its place when it is whole.
    """
    found = plans(wanted.projects, wanted.years, wanted.seed, wanted.as_of)
    config = configuration(found, base, data_dir, language)
    file = data_dir / "demo.db"
    if not (file.exists() and _is(config, wanted)):
        draft = data_dir / "demo.new.db"
        _remove(draft)
        engine = connect(f"sqlite:///{draft}")
        fill(engine, config, found, wanted, reporter or Lines())
        engine.dispose()
        _remove(file)
        draft.rename(file)
    engine = connect(config.database_url)
    write.put_meta(engine, demo_reason=wanted.reason)
    engine.dispose()
    return config


def _is(config: Config, wanted: Demonstration) -> bool:
    """Is this demonstration the one that is there, of this version's tables?"""
    engine = connect(config.database_url)
    current = migrate.state(engine) is migrate.Tables.CURRENT
    same = current and freshness(engine).meta.get("demo") == wanted.made
    engine.dispose()
    return same


def _remove(file: Path) -> None:
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)


def fill(
    engine: Engine,
    config: Config,
    found: tuple[Plan, ...],
    wanted: Demonstration,
    reporter: Reporter,
) -> None:
    """Write the records of all projects and measure them."""
    migrate.upgrade(engine)
    portfolio.register(engine, config)
    run = write.start_run(engine, "demo", wanted.as_of)
    by_key = {plan.id: plan for plan in found}
    targets = read.targets(engine)
    reporter.begin("Inventing", len(targets))
    for target in targets:
        invent(engine, target, by_key[target.project])
        reporter.step(target.project)
    _measure(engine, config, wanted.as_of, reporter)
    failed = sum(not plan.life.readable for plan in found)
    summary = {"repositories": len(targets), "failed": failed, "measured": len(found)}
    write.finish_run(engine, run, wanted.as_of, int(failed > 0), summary)
    write.put_meta(engine, demo=wanted.made)


def _measure(engine: Engine, config: Config, as_of: Instant, reporter: Reporter) -> None:
    lists, thresholds = portfolio.checklists(config), portfolio.thresholds(config)
    digests = portfolio.digests(config, lists)
    tasks = [
        task
        for state in read.project_states(engine)
        if (
            task := measure.task(
                state, digests[state.key], thresholds[state.key], lists[state.key], as_of
            )
        )
    ]
    reporter.begin("Measuring", len(tasks))
    who = portfolio.who(config, PSEUDONYMS)
    measure.measure_all(engine, tasks, who, as_of, reporter.step)
    weekly.store_entries(engine, config, as_of)


# ---------------------------------------------------------------- one repository


def invent(engine: Engine, target: Target, plan: Plan) -> None:
    """Write the records of one repository, as a pass would."""
    as_of = plan.span[1]
    run = write.begin(engine, target.id, as_of)
    if not plan.life.readable:
        state = RepositoryState.FAILED
        write.fail(engine, target.id, run, as_of, state, UNREADABLE, Cost(seconds=30))
        return
    name = target.url.rpartition("/")[2]
    part = 1 / len(plan.repositories) if name != plan.repositories[0][0] else 1.0
    found = history(plan.life, plan.team, plan.span, plan.random(name), part=part)
    cost = Cost(requests=3, points=2, git_bytes=300 * len(found.commits), seconds=0.4)
    write_git(engine, target.id, run, _reading(found), PSEUDONYMS, (), as_of, cost)
    _dumps(engine, target, run, plan)
    if plan.host != PLAIN_HOST:
        _discussed(engine, (target, run), plan, found)


def _reading(found: History) -> GitReading:
    return GitReading(
        head=found.head,
        default_branch="main",
        replaces=False,
        commits=found.commits,
        tags=found.tags,
        files=found.files,
        same_people=found.same_people,
        cursor="{}",
        bytes_received=300 * len(found.commits),
    )


def _dumps(engine: Engine, target: Target, run: int, plan: Plan) -> None:
    """How many files the commits touch that a pass would look at."""
    random = plan.random("dumps")
    sizes = {
        sha: random.randint(*DUMP) if plan.life.dumps else random.randint(1, 20)
        for sha in read.dump_candidates(engine, target.id)
    }
    write_files_changed(engine, target.id, run, sizes)


def _discussed(engine: Engine, fence: tuple[Target, int], plan: Plan, found: History) -> None:
    """What the forge tells: facts, counts of then and now, items and answers."""
    (target, run), as_of, random = fence, plan.span[1], plan.random("facts")
    facts = RepositoryFacts(
        native_id=str(random.randint(10_000, 10**8)),
        default_branch="main",
        created=plan.span[0],
        archived=plan.life.archived,
        archived_at=as_of - 200 * DAY if plan.life.archived else None,
        private=False,
        empty=found.head is None,
        has_issues=True,
        topics=(plan.area,),
    )
    totals = {"issues": len(found.issues), "change_requests": len(found.change_requests)}
    stars = random.randint(0, 60)
    for days, grown in ((95, 0), (0, random.randint(0, 9))):
        at = as_of - days * DAY
        snapshot = Snapshot(at, stars + grown, (stars + grown) // 4, stars // 6)
        pulse = Pulse(target.url, found.head.hex() if found.head else "", facts, snapshot, totals)
        write_pulse(engine, target.id, run, pulse, at)
    page = Page(
        "{}", found.issues, found.change_requests, found.responses, found.releases, last=True
    )
    write_page(engine, target.id, run, page, PSEUDONYMS, (), as_of)
    write.confirm_forge(engine, target.id, run, as_of, "")
