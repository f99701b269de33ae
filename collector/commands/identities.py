"""``identities``: who was taken for one person and why, who may be, whose work is nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector import portfolio
from collector.commands.common import as_of, configuration, known_projects
from collector.commands.paper import listed, paper, say
from collector.config import Config
from collector.config.ids import free_id, slug
from collector.evidence.candidates import (
    Candidate,
    Unattributed,
    by_domain,
    candidates,
    unattributed,
)
from collector.identity import AccountRow, Merge, Why, account_mark
from collector.metric import State
from collector.metrics import BY_KEY
from collector.model import Instant
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
SUGGESTED = (
    "Nothing was joined for these reasons. What of it is right can be copied from: "
    "ospo-vitals identities --yaml"
)
MOST = 5
MOST_DOMAINS = 20


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of a project's people."""

    key: str
    loaded: Loaded
    candidates: tuple[Candidate, ...]
    unattributed: tuple[Unattributed, ...]


def identities(projects: Sequence[str], *, yaml: bool = False) -> int:
    """Print merges, candidates and unattributed work per project; or ``yaml`` to copy from."""
    config = configuration()
    known_projects(config, projects)
    today = as_of(None)
    found = tuple(_projects(config, projects, today))
    named = config.privacy.identities == "named"
    if yaml:
        print("\n".join(suggestions(config, found, named=named)))
        return 0
    console = paper()
    merged = sum(_print(console, each, today, named=named) for each in found)
    say(console, UNDO if merged else "No two accounts were taken for one person.")
    if any(each.candidates or by_domain(each.unattributed) for each in found):
        say(console, SUGGESTED)
    return 0


def _projects(config: Config, projects: Sequence[str], today: Instant) -> Iterator[Project]:
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    who = portfolio.who(config, pseudonyms(config.data_dir))
    for state in read.project_states(engine, projects):
        loaded = load(engine, state.key, who)
        yield Project(state.key, loaded, candidates(loaded), unattributed(loaded, today))


# ---------------------------------------------------------------- for people


def _print(console: Console, project: Project, today: Instant, *, named: bool) -> int:
    loaded = project.loaded
    merges = loaded.resolution.merges
    lone = [each for each in project.unattributed if each.credits]
    if not merges and not project.candidates and not lone:
        return 0
    accounts = len(loaded.resolution.person)
    people = len(loaded.activity.persons)
    say(console, f"{project.key}: {accounts} accounts of people, {people} persons")
    say(console, _coverage(loaded, today), 2)
    for line in sorted(lines(loaded, named=named)):
        say(console, f"Developer {line[0] + 1}: {line[1]}", 2)
    for candidate in project.candidates:
        say(console, f"May be one person: {_candidate(candidate, named=named)}", 2)
    if lone:
        told = listed(map(_lone, lone[:MOST]))
        more = f", and {len(lone) - MOST} more" if len(lone) > MOST else ""
        say(console, f"Most work without an organisation: {told}{more}", 2)
    say(console)
    return len(merges)


def _coverage(loaded: Loaded, today: Instant) -> str:
    value = BY_KEY["affiliation_coverage"].compute(loaded.activity, today)
    if value.state is not State.OK or value.value is None:
        return f"For whom they work is not known: {value.reason}"
    return f"An organisation is known for {value.value:.0%} of the year's credits"


def _lone(each: Unattributed) -> str:
    where = f" at {listed(each.domains)}" if each.domains else ""
    return f"Developer {each.person + 1}{where} ({each.credits})"


def _candidate(candidate: Candidate, *, named: bool) -> str:
    pair = " and ".join(account(row, named=named) for row in candidate.accounts)
    return f"{pair}: {candidate.because.value}"


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


# ---------------------------------------------------------------- YAML to copy from


def suggestions(config: Config, found: Sequence[Project], *, named: bool) -> Iterator[str]:
    """Entries for config/ospo-vitals.yaml: each to be confirmed by somebody who knows."""
    yield "# Suggestions for config/ospo-vitals.yaml: keep what you know to be right, add each"
    yield "# entry below the key of its name, and run: ospo-vitals check && ospo-vitals measure"
    people = list(_people(config, found, named=named))
    yield from ("identities:", *people) if people else ("identities: []",)
    bodies = list(_bodies(config, found))
    yield from ("organisations:", *bodies) if bodies else ("organisations: []",)


def _people(config: Config, found: Sequence[Project], *, named: bool) -> Iterator[str]:
    taken = {person.name for person in config.identities}
    used: set[int] = set()
    for project in found:
        for candidate in project.candidates:
            ids = [row.id for row in candidate.accounts]
            if used & {*ids}:
                continue  # an account stands in one entry only
            used |= {*ids}
            accounts = ", ".join(f'"{account_mark(each)}"' for each in ids)
            yield f"  # {project.key}: {_plain(_candidate(candidate, named=named))}"
            if candidate.known:
                yield f"  # add to the accounts of {_plain(candidate.known)}: {accounts}"
                continue
            name = next(n for i in range(1, 10_000) if (n := f"person-{i}") not in taken)
            taken.add(name)
            yield f"  - {{name: {name}, accounts: [{accounts}]}}"


def _bodies(config: Config, found: Sequence[Project]) -> Iterator[str]:
    taken = {body.id for body in config.organisations}
    known = [domain.lower() for body in config.organisations for domain in body.domains]
    counts: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for project in found:
        for domain, credits_ in by_domain(project.unattributed).items():
            counts[domain] += credits_
            places.setdefault(domain, []).append(project.key)
    for domain, credits_ in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        if any(domain == each or domain.endswith(f".{each}") for each in known):
            continue
        id_ = free_id(domain, taken) or slug(domain)
        if not id_ or id_ in taken or len(taken) > len(config.organisations) + MOST_DOMAINS:
            continue
        taken.add(id_)
        yield f"  # {credits_} credits of a year in {listed(places[domain][:MOST])}; say its kind"
        yield f'  - {{id: "{id_}", name: "{domain}", domains: ["{domain}"]}}'


def _plain(words: str) -> str:
    """Words in a comment: nothing of theirs ends the line."""
    return "".join(c if c.isprintable() else " " for c in words)
