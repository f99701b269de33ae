"""What could be measured? A field for each metric of each project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from collector.metrics import METRICS
from dashboard.charts import MOST_MARKS, Drawing, Numbers, by_rows, frame
from dashboard.components.html import plain
from dashboard.data import ProjectRow
from dashboard.i18n import Translator
from dashboard.view import View
from dashboard.words import MARKS, VALUE_STATE

MOST_PROJECTS = 24
"""Drawn at once: every metric of so many stays below ``MOST_MARKS``."""
States = Mapping[tuple[int, str], str]


def heat_map(view: View, rows: Sequence[ProjectRow]) -> Drawing:
    """Draw metric by project: measured, does not apply, not collected."""
    _ = view.translator.text
    states = view.source.project_states([row.id for row in rows])
    keys = [metric.key for metric in METRICS if any((row.id, metric.key) in states for row in rows)]
    titles = {metric.key: _(metric.title) for metric in METRICS}
    names = {row.id: plain(row.name, 18) for row in rows}
    headers = [_("Metric"), *names.values()]
    table = [
        [titles[key], *(_(VALUE_STATE.get(states.get((row.id, key), ""), "–")) for row in rows)]
        for key in keys
    ]
    chart = _chart(view, rows, states, [(key, titles[key]) for key in keys])
    said = heat_words(rows, states, len(keys), view.translator)
    about = _(
        "A row for each figure, a column for each project. What does not apply is no fault; why "
        "something was not collected stands on the project's page."
    )
    numbers = Numbers(headers, table, (len(rows), "projects"))
    return Drawing(chart, said, numbers, about=about)


def heat_words(
    rows: Sequence[ProjectRow], states: States, metrics: int, translator: Translator
) -> str:
    """Say how much of what could be measured was."""
    found = list(states.values())
    apply = [state for state in found if state != "n/a"]
    measured = sum(state == "ok" for state in apply)
    return translator.text(
        "{metrics} metrics of {projects} projects: {share} of those that apply could be measured.",
        metrics=metrics,
        projects=len(rows),
        share=translator.percent(measured / len(apply)) if apply else "–",
    )


def _chart(
    view: View, rows: Sequence[ProjectRow], states: States, keys: Sequence[tuple[str, str]]
) -> Any:
    _ = view.translator.text
    names = {row.id: f"{plain(row.name, 18)}" for row in rows}
    cells = [
        (title, names[row.id], states[row.id, key])
        for key, title in keys
        for row in rows
        if (row.id, key) in states
    ][:MOST_MARKS]
    colours = view.palette
    data = frame(
        metric=[cell[0] for cell in cells],
        project=[cell[1] for cell in cells],
        state=[_(VALUE_STATE.get(cell[2], cell[2])) for cell in cells],
    )
    scale = alt.Scale(
        domain=[_(VALUE_STATE[key]) for key in ("ok", "n/a", "unknown")],
        range=[colours.primary, colours.statuses["unknown"], colours.text],
    )
    shapes = alt.Scale(domain=scale.domain, range=[MARKS[key] for key in ("disc", "bar", "hollow")])
    base = alt.Chart(data)
    marks = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X(
            "project:N",
            title=None,
            sort=list(names.values()),
            axis=alt.Axis(
                orient="top",
                labelAngle=-45,
                grid=False,
                domain=False,
                ticks=False,
            ),
        ),
        y=alt.Y(
            "metric:N",
            title=None,
            sort=[title for _key, title in keys],
            axis=alt.Axis(labelLimit=260, grid=False, domain=False, ticks=False),
        ),
        color=alt.Color("state:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
        shape=alt.Shape("state:N", scale=shapes, legend=alt.Legend(title=None, orient="top")),
        tooltip=[alt.Tooltip(f"{name}:N", title=None) for name in ("metric", "project", "state")],
    )
    return by_rows(marks, 19, len({cell[0] for cell in cells}))
