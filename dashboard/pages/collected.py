"""How fresh and how complete are the data, what failed and why, what did it cost?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from collector.cron import slots
from collector.metric import Part
from collector.metrics import METRICS
from collector.model import Phrase
from collector.notes import sentences
from dashboard import problem, words
from dashboard.charts import coverage, show_chart
from dashboard.components import signs
from dashboard.components.budgets import budget_table
from dashboard.components.controls import paged, sections
from dashboard.components.explain import definitions
from dashboard.components.html import Html, join, plain, tag
from dashboard.components.late import late_table
from dashboard.components.sources import repository_table
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow, RepositoryRow, RunRow
from dashboard.i18n import N_
from dashboard.parts import part_word
from dashboard.view import View, begin, show

PURPOSE = N_("How fresh and how complete are the figures, what failed and why, what did it cost?")
SECTIONS = {
    "sources": N_("Repositories"),
    "passes": N_("Passes"),
    "coverage": N_("What could be measured"),
    "quality": N_("Doubtful records"),
    "shelf": N_("Not sorted yet"),
}
PER_PAGE = 50
COLUMNS = (
    "url", "host", "kind", "state", "last_attempt", "last_success", "last_error", "requests",
    "seconds",
)  # fmt: skip
RANK = {"failed": 0, "gone": 1, "limited": 2, "moved": 3, "pending": 4}
ENDED = {
    0: N_("everything was read"),
    1: N_("some repositories failed"),
    2: N_("the configuration was not valid"),
    3: N_("another pass was running"),
    4: N_("stopped by a limit, goes on next time"),
}


def page(view: View) -> None:
    """Show the state of the collection in words, then the chosen section."""
    _ = view.translator.text
    begin(view, _("Data"), _(PURPOSE))
    rows = view.source.repositories()
    runs = view.source.runs()
    show(_position(view, rows), _facts(view, rows, runs), _not_searched(view))
    chosen = sections(view, _("Show"), SECTIONS, "s")
    if chosen == "passes":
        show(_passes(view, runs))
    elif chosen == "coverage":
        _coverage(view)
    elif chosen == "quality":
        show(_quality(view))
    elif chosen == "shelf":
        show(_shelf(view))
    else:
        _sources(view, rows)
    takeaway(view, "repositories", COLUMNS, lambda: [_record(row) for row in rows])


def _record(row: RepositoryRow) -> dict[str, Part]:
    """Give one repository as a flat record."""
    requests, seconds = row.cost.get("requests"), row.cost.get("seconds")
    return {
        "url": row.url,
        "host": row.host,
        "kind": row.kind,
        "state": row.state,
        "last_attempt": row.last_attempt,
        "last_success": row.last_success,
        "last_error": row.error,
        "requests": requests,
        "seconds": seconds,
    }


def _position(view: View, rows: Sequence[RepositoryRow]) -> Html:
    _, ngettext = view.translator.text, view.translator.plural
    if not rows:
        return tag("p", _("No repository is known yet."), cls="ov-lead")
    read = sum(row.state in words.READ_STATES for row in rows)
    waiting = sum(row.state in ("pending", "limited") for row in rows)
    failed = len(rows) - read - waiting
    said = [ngettext("Of {n} repository", "Of {n} repositories", len(rows))]
    parts = [ngettext("{n} was read", "{n} were read", read)]
    if failed:
        parts.append(ngettext("{n} failed", "{n} failed", failed))
    if waiting:
        parts.append(ngettext("{n} waits", "{n} wait", waiting))
    return tag("p", f"{said[0]} {', '.join(parts)}.", cls="ov-lead")


def _facts(view: View, rows: Sequence[RepositoryRow], runs: Sequence[RunRow]) -> Html:
    _, translator = view.translator.text, view.translator
    zone = view.settings.timezone
    facts: list[tuple[str, object]] = []
    newest = next((run for run in runs if run.finished is not None), None)
    if newest and newest.finished:
        facts.append((_("Newest finished pass"), translator.moment(newest.finished, zone)))
    facts.append((_("Next pass"), next_pass(view)))
    if rows:
        facts.append((_("Cost"), _spent(view, rows)))
    return definitions(facts)


def _spent(view: View, rows: Sequence[RepositoryRow]) -> str:
    """What did the last reading of each repository cost, in all?"""
    translator = view.translator
    requests, points, seconds = view.source.kept("spent", (), lambda: _costs(rows))
    cost = [
        translator.plural("{n} request", "{n} requests", int(requests)),
        *([translator.plural("{n} point", "{n} points", int(points))] if points >= 1 else []),
        translator.text("{n} s", n=translator.number(seconds, 0)),
    ]
    return translator.text("{cost} in the last reading of each repository", cost=", ".join(cost))


def _costs(rows: Sequence[RepositoryRow]) -> tuple[float, ...]:
    """Add up requests, points and seconds: parsed once, thousands of repositories take long."""
    keys = ("requests", "points", "seconds")
    costs = [{key: _number(row.cost.get(key)) for key in keys} for row in rows]
    return tuple(sum(cost[key] for cost in costs) for key in keys)


def _not_searched(view: View) -> Html:
    """Say where repositories were looked for in vain, and why."""
    translator = view.translator
    return join(
        *(
            tag(
                "p",
                translator.text(
                    "{where} could not be searched since {day}:",
                    where=plain(one.title, 80),
                    day=translator.day(one.error_since or view.now),
                ),
                " ",
                plain(translator.told(one.error), 500),
            )
            for one in view.source.sources()
            if one.error
        )
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def next_pass(view: View) -> str:
    """Say when the schedule collects next, if there is one."""
    _ = view.translator.text
    told = view.source.freshness.meta.get("next_collect", "")
    if told.isdigit():
        return view.translator.moment(int(told), view.settings.timezone)
    expression = view.settings.collect_schedule
    if not expression:
        return _("no schedule is configured")
    try:
        at = slots(expression, view.settings.timezone).after(view.now)
    except ValueError:
        return _("the schedule cannot be read: {expression}", expression=expression)
    if at is None:
        return _("never")
    when = view.translator.moment(at, view.settings.timezone)
    return _("{when}, if “ospo-vitals schedule” or cron is running", when=when)


def _in_order(rows: Sequence[RepositoryRow]) -> tuple[RepositoryRow, ...]:
    """What needs a look comes first."""
    return tuple(sorted(rows, key=lambda row: (RANK.get(row.state, 9), row.url)))


def _sources(view: View, rows: Sequence[RepositoryRow]) -> None:
    if not rows:
        problem.no_projects(view)
        return
    ordered = view.source.kept("repositories in order", (), lambda: _in_order(rows))
    pages = -(-len(ordered) // PER_PAGE)
    shown = 1
    slot = st.container()
    if pages > 1:
        shown = st.pagination(pages, key="page", bind="query-params") or 1
    start = PER_PAGE * (min(shown, max(pages, 1)) - 1)
    with slot:
        show(repository_table(view, ordered[start : start + PER_PAGE]))
    show(late_table(view, {row.kind for row in rows}))


def _passes(view: View, runs: Sequence[RunRow]) -> Html:
    _ = view.translator.text
    if not runs:
        return tag("p", _("No pass has run yet."), " ", tag("code", "ospo-vitals collect"))
    headers = [_("Started"), _("What"), _("Took"), _("How it ended"), _("In numbers")]
    passes = table(_("The newest passes"), headers, [_pass(view, run) for run in runs], wide=(3,))
    return join(passes, budget_table(view))


def _pass(view: View, run: RunRow) -> list[object]:
    _, translator = view.translator.text, view.translator
    if run.finished is None:
        took, ended = "", join(_("is running"))
    else:
        took = translator.text("{n} s", n=translator.number(run.finished - run.started, 0))
        result = (
            "met" if run.exit_code == 0 else "at risk" if run.exit_code in (1, 4) else "not met"
        )
        word = _(ENDED.get(run.exit_code or 0, N_("ended with an error")))
        mark = signs.shape(words.result(result), words.COLOUR[result])
        ended = tag("span", mark, tag("span", word), cls="ov-sign")
    simple = {k: v for k, v in run.summary.items() if isinstance(v, int | float | str)}
    told = ", ".join(
        f"{_(part_word(key))} {translator.plain(value)}" for key, value in list(simple.items())[:6]
    )
    started = translator.moment(run.started, view.settings.timezone)
    return [
        started,
        _(words.PASS.get(run.kind, run.kind)),
        took,
        ended,
        tag("span", told, cls="ov-muted"),
    ]


def _coverage(view: View) -> None:
    _ = view.translator.text
    counted = view.source.metric_states()
    if not counted:
        problem.nothing_measured(view)
        return
    rows = view.source.projects()
    most = coverage.MOST_PROJECTS
    pages = -(-len(rows) // most)
    with st.container(key="coverage"):  # its columns have no room on a narrow screen: style.css
        slot = st.container()
        shown = (st.pagination(pages, key="part", bind="query-params") or 1) if pages > 1 else 1
        start = most * (min(shown, pages) - 1)
        with slot:
            show_chart(view, coverage.heat_map(view, rows[start : start + most]))
    show(tag("div", _counts(view, counted), cls=None if pages > 1 else "ov-narrow"))


def _counts(view: View, counted: Mapping[str, Mapping[str, int]]) -> Html:
    """Of how many projects was each metric measured, and of how many not?"""
    _ = view.translator.text
    headers: list[str] = [_("Metric"), *(_(words.VALUE_STATE[key]) for key in words.VALUE_STATE)]
    lines = [
        [_(metric.title), *(counted[metric.key].get(key, 0) for key in words.VALUE_STATE)]
        for metric in METRICS
        if metric.key in counted
    ]
    return table(_("Projects by metric"), headers, lines, numeric=(1, 2, 3), stacked=False)


def _quality(view: View) -> Html:
    """Which records were left out, or placed otherwise than they say (METRICS.md C4)?"""
    _ = view.translator.text
    language = view.translator.language
    lines = paged(view.source.kept_large("quality", (language,), lambda: _odd(view)))
    if not lines:
        said = _("No date is impossible, and no history was imported.")
        return tag("p", said, cls="ov-muted")
    headers = [_("Project"), _("What was found"), _("What was done")]
    return table(_("Doubtful records"), headers, lines, wide=(1, 2))


def _odd(view: View) -> tuple[list[object], ...]:
    """List all that is odd: looked for once, in the words of every project."""
    found = [line for row in view.source.projects() for line in _doubts(view, row)]
    found += [line for row in view.source.repositories() for line in _notes(view, row)]
    return tuple(found)


def _notes(view: View, row: RepositoryRow) -> Iterator[list[object]]:
    """What is odd in the records that a forge gave?"""
    address = plain(row.url.removeprefix("https://"), 80)
    for found, done in sentences(row.notes):
        yield [address, *(view.translator.phrase(_stored(each)) for each in (found, done))]


def _stored(phrase: Phrase) -> dict[str, Part]:
    return {"text": phrase.template, "args": dict(phrase.arguments)}


def _doubts(view: View, row: ProjectRow) -> Iterator[list[object]]:
    translator = view.translator
    invalid = row.summary.get("invalid_dates")
    if isinstance(invalid, int) and invalid:
        found = translator.plural(
            "{n} commit with a date before 1990 or in the future",
            "{n} commits with a date before 1990 or in the future",
            invalid,
        )
        yield [row.name, found, translator.text("The other date of the commit counts, if valid.")]
    imports = row.summary.get("imports")
    for each in imports if isinstance(imports, list) else ():
        if isinstance(each, dict) and isinstance(each.get("day"), int):
            when = translator.day(int(str(each["day"])))
            yield [
                row.name,
                translator.text("History was imported on {day}", day=when),
                translator.text("Its commits count at the time they were written."),
            ]


def _shelf(view: View) -> Html:
    """How many found repositories are in no project yet, by OSPO, and how are they sorted?"""
    _, translator = view.translator.text, view.translator
    lines = []
    for ospo in view.source.ospos():
        found = view.source.shelf(ospo.key)
        counts = (found.not_sorted, found.claimed + found.projects, found.set_aside, found.gone)
        if any((*counts, found.broken)):
            lines.append(
                [plain(ospo.name, 80), *(translator.number(n, 0) for n in (*counts, found.broken))]
            )
    if not lines:
        said = _("No repository was looked for. Name an organisation under “discover” to find all.")
        return tag("p", said, cls="ov-muted")
    headers = [
        _("OSPO"), _("Not sorted yet"), _("In a project"), _("Set aside"), _("Gone"),
        _("Entries that cannot be used"),
    ]  # fmt: skip
    helps = tag("p", _("Proposes where each belongs:"), " ", tag("code", "ospo-vitals sort"))
    caption = _("Repositories that were found, and where they stand")
    return join(table(caption, headers, lines, numeric=(1, 2, 3, 4, 5)), helps)
