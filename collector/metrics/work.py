"""Work: how much is done, how steadily, and by what kind of hands."""

from __future__ import annotations

import numpy as np

from collector.metric import (
    HALF_YEAR,
    MONTH,
    QUARTER,
    YEAR,
    Better,
    Metric,
    State,
    Value,
    not_applicable,
)
from collector.metrics.care import care_times
from collector.metrics.samples import ratio
from collector.metrics.sources import archived, from_either, from_git
from collector.metrics.windows import (
    before,
    between,
    commit_rows,
    commit_times,
    human_arrivals,
    human_commits,
    month_of,
    weeks_with_commits,
)
from collector.model import DAY, N_, AccountKind, Activity, Indices, Instant, Phrase

WEEKS = 13
EARLIER = 365
FEWEST_EARLIER = 20
DUMP_FILES, DUMP_GAP = 50, 14 * DAY
NO_COMMITS = N_("no commit in the last 365 days")


@from_git
def commits(activity: Activity, as_of: Instant) -> Value:
    """How many commits did people make in a year?"""
    times = commit_times(activity, as_of, before(as_of, YEAR), as_of)
    months, counts = np.unique(month_of(times), return_counts=True)
    names = np.datetime_as_string(months.astype("datetime64[M]"))
    series = {str(name): int(count) for name, count in zip(names, counts, strict=True)}
    return Value(len(times), n=len(times), parts={"by_month": {**series}})


@from_git
def commit_frequency(activity: Activity, as_of: Instant) -> Value:
    """How many commits a week?"""
    made = len(commit_times(activity, as_of, before(as_of, QUARTER), as_of))
    return Value(made / (QUARTER / 7), n=made, parts={"commits": made})


@from_git
def active_weeks_ratio(activity: Activity, as_of: Instant) -> Value:
    """In which share of the last weeks was there work?"""
    active = weeks_with_commits(activity, as_of, WEEKS)
    return Value(active / WEEKS, n=WEEKS, parts={"active_weeks": active, "weeks": WEEKS})


@from_git
def days_since_last_commit(activity: Activity, as_of: Instant) -> Value:
    """How long ago did a person's work last arrive?"""
    arrivals = human_arrivals(activity)
    arrived = int(np.searchsorted(arrivals, as_of))
    if not arrived:
        return not_applicable("no commit by a person has arrived yet")
    last = int(arrivals[arrived - 1])
    return Value((as_of - last) / DAY, parts={"last": last})


@from_either
def days_since_care(activity: Activity, as_of: Instant) -> Value:
    """How long ago did somebody last look after it?"""
    times = care_times(activity, as_of)
    if not times.size:
        return not_applicable("nothing has happened yet")
    return Value((as_of - int(times[-1])) / DAY, parts={"last": int(times[-1])})


@from_git
def active_repositories_share(activity: Activity, as_of: Instant) -> Value:
    """In which share of its repositories is there work?"""
    alive = [
        row
        for row, repository in enumerate(activity.repositories)
        if repository.counted and repository.read_until and not archived(repository, as_of)
    ]
    human = human_commits(activity)
    window = between(human.time, before(as_of, MONTH), as_of)
    rows = human.row[window][human.arrival[window] < as_of]
    worked_on = set(activity.commits.repository[rows].tolist())
    active = len(worked_on.intersection(alive))
    return ratio(
        active,
        len(alive),
        N_("all repositories are archived"),
        {"active": active, "repositories": len(alive)},
    )


@from_git
def activity_trend(activity: Activity, as_of: Instant) -> Value:
    """Is there more work than a year ago, or less?"""
    since, until = before(as_of, HALF_YEAR), before(as_of, EARLIER)
    now = len(commit_times(activity, as_of, since, as_of))
    earlier = len(commit_times(activity, as_of, before(since, EARLIER), until))
    if earlier < FEWEST_EARLIER:
        return not_applicable(
            "only {earlier:commits} in the same half-year a year ago, fewer than {fewest}",
            earlier=earlier,
            fewest=FEWEST_EARLIER,
        )
    return Value(now / earlier - 1, n=now + earlier, parts={"now": now, "earlier": earlier})


@from_git
def bot_share(activity: Activity, as_of: Instant) -> Value:
    """Which share of the commits do bots make?"""
    rows = commit_rows(activity, as_of, YEAR)
    bots = int(np.count_nonzero(activity.commits.kind[rows] != AccountKind.HUMAN))
    return ratio(bots, len(rows), NO_COMMITS, {"bots": bots, "commits": len(rows)})


@from_git
def declared_ai_share(activity: Activity, as_of: Instant) -> Value:
    """Which share of the commits was, as declared, made with AI help?"""
    rows = commit_rows(activity, as_of, YEAR)
    kind = activity.commits.kind[rows]
    agent, human = kind == AccountKind.AI, kind == AccountKind.HUMAN
    declared = int(np.count_nonzero(agent | (human & activity.commits.declares_ai[rows])))
    considered = int(np.count_nonzero(agent | human))
    return ratio(declared, considered, NO_COMMITS, {"declared": declared, "commits": considered})


@from_git
def dumped_share(activity: Activity, as_of: Instant) -> Value:
    """Which share of the commits looks like work done elsewhere and delivered in a heap?"""
    made = len(commit_times(activity, as_of, before(as_of, YEAR), as_of))
    files = activity.commits.files[_after_a_pause(activity, as_of)]
    dumps, read = int(np.count_nonzero(files >= DUMP_FILES)), int(np.count_nonzero(files >= 0))
    if len(files) and not read:
        return Value(
            None,
            State.UNKNOWN,
            Phrase("the trees of {candidates:commits} were not read", {"candidates": len(files)}),
        )
    parts = {"dumps": dumps, "commits": made, "not_read": len(files) - read}
    return ratio(dumps, made, NO_COMMITS, parts)


def _after_a_pause(activity: Activity, as_of: Instant) -> Indices:
    """Rows of the year's human commits that come 14 days or more after their repository's last."""
    human = human_commits(activity)
    there = np.flatnonzero(human.arrival[: int(np.searchsorted(human.time, as_of))] < as_of)
    repository = activity.commits.repository[human.row[there]]
    there = there[np.argsort(repository, kind="stable")]
    time, repository = human.time[there], activity.commits.repository[human.row[there]]
    late = np.zeros(len(there), dtype=np.bool_)
    late[1:] = (np.diff(time) >= DUMP_GAP) & (repository[1:] == repository[:-1])
    return human.row[there[late & (time >= before(as_of, YEAR))]]


METRICS = (
    Metric(
        "commits",
        "Commits",
        "How much work is done?",
        "count",
        Better.NEITHER,
        "CHAOSS 4707",
        commits,
        "commits by humans in a year, merges left out",
        YEAR,
        words="commits in a year",
    ),
    Metric(
        "commit_frequency",
        "Commit frequency",
        "How much work is done in a week?",
        "per week",
        Better.NEITHER,
        "CHAOSS 4455",
        commit_frequency,
        "commits by humans in 90 days ÷ (90/7)",
        QUARTER,
        words="commits a week",
    ),
    Metric(
        "active_weeks_ratio",
        "Active weeks ratio",
        "How steadily is it worked on?",
        "ratio",
        Better.HIGHER,
        "CHAOSS 4455",
        active_weeks_ratio,
        "of the last 13 whole ISO weeks the share with at least one commit by a human",
        WEEKS * 7,
        words="weeks with work",
    ),
    Metric(
        "days_since_last_commit",
        "Days since last commit",
        "When was it last worked on?",
        "days",
        Better.LOWER,
        "CHAOSS 4736",
        days_since_last_commit,
        "date − newest arrival of a commit by a human",
        words="days since the last commit",
    ),
    Metric(
        "days_since_care",
        "Days since care",
        "When did somebody last look after it?",
        "days",
        Better.LOWER,
        "own",
        days_since_care,
        "date − newest of: a human's commit arriving, a delivery, an insider's comment, review, "
        "merge or close on someone else's item",
        needs=("git", "forge"),
        words="days since somebody looked after it",
    ),
    Metric(
        "active_repositories_share",
        "Active repositories share",
        "In how much of the project is there work?",
        "ratio",
        Better.NEITHER,
        "CHAOSS 4455",
        active_repositories_share,
        "counted repositories that are not archived and have a commit by a human in 30 days ÷ "
        "all that are not archived",
        MONTH,
        words="repositories with work in a month",
    ),
    Metric(
        "activity_trend",
        "Activity trend",
        "Does the work grow or shrink?",
        "ratio",
        Better.NEITHER,
        "CHAOSS guides",
        activity_trend,
        "commits by humans in 183 days ÷ those in the same days a year earlier − 1; "
        "from 20 earlier commits on",
        HALF_YEAR,
        words="more or less work than a year ago",
    ),
    Metric(
        "bot_share",
        "Bot share",
        "How much do bots do?",
        "ratio",
        Better.NEITHER,
        "CHAOSS 3465",
        bot_share,
        "commits by bots ÷ all commits but merges in a year",
        YEAR,
        words="share of bots",
    ),
    Metric(
        "declared_ai_share",
        "Declared AI share",
        "How much was, as declared, made with AI help?",
        "ratio",
        Better.NEITHER,
        "own",
        declared_ai_share,
        "commits by AI agents or with a trailer that names an AI assistant ÷ all commits of a "
        "year but merges and those of other bots",
        YEAR,
        words="AI help that was declared",
        limits="Only what is declared can be counted.",
    ),
    Metric(
        "dumped_share",
        "Dumped share",
        "Is work done elsewhere and delivered in heaps?",
        "ratio",
        Better.LOWER,
        "OS2 F1",
        dumped_share,
        "commits by humans touching 50 files or more that come 14 days or more after the "
        "repository's one before ÷ commits by humans, in a year",
        YEAR,
        words="share of code dumps",
        limits="A repository's first commit has none before it and is not counted as a dump.",
    ),
)
