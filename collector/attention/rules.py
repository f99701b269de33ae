"""What deserves attention in one project: each rule yields entries (METRICS.md, Attention)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from collector.attention.situations import Entry, Goal, Situation
from collector.judgement.checks import Check, Result
from collector.judgement.events import HELD_FOR, status_changes
from collector.judgement.status import WORDS, Status
from collector.metric import Better, State
from collector.metrics import BY_KEY
from collector.model import DAY, Instant, Phrase, Repository, RepositoryState

NEWS_FOR = 90
ENDS_WITHIN = 180
WAITS_LONG, WAITS_VERY_LONG = 30, 90
CRITICAL = 7
HEALTH = {
    Status.ACTIVE: 0,
    Status.QUIET: 0,
    Status.NEW: 0,
    Status.SLOWING: 1,
    Status.AT_REST: 2,
    Status.ABANDONED: 3,
}
"""How worrying each status is; changes among equals are no news."""


def _status(one: Situation, as_of: Instant) -> Iterator[Entry]:
    changes = status_changes(one.history, as_of)
    if not changes or changes[-1].at < as_of - (NEWS_FOR + HELD_FOR) * DAY:
        return
    last = changes[-1]
    if last.before not in HEALTH or last.after not in HEALTH:
        return
    before, after = Status(last.before), Status(last.after)
    words = {"before": WORDS[before], "after": WORDS[after]}
    if HEALTH[after] > HEALTH[before]:
        yield Entry(
            "status_worse", "decide", "status",
            Phrase("Its status went from {before} to {after}.", words),
            one.judgement.reason,
            one.judgement.next or Phrase("Ask its maintainers what has changed."),
            "OSPO lead", 5 + HEALTH[after], last.at,
        )  # fmt: skip
    elif HEALTH[after] < HEALTH[before]:
        yield Entry(
            "status_better", "news", "status",
            Phrase("Its status went from {before} to {after}.", words),
            one.judgement.reason, Phrase("Tell those who made it happen."),
            "OSPO lead", 1, last.at,
        )  # fmt: skip


# ---------------------------------------------------------------- risk, money, safety


def _risk(one: Situation, as_of: Instant) -> Iterator[Entry]:
    judgement = one.judgement
    if judgement.risk != "high" or judgement.criticality < CRITICAL:
        return
    worst = next(
        (
            check
            for key in ("survive", "safe")
            for question in judgement.questions
            if question.key == key
            for check in question.checks
            if check.result is Result.NOT_MET
        ),
        None,
    )
    yield Entry(
        "risk_high", "decide", "risk",
        Phrase("Its risk is high, and much depends on it."),
        worst.why if worst else judgement.reason,
        (worst and worst.change) or judgement.next or Phrase("Decide who looks after it."),
        "OSPO lead", 10, judgement.since,
    )  # fmt: skip


def _endings(one: Situation, as_of: Instant) -> Iterator[Entry]:
    named = (("days_to_contract_end", "contract"), ("days_to_funding_end", "funding"))
    for metric, what in named:
        days = _number(one, metric)
        if days is None or days >= ENDS_WITHIN:
            continue
        told = (
            "Its {what} ended {days} days ago." if days < 0 else "Its {what} ends in {days} days."
        )
        yield Entry(
            f"{what}_ends", "decide", metric,
            Phrase(told, {"what": what, "days": abs(int(days))}),
            Phrase("Nothing is named to follow it."),
            Phrase("Extend it, name what follows, or plan the hand-over."),
            "contract owner", 8 if days < ENDS_WITHIN / 2 else 6,
            as_of + int((days - ENDS_WITHIN) * DAY),
        )  # fmt: skip


SAFETY = {"bot_updates": 6, "vulnerabilities": 9, "default_branch_red": 7}


def _safety(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for check in one.judgement.checks:
        if check.key in SAFETY and check.result is Result.NOT_MET:
            yield Entry(
                check.key, "decide", check.metric, check.why,
                Phrase("What is not kept up cannot be kept safe."),
                check.change or Phrase("Ask its maintainers."),
                "maintainers", SAFETY[check.key], _since(check, as_of),
            )  # fmt: skip


def _since(check: Check, as_of: Instant) -> Instant | None:
    return None if check.value is None else as_of - int(check.value * DAY)


def _waiting(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("oldest_outsider_waiting")
    if value is None or value.value is None or value.value <= WAITS_LONG:
        return
    listed = cast("list[dict[str, object]]", value.parts.get("items") or [])
    late = [item for item in listed if cast("float", item["days"]) > WAITS_LONG]
    yield Entry(
        "outsiders_waiting", "answer", "oldest_outsider_waiting",
        Phrase(
            "From outside, {count} wait for an answer, the longest for {days} days.",
            {"count": len(late), "days": int(value.value)},
        ),
        Phrase("Who gets no answer does not come back."),
        Phrase("A short answer to each, even a no."),
        "maintainers", 7 if value.value > WAITS_VERY_LONG else 5,
        as_of - int(value.value * DAY),
        tuple(str(item["url"]) for item in late if item.get("url")),
    )  # fmt: skip


def _overdue(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("delivery_interval")
    if value is None or not value.parts.get("overdue"):
        return
    days = cast("float", value.parts.get("days_since") or 0.0)
    facts: dict[str, str | int | float] = {"days": int(days), "usual": int(value.value or 0)}
    yield Entry(
        "delivery_overdue", "decide", "delivery_interval",
        Phrase("The last delivery was {days} days ago; every {usual} days is usual here.", facts),
        Phrase("Finished work waits and reaches nobody."),
        Phrase("A new version with what is finished."),
        "maintainers", 4, as_of - int((days - 2 * (value.value or 0)) * DAY),
    )  # fmt: skip


# ---------------------------------------------------------------- what is declared


def _contradictions(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("declared_vs_observed")
    if value is None or not value.value:
        return
    found = cast("list[dict[str, object]]", value.parts.get("contradictions") or [])
    for entry in found:
        arguments = cast("Mapping[str, str | int | float]", entry.get("args") or {})
        yield Entry(
            f"declared_{entry.get('key')}", "decide", "declared_vs_observed",
            Phrase(str(entry.get("text")), arguments),
            Phrase("Who reads the catalogue is misled."),
            Phrase("Correct what is declared, or do what it says."),
            "maintainers", 4,
        )  # fmt: skip


def _unconfirmed(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("users")
    stale = value.parts.get("stale") if value else 0
    if isinstance(stale, int) and stale:
        yield Entry(
            "users_unconfirmed", "decide", "users",
            Phrase("Users not confirmed for a year: {count}.", {"count": stale}),
            Phrase("Whether it is used decides how much it matters."),
            Phrase("Ask them, and write the date into the portfolio file."),
            "OSPO lead", 2,
        )  # fmt: skip


def _goals(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for goal in one.goals:
        value = _number(one, goal.metric)
        if goal.by > as_of or value is None or _reached(goal, value):
            continue
        metric = BY_KEY[goal.metric]
        facts: dict[str, str | int | float] = {
            "words": metric.words or metric.title,
            "target": goal.target,
            "value": value,
        }
        yield Entry(
            "goal_missed", "goal", goal.metric,
            Phrase("A goal was missed: {words}, {target:g} wanted, {value:.3g} reached.", facts),
            Phrase("It was agreed with {who}.", {"who": goal.agreed_with})
            if goal.agreed_with
            else Phrase("It was set in the portfolio file."),
            Phrase("Look at what stood in the way, and set a new goal or a new date."),
            "OSPO lead", 5, goal.by,
        )  # fmt: skip


def _reached(goal: Goal, value: float) -> bool:
    lower = BY_KEY[goal.metric].better is Better.LOWER
    return value <= goal.target if lower else value >= goal.target


def _reviews(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for decision in one.decisions:
        if decision.review_on is not None and decision.review_on <= as_of:
            yield Entry(
                "decision_review", "decide", f"review:{decision.about}",
                Phrase(
                    "A decision is due for review: {decision}, about {about}.",
                    {"decision": decision.decision, "about": decision.about},
                ),
                Phrase("{text}", {"text": decision.text})
                if decision.text
                else Phrase("It was to be looked at again on this day."),
                Phrase("See what it has changed, and set a new date or remove it."),
                "OSPO lead", 5, decision.review_on,
            )  # fmt: skip


# ---------------------------------------------------------------- repositories and hosts


def _repositories(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for repository in one.repositories:
        told = lost(repository)
        if told:
            yield Entry(
                "repository_lost", "decide", "project",
                Phrase(told, {"url": repository.url}),
                Phrase("Its history is kept here, and nothing new is read."),
                Phrase("Find out who did it and why, and correct the portfolio file."),
                "OSPO lead", 8, None, (repository.url,),
            )  # fmt: skip
        elif _unlicensed(repository, as_of):
            yield Entry(
                "new_without_licence", "decide", "license",
                Phrase("A new public repository has no licence: {url}", {"url": repository.url}),
                Phrase("Without a licence nobody may use it."),
                Phrase("Add a LICENSE file with a licence that is approved by the OSI."),
                "maintainers", 5, repository.facts.created, (repository.url,),
            )  # fmt: skip


def lost(repository: Repository) -> str | None:
    """Can this repository no longer be read by everybody?"""
    if repository.state is RepositoryState.GONE:
        return "A repository is gone, or private now: {url}"
    if repository.state is RepositoryState.MOVED:
        return "A repository was moved: {url}"
    return "A repository is private: {url}" if repository.facts.private else None


def _unlicensed(repository: Repository, as_of: Instant) -> bool:
    created = repository.facts.created
    if created is None or not as_of - NEWS_FOR * DAY <= created < as_of or repository.empty:
        return False
    return repository.read_until is not None and not any(
        fact.key == "LICENSE" and fact.since < as_of and (fact.until is None or fact.until >= as_of)
        for fact in repository.files
    )


def _number(one: Situation, metric: str) -> float | None:
    value = one.values.get(metric)
    return value.value if value is not None and value.state is State.OK else None


Rule = Callable[[Situation, Instant], Iterator[Entry]]

ALWAYS: tuple[Rule, ...] = (_reviews, _repositories)
RULES: tuple[Rule, ...] = (
    _risk,
    _status,
    _endings,
    _waiting,
    _safety,
    _overdue,
    _contradictions,
    _goals,
    _unconfirmed,
)
"""Those of a project that is not retired."""
