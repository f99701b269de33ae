"""How does a reader get the month's report? As a page, for paper, as text: a click each."""

from __future__ import annotations

from urllib.parse import urlencode

from dashboard.components.html import Html, join, tag
from dashboard.past import PastSource
from dashboard.reports.period import NoSuchMonth, Period, month_code, period
from dashboard.view import View

FORMS = {"html": "HTML", "pdf": "PDF", "md": "Markdown"}


def report_links(view: View, of: str, key: str) -> Html:
    """Offer the report of the last month that is over; of a past date that of the month before.

    ``of``: ``ospo`` or ``project``. Today also that of the month in progress.
    """
    _ = view.translator.text
    source = view.source
    base = source.base if isinstance(source, PastSource) else source
    asked = month_code(view.past - 1) if view.past else None
    try:
        found = period(base, asked, view.now)
    except NoSuchMonth:
        return Html("")
    month = view.translator.month_in_full(found.month)
    said = [_("Report of {month}:", month=month), " ", _forms(view, of, key, found)]
    if asked is None and found.over and found.past:
        running = period(base, month_code((base.newest() or view.now) - 1), view.now)
        so_far = view.translator.month_in_full(running.month)
        said += [" · ", _("so far in {month}:", month=so_far), " ", _forms(view, of, key, running)]
    return tag("p", *said, cls="ov-small ov-links")


def _forms(view: View, of: str, key: str, found: Period) -> Html:
    query = urlencode({"month": month_code(found.month), "lang": view.translator.language})
    month = view.translator.month_in_full(found.month)
    links = (
        tag(
            "a",
            name,
            href=f"report/{of}/{key}.{form}?{query}",
            target="_blank",
            rel="noopener",
            aria_label=f"{name}, {month}",  # the same three words stand there twice
        )
        for form, name in FORMS.items()
    )
    return join(*links, between=" ")
