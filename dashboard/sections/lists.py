"""What do official checklists say of it, rule by rule, with every input they used?"""

from __future__ import annotations

from collector.metric import Part
from collector.metrics import BY_KEY
from dashboard.components import signs
from dashboard.components.checks import phrase
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.tables import table
from dashboard.data import Json
from dashboard.i18n import N_
from dashboard.sections.shown import Shown, objects, whole
from dashboard.view import show

RULES = {"met": "met", "not met": "not met", "n/a": "n/a", "unknown": "unknown"}
WORDS = {"answer needed": N_("needs an answer")}


def section(shown: Shown) -> None:
    """Show each checklist: the level reached, what the next one lacks, every rule."""
    _ = shown.view.translator.text
    found = shown.view.source.packs(shown.row.id)
    if not found:
        said = _("No official checklist was judged yet. Collect once, or see:")
        show(tag("p", said, " ", tag("code", "ospo-vitals packs"), cls="ov-muted"))
        return
    for one in found:
        show(*_pack(shown, one))


def _pack(shown: Shown, one: Json) -> list[Html]:
    _ = shown.view.translator.text
    levels = objects(one.get("levels"))
    reached = next((lv for lv in levels if lv.get("id") == one.get("level")), None)
    following = next((lv for lv in levels if lv.get("id") == one.get("next")), None)
    level = _(plain(reached.get("name"), 80)) if reached else _("no level reached")
    said = [signs.said("met" if reached else "not met", level)]
    if following:
        said.append(tag("span", _next(shown, following), cls="ov-muted"))
    source = str(one.get("source") or "")
    title = tag("h2", link(plain(one.get("name"), 100), source) if source else one.get("name"))
    headers = [_("Rule"), _("Result"), _("Why")]
    rows = [_rule(shown, rule) for rule in objects(one.get("rules"))]
    listed = table(plain(one.get("name"), 100), headers, rows, wide=(2,))
    return [title, tag("p", join(*said, between=" · ")), listed]


def _next(shown: Shown, level: dict[str, Part]) -> str:
    """Say how far the next level is."""
    _ = shown.view.translator.text
    return _(
        "Next: {name}, {met} of {of} rules met",
        name=_(plain(level.get("name"), 80)),
        met=whole(level.get("met")),
        of=whole(level.get("of")),
    )


def _rule(shown: Shown, rule: dict[str, Part]) -> list[object]:
    translator = shown.view.translator
    state, metric = str(rule.get("state")), str(rule.get("metric") or "")
    title = translator.text(plain(rule.get("title"), 160))
    result = (
        signs.result(RULES[state], translator)
        if state in RULES
        else signs.said("unknown", translator.text(WORDS.get(state, state)))
    )
    why = [tag("div", phrase(rule.get("why"), translator))]
    if rule.get("note"):
        why.append(tag("div", translator.text(plain(rule.get("note"), 300)), cls="ov-why"))
    if rule.get("evidence"):
        why.append(tag("div", plain(rule.get("evidence"), 200), cls="ov-why"))
    name = link(title, f"method?m={metric}") if metric in BY_KEY else title
    return [name, result, join(*why)]
