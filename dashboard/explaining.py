"""What is behind a figure? Asked of the records of one project, and kept for a pass."""

from __future__ import annotations

import streamlit as st

from collector.explanation import Explanation, explained, open_source
from collector.model import Instant
from dashboard import data
from dashboard.settings import Settings


def explained_at(
    settings: Settings, stamp: int, project: str, metric: str, at: Instant, named: bool
) -> Explanation | None:
    """Explain a figure at a date. None: the project is not configured here, or has no records."""
    if settings.records is None:
        return None
    return _explained(settings.database_url, stamp, project, metric, at, named, settings)


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
