"""What is told of what was agreed about a project, and of who uses it?"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import agreed, declared
from dashboard.components.html import plain
from dashboard.reports import common, document
from dashboard.reports.document import (
    Block,
    Heading,
    Paragraph,
    Words,
)
from dashboard.reports.period import Period
from dashboard.sections import going
from dashboard.sections.shown import Shown, objects


def of_agreed(shown: Shown, chosen: Period) -> Iterator[Block | None]:
    """List goals and decisions."""
    _, view, row = shown.view.translator.text, shown.view, shown.row
    goals = [(row, one, shown.values.get(one.metric)) for _r, one in agreed.goals([row], chosen.at)]
    taken = agreed.decisions([row], chosen.at)
    yield common.goal_table(view, goals, named=False)
    yield common.decision_table(view, _("Decisions"), taken[: common.LISTED], named=False)
    yield from common.more(view, len(taken) - common.LISTED)
    if goals or taken:
        yield common.no_longer_dated(view, chosen)
    else:
        yield Paragraph(_("No goal is agreed and no decision is recorded."), "muted")


def of_money(shown: Shown, chosen: Period) -> Iterator[Block | None]:
    """List contracts and sources of money."""
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
        rows = [_agreement(shown, one) for one in found[: common.LISTED]]
        yield document.table(who, headers, rows)
        yield from common.more(shown.view, len(found) - common.LISTED)


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


def of_users(shown: Shown) -> Iterator[Block | None]:
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
