"""``export``, ``feed``, ``badge``: open data, what to look at as Atom, a status as a picture."""

from __future__ import annotations

import sys
from pathlib import Path

from collector import clock
from collector.commands.common import known, source_of


def export(out: Path, *, internal: bool) -> int:
    """Write all tables and their description into a folder."""
    from dashboard.reports.export import PACKAGE, write

    source, settings = source_of(internal=internal)
    names = write(source, out, "" if internal else settings.data_license)
    print(f"{len(names)} files are in {out}; {PACKAGE} describes them.", file=sys.stderr)
    return 0


def feed(ospo: str | None, language: str | None, *, internal: bool) -> int:
    """Print the attention entries as Atom."""
    from dashboard.i18n import choose, translator
    from dashboard.reports.feed import feed as written

    source, settings = source_of(internal=internal)
    if ospo is not None:
        known([one.key for one in source.ospos()], [ospo], "OSPO")
    spoken = translator(choose(language, "", settings.language))
    _print(written(source, settings, spoken, ospo or ""))
    return 0


def badge(project: str, language: str | None) -> int:
    """Print a project's status as SVG."""
    from dashboard.i18n import choose, translator
    from dashboard.reports.badge import badge as drawn
    from dashboard.view import oldest_fresh

    source, settings = source_of(internal=True)
    known([row.key for row in source.projects()], [project], "project")
    row = source.project(project)
    assert row is not None  # noqa: S101 - it is among those that are known
    spoken = translator(choose(language, "", settings.language))
    _print(drawn(row, spoken, oldest_fresh(settings, clock.now())))
    return 0


def _print(text: str) -> None:
    """Print a document as UTF-8, whatever the terminal speaks: its bytes are those served."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
