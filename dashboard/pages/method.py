"""What does each number mean? Every definition, made from the registry the code computes by."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from collector.examples import BY_KEY as EXAMPLES
from collector.examples import instant, outcome
from collector.judgement.checks import Rule
from collector.judgement.rules import RULES as ESSENTIAL
from collector.metric import Metric, Part
from collector.metrics import BY_KEY, METRICS
from dashboard import words
from dashboard.components import signs
from dashboard.components.explain import NEEDS, amount, definitions
from dashboard.components.html import Html, items, join, link, tag
from dashboard.components.tables import table
from dashboard.components.takeaway import takeaway
from dashboard.i18n import N_
from dashboard.view import View, begin, show
from dashboard.words import families

PURPOSE = N_("What does each figure mean, how is it counted, and when is it good?")
COLUMNS = (
    "key", "title", "question", "formula", "unit", "window_days", "better", "reference", "version",
)  # fmt: skip
BETTER = {
    "higher": N_("more is better"),
    "lower": N_("less is better"),
    "neither": N_("neither, it is never judged"),
}
RULES = (
    N_("Every figure is computed as of a date: nothing that came later can change it."),
    N_(
        "Bots are left out unless the definition says otherwise; "
        "a name that merely contains “bot” is a person."
    ),
    N_("Two traces are one person for a stated reason only, never because the names are alike."),
    N_(
        "Missing is never zero: “does not apply” and “not collected” are answers of their own, "
        "with the reason."
    ),
    N_(
        "Durations are medians, with the time within which nine in ten were done, "
        "and the number of cases."
    ),
    N_("With fewer than five cases nothing is judged."),
    N_("There is no score: only questions, checks and their reasons."),
)


def page(view: View) -> None:
    """Show the rules, the words for a status, and each definition, all or those asked for."""
    _ = view.translator.text
    begin(view, _("Method"), _(PURPOSE))
    wanted = st.query_params.get("m", "")
    one = [metric for metric in METRICS if metric.key == wanted]
    if one:
        show(_metric(view, one[0], opened=True), tag("p", link(_("All definitions"), "method")))
        return
    show(tag("h2", _("What holds for every figure")), items(*(_(rule) for rule in RULES)))
    show(tag("h2", _("What a status means")), _statuses(view))
    show(
        tag("h2", _("What is judged")),
        tag("p", _("A question's answer is its worst decided check. Thresholds can be set.")),
        _rules(view),
    )
    show(tag("h2", _("The figures")))
    text = st.text_input(
        _("Find a figure"),
        key="q",
        bind="query-params",
        placeholder=_("for example: answer"),
        max_chars=60,
    )
    found = matching(METRICS, text or "")
    show(
        tag(
            "p",
            view.translator.plural("{n} figure", "{n} figures", len(found)),
            cls="ov-muted",
            role="status",
        ),
        *(_family(view, title, [m for m in found if m.key in keys]) for title, keys in families()),
    )
    takeaway(view, "definitions", COLUMNS, lambda: [_record(metric) for metric in found])


def _record(metric: Metric) -> dict[str, Part]:
    """Give one definition as a flat record."""
    return {
        "key": metric.key,
        "title": metric.title,
        "question": metric.question,
        "formula": metric.formula,
        "unit": metric.unit,
        "window_days": metric.window,
        "better": metric.better.value,
        "reference": metric.reference,
        "version": metric.version,
    }


def _family(view: View, title: str, found: Sequence[Metric]) -> Html:
    if not found:
        return Html("")
    listed = tag("div", *(_metric(view, metric) for metric in found), cls="ov-columns")
    return tag("section", tag("h2", view.translator.text(title)), listed)


def matching(metrics: Sequence[Metric], text: str) -> list[Metric]:
    """Keep the metrics in whose title, words, key or question all the words stand."""
    sought = text.casefold().split()
    return [
        metric
        for metric in metrics
        if all(
            word in f"{metric.key} {metric.title} {metric.words} {metric.question}".casefold()
            for word in sought
        )
    ]


def _statuses(view: View) -> Html:
    _ = view.translator.text
    rows = [
        join(signs.status(key, view.translator), ": ", _(words.STATUS[key].meaning))
        for key in words.ORDER
    ]
    return items(*rows)


def _rules(view: View) -> Html:
    """List the essential checks with their usual thresholds."""
    _ = view.translator.text
    headers = [_("Check"), _("Question"), _("Met"), _("Not met"), _("Figure")]
    return table(_("The essential checks"), headers, [_rule(view, rule) for rule in ESSENTIAL])


def _rule(view: View, rule: Rule) -> list[object]:
    _, translator = view.translator.text, view.translator
    title = _(rule.title)
    yes_no = rule.unit in ("yes/no", "yes or no")
    good, bad = (amount(float(at), rule.unit, translator) for at in (rule.met, rule.not_met))
    met, not_met = _("at most {limit}"), _("more than {limit}")
    if rule.higher:
        met = _("at least {limit}")
        not_met = _("at most {limit}") if rule.whole else _("less than {limit}")
    return [
        title[:1].upper() + title[1:],
        _(words.QUESTIONS.get(rule.question, rule.question)),
        good if yes_no else met.format(limit=good),
        bad if yes_no else not_met.format(limit=bad),
        link(rule.metric, f"method?m={rule.metric}") if rule.metric in BY_KEY else rule.metric,
    ]


def _metric(view: View, metric: Metric, opened: bool = False) -> Html:
    _, ngettext = view.translator.text, view.translator.plural
    window = (
        ngettext("{n} day", "{n} days", metric.window) if metric.window else _("none: at the date")
    )
    facts: list[tuple[str, object]] = [
        (_("Definition"), _(metric.formula)),
        (_("Window"), window),
        (_("Unit"), _(metric.unit)),
        (_("Direction"), _(BETTER[metric.better.value])),
        (_("Read from"), ", ".join(_(NEEDS.get(need, need)) for need in metric.needs)),
        (_("Reference"), _(metric.reference)),
        (_("Version"), str(metric.version)),
    ]
    if metric.limits:
        facts.append((_("Limits"), _(metric.limits)))
    key = tag("code", metric.key)
    title = _(metric.words or metric.title)
    return tag(
        "section",
        tag("h3", title[:1].upper() + title[1:]),
        tag("p", _(metric.question), " ", tag("span", _(metric.title), " ", key, cls="ov-why")),
        tag(
            "details",
            tag("summary", _("Definition")),
            definitions(facts),
            _example(view, metric.key),
            open=opened,
        ),
        cls="ov-metric",
        id=metric.key,
    )


def _example(view: View, key: str) -> Html:
    """Show a worked example, the one that the documentation shows and a test holds to be true."""
    example, _ = EXAMPLES.get(key), view.translator.text
    if example is None:
        return Html("")
    day = view.translator.day(instant())
    said = tag("p", _("On {day}: {value}.", day=day, value=outcome(example)))
    # The lines are a language of their own, the same in all of ours.
    told = tag("div", items(*example.lines), lang="en")
    why = tag("p", _(example.why))
    return tag("div", tag("p", tag("strong", _("An example"))), told, why, said)
