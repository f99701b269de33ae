"""Notes on a reading: what is odd in a repository's records although they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from collector.model import N_, Phrase

UNREADABLE = "unreadable"
SHOWN = 5
"""So many unreadable items are named; of more, their number is said."""

COUNTED: Mapping[str, tuple[str, str]] = {
    "ghosts": (
        N_("Items and answers of accounts that no longer exist: {n}"),
        N_("They count, as by somebody who is not known."),
    ),
    "future": (
        N_("Items and answers dated in the future: {n}"),
        N_("They count from their date on. Correct the date on the forge if it is wrong."),
    ),
    "missing": (
        N_("Numbers between the first and the newest item that the forge shows nothing for: {n}"),
        N_("Deleted, moved elsewhere or a discussion: nothing needs to be done."),
    ),
}
"""What is counted → what was found, and what was done about it."""

LEFT_OUT = N_("Items that could not be understood: {n} ({names})")
LEFT_OUT_DONE = N_("They are left out, the rest was read. They are read again when they change.")


def sentences(notes: Mapping[str, Any] | None) -> Iterator[tuple[Phrase, Phrase]]:
    """What was found in a repository's records, and what was done about it, gravest first."""
    notes = notes or {}
    names = [str(name) for name in notes.get(UNREADABLE) or ()]
    if names:
        told = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        yield Phrase(LEFT_OUT, {"n": len(names), "names": told}), Phrase(LEFT_OUT_DONE)
    for key, (found, done) in COUNTED.items():
        if number := notes.get(key):
            yield Phrase(found, {"n": int(number)}), Phrase(done)
