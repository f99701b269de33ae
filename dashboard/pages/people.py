"""Which projects hang on one person, which on one supplier?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.metric import Part
from dashboard import people, problem
from dashboard.components import signs
from dashboard.components.controls import ospo_choice, paged, sections
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow
from dashboard.i18n import N_
from dashboard.people import Body, Person, Share
from dashboard.view import View, begin, show

PURPOSE = N_("Which projects hang on one person, which on one supplier?")
SECTIONS = {
    "projects": N_("Projects that hang on one person"),
    "persons": N_("People who carry several projects"),
    "suppliers": N_("Suppliers and other organisations"),
}
LISTED = 20
"""So many projects of one person or body are named in a table."""
KINDS = {
    "supplier": N_("supplier"),
    "public-body": N_("public body"),
    "association": N_("association"),
    "academic": N_("academic"),
}
COLUMNS = ("project", "name", "carrier", "organisation", "share", "nobody_else_regular")


def page(view: View) -> None:
    """Show on whom projects hang, by project, by person, by organisation."""
    _ = view.translator.text
    begin(view, _("People"), _(PURPOSE))
    if not view.shows_people:
        said = _("This is open data: nothing that is derived from single persons is shown.")
        show(tag("p", said), tag("p", link(_("See the projects"), "projects")))
        return
    ospo = ospo_choice(view)
    rows = view.source.own(ospo)
    if not rows:
        problem.no_projects(view)
        return
    if not any(row.as_of for row in rows):
        problem.nothing_measured(view)
        return
    found = view.source.persons(ospo)
    hang = view.source.hanging(ospo)
    counted = view.source.kept("hanging, counted", (ospo,), lambda: _counted(hang))
    _position(view, len(rows), view.source.declared(ospo).unknown, *counted)
    chosen = sections(view, _("Show"), SECTIONS, "s")
    if chosen == "suppliers":
        _bodies(view, view.source.bodies(ospo))
    elif chosen == "persons":
        _several(view, found)
    else:
        _hanging(view, hang)
    takeaway(view, "people", COLUMNS, lambda: _records(found))
    _note(view)


def _counted(lines: Sequence[tuple[Share, Person]]) -> tuple[int, int]:
    """Count the projects that hang on somebody, and those where nobody else works regularly."""
    hang = {part.row.id for part, _person in lines}
    return len(hang), len({part.row.id for part, _person in lines if part.alone})


def _position(view: View, count: int, unknown: int, hang: int, alone: int) -> None:
    ngettext = view.translator.plural
    head = ngettext("Of {n} project", "Of {n} projects", count - unknown)
    said = ngettext("{n} hangs on one person", "{n} hang on one person", hang)
    more = ngettext(
        "in {n} of them nobody else works on it regularly.",
        "in {n} of them nobody else works on it regularly.",
        alone,
    )
    dark = ngettext(
        "Of {n} other it is not known who works on it.",
        "Of {n} others it is not known who works on them.",
        unknown,
    )
    show(tag("p", f"{head} {said}; {more}", cls="ov-lead"), tag("p", dark) if unknown else "")


def _hanging(view: View, lines: Sequence[tuple[Share, Person]]) -> None:
    _ = view.translator.text
    if not lines:
        show(tag("p", _("No project hangs on one person. That is good news."), cls="ov-muted"))
        return
    headers = [_("Project"), _("Hangs on"), _("Share of the work"), _("Without them")]
    called = view.names
    rows = [
        [
            _project(part.row),
            who(view, person, called),
            _share(view, part),
            _after(view, part, person),
        ]
        for part, person in paged(lines)
    ]
    show(table(_("Projects that hang on one person"), headers, rows, numeric=(2,)))


def _project(row: ProjectRow) -> Html:
    return link(row.name, f"project?p={row.key}&s=people")


def _named(view: View, parts: Sequence[Share]) -> object:
    """Name the projects that matter most, and count the others."""
    more = len(parts) - LISTED
    listed: list[object] = [_project(part.row) for part in parts[:LISTED]]
    if more > 0:
        listed.append(view.translator.plural("and {n} more", "and {n} more", more))
    return join(*listed, between=", ") or "–"


def who(view: View, person: Person, called: Mapping[str, str]) -> str:
    """Say a person without naming anybody: a number, and for whom they work.

    ``called``: the names of organisations.
    """
    name = view.translator.text("Developer {n}", n=person.number)
    body = called.get(person.organisation, person.organisation)
    return f"{name} · {plain(body, 60)}" if body else name


def _share(view: View, part: Share) -> str:
    return view.translator.percent(part.share)


def _after(view: View, part: Share, person: Person) -> Html:
    """Say who would be left, and lead to what would follow."""
    translator = view.translator
    left = part.all_regular - part.regular
    if part.alone:
        said = translator.text("nobody who works on it regularly")
    elif part.all_regular == 0:
        said = translator.text("nobody works on it regularly even now")
    else:
        said = translator.plural(
            "{n} other who works on it regularly", "{n} others who work on it regularly", left
        )
    more = link(translator.text("what if?"), f"what-if?without=person:{person.token}")
    return join(signs.said("not met" if part.alone else "at risk", said), " ", more)


def _several(view: View, found: Sequence[Person]) -> None:
    _ = view.translator.text
    several = [person for person in found if len(person.parts) > 1]
    if not several:
        show(tag("p", _("Nobody carries more than one project."), cls="ov-muted"))
        return
    called = view.names
    headers = [_("Person"), _("Carries"), _("Nobody else works regularly on")]
    rows = [
        [
            who(view, person, called),
            _named(view, person.parts),
            _named(view, [part for part in person.parts if part.alone]),
        ]
        for person in paged(several)
    ]
    show(
        table(_("People who carry several projects, as they appeared"), headers, rows, wide=(1, 2))
    )


def _bodies(view: View, found: Sequence[Body]) -> None:
    _, translator = view.translator.text, view.translator
    called = view.names
    if not found:
        said = _("No organisation is known. Name mail domains, teams or contracts:")
        show(tag("p", said, " ", tag("code", "config/ospo-vitals.yaml"), cls="ov-muted"))
        return
    headers = [
        _("Organisation"),
        _("Kind"),
        _("Works on"),
        _("Does half or more of"),
        _("Without it nobody for"),
        _("Contracts that run"),
    ]
    rows = [
        [
            join(
                plain(called.get(body.key, body.key), 60),
                tag("div", link(_("what if?"), f"what-if?without=supplier:{body.key}")),
            ),
            _(KINDS.get(body.kind, N_("not said"))),
            translator.number(len(body.parts), 0),
            translator.number(sum(part.share >= people.HALF for part in body.parts), 0),
            _named(view, [part for part in body.parts if part.alone]),
            translator.number(len(body.contracts), 0),
        ]
        for body in paged(found)
    ]
    show(table(_("Organisations"), headers, rows, numeric=(2, 3, 5), wide=(4,)))


def _records(found: Sequence[Person]) -> list[dict[str, Part]]:
    return [
        {
            "project": part.row.key,
            "name": part.row.name,
            "carrier": person.number,
            "organisation": person.organisation,
            "share": round(part.share, 4),
            "nobody_else_regular": part.alone,
        }
        for person in found
        for part in person.parts
        if part.hangs
    ]


def _note(view: View) -> None:
    _ = view.translator.text
    said = (
        _("People are numbered as they first appeared; a number says nothing of how much they do."),
        _("A project hangs on somebody who does half of its work, or alone works on it regularly."),
        _("Numbers may change when people come and go; use them for talking, not for files."),
    )
    about = link(_("How is this counted?"), "method?m=contributor_absence_factor")
    show(items(*said, cls="ov-why"), tag("p", about, cls="ov-why"))
