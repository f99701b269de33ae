"""The first step of a pass: what is there that nobody has put into a project yet?

Each source is read on its own: one that fails is named and stops nothing. What it lists lies on
the shelf until it is claimed or ignored, or becomes a project of its own.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Event, Lock

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from collector.catalogue import Broken, Cursor, Found, Unchanged
from collector.catalogues import Door, open_catalogue
from collector.config import Config
from collector.config.values import DiscoverConfig, ForgeConfig
from collector.cron import slots
from collector.forge import Forge, ForgeError, RateLimited, UnexpectedAnswer
from collector.forges import open_forge
from collector.host_kinds import HostKinds
from collector.model import Instant, Phrase
from collector.outcome import SourceResult, failure
from collector.portfolio import adopt, own_projects
from collector.problem import Mistake
from collector.progress import Reporter
from collector.shelf import Candidate, Known, Rules, place
from collector.stopping import worked
from collector.store import shelf, sources
from collector.store.shelf import Declared, Entry, Shelved
from collector.store.sources import Source

log = logging.getLogger("ospo_vitals.discovery")

SOURCES_AT_ONCE = 4
BATCH = 500
MOST_BROKEN = 100
"""Broken entries of one source that are kept in memory; all are counted."""


@dataclass(slots=True)
class Discovery:
    """The part of a pass that looks for repositories."""

    config: Config
    engine: Engine
    reporter: Reporter
    stop: Event
    now: Callable[[], Instant]
    full: bool = False
    writing: Lock = field(default_factory=Lock)
    """Two sources may list the same repository at the same moment: it is to be one all the same."""

    def run(self, *, read: bool = True) -> list[SourceResult]:
        """Read the sources that are due, place what they list, and make projects of it.

        Without ``read`` only what configuration says of what was found is done again.
        """
        wanted = {each.key: each for each in self.config.discover}
        sources.sync_sources(
            self.engine, [Source(key, one.ospo.id, one.title) for key, one in wanted.items()]
        )
        due = [
            (wanted[row.key], row) for row in sources.source_rows(self.engine) if self._is_due(row)
        ]
        results: list[SourceResult] = []
        if due and read:
            self.reporter.begin("Looking for repositories", len(due))
            with ThreadPoolExecutor(SOURCES_AT_ONCE, thread_name_prefix="source") as pool:
                results = worked(pool, self._source, due)
        place_all(self.engine, self.config)
        adopt(self.engine, self.config)
        return results

    def _is_due(self, row: Source) -> bool:
        """Has a period of the schedule begun since it was read, or did that fail?"""
        if self.full or row.read_at is None or row.error:
            return True
        slot = slots(self.config.schedule.collect, self.config.timezone).before(self.now())
        return slot is None or slot > row.read_at

    def _source(self, one: DiscoverConfig, row: Source) -> SourceResult:
        error: Exception | None = None
        if not self.stop.is_set():
            try:
                self._read(one, row)
            except Exception as raised:
                error = raised
                self._failed(row, error)
            self.reporter.step(one.title)
        until = error.until if isinstance(error, RateLimited) else None
        return SourceResult(
            one.ospo.id, one.title, failure(error) if error else None,
            isinstance(error, RateLimited), until,
        )  # fmt: skip

    def _failed(self, row: Source, error: Exception) -> None:
        if not isinstance(error, (ForgeError, OSError, OperationalError)):
            log.exception("reading %s failed for a reason that is ours", row.title)
        why = failure(error)
        log.log(logging.DEBUG if row.error else logging.WARNING, "%s: %s", row.title, why)
        with suppress(OperationalError):
            sources.source_failed(self.engine, row.key, self.now(), why)

    def _read(self, one: DiscoverConfig, row: Source) -> None:
        """Write what a source lists, as it comes; at its end, what it no longer lists."""
        forges = _Forges(HostKinds(self.config, self.engine, self.now()))
        door = Door(self.config, forges.owned)
        reading = Reading(door, row.key)
        try:
            catalogue = open_catalogue(one.wanted, door)
            listed = catalogue.entries(None if self.full else row.cursor)
            while batch := list(islice(reading.entries(listed), BATCH)):
                with self.writing:
                    reading.seen.extend(shelf.put_found(self.engine, row.key, batch, self.now()))
                if self.stop.is_set():
                    return
        except Unchanged:
            sources.source_unchanged(self.engine, row.key, self.now())
            return
        finally:
            door.close()
            forges.close()
        sources.source_read(
            self.engine, row.key, self.now(), reading.cursor, reading.seen, reading.broken,
            reading.broken_count,
        )  # fmt: skip


class Reading:
    """What one reading of a source has met so far."""

    def __init__(self, door: Door, source: str) -> None:
        self._door = door
        self.source = source
        self.cursor: str | None = None
        self.seen: array[int] = array("q")
        self.broken: list[Broken] = []
        self.broken_count = 0

    def entries(self, listed: Iterator[Found | Broken | Cursor]) -> Iterator[Entry]:
        """Those that can be used; the others are noted."""
        for one in listed:
            if isinstance(one, Cursor):
                self.cursor = one.text
            elif isinstance(one, Broken):
                self._note(one)
            else:
                try:
                    yield self._entry(one)
                except Mistake as mistake:
                    self._note(Broken(one.url, str(mistake)))

    def _entry(self, one: Found) -> Entry:
        place = self._door.repository(one.url)
        aliases = []
        for alias in one.aliases[:20]:
            with suppress(Mistake):
                aliases.append(self._door.repository(alias).key)
        return Entry(place.key, place.host, replace(one, url=place.url), tuple(aliases))

    def _note(self, broken: Broken) -> None:
        self.broken_count += 1
        if len(self.broken) < MOST_BROKEN or broken.hides:
            self.broken.append(broken)


class _Forges:
    """The forges that a source needs, opened when they are asked."""

    def __init__(self, kinds: HostKinds) -> None:
        self._kinds = kinds
        self._open: dict[ForgeConfig, Forge] = {}

    def owned(self, url: str) -> Iterator[Found]:
        """What an organisation, user or group has; a host of no known kind is asked."""
        host = url.partition("://")[2].partition("/")[0].lower()
        known = self._kinds.forges([host]).get(host)
        own = known.of(url) if known else None
        forge = self._open.get(own) or open_forge(own) if own else None
        if own is None or forge is None:
            raise UnexpectedAnswer(
                f"What an organisation has cannot be listed at {host}: OSPO Vitals does not"
                " know the API of that host. Name its repositories one by one, or say under"
                " forges: what runs there."
            )
        self._open[own] = forge
        yield from forge.discover(url)

    def close(self) -> None:
        for forge in self._open.values():
            forge.close()


# ---------------------------------------------------------------- where it stands


def place_all(engine: Engine, config: Config) -> None:
    """Write of everything that was found where it stands, as configuration is now."""
    changed = [
        (after.source, after.id, after.state, after.reason)
        for before, after in _placed(engine, config)
        if (before.state, before.reason) != (after.state, after.reason)
    ]
    if changed:
        shelf.put_states(engine, changed)


def placed(engine: Engine, config: Config) -> Iterator[Shelved]:
    """Everything that was found, standing where configuration places it now."""
    yield from (after for _, after in _placed(engine, config))


def _placed(engine: Engine, config: Config) -> Iterator[tuple[Shelved, Shelved]]:
    """Each row of the shelf as it is stored, and as it stands now; one at a time."""
    stored = shelf.configured(engine, own_projects(engine))
    declared = {
        one.key for project in config.projects if not project.found for one in project.repositories
    }
    known = Known(stored.keys | declared, stored.native_ids, stored.heads, stored.roots)
    rules, said = _rules(config), shelf.declared(engine)
    for row in shelf.shelved(engine):
        if row.source in rules:
            one = candidate(row, stored.read, said.get(row.key))
            where, why = place(one, rules[row.source], known)
            yield row, replace(row, state=where.value, reason=_reason(why))


def _reason(why: Phrase | None) -> dict[str, object] | None:
    return None if why is None else {"text": why.template, "args": {**why.arguments}}


def _rules(config: Config) -> dict[str, Rules]:
    """What is said of each source; where it is named several times, all of it."""
    found: dict[str, Rules] = {}
    for one in config.discover:
        before = found.get(one.key, Rules())
        said = [(each.match, each.why) for each in one.declared.ignore]
        as_projects = before.as_projects or one.declared.as_ == "projects"
        found[one.key] = Rules((*before.ignore, *said), as_projects)
    return found


def candidate(
    row: Shelved, read: Mapping[str, tuple[str, str | None]], said: Declared | None
) -> Candidate:
    """A row of the shelf, with what its git and its publiccode.yml told where it was read."""
    head, root = read.get(row.key, (None, None))
    found = replace(row.found, head=head) if head else row.found
    if said is not None:
        found = replace(found, declared_url=said.url, based_on=said.based_on)
    return Candidate(row.key, row.host, found, row.gone_since is not None, root)
