"""Where do we stand, and what must I do first?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import declared, entries, exports, position, problem
from dashboard.charts import portfolio as charts
from dashboard.components import signs
from dashboard.components.compare import date_back
from dashboard.components.controls import ospo_choice, sections
from dashboard.components.html import Html, bold_numbers, items, join, link, plain, tag
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow
from dashboard.i18n import N_
from dashboard.position import Change, Position
from dashboard.view import View, begin, show

SECTIONS = {"risk": N_("Risk and how bad it would be"), "time": N_("Status over time")}
PER_PAGE = 50
PURPOSE = N_("Where do we stand, and what must be done first?")


def page(view: View) -> None:
    """Show the position in words, at most seven entries, what changed, and the wider picture."""
    begin(view, view.translator.text("Portfolio"), view.translator.text(PURPOSE))
    everything = view.source.projects()
    if not position.ours(everything):
        problem.no_projects(view)
        return
    if not any(row.as_of for row in everything):
        problem.nothing_measured(view)
        return
    chosen = ospo_choice(view)
    mine = tuple(row for row in everything if chosen in ("", row.ospo))
    rows = position.ours(mine)
    upstream = sum(declared.relation(row) == "upstream" for row in mine)
    unsorted = view.source.shelf(chosen).not_sorted
    today = max((row.as_of or 0 for row in everything), default=0)
    known = {row.id for row in rows}
    changed = [change for change in view.source.changes(today) if change.project_id in known]
    then = view.source.statuses_at((date_back(today, 12),), chosen)[0]
    _position(view, position.position(rows, unsorted, upstream), changed, then)
    _entries(view, rows, changed, chosen)
    _changes(view, rows, changed)
    _wider(view, rows, today, chosen)
    takeaway(view, "portfolio", exports.COLUMNS, lambda: [exports.record(row) for row in mine])


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


def _entries(view: View, rows: Sequence[ProjectRow], changed: Sequence[Change], ospo: str) -> None:
    _, ngettext = view.translator.text, view.translator.plural
    found = _found(view, rows, changed, ospo)
    show(tag("h2", _("What to do first")))
    if not found.count:
        show(tag("p", _("Nothing waits for you. That is a good week."), cls="ov-muted"))
        return
    show(_listed(view, entries.first(found.some(0, entries.SHOWN))))
    left = found.count - entries.SHOWN
    if left <= 0:
        return
    said = ngettext("and {n} more: show all", "and {n} more: show all", left)
    if st.toggle(said, key="all", bind="query-params"):
        pages = -(-found.count // PER_PAGE)
        slot = st.container()
        chosen = (st.pagination(pages, key="entries", bind="query-params") or 1) if pages > 1 else 1
        start = PER_PAGE * (min(chosen, pages) - 1)
        with slot:
            show(_listed(view, found.some(start, start + PER_PAGE)))


@dataclass(frozen=True, slots=True)
class _Found:
    """All entries, of which only those shown are put into words."""

    count: int
    some: Callable[[int, int], Sequence[entries.Entry]]


def _found(view: View, rows: Sequence[ProjectRow], changed: Sequence[Change], ospo: str) -> _Found:
    """Take what the last pass found; where it has not looked, what judgements alone tell."""
    kept = view.source.attention()
    if kept is None:
        waiting = view.source.values_of("oldest_outsider_waiting")
        derived = entries.derived(rows, waiting, changed, view.translator)
        return _Found(
            len(derived), lambda start, end: [draft.written() for draft in derived[start:end]]
        )
    names = {row.key: row.name for row in view.source.projects()}
    if ospo:
        own = {row.key for row in rows} | {ospo}
        kept = tuple(one for one in kept if {str(one.get("project")), str(one.get("about"))} & own)
    return _Found(
        len(kept), lambda start, end: entries.kept(kept[start:end], names, view.translator)
    )


def _listed(view: View, found: Sequence[entries.Entry]) -> Html:
    advised: set[str] = set()  # the same advice is given once
    listed = []
    for entry in found:
        listed.append(_entry(view, entry, entry.helps not in advised))
        advised.add(entry.helps)
    return items(*listed, cls="ov-entries")


def _entry(view: View, entry: entries.Entry, advise: bool) -> Html:
    _ = view.translator.text
    name = link(entry.name, f"project?p={entry.project}") if entry.project else plain(entry.name)
    title: list[object] = [join(name, " — ", plain(entry.what, 300))]
    if entry.since:
        since = _("since {day}", day=view.translator.day(entry.since))
        title += [" ", tag("span", since, cls="ov-why")]
    body = [tag("p", *title, cls="ov-entry-title")]
    if entry.why:
        body.append(tag("p", plain(entry.why, 400)))
    body.append(_advice(view, entry, advise))
    if entry.links:
        opened = [link(_short(address), address) for address in entry.links[:3]]
        body.append(tag("p", _("Look at"), " ", join(*opened, between=", "), cls="ov-small"))
    kind = tag("span", _(entries.KINDS.get(entry.kind, entry.kind)), cls="ov-kind")
    return join(kind, tag("div", *body))


def _advice(view: View, entry: entries.Entry, advise: bool) -> Html:
    """Say what helps, and whom it concerns."""
    _ = view.translator.text
    said: list[object] = [entry.helps] if entry.helps and advise else []
    if entry.role:
        role = tag("span", _("For: {role}", role=_(entry.role)), cls="ov-nowrap")
        said += [" ", role] if said else [role]
    return tag("p", *said, cls="ov-why") if said else Html("")


def _short(address: str) -> str:
    """Name an address by what tells it apart."""
    return plain(address.removeprefix("https://").removeprefix("http://"), 70)


def _changes(view: View, rows: Sequence[ProjectRow], changed: Sequence[Change]) -> None:
    _ = view.translator.text
    heading = tag("h2", _("What changed since last month"))
    if not changed:
        said = _("No project's status is another than a month ago.")
        show(heading, tag("p", said, cls="ov-muted"))
        return
    names = {row.id: row for row in rows}
    listed = [_change(view, names[change.project_id], change) for change in changed[:10]]
    show(heading, items(*listed, cls="ov-news"), _more(view, len(changed) - 10))


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
        tag("b", link(row.name, f"project?p={row.key}")),
        signs.status(change.before, view.translator),
        arrow,
        signs.status(change.after, view.translator),
        since,
    )


def _wider(view: View, rows: Sequence[ProjectRow], today: int, ospo: str) -> None:
    _ = view.translator.text
    show(tag("h2", _("The wider picture")))
    section = sections(view, _("Show"), SECTIONS, "picture")
    if section == "time":
        charts.over_time(view, today, ospo)
    else:
        charts.quadrant(view, rows)
