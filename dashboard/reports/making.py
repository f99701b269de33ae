"""How does a report come about? From who asks, for what and of which month, to its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from collector.model import Instant
from dashboard import data, i18n
from dashboard.access import Reader
from dashboard.data import OspoRow
from dashboard.open_data import OpenSource
from dashboard.reports.document import Document
from dashboard.reports.of_ospo import of_ospo
from dashboard.reports.of_project import of_project
from dashboard.reports.period import NoSuchMonth, as_of, period
from dashboard.settings import Settings
from dashboard.theme import LIGHT
from dashboard.view import View


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: of an OSPO or a project, of which month, in which language."""

    ospo: str = ""
    project: str = ""
    month: str | None = None
    language: str | None = None


def document(source: data.Source, settings: Settings, asked: Asked, now: Instant) -> Document:
    """Fill the report that is asked for; raise ``NoSuchMonth``. Its OSPO or project is known."""
    chosen = period(source, asked.month, now)
    people = not isinstance(source, OpenSource)
    then = as_of(source, chosen, people=people)
    ospos = {one.key: one for one in source.ospos()}
    row = then.project(asked.project) if asked.project else None
    ospo = ospos.get(row.ospo if row else asked.ospo)
    if asked.project and row is None:
        raise NoSuchMonth(
            f"Nothing is known of {asked.project} then: it had not begun, or could not be read."
        )
    view = View(
        settings,
        replace(i18n.translator(_language(asked, ospo, settings)), names=settings.organisations),
        LIGHT,
        data.State(then),
        now,
        Reader(people=people, private=source.private),
        past=chosen.at if chosen.past else None,
    )
    if row is not None:
        return of_project(view, row, chosen)
    assert ospo is not None  # noqa: S101 - it is known
    return of_ospo(view, ospo, chosen)


def _language(asked: Asked, ospo: OspoRow | None, settings: Settings) -> str:
    """The reader's language: as asked for, else the OSPO's own, else that of the settings."""
    own = str(ospo.settings.get("language") or "") if ospo else ""
    usual = own if own in i18n.languages() else settings.language
    return i18n.choose(asked.language, "", usual)


def html(given: Document) -> bytes:
    """Write it as HTML."""
    from dashboard.reports.as_html import as_html

    return as_html(given).encode()


def markdown(given: Document) -> bytes:
    """Write it as Markdown."""
    from dashboard.reports.as_markdown import as_markdown

    return as_markdown(given).encode()


def pdf(given: Document) -> bytes:
    """Write it as PDF."""
    from dashboard.reports.as_html import as_html
    from dashboard.reports.as_pdf import as_pdf

    return as_pdf(as_html(given))


FORMS: Mapping[str, Callable[[Document], bytes]] = {"html": html, "pdf": pdf, "md": markdown}
"""By the ending of the file."""
