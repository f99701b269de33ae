"""``check``, ``add``, ``init``: the configuration itself; nothing heavy is imported."""

from __future__ import annotations

import sys
from pathlib import Path


def check() -> int:
    """Validate the configuration."""
    from collector.config.report import check as report

    found = report()
    if found.exit_code == 0:
        print("\n".join(map(_folded, found.text.splitlines())))
    else:  # a line a problem: editors read them
        print(found.text, file=sys.stderr)
    return found.exit_code


def _folded(line: str) -> str:
    """A line as wide as the terminal, where there is one."""
    if not sys.stdout.isatty():
        return line
    from shutil import get_terminal_size
    from textwrap import fill

    width = max(get_terminal_size().columns, 40)
    return fill(line, width, break_on_hyphens=False, break_long_words=False)


def add(url: str, ospo: str | None, project: str | None) -> int:
    """Add a repository."""
    from collector.config import load
    from collector.config.portfolio_file import add as put

    done = put(load().folder, url, ospo, project)
    print(done)
    print("Read it with: ospo-vitals collect --project " + done.project)
    return 0


def init(folder: Path) -> int:
    """Write a starter configuration."""
    from collector.config.portfolio_file import init as write

    where = write(folder)
    print(f"Written to {where}. Next: ospo-vitals check, then ospo-vitals run")
    return 0
