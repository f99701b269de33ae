"""How is a report shown in a browser, and printed? One file: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from dashboard import words
from dashboard.charts import Drawing
from dashboard.charts.svg import recoloured, svg
from dashboard.components.html import Html, bold_numbers, items, join, link, safe, tag
from dashboard.components.strip import monthly
from dashboard.i18n import Translator
from dashboard.reports.badge import DRAWN
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Heading,
    History,
    Items,
    Link,
    Paragraph,
    Rows,
    Section,
    Sign,
    Strong,
    Table,
    Task,
    Tasks,
    Word,
    Words,
    figures,
    listed,
    status,
)
from dashboard.theme import ASSETS, DARK, LIGHT, Palette, mixed

NAME = "OSPO Vitals"
PER_CENT = re.compile(r"(?<=\d) (?=%)")
"""Where no line may break."""
ENDLESS = re.compile(r"[^\s/?&-]{24}(?=[^\s/?&-]{6})")
"""So many letters of a word after which a line may break."""
MOST = 4000
"""So many letters has the longest text."""
SHORT, BRIEF = 14, 18
"""Letters of a sign that is not broken, and of words that fill a cell."""
SMALL, LONG = 8, 40
"""So many rows stand on one sheet of paper; of so many each is set closer to the next."""
TINT = 0.2
"""How strong a status colours the ground of its cell."""


def as_html(given: Document) -> str:
    """Write a report as one page of HTML."""
    parts = [
        Html('<meta charset="utf-8">'),
        _meta("viewport", "width=device-width, initial-scale=1"),
        tag("title", f"{given.title}: {given.subtitle}, {given.facts[0]}"),
        _meta("generator", NAME),
        _meta("color-scheme", "light dark"),
        Html(f"<style>{style()}</style>"),
    ]
    titles = [one.title for one in given.sections]
    body = [
        _head(given),
        _contents(given.translator, titles),
        tag("main", *(_section(at, one, given) for at, one in enumerate(given.sections))),
        _foot(given),
    ]
    whole = tag("html", tag("head", *parts), tag("body", *body), lang=given.language)
    return f"<!doctype html>\n{whole}\n"


def _meta(name: str, content: str) -> Html:
    return Html(f'<meta name="{name}" content="{content}">')


def _head(given: Document) -> Html:
    return tag(
        "header",
        tag("p", NAME, cls="brand"),
        tag("h1", given.title),
        tag("p", given.subtitle, cls="subtitle"),
        items(*given.facts, cls="facts"),
        tag("p", given.warning, cls="note", role="note") if given.warning else "",
    )


def _contents(translator: Translator, titles: Sequence[str]) -> Html:
    entries = [tag("li", link(title, f"#s{at}")) for at, title in enumerate(titles)]
    return tag("nav", tag("ol", *entries), aria_label=translator.text("Contents"))


def _section(at: int, one: Section, given: Document) -> Html:
    blocks = (_block(block, given.translator) for block in one.blocks)
    return tag("section", tag("h2", one.title), *blocks, id=f"s{at}")


def _foot(given: Document) -> Html:
    said = given.translator.text(
        "Made by OSPO Vitals from the same figures as its dashboard. The metrics are those of "
        "CHAOSS, where it has them."
    )
    return tag("footer", tag("p", said))


# ---------------------------------------------------------------- blocks


def _block(block: Block, translator: Translator) -> Html:
    made: Html
    match block:
        case Paragraph():
            made = _paragraph(block)
        case Heading():
            made = tag("h3", block.words)
        case Items():
            made = items(*map(_words, block.entries), cls="plain")
        case Tasks():
            made = tag("ul", *map(_task, block.entries), cls="tasks")
        case Table():
            made = _table(block)
        case History():
            made = _history(block, translator)
        case Drawing():
            made = _drawing(block, translator)
    return made


def _paragraph(block: Paragraph) -> Html:
    lead = block.style == "lead" and isinstance(block.words, str)
    said = bold_numbers(str(block.words)) if lead else _words(block.words)
    return tag("p", said, cls=block.style or None)


def _task(one: Task) -> Html:
    whom = tag("div", one.whom, cls="whom") if one.whom else ""
    kind = tag("div", tag("span", one.kind, cls="kind"), whom)
    told = tag("div", *(tag("p", _words(each)) for each in (one.what, *one.more)))
    return tag("li", kind, told, cls="long" if len(one.more) >= SMALL else None)


def _table(block: Table, *, stacked: bool = True) -> Html:
    """Make a table; ``stacked``: on a narrow screen each row becomes a card (``report.css``).

    What it is made of is said by roles too: a card no longer looks like a row to a browser.
    """
    facts = not any(block.headers)
    heads = [
        tag("th", text, scope="col", cls=_number(at, block.numeric), role="columnheader")
        if text
        else tag("td", role="cell")
        for at, text in enumerate(block.headers)
    ]
    head = "" if facts else tag("thead", tag("tr", *heads, role="row"), role="rowgroup")
    bodies = (_rows(rows, block.headers, block.numeric) for rows in block.groups)
    count = sum(len(rows.rows) for rows in block.groups)
    sized = "small" if count <= SMALL else "long" if count >= LONG else ""
    given = ("stack" if stacked else "", sized, "facts" if facts else "")
    cls = " ".join(filter(None, given)) or None
    caption = tag("caption", block.caption)
    return _scrolled(block.caption, tag("table", caption, head, *bodies, cls=cls, role="table"))


def _number(at: int, numeric: Sequence[int]) -> str | None:
    return "num" if at in numeric else None


def _brief(cell: Words) -> str | None:
    return "brief" if isinstance(cell, str) and len(cell) <= BRIEF else None


def _scrolled(caption: str, table: Html) -> Html:
    return tag("div", table, cls="scroll", role="region", aria_label=caption, tabindex="0")


def _rows(given: Rows, headers: Sequence[str], numeric: Sequence[int]) -> Html:
    made = []
    if given.head:
        spans = {"colspan": len(headers), "scope": "rowgroup", "role": "rowheader"}
        made.append(tag("tr", tag("th", _words(given.head), **spans), cls="group", role="row"))
    for row in given.rows:
        first = tag("th", _words(row[0]), scope="row", role="rowheader")
        cells = (
            tag(
                "td",
                _words(cell),
                cls=_number(at, numeric) or _brief(cell),
                data_label=headers[at] or None,
                role="cell",
            )
            for at, cell in enumerate(row[1:], 1)
        )
        made.append(tag("tr", first, *cells, role="row"))
    return tag("tbody", *made, role="rowgroup")


def _history(block: History, translator: Translator) -> Html:
    cells = monthly(block.points, block.today)
    if not cells:
        return tag("p", translator.text("There is no history yet."), cls="muted")
    caption = translator.text("Status month by month")
    years = range(max(cells)[0], min(cells)[0] - 1, -1)
    letters = [tag("th", translator.month_letter(month), scope="col") for month in range(1, 13)]
    rows = [
        tag(
            "tr",
            tag("th", str(year), scope="row"),
            *(_month(cells.get((year, month)), translator) for month in range(1, 13)),
        )
        for year in years
    ]
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", tag("td"), *letters)),
        tag("tbody", *rows),
        cls="strip",
    )
    present = [key for key in words.ORDER if key in cells.values()]
    legend = items(*(_words(status(key, translator)) for key in present), cls="legend")
    return join(_scrolled(caption, table), legend)


def _month(key: str | None, translator: Translator) -> Html:
    if key is None:
        return tag("td")
    sign = status(key, translator)
    return tag(
        "td", _shape(sign), tag("span", sign.word, cls="unseen"), cls=f"ground-{sign.colour}"
    )


def _drawing(block: Drawing, translator: Translator) -> Html:
    drawn = svg(block, LIGHT, translator.language)
    light, dark = _data(drawn), _data(recoloured(drawn, LIGHT, DARK))
    media = "screen and (prefers-color-scheme: dark)"
    picture = Html(
        f'<picture><source media="{media}" srcset="{dark}">{_img(light, block.said)}</picture>'
    )
    numbers = block.numbers
    rows = Rows(tuple(tuple(str(cell) for cell in row) for row in numbers.rows))
    listed_ = Table(block.said, tuple(map(str, numbers.headers)), (rows,), figures(numbers))
    caption = [tag("p", block.said, aria_hidden="true")]
    if block.about:
        caption.append(tag("p", block.about, cls="aside"))
    summary = tag("summary", translator.text("Show as table"))
    told = tag("details", summary, _table(listed_, stacked=False)) if numbers.rows else ""
    return tag("figure", picture, tag("figcaption", *caption), told)


# ---------------------------------------------------------------- words


def _words(given: Words) -> Html:
    return join(*map(_word, listed(given)))


def _word(given: Word) -> Html:
    match given:
        case Sign():
            cls = "sign long" if len(given.word) > SHORT else "sign"
            return tag("span", _shape(given), _flowing(given.word), cls=cls)
        case Link():
            return link(given.words, given.href)
        case Strong():
            return tag("b", _flowing(given.words))
        case Aside():
            return tag("span", _flowing(given.words), cls="aside")
    return _flowing(given)


def _flowing(text: str) -> Html:
    """Let lines break within words that are wider than a column, and before no per cent sign."""
    pieces = ENDLESS.sub("\\g<0>\0", PER_CENT.sub("\u00a0", text[:MOST])).split("\0")
    return Html("<wbr>".join(map(safe, pieces)))


def _shape(sign: Sign) -> Html:
    """Draw a shape in the light colour; the style sheet knows the dark one."""
    colour = LIGHT.statuses.get(sign.colour, LIGHT.muted)
    return Html(
        f'<svg viewBox="-6 -6 12 12" aria-hidden="true" class="of-{sign.colour}">'
        f'<g fill="{colour}" stroke="{colour}" stroke-width="0">{DRAWN[sign.shape]}</g></svg>'
    )


def _img(address: str, said: str) -> Html:
    opened = tag("img", alt=said)  # escapes what is said; an address of this length it would cut
    return Html(f'{opened[:-1]} src="{address}">')


def _data(drawn: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode('ascii')}"


# ---------------------------------------------------------------- style


@cache
def style() -> str:
    """Give the style sheet with the colours of both appearances filled in."""
    css = (ASSETS / "report.css").read_text(encoding="utf-8")
    logo = (ASSETS / "logo.svg").read_text(encoding="utf-8")
    dark = "".join(_colours(DARK))
    return (
        f"{''.join(_colours(LIGHT))}"
        f"@media screen and (prefers-color-scheme:dark){{{dark}{_shapes(DARK)}}}"
        f".brand::before{{background-image:url({_data(logo)})}}{css}"
    )


def _colours(colours: Palette) -> Iterator[str]:
    named: Mapping[str, str] = {
        name: getattr(colours, name)
        for name in ("background", "surface", "text", "muted", "line", "primary")
    } | {"slowing": colours.statuses["slowing"]}
    yield f":root{{{''.join(f'--{name}:{value};' for name, value in named.items())}}}"
    for key, colour in colours.statuses.items():
        yield f".ground-{key}{{background:{mixed(colour, colours.background, TINT)}}}"


def _shapes(colours: Palette) -> str:
    return "".join(
        f".of-{key} g{{fill:{colour};stroke:{colour}}}" for key, colour in colours.statuses.items()
    )
