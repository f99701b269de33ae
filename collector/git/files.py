"""Which community files did the default branch have, where, and from when until when?

Followed along the first-parent line: exactly, while it has few enough distinct root trees, else
at the starts of months and at the head. Where the server will not give a tree, a fact with
``readable`` false says for each file that nothing is known of it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector.git.command import Git
from collector.git.community import (
    FOLDERS,
    KEYS,
    Place,
    places,
    wanted_folder,
    wanted_text,
)
from collector.git.mailmap import same_people
from collector.git.objects import Entry, Objects, entries
from collector.git.walk import LATEST, instant
from collector.licences import of_texts
from collector.model import EARLIEST, Account, FileFact, Instant
from collector.publiccode import read_publiccode

LARGEST_TEXT = 1 << 20
MONTH = 2_629_746
"""A twelfth of a year: fine enough to sample the starts of months."""


@dataclass(frozen=True, slots=True)
class Files:
    """What the files of a repository say."""

    facts: tuple[FileFact, ...] = ()
    same_people: tuple[tuple[Account, Account], ...] = ()
    bytes_received: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """The root tree of the default branch from an instant on."""

    since: Instant
    tree: bytes


def read_files(git: Git, head: bytes) -> Files:
    """Read the community files' history and the head's ``.mailmap``, in three batches."""
    stages = _stages(git, head)
    objects = Objects(git)
    folders = _Folders(objects, len(head))
    folders.load(stage.tree for stage in stages)
    found = {stage.tree: folders.places(stage.tree) for stage in stages}
    mailmap = folders.file(stages[0].tree, b".mailmap") if stages else None
    texts = _texts(objects, [found[stage.tree] for stage in stages], mailmap)
    reader = _Reader(texts, git.url)
    facts = _facts([(stage, reader.facts(found[stage.tree])) for stage in reversed(stages)])
    people = same_people(texts.get(mailmap, b"")) if mailmap else ()
    return Files(facts, people, objects.received)


def _stages(git: Git, head: bytes) -> list[Stage]:
    """The root trees along the first-parent line, newest first, each with its beginning.

    A commit arrived no later than the one on top of it, whatever its clock said.
    """
    exact: list[Stage] | None = []
    distinct: set[bytes] = set()
    monthly: dict[int, Stage] = {}
    for since, tree in _mainline(git, head):
        monthly.setdefault(since // MONTH, Stage(since, tree))
        if exact is None:
            continue
        distinct.add(tree)
        if exact and exact[-1].tree == tree:
            exact.pop()
        exact.append(Stage(since, tree))
        if len(distinct) > git.options.exact_trees:
            exact = None
    return exact if exact is not None else list(monthly.values())


def _mainline(git: Git, head: bytes) -> Iterator[tuple[Instant, bytes]]:
    words = ("log", "--first-parent", "--no-mailmap", "--format=%T %ct %at", head.hex(), "--")
    newest = LATEST
    with git.stream(*words) as output:
        for line in output:
            tree, _, dates = line.partition(b" ")
            committed, _, authored = dates.rstrip(b"\n").partition(b" ")
            for date in (instant(committed), instant(authored)):
                if date >= EARLIEST:
                    newest = min(newest, date)
                    break
            yield newest, bytes.fromhex(tree.decode())


@dataclass(slots=True)
class _Folders:
    """The few folders that matter, of all root trees: two batches."""

    objects: Objects
    width: int
    _known: dict[bytes, list[Entry]] = field(default_factory=dict)

    def load(self, trees: Iterable[bytes]) -> None:
        roots = list(dict.fromkeys(trees))
        self._read(roots)
        inner = [
            entry.oid
            for root in roots
            for entry in self._known.get(root, ())
            if entry.is_folder and entry.name.lower() in FOLDERS
        ]
        self._read(inner)

    def _read(self, oids: Sequence[bytes]) -> None:
        for oid, data in self.objects.contents(oids):
            # Only what can matter is kept: a folder may hold a hundred thousand names.
            self._known[oid] = [
                entry
                for entry in entries(data, self.width)
                if wanted_text(entry.name) or (entry.is_folder and wanted_folder(entry.name))
            ]

    def places(self, root: bytes) -> Mapping[str, Place] | None:
        """Where each community file is, or None where the root tree cannot be read."""
        top = self._known.get(root)
        if top is None:
            return None
        inner = {
            entry.name: self._known.get(entry.oid)
            for entry in top
            if entry.is_folder and entry.name.lower() in FOLDERS
        }
        return places(top, inner)

    def file(self, root: bytes, name: bytes) -> bytes | None:
        """The object of a file that stands in the root."""
        top = self._known.get(root, ())
        return next((e.oid for e in top if e.name == name and e.is_file), None)


def _texts(
    objects: Objects, found: Sequence[Mapping[str, Place] | None], mailmap: bytes | None
) -> dict[bytes, bytes]:
    """The contents of licences, publiccode.yml and .mailmap: one batch."""
    wanted = [mailmap] if mailmap else []
    for here in found:
        for key in ("LICENSE", "publiccode.yml"):
            wanted += [e.oid for e in here[key].entries] if here and key in here else []
    return dict(objects.contents(wanted, LARGEST_TEXT))


@dataclass(slots=True)
class _Reader:
    """Makes facts, each text being read once."""

    texts: Mapping[bytes, bytes]
    url: str
    _known: dict[tuple[str, Place], FileFact] = field(default_factory=dict)

    def facts(self, found: Mapping[str, Place] | None) -> dict[str, FileFact]:
        """What is known of each file at one stage (without its dates)."""
        if found is None:
            return {key: FileFact(key, "", 0, readable=False) for key in KEYS}
        return {key: self._fact(key, place) for key, place in found.items()}

    def _fact(self, key: str, place: Place) -> FileFact:
        fact = self._known.get((key, place))
        if fact is None:
            fact = self._known[key, place] = self._read(FileFact(key, place.path, 0), place)
        return fact

    def _read(self, fact: FileFact, place: Place) -> FileFact:
        if place.unreadable:
            return replace(fact, readable=False)
        if fact.key not in {"LICENSE", "publiccode.yml"}:
            return fact
        texts = {e.name: self.texts[e.oid] for e in place.entries if e.oid in self.texts}
        if not texts:
            return replace(fact, readable=False)
        if fact.key == "LICENSE":
            return replace(fact, spdx=of_texts(texts))
        read = read_publiccode(next(iter(texts.values())), self.url)
        return replace(fact, data=read.data, problems=read.problems)


def _facts(stages: Iterable[tuple[Stage, Mapping[str, FileFact]]]) -> tuple[FileFact, ...]:
    """Join what holds over consecutive stages into dated facts."""
    done: list[FileFact] = []
    holding: dict[str, FileFact] = {}
    for stage, here in stages:
        for key in KEYS:
            before, now = holding.get(key), here.get(key)
            if before and (now is None or not _alike(before, now)):
                done.append(replace(holding.pop(key), until=stage.since))
                before = None
            if now and not before:
                holding[key] = replace(now, since=stage.since)
    done += holding.values()
    # A clock that stood still or ran back can leave an interval without any length.
    lasting = [fact for fact in done if fact.until is None or fact.until > fact.since]
    return tuple(sorted(lasting, key=lambda fact: (KEYS.index(fact.key), fact.since)))


def _alike(one: FileFact, other: FileFact) -> bool:
    return replace(one, since=0, until=None) == replace(other, since=0, until=None)
