"""Who carries it, and would it survive a departure?"""

from __future__ import annotations

from collector.metrics import BY_KEY
from dashboard.charts import history
from dashboard.charts.affiliations import Year, affiliation_bars
from dashboard.charts.cohorts import cohort_map
from dashboard.charts.history import Line
from dashboard.charts.ownership import ownership_curve
from dashboard.components.html import items, link, tag
from dashboard.sections.shown import Shown, numbers, objects, whole
from dashboard.view import show

KEY_FIGURES = (
    "contributors",
    "contributor_absence_factor",
    "regular_committers",
    "work_left_share",
    "new_contributors",
    "contributor_retention",
)
PUBLIC_FIGURES = ("contributors", "committers")
LINES = ("contributors", "regular_committers", "contributor_absence_factor")
ENOUGH_COHORTS = 2


def section(shown: Shown) -> None:
    """Show the figures, the ownership curve, lines, organisations and cohorts."""
    if not shown.view.shows_people:
        said = shown.view.translator.text(
            "What is derived from single persons is not part of open data."
        )
        show(shown.figures(PUBLIC_FIGURES), tag("p", said, cls="ov-muted"))
        _bodies(shown)
        return
    show(shown.figures(KEY_FIGURES))
    _ownership(shown)
    _lines(shown)
    _bodies(shown)
    _cohorts(shown)


def _ownership(shown: Shown) -> None:
    _ = shown.view.translator.text
    told = shown.series.get("ownership")
    show(tag("h2", _("How the work is spread")))
    if not told or whole(told.get("persons")) < 2:
        said = _("One person wrote all of it in the last year.")
        none = _("Nobody wrote any of it in the last year.")
        show(tag("p", said if told else none))
        return
    ownership_curve(
        shown.view,
        numbers(told.get("credits")),
        whole(told.get("total")),
        whole(told.get("persons")),
    )
    more = link(_("Who would be missed, over all projects"), "people")
    show(tag("p", more, cls="ov-small"))


def _lines(shown: Shown) -> None:
    _ = shown.view.translator.text
    show(tag("h2", _("People over the years")))
    points = shown.view.source.history(shown.row.id, LINES)
    if shown.months:
        dates = sorted({point.as_of for point in points})[-shown.months :]
        points = tuple(point for point in points if dates and point.as_of >= dates[0])
    newest = {key: value for key, value in shown.values.items() if key in LINES}
    points = history.up_to(points, newest, shown.today)
    drawn = [Line(key, _(BY_KEY[key].words), "count") for key in LINES]
    about = _("Each point counts the year before it. The dot is the newest figure.")
    if not history.lines(shown.view, points, drawn, about):
        show(tag("p", _("There is no history yet."), cls="ov-muted"))


def _bodies(shown: Shown) -> None:
    _ = shown.view.translator.text
    show(tag("h2", _("Which organisations did the work")))
    names = shown.view.names
    years = [
        Year(
            whole(one.get("until")),
            {
                names.get(str(name), str(name)): float(amount)
                for name, amount in _object(one.get("credits")).items()
                if isinstance(amount, int | float)
            },
        )
        for one in objects(shown.series.get("bodies", {}).get("years"))
    ]
    if not years or not affiliation_bars(shown.view, years):
        known = shown.view.translator.percent(years[0].known) if years else "0 %"
        said = _(
            "Of the last year's work the organisation of only {known} is known; shares are shown "
            "from 60 % on.",
            known=known,
        )
        helps = _("Name mail domains or teams of organisations in config/ospo-vitals.yaml.")
        show(items(said, helps, cls="ov-muted"))


def _object(given: object) -> dict[str, object]:
    return given if isinstance(given, dict) else {}


def _cohorts(shown: Shown) -> None:
    _ = shown.view.translator.text
    found = [
        (whole(one.get("year")), [int(n) for n in numbers(one.get("people"))])
        for one in objects(shown.series.get("cohorts", {}).get("cohorts"))
    ]
    if len(found) < ENOUGH_COHORTS:
        return  # below 20 people cohorts say more of single persons than of the project
    show(tag("h2", _("Do those who come stay?")))
    cohort_map(shown.view, found)
