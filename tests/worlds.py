"""Whole projects by chance: everything that a metric may read, and what of it was there by a date.

Commits, items and tags, and beside them files, snapshots, states of forks, affiliations,
agreements, users, odd dates, and facts that a forge gives as of now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from collector.model import (
    DAY,
    AccountKind,
    Activity,
    Agreement,
    FileFact,
    ForkState,
    ItemKind,
    Project,
    Repository,
    RepositoryFacts,
    RepositoryState,
    Snapshot,
    Span,
    User,
)
from tests.activities import (
    CommitLine,
    ItemLine,
    Line,
    TagLine,
    WorksFor,
    activity,
    kind_of,
    tag,
)
from tests.measuring import NOW
from tests.test_metrics_registry import commit_lines, item_lines, shifted, times, until

BODIES = {"city": "public-body", "region": "public-body", "firm": "supplier"}
FILES = (
    "README", "LICENSE", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "GOVERNANCE", "CHANGELOG",
    "ROADMAP", "AUTHORS/MAINTAINERS", "CODEOWNERS", "SUPPORT", "CITATION.cff", "publiccode.yml",
)  # fmt: skip
PLACES = ("root", ".github", "owner")
MAIN, SECOND = "https://github.com/city/app", "https://github.com/city/lib"


@dataclass(frozen=True)
class World:
    """All that is known of a project."""

    lines: tuple[Line, ...]
    project: Project
    repositories: tuple[Repository, ...]
    snapshots: tuple[tuple[int, Snapshot], ...] = ()
    fork_states: tuple[tuple[int, int, ForkState], ...] = ()
    sent_back: tuple[tuple[int, str], ...] | None = None
    invalid_dates: tuple[int, ...] = ()
    imports: tuple[tuple[str, int], ...] = ()
    people_since: int | None = None

    def build(self) -> Activity:
        made = activity(
            *self.lines,
            project=self.project,
            repositories=self.repositories,
            snapshots=self.snapshots,
            maintainers=["ana"],
        )
        back = self.sent_back
        return replace(
            made,
            fork_states=self.fork_states,
            sent_back=None if back is None else self._sent(made, back),
            invalid_dates=self.invalid_dates,
            imports=self.imports,
            people_since=self.people_since,
        )

    def _sent(
        self, made: Activity, back: tuple[tuple[int, str], ...]
    ) -> tuple[tuple[int, int], ...]:
        """With the person for the name; whoever left no trace here is a stranger."""
        known = {"ana": next(iter(made.project.maintainers))}
        jobs = [one for one in self.lines if isinstance(one, WorksFor)]
        commits = [one for one in self.lines if isinstance(one, CommitLine)]
        credited = [
            name
            for one in sorted(commits, key=lambda one: one.time)
            for name in dict.fromkeys((one.who, *one.co))
            if kind_of(name) is AccountKind.HUMAN
        ]
        known |= dict(zip(credited, made.credits.person.tolist(), strict=True))
        known |= {one.who: each.person for one, each in zip(jobs, made.affiliations, strict=True)}
        return tuple((when, known.get(who, len(made.persons))) for when, who in back)

    def until(self, as_of: int) -> World:
        """What of it had happened by then; facts without a date stay as they are."""
        hands = [_as_known(one, as_of) for one in self.lines if isinstance(one, WorksFor)]
        return replace(
            self,
            lines=(*until(self.lines, as_of), *(one for one in hands if one)),
            project=_declared_until(self.project, as_of),
            repositories=tuple(_repository_until(one, as_of) for one in self.repositories),
            snapshots=tuple(one for one in self.snapshots if one[1].at < as_of),
            # A day's comparison stands for its day: today's figures are of this morning.
            fork_states=tuple(one for one in self.fork_states if one[1] - one[1] % DAY <= as_of),
            sent_back=None
            if self.sent_back is None
            else tuple(one for one in self.sent_back if one[0] < as_of),
            invalid_dates=tuple(when for when in self.invalid_dates if when < as_of),
            imports=tuple(one for one in self.imports if one[1] < as_of),
        )

    def later(self, by: int) -> World:
        """All of it so much later."""
        return replace(
            self,
            lines=tuple(_moved(one, by) for one in self.lines),
            project=_declared_later(self.project, by),
            repositories=tuple(_repository_later(one, by) for one in self.repositories),
            snapshots=tuple((row, replace(one, at=one.at + by)) for row, one in self.snapshots),
            fork_states=tuple(
                (row, at + by, replace(one, synced=_plus(one.synced, by)))
                for row, at, one in self.fork_states
            ),
            sent_back=None
            if self.sent_back is None
            else tuple((when + by, who) for when, who in self.sent_back),
            invalid_dates=tuple(when + by for when in self.invalid_dates),
            imports=tuple((url, day + by) for url, day in self.imports),
            people_since=_plus(self.people_since, by),
        )


# ---------------------------------------------------------------- by a date


def _as_known(one: WorksFor, as_of: int) -> WorksFor | None:
    """Who has not begun by then is not known to; an end that comes later is none yet."""
    if one.span.since is not None and one.span.since >= as_of:
        return None
    return replace(one, span=_open(one.span, as_of))


def _open(span: Span, as_of: int) -> Span:
    late = span.until is not None and span.until >= as_of
    return replace(span, until=None) if late else span


def _declared_until(project: Project, as_of: int) -> Project:
    """Ends of contracts are agreed beforehand: they stay. Users come and are asked one by one."""
    there = [one for one in project.users if one.since is None or one.since < as_of]
    return replace(
        project,
        users=tuple(
            replace(one, confirmed=None) if (one.confirmed or 0) >= as_of else one for one in there
        ),
    )


def _repository_until(one: Repository, as_of: int) -> Repository:
    files = tuple(
        replace(each, until=None) if (each.until or 0) >= as_of else each
        for each in one.files
        if each.since < as_of
    )
    gone = one.archived_at is not None and one.archived_at > as_of
    return replace(one, files=files, archived_at=None if gone else one.archived_at)


# ---------------------------------------------------------------- later


def _plus(at: int | None, by: int) -> int | None:
    return None if at is None else at + by


def _span_later(span: Span, by: int) -> Span:
    return Span(_plus(span.since, by), _plus(span.until, by))


def _moved(line: Line, by: int) -> Line:
    if isinstance(line, WorksFor):
        return replace(line, span=_span_later(line.span, by))
    return shifted(line, by)


def _declared_later(project: Project, by: int) -> Project:
    def agreements(found: tuple[Agreement, ...]) -> tuple[Agreement, ...]:
        return tuple(replace(one, span=_span_later(one.span, by)) for one in found)

    users = tuple(
        replace(one, since=_plus(one.since, by), confirmed=_plus(one.confirmed, by))
        for one in project.users
    )
    return replace(
        project,
        contracts=agreements(project.contracts),
        funding=agreements(project.funding),
        users=users,
    )


def _repository_later(one: Repository, by: int) -> Repository:
    facts = replace(
        one.facts,
        created=_plus(one.facts.created, by),
        checks_failing_since=_plus(one.facts.checks_failing_since, by),
        checks_passed_at=_plus(one.facts.checks_passed_at, by),
    )
    files = tuple(
        replace(each, since=each.since + by, until=_plus(each.until, by)) for each in one.files
    )
    return replace(
        one,
        files=files,
        facts=facts,
        archived_at=_plus(one.archived_at, by),
        read_until=_plus(one.read_until, by),
        forge_read_until=_plus(one.forge_read_until, by),
    )


# ---------------------------------------------------------------- by chance

days = times.map(lambda at: at - at % DAY)
"""Midnights of four years."""
ahead = st.integers(-900, 900).map(lambda n: NOW - NOW % DAY + n * DAY)
spans = st.builds(Span, st.none() | days, st.none() | ahead)


@st.composite
def file_facts(draw: st.DrawFn) -> FileFact:
    key, since = draw(st.sampled_from([*FILES, *["LICENSE", "publiccode.yml"] * 3])), draw(times)
    gone = draw(st.none() | st.integers(1, 500 * DAY))
    spdx = draw(st.sampled_from([None, "EUPL-1.2", "MIT", "SSPL-1.0"]))
    problems = draw(st.sampled_from([(), ("no name",)]))
    said = {
        "license": draw(st.sampled_from(["EUPL-1.2", "MIT", None])),
        "maintenance_type": draw(st.sampled_from(["internal", "contract", "community", "none"])),
        "development_status": draw(st.sampled_from(["stable", "obsolete", "beta", None])),
        "release_date": draw(st.sampled_from([None, "2023-02-01", "2025-03-01"])),
    }
    return FileFact(
        key,
        f"{draw(st.sampled_from(PLACES))}/{key}",
        since,
        None if gone is None else since + gone,
        spdx if key == "LICENSE" else None,
        said if key == "publiccode.yml" else None,
        problems if key == "publiccode.yml" else (),
        draw(st.sampled_from([True, True, True, False])),
    )


def _checks(told: RepositoryFacts, read: int) -> RepositoryFacts:
    """What fails now passed before it failed, and neither is later than the reading."""
    seen = [
        at if at is None or at < read else at - 700 * DAY
        for at in (told.checks_failing_since, told.checks_passed_at)
    ]
    failing, passed = seen
    if failing is not None and passed is not None:
        failing, passed = max(failing, passed), min(failing, passed)
    return replace(told, checks_failing_since=failing, checks_passed_at=passed)


facts = st.builds(
    RepositoryFacts,
    created=st.none() | times,
    fork_of=st.sampled_from([None, "https://github.com/z/y"]),
    mirror_of=st.sampled_from([None, "https://gitlab.com/z/y"]),
    private=st.sampled_from([None, False, True]),
    has_issues=st.sampled_from([None, False, True]),
    checks_failing_since=st.none() | times,
    checks_passed_at=st.none() | times,
)


@st.composite
def repositories(draw: st.DrawFn, url: str, main: bool) -> Repository:
    forge_read = draw(st.sampled_from([2**40, NOW - 700 * DAY]))
    return Repository(
        url,
        main=main,
        name=url.rpartition("/")[2],
        read_until=draw(st.sampled_from([2**40, NOW - 700 * DAY])),
        forge_read_until=forge_read,
        complete=draw(st.sampled_from([True, True, False])),
        archived_at=draw(st.none() | times),
        upstream=draw(st.sampled_from([None, "https://github.com/z/y"])),
        state=draw(st.sampled_from([RepositoryState.OK, RepositoryState.MOVED])),
        files=tuple(draw(st.lists(file_facts(), max_size=6))),
        facts=_checks(draw(facts), forge_read),
        forge_totals=draw(
            st.just({}) | st.fixed_dictionaries({"issues": st.integers(0, 9)})
            | st.fixed_dictionaries(
                {"issues": st.integers(0, 9), "change_requests": st.integers(0, 9)}
            )
        ),
    )  # fmt: skip


agreements = st.lists(
    st.builds(Agreement, st.sampled_from(["firm", "city", "grant"]), spans), max_size=3
).map(tuple)
users = st.lists(
    st.builds(
        User, st.sampled_from(["Brno", "Praha"]), st.just("configuration"), st.none() | days,
        st.none(), st.none() | days,
    ),
    max_size=3,
).map(tuple)  # fmt: skip
projects = st.builds(
    Project,
    id=st.just("app"),
    owner=st.just("city"),
    delivery=st.sampled_from([None, None, "both", "service", "none"]),
    service=st.sampled_from([None, "https://app.example"]),
    contracts=agreements,
    funding=agreements,
    users=users,
    organisations=st.just(BODIES),
)
hands = st.lists(
    st.builds(
        WorksFor, st.sampled_from(["ana", "ben", "eva"]), st.sampled_from([*BODIES]), spans,
        st.sampled_from(["configuration", "mail"]),
    ),
    max_size=4,
)  # fmt: skip
sent_back = st.lists(
    st.tuples(times, st.sampled_from(["ana", "ben", "eva", "zoe"])), max_size=6
).map(tuple)
count = st.none() | st.integers(0, 50)
snapshots = st.lists(
    st.tuples(st.integers(0, 1), st.builds(Snapshot, times, count, count, count)),
    max_size=6,
    unique_by=lambda one: (one[0], one[1].at),
)
fork_states = st.lists(
    st.tuples(
        st.integers(0, 1),
        times,
        st.builds(ForkState, st.integers(0, 9), st.integers(0, 9), st.none() | times),
    ),
    max_size=4,
    unique_by=lambda one: one[:2],
)
tag_names = st.sampled_from(["1.0", "v1.0", "1.1", "2.0-rc1", "prod-1", "live-2", "helm/v1"])


@st.composite
def somewhere(draw: st.DrawFn) -> Line:
    """A commit, an item or a tag of one of the two repositories."""
    made = draw(st.one_of(commit_lines(), item_lines(), st.builds(tag, times, tag_names)))
    row = draw(st.integers(0, 1))
    if isinstance(made, TagLine):
        return TagLine(replace(made.fact, repository=row))
    assert isinstance(made, CommitLine | ItemLine)
    return replace(made, repository=row)


@st.composite
def worlds(draw: st.DrawFn, least: int = 0) -> World:
    lines = (*draw(st.lists(somewhere(), min_size=least, max_size=least + 15)), *draw(hands))
    found = (draw(repositories(MAIN, True)), draw(repositories(SECOND, False)))
    if any(isinstance(one, ItemLine) and one.kind is ItemKind.ISSUE for one in lines):
        # Whether issues are switched off is known as of now only: here they never were.
        found = tuple(replace(one, facts=replace(one.facts, has_issues=True)) for one in found)
    return World(
        lines=lines,
        project=draw(projects),
        repositories=found,
        snapshots=tuple(sorted(draw(snapshots), key=lambda one: one[1].at)),
        fork_states=tuple(sorted(draw(fork_states), key=lambda one: one[1])),
        sent_back=draw(st.none() | sent_back),
        invalid_dates=tuple(sorted(draw(st.lists(times, max_size=3)))),
        imports=tuple((MAIN, day) for day in draw(st.lists(days, max_size=2, unique=True))),
        people_since=draw(st.none() | st.none() | times),
    )
