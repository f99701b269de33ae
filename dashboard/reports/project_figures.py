"""What is told in figures and charts of a project: its work, its people, its answers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collector.metric import Metric
from collector.metrics import BY_KEY
from dashboard import deliveries
from dashboard.components import compare
from dashboard.components.explain import missing_text, sample_text, value_text
from dashboard.components.html import plain
from dashboard.reports import document
from dashboard.reports.common import capital, more, sentence, to
from dashboard.reports.document import (
    Aside,
    Block,
    Heading,
    Paragraph,
    Table,
    Words,
)
from dashboard.sections import answers, people, work
from dashboard.sections.shown import Shown

MOST_WAITING, MOST_DELIVERIES = 25, 6


def figure_table(shown: Shown, caption: str, keys: Sequence[str]) -> Table | Paragraph | None:
    """Show some figures: what, value, how it was a year before and in the period before."""
    view, translator = shown.view, shown.view.translator
    _ = translator.text
    metrics = [BY_KEY[key] for key in keys if key in shown.values]
    if not metrics:
        return None
    if all(shown.values[metric.key].state != "ok" for metric in metrics):
        reasons = (missing_text(shown.values[metric.key], translator) for metric in metrics)
        return Paragraph(" ".join(dict.fromkeys(map(sentence, reasons))), "muted")
    dates = compare.dates(shown.today, list(BY_KEY.values()))
    earlier = compare.by_date(view.source.history_at(shown.row.id, dates))
    rows: list[list[Words]] = [
        [named(shown, metric), value_of(shown, metric), _before(shown, metric, earlier)]
        for metric in metrics
    ]
    return document.table(caption, [_("Figure"), _("Value"), _("Before")], rows)


def named(shown: Shown, metric: Metric) -> Words:
    """Name a figure; where the dashboard has an address, lead to its records."""
    title = shown.view.translator.text(metric.words or metric.title)
    return to(shown.view, capital(title), shown.view.project(shown.row.key, m=metric.key))


def value_of(shown: Shown, metric: Metric) -> Words:
    """Say a figure with its cases, or why there is none."""
    value, translator = shown.values[metric.key], shown.view.translator
    said = value_text(metric, value, translator)
    if not said:
        return Aside(missing_text(value, translator))
    sample = sample_text(metric, value, translator)
    return (said, " ", Aside(sample)) if sample else said


def _before(shown: Shown, metric: Metric, earlier: compare.Earlier) -> Words:
    told = compare.told(metric, earlier, shown.today, shown.view.translator)
    return " · ".join(told) or "–"


def of_work(shown: Shown) -> Iterator[Block | None]:
    """Show what was done, and what reached the users."""
    _, translator = shown.view.translator.text, shown.view.translator
    found, left = work.versions(shown)
    yield figure_table(shown, _("Work and deliveries"), work.KEY_FIGURES)
    yield Heading(_("What happened when"))
    yield work.happened(shown, found)
    if drawn := work.months(shown):
        yield Heading(_("Work by month"))
        yield drawn
    yield Heading(_("Newest deliveries"))
    if not found:
        yield Paragraph(_("No tag and no release was found."), "muted")
        return
    headers = [_("Version"), _("What"), _("Date")]
    rows: list[list[Words]] = [
        [plain(one.name, 60), _(deliveries.KINDS[one.kind]), translator.day(one.at)]
        for one in found[:MOST_DELIVERIES]
    ]
    yield document.table(_("Newest deliveries"), headers, rows)
    yield from more(shown.view, len(found) - MOST_DELIVERIES)
    if left:
        yield Paragraph(work.uncounted(left, translator), "muted")


def of_people(shown: Shown) -> Iterator[Block | None]:
    """Show who carries it; in open data nothing that is derived from single persons."""
    _ = shown.view.translator.text
    seen = shown.view.shows_people
    keys = people.KEY_FIGURES if seen else people.PUBLIC_FIGURES
    yield figure_table(shown, _("People"), keys)
    if not seen:
        said = _("What is derived from single persons is not part of open data.")
        yield Paragraph(said, "muted")
    else:
        drawn = people.ownership(shown)
        yield Heading(_("How the work is spread"))
        yield drawn or Paragraph(people.nobody_else(shown))
        if drawn := people.lines(shown):
            yield Heading(_("People over the years"))
            yield drawn
    if (drawn := people.bodies(shown)) or _worked(shown):
        yield Heading(_("Which organisations did the work"))
        yield drawn or Paragraph(people.hardly_known(shown), "muted")
    if seen and (drawn := people.cohorts(shown)):
        yield Heading(_("Do those who come stay?"))
        yield drawn


def _worked(shown: Shown) -> bool:
    """Was anything done in the last year?"""
    value = shown.values.get("commits")
    return value is not None and bool(value.value)


def of_answers(shown: Shown) -> Iterator[Block | None]:
    """Show whether others get an answer, and what becomes of what they propose."""
    _ = shown.view.translator.text
    yield figure_table(shown, _("Answers"), answers.KEY_FIGURES)
    yield from _waiting(shown)
    for title, drawn in (
        (_("Wait for a first answer"), answers.band(shown)),
        (_("What becomes of proposed changes"), answers.flow(shown)),
        (_("How old is what is still open"), answers.ages(shown)),
    ):
        if drawn is not None:
            yield Heading(title)
            yield drawn


def _waiting(shown: Shown) -> Iterator[Block]:
    """List who from outside waits for an answer, the longest first."""
    _, translator = shown.view.translator.text, shown.view.translator
    found = answers.outsiders(shown)
    if not found:
        return
    headers = [_("Number"), _("Waits"), _("Repository")]
    rows: list[list[Words]] = [
        [
            document.Link(f"#{one.number}", one.url) if one.url else f"#{one.number}",
            translator.duration(one.days),
            plain(one.repository, 70),
        ]
        for one in found[:MOST_WAITING]
    ]
    yield Heading(_("Who from outside waits for an answer"))
    yield document.table(_("Who from outside waits for an answer"), headers, rows, (1,))
    yield from more(shown.view, len(found) - MOST_WAITING)
