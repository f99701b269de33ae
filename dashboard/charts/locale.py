"""How do charts write numbers and dates? As the language does; nothing is fetched for it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import get_day_names, get_month_names, get_period_names

_IN_VEGA = {"d": "%-d", "dd": "%d", "M": "%-m", "MM": "%m", "MMM": "%b", "y": "%Y"}
_LETTERS = re.compile("|".join(sorted(_IN_VEGA, key=len, reverse=True)))
_SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)


@cache
def locale(language: str) -> dict[str, Any]:
    """Give Vega's description of a language: signs of numbers, names of months and days."""
    return {"number": _numbers(language), "time": _times(language)}


def _numbers(language: str) -> dict[str, Any]:
    symbols = Locale.parse(language).number_symbols["latn"]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
        "minus": "−",
        "percent": "\u00a0%",  # as in all our sentences
    }


def _times(language: str) -> dict[str, Any]:
    periods = get_period_names("abbreviated", "format", language)
    return {
        "dateTime": "%x %X",
        "date": _date(language),
        "time": "%H:%M",
        "periods": [periods.get("am", "AM"), periods.get("pm", "PM")],
        "days": _days("wide", language),
        "shortDays": _days("abbreviated", language),
        "months": _months("wide", language),
        "shortMonths": _months("abbreviated", language),
    }


def _date(language: str) -> str:
    pattern = Locale.parse(language).date_formats["medium"].pattern
    return _LETTERS.sub(lambda found: _IN_VEGA[found.group()], pattern)


def _days(width: Any, language: str) -> list[str]:
    names = get_day_names(width, "stand-alone", language)
    return [str(names[day]) for day in _SUNDAY_FIRST]


def _months(width: Any, language: str) -> list[str]:
    names = get_month_names(width, "stand-alone", language)
    return [str(names[month]) for month in range(1, 13)]
