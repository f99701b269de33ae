"""``identities``: which accounts were taken for one person, why, and how to undo it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from collector import portfolio
from collector.commands.common import configuration, known_projects
from collector.commands.paper import paper, say
from collector.identity import AccountRow, Merge, Why
from collector.run import pseudonyms
from collector.store import migrate, read
from collector.store.engine import connect
from collector.store.read_activity import Loaded, load

if TYPE_CHECKING:
    from rich.console import Console

REASONS = {
    Why.CONFIGURED: "configured as one person",
    Why.FORGE_ID: "the same account of the forge",
    Why.NOREPLY: "the number or login in a noreply address",
    Why.MAILMAP: ".mailmap of the repository",
    Why.MAIL: "the same mail address",
}
UNDO = (
    "To undo one, name the two under two different entries of `identities` in "
    'config/ospo-vitals.yaml, by login, mail or "Name <mail>": what is configured as two '
    "persons is never joined by itself. Then: ospo-vitals measure"
)


def identities(projects: Sequence[str]) -> int:
    """Print every merge of accounts, per project and person."""
    config = configuration()
    known_projects(config, projects)
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    named = config.privacy.identities == "named"
    console, merged = paper(), 0
    for state in read.project_states(engine, projects):
        merged += _print(console, state.key, load(engine, state.key, who), named=named)
    say(console, UNDO if merged else "No two accounts were taken for one person.")
    return 0


def _print(console: Console, project: str, loaded: Loaded, *, named: bool) -> int:
    merges = loaded.resolution.merges
    if not merges:
        return 0
    accounts = len(loaded.resolution.person)
    people = len(loaded.activity.persons)
    say(console, f"{project}: {accounts} accounts of people, {people} persons")
    for line in sorted(lines(loaded, named=named)):
        say(console, f"Developer {line[0] + 1}: {line[1]}", 2)
    say(console)
    return len(merges)


def lines(loaded: Loaded, *, named: bool) -> Iterator[tuple[int, str]]:
    """Each merge: the person's number, and which two accounts were joined and why."""
    rows = {row.id: row for row in loaded.accounts}
    for merge in loaded.resolution.merges:
        person = loaded.numbers[loaded.resolution.person[merge.first]]
        yield person, _told(merge, rows[merge.first], rows[merge.second], named=named)


def _told(merge: Merge, first: AccountRow, second: AccountRow, *, named: bool) -> str:
    pair = f"{account(first, named=named)} and {account(second, named=named)}"
    return f"{pair}: {REASONS[merge.why]}"


def account(row: AccountRow, *, named: bool) -> str:
    """An account so that its owner knows it: names and logins masked unless they may be shown."""
    where = row.host or "git"
    if row.login:
        return f"{row.login if named else masked(row.login)} on {where}"
    name = (row.name or "without a name") if named else masked(row.name)
    return f"{name} @{row.mail_domain} in git" if row.mail_domain else f"{name} in git"


def masked(name: str | None) -> str:
    """The first letter, and as many stars whatever the length."""
    return f"{name[0]}***" if name else "***"
