"""How does one project stand, why, and what would change it? The month's report of a project.

The same questions to the same doors as the project's page: the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.attention import grouped
from collector.metric import Metric
from collector.metrics import BY_KEY
from dashboard import declared, entries, explaining, words
from dashboard.charts.dates import MONTHS
from dashboard.components.checks import limit_words, listed, phrase, value_words
from dashboard.components.explain import missing_text
from dashboard.components.html import plain
from dashboard.components.strip import last_change
from dashboard.data import Json, ProjectRow, RepositoryRow, StatusPoint
from dashboard.reports import common, document
from dashboard.reports.common import capital, sentence, to
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Heading,
    History,
    Items,
    Paragraph,
    Rows,
    Section,
    Strong,
    Table,
    Words,
    sections,
    told,
)
from dashboard.reports.period import Period
from dashboard.reports.project_agreed import of_agreed, of_money, of_users
from dashboard.reports.project_figures import named, of_answers, of_people, of_work, value_of
from dashboard.sections.shown import Shown, objects, whole
from dashboard.view import View

SPAN = MONTHS["3"]


def of_project(view: View, row: ProjectRow, chosen: Period) -> Document:
    """Write the report of one project."""
    _ = view.translator.text
    what = _("Report on the health of an open source project")
    judgement = explaining.judgement(view, row)
    points = view.source.statuses(row.id)
    shown = Shown(view, row, view.source.values(row.id), explaining.series(view, row), points, SPAN)
    repositories = view.source.repositories(row.id)
    if row.as_of is None:
        unmeasured = _unmeasured(shown, chosen, repositories)
        return common.report(view, row.name, what, chosen, repositories, unmeasured)
    made = sections(
        (_("Where it stands"), _stands(view, row, judgement, points)),
        (_("What to do first"), _tasks(view, row)),
        (_("The five questions"), _questions(view, row, judgement)),
        (_("Its status over time"), _history(view, row, points)),
        (_("Work and deliveries"), of_work(shown)),
        (_("People"), of_people(shown)),
        (_("Answers"), of_answers(shown)),
        (_("Goals and decisions"), of_agreed(shown, chosen)),
        (_("Contracts and money"), of_money(shown, chosen)),
        (_("Users and service"), of_users(shown)),
        (_("Official checklists"), _checklists(shown)),
        (_("How complete the figures are"), _missing(view, repositories, chosen)),
        (_("All figures"), _figures(shown)),
        (_("How to read this report"), common.reading(view)),
    )
    return common.report(view, row.name, what, chosen, repositories, made)


def _unmeasured(
    shown: Shown, chosen: Period, repositories: Sequence[RepositoryRow]
) -> tuple[Section, ...]:
    """Say that there are no figures yet, why, and what was agreed all the same."""
    view, row = shown.view, shown.row
    _ = view.translator.text
    said = Paragraph(_("It could not be measured yet."), "lead")
    return sections(
        (_("Where it stands"), [said, _facts(view, row, {})]),
        (_("How complete the figures are"), _missing(view, repositories, chosen)),
        (_("Goals and decisions"), of_agreed(shown, chosen)),
        (_("Contracts and money"), of_money(shown, chosen)),
    )


def _missing(view: View, repositories: Sequence[RepositoryRow], chosen: Period) -> Iterator[Block]:
    """Say what could not be read, where something could not."""
    if chosen.past or all(one.state in words.READ_STATES for one in repositories):
        return iter(())
    return common.complete(view, repositories, chosen)


def _stands(
    view: View, row: ProjectRow, judgement: Json, points: Sequence[StatusPoint]
) -> Iterator[Block]:
    """Say whose it is, its status, why, since when, its risk, and what would change it."""
    _, translator = view.translator.text, view.translator
    status = str(judgement.get("status") or row.status)
    since = last_change(points)
    began = _("since {day}", day=translator.day(since.as_of)) if since else ""
    yield Paragraph((document.status(status, translator), " ", Aside(began)), "lead")
    yield Paragraph(phrase(judgement.get("reason"), translator))
    if change := phrase(judgement.get("next"), translator):
        yield Paragraph((Strong(_("What would change it first:")), " ", change))
    yield _facts(view, row, judgement)


def _facts(view: View, row: ProjectRow, judgement: Json) -> Table:
    """List whose it is, what it is, how grave it would be if it stopped."""
    _, translator = view.translator.text, view.translator
    facts: list[tuple[str, Words]] = [(_("OSPO"), _owner(view, row))]
    given = declared.project(row)
    kinds = [_(plain(given[key], 60)) for key in ("kind", "area", "stage") if given.get(key)]
    if kinds:
        facts.append((_("What it is"), " · ".join(kinds)))
    if declared.relation(row) != "hosted":
        facts.append((_("Whose it is"), _(declared.RELATION_WORDS[declared.relation(row)])))
    facts.append((_("Risk"), document.risk(row.risk, translator)))
    if row.criticality is not None:
        facts.append((_("How bad if it stopped"), _critical(view, row, judgement)))
    practice = judgement.get("good_practice")
    if isinstance(practice, dict) and practice.get("of"):
        met = _("{n} of {all}", n=practice.get("met"), all=practice.get("of"))
        facts.append((_("Good practice"), met))
    if row.key:
        page = to(view, _("This project in the dashboard"), view.project(row.key))
        if not isinstance(page, str):
            facts.append((_("More"), page))
    return document.table(_("The project"), ["", ""], [list(fact) for fact in facts])


def _owner(view: View, row: ProjectRow) -> str:
    return plain(declared.names(view.source.ospos()).get(row.ospo, row.ospo), 80)


def _critical(view: View, row: ProjectRow, judgement: Json) -> str:
    said = f"{row.criticality} / 10"
    if judgement.get("criticality_guessed"):
        said += " " + view.translator.text("(our guess, please confirm)")
    return said


def _tasks(view: View, row: ProjectRow) -> list[Block | None]:
    """List what is to be done in this project."""
    changed = view.source.changes(row.as_of or view.now)
    found = entries.drafts(view.source, changed, row.ospo, view.translator)
    own = [draft for draft in found if draft.project == row.key]
    if not own and row.status == "unknown":
        return []
    if not own:
        return [Paragraph(view.translator.text("Nothing waits here. That is a good month."))]
    return [common.tasks(view, grouped(own), named=False)]


# ---------------------------------------------------------------- why


def _questions(view: View, row: ProjectRow, judgement: Json) -> list[Block]:
    """List the essential checks, by question."""
    _ = view.translator.text
    found = listed(judgement.get("questions"))
    if not any(listed(one.get("checks")) for one in found):
        return _answered(view, found)
    headers = (_("Check"), _("Result"), _("Value"), _("Asked for"), _("Why"))
    groups = tuple(_question(view, row, one) for one in found)
    caption = _("The essential checks, by the five questions")
    return [told(Table(caption, headers, groups, (2,)))]


def _answered(view: View, found: Sequence[Json]) -> list[Block]:
    """Give the answers alone: of a past date no more is kept, where the records are not there."""
    _ = view.translator.text
    rows: list[list[Words]] = [
        [_(words.QUESTIONS.get(str(one.get("key")), str(one.get("key")))), _answer(view, one)]
        for one in found
    ]
    if not rows:
        return [Paragraph(_("The answers of that time are not kept."), "muted")]
    return [document.table(_("The five questions"), [_("Question"), _("Answer")], rows)]


def _answer(view: View, one: Json) -> document.Sign:
    answer = str(one.get("answer") or "unknown")
    said = view.translator.text(words.ANSWER_SHORT.get(answer, answer))
    return document.result(answer, said)


def _question(view: View, row: ProjectRow, one: Json) -> Rows:
    _ = view.translator.text
    title = plain(_(words.QUESTIONS.get(str(one.get("key")), str(one.get("title")))), common.NAME)
    rows = tuple(_check(view, row, check) for check in listed(one.get("checks")))
    return Rows(rows, (Strong(title), " ", _answer(view, one)))


def _check(view: View, row: ProjectRow, check: Json) -> tuple[Words, ...]:
    _, translator = view.translator.text, view.translator
    title = plain(_(str(check.get("title") or check.get("key"))), common.NAME)
    metric, result = str(check.get("metric") or ""), str(check.get("result") or "unknown")
    value, cases = value_words(check, translator)
    limit, where = limit_words(check, translator)
    if check.get("threshold_source", "default") == "default":
        where = ""  # only what somebody has chosen is worth its line
    change = phrase(check.get("change"), translator)
    why: list[document.Word] = [sentence(phrase(check.get("why"), translator))]
    if change and result != "met":
        why += [" ", Aside(f"{_('Would change it:')} {change}")]
    page = view.project(row.key, m=metric)
    return (
        to(view, capital(title), page) if metric in BY_KEY else capital(title),
        document.result(result, _(words.result(result).word)),
        (value, " ", Aside(cases)) if cases else value or "–",
        (limit, " ", Aside(where)) if where else limit or "–",
        tuple(why),
    )


def _history(view: View, row: ProjectRow, points: Sequence[StatusPoint]) -> list[Block]:
    now = StatusPoint(row.id, row.as_of or view.now, row.status, {})
    return [History((*points, now), row.as_of or view.now)]


def _checklists(shown: Shown) -> list[Block]:
    """Give the level reached of each checklist, and how far the next one is."""
    _ = shown.view.translator.text
    found = shown.view.source.packs(shown.row.id) if shown.view.past is None else ()
    rows: list[list[Words]] = []
    for one in found:
        levels = objects(one.get("levels"))
        reached = next((lv for lv in levels if lv.get("id") == one.get("level")), None)
        following = next((lv for lv in levels if lv.get("id") == one.get("next")), None)
        level = _(plain(reached.get("name"), 80)) if reached else _("no level reached")
        rows.append(
            [
                plain(one.get("name"), 100),
                document.result("met" if reached else "not met", level),
                _further(shown, following) if following else "–",
            ]
        )
    if not rows:
        return []
    headers = [_("Checklist"), _("Reached"), _("Next")]
    return [document.table(_("Official checklists"), headers, rows)]


def _further(shown: Shown, level: Mapping[str, object]) -> str:
    _ = shown.view.translator.text
    return _(
        "{name}: {met} of {of} rules met",
        name=_(plain(level.get("name"), 80)),
        met=whole(level.get("met")),  # type: ignore[arg-type]
        of=whole(level.get("of")),  # type: ignore[arg-type]
    )


# ---------------------------------------------------------------- appendix


def _figures(shown: Shown) -> list[Block]:
    """List every figure by family: value, cases, how much could be read; then those without."""
    _ = shown.view.translator.text
    headers = (_("Figure"), _("Value"), _("Cases"), _("How much we could read"))
    groups = []
    for title, family in words.families():
        known = [BY_KEY[key] for key in family if _has_value(shown, key)]
        if known:
            rows = tuple(_line(shown, metric) for metric in known)
            groups.append(Rows(rows, Strong(_(title))))
    made: list[Block] = []
    if groups:
        made.append(told(Table(_("All figures"), headers, tuple(groups), (2, 3))))
    return [*made, *_without_value(shown)]


def _has_value(shown: Shown, key: str) -> bool:
    return key in shown.values and shown.values[key].state == "ok"


def _without_value(shown: Shown) -> list[Block]:
    """List the figures that have no value by the reason why."""
    translator = shown.view.translator
    reasons: dict[str, list[str]] = {}
    for key, value in shown.values.items():
        if key in BY_KEY and value.state != "ok":
            title = translator.text(BY_KEY[key].words or BY_KEY[key].title)
            reasons.setdefault(missing_text(value, translator), []).append(title)
    if not reasons:
        return []
    said: list[Words] = [
        (Strong(f"{capital(why).rstrip('.')}:"), f" {', '.join(titles)}")
        for why, titles in sorted(reasons.items(), key=lambda pair: -len(pair[1]))
    ]
    return [Heading(translator.text("Figures without a value, and why")), Items(tuple(said))]


def _line(shown: Shown, metric: Metric) -> tuple[Words, ...]:
    value, translator = shown.values[metric.key], shown.view.translator
    return (
        named(shown, metric),
        value_of(shown, metric),
        "–" if value.n is None else translator.number(value.n, 0),
        "–" if value.coverage is None else translator.percent(value.coverage),
    )
