"""In which language does a page speak? gettext for sentences, Babel for numbers and dates."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import cast

from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from collector.metric import Part
from collector.model import DAY, N_, Instant
from collector.model.phrase import UNITS, Argument, alias, say

FOLDER = Path(__file__).parent / "catalogues"
"""One file a language, ``sk.po`` …: another language is another file."""
SHIPPED = FOLDER
"""Where the sentences about hosts are, whichever catalogues are spoken from."""
DEFAULT = "en"

HOURS = {"days": "hours", "days_ago": "hours_ago"}
"""In what less than a day is said; days are said whole."""
_SHARE = re.compile(r"(-?\d+(\.\d+)?) %")

__all__ = ["DEFAULT", "N_", "Translator", "choose", "languages", "translator"]


@cache
def languages() -> tuple[str, ...]:
    """Name the languages there are catalogues for, English first."""
    return (DEFAULT, *sorted(path.stem for path in FOLDER.glob("*.po")))


def choose(asked: str | None, accepted: str = "", configured: str = DEFAULT) -> str:
    """Choose a language: asked for in the URL, else the browser's, else the configured one."""
    offered = languages()
    wishes = [asked or "", *(part.split(";")[0] for part in accepted.split(",")), configured]
    for wish in wishes:
        code = wish.strip().lower().split("-")[0]
        if code in offered:
            return code
    return DEFAULT


STORED = (
    "collector/forge_stage.py",
    "collector/forges/",
    "collector/git/",
    "collector/outcome.py",
    "collector/publiccode.py",
    "collector/run.py",
    "collector/transport/",
)
"""Where a sentence is made that is stored in English: why a host could not be read, what is wrong
with a publiccode.yml."""
LONGEST = 1000
FILLED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language. Never installed into builtins: pages are given one."""

    language: str
    catalogue: gettext.NullTranslations
    names: Mapping[str, str] = field(default_factory=dict)
    """What organisations are called that sentences know by their ids."""

    def called(self, key: str) -> str:
        """Name an organisation; by its id, where no name is known."""
        return self.names.get(key, key)

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
        given = phrase.get("args")
        text = str(phrase.get("text", ""))
        # What a host said is stored whole, with nothing to fill in.
        template = self.catalogue.gettext(text) if given else self.told(text)
        arguments = dict(cast("Mapping[str, Argument]", given if isinstance(given, dict) else {}))
        if isinstance(party := arguments.get("party"), str):
            arguments["party"] = self.called(party)
        try:
            return say(template, arguments, self)
        except (KeyError, IndexError, ValueError, AttributeError):
            return template  # a template that does not fit its arguments is better than nothing

    def told(self, sentence: str) -> str:
        """Say a sentence that was stored in English (see ``STORED``).

        It is known by the template it was made of; one that fits none stays as it is.
        """
        known = self.catalogue.gettext(sentence) if sentence else ""
        if known != sentence or len(sentence) > LONGEST:
            return known
        for pattern, template in _templates():
            if found := pattern.fullmatch(sentence):
                translated = self.catalogue.gettext(template)
                values = {key: self.told(value) for key, value in found.groupdict().items()}
                numbered = [values[key] for key in values if key.startswith("n_")]
                return translated.format(*numbered, **values)
        return sentence

    def plain(self, value: object) -> str:
        """Say an argument of a sentence: numbers in the language's form, all else as it is.

        Only what a host said, a whole sentence by itself, is said in this language too.
        """
        if isinstance(value, bool) or not isinstance(value, int | float):
            share = _SHARE.fullmatch(str(value))
            if share:
                return f"{self.exact(float(share[1]), '.3g')} %"
            return self.told(str(value)) if str(value).endswith(".") else str(value)
        return self.number(value)

    def exact(self, value: float, digits: str) -> str:
        """Say a number with the digits a template asks for (``.3g``), in the language's form."""
        said = Decimal(format(value, digits))
        return str(format_decimal(said, format="#,##0.######", locale=self.language))

    def word(self, text: str) -> str:
        """Say one of our own words."""
        return self.text(text)

    def count(self, n: float, unit: str) -> str:
        """Say a number with its unit in the right form: 1 day, 2 days."""
        if unit in HOURS:
            n, unit = (round(n * 24), HOURS[unit]) if 0 < n < 1 else (round(n), unit)
        one, many = UNITS[unit]
        # A fraction takes the form of the next whole number: languages have none of its own.
        return self.catalogue.ngettext(one, many, ceil(n)).format(n=self.number(n))

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

    def person(self, number: int) -> str:
        """Say who somebody is whose name is not told: "Developer 3"."""
        return self.text(alias(number), n=number + 1)

    def month(self, at: Instant) -> str:
        """Write a month and its year."""
        return str(format_skeleton("yMMM", _moment(at), locale=self.language))

    def month_in_full(self, at: Instant) -> str:
        """Write a month by its whole name, and its year."""
        return str(format_skeleton("yMMMM", _moment(at), locale=self.language))

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
    if language not in languages() or language == DEFAULT:
        return Translator(DEFAULT, gettext.NullTranslations())
    return Translator(language, _read(FOLDER / f"{language}.po"))


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give the sentences that are stored, each as a pattern too, the most telling first.

    Every catalogue has all of them: any will do.
    """
    file = min(SHIPPED.glob("*.po"), default=None)
    if file is None:
        return ()
    with file.open("rb") as written:
        found = [
            one.id
            for one in read_po(written, locale=file.stem)
            if any(place.startswith(STORED) for place, _line in one.locations)
            if isinstance(one.id, str) and "{" in one.id
        ]
    found.sort(key=lambda text: -len(FILLED.sub("", text)))
    return tuple((_pattern(text), text) for text in found)


def _pattern(template: str) -> re.Pattern[str]:
    pieces = FILLED.split(template)  # words, what is filled in, words …
    made = [
        f"(?P<{'n_' * piece.isdigit()}{piece}>.*?)" if at % 2 else re.escape(piece)
        for at, piece in enumerate(pieces)
    ]
    return re.compile("".join(made), re.DOTALL)


def _read(file: Path) -> gettext.GNUTranslations:
    """Read a catalogue as its translators keep it: nothing is to be compiled beforehand."""
    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=file.stem))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
