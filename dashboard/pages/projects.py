"""Which project am I looking for? Find, filter, sort and export any of them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from collector.metric import Part
from dashboard import declared, exports, problem, words
from dashboard.components import signs
from dashboard.components.controls import any_of, one_of
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.past import as_it_was, choices
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import PER_PAGE, ProjectRow, Wanted
from dashboard.i18n import N_, Translator
from dashboard.view import View, begin, show

PURPOSE = N_("Which project am I looking for, how is it, and why?")
RISKS = {"any": N_("Any risk")} | {key: words.RISK[key].word for key in ("high", "raised", "low")}
SORTS = {
    "attention": N_("What needs attention first"),
    "name": N_("Name"),
    "commit": N_("Newest change"),
    "people": N_("Most people"),
    "few": N_("Fewest people who do half of the work"),
    "wait": N_("Longest wait for a first answer"),
}


def page(view: View) -> None:
    """Show the list with its filters, a page of it at a time, and its exports."""
    view = as_it_was(view)
    begin(view, view.translator.text("Projects"), view.translator.text(PURPOSE))
    known = view.source.counted()
    if not known:
        problem.no_projects(view)
        return
    wanted = _controls(view, known)
    found = view.source.count(wanted)
    _found(view, found, sum(known.values()))
    if found:
        _list(view, wanted, found)
        records = lambda: exports.of(view.source.each(wanted))  # noqa: E731
        takeaway(view, "projects", exports.COLUMNS, records, feed=wanted.ospo)


def _controls(view: View, known: Mapping[str, int]) -> Wanted:
    _ = view.translator.text
    present = {key: sign.word for key, sign in words.STATUS.items() if key in known}
    first, second, third, fourth = st.columns([3, 3, 2, 3], vertical_alignment="bottom")
    text = first.text_input(
        _("Find"), key="q", bind="query-params", placeholder=_("Name or OSPO"), max_chars=80
    )
    with second:
        statuses = any_of(view, _("Status"), present, "status", _("Any status"))
    with third:
        risk = one_of(view, _("Risk"), RISKS, "risk")
    with fourth:
        order = one_of(view, _("Sort by"), SORTS, "sort")
    sought = (text or "").strip()
    return Wanted(sought, tuple(statuses), "" if risk == "any" else risk, choices(view), order)


def number(row: ProjectRow, key: str) -> float | None:
    """Give a figure of the summary, None if it has no value."""
    value = row.summary.get(key)
    return float(value) if isinstance(value, int | float) else None


def _found(view: View, found: int, known: int) -> None:
    _, ngettext = view.translator.text, view.translator.plural
    said = (
        ngettext("{n} project", "{n} projects", found)
        if found == known
        else ngettext(
            "{n} of {known} projects",
            "{n} of {known} projects",
            found,
            known=view.translator.number(known, 0),
        )
    )
    show(tag("p", said, cls="ov-muted", role="status"))


def _list(view: View, wanted: Wanted, found: int) -> None:
    _ = view.translator.text
    pages = -(-found // PER_PAGE)
    number_shown = 1
    slot = st.container()
    if pages > 1:
        number_shown = st.pagination(pages, key="page", bind="query-params") or 1
    headers = [
        _("Project"),
        _("Status and why"),
        _("Risk"),
        _("The five questions"),
        link(_("Commits, 12 months"), "method?m=commits"),
        link(_("People"), "method?m=contributors"),
        link(_("Do half of it"), "method?m=contributor_absence_factor"),
        link(_("First answer"), "method?m=first_answer_wait"),
        link(_("Last delivery"), "method?m=days_since_last_delivery"),
    ]
    names = declared.names(view.source.ospos())
    lines = [
        _line(view, row, names.get(row.ospo, row.ospo))
        for row in view.source.page(wanted, max(1, min(number_shown, pages)))
    ]
    with slot:
        show(
            table(
                _("Projects, {sort}", sort=_("as filtered and sorted above")),
                headers,
                lines,
                numeric=(5, 6, 7, 8),
                wide=(1,),
            ),
        )


def _line(view: View, row: ProjectRow, ospo: str) -> list[object]:
    given, translator = row.summary, view.translator
    reason = given.get("reason")
    why = translator.phrase(reason if isinstance(reason, dict) else None)
    answers = given.get("questions")
    name = join(link(row.name, view.project(row.key)), tag("div", plain(ospo, 60), cls="ov-why"))
    said = join(signs.status(row.status, translator), tag("div", why, cls="ov-why"))
    return [
        name,
        said,
        signs.risk(row.risk, translator),
        signs.answers(answers if isinstance(answers, dict) else {}, translator),
        _whole(number(row, "commits"), translator)  # of a past date the sum alone is kept
        if view.past
        else spark(given.get("commits_12m"), translator),
        _whole(number(row, "contributors"), translator),
        _whole(number(row, "contributor_absence_factor"), translator),
        _days(number(row, "first_answer_wait"), translator, 24),
        _days(number(row, "days_since_last_delivery"), translator),
    ]


def spark(given: Part, translator: Translator) -> Html:
    """Draw the commits of twelve months, or say that they are not known."""
    values = (
        [float(v) for v in given if isinstance(v, int | float)] if isinstance(given, list) else []
    )
    if not values:
        return _missing(translator)
    said = translator.text(
        "{total} commits in 12 months, {last} in the last",
        total=translator.number(sum(values), 0),
        last=translator.number(values[-1], 0),
    )
    return signs.sparkline(values, said)


def _missing(translator: Translator) -> Html:
    return tag("span", translator.text("no data"), cls="ov-muted")


def _whole(value: float | None, translator: Translator) -> object:
    return _missing(translator) if value is None else translator.number(value, 0)


def _days(value: float | None, translator: Translator, per_day: int = 1) -> object:
    return _missing(translator) if value is None else translator.duration(value / per_day)
