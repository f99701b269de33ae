"""``report``: the month's document of an OSPO or a project, as HTML, PDF or Markdown."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from collector import clock
from collector.commands.common import known, source_of
from collector.errors import ConfigurationError, UserError

ENDINGS = {".html": "html", ".htm": "html", ".pdf": "pdf", ".md": "md", ".markdown": "md"}
STDOUT = Path("-")


class NotWritten(UserError):
    """The file cannot be written."""


def report(
    ospo: str | None,
    project: str | None,
    month: str | None,
    form: str | None,
    out: Path,
    language: str | None,
    *,
    public: bool,
) -> int:
    """Write one report into a file, or to stdout."""
    from dashboard.reports.making import FORMS, Asked, document

    kind = _form(form, out)
    source, settings = source_of(internal=not public)
    if project is not None:
        if ospo is not None:
            raise ConfigurationError("Give either --ospo or --project: a report is of one of them.")
        known([row.key for row in source.projects()], [project], "project")
    else:
        keys = [one.key for one in source.ospos()]
        known(keys, [ospo] if ospo else [], "OSPO")
        ospo = ospo or _only(keys)
    asked = Asked(ospo or "", project or "", month, _spoken(language))
    made = FORMS[kind](document(source, settings, asked, clock.now()))
    if out == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return 0
    write(out, made)
    print(f"The report is in {out}", file=sys.stderr)
    return 0


def _form(asked: str | None, out: Path) -> str:
    """The form that is asked for, or that the file's ending tells."""
    form = asked or ENDINGS.get(out.suffix.lower())
    if form is None:
        raise ConfigurationError(
            f"Which form is {out} to have? Give --format html, pdf or md, or a name that ends so."
        )
    return form


def _only(keys: list[str]) -> str:
    if not keys:
        raise ConfigurationError("Nothing was collected yet. Start with: ospo-vitals collect")
    if len(keys) > 1:
        raise ConfigurationError(
            f"There are several OSPOs: say which with --ospo. There are: {', '.join(sorted(keys))}"
        )
    return keys[0]


def _spoken(language: str | None) -> str | None:
    from dashboard.i18n import languages

    known(languages(), [language] if language else [], "language")
    return language


def write(file: Path, content: bytes) -> None:
    """Write a whole file or none; raise ``NotWritten``."""
    beside: str | None = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=".ospo-vitals-", delete=False) as new:
            beside = new.name
            new.write(content)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, file)
    except OSError as error:
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)
        raise NotWritten(
            f"{file} cannot be written ({error.strerror}). Give --out another name, or make room."
        ) from error


def _umask() -> int:
    """What others may not: a temporary file is its owner's alone, a report is as any file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
