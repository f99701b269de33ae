"""Outside facts about a repository: one file per source."""
