"""Can others take part: do they get an answer, and what becomes of what they propose?"""

from __future__ import annotations

from dataclasses import dataclass

from collector.series.months import month
from dashboard.charts import Drawing, show_chart
from dashboard.charts.ages import CLASSES, KINDS, age_bars
from dashboard.charts.flow import WAYS, flow_columns
from dashboard.charts.waiting import Wait, waiting_band
from dashboard.components.explain import missing_text
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.sections.shown import Shown, numbers, objects, whole
from dashboard.view import show

KEY_FIGURES = (
    "first_answer_wait",
    "answered_share",
    "outsiders_answered",
    "oldest_outsider_waiting",
    "change_request_closure_ratio",
    "four_eyes",
)
LISTED = 8


def section(shown: Shown) -> None:
    """Show the figures, who waits, the waiting band, the flow and the age of what is open."""
    _ = shown.view.translator.text
    show(shown.figures(KEY_FIGURES), _waiting_now(shown))
    if not {"waiting", "flow", "ages"} & set(shown.series):
        show(_nothing(shown))
        return
    for title, drawn in (
        (_("Wait for a first answer"), band(shown)),
        (_("What becomes of proposed changes"), flow(shown)),
        (_("How old is what is still open"), ages(shown)),
    ):
        if drawn is not None:
            show(tag("h2", title))
            show_chart(shown.view, drawn)


def _nothing(shown: Shown) -> Html:
    """Say why there is nothing to draw, and what to do."""
    _ = shown.view.translator.text
    value = shown.values.get("first_answer_wait")
    why = missing_text(value, shown.view.translator) if value and value.state != "ok" else ""
    helps = link(_("See on the Data page what was read"), "data")
    return tag("p", _("Issues and proposed changes cannot be shown"), ": ", why, " ", helps)


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody from outside who waits: where, and for how many days."""

    number: str
    url: str
    days: float
    repository: str


def outsiders(shown: Shown) -> list[Outsider]:
    """List who from outside waits for an answer, the longest first."""
    value = shown.values.get("oldest_outsider_waiting")
    return [
        Outsider(
            plain(one.get("number"), 20),
            str(one.get("url") or ""),
            _days(one.get("days")),
            plain(one.get("repository") or "", 70),
        )
        for one in (objects(value.parts.get("items")) if value else ())
    ]


def _waiting_now(shown: Shown) -> Html:
    """List who from outside waits for an answer, the longest first."""
    _, translator = shown.view.translator.text, shown.view.translator
    found = outsiders(shown)
    if not found:
        return Html("")
    listed = [
        join(
            link(_("number {n}", n=one.number), one.url),
            tag("span", _("waits {days}", days=translator.duration(one.days))),
            tag("span", one.repository, cls="ov-muted"),
        )
        for one in found[:LISTED]
    ]
    more = len(found) - LISTED
    below = translator.plural("and {n} more", "and {n} more", more) if more > 0 else ""
    title = tag("h2", _("Who from outside waits for an answer"))
    return join(title, items(*listed, cls="ov-news"), tag("p", below, cls="ov-why"))


def _days(given: object) -> float:
    return float(given) if isinstance(given, int | float) else 0.0


def band(shown: Shown) -> Drawing | None:
    """Draw how long people waited; None below two months."""
    told = shown.series.get("waiting", {})
    columns = [numbers(told.get(key)) for key in ("dates", "p25", "median", "p90", "n")]
    waits = [
        Wait(int(at), quick, usual, slow, int(n))
        for at, quick, usual, slow, n in zip(*columns, strict=False)
        if n
    ]
    if shown.months:
        waits = [wait for wait in waits if month(wait.at) > month(shown.today) - shown.months]
    return waiting_band(shown.view, waits) if len(waits) > 1 else None


def flow(shown: Shown) -> Drawing | None:
    """Draw what became of proposed changes; None: nothing is known of them."""
    told = shown.series.get("flow")
    if not told:
        return None
    counts = {way: numbers(told.get(way)) for way in WAYS}
    points = shown.view.source.history(shown.row.id, ("open_change_requests",))
    waiting = {month(point.as_of): point.value for point in points if point.value is not None}
    newest = shown.values.get("open_change_requests")
    if newest is not None and newest.value is not None:
        # The newest count stands at the end of what the last column shows.
        waiting[month(shown.today - 1) + 1] = newest.value
    return flow_columns(shown.view, whole(told.get("first")), counts, waiting, shown.months)


def ages(shown: Shown) -> Drawing | None:
    """Draw how old is what is open; None: nothing is."""
    told = shown.series.get("ages", {})
    found = {
        kind: [int(count) for count in numbers(told.get(kind))] for kind in KINDS if kind in told
    }
    told_of = {kind: counts for kind, counts in found.items() if len(counts) == len(CLASSES)}
    return age_bars(shown.view, told_of) if any(map(sum, told_of.values())) else None
