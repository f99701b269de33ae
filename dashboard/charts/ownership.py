"""How is the work spread over people? The more people it takes to half of it, the safer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, frame
from dashboard.i18n import Translator
from dashboard.view import View


def ownership_curve(view: View, amounts: Sequence[float], total: float, persons: int) -> Drawing:
    """Draw which share of the year's work so many people did, and the line of one half."""
    _, translator = view.translator.text, view.translator
    shares = cumulated(amounts, total)
    said = ownership_words(shares, persons, translator)
    headers = [_("So many people"), _("did so much of the work")]
    table = [
        [translator.number(count, 0), translator.percent(share)]
        for count, share in enumerate(shares)
        if count
    ]
    about = _("Credits for commits in a year, the busiest first. Nobody is named.")
    chart = _chart(view, shares)
    return Drawing(
        chart,
        said,
        Numbers(headers, table, (persons, "people")),
        about=about,
        metric="contributor_absence_factor",
    )


def cumulated(amounts: Sequence[float], total: float) -> list[float]:
    """Give the share that none, one, two … people hold."""
    shares, held = [0.0], 0.0
    for amount in amounts:
        held += amount
        shares.append(held / total if total else 0.0)
    return shares


def half(shares: Sequence[float]) -> int:
    """Count the people who do half of the work."""
    return next((count for count, share in enumerate(shares) if share >= 0.5), len(shares) - 1)


def ownership_words(shares: Sequence[float], persons: int, translator: Translator) -> str:
    """Say how many people do half of the work, and how much the busiest does."""
    head = translator.plural(
        "{n} person wrote it in the last year.", "{n} people wrote it in the last year.", persons
    )
    said = translator.plural(
        "{n} of them does half of the work or more; the busiest does {share}.",
        "{n} of them do half of the work; the busiest does {share}.",
        half(shares),
        share=translator.percent(shares[1] if len(shares) > 1 else 0),
    )
    return f"{head} {said}"


def _chart(view: View, shares: Sequence[float]) -> Any:
    _, colours = view.translator.text, view.palette
    data = frame(people=list(range(len(shares))), share=[round(share, 4) for share in shares])
    across = alt.X(
        "people:Q",
        title=_("people, the busiest first"),
        axis=alt.Axis(tickMinStep=1, tickCount=8, grid=False, format="d"),
    )
    up = alt.Y(
        "share:Q",
        title=_("share of the work"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    base = alt.Chart(data, height=260)
    area = base.mark_area(color=colours.primary, opacity=0.12).encode(x=across, y=up)
    line = base.mark_line(
        color=colours.primary, point=alt.OverlayMarkDef(size=45, color=colours.primary)
    ).encode(
        x=across, y=up, tooltip=[alt.Tooltip("people:Q"), alt.Tooltip("share:Q", format=".0%")]
    )
    at = half(shares)
    middle = alt.Chart(frame(share=[0.5], said=[_("half of the work")]))
    rule = middle.mark_rule(color=colours.text, strokeDash=[5, 4]).encode(y=alt.Y("share:Q"))
    label = middle.mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, color=colours.text
    ).encode(y=alt.Y("share:Q"), x=alt.value(0), text=alt.Text("said:N"))
    cross = (
        alt.Chart(frame(people=[at], share=[shares[at]]))
        .mark_point(
            shape="diamond", filled=True, size=170, color=colours.statuses["abandoned"], opacity=1
        )
        .encode(x=alt.X("people:Q"), y=alt.Y("share:Q"))
    )
    return area + line + rule + label + cross
