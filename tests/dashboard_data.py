"""A portfolio in the precomputed tables: as many projects as asked, of every status."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, insert, text

from collector.metrics.windows import month_start
from collector.model import DAY
from collector.series.months import month
from collector.store import lines, migrate, schema

NOW = 1_795_392_000  # 2026-11-23
STATUSES = (
    ["active"] * 5
    + ["quiet"] * 3
    + ["slowing", "at_rest", "abandoned", "new", "unknown", "retired"]
)
NAMES = [
    "CityVizor",
    "Paas",
    "Open Budget",
    "Mapa potrieb",
    "Signal",
    "Ariadne",
    "Konto",
    "Dopravný portál",
    "Participation Kit",
    "Forms",
    "Civic Radar",
    "Emergency Hub",
    "Water Levels",
    "Election Monitor",
    "Consent Library",
    "Design System",
    "Data Catalogue",
    "Heating Permits",
    "Parking Zones",
    "Library Card",
    "School Menu",
    "Waste Calendar",
    "Trees of the City",
    "Press Room",
]
WHY = {
    "active": ("Somebody looked after it {days} days ago.", 3),
    "quiet": ("Few changes, but somebody looked after it {days} days ago.", 24),
    "new": ("First published {days} days ago.", 40),
    "slowing": ("The last care was {days} days ago; its usual pause is 90 days.", 141),
    "at_rest": ("Nobody has looked after it for {days} days.", 480),
    "abandoned": (
        "Nobody has looked after it for {days} days, and somebody from outside waits.",
        512,
    ),
    "unknown": ("No repository of it could be read.", 0),
    "retired": ("It is declared retired.", 0),
}
CHECKS = {
    "work": [
        ("care", "Care within its rhythm", "days_since_care", "days", 90, 365),
        ("undelivered", "Oldest change not delivered", "undelivered_commits", "days", 90, 365),
    ],
    "survive": [
        ("regular", "People who work on it regularly", "regular_committers", "count", 3, 1),
        ("left", "Work of people who have left", "work_left_share", "ratio", 0.33, 0.67),
    ],
    "take_part": [
        ("answered", "Outsiders who got an answer", "outsiders_answered", "ratio", 0.8, 0.5),
        ("eyes", "Changes seen by a second person", "four_eyes", "ratio", 0.75, 0.25),
        ("licence", "Licence approved by OSI", "license", "yes/no", 1, 0),
    ],
    "safe": [
        ("update", "Oldest open update by a bot", "dependency_update_latency", "days", 30, 90)
    ],
    "paid": [("paid", "Contract, funding or team named", "days_to_funding_end", "yes/no", 1, 0)],
}
TITLES = {
    "work": "Is work going on?",
    "survive": "Would it survive a departure?",
    "take_part": "Can others take part?",
    "safe": "Is it safe?",
    "paid": "Is it paid for?",
}


MEASURED = (
    "judgements",
    "metric_values",
    "metric_history",
    "status_history",
    "status_changes",
    "tags",
    "project_series",
    "outcomes",
    "what_if",
    "pack_results",
)
OSPOS = [
    {
        "id": "bratislava",
        "name": "Bratislava",
        "settings": {
            "archetype": "local-government",
            "contact": "ospo@bratislava.example",
            "members": [],
        },
    },
    {
        "id": "praha",
        "name": "Praha",
        "settings": {"archetype": "association", "contact": "", "members": ["Praha 7", "Brno"]},
    },
]

CHUNK = 500
"""So many projects are made and written at a time: 20,000 at once would take gigabytes."""


def build(
    path: Path,
    count: int,
    *,
    years: int = 5,
    meta: dict[str, str] | None = None,
    finished: int = NOW + 3 * 3600,
    running: bool = False,
    measured: bool = True,
    hostile: str | None = None,
    seed: int = 7,
    tables: str = "head",
    ospos: int = 1,
) -> str:
    """Write a portfolio of ``count`` projects and give its database URL."""
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF"))
    schema.metadata.create_all(engine)
    _stamp(engine, tables)
    chance = random.Random(seed)
    with engine.begin() as connection:

        def put(table: object, rows: list[dict[str, object]]) -> None:
            if rows:
                connection.execute(insert(table), rows)

        put(schema.meta, [{"key": k, "value": v} for k, v in (meta or {}).items()])
        put(schema.ospos, OSPOS[:ospos])
        put(schema.runs, _runs(finished, running))
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            made = [_project(i, count, chance, years, hostile) for i in numbers]
            for at, m in zip(numbers, made, strict=True):
                m["project"]["ospo"] = OSPOS[at % ospos]["id"]
            put(schema.projects, [m["project"] for m in made])
            for name in ("repositories", *(MEASURED if measured else ())):
                put(getattr(schema, name), [r for m in made for r in m[name]])
        lines.follow(connection)
    engine.dispose()
    return url


def _stamp(engine: Engine, tables: str) -> None:
    """Say of which version the tables are."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(migrate.configuration()).get_current_head()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        version = {"head": head}.get(tables, tables)
        connection.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})


def _runs(finished: int, running: bool) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "id": i + 1,
            "kind": "collect",
            "started": finished - (10 - i) * DAY - 900,
            "finished": finished - (10 - i) * DAY,
            "exit_code": 1 if i == 4 else 0,
            "summary": {"repositories": 24, "failed": 1 if i == 4 else 0, "requests": 41},
        }
        for i in range(11)
    ]
    if running:
        rows.append(
            {
                "id": 12,
                "kind": "collect",
                "started": finished + 600,
                "finished": None,
                "exit_code": None,
                "summary": None,
            }
        )
    return rows


def _project(
    i: int, count: int, chance: random.Random, years: int, hostile: str | None
) -> dict[str, list]:
    name = hostile or (
        NAMES[i] if i < len(NAMES) else f"{NAMES[i % len(NAMES)]} {i // len(NAMES) + 1}"
    )
    status = STATUSES[i % len(STATUSES)] if count > 1 else "active"
    key = f"project-{i + 1}"
    people = chance.randint(1, 30)
    text, days = WHY[status]
    reason = {"text": text, "args": {"days": days + chance.randint(0, 9)}}
    known = status != "unknown"
    answers, questions = _questions(status, chance)
    bad = {a for k, a in answers.items() if k in ("survive", "safe")}
    risk = (
        "high"
        if "not met" in bad or status == "abandoned"
        else ("raised" if "not met" in answers.values() else "low")
    )
    summary = {
        "status": status,
        "risk": risk,
        "criticality": chance.choice([4, 4, 6, 6, 7, 8, 9]),
        "criticality_guessed": bool(chance.getrandbits(1)),
        "reason": reason,
        "commits_12m": [
            chance.randint(0, 40) * (status in ("active", "new", "quiet")) for _ in range(12)
        ]
        if known
        else None,
        "contributors": people if known else None,
        "contributor_absence_factor": max(1, people // 6) if known else None,
        "regular_committers": max(0, people // 4) if known else None,
        "first_answer_wait": chance.uniform(1, 900) if known and chance.random() > 0.2 else None,
        "days_since_last_delivery": chance.uniform(1, 500)
        if known and chance.random() > 0.3
        else None,
        "days_since_last_commit": days + 0.5 if known else None,
        "questions": answers,
        "license": "EUPL-1.2",
        "collected_until": NOW,
    }
    judgement = {
        "status": status,
        "reason": reason,
        "since": NOW - 200 * DAY,
        "risk": risk,
        "criticality": summary["criticality"],
        "criticality_guessed": summary["criticality_guessed"],
        "gap_limit_days": 90.0,
        "questions": questions,
        "good_practice": {"met": 4, "of": 7},
        "next": {
            "text": "A third person who works on it regularly would lower the risk.",
            "args": {},
        },
    }
    pid = i + 1
    values, past = _values(pid, summary, chance, known), _history(pid, chance, years)
    changes = _statuses(pid, status, reason, chance, years)
    return {
        "project": {
            "id": pid,
            "key": key,
            "ospo": "bratislava",
            "name": name,
            "settings": _settings(i, key, hostile),
            "measured_at": NOW,
            "hidden": False,
        },
        "repositories": [
            {
                "id": pid,
                "key": f"https://github.com/example/{key}",
                "url": f"https://github.com/example/{key}",
                "host": "github.com",
                "kind": "github",
                "project_id": pid,
                "settings": {"role": "code", "main": True},
                "state": "failed" if status == "unknown" else "ok",
                "error": (
                    hostile or "github.com asks for credentials for this repository: is it private?"
                )
                if status == "unknown"
                else None,
                "error_since": NOW - 12 * DAY if status == "unknown" else None,
                "last_attempt": NOW,
                "last_success": None if status == "unknown" else NOW,
                "git_read_until": NOW,
                "forge_read_until": NOW,
                "complete": True,
                "totals": {"issues": 40, "change_requests": 70},
                "run_id": 11,
                "revision": 1,
                "hidden": False,
                "cost": {"requests": 3, "points": 2, "git_bytes": 120_000, "seconds": 1.4},
            }
        ],
        "judgements": [
            {
                "project_id": pid,
                "as_of": NOW,
                "status": status,
                "risk": risk,
                "criticality": summary["criticality"],
                "judgement": judgement,
                "summary": summary,
            }
        ],
        "metric_values": values,
        "metric_history": past,
        "status_history": _judged(changes, years, answers),
        "status_changes": _changes(changes),
        "what_if": _what_if(pid, key, hostile) if i % 3 == 2 else [],
        "pack_results": _packs(pid, hostile) if known else [],
        "outcomes": _outcomes(pid, hostile) if i % 4 == 0 else [],
        "project_series": _series(pid, people, random.Random(pid), known, hostile),
        "tags": [
            {
                "repository_id": pid,
                "name": f"v1.{n}.0",
                "sha": b"\0" * 20,
                "time": NOW - (n * 47 + 9) * DAY,
                "signed": False,
            }
            for n in range(5)
        ],
    }


def _settings(i: int, key: str, hostile: str | None) -> dict[str, object]:
    """What configuration says: every third project is agreed upon, the eighth is upstream."""
    agreed = [
        {
            "party": hostile or "supplier-x",
            "kind": None,
            "span": {"since": NOW - 400 * DAY, "until": NOW + 90 * DAY},
        }
    ]
    goal = {"metric": "first_answer_wait", "target": 72, "by": "2027-06-30", "agreed_with": "board"}
    decision = {
        "date": "2026-05-02",
        "about": "regular_committers",
        "decision": "fund",
        "review_on": "2027-03-01",
        "text": hostile or "tender for a second maintainer",
    }
    return {
        "description": hostile or "",
        "project": {
            "id": key,
            "kind": "software",
            "relation": "upstream" if i == 21 else "hosted",
            "area": hostile or "transparency",
            "stage": "production",
            "service": "https://service.example" if i % 4 == 0 else None,
            "contracts": agreed if i % 3 == 2 else [],
            "funding": agreed if i % 5 == 2 else [],
            "users": [{"name": "Praha 7"}],
            "organisations": {"supplier-x": "supplier", "bratislava": "public-body"},
        },
        "goals": [goal] if i % 3 == 2 else [],
        "decisions": [decision] if i % 3 == 2 else [],
    }


def _series(
    pid: int, people: int, chance: random.Random, known: bool, hostile: str | None
) -> list[dict[str, object]]:
    """What charts are drawn from, for a project that could be read."""
    if not known:
        return []
    first = 12 * 56 + 10 - 35  # November 2026 is the 36th month
    months = 36
    amounts = sorted((chance.randint(1, 60) for _ in range(people)), reverse=True)
    body = hostile or "supplier-x"
    alone = 1 if pid % 3 == 0 else min(people, 2)  # so many work on it regularly
    dates = [NOW - 30 * DAY * back for back in range(24)][::-1]
    found: dict[str, dict[str, object]] = {
        "work": {"first": first, "commits": [chance.randint(0, 40) for _ in range(months)]},
        "flow": {
            "first": first,
            **{way: [chance.randint(0, 9) for _ in range(months)] for way in ("opened", "merged")},
            "declined": [chance.randint(0, 2) for _ in range(months)],
        },
        "waiting": {
            "dates": dates,
            "p25": [chance.uniform(1, 20) for _ in dates],
            "median": [chance.uniform(20, 90) for _ in dates],
            "p90": [chance.uniform(90, 400) for _ in dates],
            "n": [chance.randint(0, 30) for _ in dates],
        },
        "ages": {"limits": [30, 90, 365], "issues": [3, 2, 9, 4], "change_requests": [1, 0, 2, 1]},
        "bodies": {
            "years": [
                {"until": NOW - 365 * DAY * back, "credits": {"": 10, "bratislava": 40, body: 50}}
                for back in range(4)
            ]
        },
        "ownership": {"credits": amounts, "total": sum(amounts), "persons": people},
        "holders": {
            "credits": sum(amounts),
            "persons": people,
            "regular": alone,
            "told": [
                {
                    "traces": [100 + (pid + at) % 9, 200 + (pid + at) % 9],
                    "credits": amounts[at],
                    "regular": at < alone,
                    "organisation": body if at % 2 else "bratislava",
                    "first": NOW - (400 + (pid + at) % 9) * DAY,
                }
                for at in range(min(people, 6))
            ],
            "organisations": {
                "": {"credits": 3, "regular": 0},
                "bratislava": {"credits": 40, "regular": 1},
                body: {"credits": 50, "regular": 1},
            },
        },
    }
    if people >= 20:
        found["cohorts"] = {
            "cohorts": [{"year": 2024, "people": [12, 7, 5]}, {"year": 2025, "people": [9, 4]}]
        }
    return [
        {"project_id": pid, "key": key, "as_of": NOW, "data": data} for key, data in found.items()
    ]


def _questions(
    status: str, chance: random.Random
) -> tuple[dict[str, str], list[dict[str, object]]]:
    order = ["not met", "at risk", "met", "too few cases", "unknown", "n/a"]
    answers: dict[str, str] = {}
    questions = []
    for key, checks in CHECKS.items():
        made = []
        for check, title, metric, unit, met, not_met in checks:
            result = (
                chance.choices(order[:5], [1, 2, 6, 1, 1])[0] if status != "unknown" else "unknown"
            )
            made.append(
                {
                    "key": check,
                    "title": title,
                    "metric": metric,
                    "result": result,
                    "value": None if result == "unknown" else round(chance.uniform(0, 3 * met), 2),
                    "unit": unit,
                    "met": met,
                    "not_met": not_met,
                    "threshold_source": "default",
                    "why": {
                        "text": "It was {value} where {limit} is asked.",
                        "args": {"value": 2, "limit": met},
                    },
                    "change": {"text": "Answer the {n} people who wait.", "args": {"n": 2}}
                    if result in ("not met", "at risk")
                    else None,
                    "n": chance.randint(1, 40),
                    "window_days": 90,
                }
            )
        decided = [c["result"] for c in made if c["result"] in order[:3]]
        answers[key] = min(decided, key=order.index) if decided else "unknown"
        questions.append(
            {
                "key": key,
                "title": TITLES[key],
                "answer": answers[key],
                "undecided": len(made) - len(decided),
                "checks": made,
            }
        )
    return answers, questions


METRICS = [
    "commits",
    "commit_frequency",
    "contributors",
    "committers",
    "contributor_absence_factor",
    "regular_committers",
    "first_answer_wait",
    "answered_share",
    "open_issues",
    "open_change_requests",
    "release_frequency",
    "days_since_last_delivery",
    "days_since_last_commit",
    "oldest_outsider_waiting",
    "work_left_share",
    "community_files",
    "license",
]


def _values(
    pid: int, summary: dict[str, object], chance: random.Random, known: bool
) -> list[dict[str, object]]:
    rows = []
    for metric in METRICS:
        state = "ok" if known and chance.random() > 0.1 else ("n/a" if known else "unknown")
        value = summary.get(metric, chance.uniform(0, 60)) if state == "ok" else None
        parts: dict[str, object] = {"items": 14, "answered": 11}
        if metric == "license":
            value, parts = 1.0, {"spdx": "EUPL-1.2"}
        reason = None if state == "ok" else {"text": "the forge was not read", "args": {}}
        rows.append(
            {
                "project_id": pid,
                "metric": metric,
                "as_of": NOW,
                "value": value if isinstance(value, int | float) else None,
                "state": state,
                "reason": reason,
                "n": chance.randint(2, 80),
                "p90": 140.0,
                "coverage": 0.9,
                "parts": parts,
                "version": 1,
                "collected_until": NOW,
            }
        )
    return rows


def _what_if(pid: int, key: str, hostile: str | None) -> list[dict[str, object]]:
    """What would become of it without its supplier, as the pass stores it."""
    without = f"supplier:{hostile[:60] if hostile else 'supplier-x'}"
    flip = {
        "key": "regular", "title": "people who work on it regularly", "question": "survive",
        "before": "at risk", "after": "not met", "worse": True, "why": {"text": "{n}", "args": {}},
    }  # fmt: skip
    outcome = {
        "project": key, "without": without, "as_of": NOW, "ends": NOW, "criticality": 6,
        "nobody": pid % 2 == 0, "regular_committers": {"before": 2, "after": pid % 2},
        "committers": {"before": 3, "after": 1}, "status": {"before": "active", "after": "quiet"},
        "risk": {"before": "low", "after": "high"}, "flips": [flip], "undelivered": 9,
        "undelivered_theirs": 4, "open_proposals_theirs": 1, "ending": ["supplier-x"],
    }  # fmt: skip
    return [{"project_id": pid, "without": without, "as_of": NOW, "outcome": outcome}]


def _packs(pid: int, hostile: str | None) -> list[dict[str, object]]:
    """One checklist of two rules, its only level reached by every second project."""
    reached = pid % 2 == 0
    level = {
        "id": "starter", "name": hostile or "All in order", "reached": reached, "met": 1 + reached,
        "of": 2, "needs": 2, "missing": [],
    }  # fmt: skip
    rules = [
        {
            "id": "answer", "level": "starter", "title": hostile or "Whoever asks gets an answer",
            "state": state, "why": {"text": "It is {value}.", "args": {"value": 1}},
            "metric": "answered_share", "note": hostile or "The number is ours.",
        }
        for state in ("met", "met" if reached else "answer needed")
    ]  # fmt: skip
    result = {
        "pack": "chaoss-starter", "name": hostile or "CHAOSS Starter", "as_of": NOW,
        "source": hostile or "https://chaoss.example/", "level": "starter" if reached else None,
        "next": None if reached else "starter", "levels": [level], "rules": rules,
    }  # fmt: skip
    return [
        {
            "project_id": pid,
            "pack": "chaoss-starter",
            "as_of": NOW,
            "level": result["level"],
            "result": result,
        }
    ]


def _months(years: int) -> list[int]:
    newest = month(NOW)
    return [month_start(newest - back) for back in range(12 * years)][::-1]


def _outcomes(pid: int, hostile: str | None) -> list[dict[str, object]]:
    """What the service tells of itself, quarter by quarter."""
    return [
        {
            "project_id": pid,
            "indicator": indicator,
            "at": NOW - 90 * DAY * back,
            "value": value * (20 - back),
            "n": 40,
            "unit": unit,
            "source": hostile or "yearly survey",
            "responsible": hostile or "service owner",
            "stale_after_days": 200,
        }
        for indicator, unit, value in (
            ("service_users", "count", 90),
            ("service_uptake", "ratio", 0.04),
        )
        for back in range(8)
    ]


def _history(pid: int, chance: random.Random, years: int) -> list[dict[str, object]]:
    rows = []
    for metric, high in (
        ("commits", 300),
        ("contributors", 30),
        ("contributor_absence_factor", 4),
        ("first_answer_wait", 300),
        ("open_issues", 80),
        ("regular_committers", 6),
        ("release_frequency", 12),
    ):
        value = chance.uniform(high / 4, high)
        for at in _months(years):
            value = max(0.0, min(high * 1.5, value + chance.uniform(-high / 12, high / 12)))
            rows.append(
                {
                    "project_id": pid,
                    "metric": metric,
                    "as_of": at,
                    "value": round(value),
                    "state": "ok",
                    "n": 20,
                    "p90": None,
                }
            )
    return rows


def _statuses(
    pid: int, status: str, reason: dict[str, object], chance: random.Random, years: int
) -> list[dict[str, object]]:
    months = _months(years)
    rows = [{"project_id": pid, "as_of": months[0], "status": "new", "reason": reason}]
    rows += [
        {
            "project_id": pid,
            "as_of": at,
            "reason": reason,
            "status": chance.choice(["active", "quiet", "slowing"]),
        }
        for at in months[4:]
        if chance.random() < 0.08
    ]
    rows = [row for row in rows if row["as_of"] < NOW - 12 * DAY]
    if rows[-1]["status"] != status:
        rows.append(
            {
                "project_id": pid,
                "as_of": NOW - chance.choice([9, 200]) * DAY,
                "status": status,
                "reason": reason,
            }
        )
    return sorted({row["as_of"]: row for row in rows}.values(), key=lambda row: row["as_of"])


def _judged(
    changes: list[dict[str, object]], years: int, answers: dict[str, str]
) -> list[dict[str, object]]:
    """The judgement at the start of each month, as the changes of the status say."""
    dates = sorted({*_months(years), *(row["as_of"] for row in changes)})
    newest = {at: max((r for r in changes if r["as_of"] <= at), key=lambda r: r["as_of"])
              for at in dates if at >= changes[0]["as_of"]}  # fmt: skip
    extra = {"risk": "low", "criticality": 4, "answers": answers}
    return [row | {"as_of": at} | extra for at, row in newest.items()]


def _changes(changes: list[dict[str, object]]) -> list[dict[str, object]]:
    """The events between the judgements."""
    statuses = ["", *(row["status"] for row in changes)]
    return [
        {
            "project_id": row["project_id"],
            "at": row["as_of"],
            "before": before,
            "after": row["status"],
            "reason": row["reason"],
        }
        for before, row in zip(statuses, changes, strict=False)
        if before != row["status"]
    ]
