"""The database: every SQL statement stands here."""
