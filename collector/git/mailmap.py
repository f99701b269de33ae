"""Which traces does a repository's ``.mailmap`` declare to be one person?"""

from __future__ import annotations

import re

from collector.git.walk import text
from collector.model import Account

MOST_LINES = 20_000
LONGEST_LINE = 1_000

_LINE = re.compile(rb"^([^<>#]*)<([^<>]*)>([^<>]*)(?:<([^<>]*)>)?")


def same_people(mailmap: bytes) -> tuple[tuple[Account, Account], ...]:
    """Pairs (proper, as committed); a line that only corrects a name joins nobody."""
    pairs: dict[tuple[Account, Account], None] = {}
    for line in mailmap.splitlines()[:MOST_LINES]:
        match = _LINE.match(line[:LONGEST_LINE])
        if match is None or match[4] is None:
            continue
        proper = Account(name=_word(match[1]), mail=_word(match[2]))
        committed = Account(name=_word(match[3]), mail=_word(match[4]))
        if proper.mail and committed.mail and proper != committed:
            pairs[proper, committed] = None
    return tuple(pairs)


def _word(raw: bytes) -> str | None:
    return text(raw).strip() or None
