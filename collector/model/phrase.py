"""A sentence for people: an English template with its arguments, translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from string import Formatter
from typing import Protocol

Argument = str | int | float

UNITS: Mapping[str, tuple[str, str]] = {
    "hours": ("{n} hour", "{n} hours"),
    "hours_ago": ("{n} hour ago", "{n} hours ago"),
    "days": ("{n} day", "{n} days"),
    "days_ago": ("{n} day ago", "{n} days ago"),
    "weeks": ("{n} week", "{n} weeks"),
    "months": ("{n} month", "{n} months"),
    "people": ("{n} person", "{n} people"),
    "commits": ("{n} commit", "{n} commits"),
    "items": ("{n} item", "{n} items"),
    "cases": ("{n} case", "{n} cases"),
    "events": ("{n} event", "{n} events"),
    "questions": ("{n} question", "{n} questions"),
    "changes": ("{n} change", "{n} changes"),
    "projects": ("{n} project", "{n} projects"),
    "repositories": ("{n} repository", "{n} repositories"),
    "credits": ("{n} credit", "{n} credits"),
}
"""What a template may count: ``{waiting:days}`` is said with the word in its right form."""


class Speaker(Protocol):
    """Somebody who says arguments in one language."""

    def plain(self, value: object) -> str:
        """Say an argument as it is."""
        ...

    def count(self, n: float, unit: str) -> str:
        """Say a number with its unit: 1 day, 2 days."""
        ...

    def exact(self, value: float, digits: str) -> str:
        """Say a number with as many digits as asked for (a ``format`` specification)."""
        ...

    def word(self, text: str) -> str:
        """Say one of our own words that stands as an argument (a status, a role)."""
        ...

    def day(self, at: int) -> str:
        """Say a date."""
        ...

    def person(self, number: int) -> str:
        """Say who somebody is whose name is not told."""
        ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence for people: an English template with its arguments, translated when shown.

    In a template ``{x:days}`` (or another of ``UNITS``) counts, ``{x:word}`` is one of our own
    words, ``{x:day}`` an instant shown as a date, ``{x:person}`` somebody by name, or by number
    where no name is told; a plain ``{x}`` is said as it is. What is told of several metrics takes
    its unit from another argument: ``{x:{unit}}``.
    """

    template: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.template, self.arguments, _English())


def say(template: str, arguments: Mapping[str, Argument], speaker: Speaker) -> str:
    """Fill a template, each argument as the template asks for it."""
    return _Saying(speaker).vformat(template, (), arguments)


class _Saying(Formatter):
    """``str.format`` that knows units, words and days beside the usual specifications."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int | float) and format_spec in UNITS:
            return self._speaker.count(value, format_spec)
        if isinstance(value, int) and format_spec in ("day", "person"):
            speaker = self._speaker
            return speaker.day(value) if format_spec == "day" else speaker.person(value)
        if format_spec == "word":
            return self._speaker.word(str(value))
        if format_spec in ("", "day", "person") or format_spec in UNITS:
            return self._speaker.plain(value)
        if isinstance(value, int | float):
            return self._speaker.exact(value, format_spec)
        return str(super().format_field(value, format_spec))


class _English:
    """How a terminal and a log speak."""

    def plain(self, value: object) -> str:
        return str(value)

    def count(self, n: float, unit: str) -> str:
        one, many = UNITS[unit]
        return (one if n == 1 else many).format(n=n)

    def exact(self, value: float, digits: str) -> str:
        return format(value, digits)

    def word(self, text: str) -> str:
        return text

    def day(self, at: int) -> str:
        return datetime.fromtimestamp(at, UTC).date().isoformat()

    def person(self, number: int) -> str:
        return alias(number).format(n=number + 1)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text that becomes a phrase, or is shown, elsewhere; it is translated when shown."""
    return text


def alias(number: int) -> str:
    """The template of what somebody is called whose name is not told; below 0: nobody known."""
    if number < 0:
        return N_("somebody whose account is gone or not given")
    return N_("Developer {n}")
