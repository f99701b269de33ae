"""How does one project stand, why, and what would change it? The month's report of a project.

The same questions to the same doors as the project's page: the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.attention import grouped
from collector.metric import Metric
from collector.metrics import BY_KEY
from dashboard import agreed, declared, deliveries, entries, explaining, words
from dashboard.charts.dates import MONTHS
from dashboard.components import compare
from dashboard.components.checks import limit_words, listed, phrase, value_words
from dashboard.components.explain import missing_text, sample_text, value_text
from dashboard.components.html import plain
from dashboard.components.strip import last_change
from dashboard.data import Json, ProjectRow, StatusPoint
from dashboard.reports import common, document
from dashboard.reports.common import to
from dashboard.reports.document import (
    Aside,
    Block,
    Document,
    Heading,
    History,
    Paragraph,
    Rows,
    Strong,
    Table,
    Words,
    sections,
)
from dashboard.reports.period import Period
from dashboard.sections import answers, going, people, work
from dashboard.sections.shown import Shown, objects, whole
from dashboard.view import View

MOST_WAITING = 25
SPAN = MONTHS["3"]


def of_project(view: View, row: ProjectRow, chosen: Period) -> Document:
    """Write the report of one project."""
    _ = view.translator.text
    judgement = explaining.judgement(view, row)
    points = view.source.statuses(row.id)
    shown = Shown(view, row, view.source.values(row.id), explaining.series(view, row), points, SPAN)
    made = sections(
        (_("Where it stands"), _stands(view, row, judgement, points)),
        (_("What to do first"), _tasks(view, row)),
        (_("The five questions"), _questions(view, row, judgement)),
        (_("Its status over time"), _history(view, row, points)),
        (_("Work and deliveries"), _work(shown)),
        (_("People"), _people(shown)),
        (_("Answers"), _answers(shown)),
        (_("Goals and decisions"), _agreed(shown, chosen)),
        (_("Contracts and money"), _money(shown, chosen)),
        (_("Users and service"), _users(shown)),
        (_("Official checklists"), _checklists(shown)),
        (_("All figures"), _figures(shown)),
        (_("How to read this report"), common.reading(view)),
    )
    repositories = view.source.repositories(row.id)
    return Document(
        plain(row.name, common.NAME),
        _("Report on the health of an open source project"),
        (common.title_of_month(view, chosen), *common.facts(view, chosen, repositories)),
        made,
        view.translator,
        common.warning(view),
    )


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
    facts: list[tuple[str, Words]] = [(_("OSPO"), _owner(view, row))]
    told = declared.project(row)
    kinds = [_(plain(told[key], 60)) for key in ("kind", "area", "stage") if told.get(key)]
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
    yield document.table(_("The project"), [_("What"), ""], [list(fact) for fact in facts])


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
    return [Table(caption, headers, groups, (2,))]


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
    title = _(words.QUESTIONS.get(str(one.get("key")), str(one.get("title"))))
    rows = tuple(_check(view, row, check) for check in listed(one.get("checks")))
    return Rows(rows, (Strong(title), " ", _answer(view, one)))


def _check(view: View, row: ProjectRow, check: Json) -> tuple[Words, ...]:
    _, translator = view.translator.text, view.translator
    title = _(str(check.get("title") or check.get("key")))
    title = title[:1].upper() + title[1:]
    metric, result = str(check.get("metric") or ""), str(check.get("result") or "unknown")
    value, cases = value_words(check, translator)
    limit, where = limit_words(check, translator)
    change = phrase(check.get("change"), translator)
    why: list[document.Word] = [phrase(check.get("why"), translator)]
    if change and result != "met":
        why += [" ", Aside(f"{_('Would change it:')} {change}")]
    page = view.project(row.key, m=metric)
    return (
        to(view, title, page) if metric in BY_KEY else title,
        document.result(result, _(words.result(result).word)),
        (value, " ", Aside(cases)) if cases else value or Aside(_("no data")),
        (limit, " ", Aside(where)) if where else limit or "–",
        tuple(why),
    )


def _history(view: View, row: ProjectRow, points: Sequence[StatusPoint]) -> list[Block]:
    now = StatusPoint(row.id, row.as_of or view.now, row.status, {})
    return [History((*points, now), row.as_of or view.now)]


# ---------------------------------------------------------------- figures


def _figure_table(shown: Shown, caption: str, keys: Sequence[str]) -> Table | None:
    """Show some figures: what, value, how it was a year before and in the period before."""
    view, translator = shown.view, shown.view.translator
    _ = translator.text
    metrics = [BY_KEY[key] for key in keys if key in shown.values]
    if not metrics:
        return None
    dates = compare.dates(shown.today, list(BY_KEY.values()))
    earlier = compare.by_date(view.source.history_at(shown.row.id, dates))
    rows: list[list[Words]] = [
        [_named(shown, metric), _value(shown, metric), _before(shown, metric, earlier)]
        for metric in metrics
    ]
    return document.table(caption, [_("Figure"), _("Value"), _("Before")], rows)


def _named(shown: Shown, metric: Metric) -> Words:
    title = shown.view.translator.text(metric.words or metric.title)
    title = title[:1].upper() + title[1:]
    return to(shown.view, title, shown.view.project(shown.row.key, m=metric.key))


def _value(shown: Shown, metric: Metric) -> Words:
    value, translator = shown.values[metric.key], shown.view.translator
    said = value_text(metric, value, translator)
    if not said:
        return Aside(missing_text(value, translator))
    sample = sample_text(metric, value, translator)
    return (said, " ", Aside(sample)) if sample else said


def _before(shown: Shown, metric: Metric, earlier: compare.Earlier) -> Words:
    told = compare.told(metric, earlier, shown.today, shown.view.translator)
    return " · ".join(told) or "–"


def _work(shown: Shown) -> Iterator[Block | None]:
    _, translator = shown.view.translator.text, shown.view.translator
    found, left = work.versions(shown)
    yield _figure_table(shown, _("Work and deliveries"), work.KEY_FIGURES)
    yield Heading(_("What happened when"))
    yield work.happened(shown, found)
    if drawn := work.months(shown):
        yield Heading(_("Work by month"))
        yield drawn
    yield Heading(_("Newest deliveries"))
    if not found:
        yield Paragraph(_("No tag and no release was found."), "muted")
        return
    headers = [_("Version"), _("What"), _("Date")]
    rows: list[list[Words]] = [
        [plain(one.name, 60), _(deliveries.KINDS[one.kind]), translator.day(one.at)]
        for one in found[: deliveries.SHOWN]
    ]
    yield document.table(_("Newest deliveries"), headers, rows)
    if left:
        yield Paragraph(work.uncounted(left, translator), "muted")


def _people(shown: Shown) -> Iterator[Block | None]:
    """Show who carries it; in open data nothing that is derived from single persons."""
    _ = shown.view.translator.text
    seen = shown.view.shows_people
    keys = people.KEY_FIGURES if seen else people.PUBLIC_FIGURES
    yield _figure_table(shown, _("People"), keys)
    if not seen:
        said = _("What is derived from single persons is not part of open data.")
        yield Paragraph(said, "muted")
    else:
        drawn = people.ownership(shown)
        yield Heading(_("How the work is spread"))
        yield drawn or Paragraph(people.nobody_else(shown))
        if drawn := people.lines(shown):
            yield Heading(_("People over the years"))
            yield drawn
    yield Heading(_("Which organisations did the work"))
    yield people.bodies(shown) or Paragraph(people.hardly_known(shown), "muted")
    if seen and (drawn := people.cohorts(shown)):
        yield Heading(_("Do those who come stay?"))
        yield drawn


def _answers(shown: Shown) -> Iterator[Block | None]:
    _ = shown.view.translator.text
    yield _figure_table(shown, _("Answers"), answers.KEY_FIGURES)
    yield from _waiting(shown)
    for title, drawn in (
        (_("Wait for a first answer"), answers.band(shown)),
        (_("What becomes of proposed changes"), answers.flow(shown)),
        (_("How old is what is still open"), answers.ages(shown)),
    ):
        if drawn is not None:
            yield Heading(title)
            yield drawn


def _waiting(shown: Shown) -> Iterator[Block]:
    """List who from outside waits for an answer, the longest first."""
    _, translator = shown.view.translator.text, shown.view.translator
    found = answers.outsiders(shown)
    if not found:
        return
    headers = [_("Number"), _("Waits"), _("Repository")]
    rows: list[list[Words]] = [
        [
            document.Link(f"#{one.number}", one.url) if one.url else f"#{one.number}",
            translator.duration(one.days),
            plain(one.repository, 70),
        ]
        for one in found[:MOST_WAITING]
    ]
    yield Heading(_("Who from outside waits for an answer"))
    yield document.table(_("Who from outside waits for an answer"), headers, rows, (1,))
    more = len(found) - MOST_WAITING
    if more > 0:
        yield Paragraph(translator.plural("and {n} more", "and {n} more", more), "muted")


# ---------------------------------------------------------------- what was agreed


def _agreed(shown: Shown, chosen: Period) -> Iterator[Block | None]:
    _, view, row = shown.view.translator.text, shown.view, shown.row
    goals = [(row, one, shown.values.get(one.metric)) for _r, one in agreed.goals([row], chosen.at)]
    taken = agreed.decisions([row], chosen.at)
    yield common.goal_table(view, goals, named=False)
    yield common.decision_table(view, _("Decisions"), taken, named=False)
    if goals or taken:
        yield common.no_longer_dated(view, chosen)
    else:
        yield Paragraph(_("No goal is agreed and no decision is recorded."), "muted")


def _money(shown: Shown, chosen: Period) -> Iterator[Block | None]:
    _ = shown.view.translator.text
    for key, who, missing in (
        ("contracts", _("Supplier"), _("No contract is named.")),
        ("funding", _("Source"), _("No source of money is named.")),
    ):
        found = [one for one in declared.agreements(shown.row, key) if (one.since or 0) < chosen.at]
        if not found:
            yield Paragraph(missing, "muted")
            continue
        headers = [who, _("Kind"), _("From"), _("Until"), _("Left")]
        yield document.table(who, headers, [_agreement(shown, one) for one in found])


def _agreement(shown: Shown, one: declared.Agreed) -> list[Words]:
    _, translator = shown.view.translator.text, shown.view.translator
    said = agreed.left(declared.days_left(one.until, shown.today), translator)
    return [
        plain(shown.view.names.get(one.party, one.party), 60) or "–",
        plain(one.kind, 30) or "–",
        translator.day(one.since) if one.since else "–",
        translator.day(one.until) if one.until else _("open"),
        document.result(*said) if said else "–",
    ]


def _users(shown: Shown) -> Iterator[Block | None]:
    """Show who uses it and what the service does for people; of a past date it is not kept."""
    _, translator = shown.view.translator.text, shown.view.translator
    if shown.view.past is not None:
        said = _("Users, checklists and figures of the service are kept for the present only.")
        yield Paragraph(said, "muted")
        return
    value = shown.values.get("users")
    found = objects(value.parts.get("users")) if value else []
    headers = [_("Body"), _("Version"), _("Confirmed")]
    rows: list[list[Words]] = [
        [
            plain(one.get("name"), 80),
            plain(one.get("version") or "–", 30),
            document.result(*going.confirmed(one, translator)),
        ]
        for one in found
    ]
    if rows:
        yield document.table(_("Who uses it"), headers, rows)
    else:
        yield Paragraph(_("Nobody is known to use it."), "muted")
    for title, old, drawn in going.outcomes(shown):
        yield Heading(title)
        if old:
            yield Paragraph(_("This figure is older than it may be."), "note")
        yield drawn


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
    """List every figure by family: value, cases, how much could be read, or why there is none."""
    _ = shown.view.translator.text
    headers = (_("Figure"), _("Value"), _("Cases"), _("How much we could read"))
    groups = []
    for title, family in words.families():
        known = [BY_KEY[key] for key in family if key in shown.values]
        if known:
            rows = tuple(_line(shown, metric) for metric in known)
            groups.append(Rows(rows, Strong(_(title))))
    if not groups:
        return []
    return [Table(_("All figures"), headers, tuple(groups), (2, 3))]


def _line(shown: Shown, metric: Metric) -> tuple[Words, ...]:
    value, translator = shown.values[metric.key], shown.view.translator
    return (
        _named(shown, metric),
        _value(shown, metric),
        "–" if value.n is None else translator.number(value.n, 0),
        "–" if value.coverage is None else translator.percent(value.coverage),
    )
