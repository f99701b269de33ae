"""What is declared, wanted and decided in the portfolio file, held against what is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from collector.attention.goals import Goal, Way, behind, way
from collector.attention.rules import NEWS_FOR, number
from collector.attention.situations import DECIDE, GOAL, NEWS, Entry, Situation
from collector.metric import Metric
from collector.metrics import BY_KEY
from collector.model import DAY, N_, Instant, Phrase
from collector.model.phrase import UNITS


def _contradictions(one: Situation, as_of: Instant) -> Iterator[Entry]:
    value = one.values.get("declared_vs_observed")
    if value is None or not value.value:
        return
    found = cast("list[dict[str, object]]", value.parts.get("contradictions") or [])
    for entry in found:
        arguments = cast("Mapping[str, str | int | float]", entry.get("args") or {})
        yield Entry(
            f"declared_{entry.get('key')}", DECIDE, "declared_vs_observed",
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
            "users_unconfirmed", DECIDE, "users",
            Phrase("Users not confirmed for a year: {count}.", {"count": stale}),
            Phrase("Whether it is used decides how much it matters."),
            Phrase("Ask them, and write the date into the portfolio file."),
            "OSPO lead", 2,
        )  # fmt: skip


def _stale_outcomes(one: Situation, as_of: Instant) -> Iterator[Entry]:
    if one.stale:
        facts: dict[str, str | int | float] = {"indicators": ", ".join(sorted(one.stale))}
        yield Entry(
            "outcomes_stale", DECIDE, "outcomes",
            Phrase("Figures of its service are older than they may be: {indicators}.", facts),
            Phrase("What was true then may not be true any more."),
            Phrase("Ask whoever answers for them, and add a row to the file of outcomes."),
            "service owner", 2, min(one.stale.values()),
        )  # fmt: skip


def _goals(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for goal in one.goals:
        value = number(one, goal.metric)
        if value is None or goal.begins >= as_of:
            continue
        found = way(goal, one.series.get(goal.metric, ()), value, as_of)
        if goal.reached(value):
            yield from _reached(goal, found, as_of)
        elif goal.by <= as_of:
            yield _goal(goal, found, "goal_missed", 5, goal.by)
        elif behind(goal, found) and (as_of - found.start_at) * 4 >= goal.by - found.start_at:
            yield _goal(goal, found, "goal_behind", 3, found.start_at)


MOST_EXACT = 20
"""From here on numbers are told whole."""

GOALS = {
    "goal_missed": (
        N_("A goal was missed: {words:word}, {target:{unit}} wanted, {value:{unit}} reached."),
        N_("Look at what stood in the way, and set a new goal or a new date."),
    ),
    "goal_behind": (
        N_(
            "A goal is behind its way: {words:word}, from {start:{unit}} to {target:{unit}}; "
            "{value:{unit}} today, {expected:{unit}} on an even way."
        ),
        N_("Ask what stands in the way while there is time."),
    ),
    "goal_reached": (
        N_("A goal was reached: {words:word}, {target:{unit}} wanted, {value:{unit}} today."),
        N_("Tell those who made it happen, and remove the goal or set the next one."),
    ),
}


def _goal(goal: Goal, found: Way, rule: str, severity: int, since: Instant) -> Entry:
    metric, (what, helps) = BY_KEY[goal.metric], GOALS[rule]
    facts: dict[str, str | int | float] = {
        "words": metric.words or metric.title,
        "unit": metric.unit if metric.unit in UNITS else "",
        "target": _amount(goal.target, metric),
        "value": _amount(found.now, metric),
        "start": _amount(found.start, metric),
        "expected": _amount(found.expected, metric),
    }
    why = Phrase("It was set in the portfolio file.")
    if goal.agreed_with:
        why = Phrase("It was agreed with {who}.", {"who": goal.agreed_with})
    kind = NEWS if rule == "goal_reached" else GOAL
    return Entry(
        rule, kind, goal.metric, Phrase(what, facts), why, Phrase(helps), "OSPO lead", severity,
        since,
    )  # fmt: skip


def _amount(value: float, metric: Metric) -> str | int | float:
    """A value as a sentence tells it: of a share the per cent, else as exact as it helps."""
    if metric.unit == "ratio":
        return f"{value * 100:.3g} %"
    return round(value) if abs(value) >= MOST_EXACT or value == int(value) else round(value, 1)


def _reached(goal: Goal, found: Way, as_of: Instant) -> Iterator[Entry]:
    since = found.reached_since
    if since is not None and since >= as_of - NEWS_FOR * DAY:
        yield _goal(goal, found, "goal_reached", 2, since)


DECISIONS = {
    "fix": N_("fix"),
    "fund": N_("fund"),
    "hand-over": N_("hand over"),
    "retire": N_("retire"),
    "accept": N_("accept"),
}
ABOUT = {
    "project": N_("the project"),
    "status": N_("its status"),
    "risk": N_("its risk"),
    "criticality": N_("how bad if it stopped"),
    "outcomes": N_("the figures of its service"),
}
"""What is decided about, beside the words of metrics."""


def _about(key: str) -> str:
    metric = BY_KEY.get(key)
    return metric.words or metric.title if metric else ABOUT.get(key, key)


def _reviews(one: Situation, as_of: Instant) -> Iterator[Entry]:
    for decision in one.decisions:
        if decision.review_on is not None and decision.review_on <= as_of:
            yield Entry(
                "decision_review", DECIDE, f"review:{decision.about}",
                Phrase(
                    "A decision is due for review: {decision:word}, about {about:word}.",
                    {
                        "decision": DECISIONS.get(decision.decision, decision.decision),
                        "about": _about(decision.about),
                    },
                ),
                Phrase("{text}", {"text": decision.text})
                if decision.text
                else Phrase("It was to be looked at again on this day."),
                Phrase("See what it has changed, and set a new date or remove it."),
                "OSPO lead", 5, decision.review_on,
            )  # fmt: skip


RULES = (_contradictions, _goals, _unconfirmed, _stale_outcomes)
ALWAYS = (_reviews,)
"""Of a retired project too."""
