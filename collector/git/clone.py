"""Our copy of a repository: commits and tags of its branches, and nothing else until asked for.

A copy is made under another name and renamed when it is whole, so that a killed pass leaves
nothing half-made. What a killed git leaves behind (locks) is cleared before the next one works.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

from collector.git.command import QUESTION_SECONDS, BrokenClone, Git
from collector.git.options import bare_url

HEADS, TAGS = b"refs/heads/", b"refs/tags/"
REFSPECS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
DETACHED = "refs/vitals/head"
UPSTREAM = b"refs/upstream/"
USUAL_BRANCHES = (b"main", b"master", b"trunk", b"develop", b"dev")
MANY_PACKS = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server says it has: branches and tags, and which branch is the default."""

    refs: Mapping[bytes, bytes]
    head: bytes | None
    branch: bytes | None
    size: int

    @property
    def digest(self) -> str:
        """One word for all of it: equal words, nothing changed."""
        lines = [name + b" " + oid for name, oid in sorted(self.refs.items())]
        facts = [self.branch or b"", (self.head or b"").hex().encode(), *lines]
        return hashlib.sha256(b"\n".join(facts)).hexdigest()


def listing(git: Git) -> Listing:
    """What does the server have? One question, whatever state our copy is in."""
    answer = replace(git, folder=Path("/dev/null")).ask(
        "ls-remote", "--symref", "--", bare_url(git.url), seconds=QUESTION_SECONDS
    )
    refs: dict[bytes, bytes] = {}
    head = branch = None
    for line in answer.split(b"\n"):
        left, _, name = line.partition(b"\t")
        if name == b"HEAD" and left.startswith(b"ref: "):
            branch = left[5:].removeprefix(HEADS)
        elif name == b"HEAD":
            head = bytes.fromhex(left.decode())
        elif name.startswith((HEADS, TAGS)) and not name.endswith(b"^{}"):
            refs[name] = left
    return _with_default(refs, head, branch, len(answer))


def _with_default(
    refs: dict[bytes, bytes], head: bytes | None, branch: bytes | None, size: int
) -> Listing:
    """Find the default branch where the server's HEAD points nowhere."""
    heads = {name.removeprefix(HEADS): oid for name, oid in refs.items() if name.startswith(HEADS)}
    if head is None and heads:
        usual = next((name for name in USUAL_BRANCHES if name in heads), None)
        branch = usual or min(heads)
        head = bytes.fromhex(heads[branch].decode())
    elif head is None:
        branch = None
    return Listing(refs, head, branch, size)


def update(git: Git, there: Listing) -> int:
    """Bring our copy up to what the server has; returns the bytes received."""
    if not _usable(git):
        return _make(git, there)
    clear_locks(git.folder)
    if local_refs(git, HEADS, TAGS) == there.refs and _has(git, there.head):
        return 0
    return _fetch(git, there)


def make_anew(git: Git, there: Listing) -> int:
    """Throw our broken copy away and fetch it again."""
    discard(git.folder)
    return _make(git, there)


def discard(folder: Path) -> None:
    """Remove a copy, whatever state it is in."""
    shutil.rmtree(folder, ignore_errors=True)


def _usable(git: Git) -> bool:
    """Is there a whole copy, and is it of this very URL?"""
    if not (git.folder / "HEAD").is_file():
        return False
    try:
        url = git.local("config", "--local", "--get", "remote.origin.url")
    except BrokenClone:
        return False
    return url.rstrip(b"\n").decode(errors="replace") == bare_url(git.url)


def _make(git: Git, there: Listing) -> int:
    """Copy a repository: under another name first, then renamed."""
    git.folder.parent.mkdir(parents=True, exist_ok=True)
    for left in git.folder.parent.glob(f"{git.folder.name}.*.new"):
        discard(left)
    discard(git.folder)
    # Of a name of its own: the git of a killed pass may still be writing into the last one.
    fresh = Path(mkdtemp(prefix=f"{git.folder.name}.", suffix=".new", dir=git.folder.parent))
    new = replace(git, folder=fresh)
    kind = "sha256" if there.head and len(there.head) == 32 else "sha1"
    try:
        new.local("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(fresh))
        new.local("config", "remote.origin.url", bare_url(git.url))
        received = _fetch(new, there)
        fresh.rename(git.folder)
    except BaseException:
        discard(fresh)
        raise
    return received


def _fetch(git: Git, there: Listing) -> int:
    """Fetch what is new of branches and tags, and forget what is gone there."""
    specs = list(REFSPECS)
    if there.head and there.head.hex().encode() not in there.refs.values():
        specs.append(f"+HEAD:{DETACHED}")
    return fetch(git, "origin", specs)


def fetch(git: Git, remote: str, specs: list[str]) -> int:
    """Fetch commits and tags without trees; keep the graph file that lets a walk stream."""
    before = size_of_packs(git.folder)
    git.ask(
        "fetch",
        "--quiet",
        "--prune",
        "--force",
        "--no-tags",
        "--update-shallow",
        "--no-write-fetch-head",
        "--filter=tree:0",
        "--",
        remote,
        *specs,
    )
    received = size_of_packs(git.folder) - before
    _tidy(git)
    return max(0, received)


def _tidy(git: Git) -> None:
    if len(list(_packs(git.folder))) > MANY_PACKS:
        git.local("-c", "remote.origin.promisor=true", "repack", "-a", "-d", "-q")
    git.local("commit-graph", "write", "--reachable", "--split", "--no-progress")


def _packs(folder: Path) -> Iterator[Path]:
    return (folder / "objects" / "pack").glob("*.pack")


def size_of_packs(folder: Path) -> int:
    """How many bytes of objects does the copy hold?"""
    return sum(pack.stat().st_size for pack in _packs(folder))


def clear_locks(folder: Path) -> None:
    """Remove what a killed git left behind; one pass at a time works on a copy."""
    left = [*folder.glob("*.lock"), *(folder / "refs").rglob("*.lock")]
    objects = folder / "objects"
    left += [*(objects / "info").rglob("*.lock"), *(objects / "pack").glob("tmp_*")]
    for path in left:
        path.unlink(missing_ok=True)


def local_refs(git: Git, *prefixes: bytes) -> dict[bytes, bytes]:
    """Which refs does our copy have under these prefixes?"""
    words = [prefix.decode().rstrip("/") for prefix in prefixes]
    lines = git.local("for-each-ref", "--format=%(objectname) %(refname)", *words).split(b"\n")
    pairs = (line.partition(b" ") for line in lines if line)
    return {name: oid for oid, _, name in pairs}


def _has(git: Git, oid: bytes | None) -> bool:
    if oid is None:
        return True
    answer = git.local("cat-file", "--batch-check", stdin=oid.hex().encode() + b"\n")
    return not answer.rstrip().endswith(b"missing")


def head_of(git: Git, there: Listing) -> bytes | None:
    """Which commit is the default branch at, in our copy (it may be newer than the listing)?"""
    if there.head is None:
        return None
    if there.branch is not None:
        ours = local_refs(git, HEADS).get(HEADS + there.branch)
        if ours is not None:
            return bytes.fromhex(ours.decode())
    return there.head


def upstream_of(git: Git) -> Git | None:
    """The declared upstream, read into the same copy; our token only goes to its own host."""
    if git.options.upstream is None:
        return None
    same = urlsplit(git.options.upstream).netloc == urlsplit(bare_url(git.url)).netloc
    options = git.options if same else replace(git.options, token=None)
    return Git(git.options.upstream, git.folder, options)


def update_upstream(upstream: Git, there: Listing) -> int:
    """Bring the upstream's branches into the copy, apart from our own."""
    ours = {
        HEADS + name.removeprefix(UPSTREAM): oid
        for name, oid in local_refs(upstream, UPSTREAM).items()
    }
    theirs = {name: oid for name, oid in there.refs.items() if name.startswith(HEADS)}
    if ours == theirs:
        return 0
    upstream.local("config", "remote.upstream.url", bare_url(upstream.url))
    return fetch(upstream, "upstream", ["+refs/heads/*:refs/upstream/*"])


def is_shallow(folder: Path) -> bool:
    """Is the beginning of history missing (a server that is itself shallow)?"""
    return (folder / "shallow").is_file()
