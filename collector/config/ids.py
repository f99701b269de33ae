"""Ids that are made for people: of a name, lower-case, and not taken yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator

LONGEST = 80


def slug(text: str) -> str:
    """A text as an id: lower-case letters without their accents, digits and ``-``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")


def free_id(path: str, taken: Container[str]) -> str | None:
    """An id from a repository's name, with its owner's where the name is taken."""
    return next((name for name in _candidates(path) if name and name not in taken), None)


def _candidates(path: str) -> Iterator[str]:
    parts = path.split("/")
    for words in (parts[-1:], parts[-2:], parts):
        yield slug("-".join(words))


def numbered(name: str, taken: Container[str]) -> str:
    """A name with the first number at its end that makes it free."""
    number = 2
    while f"{name[: LONGEST - 6]}-{number}" in taken:
        number += 1
    return f"{name[: LONGEST - 6]}-{number}"
