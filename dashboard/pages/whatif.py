"""Which projects would have nobody without this supplier, this person, this grant?"""

from __future__ import annotations

from collections.abc import Sequence

from collector.metric import Part
from dashboard import departure, people, problem
from dashboard.components import signs
from dashboard.components.controls import code_of, ospo_choice, paged
from dashboard.components.html import Html, items, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.data import ProjectRow
from dashboard.departure import Left, Without
from dashboard.i18n import N_
from dashboard.pages.people import who
from dashboard.view import View, begin, empty, show

PURPOSE = N_("Which projects would have nobody without this supplier, this person, this grant?")
COLUMNS = (
    "project", "name", "criticality", "regular_now", "regular_then", "nobody", "share_of_work",
    "status_then", "risk_then", "checks_worse", "undelivered_commits", "open_proposals",
)  # fmt: skip


def page(view: View) -> None:
    """Ask who goes, and show what would be left."""
    _ = view.translator.text
    begin(view, _("What if?"), _(PURPOSE))
    ospo = ospo_choice(view)
    rows = view.source.own(ospo)
    if not rows:
        problem.no_projects(view)
        return
    if not any(row.as_of for row in rows):
        problem.nothing_measured(view)
        return
    options = _options(view, ospo)
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
    found = view.source.kept_large(
        "what if", (chosen, ospo), lambda: _left(view, rows, without, ospo)
    )
    _result(view, found, options[chosen])
    takeaway(view, "what-if", COLUMNS, lambda: _records(found))
    _note(view, without)


def _options(view: View, ospo: str) -> dict[str, str]:
    """List everybody and everything that could go, by name."""
    _ = view.translator.text
    called = view.names
    found = {}
    for code in view.source.what_if_choices():
        without = departure.parse(code)
        if without is None or (without.kind == "person" and not view.reader.names):
            continue
        found[code] = _said(view, without, called.get(without.key, without.key))
    ordered = dict(sorted(found.items(), key=lambda item: item[1].casefold()))
    if view.shows_people:
        for person in view.source.persons(ospo):
            if any(part.hangs for part in person.parts):
                code = f"person:{person.token}"
                ordered[code] = _said(
                    view, Without("person", person.token), who(view, person, called)
                )
    return ordered


def _said(view: View, without: Without, name: str) -> str:
    _ = view.translator.text
    if without.kind == "supplier":
        return _("{name} (organisation)", name=plain(name, 60))
    if without.kind == "funding":
        return _("{name} (money)", name=plain(name, 60))
    return _("{name} (person)", name=plain(name, 90))


def _left(view: View, rows: Sequence[ProjectRow], without: Without, ospo: str) -> list[Left]:
    outcomes = view.source.what_if_of(f"{without.kind}:{without.key}")
    if outcomes or without.kind != "person":
        return departure.judged(rows, outcomes)
    return departure.without_person(view.source.persons(ospo), without.key)


def _result(view: View, found: Sequence[Left], name: str) -> None:
    _, ngettext = view.translator.text, view.translator.plural
    nobody = sum(one.nobody for one in found)
    worse = sum(any(flip.worse for flip in one.flips) for one in found)
    head = _("Without {name}", name=name)
    parts = [
        ngettext("{n} project would be touched", "{n} projects would be touched", len(found)),
        ngettext("{n} would have nobody", "{n} would have nobody", nobody),
    ]
    if worse:
        parts.append(ngettext("{n} would be judged worse", "{n} would be judged worse", worse))
    show(tag("p", f"{head}: {', '.join(parts)}.", cls="ov-lead"))
    if not found:
        return
    headers = [_("Project"), _("How bad"), _("Regular people"), _("Then"), _("What would change")]
    rows = [_line(view, one) for one in paged(found)]
    show(table(_("Projects that would be touched"), headers, rows, numeric=(1,), wide=(4,)))


def _line(view: View, one: Left) -> list[object]:
    _ = view.translator.text
    before, after = one.regular
    regular = (
        "–" if before is None else _("{before}, then {after}", before=before, after=after or 0)
    )
    return [
        link(one.row.name, f"project?p={one.row.key}"),
        str(one.row.criticality or "–"),
        regular,
        _then(view, one),
        _changes(view, one),
    ]


def _then(view: View, one: Left) -> Html:
    """Say what it would come to, by word, shape and colour."""
    _ = view.translator.text
    if one.nobody:
        return signs.said("not met", _("nobody would work on it regularly"))
    if one.status[0] != one.status[1]:
        return signs.status(one.status[1], view.translator)
    heavy = bool(one.worse) or (one.share or 0) >= people.HALF
    return signs.said("at risk" if heavy else "met", _("others would carry on"))


def _changes(view: View, one: Left) -> Html:
    """List the checks that would be worse, the work that would stay, what would end."""
    _, translator = view.translator.text, view.translator
    said: list[object] = []
    if one.share is not None:
        said.append(_("{share} of last year's work is theirs", share=translator.percent(one.share)))
    if one.ending:
        said.append(_("a contract or money ends"))
    if one.risk[0] != one.risk[1] and one.risk[1]:
        said.append(join(_("risk then:"), " ", signs.risk(one.risk[1], translator)))
    said += [_flip(view, flip) for flip in one.worse]
    if one.undelivered:
        said.append(
            translator.plural(
                "{n} commit of theirs waits to be delivered",
                "{n} commits of theirs wait to be delivered",
                one.undelivered,
            )
        )
    if one.proposals:
        said.append(
            translator.plural(
                "{n} open proposed change is theirs",
                "{n} open proposed changes are theirs",
                one.proposals,
            )
        )
    return items(*said, cls="ov-plain") if said else tag("span", "–", cls="ov-muted")


def _flip(view: View, flip: departure.Flip) -> Html:
    _, translator = view.translator.text, view.translator
    title = _(flip.title)
    before, after = (signs.result(key, translator) for key in (flip.before, flip.after))
    return join(title[:1].upper() + title[1:], ": ", before, " → ", after)


def _records(found: Sequence[Left]) -> list[dict[str, Part]]:
    return [
        {
            "project": one.row.key,
            "name": one.row.name,
            "criticality": one.row.criticality,
            "regular_now": one.regular[0],
            "regular_then": one.regular[1],
            "nobody": one.nobody,
            "share_of_work": None if one.share is None else round(one.share, 4),
            "status_then": one.status[1] or None,
            "risk_then": one.risk[1] or None,
            "checks_worse": [flip.title for flip in one.worse],
            "undelivered_commits": one.undelivered,
            "open_proposals": one.proposals,
        }
        for one in found
    ]


def _note(view: View, without: Without) -> None:
    _ = view.translator.text
    said = (
        _("The records of a year are read as if those who go had not been there."),
        _("It foretells nothing: others may take over, and hand-over takes time."),
    )
    command = tag("code", f"ospo-vitals whatif --without {without.kind}:…")
    more = tag("p", _("From another day on:"), " ", command, cls="ov-why")
    show(items(*said, cls="ov-why"), more if without.kind != "person" else "")
