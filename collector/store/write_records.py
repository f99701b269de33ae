"""How records are written: rows and the cursor that says how far they reach, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select, update

from collector.accounts import AccountRow, Pseudonyms, account_row
from collector.forge import Cost, Page, Pulse
from collector.model import (
    DAY,
    Account,
    ChangeRequest,
    Commit,
    GitReading,
    Instant,
    Issue,
    ItemKind,
    Release,
    RepositoryState,
    Response,
)
from collector.store.fork_states import put_fork
from collector.store.notes import with_page
from collector.store.rows import BATCH, Beginning, Seen, batched, replace, upsert
from collector.store.schema import (
    account_links,
    accounts,
    commit_credits,
    commits,
    files,
    items,
    releases,
    repositories,
    responses,
    snapshots,
    tags,
)
from collector.store.vanished import bury_everything, bury_items, bury_releases, bury_responses
from collector.store.write import fenced, record, succeeded

Row = dict[str, Any]
TOLD_SOMETIMES = ("native_id", "login", "name", "mail_hash", "mail_domain")


class Accounts:
    """The accounts that a transaction meets: hashed once each, written together at its end.

    Written in one sorted batch, so that two transactions that share accounts cannot block
    each other for ever.
    """

    def __init__(self, pseudonyms: Pseudonyms, bots: Sequence[str]) -> None:
        self._pseudonyms = pseudonyms
        self._bots = bots
        self._rows: dict[Account, AccountRow] = {}

    def id(self, account: Account) -> int:
        row = self._rows.get(account)
        if row is None:
            row = self._rows[account] = account_row(account, self._pseudonyms, self._bots)
        return row.id

    def optional(self, account: Account | None) -> int | None:
        return None if account is None else self.id(account)

    def write(self, connection: Connection) -> int:
        return upsert(connection, accounts, self._distinct(), keep=TOLD_SOMETIMES)

    def _distinct(self) -> Iterable[Row]:
        """One row per account: all that any of its traces told."""
        found: dict[int, Row] = {}
        for row in self._rows.values():
            new = asdict(row)
            known = found.setdefault(row.id, new)
            known |= {name: value for name, value in new.items() if value is not None}
            known["kind"] = max(known["kind"], row.kind)
        return found.values()


# ---------------------------------------------------------------- git


def write_git(
    engine: Engine,
    repository_id: int,
    run_id: int,
    reading: GitReading,
    pseudonyms: Pseudonyms,
    bots: Sequence[str],
    collected_at: Instant,
    cost: Cost,
) -> None:
    """Write one reading of a repository's git, whole or not at all. Raises ``StaleRun``."""
    known = Accounts(pseudonyms, bots)
    beginning = Beginning(reading.commits)
    with fenced(engine, repository_id, run_id) as connection:
        changed = _write_history(connection, repository_id, beginning, known, reading.replaces)
        changed += replace(connection, tags, repository_id, _tag_rows(repository_id, reading))
        changed += replace(connection, files, repository_id, _file_rows(repository_id, reading))
        links = _link_rows(repository_id, reading, known)
        changed += replace(connection, account_links, repository_id, links)
        changed += put_fork(connection, repository_id, reading.fork, collected_at)
        changed += known.write(connection)
        state = RepositoryState.OK if reading.head else RepositoryState.EMPTY
        done = succeeded(connection, repository_id, "git", state, collected_at, cost)
        record(
            connection,
            repository_id,
            changed=changed > 0,
            head=reading.head,
            default_branch=reading.default_branch,
            git_cursor=reading.cursor,
            complete=reading.complete,
            columns=beginning.columns(reading.replaces),
            **done,
        )


def _write_history(
    connection: Connection,
    repository_id: int,
    given_commits: Iterable[Commit],
    known: Accounts,
    whole: bool,
) -> int:
    """Write the stream of commits; where it is all there is, delete what it no longer gives."""
    given = {table: Seen(table, repository_id) for table in (commit_credits, commits)}
    changed = 0
    for batch in batched(given_commits, BATCH):
        rows = {
            commits: [_commit_row(repository_id, commit, known) for commit in batch],
            commit_credits: _credit_rows(repository_id, batch, known),
        }
        for table, some in rows.items():
            changed += upsert(connection, table, some)
            if whole:
                given[table].add(some)
    if whole:
        changed += sum(seen.delete_others(connection) for seen in given.values())
    return changed


def _credit_rows(repository_id: int, batch: Sequence[Commit], known: Accounts) -> list[Row]:
    pairs = {(commit.sha, known.id(who)) for commit in batch for who in commit.co_authors}
    return [
        {"repository_id": repository_id, "sha": sha, "account": account} for sha, account in pairs
    ]


def _commit_row(repository_id: int, commit: Commit, known: Accounts) -> Row:
    return {
        "repository_id": repository_id,
        "sha": commit.sha,
        "author": known.id(commit.author),
        "author_time": commit.author_time,
        "committer_time": commit.committer_time,
        "arrival": commit.arrival,
        "arrived_with": None if commit.arrived_with == commit.sha else commit.arrived_with,
        "parents": commit.parents,
        "declares_ai": commit.declares_ai,
    }


def _tag_rows(repository_id: int, reading: GitReading) -> list[Row]:
    return [
        {
            "repository_id": repository_id,
            "name": tag.name,
            "sha": tag.commit,
            "time": tag.time,
            "signed": tag.signed,
        }
        for tag in reading.tags
    ]


def _file_rows(repository_id: int, reading: GitReading) -> list[Row]:
    return [
        {
            "repository_id": repository_id,
            "key": fact.key,
            "place": fact.place,
            "since": fact.since,
            "until": fact.until,
            "spdx": fact.spdx,
            "data": None if fact.data is None else dict(fact.data),
            "problems": list(fact.problems),
            "readable": fact.readable,
        }
        for fact in reading.files
    ]


def _link_rows(repository_id: int, reading: GitReading, known: Accounts) -> list[Row]:
    pairs = {
        (min(pair), max(pair))
        for pair in ((known.id(one), known.id(other)) for one, other in reading.same_people)
        if pair[0] != pair[1]
    }
    return [
        {"repository_id": repository_id, "account": one, "same_as": other} for one, other in pairs
    ]


def write_files_changed(
    engine: Engine, repository_id: int, run_id: int, counts: Mapping[bytes, int | None]
) -> None:
    """Write how many files commits touch; None: the server would not give their trees."""
    if not counts:
        return
    found: list[Row] = [
        {"at": sha, "files": -2 if count is None else count}
        for sha, count in sorted(counts.items())
    ]
    here = (commits.c.repository_id == repository_id) & (commits.c.sha == bindparam("at"))
    with fenced(engine, repository_id, run_id) as connection:
        statement = update(commits).where(here).values(files_changed=bindparam("files"))
        connection.execute(statement, found)
        record(connection, repository_id, changed=True)


# ---------------------------------------------------------------- forges


def write_pulse(
    engine: Engine, repository_id: int, run_id: int, pulse: Pulse, now: Instant
) -> None:
    """Write what a heartbeat tells: facts, totals, and one snapshot a day.

    Another native id than before is another repository under an old name: in the same
    transaction the former one's records are buried and its cursor is forgotten.
    """
    with fenced(engine, repository_id, run_id) as connection:
        facts = asdict(pulse.facts) | {"topics": list(pulse.facts.topics)}
        stored = connection.execute(
            select(
                repositories.c.facts, repositories.c.native_id, repositories.c.forge_read_until
            ).where(repositories.c.id == repository_id)
        ).one()
        columns: Row = {}
        another = stored.native_id not in (None, pulse.facts.native_id or stored.native_id)
        before = {} if another else stored.facts or {}
        facts |= _checks(facts, before, stored.forge_read_until)
        changed = stored.facts != facts
        if another:
            bury_everything(connection, repository_id, now)
            columns = {"forge_cursor": None, "settled_drift": None}
        if pulse.snapshot is not None:
            row = asdict(pulse.snapshot) | {"repository_id": repository_id}
            row["at"] -= row["at"] % DAY
            changed = bool(upsert(connection, snapshots, [row])) or changed
        record(
            connection,
            repository_id,
            changed=changed,
            facts=facts,
            totals=dict(pulse.totals),
            columns=columns,
            native_id=func.coalesce(pulse.facts.native_id, repositories.c.native_id),
        )


def _checks(facts: Row, before: Mapping[str, Any], seen_at: Instant | None) -> Row:
    """Since when are the default branch's checks red? What was seen before dates it.

    A branch that was green when last looked at passed until then, however old its commit is; one
    that is red still is so since it became red; while checks run, what was known holds.
    """
    failing, passed = facts["checks_failing_since"], facts["checks_passed_at"]
    was_failing, had_passed = before.get("checks_failing_since"), before.get("checks_passed_at")
    if facts.pop("checks_pending"):
        failing, passed = was_failing, had_passed
    elif failing and was_failing:
        failing, passed = min(failing, was_failing), had_passed
    elif failing and had_passed:
        passed = max(had_passed, seen_at or 0)
    return {"checks_failing_since": failing, "checks_passed_at": passed}


def write_page(
    engine: Engine,
    repository_id: int,
    run_id: int,
    page: Page,
    pseudonyms: Pseudonyms,
    bots: Sequence[str],
    now: Instant,
) -> None:
    """Write one page of a forge's records with its cursor. Raises ``StaleRun``."""
    known = Accounts(pseudonyms, bots)
    with fenced(engine, repository_id, run_id) as connection:
        found = [*page.issues, *page.change_requests]
        changed = upsert(
            connection, items, _distinct(_item_row(repository_id, item, known) for item in found)
        )
        given = _distinct(_response_row(repository_id, each, known) for each in page.responses)
        changed += upsert(connection, responses, given)
        changed += upsert(
            connection,
            releases,
            _distinct(_release_row(repository_id, release, known) for release in page.releases),
        )
        changed += bury_responses(connection, repository_id, page, now)
        if page.existing is not None:
            changed += bury_items(connection, repository_id, page.existing, now)
        if page.existing_releases is not None:
            changed += bury_releases(connection, repository_id, page.existing_releases, now)
        changed += known.write(connection)
        record(
            connection,
            repository_id,
            changed=changed > 0,
            forge_cursor=page.cursor,
            columns=with_page(connection, repository_id, page),
        )


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """One row per native id, the last one given."""
    return list({row["native_id"]: row for row in rows}.values())


def _item_row(repository_id: int, item: Issue, known: Accounts) -> Row:
    is_change = isinstance(item, ChangeRequest)
    return {
        "repository_id": repository_id,
        "native_id": item.native_id,
        "kind": ItemKind.CHANGE_REQUEST if is_change else ItemKind.ISSUE,
        "number": item.number,
        "author": known.optional(item.author),
        "created": item.created,
        "updated": item.updated,
        "draft": isinstance(item, ChangeRequest) and item.draft,
        "merge_commit": item.merge_commit if isinstance(item, ChangeRequest) else None,
        "labels": list(item.labels),
        "title": item.title,
        "vanished_at": None,
    }


def _response_row(repository_id: int, response: Response, known: Accounts) -> Row:
    return {
        "repository_id": repository_id,
        "native_id": response.native_id,
        "item": response.item,
        "kind": response.kind,
        "at": response.at,
        "actor": known.optional(response.actor),
        "actor_given": response.actor_given,
        "verdict": response.verdict,
        "vanished_at": None,
    }


def _release_row(repository_id: int, release: Release, known: Accounts) -> Row:
    return {
        "repository_id": repository_id,
        "native_id": release.native_id,
        "tag": release.tag,
        "published": release.published,
        "prerelease": release.prerelease,
        "author": known.optional(release.author),
        "vanished_at": None,
    }
