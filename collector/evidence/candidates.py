"""Who may be one person, and whose work belongs to no organisation yet? Suggestions only.

Nothing here joins anybody: a name alone never makes a person (METRICS.md C3). What is suggested
is for somebody to confirm who knows the people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from collector.accounts import NOREPLY, AccountRow
from collector.metric import YEAR
from collector.metrics.employers import UNKNOWN, employer_of_credits
from collector.metrics.windows import before, between
from collector.model import Instant
from collector.store.read_activity import Loaded

PUBLIC = frozenset((
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "yahoo.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me",
    "gmx.de", "gmx.net", "gmx.at", "web.de", "posteo.de", "mailbox.org", "fastmail.com",
    "aol.com", "zoho.com", "mail.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "seznam.cz",
    "centrum.cz", "email.cz", "post.cz", "azet.sk", "zoznam.sk", "post.sk", "wp.pl", "o2.pl",
    "free.fr", "orange.fr", "laposte.net", "sfr.fr", "libero.it", "t-online.de", "ziggo.nl",
    "xs4all.nl", "telenet.be", "inbox.lv", "yahoo.ro",
))  # fmt: skip
"""Mail providers for everybody: their domain says nothing of an organisation."""


class Because(StrEnum):
    """What suggests that two persons are one."""

    LOGIN = "the same login on two hosts"
    NAME_AND_DOMAIN = "the same name, with mail addresses at the same organisation"
    NAME_IS_LOGIN = "the name in git is the login"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Accounts of two persons that may be one. ``known``: what configuration calls one of them."""

    because: Because
    accounts: tuple[AccountRow, ...]
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Unattributed:
    """Somebody whose organisation is not known: credits of a year, mail domains of several."""

    person: int
    credits: int
    domains: tuple[str, ...]


def candidates(loaded: Loaded) -> tuple[Candidate, ...]:
    """Who of a project may be one person?"""
    found: dict[tuple[int, int], Candidate] = {}
    for because, marks in _marks(loaded.accounts):
        for rows in marks.values():
            for pair, candidate in _pairs(loaded, because, rows):
                found.setdefault(pair, candidate)
    return tuple(found[pair] for pair in sorted(found))


Marks = Mapping[object, list[AccountRow]]


def _marks(accounts: Iterable[AccountRow]) -> Iterator[tuple[Because, Marks]]:
    logins: dict[object, list[AccountRow]] = defaultdict(list)
    names: dict[object, list[AccountRow]] = defaultdict(list)
    traces: dict[object, list[AccountRow]] = defaultdict(list)
    for row in sorted(accounts, key=lambda row: row.id):
        name = _folded(row.name)
        if row.login:
            logins[row.login.lower()].append(row)
        if name and organisation_of(row) is not None:
            names[name, organisation_of(row)].append(row)
        if name and not row.login:
            traces[name].append(row)
    yield Because.LOGIN, logins
    yield Because.NAME_AND_DOMAIN, names
    yield (
        Because.NAME_IS_LOGIN,
        {login: [*rows, *traces[login]] for login, rows in logins.items() if login in traces},
    )


def _folded(name: str | None) -> str:
    return " ".join((name or "").lower().split())


def organisation_of(row: AccountRow) -> str | None:
    """The mail domain of an account, if it is an organisation's own."""
    domain = (row.mail_domain or "").lower()
    if not domain or domain in PUBLIC or domain.startswith(NOREPLY) or "." not in domain:
        return None
    return domain


def _pairs(
    loaded: Loaded, because: Because, rows: list[AccountRow]
) -> Iterator[tuple[tuple[int, int], Candidate]]:
    """Two accounts of different persons, unless configuration says that they are two."""
    person, aliases = loaded.resolution.person, loaded.resolution.aliases
    first: dict[int, AccountRow] = {}
    for row in rows:
        if row.id in person:
            first.setdefault(person[row.id], row)
    for one, other in combinations(sorted(first), 2):
        if one in aliases and other in aliases:
            continue
        known = aliases.get(one) or aliases.get(other)
        accounts = (first[one], first[other])
        yield (one, other), Candidate(because, accounts, known.name if known else None)


def unattributed(loaded: Loaded, as_of: Instant) -> tuple[Unattributed, ...]:
    """Whose credits of a year belong to no organisation? Most first."""
    activity = loaded.activity
    credits_ = activity.credits
    window = between(credits_.time, before(as_of, YEAR), as_of)
    there = credits_.arrival[window] < as_of
    lone = there & (employer_of_credits(activity)[window] == UNKNOWN)
    counts = np.bincount(credits_.person[window][lone], minlength=len(activity.persons))
    domains = _domains(loaded)
    found = (
        Unattributed(int(who), int(counts[who]), domains.get(int(who), ()))
        for who in np.flatnonzero(counts)
    )
    return tuple(sorted(found, key=lambda each: (-each.credits, each.person)))


def _domains(loaded: Loaded) -> dict[int, tuple[str, ...]]:
    """The domains of each person. One that people of one name use may be a name: it is left out."""
    found: dict[int, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for row in loaded.accounts:
        domain = organisation_of(row)
        if domain is not None and row.id in loaded.resolution.person:
            found[loaded.numbers[loaded.resolution.person[row.id]]].add(domain)
            names[domain].add(_folded(row.name))
    return {
        who: tuple(sorted(domain for domain in domains if len(names[domain]) > 1))
        for who, domains in found.items()
    }


def by_domain(people: Iterable[Unattributed]) -> Counter[str]:
    """How many credits would a domain give an organisation?"""
    found: Counter[str] = Counter()
    for each in people:
        for domain in each.domains:
            found[domain] += each.credits
    return found
