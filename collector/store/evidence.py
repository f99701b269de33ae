"""What measuring leaves out, asked of the database only when somebody wants to know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, and_, false, func, or_, select

from collector.model import DAY, EARLIEST, Instant
from collector.store.schema import commits, items, repositories


@dataclass(frozen=True, slots=True)
class CommitRow:
    """A commit as it is stored."""

    repository_id: int
    sha: bytes
    author_time: Instant
    arrival: Instant


@dataclass(frozen=True, eq=False, slots=True)
class Chosen:
    """Stored commits that have something in common."""

    engine: Engine
    condition: ColumnElement[bool]

    def total(self) -> int:
        """How many are there?"""
        question = select(func.count()).select_from(commits).where(self.condition)
        with self.engine.connect() as connection:
            return int(connection.execute(question).scalar_one())

    def newest(self, most: int | None) -> Iterable[CommitRow]:
        """The newest so many, or all."""
        c = commits.c
        question = (
            select(c.repository_id, c.sha, c.author_time, c.arrival)
            .where(self.condition)
            .order_by(c.arrival.desc(), c.sha)
            .limit(most)
        )
        with self.engine.connect() as connection:
            return [CommitRow(*row) for row in connection.execute(question)]


@dataclass(frozen=True, eq=False, slots=True)
class Stored:
    """The stored records of a project's repositories: ``counted`` ones, and ``others``."""

    engine: Engine
    counted: tuple[int, ...]
    others: tuple[int, ...]

    def merges(self, since: Instant, until: Instant) -> Chosen:
        """Merge commits of a window."""
        return self._chosen(self.counted, commits.c.parents > 1, _placed(since, until))

    def of_other_roles(self, since: Instant, until: Instant) -> Chosen:
        """Commits of a window in repositories whose role does not count."""
        return self._chosen(self.others, commits.c.parents <= 1, _placed(since, until))

    def repeated(self, since: Instant, until: Instant) -> Chosen:
        """Commits of a window that an earlier counted repository has too."""
        twin = commits.alias("twin")
        first = or_(
            twin.c.arrival < commits.c.arrival,
            and_(
                twin.c.arrival == commits.c.arrival,
                twin.c.repository_id < commits.c.repository_id,
            ),
        )
        same = and_(twin.c.repository_id.in_(self.counted), twin.c.sha == commits.c.sha, first)
        return self._chosen(
            self.counted,
            commits.c.parents <= 1,
            _placed(since, until),
            select(twin.c.sha).where(same).exists(),
        )

    def undated(self) -> Chosen:
        """Commits without any valid date."""
        return self._chosen(self.counted, commits.c.parents <= 1, or_(false(), *self._invalid()))

    def _invalid(self) -> list[ColumnElement[bool]]:
        c, r = commits.c, repositories.c
        with self.engine.connect() as connection:
            read = connection.execute(
                select(r.id, r.git_read_until).where(
                    r.id.in_(self.counted), r.git_read_until.is_not(None)
                )
            ).all()
        return [
            and_(
                c.repository_id == row.id,
                ~c.author_time.between(EARLIEST, row.git_read_until + DAY),
                ~c.arrival.between(EARLIEST, row.git_read_until + DAY),
            )
            for row in read
        ]

    def vanished_items(self, kinds: Sequence[int], since: Instant, until: Instant) -> int:
        """How many items opened in a window does the forge no longer show?"""
        c = items.c
        question = (
            select(func.count())
            .select_from(items)
            .where(
                c.repository_id.in_((*self.counted, *self.others)),
                c.kind.in_(tuple(map(int, kinds))),
                c.vanished_at.is_not(None),
                c.created >= since,
                c.created < until,
            )
        )
        with self.engine.connect() as connection:
            return int(connection.execute(question).scalar_one())

    def _chosen(self, ids: Sequence[int], *conditions: ColumnElement[bool]) -> Chosen:
        return Chosen(self.engine, and_(commits.c.repository_id.in_(ids), *conditions))


def _placed(since: Instant, until: Instant) -> ColumnElement[bool]:
    """Is the earlier of author date and arrival in the window?"""
    c = commits.c
    return and_(
        c.author_time >= since,
        c.arrival >= since,
        or_(c.author_time < until, c.arrival < until),
    )
