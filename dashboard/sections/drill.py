"""How did one figure come about? Its judgement, and the records that count and do not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice

import streamlit as st

from collector.evidence import Group, Record
from collector.explanation import Explanation
from collector.judgement.judging import phrase_json
from collector.judgement.open_data import PERSONAL
from collector.metrics import BY_KEY
from collector.model import Instant
from dashboard import explaining
from dashboard.components import signs
from dashboard.components.controls import code_of
from dashboard.components.explain import amount, definitions, explanation, missing_text, value_text
from dashboard.components.html import Html, link, plain, tag
from dashboard.components.tables import table
from dashboard.data import ProjectRow, ValueRow
from dashboard.view import View, show

PER_PAGE = 50
ADDRESSES = ("https://", "http://")


def asked(view: View) -> str:
    """Which figure does the address ask to explain? Empty: none that this reader may see."""
    key = st.query_params.get("m", "")
    hidden = key in PERSONAL and not view.shows_people
    return "" if key not in BY_KEY or hidden else key


def section(view: View, row: ProjectRow, key: str) -> None:
    """Show the value at a date, how it is judged, and a page of its records."""
    _ = view.translator.text
    metric = BY_KEY[key]
    show(tag("h2", _(metric.words or metric.title)))
    newest = row.as_of or view.now
    typed = st.text_input(
        _("As of"),
        key="as_of",
        bind="query-params",
        max_chars=10,
        placeholder=datetime.fromtimestamp(newest, UTC).date().isoformat(),
    )
    at = instant(typed or "", newest)
    found = explaining.explained_at(
        view.settings, view.source.freshness.stamp, row.key, key, at, view.reader.names
    )
    if found is None:
        show(tag("p", _("no data"), cls="ov-muted"))
        return
    _value(view, found)
    _judged(view, found)
    _records(view, found)


def instant(typed: str, otherwise: Instant) -> Instant:
    """Midnight UTC at the start of a date; of what is no date, the date of the figures."""
    try:
        day = date.fromisoformat(typed.strip())
        return min(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()), otherwise)
    except ValueError:
        return otherwise


def _value(view: View, found: Explanation) -> None:
    value, translator = found.value, view.translator
    why = phrase_json(value.reason)
    shown = ValueRow(
        metric=found.metric.key,
        state=value.state.value,
        value=value.value,
        n=value.n,
        p90=value.p90,
        coverage=value.coverage,
        reason=why if isinstance(why, dict) else None,
        parts=value.parts if view.shows_people else {},
        as_of=found.as_of,
        version=found.metric.version,
        collected_until=found.collected_until,
    )
    said = value_text(found.metric, shown, translator) or missing_text(shown, translator)
    show(tag("p", said, cls="ov-lead"), explanation(found.metric, shown, translator))


def _judged(view: View, found: Explanation) -> None:
    """The threshold in force and where it comes from."""
    _, unit = view.translator.text, found.metric.unit
    facts: list[tuple[str, object]] = [
        (_(check.title), f"{amount(check.met, unit, view.translator)} ({_origin(view, source)})")
        for check in found.checks
        for source in [check.threshold_source]
        if check.met is not None
    ]
    if facts:
        show(tag("h3", _("Asked for")), definitions(facts))


def _origin(view: View, source: str) -> str:
    return view.translator.text("our default") if source == "default" else plain(source, 80)


def _records(view: View, found: Explanation) -> None:
    """Each group with its number; of one of them the records, a page at a time.

    Records tell what single people did: open data gets the numbers alone.
    """
    _ = view.translator.text
    show(tag("h3", _("What was found")), definitions([_told(each) for each in found.groups]))
    if not view.shows_people or not found.groups:
        return
    options = {str(at): plain(each.title, 120) for at, each in enumerate(found.groups)}
    chosen = found.groups[int(code_of(_("Show"), options, "group"))]
    pages = -(-chosen.total // PER_PAGE)
    page = (st.pagination(pages, key="records", bind="query-params") or 1) if pages > 1 else 1
    start = PER_PAGE * (min(page, max(pages, 1)) - 1)
    lines = [_line(view, each) for each in islice(chosen.records(start + PER_PAGE), start, None)]
    if lines:
        headers = [_("What"), _("As of"), _("What was found")]
        show(table(plain(chosen.title, 120), headers, lines, wide=(2,)))


def _told(each: Group) -> tuple[str, object]:
    mark = signs.said("met" if each.counts else "n/a", str(each.total))
    return plain(each.title, 160), mark


def _line(view: View, record: Record) -> list[object]:
    what: Html | str = plain(record.what, 120)
    if record.what.startswith(ADDRESSES):
        what = link(record.what, record.what)
    when = view.translator.day(record.at) if record.at is not None else ""
    return [what, when, plain(record.said, 300)]
