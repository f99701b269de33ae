"""Who runs a period? The first that says so here: two schedulers by mistake run each one once.

What is due is read from the database too, so an outage is followed by one catch-up and not by
as many as there were periods in it (SCALE.md, schedule).
"""

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError

from collector.model import Instant
from collector.store.schema import meta, runs

CAME_TO_ITS_END = (0, 1, 4)
"""Exit statuses of a pass that went through all repositories, as far as hosts let it; one that
was told to stop says so in its summary."""


def _key(name: str) -> str:
    return f"schedule.{name}"


def claimed(engine: Engine, name: str) -> Instant | None:
    """Which period of a task was claimed last?"""
    with engine.connect() as connection:
        value = connection.scalar(select(meta.c.value).where(meta.c.key == _key(name)))
    return None if value is None else int(value)


def claim(engine: Engine, name: str, period: Instant) -> bool:
    """Is this period ours to run? False: it, or a later one, was claimed before."""
    newest = claimed(engine, name)
    if newest is not None:
        return newest < period and _swap(engine, name, newest, period)
    try:
        with engine.begin() as connection:
            connection.execute(meta.insert().values(key=_key(name), value=str(period)))
    except IntegrityError:  # another scheduler's first claim came between
        return False
    return True


def release(engine: Engine, name: str, period: Instant) -> bool:
    """Give an unfinished period back, so that the next start runs it to its end."""
    return _swap(engine, name, period, period - 1)


def _swap(engine: Engine, name: str, old: Instant, new: Instant) -> bool:
    ours = (meta.c.key == _key(name)) & (meta.c.value == str(old))
    with engine.begin() as connection:
        return connection.execute(update(meta).where(ours).values(value=str(new))).rowcount == 1


def last_served(engine: Engine, kind: str) -> Instant | None:
    """When did the newest pass start that came to its end, whoever started it?"""
    ended = runs.c.finished.is_not(None) & runs.c.exit_code.in_(CAME_TO_ITS_END)
    newest = select(runs.c.started, runs.c.summary).where((runs.c.kind == kind) & ended)
    with engine.connect() as connection:
        for row in connection.execute(newest.order_by(runs.c.started.desc()).limit(100)):
            if not (row.summary or {}).get("stopped"):
                return int(row.started)
    return None


def interrupted(engine: Engine, kind: str) -> bool:
    """Was the newest pass of a kind never finished? It was killed, or it still runs."""
    newest = select(runs.c.finished).where(runs.c.kind == kind).order_by(runs.c.id.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(newest).first()
    return row is not None and row.finished is None
