"""What was measured last of rule packs and of who may go, as pages read it: one query each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from collector.model import Instant
from collector.store.packed import Packed, text_of
from collector.store.schema import pack_history, pack_results, projects, what_if


@dataclass(frozen=True, slots=True)
class PackLevel:
    """Which level of a pack a project reached last; None: none."""

    project_id: int
    project: str
    ospo: str
    pack: str
    level: str | None
    as_of: Instant


def pack_levels(engine: Engine) -> tuple[PackLevel, ...]:
    """The level of every pack in every project that is shown."""
    p, r = projects.c, pack_results.c
    question = (
        select(p.id, p.key, p.ospo, r.pack, r.level, r.as_of)
        .join(pack_results, r.project_id == p.id)
        .where(p.hidden.is_(False))
        .order_by(p.id, r.pack)
    )
    with engine.connect() as connection:
        return tuple(PackLevel(*row) for row in connection.execute(question))


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
