"""What is behind a figure? Asked of the records of one project, and kept for a pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import streamlit as st

from collector.explanation import Explanation, explained, open_source
from collector.judgement import judge, to_json
from collector.model import Instant
from collector.series import SERIES, drawn
from collector.store.read_activity import activity
from dashboard import data
from dashboard.data import Json, ProjectRow
from dashboard.open_data import opened_judgement
from dashboard.settings import Settings
from dashboard.view import View

Then = tuple[Json, Mapping[str, Json]]
"""A project as of a past date: its judgement, and what its charts are drawn from."""


def explained_at(
    settings: Settings, stamp: int, project: str, metric: str, at: Instant, named: bool
) -> Explanation | None:
    """Explain a figure at a date. None: the project is not configured here, or has no records."""
    if settings.records is None:
        return None
    return _explained(settings.database_url, stamp, project, metric, at, named, settings)


def judgement(view: View, row: ProjectRow) -> Json:
    """Give a project's judgement at the date of the view.

    Of a past date it is made anew from the records, where they are at hand.
    """
    if view.past is None:
        return view.source.judgement(row.id)
    found = judged_at(view.settings, view.source.freshness.stamp, row.key, view.past)
    if found is None:
        return view.source.judgement(row.id)
    return found if view.shows_people else opened_judgement(found)


def series(view: View, row: ProjectRow) -> Mapping[str, Json]:
    """What a project's charts are drawn from; of people only for whom it is shown."""
    if view.past is None:
        return view.source.series(row.id)
    found = drawn_at(view.settings, view.source.freshness.stamp, row.key, view.past)
    hidden = () if view.shows_people else [one.key for one in SERIES if one.people]
    return {key: told for key, told in found.items() if key not in hidden}


def judged_at(settings: Settings, stamp: int, project: str, at: Instant) -> Json | None:
    """Judge a project anew from its records at a date. None: they are not at hand here."""
    found = _then(settings, stamp, project, at)
    return found[0] if found else None


def drawn_at(settings: Settings, stamp: int, project: str, at: Instant) -> Mapping[str, Json]:
    """What its charts would have been drawn from at a date; nothing where records are not at hand.

    Made anew from the records: nothing that came after the date is in it.
    """
    found = _then(settings, stamp, project, at)
    return found[1] if found else {}


def _then(settings: Settings, stamp: int, project: str, at: Instant) -> Then | None:
    if settings.records is None:
        return None
    return _made_then(settings.database_url, stamp, project, at, settings)


@st.cache_resource(max_entries=16, show_spinner=False)
def _made_then(url: str, stamp: int, project: str, at: Instant, _settings: Settings) -> Then | None:
    known = _settings.records() if _settings.records else None
    if known is None:
        return None
    try:
        loaded = activity(data.engine(url), project, known.who)
    except KeyError:
        return None
    judged = to_json(judge(loaded, at, known.thresholds.get(project, ())))
    return cast("Json", judged), cast("Mapping[str, Json]", drawn(loaded, at))


@st.cache_resource(max_entries=4, show_spinner=False)
def _explained(
    url: str,
    stamp: int,
    project: str,
    metric: str,
    at: Instant,
    named: bool,
    _settings: Settings,
) -> Explanation | None:
    known = _settings.records() if _settings.records else None
    if known is None:
        return None
    try:
        source = open_source(data.engine(url), known.who, project, metric, at, named=named)
    except KeyError:
        return None
    return explained(source, known.thresholds.get(project, ()))
