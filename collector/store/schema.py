"""The tables. Every time is an integer epoch in UTC; ``repository_id`` leads every fact's key.

Facts refer to accounts by keyed hash (``accounts.id``); names and logins stand in
``accounts`` alone (METRICS.md C3).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)

from collector.store import schema_lines, schema_shelf
from collector.store.tables import Json, Text, metadata, storable
from collector.store.tables import compact as _compact
from collector.store.tables import table as _table

__all__ = ["metadata", "schema_lines", "schema_shelf", "storable"]


def _repository() -> Column[object]:
    return Column(
        "repository_id",
        Integer,
        ForeignKey("repositories.id", ondelete="CASCADE"),
        primary_key=True,
    )


def _project() -> Column[object]:
    return Column(
        "project_id", Integer, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )


# ---------------------------------------------------------------- what is watched

meta = _table(
    "meta",
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

hosts = _table(
    "hosts",  # what was found out about hosts whose kind is not configured
    Column("host", String(255), primary_key=True),
    Column("kind", String(16)),
    Column("asked_at", BigInteger, nullable=False),
    Column("why", Text),
    Column("answered", Boolean, nullable=False, default=True),
)

ospos = _table(
    "ospos",
    Column("id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("settings", Json, nullable=False),
)

projects = _table(
    "projects",
    Column("id", Integer, primary_key=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("ospo", String(80), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("settings", Json, nullable=False),
    Column("digest", String(64)),  # of configuration, definitions and records last measured
    Column("measured_at", BigInteger),
    Column("definitions", Json),  # metric → the version by which its history was measured
    Column("hidden", Boolean, nullable=False, default=False),
)

repositories = _table(
    "repositories",
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # of equal keys, one repository
    Column("url", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("project_id", Integer, ForeignKey("projects.id", ondelete="SET NULL"), index=True),
    Column("settings", Json, nullable=False),  # role, main, patterns, upstream
    Column("hidden", Boolean, nullable=False, default=False),
    Column("native_id", String(80)),
    Column("state", String(16), nullable=False, default="pending"),
    Column("error", Text),
    Column("error_since", BigInteger),
    Column("last_attempt", BigInteger),
    Column("last_success", BigInteger),
    Column("run_id", Integer, nullable=False, default=0),  # the fence (SCALE.md)
    # git
    Column("default_branch", Text),
    Column("head", LargeBinary),
    Column("root", LargeBinary),  # its oldest commit: copies of one project share it
    Column("git_cursor", Text),
    Column("git_read_until", BigInteger),
    Column("git_error", Text),
    Column("complete", Boolean, nullable=False, default=True),
    # forge
    Column("forge_cursor", Text),
    Column("forge_marker", Text),
    Column("forge_read_until", BigInteger),
    Column("forge_error", Text),
    Column("settled_drift", Json),  # what a full reading left between our count and the forge's
    Column("forge_lacks", Json),  # what this way of reading cannot give: reviews, actors
    Column("facts", Json),
    Column("totals", Json),
    Column("notes", Json),  # what is odd in its records (collector/notes.py)
    Column("cost", Json),
    Column("revision", Integer, nullable=False, default=0),  # rises when any record changes
)

repository_aliases = _table(
    "repository_aliases",
    Column("url", Text, primary_key=True),
    Column("repository_id", Integer, ForeignKey("repositories.id", ondelete="CASCADE")),
)

# ---------------------------------------------------------------- people, apart from all facts

accounts = _table(
    "accounts",
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # keyed hash of the trace
    Column("host", String(255), nullable=False, default=""),
    Column("native_id", String(80)),
    Column("login", Text),
    Column("name", Text),
    Column("kind", SmallInteger, nullable=False, default=0),  # AccountKind
    Column("mail_hash", BigInteger),
    Column("mail_domain", Text),
    Index("ix_accounts_host_native_id", "host", "native_id"),
    Index("ix_accounts_mail_hash", "mail_hash"),
)

account_links = _compact(
    "account_links",  # what a repository's .mailmap says: two traces are one person
    _repository(),
    Column("account", BigInteger, primary_key=True),
    Column("same_as", BigInteger, primary_key=True),
)

# ---------------------------------------------------------------- facts

commits = _compact(
    "commits",
    _repository(),
    Column("sha", LargeBinary, primary_key=True),
    Column("author", BigInteger, nullable=False),
    Column("author_time", BigInteger, nullable=False),
    Column("committer_time", BigInteger, nullable=False),
    Column("arrival", BigInteger, nullable=False),
    Column("arrived_with", LargeBinary),  # null: is itself on the first-parent line
    Column("parents", SmallInteger, nullable=False),
    Column("declares_ai", Boolean, nullable=False, default=False),
    Column("files_changed", Integer),  # null: not a candidate; -2: the trees cannot be had
)

commit_credits = _compact(
    "commit_credits",  # Co-authored-by
    _repository(),
    Column("sha", LargeBinary, primary_key=True),
    Column("account", BigInteger, primary_key=True),
)

tags = _compact(
    "tags",
    _repository(),
    Column("name", Text, primary_key=True),
    Column("sha", LargeBinary, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("signed", Boolean, nullable=False, default=False),
)

files = _compact(
    "files",
    _repository(),
    Column("key", String(40), primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("until", BigInteger),
    Column("place", Text, nullable=False),
    Column("readable", Boolean, nullable=False, default=True),
    Column("spdx", Text),
    Column("data", Json),
    Column("problems", Json),
)

items = _table(
    "items",
    _repository(),
    Column("native_id", String(120), primary_key=True),
    Column("kind", SmallInteger, nullable=False),  # ItemKind
    Column("number", Integer, nullable=False),
    Column("author", BigInteger),  # null: the account has vanished
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("draft", Boolean, nullable=False, default=False),
    Column("merge_commit", LargeBinary),
    Column("labels", Json),
    Column("title", Text),  # of listed open items only
    Column("vanished_at", BigInteger),
)

responses = _table(
    "responses",
    _repository(),
    Column("native_id", String(120), primary_key=True),
    Column("item", String(120), nullable=False),
    Column("kind", SmallInteger, nullable=False),  # EventKind
    Column("at", BigInteger, nullable=False),
    Column("actor", BigInteger),
    Column("actor_given", Boolean, nullable=False, default=True),
    Column("verdict", String(24)),
    Column("vanished_at", BigInteger),
    Index("ix_responses_repository_id_item", "repository_id", "item"),
)

releases = _table(
    "releases",
    _repository(),
    Column("native_id", String(120), primary_key=True),
    Column("tag", Text, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("prerelease", Boolean, nullable=False, default=False),
    Column("author", BigInteger),
    Column("vanished_at", BigInteger),
)

snapshots = _compact(
    "snapshots",
    _repository(),
    Column("at", BigInteger, primary_key=True),
    Column("stars", Integer),
    Column("forks", Integer),
    Column("watchers", Integer),
)

fork_states = _compact(
    "fork_states",  # where a fork stood to its upstream, each time that it was compared
    _repository(),
    Column("at", BigInteger, primary_key=True),
    Column("ahead", Integer, nullable=False),
    Column("behind", Integer, nullable=False),
    Column("synced", BigInteger),
)

# ---------------------------------------------------------------- passes and their cost

runs = _table(
    "runs",
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # collect | measure | demo
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("exit_code", Integer),
    Column("summary", Json),
)

budgets = _table(
    "budgets",  # what a host last said is left, per credential
    Column("credential", String(120), primary_key=True),
    Column("resource", String(24), primary_key=True),
    Column("remaining", Integer),
    Column("allowed", Integer),
    Column("resets_at", BigInteger),
)

# ---------------------------------------------------------------- what was measured

metric_values = _table(
    "metric_values",  # the newest, whole
    _project(),
    Column("metric", String(64), primary_key=True),
    Column("as_of", BigInteger, nullable=False),
    Column("value", Float),
    Column("state", String(8), nullable=False),
    Column("reason", Json),
    Column("n", Integer),
    Column("p90", Float),
    Column("coverage", Float),
    Column("parts", Json),
    Column("version", Integer, nullable=False),
    Column("collected_until", BigInteger),
)

metric_history = _compact(
    "metric_history",  # one value at the start of each month, from the first event on
    _project(),
    Column("metric", String(64), primary_key=True),
    Column("as_of", BigInteger, primary_key=True),
    Column("value", Float),
    Column("state", String(8), nullable=False),
    Column("n", Integer),
    Column("p90", Float),
)

project_series = _table(
    "project_series",  # what charts are drawn from, a row per kind of chart
    _project(),
    Column("key", String(24), primary_key=True),
    Column("as_of", BigInteger, nullable=False),
    Column("data", Json, nullable=False),
)

pack_results = _table(
    "pack_results",  # what each rule pack came to, with all its inputs
    _project(),
    Column("pack", String(80), primary_key=True),
    Column("as_of", BigInteger, nullable=False),
    Column("level", String(80)),  # null: none is reached
    Column("result", Json, nullable=False),
)

pack_history = _compact(
    "pack_history",  # the level at the start of each month
    _project(),
    Column("pack", String(80), primary_key=True),
    Column("as_of", BigInteger, primary_key=True),
    Column("level", String(80)),
)

what_if = _table(
    "what_if",  # what would become of a project without a supplier, a person, a source of money
    _project(),
    Column("without", String(400), primary_key=True, index=True),  # kind:id
    Column("as_of", BigInteger, nullable=False),
    Column("outcome", Json, nullable=False),
)

status_history = _table(
    "status_history",  # the judgement at the start of each month, from the first event on
    _project(),
    Column("as_of", BigInteger, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reason", Json, nullable=False),
    Column("risk", String(8)),
    Column("criticality", Integer),
    Column("answers", Json),  # question → its answer
    Column("basis", String(40)),  # on what the values of the month rest
    Column("rests_on", String(40)),  # on what its judgement rests
    Index("ix_status_history_standing", "project_id", "as_of", "status", "risk", "criticality"),
)

status_changes = _table(
    "status_changes",  # events: what has held for 28 days
    _project(),
    Column("at", BigInteger, primary_key=True),
    Column("before", String(16), nullable=False),  # empty: so it began
    Column("after", String(16), nullable=False),
    Column("reason", Json, nullable=False),
)

judgements = _table(
    "judgements",  # the newest: status, questions, checks, risk, with their sentences
    _project(),
    Column("as_of", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("risk", String(8), nullable=False),
    Column("criticality", Integer),
    Column("judgement", Json, nullable=False),
    Column("summary", Json, nullable=False),  # a row of the project list, sparkline included
)

# ---------------------------------------------------------------- what services tell

outcomes = _table(
    "outcomes",
    _project(),
    Column("indicator", String(80), primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("value", Float, nullable=False),
    Column("n", Integer),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("responsible", Text, nullable=False),
    Column("stale_after_days", Integer, nullable=False),
)
