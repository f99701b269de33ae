"""Git: who committed what to a repository's default branch, and when did it arrive?

One question to the server tells whether anything moved. If it did, commits and tags are fetched
(no files), and the history is given as a stream: only what is new, where that gives the same as
reading all of it, else all of it.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from collector.forge import ForgeError, Unavailable
from collector.git.changes import changed_files
from collector.git.clone import (
    UPSTREAM,
    Listing,
    discard,
    head_of,
    is_shallow,
    listing,
    local_refs,
    make_anew,
    update,
    update_upstream,
    upstream_of,
)
from collector.git.command import BrokenClone, Git
from collector.git.files import Files, read_files
from collector.git.forks import fork_state
from collector.git.objects import settle, was_interrupted
from collector.git.options import GitOptions, bare_url
from collector.git.tags import read_tags
from collector.git.walk import text, walk
from collector.model import Commit, ForkState, GitReading

__all__ = ["GitOptions", "GitReading", "Unchanged", "changed_files", "read", "settle"]

log = logging.getLogger("ospo_vitals")

VERSION = 2
"""Of what a reading gives: a newer one reads every repository again, from our own copy."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing moved since the cursor; it cost one question."""

    cursor: str
    bytes_received: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reading reached, and by which rules it was made."""

    url: str
    refs: str
    head: str = ""
    upstream: str = ""
    identity: str = ""
    version: int = VERSION

    def text(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), sort_keys=True)


def _cursor(written: str | None) -> Cursor | None:
    """Read a cursor; one of another making counts as none."""
    try:
        return Cursor(**json.loads(written)) if written else None
    except (ValueError, TypeError):
        return None


def read(
    url: str, clone: Path, cursor: str | None, options: GitOptions, identity_digest: str
) -> GitReading | Unchanged:
    """Read what is new in a repository since ``cursor``, or say that nothing is.

    Raises the errors of ``forge``; their texts are sentences for people. The commits of the
    reading are a stream to be used up once, before the next reading of this clone.
    """
    git = Git(url, clone.absolute(), options)
    there = listing(git)
    upstream = upstream_of(git)
    above, asked = _ask_upstream(upstream)
    now = Cursor(
        url=bare_url(url),
        refs=there.digest,
        upstream=f"{options.upstream} {above.digest} compared" if above else "",
        identity=identity_digest,
        head=there.head.hex() if there.head else "",
    )
    before = None if options.full else _cursor(cursor)
    if was_interrupted(git.folder):
        before = None
        discard(git.folder)
    if before == now:
        return Unchanged(now.text(), there.size + asked)
    if there.head is None:
        return _empty(now, there)
    try:
        received = there.size + asked + _update(git, there, upstream, above)
        return replace(_reading(git, there, before, now, received), fork=_fork(git, there, above))
    except BrokenClone as broken:
        raise _say_broken(git, broken) from None


def _ask_upstream(upstream: Git | None) -> tuple[Listing | None, int]:
    if upstream is None:
        return None, 0
    try:
        there = listing(upstream)
    except ForgeError as error:
        raise type(error)(f"Its declared upstream could not be read: {error}") from None
    return there, there.size


def _update(git: Git, there: Listing, upstream: Git | None, above: Listing | None) -> int:
    """Bring the copy up to date; a broken one is made anew, once."""
    try:
        received = update(git, there)
    except BrokenClone as broken:
        log.warning("our copy of %s is damaged and fetched again: %s", bare_url(git.url), broken)
        received = make_anew(git, there)
    if upstream is not None and above is not None:
        received += update_upstream(upstream, above)
    return received


def _say_broken(git: Git, broken: BrokenClone) -> Unavailable:
    """A copy that broke while it was read goes away, so that the next pass fetches a new one."""
    discard(git.folder)
    return Unavailable(
        f"Our copy of {bare_url(git.url)} was damaged ({broken.why}) and has been removed: "
        "the next pass fetches it again."
    )


def _empty(now: Cursor, there: Listing) -> GitReading:
    """The reading of a repository without a commit."""
    return GitReading(
        head=None,
        default_branch=None,
        replaces=True,
        commits=(),
        tags=(),
        files=(),
        same_people=(),
        cursor=now.text(),
        bytes_received=there.size,
    )


def _reading(
    git: Git, there: Listing, before: Cursor | None, now: Cursor, received: int
) -> GitReading:
    head = head_of(git, there)
    assert head is not None  # noqa: S101 - an empty repository was told apart above
    excluded = _upstream_tips(git)
    known = _known_part(git, before, now, head)
    files: Files = read_files(git, head)
    return GitReading(
        head=head,
        default_branch=text(there.branch) if there.branch is not None else None,
        replaces=known is None,
        commits=_stream(git, head, [*excluded, *([known] if known else [])]),
        tags=read_tags(git),
        files=files.facts,
        same_people=files.same_people,
        cursor=now.text() if head.hex() == now.head else _at(now, head).text(),
        complete=not is_shallow(git.folder),
        bytes_received=received + files.bytes_received,
    )


def _fork(git: Git, there: Listing, above: Listing | None) -> ForkState | None:
    head = head_of(git, there)
    return fork_state(git, head, above) if head else None


def _at(now: Cursor, head: bytes) -> Cursor:
    """The cursor of a branch that moved while it was read: the next pass looks again."""
    return Cursor(**{**asdict(now), "head": head.hex(), "refs": ""})


def _upstream_tips(git: Git) -> list[bytes]:
    if git.options.upstream is None:
        return []
    return [bytes.fromhex(oid.decode()) for oid in set(local_refs(git, UPSTREAM).values())]


def _known_part(git: Git, before: Cursor | None, now: Cursor, head: bytes) -> bytes | None:
    """Up to which commit is the history known, by the same rules? None: read all of it."""
    if before is None or not before.head:
        return None
    rules = ("url", "upstream", "identity", "version")
    if any(getattr(before, rule) != getattr(now, rule) for rule in rules):
        return None
    old = bytes.fromhex(before.head)
    return old if _grew_from(git, old, head) else None


def _grew_from(git: Git, old: bytes, new: bytes) -> bool:
    """Is the old tip on the new one's first-parent line? Else arrivals may have changed."""
    if old == new:
        return True
    words = ("rev-list", "--first-parent", "--parents", new.hex(), f"^{old.hex()}", "--")
    try:
        with git.stream(*words) as line:
            last = deque(line, maxlen=1)
    except BrokenClone:
        return False  # the old tip is not in our copy: it was made anew
    oldest = last.pop().split() if last else []
    return oldest[1:2] == [old.hex().encode()]


def _stream(git: Git, head: bytes, excluded: list[bytes]) -> Iterator[Commit]:
    """The commits, as they come from git; a copy found broken on the way is removed."""
    try:
        yield from walk(git, head, excluded)
    except BrokenClone as broken:
        raise _say_broken(git, broken) from None
