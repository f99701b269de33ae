"""Why has this project its status, and what would change it?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from collector.metric import Part
from collector.metrics import BY_KEY
from collector.model import Instant
from dashboard import deliveries, problem, words
from dashboard.charts import history
from dashboard.charts.history import Line
from dashboard.charts.portfolio import month_starts
from dashboard.components import checks, signs
from dashboard.components.controls import sections
from dashboard.components.explain import definitions, figure, missing_text
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.components.sources import repository_table
from dashboard.components.strip import last_change, status_strip
from dashboard.data import Json, ProjectRow, StatusPoint, ValueRow
from dashboard.i18n import N_
from dashboard.view import View, begin, show

SECTIONS = {
    "work": N_("Work and people"),
    "figures": N_("All figures"),
    "sources": N_("Files and repositories"),
}
KEY_FIGURES = (
    "contributors",
    "contributor_absence_factor",
    "regular_committers",
    "first_answer_wait",
    "days_since_last_delivery",
    "release_frequency",
)
LISTED = 60


def page(view: View) -> None:
    """Show one project, or a way to choose one."""
    asked = st.query_params.get("p", "")
    row = view.source.project(asked) if asked else None
    if row is None:
        _choose(view, asked)
        return
    begin(view, plain(row.name, 120), _about(view, row))
    judgement = view.source.judgement(row.id)
    if not judgement:
        problem.nothing_measured(view)
        return
    points = view.source.statuses(row.id)
    _hero(view, row, judgement, points)
    show(
        tag("h2", view.translator.text("The five questions")),
        checks.check_table(judgement, view.translator),
        tag("h2", view.translator.text("Its status over time")),
        status_strip(points, row.as_of or view.now, view.translator),
    )
    _section(view, row)


def _choose(view: View, asked: str) -> None:
    _ = view.translator.text
    begin(view, _("Project"))
    rows = view.source.projects()
    if not rows:
        problem.no_projects(view)
        return
    if asked:
        problem.unknown_project(view, asked, nearest(asked, rows))
    show(tag("h2", _("Choose a project")))
    listed = [link(row.name, f"project?p={row.key}") for row in rows[:LISTED]]
    show(items(*listed, cls="ov-chips"))
    if len(rows) > LISTED:
        more = view.translator.plural("and {n} more", "and {n} more", len(rows) - LISTED)
        show(tag("p", link(more, "projects")))


def nearest(asked: str, rows: Sequence[ProjectRow]) -> list[tuple[str, str]]:
    """Give the projects whose key or name comes near to what was asked for."""
    wanted = asked.casefold()[:80]
    names = {row.key.casefold(): row for row in rows} | {row.name.casefold(): row for row in rows}
    close = difflib.get_close_matches(wanted, names, n=5, cutoff=0.5)
    inside = [name for name in names if wanted and wanted in name]
    found = {names[name].key: names[name].name for name in (*close, *inside)}
    return list(found.items())[:5]


def _about(view: View, row: ProjectRow) -> Html:
    """Say whose it is, what kind it is, and where it can be seen."""
    _ = view.translator.text
    told = row.settings
    said: list[object] = [join(_("OSPO"), " ", plain(row.ospo, 60))]
    said += [plain(told[key], 60) for key in ("kind", "area", "stage") if told.get(key)]
    service = str(told.get("service") or "")
    if service:
        said.append(link(_("its service"), service))
    described = plain(told.get("description") or "", 300)
    return join(
        tag("p", *(tag("span", part) for part in said), cls="ov-asof"),
        tag("p", described) if described else "",
    )


def _hero(view: View, row: ProjectRow, judgement: Json, points: Sequence[StatusPoint]) -> None:
    _, translator = view.translator.text, view.translator
    status = str(judgement.get("status") or row.status)
    since = last_change(points)
    began = _("since {day}", day=translator.day(since.as_of)) if since else ""
    change = checks.phrase(judgement.get("next"), translator)
    head = tag(
        "p", signs.status(status, translator, "ov-big"), " ", tag("span", began, cls="ov-muted")
    )
    body = [head, tag("p", checks.phrase(judgement.get("reason"), translator))]
    if change:
        label = tag("b", _("What would change it first:"))
        body.append(tag("p", label, " ", change, cls="ov-next"))
    body.append(items(*_chips(view, row, judgement), cls="ov-chips"))
    colour = status if status in words.STATUS else "unknown"
    show(tag("section", *body, cls="ov-hero", style=f"--c:var(--ov-{colour.replace('_', '-')})"))


def _chips(view: View, row: ProjectRow, judgement: Json) -> list[Html]:
    _, translator = view.translator.text, view.translator
    chips = [join(tag("span", _("Risk:"), " "), signs.risk(row.risk, translator))]
    if row.criticality is not None:
        said = _("How bad if it stopped: {grade} of 10", grade=row.criticality)
        if judgement.get("criticality_guessed"):
            said += " " + _("(our guess, please confirm)")
        chips.append(tag("span", said))
    practice = judgement.get("good_practice")
    if isinstance(practice, dict) and practice.get("of"):
        said = _("Good practice: {met} of {of}", met=practice.get("met"), of=practice.get("of"))
        chips.append(tag("span", said))
    return chips


def _section(view: View, row: ProjectRow) -> None:
    _ = view.translator.text
    chosen = sections(view, _("Look closer"), SECTIONS, "s")
    values = view.source.values(row.id)
    {"figures": _figures, "sources": _sources}.get(str(chosen), _work)(view, row, values)


# ---------------------------------------------------------------- work and people


def _work(view: View, row: ProjectRow, values: dict[str, ValueRow]) -> None:
    _ = view.translator.text
    shown = [figure(BY_KEY[key], values.get(key), view.translator) for key in KEY_FIGURES]
    show(tag("div", *shown, cls="ov-figures"))
    names = (
        "commits",
        "contributors",
        "regular_committers",
        "contributor_absence_factor",
        "first_answer_wait",
    )
    points = view.source.history(row.id, names)
    series = _series(values.get("commits"), row.as_of or view.now)
    if series:
        show(tag("h2", _("Work in the last year")))
        history.year_columns(view, series, _("Commits by people, merges left out."))
    commits = Line("commits", _("commits in a year"), "count")
    people = [Line(key, _(BY_KEY[key].words), "count") for key in names[1:4]]
    wait = Line("first_answer_wait", _("wait for a first answer"), "hours")
    year = _("Each point counts the year before it.")
    for title, drawn, about in (
        (_("Work over the years"), [commits], year),
        (_("People"), people, year),
        (_("Wait for a first answer"), [wait], _("Each point looks at the 90 days before it.")),
    ):
        slot = st.container()
        if history.lines(view, points, drawn, about):
            with slot:
                show(tag("h2", title))
    _deliveries(view, row)


def _series(value: ValueRow | None, today: Instant) -> dict[str, float]:
    """Give the commits by month that the metric names among its parts; none is 0 here."""
    by_month = value.parts.get("by_month") if value else None
    if not isinstance(by_month, dict) or not by_month:
        return {}
    found = {key[:7]: float(n) for key, n in by_month.items() if isinstance(n, int | float)}
    months = [f"{datetime.fromtimestamp(at, UTC):%Y-%m}" for at in month_starts(today, 13)]
    return {month: found.get(month, 0.0) for month in months}


def _deliveries(view: View, row: ProjectRow) -> None:
    _, translator = view.translator.text, view.translator
    found, left = deliveries.versions(
        view.source.newest_tags(row.id), view.source.repositories(row.id)
    )
    show(tag("h2", _("Newest deliveries")))
    if not found:
        show(tag("p", _("No tag and no release was found."), cls="ov-muted"))
        return
    listed = [
        join(
            tag("b", plain(item.name, 60)),
            tag("span", _(deliveries.KINDS[item.kind])),
            tag("span", plain(item.repository, 60), cls="ov-muted") if item.repository else "",
            tag("span", translator.day(item.at), cls="ov-muted"),
        )
        for item in found
    ]
    others = translator.plural(
        "{n} more tag says no version and is not counted as a delivery.",
        "{n} more tags say no version and are not counted as deliveries.",
        left,
    )
    about = link(_("What counts as a delivery?"), "method?m=release_frequency")
    below = tag("p", others if left else "", " ", about, cls="ov-why")
    show(items(*listed, cls="ov-news"), below)


# ---------------------------------------------------------------- all figures


def _figures(view: View, row: ProjectRow, values: dict[str, ValueRow]) -> None:
    for title, family in words.families():
        told = [key for key in family if key in values]
        known = [key for key in told if values[key].state == "ok"]
        if not told:
            continue
        shown = [figure(BY_KEY[key], values[key], view.translator) for key in known]
        show(
            tag("h2", view.translator.text(title)),
            tag("div", *shown, cls="ov-figures"),
            _without_value(view, [key for key in told if key not in known], values),
        )


def _without_value(view: View, keys: Sequence[str], values: dict[str, ValueRow]) -> Html:
    """List the figures that have no value, each with its reason, out of the way."""
    if not keys:
        return Html("")
    said = view.translator.plural(
        "{n} figure has no value, and why", "{n} figures have no value, and why", len(keys)
    )
    facts: list[tuple[str, object]] = [
        (
            view.translator.text(BY_KEY[key].words or BY_KEY[key].title),
            missing_text(values[key], view.translator),
        )
        for key in keys
    ]
    return tag("details", tag("summary", said), definitions(facts))


# ---------------------------------------------------------------- files and repositories


def _sources(view: View, row: ProjectRow, values: dict[str, ValueRow]) -> None:
    _ = view.translator.text
    show(tag("h2", _("Files that newcomers look for")), _files(view, values.get("community_files")))
    rows = view.source.repositories(row.id)
    show(tag("h2", _("Repositories")), repository_table(view, rows))


def _files(view: View, value: ValueRow | None) -> Html:
    _ = view.translator.text
    found: Part = value.parts.get("found") if value else None
    missing: Part = value.parts.get("missing") if value else None
    if not isinstance(found, dict) or not isinstance(missing, list):
        return tag("p", _("The files were not read."), cls="ov-muted")
    listed = [_file(view, "met", name, str(place)) for name, place in found.items()]
    listed += [_file(view, "unknown", str(name), "") for name in missing]
    return items(*listed, cls="ov-legend")


def _file(view: View, result: str, name: str, place: str) -> Html:
    _ = view.translator.text
    mark = signs.shape(words.result(result), words.COLOUR[result])
    said = plain(place, 60) if place else _("missing")
    return tag(
        "span",
        mark,
        tag("span", tag("b", plain(name, 40)), " ", tag("span", said, cls="ov-why")),
        cls="ov-sign",
    )
