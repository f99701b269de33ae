"""Why has this project its status, and what would change it?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from collector.metric import Part
from collector.metrics import BY_KEY
from dashboard import declared, explaining, problem, words
from dashboard.charts.dates import MONTHS
from dashboard.components import checks, signs
from dashboard.components.controls import sections
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.components.past import as_it_was, choices
from dashboard.components.reports import report_links
from dashboard.components.strip import last_change, status_strip
from dashboard.components.takeaway import takeaway
from dashboard.components.wrong import wrong
from dashboard.data import Json, ProjectRow, StatusPoint
from dashboard.i18n import N_
from dashboard.sections import SECTIONS, drill
from dashboard.sections.shown import Shown
from dashboard.view import View, begin, empty, show

SPANS = {"3": N_("Last 3 years"), "all": N_("All years")}
WITH_TIME = frozenset({"work", "people", "answers"})
DATED = frozenset({*WITH_TIME, "figures"})
"""What can be shown as of a past date."""
LISTED = 60
COLUMNS = ("project", "metric", "title", "value", "unit", "state", "n", "p90", "coverage", "as_of")
PURPOSE = N_("Why has this project its status, and what would change it?")


def page(view: View) -> None:
    """Show one project, or a way to choose one."""
    today, view = view, as_it_was(view)
    asked = st.query_params.get("p", "")
    row = view.source.project(asked) if asked else None
    if row is None:
        known = today.source.project(asked) if asked and view.past else None
        _choose(view, asked) if known is None else _not_begun(view, known)
        return
    st.set_page_config(page_title=f"{plain(row.name, 60)} · OSPO Vitals")
    if key := drill.asked(view):
        drill.page(today, today.source.project(asked) or row, key)
        return
    begin(view, plain(row.name, 120), view.translator.text(PURPOSE), _about(view, row))
    judgement = explaining.judgement(view, row)
    if not judgement:
        problem.nothing_measured(view)
        return
    choices(view, ospos=False)
    points = view.source.statuses(row.id)
    _hero(view, row, judgement, points)
    show(
        tag("h2", view.translator.text("The five questions")),
        checks.check_table(judgement, view.translator, view.project(row.key)),
        tag("h2", view.translator.text("Its status over time")),
        status_strip((*points, _now(view, row)), row.as_of or view.now, view.translator),
    )
    _section(view, row, points)
    _foot(view, row)


def _not_begun(view: View, row: ProjectRow) -> None:
    _ = view.translator.text
    begin(view, plain(row.name, 120), _(PURPOSE))
    choices(view, ospos=False)
    empty(view, _("It had not begun"), _("Of that time nothing is known of this project."))


def _now(view: View, row: ProjectRow) -> StatusPoint:
    """Give the status at the date of the page, which no month keeps."""
    return StatusPoint(row.id, row.as_of or view.now, row.status, {})


def _choose(view: View, asked: str) -> None:
    _ = view.translator.text
    begin(view, _("Project"), _(PURPOSE))
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
    told = declared.project(row)
    ospo = declared.names(view.source.ospos()).get(row.ospo, row.ospo)
    said: list[object] = [link(plain(ospo, 80), f"projects?ospo={row.ospo}")]
    said += [_(plain(told[key], 60)) for key in ("kind", "area", "stage") if told.get(key)]
    if declared.relation(row) != "hosted":
        said.append(_(declared.RELATION_WORDS[declared.relation(row)]))
    described = plain(row.settings.get("description") or "", 300)
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


def _section(view: View, row: ProjectRow, points: Sequence[StatusPoint]) -> None:
    _ = view.translator.text
    offered = [one for one in SECTIONS if view.past is None or one[0] in DATED]
    chosen = sections(view, _("Look closer"), {code: title for code, title, _s in offered}, "s")
    months = 0
    if chosen in WITH_TIME:
        months = MONTHS[sections(view, _("Time shown"), SPANS, "span")]
    series = explaining.series(view, row)
    shown = Shown(view, row, view.source.values(row.id), series, points, months)
    next(section for code, _title, section in offered if code == chosen)(shown)
    if view.past is not None:
        show(_not_then(view, row))


def _not_then(view: View, row: ProjectRow) -> Html:
    """Say what cannot be shown of a past date, and why."""
    _ = view.translator.text
    said = [
        _(
            "Contracts, money, users, checklists, files and repositories are not shown for a past "
            "date: only their present state is kept."
        )
    ]
    if view.settings.records is None:
        said.append(_("Charts of work and answers need the records, which are not at hand here."))
    more = link(_("The page of today shows them"), f"project?p={quote(row.key)}")
    return tag("p", " ".join(said), " ", more, cls="ov-muted")


def _foot(view: View, row: ProjectRow) -> None:
    """Let the reader take the figures away, look at the project beside others, or object."""
    _ = view.translator.text
    takeaway(view, plain(row.key, 60), COLUMNS, lambda: _records(view, row))
    beside = link(_("Compare it with other projects"), f"compare?p={row.key}")
    day = view.translator.day(row.as_of or view.now)
    contact = declared.contact(view.source.ospos(), row.ospo)
    show(
        report_links(view, "project", row.key),
        tag("p", beside),
        wrong(view, contact, row.name, day),
    )
    if view.settings.url:
        label = _("For the README of the project:")
        written = tag("code", _badge(view.settings.url.rstrip("/"), row.key))
        show(tag("p", label, " ", written, cls="ov-small", style="overflow-wrap:anywhere"))


def _badge(here: str, key: str) -> str:
    """Write what a README takes in to show the project's status."""
    return f"[![OSPO Vitals]({here}/badge/{key}.svg)]({here}/project?p={key})"


def _records(view: View, row: ProjectRow) -> list[dict[str, Part]]:
    """Give every figure of the project as flat records."""
    return [
        {
            "project": row.key,
            "metric": key,
            "title": BY_KEY[key].title if key in BY_KEY else key,
            "value": value.value,
            "unit": BY_KEY[key].unit if key in BY_KEY else "",
            "state": value.state,
            "n": value.n,
            "p90": value.p90,
            "coverage": value.coverage,
            "as_of": value.as_of,
        }
        for key, value in sorted(view.source.values(row.id).items())
    ]
