"""How single values must look: dates, cron expressions, seasons, amounts, patterns, names."""

from __future__ import annotations

import re
from datetime import date
from ipaddress import ip_network
from urllib.parse import urlsplit

from collector.problem import Mistake, nearest, shown

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _WEEKDAYS),
)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def plain(value: str) -> str:
    """Text that can be shown: not empty, no control or direction-changing characters."""
    if _INVISIBLE.search(value):
        raise Mistake("has a control or direction-changing character; remove it")
    if not value.strip():
        raise Mistake("must not be empty; leave the key out instead")
    return value


def day(value: object) -> date:
    """A day, written YYYY-MM-DD."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise Mistake(f"{shown(value)} is not a date; write YYYY-MM-DD", _as_day(value))
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Mistake(f"{value} is a date that does not exist") from None


def _as_day(value: object) -> str | None:
    """The day that another way of writing probably means."""
    found = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", str(value))
    if found:
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", str(value))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def cron(value: str) -> str:
    """A cron expression as ``collector.cron`` reads it, checked without loading a calendar."""
    fields = _MACROS.get(value.strip(), value).lower().split()
    if len(fields) != len(_FIELDS):
        raise Mistake(
            f"{shown(value)} is not a cron expression: five fields"
            " (minute, hour, day of month, month, day of week), such as '0 3 * * *'",
            nearest(value, _MACROS) if value.startswith("@") else None,
        )
    for text, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in text.split(","):
            if not _cron_part(part, low, high, names):
                raise Mistake(f"{shown(part)} is not a {name} of a cron expression ({low}–{high})")
    return value


def _cron_part(part: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    found = re.fullmatch(r"(?:\*|(\w+)(?:-(\w+))?)(?:/([0-9]+))?", part)
    if not found:
        return False
    first, last, step = found.groups()
    longest = 6 if names is _WEEKDAYS and first is None else high - low
    if step is not None and not 1 <= int(step) <= longest:
        return False
    if first is None:
        return True
    start = _cron_number(first, low, names)
    end = start if last is None else _cron_number(last, low, names)
    if start is None or end is None:
        return False
    if names is _WEEKDAYS and end == 0:
        end = 7  # Sunday ends the week as well as it begins it
    return low <= start <= end <= high or (names is _WEEKDAYS and last is None and start == 0)


def _cron_number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text in names:
        return names.index(text) + low
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None


def season(value: str) -> str:
    """A time of the year, both days inclusive: MM-DD/MM-DD."""
    found = re.fullmatch(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)", value)
    if not found:
        raise Mistake(f"{shown(value)} is not a season; write MM-DD/MM-DD, such as 01-15/05-31")
    numbers = [int(part) for part in found.groups()]
    for month, day_ in (numbers[:2], numbers[2:]):
        if not (1 <= month <= 12 and 1 <= day_ <= _LENGTHS[month - 1]):
            raise Mistake(f"{month:02}-{day_:02} is no day of the year (write MM-DD)")
    return value


def season_days(value: str) -> tuple[int, int, int, int]:
    """(from month, from day, until month, until day) of a season."""
    first, last = value.split("/")
    return int(first[:2]), int(first[3:]), int(last[:2]), int(last[3:])


def amount(value: str) -> str:
    """An amount of money with its currency."""
    if re.fullmatch(r"\d{1,15}(\.\d{1,2})? [A-Z]{3}", value):
        return value
    digits = re.sub(r"[\s_,' ]", "", value)
    found = re.fullmatch(r"([A-Za-z]{3}|€)?(\d+(?:\.\d{1,2})?)([A-Za-z]{3}|€)?", digits)
    unit = found and (found[1] or found[3] or "EUR").replace("€", "EUR").upper()
    near = f"{found[2]} {unit}" if found else None
    raise Mistake(f"{shown(value)} is not an amount; write number and currency, 20000 EUR", near)


def pattern(value: str) -> str:
    """A regular expression."""
    if len(value) > 500:
        raise Mistake("the regular expression is longer than 500 characters")
    try:
        re.compile(value)
    except re.error as error:
        at = f" at character {error.pos + 1}" if error.pos is not None else ""
        raise Mistake(f"is not a regular expression: {error.msg}{at}") from None
    return value


def web(value: str) -> str:
    """An http(s) address without credentials."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("https", "http") or not host or re.search(r"[\s\x00-\x1f]", value):
        raise Mistake("is not a web address; it begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise Mistake("credentials must not stand in a URL; name a variable of the environment")
    return value


def network(value: str) -> str:
    """An IP address, or a network of them."""
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise Mistake("is not an IP address or network, such as 127.0.0.1 or 10.1.0.0/16") from None
    return value


def variable(value: str) -> str:
    """The name of an environment variable. What was written is never repeated."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", value) and not _secret(value):
        return value
    raise Mistake(
        "must be the NAME of an environment variable, such as CITY_TOKEN; a token or password"
        " never stands in a file (if this is one, revoke it)"
    )


def owner(value: str) -> str:
    """The owner of repositories as URLs name it: an organisation, a user, a group with subgroup."""
    if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*", value):
        return value
    near = re.sub(r"^[a-z]+://[^/]*/", "", value).strip("/")
    raise Mistake("an owner is the part of a repository's URL before its name", near or None)


def number(value: object) -> object:
    """A number that names something; quotes around it do not matter."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _secret(value: str) -> bool:
    return len(value) >= 20 and "_" not in value and any(c.isdigit() for c in value)


def language(value: str) -> str:
    """A language tag such as ``en`` or ``pt-BR``."""
    if re.fullmatch(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", value):
        return value
    raise Mistake(
        f"{shown(value)} is not a language tag; write en, sk, cs, ro …", value[:2].lower()
    )


def time_zone(value: str) -> str:
    """A name of the time zone database."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = nearest(value.replace(" ", "_"), available_timezones())
        raise Mistake(
            f"{shown(value)} is not a time zone; write one such as Europe/Bratislava", near
        ) from None
    return value
