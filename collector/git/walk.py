"""Which commits does the default branch have, who made them, and when did each arrive (C4)?

``git log --topo-order`` gives children before parents. Each commit is told by its children
which commit of the first-parent line is the oldest one that reaches it, and tells its parents:
what must be remembered is the frontier between those seen and those not, never the history.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, make_dataclass
from typing import IO, Any

from collector.git.command import Git
from collector.git.options import GitOptions
from collector.model import Account, Commit, Instant

FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%(trailers:only,unfold)"
FIELDS = 8
CHUNK = 1 << 20
LATEST = 2**53
"""Dates beyond it are as good as it: both are invalid."""
KEPT_ACCOUNTS = 100_000
KEPT_BLOCKS = 10_000

Record = tuple[bytes, ...]
Arrival = tuple[int, Instant, bytes]
"""Depth on the first-parent line, committer date and id of the commit that brought another."""


def log_words(head: bytes, excluded: Sequence[bytes]) -> list[str]:
    """Which arguments make git log say all that a walk needs?"""
    names = [head.hex(), *(f"^{tip.hex()}" for tip in excluded)]
    return ["log", "--topo-order", "--no-mailmap", "-z", f"--format=tformat:{FORMAT}", *names, "--"]


def walk(git: Git, head: bytes, excluded: Sequence[bytes] = ()) -> Iterator[Commit]:
    """Every commit reachable from ``head`` and from none of ``excluded``, newest first."""
    with git.stream(*log_words(head, excluded)) as output:
        yield from commits(records(output), head.hex().encode(), git.options)


def records(output: IO[bytes]) -> Iterator[Record]:
    """Cut git's output into records, whatever the sizes of the pieces it comes in."""
    rest: list[bytes] = []
    tail = b""
    while chunk := output.read(CHUNK):
        fields = (tail + chunk).split(b"\0")
        tail = fields.pop()
        rest += fields
        whole = len(rest) - len(rest) % FIELDS
        yield from zip(*[iter(rest[:whole])] * FIELDS, strict=True)
        del rest[:whole]


_Draft: Any = make_dataclass("_Draft", [f.name for f in fields(Commit)], slots=True, eq=False)
"""A commit while it is made: filling a frozen one costs four times the whole walk's other work,
so this one, of the same slots, is filled and then becomes a ``Commit``."""


def commits(rows: Iterator[Record], head: bytes, options: GitOptions) -> Iterator[Commit]:
    """Turn records into commits, carrying arrivals from children to parents.

    Written for speed, once per commit of every history: measured by ``benchmarks/walk.py``.
    """
    account = accounts()
    trailers = trailer_reader(account, options.names_ai)
    frontier: dict[bytes, Arrival] = {}
    mainline, depth = head, 0
    draft, hexless = _Draft, unhexlify
    for sha, tree, above, name, mail, authored, committed, ending in rows:
        committer_time = int(committed) if len(committed) == 10 else instant(committed)
        identity = hexless(sha)
        parents = above.split()
        if sha == mainline:
            arrival = (depth, committer_time, identity)
            mainline = parents[0] if parents else b""
            depth += 1
            frontier.pop(sha, None)
        else:
            arrival = frontier.pop(sha)
        for parent in parents:
            known = frontier.get(parent)
            if known is None or known[0] < arrival[0]:
                frontier[parent] = arrival
        co_authors, declares_ai = trailers(ending) if ending else _NONE
        commit = draft(
            identity,
            account(name, mail),
            int(authored) if len(authored) == 10 else instant(authored),
            committer_time,
            arrival[1],
            arrival[2],
            len(parents),
            co_authors,
            declares_ai,
            hexless(tree),
        )
        commit.__class__ = Commit
        yield commit


_NONE: tuple[tuple[Account, ...], bool] = ((), False)


def instant(digits: bytes) -> Instant:
    """Read git's date; a missing, negative or absurd one becomes one that is plainly invalid."""
    try:
        return min(int(digits), LATEST) if len(digits) < 20 else LATEST
    except ValueError:
        return 0


def text(raw: bytes) -> str:
    """Read a name in whatever encoding it is, without characters that no name has."""
    try:
        words = raw.decode()
    except UnicodeDecodeError:
        words = raw.decode("latin-1")
    return words if words.isprintable() else "".join(c for c in words if c.isprintable())


def accounts() -> Callable[[bytes, bytes], Account]:
    """A maker of accounts that makes each only once (its memory is bounded)."""
    known: dict[tuple[bytes, bytes], Account] = {}

    def account(name: bytes, mail: bytes) -> Account:
        found = known.get((name, mail))
        if found is None:
            if len(known) >= KEPT_ACCOUNTS:
                known.clear()
            found = known[name, mail] = Account(name=text(name), mail=text(mail).strip())
        return found

    return account


_ASSISTANT_KEY = re.compile(rb"^(ai[-\w]*|[-\w]*(assisted|generated|assistant|agent)[-\w]*)$")
_WORD = re.compile(rb"[^\s:/(),\[\]<>]+")

TrailerReader = Callable[[bytes], tuple[tuple[Account, ...], bool]]


def trailer_reader(
    account: Callable[[bytes, bytes], Account], names_ai: Callable[[str | None, str | None], bool]
) -> TrailerReader:
    """A reader of trailer blocks: (co-authors, whether any trailer names an AI assistant)."""
    known: dict[bytes, tuple[Account | None, bool]] = {}
    blocks: dict[bytes, tuple[tuple[Account, ...], bool]] = {}

    def read_line(line: bytes) -> tuple[Account | None, bool]:
        found = known.get(line)
        if found is None:
            if len(known) >= KEPT_ACCOUNTS:
                known.clear()
            found = known[line] = _trailer(line, account, names_ai)
        return found

    def read(ending: bytes) -> tuple[tuple[Account, ...], bool]:
        found = blocks.get(ending)
        if found is None:
            if len(blocks) >= KEPT_BLOCKS:
                blocks.clear()
            lines = [read_line(line) for line in ending.split(b"\n") if line]
            people = dict.fromkeys(person for person, _ in lines if person is not None)
            found = blocks[ending] = tuple(people), any(ai for _, ai in lines)
        return found

    return read


def _person(value: bytes) -> tuple[bytes, bytes]:
    """Name and mail of a trailer, also where it gives only one of them.

    No expression with several open ends here: a hostile line of 500 blanks held one for minutes.
    """
    name, opened, rest = value.strip().rpartition(b"<")
    mail, _, after = rest.partition(b">")
    if opened and b">" not in after:
        return name.strip(), mail.strip()
    alone = re.fullmatch(rb"[^\s@]+@[^\s@]+", rest)
    return (b"", rest) if alone and not opened else (value.strip(), b"")


def _trailer(
    line: bytes,
    account: Callable[[bytes, bytes], Account],
    names_ai: Callable[[str | None, str | None], bool],
) -> tuple[Account | None, bool]:
    key, _, value = line.partition(b":")
    key = key.strip().lower()
    name, mail = _person(value)
    person = account(name, mail)
    ai = names_ai(person.name, person.mail or None)
    if not ai and _ASSISTANT_KEY.match(key):
        ai = any(names_ai(text(word), None) for word in _WORD.findall(value))
    is_co_author = key == b"co-authored-by" and (name or mail)
    return (person if is_co_author else None), ai
