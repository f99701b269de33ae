"""How many projects answer each of the five questions well, quarter by quarter?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from collector.model import Instant
from dashboard import words
from dashboard.charts import Drawing, Numbers, frame
from dashboard.charts.dates import across, iso
from dashboard.charts.history import DASHES, when
from dashboard.components.compare import date_back
from dashboard.data import ProjectRow
from dashboard.i18n import Translator
from dashboard.view import View

Answers = Mapping[tuple[Instant, str], Mapping[str, int]]
DECIDED = ("met", "at risk", "not met")


QUARTERS = 13


def quarters(
    view: View, ospo: str, rows: Sequence[ProjectRow], today: Instant
) -> tuple[tuple[Instant, ...], Answers]:
    """Give the dates of three years, quarter by quarter and last today, and the answers then."""
    before = tuple(date_back(today, 3 * back) for back in range(QUARTERS - 1, 0, -1))
    answers = dict(view.source.answers_at(ospo, before, tuple(words.QUESTIONS)))
    counted = view.source.kept("answers of today", (ospo,), lambda: _answers(rows))
    answers |= {(today, key): given for key, given in counted.items()}
    return (*before, today), answers


def _answers(rows: Sequence[ProjectRow]) -> Mapping[str, Mapping[str, int]]:
    """Count the projects by their answer to each question."""
    counted: dict[str, Counter[str]] = {key: Counter() for key in words.QUESTIONS}
    for row in rows:
        told = row.summary.get("questions")
        if isinstance(told, dict):
            for key, met in counted.items():
                met[str(told.get(key) or "unknown")] += 1
    return counted


def share(counts: Mapping[str, int]) -> float | None:
    """Give the share answered with yes, of the projects of which it is decided."""
    decided = sum(counts.get(key, 0) for key in DECIDED)
    return counts.get("met", 0) / decided if decided else None


def question_lines(view: View, dates: Sequence[Instant], answers: Answers) -> Drawing | None:
    """Draw a line for each question; None where there is no past."""
    _, translator = view.translator.text, view.translator
    told = {key: [share(answers.get((date, key), {})) for date in dates] for key in words.QUESTIONS}
    told = {key: shares for key, shares in told.items() if sum(s is not None for s in shares) > 1}
    if not told:
        return None
    said = question_words(told, translator)
    headers = [_("Month"), *(_(words.QUESTIONS[key]) for key in told)]
    table = [
        [
            when(date, translator),
            *("–" if s[at] is None else translator.percent(s[at] or 0) for s in told.values()),
        ]
        for at, date in reversed(list(enumerate(dates)))
    ]
    about = _("The share of projects whose answer is yes, of those where it could be decided.")
    newest = max(sum(answers.get((dates[-1], key), {}).values()) for key in words.QUESTIONS)
    numbers = Numbers(headers, table, (newest, "projects"))
    return Drawing(_chart(view, dates, told), said, numbers, about=about)


def question_words(told: Mapping[str, Sequence[float | None]], translator: Translator) -> str:
    """Say each question's newest share, and that of a year before."""
    parts = []
    for key, shares in told.items():
        known = [(at, value) for at, value in enumerate(shares) if value is not None]
        newest, before = (
            known[-1][1],
            next((value for at, value in reversed(known) if at <= known[-1][0] - 4), known[0][1]),
        )
        parts.append(
            translator.text(
                "{question} Yes for {now}, a year before for {before}.",
                question=translator.text(words.QUESTIONS[key]),
                now=translator.percent(newest),
                before=translator.percent(before),
            )
        )
    return " ".join(parts)


def _chart(view: View, dates: Sequence[Instant], told: Mapping[str, Sequence[float | None]]) -> Any:
    _, colours = view.translator.text, view.palette
    names = {key: _(words.QUESTIONS[key]) for key in told}
    rows = [
        (iso(date), names[key], value)
        for key, shares in told.items()
        for date, value in zip(dates, shares, strict=True)
        if value is not None
    ]
    data = frame(
        at=[row[0] for row in rows],
        question=[row[1] for row in rows],
        share=[round(row[2], 3) for row in rows],
    )
    order, legend = list(names.values()), alt.Legend(title=None, symbolType="stroke")
    count = len(order)
    colour = alt.Scale(domain=order, range=list(colours.categories[:count]))
    dash = alt.Scale(domain=order, range=list(DASHES[:count]))
    return (
        alt.Chart(data, height=260)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=across("at"),
            y=alt.Y(
                "share:Q",
                title=None,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=5),
            ),
            color=alt.Color("question:N", scale=colour, legend=legend),
            strokeDash=alt.StrokeDash("question:N", scale=dash, legend=legend),
            tooltip=[
                alt.Tooltip("question:N", title=None),
                alt.Tooltip("share:Q", format=".0%", title=None),
            ],
        )
    )
