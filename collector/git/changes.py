"""How many files does a commit touch, compared with its first parent (for supplier dumps)?

Trees are fetched level by level, all commits together: as many requests as folders are deep.
A renamed file counts twice (one gone, one new); a submodule counts as one file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from collector.git.command import BrokenClone, Git
from collector.git.objects import Entry, Objects, entries
from collector.git.options import GitOptions

DEEPEST = 60
MOST_TREES = 200_000
"""Of one level: beyond it the count is not known."""

Side = bytes | None
"""A tree, or None where there is none."""


@dataclass(slots=True)
class _Count:
    files: int = 0
    known: bool = True
    open: Counter[tuple[Side, Side]] = field(default_factory=Counter)
    """Pairs of folders still to be looked into, with how often each occurs."""


def changed_files(
    clone: Path, shas: Collection[bytes], options: GitOptions, url: str | None = None
) -> dict[bytes, int | None]:
    """Number of files each commit touches; None where the server will not give the trees."""
    git = Git(url or "", clone.absolute(), options)
    try:
        if not url:
            stored = git.local("config", "--local", "--get", "remote.origin.url")
            git = Git(stored.decode().rstrip("\n"), git.folder, options)
        return _count(Objects(git), _sides(git, shas))
    except BrokenClone:
        return dict.fromkeys(shas)


def _sides(git: Git, shas: Collection[bytes]) -> dict[bytes, _Count]:
    """The two trees of each commit; an unknown commit is unknown at once."""
    counts = {sha: _Count(known=False) for sha in shas}
    asked = b"".join(sha.hex().encode() + b"\n" for sha in shas)
    words = ("log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--format=%H %T %P")
    own: dict[bytes, tuple[bytes, bytes | None]] = {}
    for line in git.local(*words, stdin=asked).splitlines():
        sha, tree, *parents = (bytes.fromhex(word.decode()) for word in line.split())
        own[sha] = (tree, parents[0] if parents else None)
    trees = _trees_of(git, {parent for _, parent in own.values() if parent})
    for sha, (tree, parent) in own.items():
        if sha in counts and (parent is None or parent in trees):
            counts[sha] = _Count(open=Counter([(trees[parent] if parent else None, tree)]))
    return counts


def _trees_of(git: Git, shas: Collection[bytes]) -> dict[bytes, bytes]:
    asked = b"".join(sha.hex().encode() + b"\n" for sha in shas)
    words = ("log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--format=%H %T")
    lines = git.local(*words, stdin=asked).splitlines() if shas else []
    pairs = (line.split() for line in lines)
    return {bytes.fromhex(sha.decode()): bytes.fromhex(tree.decode()) for sha, tree in pairs}


def _count(objects: Objects, counts: dict[bytes, _Count]) -> dict[bytes, int | None]:
    width = len(next(iter(counts), b""))
    for _ in range(DEEPEST):
        pairs = {pair for count in counts.values() for pair in count.open}
        if not pairs or len(pairs) > MOST_TREES:
            break
        differences = _compare(objects, pairs, width)
        for count in counts.values():
            _descend(count, differences)
    return {
        sha: count.files if count.known and not count.open else None
        for sha, count in counts.items()
    }


Difference = tuple[int, tuple[tuple[Side, Side], ...]]


def _compare(
    objects: Objects, pairs: Iterable[tuple[Side, Side]], width: int
) -> dict[tuple[Side, Side], Difference]:
    """What differs between each pair of trees: files, and folders to look into."""
    wanted = {side for pair in pairs for side in pair if side is not None}
    known: dict[Side, Mapping[bytes, Entry]] = {
        oid: {entry.name: entry for entry in entries(data, width)}
        for oid, data in objects.contents(sorted(wanted))
    }
    known[None] = {}
    return {
        (old, new): _difference(known[old], known[new])
        for old, new in pairs
        if old in known and new in known
    }


def _difference(old: Mapping[bytes, Entry], new: Mapping[bytes, Entry]) -> Difference:
    files = 0
    folders: list[tuple[Side, Side]] = []
    for name in old.keys() | new.keys():
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        sides = tuple(e.oid if e and e.is_folder else None for e in (before, after))
        if sides[0] != sides[1]:
            folders.append((sides[0], sides[1]))
        leaves = [e for e in (before, after) if e and not e.is_folder]
        files += 1 if leaves else 0
    return files, tuple(folders)


def _descend(count: _Count, differences: Mapping[tuple[Side, Side], Difference]) -> None:
    looked_into, count.open = count.open, Counter()
    for pair, times in looked_into.items():
        difference = differences.get(pair)
        if difference is None:
            count.known = False
            count.open.clear()
            return
        count.files += difference[0] * times
        for inner in difference[1]:
            count.open[inner] += times
