"""What is new to look at? The attention entries as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape, quoteattr

from collector.attention.ids import named
from collector.model import Instant
from dashboard.components.html import NOT_XML
from dashboard.data import Json, Source
from dashboard.i18n import Translator
from dashboard.reports.tables import moment, phrase
from dashboard.settings import Settings

MINTED = 2026
"""The year in which whoever owns the address stood for our ids (RFC 4151)."""
NOBODYS = "ospo-vitals.invalid"
EPOCH: Instant = int(datetime(MINTED, 1, 1, tzinfo=UTC).timestamp())
"""The date of what has none and was there before anybody wrote down when it was found."""


def feed(source: Source, settings: Settings, translator: Translator, ospo: str = "") -> str:
    """Write the feed of all projects, or of those of one OSPO."""
    rows = {row.key: row for row in source.projects() if ospo in ("", row.ospo)}
    owner = next((one.name for one in source.ospos() if one.key == ospo), "OSPO Vitals")
    given = [each for each in named(source.attention() or ()) if each[1].get("project") in rows]
    title = f"OSPO Vitals: {owner}" if ospo else owner
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_quoted(translator.language)}>',
        _element("id", _id(settings, f"attention/{ospo}" if ospo else "attention")),
        _element("title", title),
        _element("updated", _date(max((_updated(one) for _name, one in given), default=EPOCH))),
        f"<author>{_element('name', owner)}</author>",
        *_links(settings, ospo),
    ]
    for name, entry in given:
        project = rows[str(entry["project"])]
        parts.extend(_entry(settings, translator, name, entry, project.name))
    return "\n".join([*parts, "</feed>", ""])


def _links(settings: Settings, ospo: str) -> Iterator[str]:
    if settings.url:
        here = settings.url.rstrip("/")
        query = f"?{urlencode({'ospo': ospo})}" if ospo else ""
        yield f'<link rel="self" href={_quoted(f"{here}/feed.atom{query}")}/>'
        yield f'<link rel="alternate" href={_quoted(f"{here}/{query}")}/>'


def _entry(
    settings: Settings, translator: Translator, name: str, entry: Json, project: str
) -> Iterator[str]:
    what, why, helps = (
        translator.phrase(phrase(entry.get(key))) for key in ("what", "why", "helps")
    )
    yield "<entry>"
    yield _element("id", _id(settings, f"attention/{name}"))
    yield _element("title", f"{project}: {what}")
    yield _element("updated", _date(_updated(entry)))
    yield f"<category term={_quoted(str(entry.get('kind')))}/>"
    if settings.url:
        query = urlencode({"p": str(entry["project"])})
        address = f"{settings.url.rstrip('/')}/project?{query}"
        yield f'<link rel="alternate" href={_quoted(address)}/>'
    said = "\n".join(part for part in (why, helps) if part)
    yield f'<content type="text">{_text(said or what)}</content>'
    yield "</entry>"


def _updated(entry: Json) -> Instant:
    """Since when, or when it was first found: what does not change from one pass to the next."""
    dates = (entry.get("since"), entry.get("found"))
    return next((at for at in dates if isinstance(at, int) and at > 0), EPOCH)


def _date(at: Instant) -> str:
    return moment(at) or ""


def _id(settings: Settings, name: str) -> str:
    host = urlsplit(settings.url or "").hostname or NOBODYS
    return f"tag:{host},{MINTED}:ospo-vitals/{name}"


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(NOT_XML.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(NOT_XML.sub("\ufffd", text))
