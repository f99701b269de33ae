"""``status``: every repository, when it was last read, why not, and what it cost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from collector import clock
from collector.commands import looking
from collector.commands.common import configuration, moment
from collector.commands.paper import Column, listed, paper, say, show
from collector.cron import slots
from collector.forge import VALIDITY, Allowance
from collector.model import DAY, Instant, RepositoryState
from collector.notes import sentences
from collector.outcome import NOT_TRIED
from collector.store import hosts, migrate, read
from collector.store.engine import connect
from collector.store.read import RepositoryStatus, RunRow


def status(format: str) -> int:
    """Print how every repository stands; 1 when something is older than two rounds."""
    config = configuration()
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    rows = read.repositories_status(engine)
    oldest = _oldest_fresh(config.schedule.collect, config.timezone, clock.now())
    stale = [row for row in rows if _is_stale(row, oldest)]
    last = read.newest_run(engine)
    if format == "json":
        document = {
            "repositories": [_record(row) for row in rows],
            "shelf": looking.document(engine),
            "budgets": [_budget(each) for each in hosts.allowances(engine)],
            "last_run": _run(last),
        }
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _table(
            rows, stale, last, slots(config.schedule.collect, config.timezone).after(clock.now())
        )
        looking.tell(engine)
        for line in _ending(hosts.allowances(engine), clock.now()):
            say(paper(), line)
    return 1 if stale or looking.failing(engine) else 0


def _oldest_fresh(expression: str, zone: str, now: Instant) -> Instant:
    """Data older than twice the schedule are stale: the start of the period before the last."""
    timetable = slots(expression, zone)
    last = timetable.before(now)
    return (timetable.before(last - 1) if last is not None else None) or 0


def _is_stale(row: RepositoryStatus, oldest: Instant) -> bool:
    if row.state in (RepositoryState.PENDING, RepositoryState.GONE):
        return False  # not read yet; or gone for good, which is no news every day
    forge = row.forge_error is not None and (row.forge_read_until or 0) < oldest
    return forge or (row.last_success or 0) < oldest


def _record(row: RepositoryStatus) -> dict[str, Any]:
    """As programs read it (PRODUCT.md)."""
    cost = {"requests": 0, "points": 0, "git_bytes": 0, "seconds": 0.0} | dict(row.cost)
    return {
        "url": row.url,
        "project": row.project,
        "host": row.host,
        "kind": row.kind,
        "state": row.state.value,
        "last_success": moment(row.last_success),
        "forge_read_until": moment(row.forge_read_until),
        "last_error": row.error,
        "records": dict(row.records),
        "forge_totals": {
            "issues": row.totals.get("issues"),
            "change_requests": row.totals.get("change_requests"),
        },
        "cost": cost,
        "notes": [f"{found}. {done}" for found, done in sentences(row.notes)],
    }


def _budget(left: Allowance) -> dict[str, Any]:
    """What a host last said that a credential, known by its name, may still ask."""
    return {
        "credential": left.credential,
        "resource": left.resource,
        "remaining": left.remaining,
        "allowed": left.allowed,
        "resets_at": moment(left.resets_at),
    }


ENDS_SOON = 30 * DAY


def _ending(found: Sequence[Allowance], now: Instant) -> Iterator[str]:
    """Which credentials are no longer accepted, or not for long?"""
    for each in found:
        if each.resource == VALIDITY and each.resets_at and each.resets_at < now + ENDS_SOON:
            verb = "ends" if each.resets_at > now else "ended"
            yield (
                f"{each.credential}: the token {verb} on {(moment(each.resets_at) or '')[:10]}."
                " Make a new one and set it there."
            )


def _run(run: RunRow | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "kind": run.kind,
        "started": moment(run.started),
        "finished": moment(run.finished),
        "exit_code": run.exit_code,
        **run.summary,
    }


WIDE = 120
"""From so many columns on a repository's URL stands in its line."""


def _table(
    rows: Sequence[RepositoryStatus],
    stale: Sequence[RepositoryStatus],
    last: RunRow | None,
    following: Instant | None,
) -> None:
    console = paper()
    if rows:
        columns = [Column("project", folds=True), Column("state"), Column("last read")]
        columns += [Column(name, right=True) for name in ("commits", "tags", "issues", "changes")]
        wide = console.width >= WIDE
        show(
            console,
            [*columns, *([Column("repository", folds=True)] if wide else [])],
            _rows(rows, wide=wide),
        )
    for who, why in _failures(rows):
        say(console, who)
        say(console, why, 2)
    for row in rows:
        for found, done in sentences(row.notes):
            say(console, f"{row.project}: {row.url}: {found}. {done}")
    for line in _below(rows, stale, last, following):
        say(console, line)


def _failures(rows: Sequence[RepositoryStatus]) -> Iterator[tuple[str, str]]:
    """Whom a failure concerns, and what it is: once for all repositories of a host that failed."""
    told = {row.host: row.error for row in rows if row.error and NOT_TRIED not in row.error}
    groups: dict[tuple[str, str], list[RepositoryStatus]] = {}
    for row in rows:
        if row.error:
            why = told.get(row.host) if NOT_TRIED in row.error else None
            groups.setdefault((row.host, why or row.error), []).append(row)
    for (host, why), those in groups.items():
        since = (moment(min(row.error_since or 0 for row in those)) or "")[:10]
        who = f"{those[0].project}: {those[0].url}"
        if len(those) > 1:
            names = listed(row.url.partition(f"{host}/")[2] or row.url for row in those)
            who = f"{len(those)} repositories of {host or 'this machine'} ({names})"
        yield f"{who} cannot be read (since {since}):", why


def _rows(rows: Sequence[RepositoryStatus], *, wide: bool) -> Iterator[list[str]]:
    """One line a repository; of several in a project each is named."""
    several = {project for project, count in Counter(r.project for r in rows).items() if count > 1}
    for row in rows:
        name = row.project
        if not wide and name in several:
            name = f"{name} · {short_name(row.url)}"
        figures = [
            name,
            row.state.value,
            (moment(row.last_success) or "never")[:10],
            f"{row.records['commits']:,}",
            f"{row.records['tags']:,}",
            *(_of_forge(row, each) for each in ("issues", "change_requests")),
        ]
        yield [*figures, row.url] if wide else figures


def short_name(url: str) -> str:
    """The last part of a repository's URL."""
    return url.rstrip("/").removesuffix(".git").rpartition("/")[2]


def _of_forge(row: RepositoryStatus, name: str) -> str:
    """How many items are stored; a dash where no forge was read, which is not zero."""
    return f"{row.records[name]:,}" if row.records[name] or row.totals else "–"


def _below(
    rows: Sequence[RepositoryStatus],
    stale: Sequence[RepositoryStatus],
    last: RunRow | None,
    following: Instant | None,
) -> list[str]:
    if not rows:
        return ["No repository is configured yet. Add one with: ospo-vitals add URL"]
    lines = [f"Last pass: {_ended(last)}."]
    if following is not None:
        lines.append(f"Next by the schedule: {_minute(following)} (cron or ospo-vitals schedule).")
    if stale:
        named = ", ".join(dict.fromkeys(row.project for row in stale[:3]))
        more = " and others" * (len(stale) > 3)
        lines.append(
            f"Old: {len(stale)} of {len(rows)} repositories {'was' if len(stale) == 1 else 'were'}"
            f" not read in the last two rounds of the schedule ({named}{more})."
        )
    return lines


def _minute(at: Instant) -> str:
    return (moment(at) or "")[:16].replace("T", " ") + " UTC"


def _ended(last: RunRow | None) -> str:
    if last is None:
        return "none yet; start one with: ospo-vitals collect"
    if last.finished is not None:
        return f"{_minute(last.finished)} (exit {last.exit_code})"
    return "still running, or it was interrupted"
