"""Lists that change while they are read.

By page number a list sorted by change loses what moves during the reading. So each page begins
at the last date seen (which the host gives again, and everything later): what changes moves to
the end and is met there. It works on every version, needs no keyset pages, and never asks for
a page so deep that a host refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from collector.forges.gitlab.client import Client, Json, Listing, Query
from collector.forges.gitlab.records import instant, shaped

AFTER = {"updated_at": "updated_after", "created_at": "created_after"}


def by_date(
    client: Client, path: str, query: Query, since: str | None, field: str = "updated_at"
) -> Iterator[Listing]:
    """Pages by ``field``, oldest first, from ``since`` on."""
    key, number = since, 1
    while True:
        asked: dict[str, str | int] = {**query, "order_by": field, "sort": "asc"}
        if key is not None:
            asked[AFTER[field]] = key
        if number > 1:
            asked["page"] = number  # so many things of one moment
        listing = _sorted_out(client.page(path, asked), field)
        yield listing
        if not listing.more:
            return
        last = listing.rows[-1][field] if listing.rows else key
        if last is not None and (key is None or later(last, key)):
            key, number = last, 1
        else:
            number += 1


def _sorted_out(listing: Listing, field: str) -> Listing:
    """The rows, and apart those whose date is none; one without a date or an id is no list."""
    rows: list[Json] = []
    odd: list[Json] = []
    for row in listing.rows:
        (rows if _is_dated(row, field) else odd).append(row)
    return replace(listing, rows=rows, odd=odd)


@shaped
def _is_dated(row: Json, field: str) -> bool:
    at = row[field]
    int(row["id"])
    try:
        instant(at)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


@shaped
def later(one: str, other: str) -> bool:
    """Is one date after another?"""
    return datetime.fromisoformat(one) > datetime.fromisoformat(other)
