"""What does a pass see late? Changes that move nothing at a host, and wait for the slow sweep."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.components.html import Html, join, tag
from dashboard.components.tables import table
from dashboard.i18n import N_
from dashboard.view import View

LATE: tuple[tuple[str, str, frozenset[str]], ...] = (
    (
        N_("a renamed account, somebody's changed role"),
        N_("every forge"),
        frozenset({"github", "gitlab", "forgejo", "gitea"}),
    ),
    (
        N_("a deleted comment; on GitLab also a deleted issue or merge request that was closed"),
        N_("where the deletion moved no date"),
        frozenset({"github", "gitlab", "forgejo", "gitea"}),
    ),
    (
        N_("labels, titles, drafts, where nothing else happened"),
        N_("GitLab, of projects that are watched alone"),
        frozenset({"gitlab"}),
    ),
    (
        N_("pipelines that run by schedule: whether the checks pass is as old as the last change"),
        N_("GitLab"),
        frozenset({"gitlab"}),
    ),
)
"""What, where, and on which kinds of hosts."""


def late_table(view: View, kinds: Iterable[str]) -> Html:
    """List what waits on the kinds of hosts that are there, and how not to wait."""
    _, there = view.translator.text, frozenset(kinds)
    lines: list[list[object]] = [[_(what), _(where)] for what, where, on in LATE if on & there]
    if not lines:
        return join()
    said = _(
        "A pass asks each host what moved since the last one. These changes move nothing there; "
        "they wait until the slow sweep comes to a repository: once in 30 days, a share every "
        "night."
    )
    now = _("To read all of a project at once:")
    command = tag("code", "ospo-vitals collect --full --project ID")
    return join(
        tag("h2", _("What is seen late")),
        tag("p", said),
        table(_("What waits for the slow sweep"), [_("What"), _("Where")], lines, wide=(0, 1)),
        tag("p", now, " ", command, cls="ov-muted"),
    )
