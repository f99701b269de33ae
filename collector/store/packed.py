"""How do pages hold what thousands of projects declare? As the text that the database keeps.

Parsed, the objects of 20,000 projects take ten times the room of their text, and a page looks
into fifty of them. So they are parsed where somebody looks, and the newest stay parsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

from sqlalchemy import Cast, Column, Text
from sqlalchemy import cast as as_type

from collector.metric import Part


class Packed(Mapping[str, Part]):
    """A JSON object as its text; read like any mapping. What is no object is an empty one."""

    __slots__ = ("_text",)

    def __init__(self, text: str | None) -> None:
        self._text = (text or "").encode()

    @classmethod
    def of(cls, given: Mapping[str, Part]) -> Packed:
        """Pack an object again that was put together anew."""
        return cls(json.dumps(given, ensure_ascii=False))

    @classmethod
    def joined(cls, parts: Mapping[str, Packed | float]) -> Packed:
        """Put objects and numbers into one object without parsing them."""
        told = (
            f"{json.dumps(key)}: {part._text.decode() or '{}'}"
            if isinstance(part, Packed)
            else f"{json.dumps(key)}: {json.dumps(part)}"
            for key, part in parts.items()
        )
        return cls(f"{{{', '.join(told)}}}")

    def __getitem__(self, key: str) -> Part:
        return _parsed(self._text)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_parsed(self._text))

    def __len__(self) -> int:
        return len(_parsed(self._text))


@lru_cache(maxsize=512)
def _parsed(text: bytes) -> dict[str, Part]:
    found = json.loads(text.decode()) if text else {}
    return cast("dict[str, Part]", found) if isinstance(found, dict) else {}


def text_of(column: Column[object]) -> Cast[str]:
    """Ask the database for the text of a JSON column instead of its objects."""
    return as_type(column, Text)
