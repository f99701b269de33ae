"""As of when does a reader look? Today, or the start of any month before, as the address says."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from collector.model import Instant
from dashboard.components.controls import asked_code, code_of, ospo_choice
from dashboard.components.html import plain
from dashboard.past import PastSource, months
from dashboard.view import View

KEY = "at"


def as_it_was(view: View) -> View:
    """Give the view as of the month that the reader has chosen; it is that of today if none."""
    known = months(view.source, _today(view))
    at = known.get(asked_code(KEY, known))
    if at is None:
        return replace(view, not_a_month=plain(st.query_params.get(KEY, ""), 20))
    then = PastSource(
        view.source.url,
        view.source.freshness,
        view.source.private,
        base=view.source,
        at=at,
        open=not view.shows_people,
    )
    return replace(view, state=replace(view.state, source=then), past=at)


def choices(view: View, *, ospos: bool = True) -> str:
    """Draw, in one row, the choice of the OSPO (which is given) and of the month."""
    wanted = ospos and len(view.source.ospos()) > 1
    columns = st.columns([1, 1, 1] if wanted else [1, 2], vertical_alignment="bottom")
    if wanted:
        with columns[0]:
            chosen = ospo_choice(view)
    with columns[1 if wanted else 0]:
        _choice(view)
    return chosen if wanted else ""


def _choice(view: View) -> None:
    _ = view.translator.text
    base = view.source.base if isinstance(view.source, PastSource) else view.source
    today = _today(view)
    known = months(base, today)
    options = {"": _("today: {day}", day=view.translator.day(today))}
    options |= {code: view.translator.day(at) for code, at in known.items()}
    code_of(_("As it was on"), options, KEY)


def _today(view: View) -> Instant:
    base = view.source.base if isinstance(view.source, PastSource) else view.source
    return base.newest() or view.now
