"""What was done, and what reached the users?"""

from __future__ import annotations

from collections.abc import Iterator

from collector.metrics.windows import month_start
from collector.model import DAY, Instant
from collector.series.months import month
from dashboard import agreed, declared, deliveries, words
from dashboard.charts import Drawing, show_chart
from dashboard.charts.timeline import Mark, Span, timeline
from dashboard.charts.work import work_columns
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.deliveries import Version
from dashboard.i18n import Translator
from dashboard.sections.shown import Shown, numbers, whole
from dashboard.view import show

KEY_FIGURES = ("commits", "active_weeks_ratio", "release_frequency", "days_since_last_delivery")
AHEAD = 400 * DAY
"""So far into the future goals and ends of contracts are drawn."""


def section(shown: Shown) -> None:
    """Show the time axis, the months, the newest deliveries."""
    _ = shown.view.translator.text
    found, left = versions(shown)
    show(shown.figures(KEY_FIGURES))
    show(tag("h2", _("What happened when")))
    show_chart(shown.view, happened(shown, found))
    drawn = months(shown)
    if drawn is not None:
        show(tag("h2", _("Work by month")))
        show_chart(shown.view, drawn)
    else:
        show(tag("p", _("No commit by a person is known."), cls="ov-muted"))
    _deliveries(shown, found, left)


def happened(shown: Shown, found: tuple[Version, ...]) -> Drawing:
    """Draw all that happened on one time axis; ``found``: what was delivered."""
    first, counts = _work(shown)
    by_month = {first + at: count for at, count in enumerate(counts)}
    return timeline(shown.view, list(marks(shown, found)), by_month, _span(shown, first, found))


def months(shown: Shown) -> Drawing | None:
    """Draw the work of each month; None: no commit by a person is known."""
    first, counts = _work(shown)
    return work_columns(shown.view, first, counts, shown.months) if counts else None


def _work(shown: Shown) -> tuple[int, list[float]]:
    """Give the number of the first month, and the commits of each from then on."""
    work = shown.series.get("work", {})
    return whole(work.get("first")), numbers(work.get("commits"))


def versions(shown: Shown) -> tuple[tuple[Version, ...], int]:
    """Give what was delivered, newest first, and how many tags say no version."""
    source = shown.view.source
    return deliveries.versions(source.newest_tags(shown.row.id), source.repositories(shown.row.id))


def _span(shown: Shown, first: int, found: tuple[Version, ...]) -> Span:
    """From when to when is drawn: the chosen months, and what is due next."""
    today = shown.today
    begun = [month_start(first)] if first else []
    begun += [point.as_of for point in shown.statuses[:1]] + [version.at for version in found[-1:]]
    since = min(begun, default=today - 365 * DAY)
    if shown.months:
        since = max(since, month_start(month(today) - shown.months + 1))
    due = [mark.until or mark.at for mark in marks(shown, found)]
    ahead = max((at for at in due if at < today + AHEAD), default=today)
    return Span(since, max(ahead, today) + 30 * DAY, today)


def marks(shown: Shown, found: tuple[Version, ...]) -> Iterator[Mark]:
    """List what happened on a day, or lasts from one to another."""
    _ = shown.view.translator.text
    for version in found:
        if version.kind in ("release", "deployment"):
            yield Mark(version.kind, version.at, plain(version.name, 40))
    yield from _statuses(shown)
    for decision in declared.decisions(shown.row):
        if decision.at >= shown.today and shown.view.past is not None:
            continue  # nobody knew of it then
        what, about = (
            say(decision, shown.view.translator) for say in (agreed.decided, agreed.about)
        )
        said = f"{what}: {about}"
        yield Mark("decision", decision.at, f"{said} {plain(decision.text, 120)}".strip())
    for goal in declared.goals(shown.row):
        if shown.view.past is not None and (goal.since is None or goal.since > shown.today):
            continue
        yield Mark("goal", goal.by, agreed.goal_words(goal, shown.view.translator))
    for key, lane in (("contracts", "contract"), ("funding", "funding")):
        for one in declared.agreements(shown.row, key):
            later = shown.view.past is not None and (one.since is None or one.since > shown.today)
            if not later and (one.since is not None or one.until is not None):
                since: Instant = one.since or (one.until or 0) - 365 * DAY
                until = one.until or shown.today + AHEAD
                yield Mark(
                    lane, since, plain(shown.view.names.get(one.party, one.party), 60), until
                )


def _statuses(shown: Shown) -> Iterator[Mark]:
    """The days on which the status became another, and stayed so."""
    _ = shown.view.translator.text
    for change in shown.view.source.changes_of(shown.row.id):
        if change.before:
            word = _(words.status(change.after).word)
            yield Mark("status", change.at, word, status=change.after)


def _deliveries(shown: Shown, found: tuple[Version, ...], left: int) -> None:
    _, translator = shown.view.translator.text, shown.view.translator
    show(tag("h2", _("Newest deliveries")))
    if not found:
        show(tag("p", _("No tag and no release was found."), cls="ov-muted"))
        return
    about = link(_("What counts as a delivery?"), "method?m=release_frequency")
    below = tag("p", uncounted(left, translator) if left else "", " ", about, cls="ov-why")
    show(
        items(*(_delivery(shown, each) for each in found[: deliveries.SHOWN]), cls="ov-news"), below
    )


def uncounted(left: int, translator: Translator) -> str:
    """Say how many tags are no deliveries."""
    return translator.plural(
        "{n} more tag says no version and is not counted as a delivery.",
        "{n} more tags say no version and are not counted as deliveries.",
        left,
    )


def _delivery(shown: Shown, version: Version) -> Html:
    return join(
        tag("b", plain(version.name, 60)),
        tag("span", shown.view.translator.text(deliveries.KINDS[version.kind])),
        tag("span", plain(version.repository, 60), cls="ov-muted") if version.repository else "",
        tag("span", shown.view.translator.day(version.at), cls="ov-muted"),
    )
