"""What the tables are made of: names, texts that hostile hands may have written, JSON."""

import sqlalchemy
from sqlalchemy import JSON, Column, Dialect, Index, MetaData, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB


def storable(words: str) -> str:
    """Text as every database takes it: without NUL, halves of characters replaced."""
    if "\0" in words:
        words = words.replace("\0", "")
    if words.isascii():
        return words
    return words.encode("utf-8", "replace").decode("utf-8")


class Words(TypeDecorator[str]):
    """Text that hostile repositories and forges may have made."""

    impl = sqlalchemy.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


Text = Words()
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *columns: Column[object] | Index) -> Table:
    """A table of the one database that there is."""
    return Table(name, metadata, *columns)


def compact(name: str, *columns: Column[object] | Index) -> Table:
    """A table whose rows live in its key's own tree on SQLite: half the size for narrow rows."""
    return Table(name, metadata, *columns, sqlite_with_rowid=False)
