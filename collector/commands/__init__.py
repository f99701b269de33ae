"""What each command does: one file per command or pair of commands."""
