"""Where do we stand, and what must I do first?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from collector.attention import Group, grouped, shown
from dashboard import entries, exports, position, problem
from dashboard.charts import portfolio as charts
from dashboard.charts import show_chart
from dashboard.components import signs
from dashboard.components.compare import date_back
from dashboard.components.controls import sections
from dashboard.components.html import Html, bold_numbers, items, join, link, plain, tag
from dashboard.components.past import as_it_was, choices
from dashboard.components.reports import report_links
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow, Wanted
from dashboard.entries import Draft, Entry
from dashboard.i18n import N_
from dashboard.position import Change, Position
from dashboard.standing import Judged, Standing
from dashboard.view import View, begin, show

SECTIONS = {"risk": N_("Risk and how bad it would be"), "time": N_("Status over time")}
PER_PAGE = 50
PURPOSE = N_("Where do we stand, and what must be done first?")


def page(view: View) -> None:
    """Show the position in words, at most seven entries, what changed, and the wider picture."""
    view = as_it_was(view)
    begin(view, view.translator.text("Portfolio"), view.translator.text(PURPOSE))
    there = view.source.whole()
    if not there.ours:
        problem.no_projects(view)
        return
    if not there.measured:
        problem.nothing_measured(view)
        return
    chosen = choices(view)
    found = view.source.standing(chosen, there.today)
    unsorted = 0 if view.past else view.source.shelf(chosen).not_sorted
    then = view.source.statuses_at((date_back(there.today, 12),), chosen)[0]
    _position(view, replace(found.position, unsorted=unsorted), found.changed, then)
    _entries(view, found.changed, chosen)
    _changes(view, found)
    _wider(view, found.judged, there.today, chosen)
    wanted = Wanted(ospo=chosen, order="name")
    takeaway(view, "portfolio", exports.COLUMNS, lambda: exports.of(view.source.each(wanted)))
    ospos = [one.key for one in view.source.ospos()]
    if ospo := chosen or (ospos[0] if len(ospos) == 1 else ""):
        show(report_links(view, "ospo", ospo))


def _position(
    view: View, found: Position, changed: Sequence[Change], then: Mapping[str, int]
) -> None:
    translator = view.translator
    said = [position.year_before(then, translator), *position.asides(found, changed, translator)]
    show(
        tag("p", bold_numbers(position.sentence(found, translator)), cls="ov-lead"),
        tag("p", " ".join(filter(None, said)), cls="ov-sub"),
        signs.share(found.counts, translator),
    )


def _entries(view: View, changed: Sequence[Change], ospo: str) -> None:
    _, ngettext = view.translator.text, view.translator.plural

    def drafts() -> Sequence[Draft]:
        return entries.drafts(view.source, changed, ospo, view.translator)

    told = ospo, view.translator.language
    first, left = view.source.kept("what to do first", told, lambda: shown(drafts()))
    show(tag("h2", _("What to do first")))
    if not first:
        show(tag("p", _("Nothing waits for you. That is a good week."), cls="ov-muted"))
        return
    show(_listed(view, first))
    if left <= 0:
        return
    said = ngettext("and {n} more: show all", "and {n} more: show all", left)
    if st.toggle(said, key="all", bind="query-params"):
        groups = view.source.kept_large("all to do", told, lambda: grouped(drafts()))
        pages = -(-len(groups) // PER_PAGE)
        slot = st.container()
        chosen = (st.pagination(pages, key="entries", bind="query-params") or 1) if pages > 1 else 1
        start = PER_PAGE * (min(chosen, pages) - 1)
        with slot:
            show(_listed(view, groups[start : start + PER_PAGE]))


def _listed(view: View, groups: Sequence[Group[Draft]]) -> Html:
    advised: set[str] = set()  # the same advice is given once
    return items(*(_group(view, group, advised) for group in groups), cls="ov-entries")


def _group(view: View, group: Group[Draft], advised: set[str]) -> Html:
    """Show all that is to be done of one kind in one project, the gravest first."""
    _ = view.translator.text
    found = [draft.written() for draft in group.entries]
    roles = dict.fromkeys(entry.role for entry in found if entry.role)
    whom = _("For: {role}", role=", ".join(_(role) for role in roles)) if roles else ""
    kind = tag("span", _(entries.KINDS[group.first.kind]), cls="ov-kind")
    head = tag("div", kind, tag("span", whom, cls="ov-role") if whom else "")
    body: list[Html] = []
    for entry in found:
        body += _entry(view, entry, first=not body, advise=entry.helps not in advised)
        advised.add(entry.helps)
    return join(head, tag("div", *body))


def _entry(view: View, entry: Entry, *, first: bool, advise: bool) -> list[Html]:
    _ = view.translator.text
    title: list[object] = [plain(entry.what, 300)]
    if first:
        name = link(entry.name, view.project(entry.project)) if entry.project else entry.name
        title = [name if isinstance(name, Html) else plain(name), " — ", *title]
    said = _("since {day}", day=view.translator.day(entry.since)) if entry.since else ""
    since = join(" ", tag("span", said, cls="ov-why")) if said else Html("")
    why = plain(entry.why, 400)
    if first:
        body = [tag("p", *title, since, cls="ov-entry-title"), tag("p", why) if why else Html("")]
    else:
        body = [tag("p", tag("b", *title), " ", why, since, cls="ov-entry-more")]
    if entry.helps and advise:
        body.append(tag("p", entry.helps, cls="ov-why"))
    if entry.links:
        opened = [link(_short(address), address) for address in entry.links[:3]]
        body.append(tag("p", _("Look at"), " ", join(*opened, between=", "), cls="ov-small"))
    return body


def _short(address: str) -> str:
    """Name an address by what tells it apart."""
    return plain(address.removeprefix("https://").removeprefix("http://"), 70)


def _changes(view: View, found: Standing) -> None:
    _ = view.translator.text
    heading = tag("h2", _("What changed since last month"))
    if not found.changed:
        said = _("No project's status is another than a month ago.")
        show(heading, tag("p", said, cls="ov-muted"))
        return
    listed = [_change(view, row, change) for row, change in found.moved]
    more = _more(view, len(found.changed) - len(listed))
    show(heading, items(*listed, cls="ov-news"), more)


def _more(view: View, count: int) -> Html:
    if count <= 0:
        return Html("")
    said = view.translator.plural("and {n} more", "and {n} more", count)
    return tag("p", link(said, "projects?sort=attention"), cls="ov-small")


def _change(view: View, row: ProjectRow, change: Change) -> Html:
    _ = view.translator.text
    arrow = tag("span", _("now"), cls="ov-muted")
    since = tag("span", view.translator.day(change.since), cls="ov-muted ov-small")
    return join(
        tag("b", link(row.name, view.project(row.key))),
        signs.status(change.before, view.translator),
        arrow,
        signs.status(change.after, view.translator),
        since,
    )


def _wider(view: View, judged: Judged, today: int, ospo: str) -> None:
    _ = view.translator.text
    show(tag("h2", _("The wider picture")))
    section = sections(view, _("Show"), SECTIONS, "picture")
    if section == "time":
        show_chart(view, charts.over_time(view, today, ospo))
    else:
        show_chart(view, charts.quadrant(view, judged))
