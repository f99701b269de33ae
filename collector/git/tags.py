"""Which tags does a repository have, what do they name, when were they made, are they signed?"""

from __future__ import annotations

from collector.git.command import Git
from collector.git.walk import instant, text
from collector.model import EARLIEST, Instant, Tag

FORMAT = "%00".join(
    (
        "%(refname:strip=2)",
        "%(objecttype)",
        "%(objectname)",
        "%(*objecttype)",
        "%(*objectname)",
        "%(creatordate:raw)",
        "%(*committerdate:raw)",
        "%(contents:signature)",
        "",
    )
)
FIELDS = 8


def read_tags(git: Git) -> tuple[Tag, ...]:
    """Every tag that names a commit, with the tagger's date or else the commit's."""
    output = git.local("for-each-ref", f"--format={FORMAT}", "refs/tags")
    fields = output.split(b"\0")
    rows = zip(*[iter(fields[: len(fields) - len(fields) % FIELDS])] * FIELDS, strict=True)
    return tuple(tag for row in rows if (tag := _tag(row)) is not None)


def _tag(row: tuple[bytes, ...]) -> Tag | None:
    name, kind, oid, inner_kind, inner, created, committed, signature = row
    commit = oid if kind == b"commit" else inner if inner_kind == b"commit" else b""
    if not commit:
        return None
    dates = (_date(created), _date(committed))
    time = next((date for date in dates if date >= EARLIEST), 0)
    signed = kind == b"tag" and bool(signature.strip())
    return Tag(text(name.lstrip(b"\n")), bytes.fromhex(commit.decode()), time, signed)


def _date(raw: bytes) -> Instant:
    return instant(raw.split(b" ")[0])
