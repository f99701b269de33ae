"""How did one figure come about? Its judgement, and the records that count and do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

import streamlit as st

from collector.evidence import Group, Record
from collector.explanation import Explanation, Wanted
from collector.judgement.checks import Check
from collector.judgement.judging import phrase_json
from collector.judgement.open_data import PERSONAL
from collector.metrics import BY_KEY
from collector.model import Instant, Phrase
from dashboard import explaining
from dashboard.components import signs
from dashboard.components.checks import limit
from dashboard.components.controls import code_of
from dashboard.components.explain import (
    definitions,
    explanation,
    missing_text,
    sample_text,
    value_text,
)
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.data import ProjectRow, ValueRow
from dashboard.i18n import N_, Translator
from dashboard.view import View, begin, show

PER_PAGE = 50
ADDRESSES = ("https://", "http://")
KEY = "as_of"
REACHED = {
    True: ("met", N_("Good practice is reached")),
    False: ("at risk", N_("Good practice is not reached")),
    None: ("unknown", N_("Whether good practice is reached cannot be said")),
}


def asked(view: View) -> str:
    """Which figure does the address ask to explain? Empty: none that this reader may see."""
    key = st.query_params.get("m", "")
    hidden = key in PERSONAL and not view.shows_people
    return "" if key not in BY_KEY or hidden else key


def page(view: View, row: ProjectRow, key: str) -> None:
    """Show the value at a date, how it is judged, and a page of its records.

    ``view``, ``row``: those of today; the date stands in the address, by day or by month.
    """
    _, newest = view.translator.text, row.as_of or view.now
    typed = str(st.session_state.get(KEY) or st.query_params.get(KEY, ""))
    at = instant(typed or f"{st.query_params.get('at', '')}-01")
    then = view if at is None or at >= newest else replace(view, past=at)
    back = link(
        _("Back to {project}", project=plain(row.name, 80)),
        replace(view, past=None).project(row.key),
    )
    metric = BY_KEY[key]
    title = _(metric.words or metric.title)
    begin(then, title[:1].upper() + title[1:], _(metric.question), tag("p", back))
    _date(view, typed, at, newest)
    found = explaining.explained_at(
        view.settings,
        view.source.freshness.stamp,
        row.key,
        key,
        then.past or newest,
        view.reader.names,
    )
    if found is None:
        said = _("The records are not at hand here: the project is not in this configuration.")
        show(tag("p", said, cls="ov-muted"))
        return
    _value(view, found)
    _judged(view, found)
    _records(view, found)


def instant(typed: str) -> Instant | None:
    """Midnight UTC at the start of a date; None: it is no date."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _date(view: View, typed: str, at: Instant | None, newest: Instant) -> None:
    """Let a date be typed, and say which one is shown where it is no date of the past."""
    _, day = view.translator.text, view.translator.day(newest)
    column, _rest = st.columns([1, 3])
    column.text_input(
        _("As it was on (year-month-day)"),
        key=KEY,
        bind="query-params",
        max_chars=10,
        placeholder=datetime.fromtimestamp(newest, UTC).date().isoformat(),
    )
    said = ""
    if typed and at is None:
        said = _(
            "“{typed}” is no date: write it as 2025-03-01. You see {day}.",
            typed=plain(typed, 20),
            day=day,
        )
    elif at is not None and at > newest:
        said = _("Of {date} nothing is known yet. You see {day}.", date=plain(typed, 20), day=day)
    if said:
        show(tag("div", said, cls="ov-note ov-warn", role="note"))


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
    sample = sample_text(found.metric, shown, translator)
    below = tag("p", sample, cls="ov-sub") if sample else ""
    show(tag("p", said, cls="ov-lead"), below, explanation(found.metric, shown, translator))


def _judged(view: View, found: Explanation) -> None:
    """What the figure comes to, by which threshold, where that is from, what would change it."""
    _ = view.translator.text
    told = [_check(view, one) for one in found.checks]
    if found.wanted is not None:
        told.append(_practice(view, found, found.wanted))
    if not found.judged:
        told.append(tag("p", _("No check looks at it."), cls="ov-muted"))
    show(tag("h2", _("How it is judged")), *told)


def _practice(view: View, found: Explanation, wanted: Wanted) -> Html:
    """Say whether good practice is reached, and what it counts for."""
    _, translator = view.translator.text, view.translator
    said = limit(wanted.value, found.metric.unit, translator, higher=wanted.higher)
    origin = _origin(view, wanted.source)
    result, word = REACHED[wanted.reached(found.value)]
    why = _said(found.value.reason, translator) if found.value.reason else ""
    aside = _("It counts as good practice only: it is no part of the status or the five questions.")
    return tag(
        "div",
        tag("p", signs.said(result, _(word)), f": {why}" if why and result == "unknown" else ""),
        tag("p", _("Good practice: {limit} ({origin}).", limit=said, origin=origin), cls="ov-why"),
        "" if found.checks else tag("p", aside, cls="ov-why"),
    )


def _check(view: View, one: Check) -> Html:
    _, translator = view.translator.text, view.translator
    title = _(one.title)
    said: list[object] = [
        tag("p", signs.result(one.result.value, translator), " ", tag("b", title)),
        tag("p", _said(one.why, translator)),
    ]
    if one.met is not None and one.not_met is not None:
        limits = _(
            "Met: {met}; not met: {not_met} ({origin}).",
            met=limit(one.met, one.unit, translator, higher=one.met > one.not_met),
            not_met=limit(one.not_met, one.unit, translator, higher=one.met < one.not_met),
            origin=_origin(view, one.threshold_source),
        )
        said.append(tag("p", limits, cls="ov-why"))
    if one.change is not None and one.result.value != "met":
        label = tag("b", _("Would change it:"))
        said.append(tag("p", label, " ", _said(one.change, translator), cls="ov-why"))
    return tag("div", *said)


def _said(phrase: Phrase, translator: Translator) -> str:
    given = phrase_json(phrase)
    return plain(translator.phrase(given if isinstance(given, dict) else None), 500)


def _origin(view: View, source: str) -> str:
    return view.translator.text("our default") if source == "default" else plain(source, 80)


def _records(view: View, found: Explanation) -> None:
    """Each group with its number; of one of them the records, a page at a time.

    Records tell what single people did: open data gets the numbers alone.
    """
    _, translator = view.translator.text, view.translator
    show(tag("h2", _("What was found")))
    if not found.groups:
        show(tag("p", _("No record stands behind it."), cls="ov-muted"))
        return
    show(definitions([_told(each, translator) for each in found.groups]), _merged(view, found))
    filled = {str(at): each for at, each in enumerate(found.groups) if each.total}
    if not view.shows_people or not filled:
        return
    options = {at: _counted(each, translator) for at, each in filled.items()}
    column, _rest = st.columns([2, 1])
    with column:
        chosen = filled[code_of(_("Show"), options, "group")]
    slot = st.container()
    pages = -(-chosen.total // PER_PAGE)
    turned = (st.pagination(pages, key="records", bind="query-params") or 1) if pages > 1 else 1
    start = PER_PAGE * (min(turned, pages) - 1)
    lines = [
        _line(each, translator) for each in islice(chosen.records(start + PER_PAGE), start, None)
    ]
    with slot:
        show(_table(_said(chosen.title, translator), lines, translator))


def _merged(view: View, found: Explanation) -> Html:
    if not found.merges or not view.shows_people:
        return Html("")
    said = view.translator.plural(
        "{n} account was taken for one person with another. Which, why, and how to undo it:",
        "{n} accounts were taken for one person with another. Which, why, and how to undo it:",
        found.merges,
    )
    command = tag("code", f"ospo-vitals identities {plain(found.project, 60)}")
    return tag("p", said, " ", command, cls="ov-why")


def _counted(each: Group, translator: Translator) -> str:
    return f"{_said(each.title, translator)} ({translator.number(each.total, 0)})"


def _told(each: Group, translator: Translator) -> tuple[str, object]:
    _ = translator.text
    mark = signs.said("met" if each.counts else "n/a", translator.number(each.total, 0))
    how = _("counts") if each.counts else _("left out")
    return _said(each.title, translator), join(mark, " ", tag("span", how, cls="ov-why"))


def _table(title: str, lines: list[list[object]], translator: Translator) -> Html:
    """Make a table of records; when they were stands only where one of them tells."""
    _ = translator.text
    what, when, known = _("What"), _("When"), _("What is known of it")
    if any(line[1] for line in lines):
        return table(title, [what, when, known], lines, wide=(2,))
    return table(title, [what, known], [[line[0], line[2]] for line in lines], wide=(1,))


def _line(record: Record, translator: Translator) -> list[object]:
    """Say one record: what, when, and what else is known of it."""
    when = translator.day(record.at) if record.at is not None else ""
    said = ", ".join(_said(each, translator) for each in record.told)
    return [_what(record.what, translator), when, plain(said, 300)]


def _what(what: str | Phrase, translator: Translator) -> Html | str:
    if isinstance(what, Phrase):
        return plain(_said(what, translator), 120)
    return link(what, what) if what.startswith(ADDRESSES) else plain(what, 120)
