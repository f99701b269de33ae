"""Of those who came in one year, how many were there in the years after?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, by_rows, frame
from dashboard.i18n import Translator
from dashboard.view import View

Cohort = tuple[int, Sequence[int]]
"""The year they came, and how many of them contributed in that year and each one after."""


def cohort_map(view: View, cohorts: Sequence[Cohort]) -> Drawing:
    """Draw the share that was still there, a row for each year of arrival."""
    _, translator = view.translator.text, view.translator
    longest = max(len(people) for _year, people in cohorts)
    said = cohort_words(cohorts, translator)
    headers = [_("Came in"), _("People"), *(_("after {n} y", n=n) for n in range(1, longest))]
    table = [
        [str(year), people[0], *(people[n] if n < len(people) else "–" for n in range(1, longest))]
        for year, people in cohorts
    ]
    about = _("The year in progress is not over: its last column will still grow.")
    return Drawing(
        _chart(view, cohorts),
        said,
        Numbers(headers, table, (sum(people[0] for _year, people in cohorts), "people")),
        about=about,
        metric="contributor_retention",
    )


def cohort_words(cohorts: Sequence[Cohort], translator: Translator) -> str:
    """Say how many came in all, and how many were there the year after."""
    followed = [people for _year, people in cohorts if len(people) > 1]
    came = sum(people[0] for _year, people in cohorts)
    head = translator.plural(
        "{n} person came since {year}.", "{n} people came since {year}.", came, year=cohorts[0][0]
    )
    if not followed:
        return head
    stayed = sum(people[1] for people in followed) / sum(people[0] for people in followed)
    return f"{head} " + translator.text(
        "Of those who came in a year, {share} were there in the next.",
        share=translator.percent(stayed),
    )


def _chart(view: View, cohorts: Sequence[Cohort]) -> Any:
    _, colours = view.translator.text, view.palette
    rows = [
        (str(year), n, people[n] / people[0])
        for year, people in cohorts
        for n in range(len(people))
    ]
    data = frame(
        year=[row[0] for row in rows],
        after=[row[1] for row in rows],
        share=[round(row[2], 3) for row in rows],
        said=[view.translator.percent(row[2]) for row in rows],
    )
    base = alt.Chart(data).encode(
        x=alt.X(
            "after:O", title=_("years after they came"), axis=alt.Axis(labelAngle=0, domain=False)
        ),
        y=alt.Y("year:O", title=_("came in"), axis=alt.Axis(domain=False, ticks=False)),
    )
    cells = base.mark_rect(color=colours.primary, stroke=colours.background, strokeWidth=2).encode(
        opacity=alt.Opacity(
            "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 0.4]), legend=None
        )
    )
    said = base.mark_text(color=colours.text).encode(text=alt.Text("said:N"))
    return by_rows(cells + said, 30, len(cohorts))
