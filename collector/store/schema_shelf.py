"""The tables of what lies around the portfolio: the shelf of what is not sorted, and owners."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String

from collector.store.tables import Json, Text, compact, table

sources = table(
    "sources",  # where repositories are looked for
    Column("key", String(64), primary_key=True),
    Column("ospo", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("hidden", Boolean, nullable=False, default=False),
    Column("cursor", Text),
    Column("checked_at", BigInteger),
    Column("read_at", BigInteger),
    Column("error", Text),
    Column("error_since", BigInteger),
    Column("listed", Integer, nullable=False, default=0),
    Column("broken", Integer, nullable=False, default=0),
    Column("broken_entries", Json),  # the first few, each with its reason
)

found = table(
    "found",
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # as of repositories
    Column("url", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("native_id", String(120)),
    Column("project", String(80)),  # the project of its own that it became
    Index("ix_found_host_native_id", "host", "native_id"),
)

found_aliases = table(
    "found_aliases",
    Column("key", Text, primary_key=True),
    Column("found_id", Integer, ForeignKey("found.id", ondelete="CASCADE")),
)

found_in = table(
    "found_in",  # what each source says of it, and where it stands for that source's OSPO
    Column("source", ForeignKey("sources.key", ondelete="CASCADE"), primary_key=True),
    Column("found_id", ForeignKey("found.id", ondelete="CASCADE"), primary_key=True),
    Column("first_seen", BigInteger, nullable=False),
    Column("gone_since", BigInteger),
    Column("head", String(64)),
    Column("facts", Json, nullable=False),
    Column("state", String(16), nullable=False, default="new"),
    Column("reason", Json),
    Index("ix_found_in_found_id", "found_id"),
    Index("ix_found_in_head", "head"),
)

owners = table(
    "owners",  # who keeps community files for all of its repositories in one of their own
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("cursor", Text),
    Column("checked_at", BigInteger, nullable=False),
    Column("there", Boolean, nullable=False),
)

owner_files = compact(
    "owner_files",
    Column("owner", ForeignKey("owners.key", ondelete="CASCADE"), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("until", BigInteger),
    Column("place", Text, nullable=False),
    Column("readable", Boolean, nullable=False, default=True),
)
