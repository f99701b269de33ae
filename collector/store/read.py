"""What is asked of the database outside measuring: targets, states, stored values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, and_, func, select

from collector.model import (
    DAY,
    AccountKind,
    EventKind,
    Instant,
    ItemKind,
    RepositoryState,
    StatusChange,
)
from collector.store.schema import (
    accounts,
    commits,
    items,
    projects,
    releases,
    repositories,
    responses,
    runs,
    status_changes,
    tags,
)

DUMP_GAP = 14 * DAY
RECORDED_RESPONSES = (EventKind.COMMENT, EventKind.REVIEW, EventKind.REVIEW_COMMENT)


@dataclass(frozen=True, slots=True)
class Target:
    """A repository that a pass reads, and how far it was read."""

    id: int
    key: str
    url: str
    host: str
    kind: str
    project: str
    upstream: str | None
    state: RepositoryState
    git_cursor: str | None
    forge_cursor: str | None
    forge_marker: str | None
    forge_read_until: Instant | None
    native_id: str | None
    canonical_url: str | None
    settled_drift: Mapping[str, int]
    git_error: str | None
    forge_error: str | None


def targets(engine: Engine, project_keys: Sequence[str] = ()) -> tuple[Target, ...]:
    """The repositories to read: all that are configured, or those of some projects."""
    question = (
        select(repositories, projects.c.key.label("project"))
        .join(projects, projects.c.id == repositories.c.project_id)
        .where(repositories.c.hidden.is_(False), projects.c.hidden.is_(False))
        .order_by(repositories.c.id)
    )
    if project_keys:
        question = question.where(projects.c.key.in_(project_keys))
    with engine.connect() as connection:
        return tuple(
            Target(
                id=row.id,
                key=row.key,
                url=row.url,
                host=row.host,
                kind=row.kind,
                project=row.project,
                upstream=_left_out(row.settings),
                state=RepositoryState(row.state),
                git_cursor=row.git_cursor,
                forge_cursor=row.forge_cursor,
                forge_marker=row.forge_marker,
                forge_read_until=row.forge_read_until,
                native_id=row.native_id,
                canonical_url=(row.facts or {}).get("canonical_url"),
                settled_drift=row.settled_drift or {},
                git_error=row.git_error,
                forge_error=row.forge_error,
            )
            for row in connection.execute(question)
        )


def item_counts(
    engine: Engine, repository_id: int, made_until: Instant | None = None
) -> dict[str, int]:
    """How many issues and change requests of a repository are stored as existing now?

    Those made after ``made_until`` are left out: a count taken then could not know them.
    """
    names = {ItemKind.ISSUE: "issues", ItemKind.CHANGE_REQUEST: "change_requests"}
    question = (
        select(items.c.kind, func.count())
        .where(items.c.repository_id == repository_id, items.c.vanished_at.is_(None))
        .group_by(items.c.kind)
    )
    if made_until is not None:
        question = question.where(items.c.created <= made_until)
    with engine.connect() as connection:
        found = {names[ItemKind(kind)]: n for kind, n in connection.execute(question)}
    return {name: found.get(name, 0) for name in names.values()}


def _left_out(settings: Mapping[str, Any]) -> str | None:
    """Whose commits are not this repository's own (C4)? A mirror's are all its origin's."""
    upstream: str | None = settings.get("upstream")
    return None if settings.get("role") == "mirror" else upstream


def dump_candidates(engine: Engine, repository_id: int) -> list[bytes]:
    """Human commits ≥ 14 days after the one before whose size is not known yet (dumped_share)."""
    import numpy as np

    from collector.store.columns import place, short, stored

    repository = repositories.c.id == repository_id
    robots = select(accounts.c.id).where(accounts.c.kind != AccountKind.HUMAN)
    with engine.connect() as connection:
        read = connection.execute(select(repositories.c.git_read_until).where(repository)).scalar()
        if read is None:
            return []
        placed = place(stored(connection, repository_id), read)
        bots = np.array(list(connection.execute(robots).scalars()), dtype=np.int64)
        human = np.flatnonzero(~np.isin(placed.rows.author, bots))
        order = human[np.lexsort((placed.rows.sha[human], placed.time[human]))]
        late = order[1:][np.diff(placed.time[order]) >= DUMP_GAP]
        wanted = set(placed.rows.sha[late[placed.rows.files[late] == -1]].tolist())
        if not wanted:
            return []
        shas = connection.execute(
            select(commits.c.sha).where(commits.c.repository_id == repository_id),
            execution_options={"yield_per": 20_000},
        )
        return sorted(sha for (sha,) in shas if short(sha) in wanted)


# ---------------------------------------------------------------- states


@dataclass(frozen=True, slots=True)
class RepositoryStatus:
    """One line of ``status``: where a repository stands and what is stored of it."""

    id: int
    url: str
    project: str
    host: str
    kind: str
    state: RepositoryState
    last_attempt: Instant | None
    last_success: Instant | None
    error: str | None
    error_since: Instant | None
    forge_read_until: Instant | None
    forge_error: str | None
    records: Mapping[str, int]
    totals: Mapping[str, int]
    cost: Mapping[str, float]
    notes: Mapping[str, Any]


def repositories_status(engine: Engine) -> tuple[RepositoryStatus, ...]:
    """Every configured repository, with what is stored as existing now."""
    with engine.connect() as connection:
        counts = {
            "commits": _counts(connection, commits),
            "issues": _counts(connection, items, items.c.kind == ItemKind.ISSUE),
            "change_requests": _counts(connection, items, items.c.kind == ItemKind.CHANGE_REQUEST),
            "responses": _counts(connection, responses, responses.c.kind.in_(RECORDED_RESPONSES)),
            "releases": _counts(connection, releases),
            "tags": _counts(connection, tags),
        }
        rows = connection.execute(
            select(repositories, projects.c.key.label("project"))
            .join(projects, projects.c.id == repositories.c.project_id)
            .where(repositories.c.hidden.is_(False))
            .order_by(projects.c.key, repositories.c.id)
        ).all()
    return tuple(
        RepositoryStatus(
            id=row.id,
            url=row.url,
            project=row.project,
            host=row.host,
            kind=row.kind,
            state=RepositoryState(row.state),
            last_attempt=row.last_attempt,
            last_success=row.last_success,
            error=row.error,
            error_since=row.error_since,
            forge_read_until=row.forge_read_until,
            forge_error=row.forge_error,
            records={name: found.get(row.id, 0) for name, found in counts.items()},
            totals=row.totals or {},
            cost=row.cost or {},
            notes=row.notes or {},
        )
        for row in rows
    )


def _counts(connection: Any, table: Any, *where: Any) -> dict[int, int]:
    conditions = list(where)
    if "vanished_at" in table.c:
        conditions.append(table.c.vanished_at.is_(None))
    question = select(table.c.repository_id, func.count()).group_by(table.c.repository_id)
    if conditions:
        question = question.where(and_(*conditions))
    return {row[0]: row[1] for row in connection.execute(question)}


# ---------------------------------------------------------------- passes


@dataclass(frozen=True, slots=True)
class RunRow:
    """One pass: when, and how it ended."""

    id: int
    kind: str
    started: Instant
    finished: Instant | None
    exit_code: int | None
    summary: Mapping[str, Any]


def newest_run(engine: Engine, *, finished: bool = False) -> RunRow | None:
    """The newest pass, or the newest that has finished."""
    question = select(runs).order_by(runs.c.id.desc()).limit(1)
    if finished:
        question = question.where(runs.c.finished.is_not(None))
    with engine.connect() as connection:
        row = connection.execute(question).first()
    if row is None:
        return None
    return RunRow(row.id, row.kind, row.started, row.finished, row.exit_code, row.summary or {})


# ---------------------------------------------------------------- projects


@dataclass(frozen=True, slots=True)
class ProjectState:
    """What decides whether a project must be measured again."""

    id: int
    key: str
    name: str
    digest: str | None
    measured_at: Instant | None
    records: str
    """Changes whenever any record of the project's repositories does."""
    collected_until: Instant | None
    last_change: StatusChange | None = None
    """The newest event of its status that is stored."""


def project_states(engine: Engine, project_keys: Sequence[str] = ()) -> tuple[ProjectState, ...]:
    """Every configured project with the revision of its records."""
    question = select(projects).where(projects.c.hidden.is_(False)).order_by(projects.c.id)
    if project_keys:
        question = question.where(projects.c.key.in_(project_keys))
    with engine.connect() as connection:
        rows = connection.execute(question).all()
        parts = connection.execute(
            select(
                repositories.c.project_id,
                repositories.c.id,
                repositories.c.revision,
                repositories.c.state,
                repositories.c.git_read_until,
            )
            .where(repositories.c.hidden.is_(False))
            .order_by(repositories.c.id)
        ).all()
        changes = {change.project_id: change for change in connection.execute(_LAST_CHANGES)}
    of_project: dict[int, list[Any]] = defaultdict(list)
    for part in parts:
        of_project[part.project_id].append(part)
    return tuple(_project_state(row, of_project[row.id], changes.get(row.id)) for row in rows)


_LAST_CHANGES = select(
    status_changes.c.project_id,
    status_changes.c.at,
    status_changes.c.before,
    status_changes.c.after,
).order_by(status_changes.c.project_id, status_changes.c.at)


def _project_state(row: Any, parts: Sequence[Any], change: Any) -> ProjectState:
    read = [part.git_read_until for part in parts]
    return ProjectState(
        id=row.id,
        key=row.key,
        name=row.name,
        digest=row.digest,
        measured_at=row.measured_at,
        records=";".join(f"{part.id}:{part.revision}:{part.state}" for part in parts),
        collected_until=None if None in read or not read else min(read),
        last_change=StatusChange(change.at, change.before, change.after) if change else None,
    )
