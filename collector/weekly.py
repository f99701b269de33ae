"""What an OSPO works through each week: the attention entries, from what was measured last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from collector.attention import Decision, Entry, Goal, Situation, attention, entry_json, shown
from collector.attention.ids import named
from collector.config import Config
from collector.config.project_settings import instant
from collector.cron import slots
from collector.judgement import Json, from_json
from collector.model import DAY, Instant
from collector.store import read_dashboard
from collector.store.read_shelf import shelves
from collector.store.situations import LastMeasured, last_measured
from collector.store.write import put_meta

if TYPE_CHECKING:
    from collector.config.values import ProjectConfig

META = "attention"
"""Where the entries stand in the database, for the pages: a JSON list, the few to show first in
front, then the others, gravest first."""


def store_entries(engine: Engine, config: Config, now: Instant) -> None:
    """Keep the entries of this moment, so that pages need not work them out."""
    found = entries(engine, tuple(situations(engine, config)), config, now)
    first = [entry for group in shown(found)[0] for entry in group.entries[:1]]
    ordered = [*first, *(entry for entry in found if entry not in first)]
    documents = dated(map(entry_json, ordered), read_dashboard.attention(engine) or (), now)
    put_meta(engine, **{META: json.dumps([*documents], ensure_ascii=False)})


def dated(
    entries: Iterable[Mapping[str, Json]], before: Iterable[Mapping[str, Json]], now: Instant
) -> Iterator[dict[str, Json]]:
    """Each entry with when a pass first found it; null where nobody wrote that down then."""
    known = {name: entry.get("found") for name, entry in named(before)}
    for name, entry in named(entries):
        yield {**entry, "found": known.get(name, now)}


def entries(
    engine: Engine, known: tuple[Situation, ...], config: Config, now: Instant
) -> tuple[Entry, ...]:
    """Everything that deserves attention, gravest first."""
    shelf = {ospo: one.not_sorted for ospo, one in shelves(engine).items()}
    return tuple(attention(known, now - now % DAY, _days_between_passes(config, now), shelf))


def situations(engine: Engine, config: Config) -> Iterator[Situation]:
    """Each project as it was judged last, with the goals and decisions of its file now."""
    declared = {project.id: project for project in config.projects}
    wanted = {goal.metric for project in config.projects for goal in project.declared.goals}
    for one in last_measured(engine, wanted):
        # What is somebody else's, or only looked at, is shown apart and in no total.
        if one.project.id in declared and one.project.relation == "hosted":
            yield _situation(one, declared[one.project.id])


def _situation(one: LastMeasured, project: ProjectConfig) -> Situation:
    return Situation(
        one.project,
        one.repositories,
        from_json(one.judgement),
        one.values,
        one.changes,
        one.answers,
        one.series,
        one.stale,
        goals(project),
        decisions(project),
        one.as_of,
    )


def goals(project: ProjectConfig) -> tuple[Goal, ...]:
    """The goals of a project's file."""
    return tuple(
        Goal(each.metric, each.target, instant(each.by) or 0, each.agreed_with, instant(each.from_))
        for each in project.declared.goals
    )


def decisions(project: ProjectConfig) -> tuple[Decision, ...]:
    """The decisions of a project's file."""
    return tuple(
        Decision(
            each.about, instant(each.date) or 0, each.decision, instant(each.review_on), each.text
        )
        for each in project.declared.decisions
    )


def _days_between_passes(config: Config, now: Instant) -> float:
    """How often is data collected? A day where the schedule does not say."""
    timetable = slots(config.schedule.collect, config.timezone)
    following = timetable.after(now)
    before = None if following is None else timetable.before(following - 1)
    return 1.0 if following is None or before is None else (following - before) / DAY
