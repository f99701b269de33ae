"""How do an OSPO's projects stand, and what is to be done? The month's report for its board.

The same questions to the same doors as the pages Portfolio and OSPOs: the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from collector.archetype import archetype
from collector.attention import grouped, shown
from dashboard import agreed, declared, entries, position, words, yardsticks
from dashboard.charts import Drawing, portfolio, questions
from dashboard.components.checks import phrase
from dashboard.components.compare import date_back
from dashboard.components.explain import amount
from dashboard.data import OspoRow, ProjectRow, RepositoryRow, Wanted
from dashboard.declared import Decision
from dashboard.entries import Draft
from dashboard.reports import common, document
from dashboard.reports.common import LISTED, more, name_of
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    Words,
    sections,
)
from dashboard.reports.period import Period
from dashboard.standing import Standing
from dashboard.view import View

MOST = 300
"""So many stand in the appendix: more are a matter for the data, not for paper."""
MOST_TASKS = 100
NEED = ("abandoned", "at_rest", "slowing", "unknown")


def of_ospo(view: View, ospo: OspoRow, chosen: Period) -> Document:
    """Write the report of one OSPO."""
    _ = view.translator.text
    what = _("Report on the health of its open source projects")
    rows = view.source.own(ospo.key)
    found = view.source.standing(ospo.key, chosen.at)
    repositories = _repositories(view, rows)
    if not any(row.as_of for row in rows):
        unmeasured = _unmeasured(view, rows, repositories, chosen)
        return common.report(view, ospo.name, what, chosen, repositories, unmeasured)
    drafts = entries.drafts(view.source, found.changed, ospo.key, view.translator)
    made = sections(
        (_("Where we stand"), _position(view, ospo, chosen, found)),
        (_("What changed since last month"), _changes(view, found)),
        (_("What to do first"), _first(view, rows, drafts)),
        (_("Goals and decisions"), _agreed(view, rows, chosen)),
        (_("What ends within a year"), _ends(view, rows, chosen)),
        (_("Projects that need attention"), _needing(view, rows)),
        (_("The wider picture"), _wider(view, ospo, rows, chosen, found)),
        (_("What a body of this kind looks at first"), _yardsticks(view, ospo, rows)),
        (_("Official checklists"), _checklists(view, ospo, chosen)),
        (_("How complete the figures are"), common.complete(view, repositories, chosen)),
        (_("All projects"), _all(view, ospo, len(rows))),
        (_("What else is to be done"), _further(view, drafts)),
        (_("How to read this report"), common.reading(view)),
    )
    return common.report(view, ospo.name, what, chosen, repositories, made)


def _unmeasured(
    view: View,
    rows: Sequence[ProjectRow],
    repositories: Sequence[RepositoryRow],
    chosen: Period,
) -> tuple[Section, ...]:
    """Say that there is nothing to tell yet, why, and which repositories could not be read."""
    _ = view.translator.text
    said = (
        _("None of its projects could be measured yet.")
        if rows
        else _("There is no live project in this portfolio.")
    )
    return sections(
        (_("Where we stand"), [Paragraph(said, "lead")]),
        (
            _("How complete the figures are"),
            common.complete(view, repositories, chosen) if rows else (),
        ),
    )


def _repositories(view: View, rows: Sequence[ProjectRow]) -> tuple[RepositoryRow, ...]:
    own = {row.id for row in rows}
    return tuple(one for one in view.source.repositories() if one.project_id in own)


def _position(view: View, ospo: OspoRow, chosen: Period, found: Standing) -> list[Block]:
    _, translator = view.translator.text, view.translator
    unsorted = 0 if chosen.past else view.source.shelf(ospo.key).not_sorted
    then = view.source.statuses_at((date_back(chosen.at, 12),), ospo.key)[0]
    stands = replace(found.position, unsorted=unsorted)
    said = [
        position.year_before(then, translator),
        *position.asides(stands, found.changed, translator),
    ]
    counts: list[list[Words]] = [
        [
            document.status(key, translator),
            translator.number(stands.counts[key], 0),
            "–" if not then else translator.number(then.get(key, 0), 0),
        ]
        for key in words.ORDER
        if stands.counts[key] or then.get(key)
    ]
    year = _("In {month}", month=translator.month(date_back(chosen.at, 12)))
    headers = [_("Status"), _("Projects"), year]
    return [
        Paragraph(position.sentence(stands, translator), "lead"),
        Paragraph(" ".join(filter(None, said))),
        document.table(_("Projects by status"), headers, counts, (1, 2)),
    ]


def _changes(view: View, found: Standing) -> list[Block]:
    _, translator = view.translator.text, view.translator
    if not found.changed:
        return [Paragraph(_("No project's status is another than a month ago."))]
    listed: list[Words] = [
        (
            name_of(view, row),
            ": ",
            document.status(change.before, translator),
            " → ",
            document.status(change.after, translator),
            " ",
            Aside(_("since {day}", day=translator.day(change.since))),
        )
        for row, change in found.moved
    ]
    return [Items(tuple(listed)), *more(view, len(found.changed) - len(listed))]


def _praise(view: View, rows: Sequence[ProjectRow]) -> str:
    """Say that nothing waits; of what could not be read nobody knows."""
    _ = view.translator.text
    if any(row.status == "unknown" for row in rows):
        return _("Nothing waits for you in what could be read.")
    return _("Nothing waits for you. That is a good month.")


def _first(view: View, rows: Sequence[ProjectRow], drafts: Sequence[Draft]) -> list[Block | None]:
    first, rest = shown(drafts)
    if not first:
        return [Paragraph(_praise(view, rows))]
    return [common.tasks(view, first), *more(view, rest)]


def _agreed(view: View, rows: Sequence[ProjectRow], chosen: Period) -> list[Block | None]:
    """List goals, decisions of the month and those to look at again."""
    _ = view.translator.text
    wanted = agreed.goals(rows, chosen.at)
    goals = [
        (row, goal, view.source.values(row.id).get(goal.metric)) for row, goal in wanted[:LISTED]
    ]
    taken = agreed.decisions(rows, chosen.at)
    of_month = [each for each in taken if each[1].at >= chosen.month]
    due = [(row, one) for row, one, _due in agreed.to_review(taken, chosen.at)]
    made: list[Block | None] = [
        common.goal_table(view, goals, named=True),
        *more(view, len(wanted) - len(goals)),
        *_decisions(view, _("Decided this month"), of_month),
        *_decisions(view, _("Decisions to look at again"), due),
    ]
    if not any(made):
        helps = _("Goals and decisions stand in the portfolio file, under “goals” and “decisions”.")
        return [Paragraph(f"{_('No goal is agreed and no decision is due.')} {helps}", "muted")]
    return [*made, common.no_longer_dated(view, chosen)]


def _decisions(
    view: View, title: str, found: Sequence[tuple[ProjectRow, Decision]]
) -> list[Block | None]:
    if not found:
        return []
    listed = common.decision_table(view, title, found[:LISTED], named=True)
    return [Heading(title), listed, *more(view, len(found) - LISTED)]


def _ends(view: View, rows: Sequence[ProjectRow], chosen: Period) -> list[Block | None]:
    found = agreed.endings(rows, chosen.at)
    if not found:
        said = view.translator.text("No contract and no source of money that is named ends.")
        return [Paragraph(said, "muted")]
    return [common.ending_table(view, found[:LISTED]), *more(view, len(found) - LISTED)]


# ---------------------------------------------------------------- projects


def _needing(view: View, rows: Sequence[ProjectRow]) -> list[Block | None]:
    """List those without care and those at high risk, the most critical first."""
    _ = view.translator.text
    found = [row for row in rows if row.status in NEED or _fragile(row)]
    if not found:
        return [Paragraph(_("Every project is looked after, and none is at high risk."))]
    found.sort(key=lambda row: (-(row.criticality or 0), row.name))
    table = _project_table(view, _("Projects that need attention"), found[:LISTED])
    return [table, *more(view, len(found) - LISTED)]


def _fragile(row: ProjectRow) -> bool:
    return row.risk == "high" and row.status != "retired"


def _project_table(view: View, caption: str, rows: Sequence[ProjectRow]) -> Table:
    _, translator = view.translator.text, view.translator
    headers = [_("Project"), _("Status"), _("Risk"), _("How bad if it stopped"), _("Why")]
    lines: list[list[Words]] = [
        [
            name_of(view, row),
            document.status(row.status, translator),
            document.risk(row.risk, translator),
            "–" if row.criticality is None else f"{row.criticality} / 10",
            _why(view, row),
        ]
        for row in rows
    ]
    return document.table(caption, headers, lines, (3,))


def _why(view: View, row: ProjectRow) -> str:
    """Say why the status is as it is; where all is well but the risk, why that is high."""
    said = phrase(row.summary.get("reason"), view.translator)
    if row.status in NEED or not _fragile(row):
        return said
    return entries.unanswered(row, view.translator) or said


def _all(view: View, ospo: OspoRow, count: int) -> list[Block]:
    """List every project of ours with the figures of the list of projects."""
    _, translator = view.translator.text, view.translator
    headers = [
        _("Project"), _("Status"), _("Risk"), _("Commits, 12 months"), _("People"),
        _("First answer"), _("Last delivery"),
    ]  # fmt: skip
    figures = (
        ("commits", "count"), ("contributors", "count"),
        ("first_answer_wait", "hours"), ("days_since_last_delivery", "days"),
    )  # fmt: skip
    all_of_them = view.source.each(Wanted(ospo=ospo.key, order="name"))
    ours = (row for row in all_of_them if declared.relation(row) == "hosted")
    lines: list[list[Words]] = [
        [
            name_of(view, row),
            document.status(row.status, translator),
            document.risk(row.risk, translator),
            *(_figure(view, row, key, unit) for key, unit in figures),
        ]
        for row in islice(ours, MOST)
    ]
    listed = document.table(_("All projects"), headers, lines, (3, 4, 5, 6))
    return [listed, *more(view, count - len(lines))]


def _figure(view: View, row: ProjectRow, key: str, unit: str) -> Words:
    value = row.summary.get(key)
    if key == "commits" and isinstance(months := row.summary.get("commits_12m"), list):
        value = sum(one for one in months if isinstance(one, int | float))
    if not isinstance(value, int | float):
        return Aside(view.translator.text("no data"))
    return amount(float(value), unit, view.translator)


def _further(view: View, drafts: Sequence[Draft]) -> list[Block | None]:
    """List what is to be done beside the first few."""
    told = {id(group.first) for group in shown(drafts)[0]}
    groups = [group for group in grouped(drafts) if id(group.first) not in told]
    return [common.tasks(view, groups[:MOST_TASKS]), *more(view, len(groups) - MOST_TASKS)]


# ---------------------------------------------------------------- the wider picture


def _wider(
    view: View, ospo: OspoRow, rows: Sequence[ProjectRow], chosen: Period, found: Standing
) -> list[Block | None]:
    _ = view.translator.text
    made: list[Block | None] = [
        Heading(_("Status over time")),
        portfolio.over_time(view, chosen.at, ospo.key),
    ]
    if found.judged.count:
        made += [Heading(_("Risk and how bad it would be")), portfolio.quadrant(view, found.judged)]
    answers = _questions(view, ospo.key, rows, chosen)
    return [*made, Heading(_("The five questions over time")), answers] if answers else made


def _questions(view: View, ospo: str, rows: Sequence[ProjectRow], chosen: Period) -> Drawing | None:
    dates, answers = questions.quarters(view, ospo, rows, chosen.at)
    return questions.question_lines(view, dates, answers)


def _yardsticks(view: View, ospo: OspoRow, rows: Sequence[ProjectRow]) -> list[Block]:
    _, translator = view.translator.text, view.translator
    kind = archetype(str(ospo.settings.get("archetype") or ""))
    found = yardsticks.times(view, ospo.key, kind, rows)
    lines: list[list[Words]] = [
        [one.title, one.now, one.before, one.why]
        for one in yardsticks.yardsticks(view, ospo, kind, rows, found)
    ]
    headers = [
        _("What"), _("Now"), _("In {month}", month=translator.month(found.at)),
        _("Why it matters"),
    ]  # fmt: skip
    question = translator.phrase({"text": kind.question.template, "args": {}})
    caption = _("What a body of this kind looks at first")
    return [
        Paragraph(f"{_(kind.words)} · {question}"),
        document.table(caption, headers, lines),
    ]


def _checklists(view: View, ospo: OspoRow, chosen: Period) -> list[Block]:
    """Count the projects by the level of each checklist; of a past date no levels are kept."""
    _ = view.translator.text
    kind = archetype(str(ospo.settings.get("archetype") or ""))
    lines = [] if chosen.past else yardsticks.checklists(view, kind, ospo.key)
    if not lines:
        return []
    headers = [_("Checklist"), _("Reached"), _("By level")]
    return [document.table(_("Official checklists"), headers, lines)]
