"""Organisations: who pays for the work, as far as configuration and mail domains tell."""

from __future__ import annotations

from collections import Counter

import numpy as np

from collector.metric import YEAR, Better, Metric, Part, Value, not_applicable
from collector.metrics.employers import credits_by_organisation, organisations_active, suppliers
from collector.metrics.samples import ratio
from collector.metrics.sources import from_either, from_git
from collector.metrics.windows import absence_factor
from collector.model import Activity, Instant

ENOUGH = 0.6
NO_CREDITS = "nobody was credited with a commit in the last 365 days"
TOO_FEW = "only {share} % of the work can be attributed to organisations"


@from_git
def affiliation_coverage(activity: Activity, as_of: Instant) -> Value:
    """Of how much of the work do we know who employs its author?"""
    held = credits_by_organisation(activity, as_of, YEAR)
    total, known = sum(held.values()), _attributed(held)
    return ratio(known, total, NO_CREDITS, {"attributed": known, "credits": total})


@from_git
def elephant_factor(activity: Activity, as_of: Instant) -> Value:
    """How few organisations do half of the work?"""
    held = credits_by_organisation(activity, as_of, YEAR)
    missing = _too_little_known(held)
    if missing:
        return missing
    amounts = sorted((count for body, count in held.items() if body), reverse=True)
    factor = absence_factor(np.array(amounts, dtype=np.int32))
    return Value(factor, n=sum(amounts), parts=_parts(held))


@from_git
def owner_share(activity: Activity, as_of: Instant) -> Value:
    """How much of the work does the owning body do itself?"""
    owner = activity.project.owner
    if not owner:
        return not_applicable("configuration names no owner")
    held = credits_by_organisation(activity, as_of, YEAR)
    missing = _too_little_known(held)
    return missing or ratio(held[owner], _attributed(held), NO_CREDITS, _parts(held))


@from_git
def top_supplier_share(activity: Activity, as_of: Instant) -> Value:
    """How much does it depend on one supplier?"""
    held = credits_by_organisation(activity, as_of, YEAR)
    missing = _too_little_known(held)
    if missing:
        return missing
    by_supplier = {body: held[body] for body in sorted(suppliers(activity)) if held[body]}
    top = max(by_supplier, key=lambda body: by_supplier[body], default=None)
    parts: dict[str, Part] = {**_parts(held), "supplier": top}
    return ratio(by_supplier.get(top or "", 0), _attributed(held), NO_CREDITS, parts)


@from_either
def contributing_public_bodies(activity: Activity, as_of: Instant) -> Value:
    """How many public bodies contribute?"""
    kinds = activity.project.organisations
    active = organisations_active(activity, as_of, YEAR)
    bodies = sorted(body for body in active if kinds.get(body) == "public-body")
    share = _share(credits_by_organisation(activity, as_of, YEAR))
    at_least = share is None or share < ENOUGH
    return Value(len(bodies), n=len(bodies), parts={"bodies": [*bodies], "at_least": at_least})


def _attributed(held: Counter[str]) -> int:
    return sum(held.values()) - held[""]


def _share(held: Counter[str]) -> float | None:
    total = sum(held.values())
    return _attributed(held) / total if total else None


def _too_little_known(held: Counter[str]) -> Value | None:
    share = _share(held)
    if share is None:
        return not_applicable(NO_CREDITS)
    if share < ENOUGH:
        return not_applicable(TOO_FEW, share=int(share * 100))
    return None


def _parts(held: Counter[str]) -> dict[str, Part]:
    by_body: dict[str, Part] = {body: held[body] for body in sorted(held) if body and held[body]}
    return {"credits": by_body, "attributed": _attributed(held)}


METRICS = (
    Metric(
        "affiliation_coverage",
        "Affiliation coverage",
        "Do we know who pays for the work?",
        "ratio",
        Better.NEITHER,
        "CHAOSS 3464",
        affiliation_coverage,
        "credits in a year of persons with a known organisation ÷ credits",
        YEAR,
        words="work whose organisation is known",
    ),
    Metric(
        "elephant_factor",
        "Elephant factor",
        "How few organisations do half of the work?",
        "count",
        Better.HIGHER,
        "CHAOSS 3940",
        elephant_factor,
        "smallest number of organisations that hold at least half of the attributed credits of "
        "a year; from a coverage of 0.6 on",
        YEAR,
        words="organisations that do half of the work",
    ),
    Metric(
        "owner_share",
        "Owner share",
        "How much does the owner do itself?",
        "ratio",
        Better.NEITHER,
        "supplier lock-in",
        owner_share,
        "credits of the owning body ÷ attributed credits, in a year; from a coverage of 0.6 on",
        YEAR,
        words="work of the owner's own people",
    ),
    Metric(
        "top_supplier_share",
        "Top supplier share",
        "How much depends on one supplier?",
        "ratio",
        Better.LOWER,
        "supplier lock-in",
        top_supplier_share,
        "credits of the largest supplier ÷ attributed credits, in a year; from a coverage of "
        "0.6 on",
        YEAR,
        version=2,
        words="work of the largest supplier",
    ),
    Metric(
        "contributing_public_bodies",
        "Contributing public bodies",
        "How many public bodies contribute?",
        "count",
        Better.HIGHER,
        "OS2",
        contributing_public_bodies,
        "distinct public bodies with a contribution in a year; below a coverage of 0.6 at least "
        "so many",
        YEAR,
        needs=("git", "forge"),
        words="public bodies that contribute",
    ),
)
