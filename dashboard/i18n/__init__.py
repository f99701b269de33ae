"""In which language does a page speak? gettext for sentences, Babel for numbers and dates."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent

from collector.metric import Part
from collector.model import DAY, Instant

FOLDER = Path(__file__).parent
DEFAULT = "en"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text of a table for translation; it is translated when shown."""
    return text


def languages() -> tuple[str, ...]:
    """Name the languages there are catalogues for, English first."""
    found = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/*.mo"))
    return (DEFAULT, *(name for name in found if name != DEFAULT))


def choose(asked: str | None, accepted: str = "", configured: str = DEFAULT) -> str:
    """Choose a language: asked for in the URL, else the browser's, else the configured one."""
    offered = languages()
    wishes = [asked or "", *(part.split(";")[0] for part in accepted.split(",")), configured]
    for wish in wishes:
        code = wish.strip().lower().split("-")[0]
        if code in offered:
            return code
    return DEFAULT


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language. Never installed into builtins: pages are given one."""

    language: str
    catalogue: gettext.NullTranslations

    def text(self, message: str, /, **arguments: object) -> str:
        """Translate a sentence and fill in its arguments."""
        translated = self.catalogue.gettext(message) if message else ""
        return translated.format(**arguments) if arguments else translated

    def plural(self, one: str, many: str, n: int, /, **arguments: object) -> str:
        """Translate a sentence that depends on a count; ``{n}`` is the formatted count."""
        return self.catalogue.ngettext(one, many, n).format(n=self.number(n), **arguments)

    def phrase(self, phrase: Mapping[str, Part] | None) -> str:
        """Say a stored phrase ``{"text": template, "args": {…}}`` in this language."""
        if not phrase:
            return ""
        template = self.catalogue.gettext(str(phrase.get("text", "")))
        given = phrase.get("args")
        arguments = given if isinstance(given, dict) else {}
        shown = {name: self._argument(value) for name, value in arguments.items()}
        try:
            return template.format(**shown)
        except (KeyError, IndexError, ValueError, AttributeError):
            return template  # a template that does not fit its arguments is better than nothing

    def _argument(self, value: Part) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        return self.number(value)

    def number(self, value: float, digits: int | None = None) -> str:
        """Format a number: whole from 20 on, one decimal below."""
        places = digits if digits is not None else (0 if abs(value) >= 20 else 1)
        return str(format_decimal(round(value, places), locale=self.language))

    def percent(self, value: float) -> str:
        """Format a ratio as a whole percentage."""
        return str(format_percent(value, format="#,##0 %", locale=self.language))

    def day(self, at: Instant) -> str:
        """Write out a date."""
        return str(format_date(_moment(at), format="long", locale=self.language))

    def month(self, at: Instant) -> str:
        """Write a month and its year."""
        return str(format_skeleton("yMMM", _moment(at), locale=self.language))

    def month_letter(self, month: int) -> str:
        """Give the short name of a month (1-12)."""
        return str(format_date(datetime(2000, month, 1), format="LLL", locale=self.language))  # noqa: DTZ001

    def moment(self, at: Instant, zone: str = "UTC") -> str:
        """Write a date and time in the configured zone."""
        from babel.dates import get_timezone

        return str(
            format_datetime(
                _moment(at), format="medium", tzinfo=get_timezone(zone), locale=self.language
            )
        )

    def ago(self, at: Instant, now: Instant) -> str:
        """Say how long ago something was, in whole days or hours."""
        _, ngettext = self.text, self.plural
        if now - at < 3600:
            return _("less than an hour ago")
        if now - at < 2 * DAY:
            return ngettext("{n} hour ago", "{n} hours ago", max(0, now - at) // 3600)
        return ngettext("{n} day ago", "{n} days ago", (now - at) // DAY)

    def duration(self, days: float) -> str:
        """Say a duration given in days, in the unit that reads best."""
        ngettext = self.plural
        if 0 < days < 2:
            return ngettext("{n} hour", "{n} hours", round(days * 24))
        if days < 730:
            return ngettext("{n} day", "{n} days", round(days))
        return ngettext("{n} year", "{n} years", round(days / 365.25))


def _moment(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@cache
def translator(language: str) -> Translator:
    """Give the translator of a language; one without a catalogue speaks English."""
    found = gettext.translation("ospo_vitals", FOLDER, [language], fallback=True)
    return Translator(language if language in languages() else DEFAULT, found)
