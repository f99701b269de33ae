"""Which trees and small files does our copy lack, and how are they had in few requests?

Objects are asked for in batches, newest first. A server that lacks one of them fails the whole
batch: the one it names is left out, or the batch is halved, within a bounded number of requests.
Git's servers hold back a folder that stands inside another one asked for with it; what did come is
kept, and the folder is asked for again without the other.
What cannot be had is simply absent from what ``contents`` gives.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collector.git.clone import size_of_packs
from collector.git.command import Git

log = logging.getLogger("ospo_vitals.git")

REQUESTS = 8
"""How often a batch is cut and asked for again, before the rest counts as unreadable.

A request that gave half of what it was for, or more, is not counted.
"""
REQUESTS_WHERE_DAMAGED = 3
MARK = "vitals-damaged"
UNFINISHED = "vitals-unfinished"
WANTED_AT_ONCE = 20_000
LARGEST = 8 << 20
READ_AT_ONCE = 16 << 20

_NOT_OURS = re.compile(rb"not our ref ([0-9a-f]{40,64})|unadvertised object ([0-9a-f]{40,64})")
_HELD_BACK = re.compile(rb"did not send all necessary objects")
_DAMAGED = re.compile(
    rb"repository corruption|pack-objects died|bad (tree|object)|unable to read|missing"
    rb"|could not fetch|bad pack header"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder of the repository."""

    mode: bytes
    name: bytes
    oid: bytes

    @property
    def is_folder(self) -> bool:
        """Is it a folder?"""
        return self.mode == b"40000"

    @property
    def is_file(self) -> bool:
        """Is it a file with a content (no link, no submodule)?"""
        return self.mode.startswith(b"10")


def entries(tree: bytes, width: int) -> Iterator[Entry]:
    """What stands in a tree object, whose ids are ``width`` bytes long."""
    at = 0
    while (space := tree.find(b" ", at)) >= 0:
        end = tree.find(b"\0", space)
        if end < 0:
            return
        yield Entry(tree[at:space], tree[space + 1 : end], tree[end + 1 : end + 1 + width])
        at = end + 1 + width


def was_interrupted(folder: Path) -> bool:
    """Was a reading of a damaged repository killed on its way?

    What such a server gives depends on what was asked before, so only a reading from the
    beginning gives what an uninterrupted one does. Of a whole one everything is had anyway.
    """
    return (folder / MARK).exists() and (folder / UNFINISHED).exists()


def settle(folder: Path) -> None:
    """A reading has come to its end, and all that it gave is stored."""
    (folder / UNFINISHED).unlink(missing_ok=True)


@dataclass(slots=True)
class Objects:
    """The objects of one copy, fetched where needed; ``received`` counts their bytes."""

    git: Git
    received: int = 0
    refused: bool = False
    asked: int = 0
    _lacking: set[bytes] = field(default_factory=set)

    def contents(
        self, oids: Iterable[bytes], largest: int = LARGEST
    ) -> Iterator[tuple[bytes, bytes]]:
        """Each object that can be had and is not larger than ``largest``, with its content."""
        wanted = list(dict.fromkeys(oids))
        absent = [oid for oid, size in self._sizes(wanted) if size is None]
        if absent := [oid for oid in absent if oid not in self._lacking]:
            self.fetch(absent)
        group: list[bytes] = []
        weight = 0
        for oid, size in self._sizes(wanted):
            if size is None or size > largest:
                continue
            group.append(oid)
            weight += size
            if weight > READ_AT_ONCE:
                yield from self._read(group)
                group, weight = [], 0
        yield from self._read(group)

    def fetch(self, oids: Sequence[bytes]) -> None:
        """Ask the server for objects, the most important first."""
        before = size_of_packs(self.git.folder)
        (self.git.folder / UNFINISHED).touch()
        damaged = (self.git.folder / MARK).exists()
        budget = REQUESTS_WHERE_DAMAGED if damaged else REQUESTS
        waiting = [list(oids[i : i + WANTED_AT_ONCE]) for i in range(0, len(oids), WANTED_AT_ONCE)][
            ::-1
        ]
        while waiting and not self.refused:
            batch = waiting.pop()
            rest = self._request(batch)
            budget -= 2 * sum(map(len, rest)) > len(batch)
            waiting += rest[::-1]
            if budget <= 0:
                break
        self._lacking.update(oids)
        self.received += max(0, size_of_packs(self.git.folder) - before)

    def _request(self, batch: list[bytes]) -> list[list[bytes]]:
        """Ask once; gives back the smaller batches to ask for instead, if it failed."""
        self.asked += 1
        done = self.git.attempt(
            *("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags"),
            *("--no-write-fetch-head", "--filter=tree:0", "--stdin", "--", "origin"),
            stdin=b"".join(oid.hex().encode() + b"\n" for oid in batch),
        )
        if not done.returncode:
            return []
        log.debug("%s gave no objects: %s", self.git.url, done.stderr[-500:])
        if named := _NOT_OURS.search(done.stderr):
            left = [oid for oid in batch if oid.hex().encode() not in named.groups()]
            self.refused = named[2] is not None and len(left) == len(batch) - 1 and not named[1]
            return [left] if left else []
        if _HELD_BACK.search(done.stderr):
            absent = [oid for oid, size in self._sizes(batch) if size is None]
            if len(absent) < len(batch):
                return [absent] if absent else []
        if not _DAMAGED.search(done.stderr):
            raise self.git.failure(done.stderr, network=True)
        (self.git.folder / MARK).touch()
        if len(batch) == 1:
            return []
        first, rest = batch[:1], batch[1:]
        middle = len(rest) // 2
        halves = [first, rest] if len(batch) < 4 else [first, rest[:middle], rest[middle:]]
        return [half for half in halves if half]

    def _sizes(self, oids: Sequence[bytes]) -> list[tuple[bytes, int | None]]:
        asked = b"".join(oid.hex().encode() + b"\n" for oid in oids)
        lines = self.git.local("cat-file", "--batch-check=%(objectsize)", stdin=asked).splitlines()
        return [
            (oid, int(line) if line.isdigit() else None)
            for oid, line in zip(oids, lines, strict=True)
        ]

    def _read(self, oids: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        if not oids:
            return
        asked = b"".join(oid.hex().encode() + b"\n" for oid in oids)
        output = self.git.local("cat-file", "--batch=%(objectsize)", stdin=asked)
        at = 0
        for oid in oids:
            end = output.index(b"\n", at)
            size = int(output[at:end])
            yield oid, output[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
