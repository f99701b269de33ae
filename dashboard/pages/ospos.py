"""How does one OSPO stand against itself over time, and what matters most to a body like it?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.archetype import Archetype, archetype
from collector.model import Instant
from dashboard import position, problem, yardsticks
from dashboard.charts import portfolio as charts
from dashboard.charts import show_chart
from dashboard.charts.questions import quarters, question_lines
from dashboard.components.controls import code_of, sections
from dashboard.components.html import Html, bold_numbers, join, link, plain, tag
from dashboard.components.reports import report_links
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import OspoRow, ProjectRow
from dashboard.i18n import N_
from dashboard.view import View, begin, show

PURPOSE = N_("How does one OSPO stand against itself over time?")
SECTIONS = {
    "first": N_("What matters to it first"),
    "questions": N_("The five questions over time"),
    "time": N_("Status over time"),
    "lists": N_("Official checklists"),
}
COLUMNS = ("ospo", "what", "key", "now", "a_year_before")


def page(view: View) -> None:
    """Show one OSPO: its kind, its position, and what it looks at first, now and a year ago."""
    _ = view.translator.text
    begin(view, _("OSPOs"), _(PURPOSE))
    found = view.source.ospos()
    if not found:
        problem.no_projects(view)
        return
    chosen = _choice(view, found)
    rows = view.source.own(chosen.key)
    if not rows:
        show(tag("h2", plain(chosen.name, 120)))
        problem.no_projects(view)
        return
    kind = archetype(str(chosen.settings.get("archetype") or ""))
    _who(view, chosen, kind, rows)
    if not any(row.as_of for row in rows):
        problem.nothing_measured(view)
        return
    today = max(row.as_of or 0 for row in rows)
    section = sections(view, _("Show"), SECTIONS, "s")
    if section == "questions":
        _questions(view, chosen.key, rows, today)
    elif section == "lists":
        show(_checklists(view, kind, chosen.key))
    elif section == "time":
        show_chart(view, charts.over_time(view, today, chosen.key))
    else:
        _first(view, chosen, kind, rows)


def _choice(view: View, found: Sequence[OspoRow]) -> OspoRow:
    options = {one.key: plain(one.name, 80) for one in found}
    if len(found) == 1:
        return found[0]
    key = code_of(view.translator.text("OSPO"), options, "ospo")
    return next(one for one in found if one.key == key)


def _who(view: View, ospo: OspoRow, kind: Archetype, rows: Sequence[ProjectRow]) -> None:
    _, translator = view.translator.text, view.translator
    question = translator.phrase({"text": kind.question.template, "args": {}})
    more = link(_("Its projects"), f"projects?ospo={ospo.key}")
    what = link(_("What to do first"), f"./?ospo={ospo.key}")
    show(
        tag("h2", plain(ospo.name, 120)),
        tag("p", f"{_(kind.words)} · {question}", cls="ov-sub"),
        tag(
            "p", bold_numbers(position.sentence(position.position(rows), translator)), cls="ov-lead"
        ),
        tag("p", more, " · ", join(what), cls="ov-small"),
        report_links(view, "ospo", ospo.key),
    )


# ---------------------------------------------------------------- what matters first


def _first(view: View, ospo: OspoRow, kind: Archetype, rows: Sequence[ProjectRow]) -> None:
    """List what a body of this kind looks at first: now, and a year before."""
    _ = view.translator.text
    found = yardsticks.times(view, ospo.key, kind, rows)
    lines = [
        [
            link(one.title, f"method?m={one.metric}") if one.metric else tag("span", one.title),
            link(one.now, one.leads) if one.leads else one.now,
            one.before,
            one.why,
        ]
        for one in yardsticks.yardsticks(view, ospo, kind, rows, found)
    ]
    year = view.translator.month(found.at)
    headers = [_("What"), _("Now"), _("In {month}", month=year), _("Why it matters")]
    show(table(_("What a body of this kind looks at first"), headers, lines, wide=(3,)))
    records = lambda: yardsticks.records(view, ospo, kind, found)  # noqa: E731
    takeaway(view, f"ospo-{ospo.key}", COLUMNS, records, feed=ospo.key)


# ---------------------------------------------------------------- over time


def _questions(view: View, ospo: str, rows: Sequence[ProjectRow], today: Instant) -> None:
    """Draw the answers quarter by quarter, and last those of today."""
    drawn = question_lines(view, *quarters(view, ospo, rows, today))
    if drawn is None:
        said = view.translator.text("The answers of earlier months are not known yet.")
        show(tag("p", said, cls="ov-muted"))
    else:
        show_chart(view, drawn)


# ---------------------------------------------------------------- official checklists


def _checklists(view: View, kind: Archetype, ospo: str) -> Html:
    """Count the projects by the level of each checklist, those nearest to this body first."""
    _ = view.translator.text
    lines = yardsticks.checklists(view, kind, ospo)
    if not lines:
        said = _("No official checklist was judged yet. Collect once, or see:")
        return tag("p", said, " ", tag("code", "ospo-vitals packs"), cls="ov-muted")
    headers = [_("Checklist"), _("Reached"), _("By level")]
    said = _("Projects that reach a level of each checklist; rule by rule on each project's page.")
    return table(said, headers, lines, wide=(2,))
