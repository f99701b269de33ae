"""Which projects would have nobody without this supplier, this person, this grant?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.metric import Part
from dashboard import declared, departure, people, position, problem
from dashboard.components import signs
from dashboard.components.controls import code_of, ospo_choice
from dashboard.components.html import Html, items, link, plain, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow
from dashboard.departure import Left, Without
from dashboard.i18n import N_
from dashboard.pages.people import who
from dashboard.view import View, begin, empty, show

PURPOSE = N_("Which projects would have nobody without this supplier, this person, this grant?")
COLUMNS = (
    "project", "name", "criticality", "share_of_work", "regular_now", "regular_then", "nobody",
    "unpaid",
)  # fmt: skip
SUFFIX = {
    "supplier": N_("{name} (organisation)"),
    "funding": N_("{name} (money)"),
    "person": N_("{name} (person)"),
}


def page(view: View) -> None:
    """Ask who goes, and show what would be left."""
    _ = view.translator.text
    begin(view, _("What if?"), _(PURPOSE))
    ospo = ospo_choice(view)
    rows = [row for row in position.ours(view.source.projects()) if ospo in ("", row.ospo)]
    if not rows:
        problem.no_projects(view)
        return
    options = _options(view, rows)
    if not options:
        empty(
            view,
            _("Nobody is known who could go"),
            _("Name contracts, funding or organisations in the portfolio files, then collect."),
        )
        return
    chosen = code_of(_("Without whom?"), {"": _("Choose one"), **options}, "without")
    without = departure.parse(chosen)
    if without is None:
        show(tag("p", _("Choose who or what goes; each is somebody the portfolio knows of.")))
        return
    found = departure.left(rows, view.source.series_everywhere("holders"), without)
    _result(view, found, options[chosen])
    takeaway(view, "what-if", COLUMNS, lambda: _records(found))
    _note(view, without)


def _options(view: View, rows: Sequence[ProjectRow]) -> dict[str, str]:
    """List everybody and everything that could go."""
    _ = view.translator.text
    holders = view.source.series_everywhere("holders")
    called = declared.names(view.source.ospos())
    found = {
        f"supplier:{body.key}": _(SUFFIX["supplier"]).format(
            name=plain(called.get(body.key, body.key), 60)
        )
        for body in people.bodies(rows, holders)
    }
    for source in departure.funders(rows):
        found[f"funding:{source}"] = _(SUFFIX["funding"]).format(name=plain(source, 60))
    if view.shows_people:
        for person in people.persons(rows, holders):
            if any(part.hangs for part in person.parts):
                name = who(view, person)
                found[f"person:{person.token}"] = _(SUFFIX["person"]).format(name=name)
    return found


def _result(view: View, found: Sequence[Left], name: str) -> None:
    _, ngettext = view.translator.text, view.translator.plural
    grave = [one for one in found if one.nobody]
    unpaid = [one for one in found if one.unpaid]
    head = _("Without {name}", name=name)
    said = ngettext("{n} project would be touched", "{n} projects would be touched", len(found))
    parts = [
        ngettext("{n} would have nobody", "{n} would have nobody", len(grave)),
        ngettext("{n} would have no money", "{n} would have no money", len(unpaid)),
    ]
    show(tag("p", f"{head}, {said}: {', '.join(parts)}.", cls="ov-lead"))
    if not found:
        return
    headers = [_("Project"), _("How bad"), _("Work that would go"), _("Regular people"), _("Then")]
    rows = [_line(view, one) for one in found]
    show(table(_("Projects that would be touched"), headers, rows, numeric=(1, 2)))


def _line(view: View, one: Left) -> list[object]:
    _, translator = view.translator.text, view.translator
    regular = _("{before}, then {after}", before=one.before, after=one.after) if one.before else "–"
    return [
        link(one.row.name, f"project?p={one.row.key}"),
        str(one.row.criticality or "–"),
        translator.percent(one.share) if one.share else "–",
        regular,
        _then(view, one),
    ]


def _then(view: View, one: Left) -> Html:
    """Say what it would come to, by word, shape and colour."""
    _ = view.translator.text
    if one.nobody:
        return signs.said("not met", _("nobody would work on it regularly"))
    if one.unpaid:
        return signs.said("not met", _("nothing else pays for it"))
    if one.ends:
        return signs.said("at risk", _("a contract or money ends; others run on"))
    return signs.said("at risk" if one.share >= people.HALF else "met", _("others would carry on"))


def _records(found: Sequence[Left]) -> list[dict[str, Part]]:
    return [
        {
            "project": one.row.key,
            "name": one.row.name,
            "criticality": one.row.criticality,
            "share_of_work": round(one.share, 4),
            "regular_now": one.before,
            "regular_then": one.after,
            "nobody": one.nobody,
            "unpaid": one.unpaid,
        }
        for one in found
    ]


def _note(view: View, without: Without) -> None:
    _ = view.translator.text
    said = (
        _("It counts who worked on it regularly in the last year, and takes away those who go."),
        _("It foretells nothing: others may take over, and hand-over takes time."),
    )
    command = tag("code", f"ospo-vitals whatif --without {without.kind}:…")
    more = tag("p", _("Each check judged anew:"), " ", command, cls="ov-why")
    show(items(*said, cls="ov-why"), more if without.kind != "person" else "")
