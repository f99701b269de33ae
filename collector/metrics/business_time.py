"""How much business time lies between two instants? Monday to Friday, public holidays left out.

A business day counts with all its 24 hours (UTC): what is asked on Friday at noon has had one
business day on Monday at noon, and what is asked on Saturday begins to wait on Monday.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np

from collector.model import DAY, Flags, Instants

FIRST_YEAR, LAST_YEAR = 1990, 2060
_START = np.datetime64(f"{FIRST_YEAR}-01-01", "D")
_EPOCH = int(_START.astype(np.int64)) * DAY


def business_seconds(at: Instants, country: str | None) -> Instants:
    """How many seconds of business days lie between 1990 and each instant?"""
    working, before = _calendar(country)
    day = np.clip((at - _EPOCH) // DAY, 0, len(working) - 1)
    return cast("Instants", before[day] * DAY + working[day] * ((at - _EPOCH) % DAY))


@lru_cache(maxsize=64)
def _calendar(country: str | None) -> tuple[Flags, Instants]:
    """Per day since 1990: is it a business day, and how many were there before it?"""
    end = np.datetime64(f"{LAST_YEAR}-01-01", "D")
    days = np.arange(_START, end)
    working = np.is_busday(days, holidays=_public_holidays(country))
    return working, np.concatenate(([0], np.cumsum(working)[:-1])).astype(np.int64)


def _public_holidays(country: str | None) -> list[np.datetime64]:
    """The public holidays of a country; none where it is not known."""
    import holidays

    if country is None or country.upper() not in holidays.list_supported_countries():
        return []
    known = holidays.country_holidays(country.upper(), years=range(FIRST_YEAR, LAST_YEAR))
    return [np.datetime64(day, "D") for day in known]
