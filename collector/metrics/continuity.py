"""It goes on: money, contracts, users, safety."""

from __future__ import annotations

from collections.abc import Iterator

from collector.metric import (
    QUARTER,
    YEAR,
    Better,
    Metric,
    Part,
    State,
    Value,
    not_applicable,
    unknown,
)
from collector.metrics.agreements import contracts, days_to_end, in_house
from collector.metrics.contradictions import contradictions
from collector.metrics.facts import declared_list, declared_text, publiccode
from collector.metrics.items_view import timeline, view
from collector.metrics.samples import durations
from collector.metrics.sources import (
    archived,
    counted,
    forge_missing,
    from_forge,
    git_missing,
    known_at,
    not_asked,
)
from collector.metrics.windows import before
from collector.model import (
    DAY,
    N_,
    AccountKind,
    Activity,
    Instant,
    ItemKind,
    Snapshot,
    User,
)

STALE = 365


def days_to_contract_end(activity: Activity, as_of: Instant) -> Value:
    """When does nobody have a contract for it any more?"""
    named = contracts(activity, as_of)
    if in_house(activity, as_of):
        return not_applicable("a team of its owner looks after it, as declared")
    return days_to_end(named, as_of) if named else not_applicable("no contract is named")


def days_to_funding_end(activity: Activity, as_of: Instant) -> Value:
    """When does its money end?"""
    funding = activity.project.funding
    return days_to_end(funding, as_of) if funding else not_applicable("no funding is named")


def maintenance_type(activity: Activity, as_of: Instant) -> Value:
    """Who looks after it, as declared?"""
    kind = declared_text(activity, as_of, "maintenance_type")
    if kind is None:
        return not_applicable("publiccode.yml does not say who maintains it")
    return Value(None, parts={"type": kind})


# ---------------------------------------------------------------- declared and observed


def declared_vs_observed(activity: Activity, as_of: Instant) -> Value:
    """What is declared that the records contradict?"""
    if publiccode(activity, as_of) is None and not activity.project.contracts:
        return not_applicable("nothing is declared: no publiccode.yml, no contract")
    missing = git_missing(activity)
    if missing is not None and missing.state is State.UNKNOWN:
        return missing  # what was never looked at contradicts nothing
    found: list[Part] = [
        {"key": key, "text": phrase.template, "args": {**phrase.arguments}}
        for key, phrase in contradictions(activity, as_of)
    ]
    return Value(len(found), n=len(found), parts={"contradictions": found})


# ---------------------------------------------------------------- users and attention


def users(activity: Activity, as_of: Instant) -> Value:
    """Who uses it, as declared?"""
    found: dict[str, User] = {}
    for user in (*_configured_users(activity, as_of), *_declared_users(activity, as_of)):
        found.setdefault(user.name.casefold(), user)
    if not found:
        return unknown("neither configuration nor publiccode.yml names a user")
    rows = [_user_row(user, as_of) for _, user in sorted(found.items())]
    stale = sum(bool(row["stale"]) for row in rows)
    return Value(len(rows), n=len(rows), parts={"users": [*rows], "stale": stale})


def _configured_users(activity: Activity, as_of: Instant) -> Iterator[User]:
    for user in activity.project.users:
        if user.since is None or user.since < as_of:
            yield user


def _declared_users(activity: Activity, as_of: Instant) -> Iterator[User]:
    fact = publiccode(activity, as_of)
    for entry in declared_list(activity, as_of, "used_by"):
        if fact and isinstance(entry, str) and entry.strip():
            yield User(entry.strip(), fact.key, confirmed=fact.since)


def _user_row(user: User, as_of: Instant) -> dict[str, Part]:
    confirmed = user.confirmed if user.confirmed and user.confirmed < as_of else user.since
    return {
        "name": user.name,
        "source": user.source,
        "version": user.version,
        "date": confirmed,
        "stale": confirmed is None or confirmed < before(as_of, STALE),
    }


def _snapshot(activity: Activity, as_of: Instant, field: str) -> int | None:
    """The newest count of each repository before a date, together."""
    newest: dict[int, tuple[Instant, int]] = {}
    for row, snapshot in activity.snapshots:
        count = _count(snapshot, field)
        if count is not None and snapshot.at < as_of:
            newest[row] = max(newest.get(row, (snapshot.at, count)), (snapshot.at, count))
    return sum(count for _, count in newest.values()) if newest else None


def _count(snapshot: Snapshot, field: str) -> int | None:
    counts = {"stars": snapshot.stars, "forks": snapshot.forks, "watchers": snapshot.watchers}
    return counts[field]


def _attention(activity: Activity, as_of: Instant, field: str) -> Value:
    now = _snapshot(activity, as_of, field)
    if now is None:
        return unknown("the forge gives only today's count, and none was kept before this date")
    earlier = _snapshot(activity, before(as_of, QUARTER), field)
    return Value(now, parts={"change": None if earlier is None else now - earlier})


def stars(activity: Activity, as_of: Instant) -> Value:
    """How many people marked it?"""
    return _attention(activity, as_of, "stars")


def forks(activity: Activity, as_of: Instant) -> Value:
    """How many copies were made of it?"""
    return _attention(activity, as_of, "forks")


def watchers(activity: Activity, as_of: Instant) -> Value:
    """How many people follow it?"""
    return _attention(activity, as_of, "watchers")


# ---------------------------------------------------------------- safety


@from_forge
def dependency_update_latency(activity: Activity, as_of: Instant) -> Value:
    """How fast are proposed updates of dependencies taken?"""
    items, when, now = activity.items, timeline(activity), view(activity, as_of)
    updates = (items.author_kind == AccountKind.DEPENDENCY_BOT) & (items.created < as_of)
    updates &= items.kind == ItemKind.CHANGE_REQUEST
    merged = updates & (when.merged_at < as_of) & (when.merged_at >= before(as_of, YEAR))
    open_ = updates & ~now.closed & ~now.merged & (when.archived_at > as_of)
    waiting = items.created[open_]
    parts: dict[str, Part] = {
        "open": len(waiting),
        "oldest_open_days": (as_of - int(waiting[0])) / DAY if waiting.size else None,
    }
    taken = (when.merged_at - items.created)[merged]
    return durations(taken, DAY, N_("no update by a dependency bot was merged in a year"), parts)


def default_branch_red(activity: Activity, as_of: Instant) -> Value:
    """For how long have the checks of the default branch failed?"""
    # Nobody can mend the build of an archived repository.
    live = [one for one in counted(activity) if not archived(one, as_of)]
    if not live and counted(activity):
        return not_applicable(N_("all repositories are archived"))
    told = [one for one in live if one.facts.checks_failing_since or one.facts.checks_passed_at]
    if not told:
        return forge_missing(activity) or unknown("the forge does not say whether checks pass")
    red = [
        repository.facts.checks_passed_at or repository.facts.checks_failing_since or as_of
        for repository in told
        if repository.facts.checks_failing_since
    ]
    if not all(known_at(repository.forge_read_until, as_of) for repository in told):
        return unknown("the forge tells only how it is now")
    return Value(max((as_of - min(red, default=as_of)) / DAY, 0.0), n=len(told))


def service_answered(activity: Activity, as_of: Instant) -> Value:
    """Did the service answer when we called?"""
    if not activity.project.service:
        return not_applicable("no service is named")
    return unknown("this version does not visit services; ask whoever runs it")


METRICS = (
    Metric(
        "days_to_contract_end",
        "Days to contract end",
        "When does its contract end?",
        "days",
        Better.HIGHER,
        "publiccode.yml, configuration",
        days_to_contract_end,
        "earliest end of a supplier's contracts that no other supplier or in-house team outlasts "
        "− date; negative: it has ended",
        needs=("configuration",),
        words="days until the contract ends",
    ),
    Metric(
        "days_to_funding_end",
        "Days to funding end",
        "When does its money end?",
        "days",
        Better.HIGHER,
        "CHAOSS 4748",
        days_to_funding_end,
        "earliest end of a source of funding that no other outlasts − date; negative: it has ended",
        needs=("configuration",),
        words="days until the funding ends",
    ),
    Metric(
        "maintenance_type",
        "Maintenance type",
        "Who looks after it, as declared?",
        "text",
        Better.NEITHER,
        "publiccode.yml",
        maintenance_type,
        "internal, contract, community or none, as publiccode.yml says",
        words="who maintains it, as declared",
    ),
    Metric(
        "declared_vs_observed",
        "Declared versus observed",
        "Is what is declared true?",
        "count",
        Better.LOWER,
        "own",
        declared_vs_observed,
        "contradictions: stable without care for a year; releaseDate more than 90 days older than "
        "the newest delivery; obsolete but active; internal but all attributed work by suppliers; "
        "contract ended but its supplier still does the work",
        needs=("git", "configuration"),
        version=4,
        words="declarations that the records contradict",
    ),
    Metric(
        "users",
        "Users",
        "Who uses it?",
        "count",
        Better.HIGHER,
        "publiccode.yml, openCode",
        users,
        "bodies in usedBy of publiccode.yml or in configuration; not confirmed for 12 months: "
        "stale",
        needs=("configuration", "git"),
        words="bodies that use it",
    ),
    Metric(
        "stars",
        "Stars",
        "How many people marked it?",
        "count",
        Better.NEITHER,
        "CHAOSS 3573",
        stars,
        "stars at the newest of our own dated countings, and their change over 90 days",
        needs=("forge",),
        words="stars",
    ),
    Metric(
        "forks",
        "Forks",
        "How many copies were made?",
        "count",
        Better.NEITHER,
        "CHAOSS 3573",
        forks,
        "forks at the newest of our own dated countings, and their change over 90 days",
        needs=("forge",),
        words="copies",
    ),
    Metric(
        "watchers",
        "Watchers",
        "How many people follow it?",
        "count",
        Better.NEITHER,
        "CHAOSS 3573",
        watchers,
        "watchers at the newest of our own dated countings, and their change over 90 days",
        needs=("forge",),
        words="people who follow it",
    ),
    Metric(
        "dependency_update_latency",
        "Dependency update latency",
        "How fast are updates of dependencies taken?",
        "days",
        Better.LOWER,
        "security guide",
        dependency_update_latency,
        "median(merged − created) of change requests by dependency bots merged in a year; open "
        "ones, and the oldest of them",
        YEAR,
        needs=("forge",),
        words="days until an update is taken",
    ),
    Metric(
        "default_branch_red",
        "Default branch red",
        "For how long have its checks failed?",
        "days",
        Better.LOWER,
        "own",
        default_branch_red,
        "days since the checks of the default branch last passed, where they now fail; archived "
        "repositories do not count",
        version=2,
        needs=("forge",),
        words="days with failing checks",
    ),
    Metric(
        "scorecard",
        "Scorecard",
        "How safely is it developed?",
        "score",
        Better.HIGHER,
        "OpenSSF Scorecard",
        not_asked(N_("this version does not ask OpenSSF Scorecard; look it up on scorecard.dev")),
        "OpenSSF Scorecard's score and checks",
        needs=("lookup",),
        words="safety score of OpenSSF",
    ),
    Metric(
        "known_vulnerabilities",
        "Known vulnerabilities",
        "Does it depend on anything known to be unsafe?",
        "count",
        Better.LOWER,
        "OSV",
        not_asked(
            N_(
                "this version does not ask OSV; run osv-scanner, "
                "or switch on the forge's own alerts"
            )
        ),
        "vulnerabilities known to OSV in what the lock files name",
        needs=("lookup",),
        words="known vulnerabilities",
    ),
    Metric(
        "libyears",
        "Libyears",
        "How old is what it depends on?",
        "years",
        Better.LOWER,
        "CHAOSS 3976",
        not_asked(N_("this version does not ask deps.dev; look its dependencies up on deps.dev")),
        "years by which the dependencies in the lock files are behind, by deps.dev",
        needs=("lookup",),
        words="age of its dependencies",
    ),
    Metric(
        "service_answered",
        "Service answered",
        "Did the service answer when we called?",
        "ratio",
        Better.HIGHER,
        "hosted services",
        service_answered,
        "visits in 90 days answered 2xx or 3xx within 10 seconds ÷ visits",
        QUARTER,
        needs=("lookup",),
        words="answered at our daily visit",
        limits="Not an availability figure.",
    ),
)
