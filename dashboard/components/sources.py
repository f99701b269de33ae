"""Where do the figures come from? Repositories with their reading state, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import words
from dashboard.components import signs
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.data import RepositoryRow
from dashboard.view import View

RESULT = {"ok": "met", "archived": "met", "empty": "met", "moved": "at risk", "pending": "unknown"}


def repository_table(view: View, rows: Sequence[RepositoryRow]) -> Html:
    """List repositories: read or not, when, why not, what it cost."""
    _ = view.translator.text
    headers = [_("Repository"), _("State"), _("Last read"), _("What happened"), _("Cost")]
    lines = [_line(view, row) for row in rows]
    return table(_("Repositories and how their last reading went"), headers, lines, wide=(3,))


def _line(view: View, row: RepositoryRow) -> list[object]:
    _, translator = view.translator.text, view.translator
    read = translator.ago(row.last_success, view.now) if row.last_success else _("never")
    address = row.url.removeprefix("https://")
    return [
        link(plain(address, 80), row.url),
        _state(view, row),
        tag("span", read, cls="ov-nowrap"),
        _happened(view, row),
        _cost(view, row),
    ]


def _state(view: View, row: RepositoryRow) -> Html:
    result = RESULT.get(row.state, "not met")
    mark = signs.shape(words.result(result), words.COLOUR[result])
    word = view.translator.text(words.REPOSITORY.get(row.state, row.state))
    return tag("span", mark, tag("span", word), cls="ov-sign")


def _happened(view: View, row: RepositoryRow) -> Html:
    _ = view.translator.text
    if not row.error:
        return tag("span", _("nothing to report"), cls="ov-muted")
    said = [tag("div", plain(view.translator.told(row.error), 500))]
    if row.error_since:
        since = _("since {day}", day=view.translator.day(row.error_since))
        said.append(tag("div", since, cls="ov-why"))
    return join(*said)


def _cost(view: View, row: RepositoryRow) -> Html:
    translator, ngettext = view.translator, view.translator.plural
    requests, seconds = row.cost.get("requests"), row.cost.get("seconds")
    said = []
    if isinstance(requests, int | float):
        said.append(ngettext("{n} request", "{n} requests", int(requests)))
    if isinstance(seconds, int | float):
        said.append(translator.text("{n} s", n=translator.number(seconds)))
    return tag("span", ", ".join(said), cls="ov-muted ov-nowrap")
