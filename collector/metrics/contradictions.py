"""What is declared of a project that its records contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.metric import QUARTER, YEAR
from collector.metrics.agreements import contracts, terms
from collector.metrics.care import days_without_care
from collector.metrics.delivered import delivery_times
from collector.metrics.employers import credits_by_organisation, suppliers
from collector.metrics.facts import declared, declared_text, instant
from collector.metrics.windows import before, commit_times
from collector.model import DAY, Activity, Instant, Phrase

LATE_RELEASE_DATE = 90

Contradiction = tuple[str, Phrase]


def contradictions(activity: Activity, as_of: Instant) -> Iterator[Contradiction]:
    """Which declarations do the records contradict? A key and a sentence each."""
    status = declared_text(activity, as_of, "development_status")
    idle = days_without_care(activity, as_of)
    if status == "stable" and idle is not None and idle > YEAR:
        yield (
            "stable_without_care",
            Phrase(
                "It is declared stable, and nobody has looked after it for {days:days}.",
                {"days": int(idle)},
            ),
        )
    recent = len(commit_times(activity, as_of, before(as_of, QUARTER), as_of))
    if status == "obsolete" and recent:
        yield (
            "obsolete_but_active",
            Phrase(
                "It is declared obsolete, and there were {count:commits} in 90 days.",
                {"count": recent},
            ),
        )
    yield from _late_release_date(activity, as_of)
    yield from _suppliers_work(activity, as_of)
    yield from _ended_contracts(activity, as_of)


def _late_release_date(activity: Activity, as_of: Instant) -> Iterator[Contradiction]:
    said = instant(declared(activity, as_of, "release_date") or "")
    times = delivery_times(activity, as_of)
    if said is None or not times.size:
        return
    days = (int(times[-1]) - said) / DAY
    if days > LATE_RELEASE_DATE:
        yield (
            "release_date_old",
            Phrase(
                "publiccode.yml gives a releaseDate {days:days} older than the newest delivery.",
                {"days": int(days)},
            ),
        )


def _suppliers_work(activity: Activity, as_of: Instant) -> Iterator[Contradiction]:
    held = credits_by_organisation(activity, as_of, YEAR)
    attributed = {body for body, count in held.items() if body and count}
    internal = declared_text(activity, as_of, "maintenance_type") == "internal"
    if internal and attributed and attributed <= suppliers(activity):
        yield (
            "internal_but_suppliers",
            Phrase("It is declared internal, and all attributed work is by suppliers."),
        )


def _ended_contracts(activity: Activity, as_of: Instant) -> Iterator[Contradiction]:
    for party, term in sorted(terms(contracts(activity, as_of)).items()):
        ended = (as_of - term.until) // DAY
        if ended <= 0:
            continue
        since = credits_by_organisation(activity, as_of, min(ended, QUARTER))
        # publiccode.yml names a contractor in words, configuration by its id.
        if since[party] or since[_as_id(party)]:
            yield (
                "contract_ended",
                Phrase(
                    "The contract of {party} ended {days:days_ago}, and it still does the work.",
                    {"party": party, "days": ended},
                ),
            )


def _as_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
