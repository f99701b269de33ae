"""What does a body of a kind look at first: how is it now, and how was it a year before?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from collector.archetype import Archetype, Facet, Kind, Shown
from collector.judgement.open_data import PERSONAL
from collector.judgement.rules import RULES
from collector.metric import Part
from collector.metrics import BY_KEY
from collector.model import Instant
from dashboard import words
from dashboard.components.compare import date_back
from dashboard.components.explain import amount
from dashboard.components.html import plain
from dashboard.data import Json, OspoRow, ProjectRow
from dashboard.i18n import N_
from dashboard.sections.shown import objects
from dashboard.view import View

CHECKS = {rule.key: rule for rule in RULES}
FACETS = {
    "status": N_("projects that are looked after"),
    "attention": N_("what is to be decided and answered"),
    "unsorted": N_("repositories not sorted yet"),
    "publishers": N_("bodies that publish"),
    "members": N_("members that use a project"),
    "services": N_("projects that are a running service"),
}
NOT_DATED = frozenset({Facet.UNSORTED, Facet.ATTENTION})
"""What only the present is known of."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One line: what, now, a year before, and why it matters. ``metric``: behind it, if any.

    ``leads``: the address of a page that tells more of what is now.
    """

    title: str
    metric: str
    now: str
    before: str
    why: str
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """The figures of one OSPO's projects, now and at the same season a year before."""

    now: Mapping[str, Sequence[float]]
    then: Mapping[str, Sequence[float]]
    at: Instant

    def values(self, one: Shown) -> Sequence[float]:
        """Give the newest values of what is shown."""
        return self.now.get(metric(one), ())

    def before(self, one: Shown) -> Sequence[float]:
        """Give those of a year before."""
        return self.then.get(metric(one), ())


def times(view: View, ospo: str, kind: Archetype, rows: Sequence[ProjectRow]) -> Times:
    """Read the figures that a body of this kind looks at first."""
    keys = sorted({metric(one) for one in kind.first} & set(BY_KEY))
    at = date_back(max(row.as_of or 0 for row in rows), 12)
    source = view.source
    return Times(source.spread(ospo, keys, view.past), source.spread(ospo, keys, at), at)


def yardsticks(
    view: View, ospo: OspoRow, kind: Archetype, rows: Sequence[ProjectRow], found: Times
) -> list[Yardstick]:
    """List what a body of this kind looks at first, in its order."""
    return [_yardstick(view, one, ospo, rows, found) for one in allowed(view, kind.first)]


def allowed(view: View, first: Iterable[Shown]) -> list[Shown]:
    """Leave out what is derived from people, where it is not shown, and what is not dated."""
    return [
        one
        for one in first
        if (view.shows_people or metric(one) not in PERSONAL)
        and not (view.past is not None and one.key in NOT_DATED)
    ]


def records(view: View, ospo: OspoRow, kind: Archetype, found: Times) -> list[dict[str, Part]]:
    """Give the same as flat records."""
    return [
        {
            "ospo": ospo.key,
            "what": one.kind.value,
            "key": one.key,
            "now": median(now) if (now := found.values(one)) else None,
            "a_year_before": median(then) if (then := found.before(one)) else None,
        }
        for one in allowed(view, kind.first)
        if one.kind is not Kind.FACET
    ]


def metric(one: Shown) -> str:
    """Name the metric behind what is shown; a facet has none."""
    if one.kind is Kind.CHECK:
        return CHECKS[one.key].metric if one.key in CHECKS else one.key
    return one.key if one.kind is Kind.METRIC else ""


def _yardstick(
    view: View, one: Shown, ospo: OspoRow, rows: Sequence[ProjectRow], found: Times
) -> Yardstick:
    now, before, leads = _cells(view, one, ospo, rows, found)
    why = view.translator.phrase({"text": one.why.template, "args": {}})
    behind = metric(one) if metric(one) in BY_KEY else ""
    return Yardstick(_title(view, one), behind, now, before, why, leads)


def _title(view: View, one: Shown) -> str:
    _ = view.translator.text
    behind = BY_KEY.get(metric(one))
    if one.kind is Kind.CHECK and one.key in CHECKS:
        said = _(CHECKS[one.key].title)
    else:
        said = _(behind.words or behind.title) if behind else _(FACETS.get(one.key, one.key))
    return said[:1].upper() + said[1:]


def _cells(
    view: View, one: Shown, ospo: OspoRow, rows: Sequence[ProjectRow], found: Times
) -> tuple[str, str, str]:
    now, then = found.values(one), found.before(one)
    if not now and (said := _in_words(view, metric(one), ospo.key, rows)):
        return said, "–", ""
    if one.kind is Kind.FACET:
        said, leads = _facet(view, one.key, ospo, rows)
        return said, "–", leads
    if one.kind is Kind.CHECK and one.key in CHECKS:
        return _met(view, one.key, now), _met(view, one.key, then), ""
    return _typical(view, one.key, now), _typical(view, one.key, then), ""


def _in_words(view: View, behind: str, ospo: str, rows: Sequence[ProjectRow]) -> str:
    """Count the projects by what is no number: a licence named, a life that is over."""
    _ = view.translator.text
    if behind == "license":
        named = view.source.declared(ospo).licensed
        return _("named by {n} of {all}", n=named, all=len(rows))
    if behind == "lifecycle":
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
    translator, behind = view.translator, BY_KEY[key]
    if not values:
        return translator.text("no data")
    if behind.unit in ("yes/no", "yes or no"):
        yes = sum(map(bool, values))
        return translator.text("yes for {met} of {n}", met=yes, n=len(values))
    middle = amount(median(values), behind.unit, translator)
    return translator.text("typically {value} ({n} known)", value=middle, n=len(values))


def _facet(view: View, key: str, ospo: OspoRow, rows: Sequence[ProjectRow]) -> tuple[str, str]:
    _ = view.translator.text
    if key == Facet.UNSORTED:
        return _("see the Data page"), "data"
    if key == Facet.ATTENTION:
        mine = {row.key for row in rows}
        count = sum(str(one.get("project")) in mine for one in view.source.attention() or ())
        return str(count), f"./?ospo={ospo.key}"
    if key == Facet.MEMBERS:
        return _members(view, ospo), ""
    return str(_count(view, key, ospo, rows)), ""


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


# ---------------------------------------------------------------- official checklists


def checklists(view: View, kind: Archetype, ospo: str) -> list[tuple[str, str, str]]:
    """Count an OSPO's projects by the level of each checklist, those nearest to this body first.

    A line: the checklist, how many reach a level of it, and how many each level.
    """
    _, translator = view.translator.text, view.translator
    found = view.source.pack_counts(ospo)
    counted: dict[str, dict[str, int]] = {}
    for one in found:
        counted.setdefault(one.pack, {})[one.level or ""] = one.projects
    samples = sorted({one.sample for one in found})
    results = [one for project in samples for one in view.source.packs(project)]
    called = {str(one.get("pack")): plain(one.get("name"), 80) for one in results}
    names = _level_names(results)
    rank = {pack: at for at, pack in enumerate(kind.packs)}
    lines = []
    for pack in sorted(counted, key=lambda pack: (rank.get(pack, len(rank)), pack)):
        levels, total = counted[pack], sum(counted[pack].values())
        by_level = ", ".join(
            f"{_(names.get((pack, level), level) or 'none')}: {translator.number(count, 0)}"
            for level, count in sorted(levels.items())
        )
        reached = _("{n} of {all}", n=total - levels.get("", 0), all=total)
        lines.append((called.get(pack, plain(pack, 60)), reached, by_level))
    return lines


def _level_names(results: Iterable[Json]) -> dict[tuple[str, str], str]:
    """Give the names of the levels, as the results of some projects have them."""
    return {
        (str(one.get("pack")), str(level.get("id"))): plain(level.get("name"), 60)
        for one in results
        for level in objects(one.get("levels"))
    }
