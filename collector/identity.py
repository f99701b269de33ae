"""Who is behind a trace: accounts to persons to organisations, without names (C2, C3).

Two traces are one person only for the reasons that METRICS.md C3 lists, never by name alone;
each such merge is listed with its reason. To undo one, name the two traces under two different
``identities`` of configuration: what is configured as two persons is never joined by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from collector.accounts import (
    NOREPLY,
    AccountRow,
    Noreply,
    Pseudonyms,
    account_kind,
    account_row,
    lower,
    names_ai,
    noreply,
)
from collector.model import Account, AccountKind, Span

__all__ = [
    "AccountRow",
    "Alias",
    "Membership",
    "Merge",
    "Noreply",
    "Organisation",
    "Pseudonyms",
    "Resolution",
    "Why",
    "account_kind",
    "account_mark",
    "account_row",
    "affiliations",
    "alias",
    "names_ai",
    "noreply",
    "resolve",
]

# ---------------------------------------------------------------- configured persons


@dataclass(frozen=True, slots=True)
class Alias:
    """A configured person: hashes of their logins, mails and whole traces; employers, dated."""

    name: str
    logins: frozenset[int] = frozenset()
    mails: frozenset[int] = frozenset()
    traces: frozenset[int] = frozenset()
    organisations: tuple[tuple[str, Span], ...] = ()

    def names(self, row: AccountRow, pseudonyms: Pseudonyms) -> bool:
        """Is this account named by the alias?"""
        return (
            row.id in self.traces
            or (row.mail_hash is not None and row.mail_hash in self.mails)
            or (bool(row.login) and pseudonyms.login_hash(row.login or "") in self.logins)
        )


TRACE = re.compile(r"(?P<name>.*?)\s*<(?P<mail>[^<>]*)>\s*")
MARK = re.compile(r"#[0-9a-f]{16}")


def account_mark(account: int) -> str:
    """An account by the keyed hash that it is stored under: it names nobody to anybody else."""
    return f"#{account & (1 << 64) - 1:016x}"


def _marked(text: str) -> int:
    found = int(text[1:], 16)
    return found - (1 << 64) if found >> 63 else found


def alias(
    name: str,
    accounts: Iterable[str],
    organisations: Iterable[tuple[str, Span]],
    pseudonyms: Pseudonyms,
) -> Alias:
    """A configured person from their accounts: ``login``, ``mail``, ``Name <mail>`` or ``#mark``.

    ``Name <mail>`` is a single git trace: it parts two people who share a mail address.
    """
    logins, mails, traces = set(), set(), set()
    for account in accounts:
        if MARK.fullmatch(account):
            traces.add(_marked(account))
        elif trace := TRACE.fullmatch(account):
            given = Account(name=trace["name"], mail=trace["mail"])
            traces.add(pseudonyms.account_id(given))
        elif "@" in account.removeprefix("@"):
            mails.add(pseudonyms.mail_hash(account))
        else:
            logins.add(pseudonyms.login_hash(account.removeprefix("@")))
    return Alias(name, frozenset(logins), frozenset(mails), frozenset(traces), tuple(organisations))


# ---------------------------------------------------------------- persons


class Why(IntEnum):
    """Why two traces are one person (C3), the surest reason first."""

    CONFIGURED = 0
    FORGE_ID = 1
    NOREPLY = 2
    MAILMAP = 3
    MAIL = 4


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """Two accounts were taken for one person, and why."""

    why: Why
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who in one project.

    ``person`` maps each human account to the smallest account id of its person; ``bots`` each
    account that is none. ``aliases`` gives a person's configured name, by that same id.
    """

    person: Mapping[int, int]
    bots: Mapping[int, AccountKind]
    merges: tuple[Merge, ...] = ()
    aliases: Mapping[int, Alias] = field(default_factory=dict)


def resolve(
    rows: Iterable[AccountRow],
    pseudonyms: Pseudonyms,
    aliases: Sequence[Alias] = (),
    links: Iterable[tuple[int, int]] = (),
) -> Resolution:
    """Which accounts of a project are one person? ``links``: pairs that ``.mailmap`` declares."""
    known = sorted({row.id: row for row in rows}.values(), key=lambda row: row.id)
    bots = _bots(known)
    humans = [row for row in known if row.id not in bots]
    named = {
        row.id: person for row in humans for person in aliases if person.names(row, pseudonyms)
    }
    joined = _Joined([row.id for row in humans], {i: person.name for i, person in named.items()})
    for merge in sorted({*_merges(humans, named, links)}):
        joined.join(merge)
    person = {row.id: joined.find(row.id) for row in humans}
    return Resolution(
        person, bots, tuple(joined.made), {person[i]: name for i, name in sorted(named.items())}
    )


def _bots(rows: Sequence[AccountRow]) -> dict[int, AccountKind]:
    """All bots: a trace of a forge account that the forge calls a bot is one too."""
    found: dict[int, AccountKind] = {
        row.id: row.kind for row in rows if row.kind is not AccountKind.HUMAN
    }
    declared = {_forge_id(row): row.kind for row in rows if row.id in found and row.native_id}
    for row in rows:
        if row.native_id and _forge_id(row) in declared:
            found.setdefault(row.id, declared[_forge_id(row)])
    return found


def _forge_id(row: AccountRow) -> tuple[str, str]:
    return _host(row), row.native_id or ""


def _host(row: AccountRow) -> str:
    # A noreply address has no port.
    return row.host.partition(":")[0].lower()


def _merges(
    humans: Sequence[AccountRow], named: Mapping[int, Alias], links: Iterable[tuple[int, int]]
) -> Iterable[Merge]:
    """Every reason to join two accounts."""
    yield from _alike(humans, Why.CONFIGURED, {i: person.name for i, person in named.items()})
    forge_ids = _forge_ids(humans)
    for first, second, at_noreply in _chains(humans, forge_ids):
        yield Merge(Why.NOREPLY if at_noreply else Why.FORGE_ID, first, second)
    present = {row.id for row in humans}
    for link in links:
        if present.issuperset(link) and link[0] != link[1]:
            yield Merge(Why.MAILMAP, min(link), max(link))
    mails = {row.id: row.mail_hash for row in humans if row.mail_hash is not None}
    yield from _alike(humans, Why.MAIL, mails)


def _alike(humans: Sequence[AccountRow], why: Why, mark: Mapping[int, object]) -> Iterable[Merge]:
    for first, second, _ in _chains(humans, mark):
        yield Merge(why, first, second)


def _chains(
    humans: Sequence[AccountRow], mark: Mapping[int, object]
) -> Iterable[tuple[int, int, bool]]:
    """Neighbours among the accounts that bear the same mark, and whether one is a noreply trace."""
    groups: dict[object, list[AccountRow]] = defaultdict(list)
    for row in humans:
        if row.id in mark:
            groups[mark[row.id]].append(row)
    for group in groups.values():
        for first, second in pairwise(group):
            yield first.id, second.id, _is_noreply(first) or _is_noreply(second)


def _is_noreply(row: AccountRow) -> bool:
    return (row.mail_domain or "").startswith(NOREPLY)


def _forge_ids(humans: Sequence[AccountRow]) -> dict[int, tuple[str, str]]:
    """The forge account of each trace that has one; a login alone stands for the one id seen.

    Where no id at all was seen with a login, the login is all the id there is.
    """
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in humans:
        if row.native_id and row.login:
            seen[_host(row), lower(row.login)].add(row.native_id)
    found = {}
    for row in humans:
        ids = seen.get((_host(row), lower(row.login)), set())
        if row.native_id:
            found[row.id] = (_host(row), row.native_id)
        elif row.login and len(ids) <= 1:
            found[row.id] = (_host(row), next(iter(ids), f"@{lower(row.login)}"))
    return found


class _Joined:
    """Union-find whose sets never hold two different configured persons."""

    def __init__(self, ids: Iterable[int], names: Mapping[int, str]) -> None:
        self._parent = {i: i for i in ids}
        self._name = dict(names)
        self.made: list[Merge] = []

    def find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, merge: Merge) -> None:
        low, high = sorted((self.find(merge.first), self.find(merge.second)))
        names = {self._name[i] for i in (low, high) if i in self._name}
        if low == high or len(names) > 1:
            return
        self._parent[high] = low
        if names:
            self._name[low] = names.pop()
        self.made.append(merge)


# ---------------------------------------------------------------- organisations


@dataclass(frozen=True, slots=True)
class Organisation:
    """A configured body: its verified mail domains and the logins of its team, hashed."""

    id: str
    domains: tuple[str, ...] = ()
    teams: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Membership:
    """A person (by ``Resolution.person``) worked for an organisation, and who says so."""

    person: int
    organisation: str
    span: Span
    source: str


def affiliations(
    rows: Iterable[AccountRow],
    resolution: Resolution,
    organisations: Sequence[Organisation],
    pseudonyms: Pseudonyms,
) -> tuple[Membership, ...]:
    """For whom did each person work, and when? The surest source last, so that it wins.

    Undated ones hold always. Mail domains of two organisations contradict each other and
    say nothing; so do two teams.
    """
    people: dict[int, list[AccountRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        if row.id in resolution.person:
            people[resolution.person[row.id]].append(row)
    found: list[Membership] = []
    for person, accounts in sorted(people.items()):
        found += _undated(person, "mail", _by_mail(accounts, organisations))
        found += _undated(person, "configuration", _by_team(accounts, organisations, pseudonyms))
        configured = resolution.aliases.get(person)
        for organisation, span in configured.organisations if configured else ():
            found.append(Membership(person, organisation, span, "configuration"))
    return tuple(found)


def _undated(person: int, source: str, bodies: set[str]) -> list[Membership]:
    return [Membership(person, body, Span(), source) for body in bodies if len(bodies) == 1]


def _by_mail(accounts: Iterable[AccountRow], organisations: Sequence[Organisation]) -> set[str]:
    domains = [row.mail_domain for row in accounts if row.mail_domain]
    return {
        body.id
        for body in organisations
        for own in body.domains
        for domain in domains
        if domain == own.lower() or domain.endswith("." + own.lower())
    }


def _by_team(
    accounts: Iterable[AccountRow], organisations: Sequence[Organisation], pseudonyms: Pseudonyms
) -> set[str]:
    logins = {pseudonyms.login_hash(row.login) for row in accounts if row.login}
    return {body.id for body in organisations if logins & body.teams}
