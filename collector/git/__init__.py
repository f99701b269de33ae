"""Git: clone without file contents, ask what moved, walk the history, read a few files."""

from collector.git.changes import changed_files
from collector.git.objects import settle
from collector.git.options import GitOptions
from collector.git.reading import Unchanged, read
from collector.git.version import require_git

__all__ = ["GitOptions", "Unchanged", "changed_files", "read", "require_git", "settle"]
