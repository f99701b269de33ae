"""The shelf "not sorted yet": where does each found repository stand, and why?

Nothing on it is judged. What is plainly somebody else's, or a second copy, is set aside with the
reason, so that people sort only what is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from collector.catalogue import Found
from collector.model import Phrase
from collector.publiccode import same_repository


class Place(StrEnum):
    """Where a found repository stands."""

    NEW = "new"
    """On the shelf: nobody has said what it is."""
    PROJECT = "project"
    """A project of its own, as ``as: projects`` says."""
    CLAIMED = "claimed"
    """Part of a project that is configured."""
    IGNORED = "ignored"
    FORK = "fork"
    MIRROR = "mirror"
    COPY = "copy"
    EMPTY = "empty"
    GONE = "gone"
    """No longer listed where it was found."""


SET_ASIDE = (Place.IGNORED, Place.FORK, Place.MIRROR, Place.COPY, Place.EMPTY)


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides for one source: what it ignores, and whether the rest become projects."""

    ignore: Sequence[tuple[str, str | None]] = ()
    as_projects: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What else there is: configured repositories, and who has which newest commit."""

    keys: Collection[str] = frozenset()
    native_ids: Collection[tuple[str, str]] = frozenset()
    heads: Mapping[str, str] = field(default_factory=dict)
    """Newest commit → address of the first repository that has it."""
    roots: Mapping[str, str] = field(default_factory=dict)
    """The same for the oldest one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found repository that is to be placed. ``root``: its oldest commit, where git was read."""

    key: str
    host: str
    found: Found
    gone: bool = False
    root: str | None = None


def place(one: Candidate, rules: Rules, known: Known) -> tuple[Place, Phrase | None]:
    """Where does it stand, and why?"""
    found = one.found
    if one.key in known.keys or (one.host, found.native_id or "") in known.native_ids:
        return Place.CLAIMED, None
    if one.gone:
        return Place.GONE, Phrase("it is no longer listed where it was found")
    for match, why in rules.ignore:
        if matches(match, one.key):
            return Place.IGNORED, Phrase("{why}", {"why": why or f"configured: {match}"})
    copy = next(_copies(one, known), None)
    if copy is not None:
        return copy
    if found.empty:
        return Place.EMPTY, Phrase("there is nothing in it yet")
    return (Place.PROJECT if rules.as_projects else Place.NEW), None


def matches(pattern: str, key: str) -> bool:
    """Does ``ignore: match`` mean this repository: by its name, or by its path?"""
    path = key.partition("/")[2].casefold()
    wanted = pattern.casefold()
    return fnmatchcase(path if "/" in wanted else path.rpartition("/")[2], wanted)


def _copies(one: Candidate, known: Known) -> Iterator[tuple[Place, Phrase]]:
    """Whether it is somebody else's or a second copy, as forge, publiccode.yml and git say."""
    found = one.found
    if found.mirror_of:
        yield Place.MIRROR, Phrase("a mirror of {url}", {"url": found.mirror_of})
    if found.fork_of:
        yield Place.FORK, Phrase("a fork of {url}", {"url": found.fork_of})
    if found.fork:
        yield Place.FORK, Phrase("a fork, says its forge")
    if found.declared_url and not _is(found.declared_url, found):
        facts = {"url": found.declared_url}
        yield Place.COPY, Phrase("its publiccode.yml is that of {url}", facts)
    origins = [url for url in found.based_on if not _is(url, found)]
    if origins:
        facts = {"url": origins[0]}
        yield Place.FORK, Phrase("based on {url}, says its publiccode.yml", facts)
    twin = known.heads.get(found.head or "")
    if twin and not _is(twin, found):
        yield Place.MIRROR, Phrase("the same commits as {url}, to the last one", {"url": twin})
    origin = known.roots.get(one.root or "")
    if origin and not _is(origin, found):
        yield Place.FORK, Phrase("it begins with the same commit as {url}", {"url": origin})


def _is(url: str, found: Found) -> bool:
    """Does an address mean this repository? One that cannot be compared proves nothing."""
    return any(same_repository(url, own) is not False for own in (found.url, *found.aliases))
