"""By what is an entry known from one pass to the next? By its rule, project and subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

One = TypeVar("One", bound=Mapping[str, Any])


def named(entries: Iterable[One]) -> Iterator[tuple[str, One]]:
    """Give each entry with an id that stays while the matter stays.

    Where a rule finds several of one subject, the first place to look tells them apart.
    """
    given = list(entries)
    several = Counter(_subject(entry) for entry in given)
    used: Counter[str] = Counter()
    for entry in given:
        name = _subject(entry)
        links = entry.get("links")
        if several[name] > 1 and isinstance(links, list) and links:
            name = f"{name}/{quote(str(links[0]), safe='')}"
        used[name] += 1
        yield (name if used[name] == 1 else f"{name}/{used[name]}"), entry


def _subject(entry: Mapping[str, Any]) -> str:
    words = (str(entry.get(key) or "-") for key in ("rule", "project", "about"))
    return "/".join(quote(word, safe="") for word in words)
