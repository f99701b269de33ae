"""How do two to five projects stand beside each other?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

import streamlit as st

from collector.judgement.open_data import PERSONAL
from collector.metric import Part
from collector.metrics import BY_KEY
from collector.store.lines import folded
from dashboard import declared, problem, words
from dashboard.charts import history, show_chart
from dashboard.charts.history import Line
from dashboard.components import signs
from dashboard.components.controls import one_of, some_of
from dashboard.components.explain import missing_text, value_text
from dashboard.components.html import Html, items, link, plain, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow, ValueRow
from dashboard.i18n import N_
from dashboard.view import View, begin, show

PURPOSE = N_("How do two to five projects stand beside each other?")
MOST, OFFERED, SUGGESTED = 5, 200, 6
WEIGHTS = (("area", 4), ("kind", 2))
"""How much it makes two projects alike to share this; the same OSPO counts 1."""
FIGURES = (
    "days_since_care",
    "contributors",
    "regular_committers",
    "contributor_absence_factor",
    "work_left_share",
    "first_answer_wait",
    "outsiders_answered",
    "four_eyes",
    "release_frequency",
    "days_since_last_delivery",
    "license",
    "users",
    "days_to_contract_end",
    "days_to_funding_end",
)
"""Never how many commits: habits of squashing and merging differ too much between projects."""
LINES = {
    key: BY_KEY[key].words
    for key in (
        "contributors",
        "regular_committers",
        "first_answer_wait",
        "open_issues",
        "release_frequency",
    )
}
COLUMNS = ("project", "metric", "value", "unit", "state", "as_of")


def page(view: View) -> None:
    """Choose projects, and show their status, answers and figures in columns."""
    _ = view.translator.text
    begin(view, _("Compare"), _(PURPOSE))
    known = view.source.by_key()
    if not known:
        problem.no_projects(view)
        return
    chosen = [known[key] for key in _chosen(view, known)]
    if not chosen:
        show(tag("p", _("Choose at least two projects; the address then leads to this view.")))
        return
    if len(chosen) == 1:
        _second(view, chosen[0], known)
    values = {row.id: view.source.values(row.id) for row in chosen}
    show(_table(view, chosen, values))
    if len(chosen) > 1:
        _lines(view, chosen, values)
    takeaway(view, "compare", COLUMNS, lambda: _records(chosen, values))


def _chosen(view: View, known: Mapping[str, ProjectRow]) -> list[str]:
    """Offer all projects, or, where they are very many, those that what is typed finds."""
    _ = view.translator.text
    asked = [key for key in st.query_params.get_all("p") if key in known]
    asked += [key for key in st.session_state.get("choice_p", []) if key in known]
    offered = list(known.values())
    if len(offered) > OFFERED:
        text = st.text_input(_("Find projects to choose from"), key="find", max_chars=80)
        sought = folded(text or "").split()
        offered = [row for row in offered if all(word in folded(row.name) for word in sought)]
    options = {key: plain(known[key].name, 60) for key in asked}
    options |= {row.key: plain(row.name, 60) for row in offered[:OFFERED]}
    return some_of(_("Projects"), options, "p", MOST, _("Choose two to five"))


def _second(view: View, first: ProjectRow, known: Mapping[str, ProjectRow]) -> None:
    """Ask for a second project, and offer those that are most like the first."""
    _ = view.translator.text
    offered = view.source.kept(
        "alike", (first.key,), lambda: alike(first, tuple(known.values()))[:SUGGESTED]
    )
    links = [
        link(plain(row.name, 60), f"compare?p={quote(first.key)}&p={quote(row.key)}")
        for row in offered
    ]
    show(
        tag("p", _("One project is chosen. Choose a second one above to compare it with.")),
        tag("p", _("These are most like it:"), cls="ov-muted") if links else "",
        items(*links, cls="ov-chips") if links else "",
    )


def alike(first: ProjectRow, known: Sequence[ProjectRow]) -> list[ProjectRow]:
    """Order the others by what they share with a project: area, kind, OSPO; then by name."""
    own = declared.project(first)

    def shared(row: ProjectRow) -> int:
        told = declared.project(row)
        same = sum(
            weight * (own.get(key) == told.get(key)) for key, weight in WEIGHTS if own.get(key)
        )
        return same + (row.ospo == first.ospo)

    others = [row for row in known if row.id != first.id]
    return sorted(others, key=lambda row: (-shared(row), row.name.casefold(), row.key))


def _figures(view: View) -> tuple[str, ...]:
    return tuple(key for key in FIGURES if view.shows_people or key not in PERSONAL)


def _table(
    view: View, chosen: Sequence[ProjectRow], values: Mapping[int, Mapping[str, ValueRow]]
) -> Html:
    _, translator = view.translator.text, view.translator
    names = [link(plain(row.name, 60), f"project?p={row.key}") for row in chosen]
    rows: list[list[object]] = [
        [_("Status"), *(signs.status(row.status, translator) for row in chosen)],
        [_("Risk"), *(signs.risk(row.risk, translator) for row in chosen)],
        [_("How bad if it stopped"), *(_grade(view, row) for row in chosen)],
    ]
    for key, question in words.QUESTIONS.items():
        rows.append([_(question), *(_answer(view, row, key) for row in chosen)])
    for key in _figures(view):
        metric = BY_KEY[key]
        said = _(metric.words or metric.title)
        title = link(said[:1].upper() + said[1:], f"method?m={key}")
        rows.append([title, *(_value(view, values[row.id].get(key)) for row in chosen)])
    return table(_("The projects side by side"), [_("Figure"), *names], rows)


def _grade(view: View, row: ProjectRow) -> str:
    return view.translator.text("{grade} of 10", grade=row.criticality or "–")


def _answer(view: View, row: ProjectRow, question: str) -> Html:
    given = row.summary.get("questions")
    answer = str((given if isinstance(given, dict) else {}).get(question) or "unknown")
    return signs.said(answer, view.translator.text(words.ANSWER_SHORT.get(answer, answer)))


def _value(view: View, value: ValueRow | None) -> Html:
    """Say a value; one that is not there says why, in small letters."""
    if value is None:
        return tag("span", view.translator.text("not measured yet"), cls="ov-muted")
    said = value_text(BY_KEY[value.metric], value, view.translator)
    if said:
        return tag("span", said)
    return tag("span", plain(missing_text(value, view.translator), 400), cls="ov-why")


def _lines(
    view: View, chosen: Sequence[ProjectRow], values: Mapping[int, Mapping[str, ValueRow]]
) -> None:
    """Draw one figure of all of them over the years."""
    _ = view.translator.text
    show(tag("h2", _("Over the years")))
    offered = {k: v for k, v in LINES.items() if view.shows_people or k not in PERSONAL}
    metric = BY_KEY[one_of(view, _("Figure"), offered, "m")]
    found = view.source.history_of([row.id for row in chosen], [metric.key])
    points = [
        replace(point, metric=row.key)
        for row in chosen
        for point in history.up_to(
            found.get(row.id, ()), _only(values[row.id], metric.key), row.as_of or view.now
        )
    ]
    wanted = [Line(row.key, plain(row.name, 40), metric.unit) for row in chosen]
    drawn = history.lines(view, points, wanted, _(metric.question), metric.key)
    if drawn is None:
        show(tag("p", _("There is no history of this figure yet."), cls="ov-muted"))
    else:
        show_chart(view, drawn)


def _only(values: Mapping[str, ValueRow], key: str) -> dict[str, ValueRow]:
    return {key: values[key]} if key in values else {}


def _records(
    chosen: Sequence[ProjectRow], values: Mapping[int, Mapping[str, ValueRow]]
) -> list[dict[str, Part]]:
    return [
        {
            "project": row.key,
            "metric": key,
            "value": value.value,
            "unit": BY_KEY[key].unit,
            "state": value.state,
            "as_of": value.as_of,
        }
        for row in chosen
        for key in FIGURES
        if (value := values[row.id].get(key)) is not None
    ]
