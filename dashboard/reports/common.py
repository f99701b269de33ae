"""What do the reports of an OSPO and of a project have in common?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collector.attention import Group
from collector.model import Instant
from dashboard import entries
from dashboard.agreed import Ending, about, decided, goal_words, left, reached
from dashboard.components.html import plain
from dashboard.data import ProjectRow, RepositoryRow, ValueRow
from dashboard.declared import Decision, Goal, days_left
from dashboard.entries import Draft, Entry
from dashboard.i18n import N_
from dashboard.reports import document
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Items,
    Link,
    Paragraph,
    Section,
    Strong,
    Table,
    Task,
    Tasks,
    Word,
    Words,
)
from dashboard.reports.period import Period
from dashboard.view import View, collected_words, demonstration
from dashboard.words import READ_STATES, REPOSITORY, STATUS

NAME = 120
LONG = 400
LINKS = 3
LISTED = 25
"""So many projects, agreements or repositories stand in a table of the main part."""
AGREED = {"contracts": N_("contract"), "funding": N_("money")}


def title_of_month(view: View, chosen: Period) -> str:
    """Name the month; of one that is not over say how far it goes."""
    translator = view.translator
    name = translator.month_in_full(chosen.month)
    if chosen.over:
        return name
    return translator.text(
        "{month}, not over: up to {day}", month=name, day=translator.day(chosen.at)
    )


def report(
    view: View,
    name: str,
    what: str,
    chosen: Period,
    repositories: Sequence[RepositoryRow],
    made: tuple[Section, ...],
) -> Document:
    """Put a report's parts below its head; ``what``: what it is a report on."""
    return Document(
        plain(name, NAME),
        what,
        (title_of_month(view, chosen), *facts(view, chosen, repositories)),
        made,
        view.translator,
        demonstration(view),
    )


def facts(view: View, chosen: Period, repositories: Sequence[RepositoryRow]) -> tuple[str, ...]:
    """Say of which date the figures are, how complete they are, and when this was made."""
    translator = view.translator
    _ = translator.text
    made = _("Made on {day}", day=translator.day(view.now))
    told = [_("Data as of {day}", day=translator.day(chosen.at))] if chosen.over else []
    if repositories and not chosen.past:
        read = sum(one.state in READ_STATES for one in repositories)
        told.append(collected_words(read, len(repositories), translator))
    return (*told, made)


def name_of(view: View, row: ProjectRow) -> Word:
    """Name a project; where the dashboard has an address, lead to its page."""
    return to(view, plain(row.name, NAME), view.project(row.key))


def to(view: View, said: str, path: str) -> Word:
    """Lead to a page of the dashboard, where it has an address."""
    if not view.settings.url or not said:
        return said
    return Link(said, f"{view.settings.url.rstrip('/')}/{path.removeprefix('./')}")


def capital(said: str) -> str:
    """Write words that stand at the beginning of a line or of a cell."""
    return said[:1].upper() + said[1:]


def sentence(said: str) -> str:
    """Write a reason as a sentence of its own."""
    return f"{capital(said).rstrip('.')}." if said else ""


def more(view: View, count: int) -> list[Block]:
    """Say how many are not listed."""
    if count <= 0:
        return []
    return [Paragraph(view.translator.plural("and {n} more", "and {n} more", count), "muted")]


def no_longer_dated(view: View, chosen: Period) -> Paragraph | None:
    """Say, of a past month, what is as it is declared today."""
    if not chosen.past:
        return None
    said = view.translator.text(
        "Contracts, money, goals and decisions are as declared on {day}; those that began later "
        "than the report are left out.",
        day=view.translator.day(view.now),
    )
    return Paragraph(said, "muted")


# ---------------------------------------------------------------- what to do


def tasks(view: View, groups: Sequence[Group[Draft]], *, named: bool = True) -> Tasks | None:
    """List what is to be done, each advice once. ``named``: say of which project."""
    advised: set[str] = set()
    made = tuple(_task(view, group, advised, named=named) for group in groups)
    return Tasks(made) if made else None


def _task(view: View, group: Group[Draft], advised: set[str], *, named: bool) -> Task:
    _ = view.translator.text
    found = [draft.written() for draft in group.entries]
    roles = dict.fromkeys(entry.role for entry in found if entry.role)
    whom = _("For: {role}", role=", ".join(_(role) for role in roles)) if roles else ""
    first = found[0]
    more: list[Words] = []
    what = _titled(view, first, named=named)
    for entry in found:
        if entry is not first:
            more.append((Strong(plain(entry.what, LONG)), *_since(view, entry)))
        more += _explained(view, entry, advise=entry.helps not in advised)
        advised.add(entry.helps)
    return Task(_(entries.KINDS[group.first.kind]), whom, what, tuple(more))


def _titled(view: View, entry: Entry, *, named: bool) -> Words:
    said = Strong(plain(entry.what, LONG))
    if not named or not entry.name:
        return (said, *_since(view, entry))
    name = plain(entry.name, NAME)
    where: Word = to(view, name, view.project(entry.project)) if entry.project else name
    return (where, " — ", said, *_since(view, entry))


def _since(view: View, entry: Entry) -> tuple[Word, ...]:
    if not entry.since:
        return ()
    return (" ", Aside(view.translator.text("since {day}", day=view.translator.day(entry.since))))


def _explained(view: View, entry: Entry, *, advise: bool) -> Iterator[Words]:
    if entry.why:
        yield plain(entry.why, LONG)
    if entry.helps and advise:
        yield Aside(plain(entry.helps, LONG))
    if entry.links:
        told: list[Word] = [view.translator.text("Look at"), " "]
        for at, address in enumerate(entry.links[:LINKS]):
            told += [", "] * bool(at)
            told.append(Link(plain(address.removeprefix("https://"), 70), address))
        yield tuple(told)


# ---------------------------------------------------------------- what was agreed


def _today(view: View) -> Instant:
    """Give the date of the figures."""
    return view.past or view.source.newest() or view.now


def goal_table(
    view: View, found: Sequence[tuple[ProjectRow, Goal, ValueRow | None]], *, named: bool
) -> Table | None:
    """List goals with where they stand."""
    _, translator = view.translator.text, view.translator
    if not found:
        return None
    headers = [_("Goal"), _("Now"), _("Due"), _("Agreed with")]
    today = _today(view)
    rows: list[list[Words]] = []
    for row, goal, value in found:
        told: list[Words] = [
            capital(goal_words(goal, translator)),
            document.result(*reached(goal, value, today, translator)),
            translator.day(goal.by),
            plain(goal.agreed_with, 60) or "–",
        ]
        rows.append([name_of(view, row), *told] if named else told)
    return document.table(_("Goals"), [_("Project"), *headers] if named else headers, rows)


def decision_table(
    view: View, caption: str, found: Sequence[tuple[ProjectRow, Decision]], *, named: bool
) -> Table | None:
    """List decisions: when, what, about what, when to look at it again."""
    _, translator = view.translator.text, view.translator
    if not found:
        return None
    headers = [_("Decided"), _("What"), _("About what"), _("To look at again"), _("In words")]
    rows: list[list[Words]] = []
    for row, one in found:
        told: list[Words] = [
            translator.day(one.at),
            decided(one, translator),
            capital(about(one, translator)),
            _review(view, one),
            plain(one.text, 200) or "–",
        ]
        rows.append([name_of(view, row), *told] if named else told)
    return document.table(caption, [_("Project"), *headers] if named else headers, rows)


def _review(view: View, one: Decision) -> Words:
    """Say when it is looked at again, by shape and word where that is over."""
    if one.review_on is None:
        return "–"
    day = view.translator.day(one.review_on)
    today = _today(view)
    if one.review_on >= today:
        return day
    return document.result("not met", view.translator.text("{day}, overdue", day=day))


def ending_table(view: View, found: Sequence[Ending]) -> Table | None:
    """List what ends soon: of which project, what, with whom, when."""
    _, translator = view.translator.text, view.translator
    if not found:
        return None
    today = _today(view)
    headers = [_("Project"), _("What ends"), _("With whom"), _("Until"), _("Left")]
    rows: list[list[Words]] = []
    for one in found:
        said = left(days_left(one.until, today), translator)
        rows.append(
            [
                name_of(view, one.row),
                _(AGREED[one.key]),
                plain(view.names.get(one.agreed.party, one.agreed.party), 60) or "–",
                translator.day(one.until),
                document.result(*said) if said else "–",
            ]
        )
    return document.table(_("What ends within a year"), headers, rows)


# ---------------------------------------------------------------- what is missing


def complete(view: View, repositories: Sequence[RepositoryRow], chosen: Period) -> Iterator[Block]:
    """Say what could not be read, and why: those figures are missing, not zero."""
    _, translator = view.translator.text, view.translator
    if chosen.past:
        said = _("Which repositories could not be read then is not kept.")
        yield Paragraph(said, "muted")
        return
    failed = [one for one in repositories if one.state not in READ_STATES]
    if not failed:
        yield Paragraph(_("Every repository was read."))
        return
    yield Paragraph(
        translator.plural(
            "{n} repository could not be read; what it holds is missing in the figures.",
            "{n} repositories could not be read; what they hold is missing in the figures.",
            len(failed),
        )
    )
    headers = [_("Repository"), _("State"), _("Last read"), _("What happened")]
    lines: list[list[Words]] = [
        [
            Strong(plain(one.url.removeprefix("https://"), 80)),
            document.result("not met", _(REPOSITORY.get(one.state, one.state))),
            translator.day(one.last_success) if one.last_success else _("never"),
            plain(translator.told(one.error), LONG) if one.error else "–",
        ]
        for one in failed[:LISTED]
    ]
    yield document.table(_("Repositories that could not be read"), headers, lines)
    yield from more(view, len(failed) - LISTED)


# ---------------------------------------------------------------- how to read it


def reading(view: View) -> tuple[Block, ...]:
    """Say what the words mean, where the figures come from and where their definitions stand."""
    _ = view.translator.text
    meanings: list[list[Words]] = [
        [document.status(key, view.translator), _(STATUS[key].meaning)] for key in STATUS
    ]
    said = [
        _(
            "High risk: an essential check on survival or safety is not met. Good practice: how "
            "many of the essential checks that could be decided are met."
        ),
        _(
            "“No data” is no zero: what could not be read is told as such and counts for nothing. "
            "Typical values are medians, shares have the number of their cases beside them."
        ),
        _(
            "Every figure has a published definition, most of them by CHAOSS. The dashboard shows "
            "the definition and the records behind each figure, on any past date too."
        ),
    ]
    items: list[Words] = list(said)
    if view.settings.url:
        items.append(to(view, _("Definitions of all figures"), "method"))
    meant = document.table(_("What the statuses mean"), [_("Status"), _("Meaning")], meanings)
    return (meant, Items(tuple(items)))
