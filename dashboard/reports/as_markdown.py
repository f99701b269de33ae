"""How is a report written as text, for a wiki or a repository? CommonMark with tables (GFM)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dashboard.charts import Drawing
from dashboard.components.html import SAFE_LINK, plain
from dashboard.data import StatusPoint
from dashboard.i18n import Translator
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Heading,
    History,
    Items,
    Link,
    Paragraph,
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

LONGEST_TABLE = 13
"""So many rows of a chart are written: a year of months and the same month a year before."""
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
BEGINS = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
"""What at the beginning of a line would be a list, a rule or a heading."""


def as_markdown(given: Document) -> str:
    """Write a report as Markdown."""
    parts = [f"# {escaped(given.title)}", f"{escaped(given.subtitle)}  \n" + _facts(given)]
    if given.warning:
        parts.append(f"> {escaped(given.warning)}")
    for section in given.sections:
        parts.append(f"## {escaped(section.title)}")
        parts += [_block(block, given.translator) for block in section.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(given: Document) -> str:
    return " · ".join(escaped(fact) for fact in given.facts)


def _block(block: Block, translator: Translator) -> str:
    match block:
        case Paragraph():
            made = _begun(_words(block.words))
            made = f"> {made}" if block.style == "note" else made
        case Heading():
            made = f"### {escaped(block.words)}"
        case Items():
            made = "\n".join(f"- {_words(each)}" for each in block.entries)
        case Tasks():
            made = "\n".join(map(_task, block.entries))
        case Table():
            made = _table(block)
        case History():
            made = _history(block, translator)
        case Drawing():
            made = _drawing(block, translator)
    return made


def _task(one: Task) -> str:
    head = f"**{escaped(one.kind)}**"
    if one.whom:
        head += f" ({escaped(one.whom)})"
    lines = [f"{head}: {_words(one.what)}", *map(_words, one.more)]
    return "- " + "\\\n  ".join(lines)


def _table(block: Table) -> str:
    marks = ["---:" if at in block.numeric else "---" for at in range(len(block.headers))]
    lines = [_row([escaped(text) for text in block.headers]), _row(marks)]
    for group in block.groups:
        if group.head:
            lines.append(_row([f"**{_bare(group.head)}**", *[""] * (len(block.headers) - 1)]))
        lines += [_row([_words(cell) for cell in row]) for row in group.rows]
    return "\n".join(lines)


def _bare(given: Words) -> str:
    """Write words that are all set in bold."""
    return "".join(escaped(each.words) if isinstance(each, Strong) else _word(each)
                   for each in listed(given))  # fmt: skip


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _history(block: History, translator: Translator) -> str:
    """List the statuses with their first months: what the strip draws month by month."""
    _ = translator.text
    turns = list(_turns(block.points))
    if not turns:
        return escaped(_("There is no history yet."))
    lines = [_row([_("Since"), _("Status")]), _row(["---", "---"])]
    for point in reversed(turns):
        since = escaped(translator.day(point.as_of))
        lines.append(_row([since, _words(status(point.status, translator))]))
    return "\n".join(lines)


def _turns(points: Sequence[StatusPoint]) -> Iterator[StatusPoint]:
    """Give the points at which the status became another."""
    before = ""
    for point in points:
        if point.status != before:
            yield point
        before = point.status


def _drawing(block: Drawing, translator: Translator) -> str:
    """Say a chart, and give its newest numbers."""
    numbers = block.numbers
    said = _begun(escaped(block.said))
    if block.about:
        said += f"\n\n*{escaped(block.about)}*"
    rows = list(numbers.rows)[:LONGEST_TABLE]
    heads = [escaped(str(text)) for text in numbers.headers]
    columns = figures(numbers)
    marks = ["---:" if at in columns else "---" for at in range(len(heads))]
    lines = [_row(heads), _row(marks)] if rows else []
    lines += [_row([escaped(str(cell)) for cell in row]) for row in rows]
    left = len(numbers.rows) - len(rows)
    more = translator.plural("and {n} more row", "and {n} more rows", left) if left > 0 else ""
    return "\n\n".join(filter(None, (said, "\n".join(lines), escaped(more))))


# ---------------------------------------------------------------- words


def _words(given: Words) -> str:
    return "".join(map(_word, listed(given))).strip()


def _word(given: Word) -> str:
    match given:
        case Sign():
            return escaped(given.word)
        case Link():
            return _link(given)
        case Strong():
            return f"**{escaped(given.words)}**" if given.words else ""
        case Aside():
            return f"*{escaped(given.words)}*" if given.words else ""
    return escaped(given, inside=True)


def _link(given: Link) -> str:
    if not SAFE_LINK.match(given.href):
        return escaped(given.words)
    address = given.href.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"[{escaped(given.words)}](<{address}>)"


def escaped(text: str, *, inside: bool = False) -> str:
    """Write text so that nothing in it is markup. ``inside``: spaces at its ends stay."""
    said = plain(text, 4000)
    if inside:
        said = " " * text.startswith(" ") + said + " " * (text.endswith(" ") and bool(said))
    return SPECIAL.sub(r"\\\1", said)


def _begun(line: str) -> str:
    return BEGINS.sub(r"\1\\\2", line)
