"""The table that the list of projects is found, ordered and counted in: a narrow row for each.

What is shown of a project stands elsewhere, in rows twenty times as wide; here stands what a list
is filtered and sorted by. Only projects that are shown have a row (``collector/store/lines.py``).
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String
from sqlalchemy.dialects import postgresql

from collector.store.tables import Text, table

_IN_ORDER = Text.with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""By code points, as SQLite compares: the same order on either database, whatever its locale."""

project_lines = table(
    "project_lines",
    Column("project_id", Integer, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("name", _IN_ORDER, nullable=False),  # without case and accents
    Column("key", _IN_ORDER, nullable=False),
    Column("sought", Text, nullable=False),  # what a search looks into, without case and accents
    Column("ospo", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("risk", String(8), nullable=False),  # empty: not judged
    Column("open_risk", String(8), nullable=False),  # what it is without people
    Column("criticality", Integer),
    Column("contributors", Float),
    Column("contributor_absence_factor", Float),
    Column("days_since_last_commit", Float),
    Column("first_answer_wait", Float),
    Index("ix_project_lines_name", "name", "key"),
    Index("ix_project_lines_ospo", "ospo"),
)
