"""What each essential check reads from the metrics, the project and its files."""

from __future__ import annotations

from collections.abc import Callable

from collector.judgement.checks import Case, Reading, Result
from collector.metric import HALF_YEAR, QUARTER, TWO_YEARS, YEAR, State, Value
from collector.metrics.agreements import contracts
from collector.metrics.answers import outsiders_answered_over
from collector.metrics.facts import PUBLICCODE, declared
from collector.metrics.remembering import INSIDERS, remembers
from collector.metrics.review import four_eyes_over
from collector.model import Instant, Phrase, Span

FEWEST_CASES = 5
WINDOWS = (QUARTER, HALF_YEAR, YEAR, TWO_YEARS)
_STATES = {State.NOT_APPLICABLE: Result.NOT_APPLICABLE, State.UNKNOWN: Result.UNKNOWN}


def plain(metric: str) -> Callable[[Case], Reading]:
    """The metric's own value."""

    def read(case: Case) -> Reading:
        return _of(case.value(metric))

    return read


def ending(metric: str, ended: str) -> Callable[[Case], Reading]:
    """The days until an end; ``ended``: what to say where it has passed."""

    def read(case: Case) -> Reading:
        value = case.value(metric)
        if value.state is State.OK and value.value is not None and value.value < 0:
            told = Phrase(ended, {"days": max(1, int(-value.value))})
            return Reading(value.value, reason=told, n=value.n)
        return _of(value)

    return read


def _of(value: Value, window: int | None = None) -> Reading:
    if value.state is not State.OK:
        return Reading(None, _STATES[value.state], value.reason, value.n, window)
    return Reading(value.value, n=value.n, window=window)


def part(metric: str, name: str, nothing: str) -> Callable[[Case], Reading]:
    """One of the figures beside a metric's value; ``nothing``: what to say if there is none."""

    def read(case: Case) -> Reading:
        value = case.value(metric)
        found = value.parts.get(name)
        if isinstance(found, int | float):
            return Reading(float(found))
        if value.state is State.OK or name in value.parts:
            return Reading(0.0, reason=Phrase(nothing))
        return _of(value)

    return read


def red(case: Case) -> Reading:
    """For how many days the checks of the default branch have failed."""
    value = case.value("default_branch_red")
    if value.value == 0:
        return Reading(0.0, reason=Phrase("The checks of the default branch pass."))
    return _of(value)


def sampled(
    metric: str, own: int, over: Callable[[int], Callable[..., Value]]
) -> Callable[[Case], Reading]:
    """A share that needs five cases: of its own window, else of the shortest that has them."""
    wider = {days: over(days) for days in WINDOWS}

    def read(case: Case) -> Reading:
        value = widest = case.value(metric)
        if value.state is State.UNKNOWN or (value.n or 0) >= FEWEST_CASES:
            return _of(value, own)
        for days, compute in wider.items():
            if not remembers(case.activity, case.as_of, days + INSIDERS):
                break
            found = widest = compute(case.activity, case.as_of)
            if found.state is State.OK and (found.n or 0) >= FEWEST_CASES:
                return _of(found, days)
        return _too_few(value, own, widest)

    return read


def _too_few(value: Value, window: int, widest: Value | None = None) -> Reading:
    if value.n is None:
        return _of(value, window)
    reason = Phrase("Too few cases to judge ({n}).", {"n": value.n})
    listed = widest.parts.get("cases") if widest else None
    cases = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return Reading(value.value, Result.TOO_FEW, reason, value.n, window, cases=tuple(cases))


four_eyes = sampled("four_eyes", HALF_YEAR, four_eyes_over)
outsiders = sampled("outsiders_answered", QUARTER, outsiders_answered_over)


def care(case: Case) -> Reading:
    """Days without care, as far as it was to be expected."""
    standing = case.standing
    if standing.care_days is None and standing.idle_days is None:
        return Reading(None, Result.UNKNOWN, standing.reason)
    if standing.excused:
        return Reading(standing.care_days, Result.MET, standing.reason)
    return Reading(standing.idle_days)


def left(case: Case) -> Reading:
    """The share of the work by people who are gone, where there is enough work to say so."""
    value = case.value("work_left_share")
    if value.state is State.OK and value.n is not None and value.n < FEWEST_CASES:
        return _too_few(value, 3 * YEAR)
    return _of(value, 3 * YEAR)


def waiting(case: Case) -> Reading:
    """The longest wait of somebody from outside; that nobody waits is good."""
    value = case.value("oldest_outsider_waiting")
    if value.state is State.NOT_APPLICABLE and value.n == 0:
        return Reading(None, Result.MET, Phrase("Nobody from outside is waiting for an answer."))
    return _of(value, YEAR)


def licence(case: Case) -> Reading:
    """1 if its licence is approved by the OSI, 0 if it is not or there is none."""
    value = case.value("license")
    if value.state is not State.OK:
        return _of(value)
    approved = value.parts.get("osi_approved")
    if approved is None:
        told = Phrase("There is a licence file, and its licence could not be told.")
        if not value.parts.get("place"):
            told = HIDDEN
        return Reading(None, Result.UNKNOWN, told)
    return Reading(float(bool(approved)), facts={"licence": str(value.parts.get("spdx") or "")})


CONTACTS = ("SUPPORT", "SECURITY", "CONTRIBUTING")
HIDDEN = Phrase("The server does not give the files of that time.")


def reachable(case: Case) -> Reading:
    """How many of two things are there: a README, and a way to reach somebody?"""
    value = case.value("community_files")
    found = value.parts.get("found")
    if value.state is not State.OK or not isinstance(found, dict | list):
        return _of(value)
    contact = any(name in found for name in CONTACTS) or _contact_declared(case)
    readme = "README" in found
    hidden = value.parts.get("not_read")
    unread = set(hidden) if isinstance(hidden, list) else set()
    if (not readme and "README" in unread) or (not contact and unread & {*CONTACTS, PUBLICCODE}):
        return Reading(None, Result.UNKNOWN, HIDDEN)
    reason = None if readme or not contact else Phrase("There is no README.")
    return Reading(float(readme) + float(contact), reason=reason)


def _contact_declared(case: Case) -> bool:
    return bool(declared(case.activity, case.as_of, "contacts"))


def paid(case: Case) -> Reading:
    """1 if a contract, a grant or a team of the owner is named and current, 0 if all have ended.

    A mail address of the owner's is no team: somebody must have named it.
    """
    project = case.activity.project
    named = (*contracts(case.activity, case.as_of), *project.funding)
    spans = [agreement.span for agreement in named]
    spans += [
        each.span
        for each in case.activity.affiliations
        if each.organisation == project.owner and each.source == "configuration"
    ]
    begun = [span for span in spans if _begun(span, case.as_of)]
    internal = case.value("maintenance_type").parts.get("type") == "internal"
    if internal or any(span.holds(case.as_of) for span in begun):
        return Reading(1.0)
    if begun:
        return Reading(0.0)
    told = Phrase("No contract, no grant and no team is named for it.")
    return Reading(None, Result.UNKNOWN, told)


def _begun(span: Span, as_of: Instant) -> bool:
    return span.since is None or span.since <= as_of
