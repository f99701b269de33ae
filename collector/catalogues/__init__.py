"""Lists of repositories: one file per catalogue."""
