"""The check *Maintained* of OpenSSF Scorecard, from our own records."""

from __future__ import annotations

import numpy as np

from collector.metric import QUARTER, Better, Metric, Part, State, Value, unknown
from collector.metrics.facts import main_repository
from collector.metrics.items_scope import ACTORS, of_items
from collector.metrics.items_view import MOVEMENTS, View
from collector.metrics.sources import archived, counted, from_git
from collector.metrics.windows import before, commit_times
from collector.model import DAY, Activity, Flags, Instant, ItemKind

A_WEEK = QUARTER // 7
"""One sign of life a week, over the quarter."""


@from_git
def commits_in_quarter(activity: Activity, as_of: Instant) -> Value:
    """How many commits by humans came in a quarter?"""
    found = len(commit_times(activity, as_of, before(as_of, QUARTER), as_of))
    return Value(found, n=found)


@of_items(ItemKind.ISSUE, needs=[ACTORS])
def member_issue_activity(view: View, items: Flags) -> Value:
    """On how many issues did somebody of the project do something in the quarter?"""
    line = view.timeline
    touched = np.zeros(len(line.created), dtype=np.bool_)
    said = np.isin(line.kind, MOVEMENTS) & view.since(line.at, QUARTER) & line.by_insider
    touched[line.item[said]] = True
    opened = view.since(line.created, QUARTER) & line.human & ~line.outsider
    found = int((items & (touched | opened)).sum())
    return Value(found, n=found)


def days_since_creation(activity: Activity, as_of: Instant) -> Value:
    """How old is it? By the forge's date, else by its first commit."""
    main = main_repository(activity)
    told = [main.facts.created] if main and main.facts.created is not None else []
    times = activity.commits.arrival
    first = min([*told, *([int(times.min())] if len(times) else [])], default=None)
    if first is None or first >= as_of:
        return unknown("neither the forge nor git says since when it exists")
    return Value((as_of - first) / DAY, parts={"since": first})


def openssf_maintained(activity: Activity, as_of: Instant) -> Value:
    """How many of ten points does *Maintained* of OpenSSF Scorecard come to?"""
    commits = commits_in_quarter(activity, as_of)
    issues = member_issue_activity(activity, as_of)
    age = days_since_creation(activity, as_of)
    enough = (commits.value or 0) >= A_WEEK
    for needed in (commits, age, *(() if enough else (issues,))):
        if needed.state is State.UNKNOWN:
            return Value(None, State.UNKNOWN, needed.reason)
    if commits.value is None:
        return Value(None, commits.state, commits.reason)
    repositories = counted(activity)
    rests = bool(repositories) and all(archived(each, as_of) for each in repositories)
    young = age.value is not None and age.value < QUARTER
    found = int(commits.value + (issues.value or 0))
    parts: dict[str, Part] = {
        "commits": int(commits.value),
        "issue_activity": None if issues.value is None else int(issues.value),
        "archived": rests,
        "age_days": age.value,
    }
    score = 0.0 if rests or young else 10 * min(1.0, found / A_WEEK)
    return Value(score, n=found, parts=parts)


MEASURES = (
    Metric(
        "commits_in_quarter",
        "Commits in a quarter",
        "How much work went in?",
        "commits",
        Better.HIGHER,
        "OpenSSF Scorecard",
        commits_in_quarter,
        "human commits in 90 days",
        QUARTER,
    ),
    Metric(
        "member_issue_activity",
        "Issues that members worked on",
        "Do people of the project look at issues?",
        "issues",
        Better.HIGHER,
        "OpenSSF Scorecard",
        member_issue_activity,
        "issues that an insider opened or commented on in 90 days",
        QUARTER,
        needs=("forge",),
        limits="A member is an insider in the sense of METRICS.md, C10.",
    ),
    Metric(
        "days_since_creation",
        "Days since creation",
        "How old is it?",
        "days",
        Better.NEITHER,
        "OpenSSF Scorecard",
        days_since_creation,
        "date − creation on the forge or first commit, whichever is earlier",
        needs=("git", "forge"),
    ),
    Metric(
        "openssf_maintained",
        "Maintained (OpenSSF Scorecard)",
        "Is there a sign of life every week?",
        "points",
        Better.HIGHER,
        "OpenSSF Scorecard",
        openssf_maintained,
        "10 × min(1, (commits + issues with activity of members, in 90 days) ÷ 12); 0 if archived "
        "or younger than 90 days",
        QUARTER,
        words="points of ten",
        needs=("git", "forge"),
    ),
)
