"""What are the figures behind a value called? The parts of values, and of what a pass tells."""

from __future__ import annotations

from dashboard.i18n import N_

WORDS = (
    N_("active"), N_("active weeks"), N_("age days"), N_("answered"), N_("archived"),
    N_("at least"), N_("attributed"), N_("bodies"), N_("bots"), N_("by"), N_("cases"),
    N_("change"), N_("changed"), N_("changes"), N_("closed"), N_("closed by bots"),
    N_("commits"), N_("compared"), N_("credits"), N_("days"), N_("days since"), N_("decided"),
    N_("declared"), N_("declined"), N_("delivery"), N_("direct pushes"), N_("dumps"),
    N_("earlier"), N_("elsewhere"), N_("equal"), N_("failed"), N_("found"), N_("held"),
    N_("issue activity"), N_("issues"), N_("items"), N_("kept at"), N_("last"), N_("left"),
    N_("main"), N_("measured"), N_("merged"), N_("missing"), N_("newest"), N_("not read"),
    N_("now"), N_("oldest"), N_("oldest days"), N_("oldest open days"), N_("open"),
    N_("open at start"), N_("opened"), N_("osi approved"), N_("other repositories"),
    N_("others"), N_("overdue"), N_("party"), N_("persons"), N_("place"), N_("pre releases"),
    N_("releases"), N_("repositories"), N_("repository"), N_("reviewed"), N_("seen"),
    N_("self merged"), N_("since"), N_("stale"), N_("sources failed"), N_("stayed"),
    N_("stopped"), N_("supplier"), N_("top"), N_("type"), N_("until"), N_("users"),
    N_("waiting"), N_("weeks"), N_("spdx"), N_("releases"), N_("service"), N_("both"), N_("none"),
)  # fmt: skip
"""The words of ``collector``'s keys; another one is shown as it is written there.

The last ones are values: how a project delivers."""


def part_word(key: str) -> str:
    """Give the words of a key, to be translated."""
    return key.replace("_", " ")
