"""How does one OSPO stand against itself over time, and what matters most to a body like it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from collector.archetype import Archetype, Facet, Kind, Shown, archetype
from collector.judgement.open_data import PERSONAL
from collector.judgement.rules import RULES
from collector.metric import Part
from collector.metrics import BY_KEY
from collector.model import Instant
from dashboard import position, problem, words
from dashboard.charts import portfolio as charts
from dashboard.charts.questions import question_lines
from dashboard.components.compare import date_back
from dashboard.components.controls import code_of, sections
from dashboard.components.explain import amount
from dashboard.components.html import Html, bold_numbers, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import OspoRow, ProjectRow
from dashboard.i18n import N_
from dashboard.sections.shown import objects
from dashboard.view import View, begin, show

PURPOSE = N_("How does one OSPO stand against itself over time?")
SECTIONS = {
    "first": N_("What matters to it first"),
    "questions": N_("The five questions over time"),
    "time": N_("Status over time"),
    "lists": N_("Official checklists"),
}
QUARTERS = 13
CHECKS = {rule.key: rule for rule in RULES}
COLUMNS = ("ospo", "what", "key", "now", "a_year_before")


def page(view: View) -> None:
    """Show one OSPO: its kind, its position, and what it looks at first, now and a year ago."""
    _ = view.translator.text
    begin(view, _("OSPOs"), _(PURPOSE))
    found = view.source.ospos()
    if not found:
        problem.no_projects(view)
        return
    chosen = _choice(view, found)
    rows = view.source.own(chosen.key)
    if not rows:
        show(tag("h2", plain(chosen.name, 120)))
        problem.no_projects(view)
        return
    kind = archetype(str(chosen.settings.get("archetype") or ""))
    _who(view, chosen, kind, rows)
    if not any(row.as_of for row in rows):
        problem.nothing_measured(view)
        return
    today = max(row.as_of or 0 for row in rows)
    section = sections(view, _("Show"), SECTIONS, "s")
    if section == "questions":
        _questions(view, chosen.key, rows, today)
    elif section == "lists":
        show(_checklists(view, kind, chosen.key))
    elif section == "time":
        charts.over_time(view, today, chosen.key)
    else:
        _first(view, chosen, kind, rows)


def _choice(view: View, found: Sequence[OspoRow]) -> OspoRow:
    options = {one.key: plain(one.name, 80) for one in found}
    if len(found) == 1:
        return found[0]
    key = code_of(view.translator.text("OSPO"), options, "ospo")
    return next(one for one in found if one.key == key)


def _who(view: View, ospo: OspoRow, kind: Archetype, rows: Sequence[ProjectRow]) -> None:
    _, translator = view.translator.text, view.translator
    question = translator.phrase({"text": kind.question.template, "args": {}})
    more = link(_("Its projects"), f"projects?ospo={ospo.key}")
    what = link(_("What to do first"), f"./?ospo={ospo.key}")
    show(
        tag("h2", plain(ospo.name, 120)),
        tag("p", f"{_(kind.words)} · {question}", cls="ov-sub"),
        tag(
            "p", bold_numbers(position.sentence(position.position(rows), translator)), cls="ov-lead"
        ),
        tag("p", more, " · ", join(what), cls="ov-small"),
    )


# ---------------------------------------------------------------- what matters first


@dataclass(frozen=True, slots=True)
class _Times:
    """The figures of one OSPO's projects, now and at the same season a year before."""

    now: Mapping[str, Sequence[float]]
    then: Mapping[str, Sequence[float]]
    at: Instant

    def values(self, one: Shown) -> Sequence[float]:
        """Give the newest values of what is shown."""
        return self.now.get(_metric(one), ())

    def before(self, one: Shown) -> Sequence[float]:
        """Give those of a year before."""
        return self.then.get(_metric(one), ())


def _times(view: View, ospo: str, kind: Archetype, rows: Sequence[ProjectRow]) -> _Times:
    keys = sorted({_metric(one) for one in kind.first} & set(BY_KEY))
    at = date_back(max(row.as_of or 0 for row in rows), 12)
    return _Times(view.source.spread(ospo, keys), view.source.spread(ospo, keys, at), at)


def _first(view: View, ospo: OspoRow, kind: Archetype, rows: Sequence[ProjectRow]) -> None:
    """List what a body of this kind looks at first: now, and a year before."""
    _ = view.translator.text
    times = _times(view, ospo.key, kind, rows)
    lines = [
        [
            _title(view, one),
            *_cells(view, one, ospo, rows, times),
            view.translator.phrase({"text": one.why.template, "args": {}}),
        ]
        for one in _allowed(view, kind.first)
    ]
    year = view.translator.month(times.at)
    headers = [_("What"), _("Now"), _("In {month}", month=year), _("Why it matters")]
    show(table(_("What a body of this kind looks at first"), headers, lines, wide=(3,)))
    takeaway(view, f"ospo-{ospo.key}", COLUMNS, lambda: _records(view, ospo, kind, times))


def _allowed(view: View, first: Iterable[Shown]) -> list[Shown]:
    return [one for one in first if view.shows_people or _metric(one) not in PERSONAL]


def _metric(one: Shown) -> str:
    """Name the metric behind what is shown; a facet has none."""
    if one.kind is Kind.CHECK:
        return CHECKS[one.key].metric if one.key in CHECKS else one.key
    return one.key if one.kind is Kind.METRIC else ""


def _title(view: View, one: Shown) -> Html:
    _ = view.translator.text
    metric = BY_KEY.get(_metric(one))
    if one.kind is Kind.CHECK and one.key in CHECKS:
        said = _(CHECKS[one.key].title)
    else:
        said = _(metric.words or metric.title) if metric else _(FACETS.get(one.key, one.key))
    said = said[:1].upper() + said[1:]
    return link(said, f"method?m={metric.key}") if metric else tag("span", said)


FACETS = {
    "status": N_("projects that are looked after"),
    "attention": N_("what is to be decided and answered"),
    "unsorted": N_("repositories not sorted yet"),
    "publishers": N_("bodies that publish"),
    "members": N_("members that use a project"),
    "services": N_("projects that are a running service"),
}


def _cells(
    view: View, one: Shown, ospo: OspoRow, rows: Sequence[ProjectRow], times: _Times
) -> list[object]:
    now, then = times.values(one), times.before(one)
    if not now and (said := _in_words(view, _metric(one), ospo.key, rows)):
        return [said, "–"]
    if one.kind is Kind.FACET:
        return [_facet(view, one.key, ospo, rows), "–"]
    if one.kind is Kind.CHECK and one.key in CHECKS:
        return [_met(view, one.key, now), _met(view, one.key, then)]
    return [_typical(view, one.key, now), _typical(view, one.key, then)]


def _in_words(view: View, metric: str, ospo: str, rows: Sequence[ProjectRow]) -> str:
    """Count the projects by what is no number: a licence named, a life that is over."""
    _ = view.translator.text
    if metric == "license":
        named = view.source.declared(ospo).licensed
        return _("named by {n} of {all}", n=named, all=len(rows))
    if metric == "lifecycle":
        over = sum(row.status == "retired" for row in rows)
        return _("{n} of {all} retired", n=over, all=len(rows))
    return ""


def _met(view: View, key: str, values: Sequence[float]) -> str:
    """Say how many projects meet a check, by our usual threshold."""
    rule = CHECKS[key]
    if not values:
        return view.translator.text("no data")
    met = sum(value >= rule.met if rule.higher else value <= rule.met for value in values)
    return view.translator.text("{met} of {n} meet it", met=met, n=len(values))


def _typical(view: View, key: str, values: Sequence[float]) -> str:
    """Say what the middle project has, and of how many it is known."""
    translator, metric = view.translator, BY_KEY[key]
    if not values:
        return translator.text("no data")
    if metric.unit in ("yes/no", "yes or no"):
        yes = sum(map(bool, values))
        return translator.text("yes for {met} of {n}", met=yes, n=len(values))
    middle = amount(median(values), metric.unit, translator)
    return translator.text("typically {value} ({n} known)", value=middle, n=len(values))


def _facet(view: View, key: str, ospo: OspoRow, rows: Sequence[ProjectRow]) -> Html:
    _ = view.translator.text
    if key == Facet.UNSORTED:
        return link(_("see the Data page"), "data")
    if key == Facet.ATTENTION:
        mine = {row.key for row in rows}
        count = sum(str(one.get("project")) in mine for one in view.source.attention() or ())
        return link(str(count), f"./?ospo={ospo.key}")
    if key == Facet.MEMBERS:
        return tag("span", _members(view, ospo))
    return tag("span", str(_count(view, key, ospo, rows)))


def _count(view: View, key: str, ospo: OspoRow, rows: Sequence[ProjectRow]) -> int:
    match key:
        case Facet.STATUS:
            return sum(row.status in words.LOOKED_AFTER for row in rows)
        case Facet.SERVICES:
            return view.source.declared(ospo.key).services
        case Facet.PUBLISHERS:
            return view.source.declared(ospo.key).publishers
    return 0


def _members(view: View, ospo: OspoRow) -> str:
    """Say how many members use any of the projects, of how many there are."""
    given = ospo.settings.get("members")
    members = set(map(str, given)) if isinstance(given, list) else set()
    users = view.source.declared(ospo.key).users
    return view.translator.text("{n} of {all}", n=len(members & users), all=len(members))


def _records(view: View, ospo: OspoRow, kind: Archetype, times: _Times) -> list[dict[str, Part]]:
    return [
        {
            "ospo": ospo.key,
            "what": one.kind.value,
            "key": one.key,
            "now": median(now) if (now := times.values(one)) else None,
            "a_year_before": median(then) if (then := times.before(one)) else None,
        }
        for one in _allowed(view, kind.first)
        if one.kind is not Kind.FACET
    ]


# ---------------------------------------------------------------- over time


def _answers(rows: Sequence[ProjectRow]) -> Mapping[str, Mapping[str, int]]:
    """Count the projects by their answer to each question."""
    counted: dict[str, Counter[str]] = {key: Counter() for key in words.QUESTIONS}
    for row in rows:
        told = row.summary.get("questions")
        if isinstance(told, dict):
            for key, met in counted.items():
                met[str(told.get(key) or "unknown")] += 1
    return counted


def _questions(view: View, ospo: str, rows: Sequence[ProjectRow], today: Instant) -> None:
    """Draw the answers quarter by quarter, and last those of today."""
    dates = tuple(date_back(today, 3 * back) for back in range(QUARTERS - 1, 0, -1))
    answers = dict(view.source.answers_at(ospo, dates, tuple(words.QUESTIONS)))
    counted = view.source.kept("answers of today", (ospo,), lambda: _answers(rows))
    answers |= {(today, key): given for key, given in counted.items()}
    if not question_lines(view, (*dates, today), answers):
        said = view.translator.text("The answers of earlier months are not known yet.")
        show(tag("p", said, cls="ov-muted"))


# ---------------------------------------------------------------- official checklists


def _checklists(view: View, kind: Archetype, ospo: str) -> Html:
    """Count the projects by the level of each checklist, those nearest to this body first."""
    _, translator = view.translator.text, view.translator
    found = view.source.pack_counts(ospo)
    counted: dict[str, dict[str, int]] = {}
    for one in found:
        counted.setdefault(one.pack, {})[one.level or ""] = one.projects
    if not counted:
        said = _("No official checklist was judged yet. Collect once, or see:")
        return tag("p", said, " ", tag("code", "ospo-vitals packs"), cls="ov-muted")
    names = _level_names(view, (one.sample for one in found))
    rank = {pack: at for at, pack in enumerate(kind.packs)}
    headers = [_("Checklist"), _("Reached"), _("By level")]
    lines = []
    for pack in sorted(counted, key=lambda pack: (rank.get(pack, len(rank)), pack)):
        levels, total = counted[pack], sum(counted[pack].values())
        by_level = ", ".join(
            f"{_(names.get((pack, level), level) or 'none')}: {translator.number(count, 0)}"
            for level, count in sorted(levels.items())
        )
        reached = _("{n} of {all}", n=total - levels.get("", 0), all=total)
        lines.append([plain(pack, 60), reached, by_level])
    said = _("Projects that reach a level of each checklist; rule by rule on each project's page.")
    return table(said, headers, lines, wide=(2,))


def _level_names(view: View, projects: Iterable[int]) -> dict[tuple[str, str], str]:
    """Give the names of the levels, as the results of some projects have them."""
    return {
        (str(one.get("pack")), str(level.get("id"))): plain(level.get("name"), 60)
        for project in sorted(set(projects))
        for one in view.source.packs(project)
        for level in objects(one.get("levels"))
    }
