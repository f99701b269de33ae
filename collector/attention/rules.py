"""What deserves attention in one project: each rule yields entries (METRICS.md, Attention)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from collector.attention.situations import ANSWER, DECIDE, NEWS, Entry, Situation
from collector.judgement.checks import Check, Result
from collector.judgement.events import HELD_FOR
from collector.judgement.status import WORDS, Status
from collector.metric import QUARTER, State
from collector.model import DAY, N_, Instant, Phrase, StatusChange

NEWS_FOR = 90
"""Days after which a change is no news any more."""
ENDS_WITHIN = 180
WAITS_LONG, WAITS_VERY_LONG = 30, 90
CRITICAL = 7
HIGH = ("survive", "safe")
"""Questions that make the risk high when they are answered with no."""
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
    last = next(iter(one.changes[-1:]), None)
    if last is None or not _news(last, as_of):
        return
    if last.before not in HEALTH or last.after not in HEALTH:
        return
    before, after = Status(last.before), Status(last.after)
    words = {"before": WORDS[before], "after": WORDS[after]}
    if HEALTH[after] > HEALTH[before]:
        yield Entry(
            "status_worse", DECIDE, "status",
            Phrase("Its status went from {before:word} to {after:word}.", words),
            one.judgement.reason if one.judgement.status is after else last.reason,
            _care(one) or Phrase("Ask its maintainers what has changed."),
            "OSPO lead", 5 + HEALTH[after], last.at,
        )  # fmt: skip
    elif HEALTH[after] < HEALTH[before]:
        yield Entry(
            "status_better", NEWS, "status",
            Phrase("Its status went from {before:word} to {after:word}.", words),
            one.judgement.reason, Phrase("Tell those who made it happen."),
            "OSPO lead", 1, last.at,
        )  # fmt: skip


def _news(change: StatusChange, as_of: Instant) -> bool:
    """Is it still to be told? That users are left alone is, until somebody decides."""
    lasting = change.after == Status.ABANDONED
    return lasting or change.at >= as_of - (NEWS_FOR + HELD_FOR) * DAY


def _care(one: Situation) -> Phrase | None:
    """What would be care again."""
    return next((check.change for check in one.judgement.checks if check.key == "care"), None)


def _answers(one: Situation, as_of: Instant) -> Iterator[Entry]:
    """A question that a quarter ago was answered with no, and is not any more."""
    for question in one.judgement.questions:
        before = one.answered(question.key, as_of - QUARTER * DAY)
        if before == Result.NOT_MET and question.answer in (
            Result.MET,
            Result.AT_RISK,
        ):
            yield Entry(
                "answer_better", NEWS, "project",
                Phrase(
                    "“{question:word}” is no longer answered with no.",
                    {"question": question.title},
                ),
                Phrase("A quarter ago it was."), Phrase("Tell those who made it happen."),
                "OSPO lead", 2,
            )  # fmt: skip


# ---------------------------------------------------------------- risk, money, safety


def _risk(one: Situation, as_of: Instant) -> Iterator[Entry]:
    judgement = one.judgement
    if judgement.risk != "high" or judgement.criticality < CRITICAL:
        return
    failed = [
        check
        for key in HIGH
        for question in judgement.questions
        if question.key == key
        for check in question.checks
        if check.result is Result.NOT_MET
    ]
    left = [check for check in failed if not one.decided(check.metric, as_of)]
    if failed and not left:
        return  # every reason for the risk was decided about
    worst = next(iter(left), None)
    yield Entry(
        "risk_high", DECIDE, "risk",
        Phrase("Its risk is high, and much depends on it."),
        worst.why if worst else judgement.reason,
        (worst and worst.change) or judgement.next or Phrase("Decide who looks after it."),
        "OSPO lead", 10,
        _since(worst, one.counted_at(as_of)) or _high_since(one) or judgement.since,
    )  # fmt: skip


def _high_since(one: Situation) -> Instant | None:
    """Since when has one of the questions that make the risk high been answered with no?"""
    since = (
        one.since(question.key, Result.NOT_MET)
        for question in one.judgement.questions
        if question.key in HIGH and question.answer is Result.NOT_MET
    )
    return min((at for at in since if at is not None), default=None)


ENDINGS = {
    "contract": (
        N_("Its contract ended {days:days_ago}."),
        N_("Its contract ends in {days:days}."),
    ),
    "funding": (
        N_("Its funding ended {days:days_ago}."),
        N_("Its funding ends in {days:days}."),
    ),
}


def _endings(one: Situation, as_of: Instant) -> Iterator[Entry]:
    named = (("days_to_contract_end", "contract"), ("days_to_funding_end", "funding"))
    for metric, what in named:
        days = number(one, metric)
        if days is None or days >= ENDS_WITHIN:
            continue
        ended, ends = ENDINGS[what]
        yield Entry(
            f"{what}_ends", DECIDE, metric,
            Phrase(ended if days < 0 else ends, {"days": abs(int(days))}),
            Phrase("Nothing is named to follow it."),
            Phrase("Extend it, name what follows, or plan the hand-over."),
            "contract owner", 8 if days < ENDS_WITHIN / 2 else 6,
            one.counted_at(as_of) + round((days if days < 0 else days - ENDS_WITHIN) * DAY),
        )  # fmt: skip


SAFETY = {"bot_updates": 6, "vulnerabilities": 9, "default_branch_red": 7}
PROPOSED = "bot_updates"
"""A proposal that waits for an answer, though a bot made it."""


def _safety(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for check in one.judgement.checks:
        if check.key in SAFETY and check.result is Result.NOT_MET:
            yield Entry(
                check.key, ANSWER if check.key == PROPOSED else DECIDE, check.metric, check.why,
                Phrase("What is not kept up cannot be kept safe."),
                check.change or Phrase("Ask its maintainers."),
                "maintainers", SAFETY[check.key], _since(check, one.counted_at(as_of)),
            )  # fmt: skip


def _since(check: Check | None, counted_at: Instant) -> Instant | None:
    """Since when, where the check counts days: a wait since it began, days left since too few."""
    if check is None or check.value is None or check.unit != "days":
        return None
    if check.met is not None and check.not_met is not None and check.met > check.not_met:
        return counted_at - round((check.not_met - check.value) * DAY)
    return counted_at - round(check.value * DAY)


def _waiting(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("oldest_outsider_waiting")
    if value is None or value.value is None or value.value <= WAITS_LONG:
        return
    listed = cast("list[dict[str, object]]", value.parts.get("items") or [])
    late = [item for item in listed if cast("float", item["days"]) > WAITS_LONG]
    yield Entry(
        "outsiders_waiting", ANSWER, "oldest_outsider_waiting",
        Phrase(
            "Questions and proposals from outside without an answer: {count}; "
            "the oldest has waited for {days:days}.",
            {"count": len(late), "days": int(value.value)},
        ),
        Phrase("Who gets no answer does not come back."),
        Phrase("A short answer to each, even a no."),
        "maintainers", 7 if value.value > WAITS_VERY_LONG else 5,
        one.counted_at(as_of) - round(value.value * DAY),
        tuple(str(item["url"]) for item in late if item.get("url")),
    )  # fmt: skip


def _overdue(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("delivery_interval")
    if value is None or not value.parts.get("overdue"):
        return
    if one.judgement.status in (Status.AT_REST, Status.ABANDONED):
        return  # nobody is there to deliver: that is what is to be decided
    undelivered = one.values.get("undelivered_commits")
    waited = undelivered.parts.get("oldest_days") if undelivered else None
    if isinstance(waited, int | float) and waited < WAITS_LONG:
        return  # where it is usual to deliver every other day, a week is no news
    days = cast("float", value.parts.get("days_since") or 0.0)
    facts: dict[str, str | int | float] = {"days": round(days), "usual": round(value.value or 0)}
    yield Entry(
        "delivery_overdue", DECIDE, "delivery_interval",
        Phrase(
            "The last delivery was {days:days_ago}; usual from one to the next: {usual:days}.",
            facts,
        ),
        Phrase("Finished work waits and reaches nobody."),
        Phrase("A new version with what is finished."),
        "maintainers", 4,
        one.counted_at(as_of) - round((days - 2 * (value.value or 0)) * DAY),
    )  # fmt: skip


def number(one: Situation, metric: str) -> float | None:
    """The metric's value today, if it has one."""
    value = one.values.get(metric)
    return value.value if value is not None and value.state is State.OK else None


RULES = (_risk, _status, _answers, _endings, _waiting, _safety, _overdue)
