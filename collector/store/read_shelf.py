"""What status and pages show of the shelf: how many repositories are not sorted, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from collector.store.schema_shelf import found_in, sources


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many found repositories stand where, for one OSPO or for all."""

    not_sorted: int = 0
    set_aside: int = 0
    gone: int = 0
    projects: int = 0
    claimed: int = 0
    broken: int = 0
    """Entries of catalogues that could not be used."""


def shelf(engine: Engine, ospo: str | None = None) -> Shelf:
    """How full is the shelf? A repository that several sources list counts once."""
    return _counted(_places(engine, ospo), _broken(engine, ospo))


def shelves(engine: Engine) -> Mapping[str, Shelf]:
    """The same of each OSPO that looks for repositories."""
    with engine.connect() as connection:
        question = select(sources.c.ospo).where(sources.c.hidden.is_(False)).distinct()
        names = sorted(connection.execute(question).scalars())
    return {name: shelf(engine, name) for name in names}


PLACES = ("claimed", "project", "ignored", "fork", "mirror", "copy", "empty", "new", "gone")
"""Of several places one counts: what one source has sorted is sorted."""


def _places(engine: Engine, ospo: str | None) -> dict[str, int]:
    rank = {name: number for number, name in enumerate(PLACES)}
    question = (
        select(found_in.c.found_id, found_in.c.state)
        .join(sources, sources.c.key == found_in.c.source)
        .where(sources.c.hidden.is_(False))
        .distinct()
    )
    if ospo is not None:
        question = question.where(sources.c.ospo == ospo)
    where: dict[int, str] = {}
    with engine.connect() as connection:
        for number, state in connection.execute(question):
            if number not in where or rank[state] < rank[where[number]]:
                where[number] = state
    counts = dict.fromkeys(PLACES, 0)
    for state in where.values():
        counts[state] += 1
    return counts


def _broken(engine: Engine, ospo: str | None) -> int:
    question = select(func.coalesce(func.sum(sources.c.broken), 0)).where(
        sources.c.hidden.is_(False)
    )
    if ospo is not None:
        question = question.where(sources.c.ospo == ospo)
    with engine.connect() as connection:
        return int(connection.execute(question).scalar_one())


def _counted(places: Mapping[str, int], broken: int) -> Shelf:
    return Shelf(
        not_sorted=places["new"],
        set_aside=sum(places[name] for name in ("ignored", "fork", "mirror", "copy", "empty")),
        gone=places["gone"],
        projects=places["project"],
        claimed=places["claimed"],
        broken=broken,
    )
