"""Who carries it, and would it survive a departure?"""

from __future__ import annotations

from collector.metrics import BY_KEY
from dashboard.charts import Drawing, history, show_chart
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
    show(tag("h2", _("How the work is spread")))
    drawn = ownership(shown)
    if drawn is None:
        show(tag("p", nobody_else(shown)))
        return
    show_chart(shown.view, drawn)
    more = link(_("Who would be missed, over all projects"), "people")
    show(tag("p", more, cls="ov-small"))


def ownership(shown: Shown) -> Drawing | None:
    """Draw how the work is spread; None: nobody, or one person, wrote it."""
    told = shown.series.get("ownership")
    if not told or whole(told.get("persons")) < 2:
        return None
    return ownership_curve(
        shown.view,
        numbers(told.get("credits")),
        whole(told.get("total")),
        whole(told.get("persons")),
    )


def nobody_else(shown: Shown) -> str:
    """Say that there is nobody among whom the work could be spread."""
    _ = shown.view.translator.text
    if shown.series.get("ownership"):
        return _("One person wrote all of it in the last year.")
    return _("Nobody wrote any of it in the last year.")


def _lines(shown: Shown) -> None:
    _ = shown.view.translator.text
    show(tag("h2", _("People over the years")))
    drawn = lines(shown)
    if drawn is None:
        show(tag("p", _("There is no history yet."), cls="ov-muted"))
    else:
        show_chart(shown.view, drawn)


def lines(shown: Shown) -> Drawing | None:
    """Draw how many people there were over the years; None: there is no history."""
    _ = shown.view.translator.text
    points = shown.view.source.history(shown.row.id, LINES)
    if shown.months:
        dates = sorted({point.as_of for point in points})[-shown.months :]
        points = tuple(point for point in points if dates and point.as_of >= dates[0])
    newest = {key: value for key, value in shown.values.items() if key in LINES}
    points = history.up_to(points, newest, shown.today)
    drawn = [Line(key, _(BY_KEY[key].words), "count") for key in LINES]
    about = _("Each point counts the year before it. The dot is the newest figure.")
    return history.lines(shown.view, points, drawn, about)


def _bodies(shown: Shown) -> None:
    _ = shown.view.translator.text
    show(tag("h2", _("Which organisations did the work")))
    drawn = bodies(shown)
    if drawn is None:
        helps = _("Name mail domains or teams of organisations in config/ospo-vitals.yaml.")
        show(items(hardly_known(shown), helps, cls="ov-muted"))
    else:
        show_chart(shown.view, drawn)


def bodies(shown: Shown) -> Drawing | None:
    """Draw which organisations did the work; None: of too little of it that is known."""
    years = _years(shown)
    return affiliation_bars(shown.view, years) if years else None


def hardly_known(shown: Shown) -> str:
    """Say of how much of the work the organisation is known, where that is too little."""
    years = _years(shown)
    known = shown.view.translator.percent(years[0].known if years else 0)
    return shown.view.translator.text(
        "Of the last year's work the organisation of only {known} is known; shares are shown "
        "from 60 % on.",
        known=known,
    )


def _years(shown: Shown) -> list[Year]:
    names = shown.view.names
    return [
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


def _object(given: object) -> dict[str, object]:
    return given if isinstance(given, dict) else {}


def _cohorts(shown: Shown) -> None:
    _ = shown.view.translator.text
    drawn = cohorts(shown)
    if drawn is not None:
        show(tag("h2", _("Do those who come stay?")))
        show_chart(shown.view, drawn)


def cohorts(shown: Shown) -> Drawing | None:
    """Draw whether those who come stay.

    None below 20 people: there it says more of single persons than of the project.
    """
    found = [
        (whole(one.get("year")), [int(n) for n in numbers(one.get("people"))])
        for one in objects(shown.series.get("cohorts", {}).get("cohorts"))
    ]
    return cohort_map(shown.view, found) if len(found) >= ENOUGH_COHORTS else None
