"""What do the hosts still allow? Each credential's budgets, as their last answers said."""

from __future__ import annotations

from collector.forge import VALIDITY, Allowance
from dashboard.components.html import Html, join, plain, tag
from dashboard.components.tables import table
from dashboard.view import View


def budget_table(view: View) -> Html:
    """List what is left of each budget, and until when each credential is accepted."""
    _ = view.translator.text
    found = view.source.budgets()
    if not found:
        return join()
    headers = [_("Host and credential"), _("For what"), _("Left"), _("Until")]
    lines = [_line(view, each) for each in found if each.resets_at or each.remaining is not None]
    helps = tag("p", _("A tenth of each budget is left to its owner."), cls="ov-muted")
    return join(table(_("What hosts still allow"), headers, lines), helps)


def _line(view: View, each: Allowance) -> list[object]:
    translator, zone = view.translator, view.settings.timezone
    until = translator.moment(each.resets_at, zone) if each.resets_at else ""
    if each.resource == VALIDITY:
        return [plain(each.credential, 120), translator.text("the token itself"), "", until]
    return [plain(each.credential, 120), plain(each.resource, 24), _left(view, each), until]


def _left(view: View, each: Allowance) -> str:
    translator, now = view.translator, view.now
    if each.resets_at is not None and each.resets_at <= now:
        return translator.text("all of it again")
    left = translator.number(each.remaining or 0, 0)
    if each.allowed is None:
        return left
    return translator.text("{left} of {all}", left=left, all=translator.number(each.allowed, 0))
