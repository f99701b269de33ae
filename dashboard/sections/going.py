"""Does it go on: contracts, money, who uses it, and does the service work for people?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.metric import Part
from collector.model import ServiceFigure
from dashboard import agreed, declared
from dashboard.charts import Drawing, show_chart
from dashboard.charts.outcomes import name, outcome_line, stale
from dashboard.components import signs
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.i18n import N_, Translator
from dashboard.sections.shown import Shown, objects
from dashboard.sections.work import marks, versions
from dashboard.view import show

MOST_INDICATORS = 8
SOURCES = {"configuration": N_("the portfolio file"), "publiccode.yml": "publiccode.yml"}


def section(shown: Shown) -> None:
    """Show contracts, money, goals, decisions, users and the service."""
    _ = shown.view.translator.text
    contracts, funding = (declared.agreements(shown.row, key) for key in ("contracts", "funding"))
    show(
        tag("h2", _("Contracts")),
        _agreements(shown, contracts, _("Supplier"), _("No contract is named.")),
        tag("h2", _("Money")),
        _agreements(shown, funding, _("Source"), _("No source of money is named.")),
        tag("h2", _("Goals and decisions")),
        _goals(shown),
        _decisions(shown),
        tag("h2", _("Who uses it")),
        _users(shown),
        tag("h2", _("The service")),
        _service(shown),
    )
    _outcomes(shown)


def _hint(shown: Shown, said: str, key: str) -> Html:
    """Say that something is not named, and where it would stand."""
    _ = shown.view.translator.text
    where = _("It would stand under “{key}” in the portfolio file.", key=key)
    return tag("p", said, " ", where, cls="ov-muted")


def _agreements(shown: Shown, found: Sequence[declared.Agreed], who: str, missing: str) -> Html:
    _, translator = shown.view.translator.text, shown.view.translator
    if not found:
        return _hint(shown, missing, "contracts" if who == _("Supplier") else "funding")
    headers = [who, _("Kind"), _("From"), _("Until"), _("Left")]
    rows = [
        [
            plain(shown.view.names.get(one.party, one.party), 60),
            _(plain(one.kind, 30)) or "–",
            translator.day(one.since) if one.since else "–",
            translator.day(one.until) if one.until else _("open"),
            _left(shown, declared.days_left(one.until, shown.today)),
        ]
        for one in found
    ]
    return table(who, headers, rows)


def _left(shown: Shown, days: float | None) -> Html:
    """Say how long something still runs, by word, shape and colour."""
    said = agreed.left(days, shown.view.translator)
    return signs.said(*said) if said else tag("span", "–", cls="ov-muted")


def _goals(shown: Shown) -> Html:
    _, translator = shown.view.translator.text, shown.view.translator
    found = declared.goals(shown.row)
    if not found:
        return _hint(shown, _("No goal is agreed."), "goals")
    headers = [_("Goal"), _("Now"), _("Due"), _("Agreed with")]
    rows = [
        [
            agreed.goal_words(goal, translator),
            signs.said(
                *agreed.reached(goal, shown.values.get(goal.metric), shown.today, translator)
            ),
            translator.day(goal.by),
            plain(goal.agreed_with, 60) or "–",
        ]
        for goal in found
    ]
    return table(_("Goals"), headers, rows)


def _decisions(shown: Shown) -> Html:
    _, translator = shown.view.translator.text, shown.view.translator
    found = declared.decisions(shown.row)
    if not found:
        return _hint(shown, _("No decision is recorded."), "decisions")
    headers = [_("Decided"), _("What"), _("About what"), _("To look at again"), _("In words")]
    rows = [
        [
            translator.day(one.at),
            agreed.decided(one, translator),
            agreed.about(one, translator),
            translator.day(one.review_on) if one.review_on else "–",
            plain(one.text, 200) or "–",
        ]
        for one in found
    ]
    return table(_("Decisions"), headers, rows)


def _users(shown: Shown) -> Html:
    _, translator = shown.view.translator.text, shown.view.translator
    value = shown.values.get("users")
    found = objects(value.parts.get("users")) if value else []
    if not found:
        return _hint(shown, _("Nobody is known to use it."), "users")
    headers = [_("Body"), _("Version"), _("Confirmed"), _("Known from")]
    rows = [
        [
            plain(one.get("name"), 80),
            plain(one.get("version") or "–", 30),
            signs.said(*confirmed(one, translator)),
            _(SOURCES.get(str(one.get("source")), plain(one.get("source"), 40))),
        ]
        for one in found
    ]
    said = translator.plural("{n} body uses it", "{n} bodies use it", len(found))
    return table(said, headers, rows)


def confirmed(one: dict[str, Part], translator: Translator) -> tuple[str, str]:
    """Say when somebody was last known to use it, and whether that is long ago."""
    date = one.get("date")
    told = translator.day(int(date)) if isinstance(date, int | float) else translator.text("never")
    return "at risk" if one.get("stale") else "met", told


def _service(shown: Shown) -> Html:
    _ = shown.view.translator.text
    address = str(declared.project(shown.row).get("service") or "")
    if not address:
        return _hint(shown, _("No running service is named."), "service")
    return join(
        tag("p", link(plain(address, 100), address)),
        shown.figures(("service_answered",)),
    )


def _outcomes(shown: Shown) -> None:
    """Draw what the service's own figures say, beside deliveries and decisions."""
    _ = shown.view.translator.text
    show(tag("h2", _("What the service does for people")))
    found = outcomes(shown)
    if not found:
        show(_hint(shown, _("No figures of the service are known."), "outcomes"))
    for title, old, drawn in found:
        said = _("This figure is older than it may be.")
        show(tag("h3", title), tag("p", said, cls="ov-note ov-warn") if old else "")
        show_chart(shown.view, drawn)


def outcomes(shown: Shown) -> list[tuple[str, bool, Drawing]]:
    """Draw each indicator of the service: its title, whether it is too old, the drawing."""
    by_indicator: dict[str, list[ServiceFigure]] = {}
    for one in shown.view.source.outcomes(shown.row.id):
        by_indicator.setdefault(one.indicator, []).append(one)
    happened = list(marks(shown, versions(shown)[0])) if by_indicator else []
    made = []
    for indicator, figures in list(by_indicator.items())[:MOST_INDICATORS]:
        title = name(indicator, shown.view.translator)
        drawn = outcome_line(shown.view, figures, happened)
        made.append((title[:1].upper() + title[1:], stale(figures, shown.today), drawn))
    return made
