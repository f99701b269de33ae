"""How old is what is still open?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.charts import Drawing, Numbers, by_rows, frame
from dashboard.i18n import N_, Translator
from dashboard.theme import shades
from dashboard.view import View

CLASSES = (
    N_("up to a month"),
    N_("one to three months"),
    N_("three months to a year"),
    N_("more than a year"),
)
KINDS = {"issues": N_("issues"), "change_requests": N_("proposed changes")}
Ages = Mapping[str, Sequence[int]]


def age_bars(view: View, ages: Ages) -> Drawing:
    """Draw a bar for each kind, its parts by age."""
    _, translator = view.translator.text, view.translator
    said = age_words(ages, translator)
    headers = [_("Still open"), *(_(word) for word in CLASSES)]
    table = [
        [_(KINDS[kind]), *(translator.number(count, 0) for count in counts)]
        for kind, counts in ages.items()
    ]
    about = _("What people opened and is still open, by how long it has been open.")
    numbers = Numbers(headers, table, (sum(map(sum, ages.values())), "items"))
    return Drawing(_chart(view, ages), said, numbers, about=about, metric="open_issue_age")


def age_words(ages: Ages, translator: Translator) -> str:
    """Say how many are open, and how many of them for more than a year."""
    ngettext = translator.plural
    parts = []
    for kind, counts in ages.items():
        total = sum(counts)
        if kind == "issues":
            parts.append(ngettext("{n} issue is open.", "{n} issues are open.", total))
        else:
            parts.append(
                ngettext("{n} proposed change is open.", "{n} proposed changes are open.", total)
            )
        if counts[-1]:
            parts.append(
                ngettext(
                    "{n} of them has been open for more than a year.",
                    "{n} of them have been open for more than a year.",
                    counts[-1],
                )
            )
    return " ".join(parts)


def _chart(view: View, ages: Ages) -> Any:
    _, colours = view.translator.text, view.palette
    rows = [
        (kind, place, count)
        for kind, counts in ages.items()
        for place, count in enumerate(counts)
        if count
    ]
    data = frame(
        kind=[_(KINDS[kind]) for kind, _place, _count in rows],
        age=[_(CLASSES[place]) for _kind, place, _count in rows],
        order=[place for _kind, place, _count in rows],
        count=[count for _kind, _place, count in rows],
    )
    names = [_(word) for word in CLASSES]
    base = alt.Chart(data)
    legend = alt.Legend(title=None)
    bars = base.mark_bar(stroke=colours.background, strokeWidth=1).encode(
        x=alt.X("count:Q", title=None, axis=alt.Axis(tickMinStep=1, grid=True, tickCount=6)),
        y=alt.Y(
            "kind:N",
            title=None,
            sort=[_(KINDS[kind]) for kind in ages],
            axis=alt.Axis(domain=False, ticks=False),
        ),
        color=alt.Color(
            "age:N", scale=alt.Scale(domain=names, range=shades(colours)), sort=names, legend=legend
        ),
        order=alt.Order("order:Q"),
        tooltip=[alt.Tooltip(f"{name}:N", title=None) for name in ("kind", "age", "count")],
    )
    return by_rows(bars, 44, sum(map(any, ages.values())))
