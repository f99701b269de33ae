"""Every chart there is, drawn without a page: of a portfolio that was built, in a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from collector.model import DAY
from dashboard import data, i18n, words
from dashboard.access import Reader
from dashboard.charts import Drawing, coverage, portfolio, questions
from dashboard.data import ProjectRow
from dashboard.sections import answers, going, people, work
from dashboard.sections.shown import Shown
from dashboard.settings import Settings
from dashboard.theme import LIGHT, Palette
from dashboard.view import View
from tests.dashboard_data import NOW

QUARTERS = tuple(NOW - 91 * DAY * back for back in range(12, -1, -1))
ANSWERS = {
    (date, key): {"met": 20 + at * place, "not met": 40}
    for at, date in enumerate(QUARTERS)
    for place, key in enumerate(words.QUESTIONS)
}
"""How many projects answer each question well: more and more."""


def view(url: str, language: str = "en", colours: Palette = LIGHT) -> View:
    """What a document is written from: no browser asks for it."""
    reader = Reader(people=True, names=True, private=True)
    return View(Settings(url), i18n.translator(language), colours, data.look(url), NOW, reader)


def drawings(seen: View) -> Iterator[tuple[str, Drawing]]:
    """Each with its name, those of the portfolio first."""
    rows = seen.source.own()
    judged = seen.source.standing("", NOW).judged
    yield "quadrant", portfolio.quadrant(seen, judged)
    yield "quadrant-binned", portfolio.quadrant(seen, replace(judged, rows=()))
    yield "over-time", portfolio.over_time(seen, NOW)
    yield from _there({"questions": questions.question_lines(seen, QUARTERS, ANSWERS)})
    yield "coverage", coverage.heat_map(seen, rows[: coverage.MOST_PROJECTS])
    for row in rows[:6]:
        yield from _of_project(seen, row)


def _of_project(seen: View, row: ProjectRow) -> Iterator[tuple[str, Drawing]]:
    source = seen.source
    shown = Shown(
        seen, row, source.values(row.id), source.series(row.id), source.statuses(row.id), 36
    )
    found = {
        "happened": work.happened(shown, work.versions(shown)[0]),
        "months": work.months(shown),
        "ownership": people.ownership(shown),
        "lines": people.lines(shown),
        "bodies": people.bodies(shown),
        "cohorts": people.cohorts(shown),
        "band": answers.band(shown),
        "flow": answers.flow(shown),
        "ages": answers.ages(shown),
        **{title: drawn for title, _old, drawn in going.outcomes(shown)},
    }
    for name, drawn in _there(found):
        yield f"{row.key} {name}", drawn


def _there(found: dict[str, Drawing | None]) -> Iterator[tuple[str, Drawing]]:
    return ((name, drawn) for name, drawn in found.items() if drawn is not None)
