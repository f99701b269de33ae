"""What if a supplier, a person or a source of money goes? The project as it would be judged then.

Pure: the records of a year are read as if the people who go had not been there, while all that
others did stays; what those people did before counts as work of people who are gone. Their
contracts, or the funding, end on the day asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from collector.judgement import Judgement, judge
from collector.judgement.checks import Check, Result
from collector.judgement.status import Status
from collector.metric import HALF_YEAR, YEAR, State, Value
from collector.metrics import BY_KEY
from collector.metrics.agreements import contracts
from collector.metrics.care import days_without_care
from collector.metrics.items_view import view
from collector.metrics.samples import ratio
from collector.metrics.windows import active_persons, before, credited
from collector.model import Activity, Agreement, Instant, ItemKind, Phrase, Project, Threshold
from collector.whatif.records import by, cut, without_people

KINDS = ("supplier", "person", "funding")
WORK_YEARS = 3 * 365
ORDER = (Result.NOT_MET, Result.AT_RISK, Result.MET)


@dataclass(frozen=True, slots=True, order=True)
class Without:
    """Who or what goes: ``supplier``, ``person`` or ``funding``, and which."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Flip:
    """A check that would come to something else, and why."""

    key: str
    title: str
    question: str
    before: Result
    after: Result
    why: Phrase

    @property
    def worse(self) -> bool:
        """Would it be worse than now?"""
        known = self.before in ORDER and self.after in ORDER
        return known and ORDER.index(self.after) < ORDER.index(self.before)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of one project.

    ``regular``, ``committers``: people now, and then. ``nobody``: nobody of those who work on it
    regularly would be left. ``undelivered``: commits that wait to be delivered (None: nothing is
    delivered here), ``theirs`` of them by those who go; ``open_proposals``: theirs too.
    ``ending``: contracts and funding that end.
    """

    project: str
    without: Without
    as_of: Instant
    ends: Instant
    criticality: int
    regular: tuple[int | None, int | None]
    committers: tuple[int | None, int | None]
    nobody: bool
    status: tuple[str, str]
    risk: tuple[str, str]
    flips: tuple[Flip, ...]
    undelivered: int | None
    theirs: int
    open_proposals: int
    ending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Now:
    """A project as it is judged: what every scenario is compared with."""

    activity: Activity
    as_of: Instant
    thresholds: tuple[Threshold, ...]
    values: Mapping[str, Value]
    judgement: Judgement


def now(
    activity: Activity,
    as_of: Instant,
    thresholds: Iterable[Threshold] = (),
    values: Mapping[str, Value] | None = None,
    judgement: Judgement | None = None,
) -> Now:
    """How is the project judged as it is?"""
    given = tuple(thresholds)
    found = judgement or judge(activity, as_of, given, values)
    return Now(activity, as_of, given, values or {}, found)


# ---------------------------------------------------------------- who goes


def scenarios(activity: Activity, as_of: Instant) -> tuple[Without, ...]:
    """Whose going would touch this project?"""
    active = active_persons(activity, as_of)
    found = {
        Without("supplier", each.organisation)
        for each in activity.affiliations
        if each.span.holds(as_of) and active[each.person]
    }
    found |= {Without("supplier", one.party) for one in _running(contracts(activity, as_of), as_of)}
    found |= {Without("funding", one.party) for one in _running(activity.project.funding, as_of)}
    found |= {Without("person", name) for name, who in activity.names.items() if active[who]}
    return tuple(sorted(found))


def _running(agreements: Iterable[Agreement], as_of: Instant) -> Iterator[Agreement]:
    for one in agreements:
        if one.span.until is None or one.span.until > as_of:
            yield one


def people(activity: Activity, without: Without, as_of: Instant) -> frozenset[int]:
    """Who of this project would go?"""
    if without.kind == "person":
        who = activity.names.get(without.id)
        return frozenset() if who is None else frozenset((who,))
    if without.kind == "funding":
        return frozenset()
    return frozenset(
        each.person
        for each in activity.affiliations
        if each.organisation == without.id and each.span.holds(as_of)
    )


# ---------------------------------------------------------------- what would be


def outcome(
    project: Now,
    without: Without,
    ends: Instant | None = None,
    persons: frozenset[int] | None = None,
) -> Outcome | None:
    """What would become of this project? None: it would not be touched.

    ``ends``: the day on which they go, or on which the money ends; default: the date judged.
    ``persons``: who goes, where that is known already.
    """
    activity, as_of = project.activity, project.as_of
    end = as_of if ends is None else ends
    gone = people(activity, without, as_of) if persons is None else persons
    active = active_persons(activity, as_of)
    gone = frozenset(who for who in gone if active[who])
    ended, ending = _ended(activity, without, as_of, end)
    if not gone and not ending:
        return None
    left = replace(without_people(ended, gone, as_of), project=_project(ended, gone))
    # What they finished still waits when they are gone.
    waits = {"undelivered_commits": _value(project, "undelivered_commits")}
    known = waits | _left_share(activity, left, gone, as_of)
    then = judge(left, as_of, project.thresholds, known)
    regular = _both(project, left, "regular_committers")
    committers = _both(project, left, "committers")
    return Outcome(
        activity.project.id, without, as_of, end, project.judgement.criticality,
        regular, committers,
        bool(gone) and _nobody(regular, committers),
        (project.judgement.status.value, _status(project, then)),
        (project.judgement.risk, then.risk),
        tuple(_flips(project.judgement, then)),
        _number(project, "undelivered_commits"),
        _waiting(project, gone),
        _proposals(activity, gone, as_of),
        ending,
    )  # fmt: skip


def _project(activity: Activity, gone: frozenset[int]) -> Project:
    return replace(activity.project, maintainers=activity.project.maintainers - gone)


def _nobody(
    regular: tuple[int | None, int | None], committers: tuple[int | None, int | None]
) -> bool:
    """Would nobody be left of those who do the work, though there is somebody now?"""
    return any(bool(now_) and then == 0 for now_, then in (regular, committers))


def _status(project: Now, then: Judgement) -> str:
    """The status then. Where nothing at all remains, nobody looks after what is there."""
    known = project.judgement.status is not Status.UNKNOWN
    if known and then.status is Status.UNKNOWN:
        used = project.activity.project.service or project.activity.project.users
        return (Status.ABANDONED if used else Status.AT_REST).value
    return then.status.value


def _both(project: Now, left: Activity, key: str) -> tuple[int | None, int | None]:
    value = BY_KEY[key].compute(left, project.as_of)
    after = None if value.value is None else int(value.value)
    return _number(project, key), after


def _number(project: Now, key: str) -> int | None:
    value = _value(project, key)
    return None if value.value is None else int(value.value)


def _value(project: Now, key: str) -> Value:
    return project.values.get(key) or BY_KEY[key].compute(project.activity, project.as_of)


def _flips(now_: Judgement, then: Judgement) -> Iterator[Flip]:
    after: dict[str, Check] = {one.key: one for one in then.checks}
    for question in now_.questions:
        for one in question.checks:
            other = after[one.key]
            if other.result is not one.result:
                yield Flip(one.key, one.title, question.key, one.result, other.result, other.why)


# ---------------------------------------------------------------- what is left behind


def _ended(
    activity: Activity, without: Without, as_of: Instant, end: Instant
) -> tuple[Activity, tuple[str, ...]]:
    """The project with their agreements cut, and what these are."""
    project = activity.project
    if without.kind == "supplier":
        named = contracts(activity, as_of)
        kept, cut_short = cut(named, without.id, end)
        changed = replace(project, contracts=kept) if cut_short else project
    elif without.kind == "funding":
        kept, cut_short = cut(project.funding, without.id, end)
        changed = replace(project, funding=kept)
    else:
        return activity, ()
    return replace(activity, project=changed), cut_short


def _left_share(
    activity: Activity, left: Activity, gone: frozenset[int], as_of: Instant
) -> dict[str, Value]:
    """``work_left_share``, their work counted as that of people who are gone."""
    idle = days_without_care(left, as_of)
    if not gone or idle is None or idle > YEAR:
        return {}
    persons = credited(activity, as_of, before(as_of, WORK_YEARS))
    away = ~active_persons(activity, as_of, HALF_YEAR)
    away[sorted(gone)] = True
    lost = int(np.count_nonzero(away[persons]))
    empty = "nobody was credited with a commit in the last three years"
    value = ratio(lost, len(persons), empty, {"left": lost, "credits": len(persons)})
    return {"work_left_share": value}


def _waiting(project: Now, gone: frozenset[int]) -> int:
    """How many commits by them wait to be delivered?"""
    value = _value(project, "days_since_last_delivery")
    last = value.parts.get("last")
    if value.state is not State.OK or not isinstance(last, int) or not gone:
        return 0
    commits = project.activity.commits
    theirs = np.isin(commits.author, sorted(gone)) & commits.human
    waits = (commits.arrival > last) & (commits.arrival < project.as_of)
    return int(np.count_nonzero(theirs & waits))


def _proposals(activity: Activity, gone: frozenset[int], as_of: Instant) -> int:
    """How many open change requests are theirs?"""
    if not gone or not len(activity.items.created):
        return 0
    seen = view(activity, as_of)
    theirs = by(np.array(sorted(gone)), activity.items.author, activity.items.author_kind)
    return int(np.count_nonzero(seen.open & seen.of(ItemKind.CHANGE_REQUEST) & theirs))
