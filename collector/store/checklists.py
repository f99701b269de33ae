"""What was measured last of rule packs and of who may go, as pages read it: one query each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from collector.model import Instant
from collector.store.packed import Packed, text_of
from collector.store.private import PRIVATE
from collector.store.schema import pack_history, pack_results, projects, what_if


@dataclass(frozen=True, slots=True)
class PackCount:
    """How many projects reached a level of a pack last (None: none of its levels).

    ``sample``: one of these projects.
    """

    pack: str
    level: str | None
    projects: int
    sample: int


def pack_counts(engine: Engine, ospo: str, private: bool) -> tuple[PackCount, ...]:
    """Count an OSPO's own projects by the level of each pack, as far as they are shown.

    ``private`` false: without projects that have a private repository.
    """
    p, r = projects.c, pack_results.c
    relation = func.coalesce(p.settings["project"]["relation"].as_string(), "hosted")
    question = (
        select(r.pack, r.level, func.count(), func.min(p.id))
        .join(pack_results, r.project_id == p.id)
        .where(p.ospo == ospo, p.hidden.is_(False), relation.not_in(("upstream", "candidate")))
        .group_by(r.pack, r.level)
        .order_by(r.pack, r.level)
    )
    if not private:
        question = question.where(p.id.not_in(PRIVATE))
    with engine.connect() as connection:
        return tuple(PackCount(*row) for row in connection.execute(question))


def pack_results_of(engine: Engine, project_id: int) -> tuple[Mapping[str, Any], ...]:
    """Each pack of a project with all its inputs, as ``rulepack.to_json`` wrote it."""
    r = pack_results.c
    question = select(r.result).where(r.project_id == project_id).order_by(r.pack)
    with engine.connect() as connection:
        return tuple(connection.execute(question).scalars())


def pack_history_of(engine: Engine, project_id: int) -> tuple[tuple[str, Instant, str | None], ...]:
    """(pack, date, level) at the start of each month, oldest first."""
    h = pack_history.c
    question = (
        select(h.pack, h.as_of, h.level).where(h.project_id == project_id).order_by(h.pack, h.as_of)
    )
    with engine.connect() as connection:
        return tuple((row.pack, row.as_of, row.level) for row in connection.execute(question))


def what_if_choices(engine: Engine) -> tuple[tuple[str, int], ...]:
    """Who or what may go (``kind:id``), and how many projects that would touch, most first."""
    w, count = what_if.c, func.count().label("touched")
    question = (
        select(w.without, count)
        .join(projects, projects.c.id == w.project_id)
        .where(projects.c.hidden.is_(False))
        .group_by(w.without)
        .order_by(count.desc(), w.without)
    )
    with engine.connect() as connection:
        return tuple((row.without, row.touched) for row in connection.execute(question))


def touched_by(engine: Engine, without: str) -> frozenset[int]:
    """The projects (by number) that it would touch if who or what is named went."""
    question = select(what_if.c.project_id).where(what_if.c.without == without)
    with engine.connect() as connection:
        return frozenset(connection.execute(question).scalars())


def what_if_of(engine: Engine, without: str) -> tuple[Mapping[str, Any], ...]:
    """What would become of each project that is touched, as ``whatif.to_json`` wrote it."""
    question = (
        select(text_of(what_if.c.outcome))
        .join(projects, projects.c.id == what_if.c.project_id)
        .where(projects.c.hidden.is_(False), what_if.c.without == without)
        .order_by(projects.c.key)
    )
    with engine.connect() as connection:
        return tuple(map(Packed, connection.execute(question).scalars()))
