"""``explain``: how a figure came about, down to the records that count and those left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from collector import portfolio
from collector.commands.common import as_of, configuration, day, known, known_projects, moment
from collector.commands.metrics import Line, beside, figure
from collector.commands.paper import paper, said_of, say
from collector.config import Config
from collector.config.project_settings import thresholds
from collector.errors import UserError
from collector.evidence import Group, Source
from collector.explanation import Explanation, explained, open_source
from collector.metric import Metric, State, Value
from collector.metrics import BY_KEY
from collector.model import Instant
from collector.notes import sentences
from collector.run import pseudonyms
from collector.store import hosts, migrate
from collector.store.engine import connect

if TYPE_CHECKING:
    from rich.console import Console

    from collector.judgement.checks import Check

MOST = 20
"""Records listed of each group, unless all are asked for."""
REACHED = {True: "reached", False: "not reached", None: "cannot be said"}


def explain(project: str, key: str, date: str | None, *, everything: bool) -> int:
    """Print the definition of a metric, its value at a date, and the records behind it."""
    config = configuration()
    known_projects(config, [project])
    known(list(BY_KEY), [key], "metric")
    source = source_of(config, project, key, as_of(date))
    declared = next(each for each in config.projects if each.id == project)
    found = explained(source, thresholds(config, declared))
    console = paper()
    _definition(console, found)
    _value(console, found)
    _judged(console, found)
    for each in found.groups:
        _group(console, each, None if everything else MOST)
    if "forge" in found.metric.needs:
        engine = connect(config.database_url, read_only=True)
        _notes(console, hosts.notes_of(engine, source.loaded.repository_ids))
    if found.merges:
        say(console)
        say(
            console,
            f"Accounts taken for one person: {found.merges} merges. "
            f"See which, why, and how to undo them: ospo-vitals identities {project}",
        )
    return 0


def _notes(console: Console, notes: Mapping[str, Mapping[str, Any]]) -> None:
    """What is odd in the records of the forge that the figure rests on."""
    lines = [
        f"{url}: {what}. {done}" for url, one in notes.items() for what, done in sentences(one)
    ]
    if lines:
        say(console)
        say(console, "Odd in what the forge gave:")
    for line in lines:
        say(console, line, 2)


def source_of(config: Config, project: str, key: str, at: Instant) -> Source:
    """A project's records and the value that they make."""
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    named = config.privacy.identities == "named"
    try:
        return open_source(engine, who, project, key, at, named=named)
    except KeyError:
        raise UserError(
            f"The project {project} is configured, and nothing of it was collected yet. "
            f"Run: ospo-vitals collect --project {project}"
        ) from None


# ---------------------------------------------------------------- the figure


def _definition(console: Console, found: Explanation) -> None:
    metric = found.metric
    say(console, f"{metric.key} of {found.project} as of {day(found.as_of)}")
    say(console, f"{metric.title}. {metric.question}")
    _fact(console, "Definition", metric.formula)
    if found.window is not None:
        since, until = map(day, found.window)
        window = f"{metric.window} days: from {since} until before {until}, 00:00 UTC"
        _fact(console, "Window", window)
    _fact(console, "Unit", metric.unit)
    _fact(console, "Reference", f"{metric.reference}, definition version {metric.version}")
    if metric.limits:
        _fact(console, "Limits", metric.limits)


def _fact(console: Console, name: str, said: object) -> None:
    say(console, f"{name}: {said}", 2)


def _value(console: Console, found: Explanation) -> None:
    value = found.value
    line = Line(found.project, found.metric, found.as_of, value, None)
    say(console)
    if value.state is State.OK:
        say(console, f"Value: {f'{figure(line)} {beside(line)}'.strip()}")
    else:
        say(console, f"Value: {value.state.value}: {value.reason}")
    for name, said in _beside_the_value(found.metric, value):
        _fact(console, name, said)
    _fact(console, "Collected until", moment(found.collected_until) or "never")


def _beside_the_value(metric: Metric, value: Value) -> list[tuple[str, str]]:
    found = []
    if value.value is not None and value.value != round(value.value, 2):
        found.append(("Not rounded", repr(value.value)))
    if value.n is not None:
        found.append(("n", str(value.n)))
    if value.p90 is not None:
        found.append(("Nine in ten within", f"{value.p90:g} {metric.unit}"))
    if value.coverage is not None:
        found.append(("Coverage", f"{value.coverage:.0%} of the repositories read"))
    for name, part in value.parts.items():
        found.append((name.replace("_", " "), said_of(part)))
    return found


# ---------------------------------------------------------------- the judgement


def _judged(console: Console, found: Explanation) -> None:
    """The threshold in force, where it comes from, and what it comes to."""
    for check in found.checks:
        _check(console, check)
    if found.wanted is not None:
        limit = "at least" if found.wanted.higher else "at most"
        said = f"{limit} {found.wanted.value:g}{_unit(found.metric.unit)}"
        reached = REACHED[found.wanted.reached(found.value)]
        _fact(console, "Good practice", f"{said} ({_origin(found.wanted.source)}): {reached}")
        if not found.checks:
            say(console, "It is no part of the status or the five questions.", 4)
    if not found.judged:
        _fact(console, "Judged", "by no check")


def _unit(unit: str) -> str:
    """The unit behind a number; what is counted says so by its title."""
    return "" if unit == "count" else f" {unit}"


def _origin(source: str) -> str:
    return "our default" if source == "default" else f"set in {source}"


def _check(console: Console, check: Check) -> None:
    origin = _origin(check.threshold_source)
    if check.met is not None and check.not_met is not None:
        limits = f"met at {check.met:g}, not met at {check.not_met:g}{_unit(check.unit)} ({origin})"
        _fact(console, f"Check “{check.title}”", limits)
    _fact(console, "Comes to", f"{check.result.value}. {check.why}")
    if check.change is not None:
        _fact(console, "What would change it", check.change)


# ---------------------------------------------------------------- the records


def _group(console: Console, each: Group, most: int | None) -> None:
    say(console)
    sign = "Counts" if each.counts else "Not counted"
    say(console, f"{sign}: {each.title} ({each.total})")
    shown = 0
    for record in each.records(most):
        shown += 1
        when = f"{day(record.at)}  " if record.at is not None else ""
        say(console, f"{when}{record.what}  {record.said}".rstrip(), 2)
    if shown and shown < each.total and most is not None:
        say(console, f"and {each.total - shown} more: --all lists them", 2)
