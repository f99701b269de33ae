"""All stored records of one project, as metrics read them: the one way from rows to numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, select, union

from collector.accounts import AccountRow, Pseudonyms
from collector.config.project_settings import project_from
from collector.identity import Alias, Organisation, Resolution, affiliations, resolve
from collector.model import (
    EARLIEST,
    NO_TIME,
    AccountKind,
    Activity,
    Affiliation,
    Events,
    FileFact,
    Items,
    Phrase,
    Project,
    Repository,
    RepositoryFacts,
    RepositoryState,
    Snapshot,
    TagFact,
)
from collector.store.columns import (
    History,
    People,
    Placed,
    co_authors,
    join,
    place,
    stored,
)
from collector.store.forget import people_since
from collector.store.fork_states import read_fork_states, sent_back
from collector.store.item_columns import event_columns, item_columns, read_items
from collector.store.owners import read_owner_files
from collector.store.schema import (
    account_links,
    accounts,
    commit_credits,
    commits,
    files,
    items,
    projects,
    releases,
    repositories,
    responses,
    snapshots,
    tags,
)


@dataclass(frozen=True, slots=True)
class Who:
    """What configuration knows of people, hashed: it joins accounts to persons and bodies."""

    pseudonyms: Pseudonyms
    aliases: tuple[Alias, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    maintainers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Project id → hashes of its maintainers' logins."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A project's activity, and where its rows come from: for explanations."""

    activity: Activity
    history: History
    repository_ids: tuple[int, ...]
    accounts: tuple[AccountRow, ...]
    resolution: Resolution
    numbers: Mapping[int, int]
    """Person, as ``resolution`` names it, → its place in ``activity.persons``."""


def activity(engine: Engine, project_key: str, who: Who) -> Activity:
    """All records of a project, with accounts resolved to persons; ``KeyError``: none such."""
    return load(engine, project_key, who).activity


def load(engine: Engine, project_key: str, who: Who) -> Loaded:
    """A project's activity with its provenance. ``KeyError``: no such project."""
    with engine.connect() as connection:
        row = connection.execute(select(projects).where(projects.c.key == project_key)).first()
        if row is None:
            raise KeyError(project_key)
        found = connection.execute(
            select(repositories)
            .where(repositories.c.project_id == row.id, repositories.c.hidden.is_(False))
            .order_by(repositories.c.id)
        ).all()
        return _load(connection, project_from(row.settings), found, who)


def _load(connection: Connection, project: Project, found: Sequence[Row[Any]], who: Who) -> Loaded:
    ids = tuple(row.id for row in found)
    known = _accounts(connection, ids)
    links = _links(connection, ids)
    resolution = resolve(known, who.pseudonyms, who.aliases, links)
    clusters = {person: at for at, person in enumerate(sorted({*resolution.person.values()}))}
    people = People(
        {account: clusters[person] for account, person in resolution.person.items()},
        resolution.bots,
    )
    placed = _placed(connection, found)
    named = [co_authors(connection, ids[row]) for row, _ in placed]
    history = join(placed, named, people)
    item_rows = read_items(connection, ids)
    item_table = item_columns(item_rows, ids, people, history, found)
    events = event_columns(connection, ids, item_rows, people)
    renumbered = _by_first_contribution(len(clusters), history, item_table, events)
    numbers = {person: int(renumbered[place]) for person, place in clusters.items()}
    working = Activity(
        project=replace(
            project, maintainers=_maintainers(project, known, resolution, clusters, renumbered, who)
        ),
        repositories=tuple(stored_repository(connection, row) for row in found),
        commits=replace(history.commits, author=_mapped(renumbered, history.commits.author)),
        credits=replace(history.credits, person=_mapped(renumbered, history.credits.person)),
        items=replace(item_table, author=_mapped(renumbered, item_table.author)),
        events=replace(events, actor=_mapped(renumbered, events.actor)),
        tags=_tags(connection, ids),
        snapshots=_snapshots(connection, ids),
        persons=tuple(f"Developer {number + 1}" for number in range(len(clusters))),
        affiliations=_affiliations(known, resolution, clusters, renumbered, who),
        invalid_dates=tuple(sorted(at for _, each in placed for at in each.invalid)),
        people_since=people_since(connection),
        imports=tuple((found[row].url, day) for row, each in placed for day in each.imports),
        traces=_traces(resolution, numbers),
        names={alias.name: numbers[person] for person, alias in resolution.aliases.items()},
        fork_states=read_fork_states(connection, ids),
        sent_back=sent_back(
            connection,
            found,
            lambda theirs: resolve((*known, *theirs), who.pseudonyms, who.aliases, links).person,
            {account: numbers[person] for account, person in resolution.person.items()},
        ),
    )
    return Loaded(working, history, ids, known, resolution, numbers)


# ---------------------------------------------------------------- accounts and persons


def _accounts(connection: Connection, ids: Sequence[int]) -> tuple[AccountRow, ...]:
    """Every account that any fact of these repositories refers to."""
    mentioned = union(
        *(
            select(column).where(column.table.c.repository_id.in_(ids))
            for column in (
                commits.c.author,
                commit_credits.c.account,
                items.c.author,
                responses.c.actor,
                account_links.c.account,
                account_links.c.same_as,
            )
        )
    ).subquery()
    names = [each.name for each in fields(AccountRow)]
    question = select(*(accounts.c[name] for name in names)).where(
        accounts.c.id.in_(select(mentioned.c[0]))
    )
    return tuple(
        AccountRow(**(dict(row._mapping) | {"kind": AccountKind(row.kind)}))
        for row in connection.execute(question)
    )


def _links(connection: Connection, ids: Sequence[int]) -> list[tuple[int, int]]:
    c = account_links.c
    found = connection.execute(select(c.account, c.same_as).where(c.repository_id.in_(ids)))
    return [(row.account, row.same_as) for row in found]


def _by_first_contribution(
    persons: int, history: History, item_table: Items, events: Events
) -> NDArray[np.int32]:
    """The new number of each person: in order of first contribution, so that it is stable."""
    first = np.full(persons, NO_TIME, dtype=np.int64)
    for who, when in (
        (history.credits.person, history.credits.time),
        (item_table.author, item_table.created),
        (events.actor, events.at),
    ):
        known = who >= 0
        np.minimum.at(first, who[known], when[known])
    order = np.argsort(first, kind="stable")
    numbers = np.empty(persons, dtype=np.int32)
    numbers[order] = np.arange(persons, dtype=np.int32)
    return numbers


def _traces(resolution: Resolution, numbers: Mapping[int, int]) -> tuple[tuple[int, ...], ...]:
    """The accounts of each person, by their place."""
    found: list[list[int]] = [[] for _ in numbers]
    for account, person in sorted(resolution.person.items()):
        found[numbers[person]].append(account)
    return tuple(tuple(accounts_) for accounts_ in found)


def _mapped(numbers: NDArray[np.int32], column: NDArray[np.int32]) -> NDArray[np.int32]:
    """A column of persons under their new numbers; ghosts stay what they are."""
    if not len(numbers):
        return column
    return np.where(column >= 0, numbers[np.maximum(column, 0)], column).astype(np.int32)


def _maintainers(
    project: Project,
    known: Sequence[AccountRow],
    resolution: Resolution,
    clusters: Mapping[int, int],
    numbers: NDArray[np.int32],
    who: Who,
) -> frozenset[int]:
    named = who.maintainers.get(project.id, frozenset())
    return frozenset(
        int(numbers[clusters[resolution.person[row.id]]])
        for row in known
        if row.login
        and row.id in resolution.person
        and who.pseudonyms.login_hash(row.login) in named
    )


def _affiliations(
    known: Sequence[AccountRow],
    resolution: Resolution,
    clusters: Mapping[int, int],
    numbers: NDArray[np.int32],
    who: Who,
) -> tuple[Affiliation, ...]:
    found = affiliations(known, resolution, who.organisations, who.pseudonyms)
    return tuple(
        Affiliation(int(numbers[clusters[each.person]]), each.organisation, each.span, each.source)
        for each in found
    )


# ---------------------------------------------------------------- git


def _placed(connection: Connection, found: Sequence[Row[Any]]) -> list[tuple[int, Placed]]:
    """The commits of the counted repositories, each under its row."""
    return [
        (at, place(stored(connection, row.id), row.git_read_until))
        for at, row in enumerate(found)
        if row.settings.get("counted", True) and row.git_read_until is not None
    ]


def _tags(connection: Connection, ids: Sequence[int]) -> tuple[TagFact, ...]:
    """Tags and releases of each repository, united by name; a release's date is its own.

    A tag of before 1990 has no date (C4), and so no place in any history.
    """
    united: dict[tuple[int, str], TagFact] = {}
    for row in connection.execute(
        select(tags).where(tags.c.repository_id.in_(ids), tags.c.time >= EARLIEST)
    ):
        at = ids.index(row.repository_id)
        united[at, row.name] = TagFact(row.name, row.time, at, signed=row.signed)
    for row in connection.execute(
        select(releases).where(releases.c.repository_id.in_(ids), releases.c.vanished_at.is_(None))
    ):
        at = ids.index(row.repository_id)
        tag = united.get((at, row.tag))
        united[at, row.tag] = TagFact(
            row.tag,
            row.published,
            at,
            prerelease=row.prerelease,
            signed=tag.signed if tag else False,
            release=True,
        )
    return tuple(sorted(united.values(), key=lambda tag: (tag.time, tag.repository, tag.name)))


# ---------------------------------------------------------------- repositories


def _snapshots(connection: Connection, ids: Sequence[int]) -> tuple[tuple[int, Snapshot], ...]:
    c = snapshots.c
    question = select(snapshots).where(c.repository_id.in_(ids)).order_by(c.at, c.repository_id)
    return tuple(
        (ids.index(row.repository_id), Snapshot(row.at, row.stars, row.forks, row.watchers))
        for row in connection.execute(question)
    )


def stored_repository(connection: Connection, row: Row[Any]) -> Repository:
    """A repository as metrics see it, from its row."""
    settings, facts = row.settings, _facts(row.facts)
    archived = facts.archived_at if facts.archived else None
    return Repository(
        url=row.url,
        role=settings.get("role", "code"),
        counted=settings.get("counted", True),
        main=settings.get("main", False),
        archived_at=archived,
        read_until=row.git_read_until,
        git_reason=Phrase("{why}", {"why": row.git_error}) if row.git_error else None,
        forge_read_until=row.forge_read_until,
        forge_reason=_forge_reason(row),
        forge_lacks=frozenset(row.forge_lacks or ()),
        complete=row.complete,
        empty=row.state == RepositoryState.EMPTY,
        state=RepositoryState(row.state),
        upstream=settings.get("upstream"),
        release_tag_pattern=settings.get("release_tag_pattern"),
        deployment_tag_pattern=settings.get("deployment_tag_pattern"),
        # Of two at one date the last stands: the repository's own.
        files=(*read_owner_files(connection, row.key), *_files(connection, row.id)),
        forge_totals=row.totals or {},
        facts=facts,
        name=row.url.removesuffix("/").removesuffix(".git").rpartition("/")[2],
    )


def _forge_reason(row: Row[Any]) -> Phrase | None:
    if row.forge_error:
        return Phrase("{why}", {"why": row.forge_error})
    if row.kind == "git":
        return Phrase("this host has no supported API")
    if row.forge_read_until is None:
        return Phrase("the forge of this project has not been read yet")
    return None


def _facts(stored_facts: Mapping[str, Any] | None) -> RepositoryFacts:
    if not stored_facts:
        return RepositoryFacts()
    known = {each.name for each in fields(RepositoryFacts)}
    values = {name: value for name, value in stored_facts.items() if name in known}
    values["topics"] = tuple(values.get("topics") or ())
    return RepositoryFacts(**values)


def _files(connection: Connection, repository_id: int) -> tuple[FileFact, ...]:
    c = files.c
    question = select(files).where(c.repository_id == repository_id).order_by(c.key, c.since)
    return tuple(
        FileFact(
            key=row.key,
            place=row.place,
            since=row.since,
            until=row.until,
            spdx=row.spdx,
            data=row.data,
            problems=tuple(row.problems or ()),
            readable=row.readable,
        )
        for row in connection.execute(question)
    )
