"""What does configuration say of a project, and of its OSPO? Read from the stored settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.metric import Part
from collector.model import DAY, N_, Instant
from collector.store.read_charts import OspoRow
from collector.store.read_dashboard import Json, ProjectRow

RELATIONS = ("hosted", "upstream", "candidate")
RELATION_WORDS = {
    "upstream": N_("somebody else's, which we use"),
    "candidate": N_("under assessment, not ours yet"),
}

PROJECT_WORDS = (
    N_("software"), N_("standard"), N_("documentation"), N_("data"),
    N_("concept"), N_("development"), N_("beta"), N_("production"), N_("maintenance"),
    N_("sunset"), N_("retired"),
)  # fmt: skip
"""What a project makes, and where it stands in its life, as the portfolio file has it."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A contract or a source of money, with its dates."""

    party: str
    kind: str
    since: Instant | None
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What was agreed to reach, by when, and with whom."""

    metric: str
    target: float
    by: Instant
    agreed_with: str
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, about what, and when it is looked at again."""

    at: Instant
    about: str
    decision: str
    review_on: Instant | None
    text: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What some projects tell, counted: who publishes them, how many are a service or name a
    licence, of how many it is not known who works on them, who uses any of them."""

    publishers: int
    services: int
    licensed: int
    unknown: int
    users: frozenset[str]


def totals(rows: Iterable[ProjectRow]) -> Totals:
    """Count what some projects tell."""
    publishers: set[str] = set()
    users: set[str] = set()
    services = licensed = unknown = 0
    for row in rows:
        told = project(row)
        publishers.add(str(told.get("owner") or row.ospo))
        services += bool(told.get("service"))
        licensed += bool(row.summary.get("license"))
        unknown += row.summary.get("contributors") is None
        users |= {str(user.get("name")) for user in _objects(told.get("users"))}
    return Totals(len(publishers), services, licensed, unknown, frozenset(users))


def project(row: ProjectRow) -> Json:
    """Give the project as configuration declares it."""
    told = row.settings.get("project")
    return told if isinstance(told, dict) else {}


def relation(row: ProjectRow) -> str:
    """Say whether it is ours (hosted), somebody else's that we use, or under assessment."""
    return row.relation if row.relation in RELATIONS else "hosted"


def agreements(row: ProjectRow, key: str) -> tuple[Agreed, ...]:
    """List the contracts or the funding, the latest end first."""
    found = [
        Agreed(
            str(one.get("party") or ""),
            str(one.get("kind") or ""),
            _instant(_object(one.get("span")).get("since")),
            _instant(_object(one.get("span")).get("until")),
        )
        for one in _objects(project(row).get(key))
    ]
    return tuple(sorted(found, key=lambda one: -(one.until or 2**62)))


def goals(row: ProjectRow) -> tuple[Goal, ...]:
    """List the goals, the next one due first."""
    found = [
        Goal(
            str(one.get("metric")),
            float(target),
            by,
            str(one.get("agreed_with") or ""),
            day(one.get("from")),
        )
        for one in _objects(row.settings.get("goals"))
        if isinstance(target := one.get("target"), int | float)
        and (by := day(one.get("by"))) is not None
    ]
    return tuple(sorted(found, key=lambda goal: goal.by))


def decisions(row: ProjectRow) -> tuple[Decision, ...]:
    """List the decisions, the newest first."""
    found = [
        Decision(
            at,
            str(one.get("about") or ""),
            str(one.get("decision") or ""),
            day(one.get("review_on")),
            str(one.get("text") or ""),
        )
        for one in _objects(row.settings.get("decisions"))
        if (at := day(one.get("date"))) is not None
    ]
    return tuple(sorted(found, key=lambda decision: -decision.at))


def names(rows: Sequence[OspoRow]) -> Mapping[str, str]:
    """Give the name of each OSPO by its id."""
    return {row.key: row.name for row in rows}


def contact(rows: Sequence[OspoRow], key: str) -> str:
    """Give the address by which an OSPO can be reached, empty if none is configured."""
    return next((str(row.settings.get("contact") or "") for row in rows if row.key == key), "")


def day(text: Part) -> Instant | None:
    """Read a date of configuration; None: it is none."""
    try:
        at = datetime.strptime(str(text)[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp())


def days_left(until: Instant | None, today: Instant) -> float | None:
    """Count the days until an end; negative: it is over; None: no end is known."""
    return None if until is None else (until - today) / DAY


def _instant(given: Part) -> Instant | None:
    return int(given) if isinstance(given, int | float) else None


def _object(given: Part) -> dict[str, Part]:
    return given if isinstance(given, dict) else {}


def _objects(given: Part) -> Iterator[dict[str, Part]]:
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            yield one
