"""``report``: the month's document of an OSPO or a project, as HTML, PDF or Markdown."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from collector import clock
from collector.commands.common import known, source_of
from collector.errors import ConfigurationError, UserError
from collector.model import Instant
from collector.progress import reporter

if TYPE_CHECKING:
    from dashboard.data import Source
    from dashboard.reports.making import Asked
    from dashboard.settings import Settings

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


def every(
    month: str | None,
    form: str | None,
    out: Path,
    language: str | None,
    *,
    public: bool,
    projects: bool,
) -> int:
    """Write the reports of every OSPO, and of every project of ours, into a folder of the month.

    1: some could not be written, and are named.
    """
    from dashboard.position import ours
    from dashboard.reports.making import FORMS, Asked
    from dashboard.reports.period import month_code, period

    source, settings = source_of(internal=not public)
    now, spoken = clock.now(), _spoken(language)
    folder = out / month_code(period(source, month, now).month)
    wanted = [
        (one.key, Asked(ospo=one.key, month=month, language=spoken)) for one in source.ospos()
    ]
    if projects:
        wanted += [
            (f"{row.ospo}/{row.key}", Asked(project=row.key, month=month, language=spoken))
            for row in ours(source.projects())
        ]
    making = _Making(source, settings, now, [form] if form else list(FORMS))
    with reporter() as bar:
        bar.begin("Writing reports", len(wanted))
        for name, asked in wanted:
            making.write(folder / name, asked)
            bar.step(name)
    for line in dict.fromkeys(making.failed):
        print(line, file=sys.stderr)
    if sys.stderr.isatty():  # cron hears only of what is wrong
        print(f"{making.written} files are in {folder}", file=sys.stderr)
    return 1 if making.failed else 0


@dataclass(slots=True)
class _Making:
    """Writes one report after the other; what fails is noted, and the others are written."""

    source: Source
    settings: Settings
    now: Instant
    forms: list[str]
    written: int = 0
    failed: list[str] = field(default_factory=list)

    def write(self, file: Path, asked: Asked) -> None:
        """Write one report in each form; ``file`` has no ending yet."""
        from dashboard.reports.as_pdf import NoPdf
        from dashboard.reports.making import FORMS, document
        from dashboard.reports.period import NoSuchMonth

        try:
            given = document(self.source, self.settings, asked, self.now)
        except NoSuchMonth:  # a project that had not begun then: nothing is wrong
            return
        for form in tuple(self.forms):
            try:
                write(file.with_name(f"{file.name}.{form}"), FORMS[form](given))
            except NoPdf as error:
                self.failed.append(str(error))
                self.forms.remove(form)  # it will not be there for the next one either
            except NotWritten as error:
                self.failed.append(str(error))
            else:
                self.written += 1


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
