"""How was it judged? The essential checks, by question: result, value, threshold, sentence."""

from __future__ import annotations

from collections.abc import Mapping

from collector.metric import Part
from collector.metrics import BY_KEY
from dashboard import words
from dashboard.components import signs
from dashboard.components.explain import amount
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.components.tables import framed
from dashboard.i18n import N_, Translator

Given = Mapping[str, Part]
NO_VALUE = {
    "unknown": N_("no data"),
    "n/a": N_("does not apply"),
    "too few cases": N_("too few cases"),
}
"""What stands where a value would, by the result; what is decided without one had none to count."""
YES_OR_NO = ("yes/no", "yes or no")


def listed(part: Part) -> list[dict[str, Part]]:
    """Give the objects of a JSON list."""
    return [entry for entry in part if isinstance(entry, dict)] if isinstance(part, list) else []


def phrase(part: Part, translator: Translator) -> str:
    """Say a stored phrase, cut to a sensible length."""
    return plain(translator.phrase(part if isinstance(part, dict) else None), 500)


def check_table(judgement: Given, translator: Translator, page: str) -> Html:
    """Show all checks in one table, a head line for each question; ``page``: the project's."""
    _ = translator.text
    headers = [
        _("Result"),
        _("Check"),
        _("Value"),
        _("Asked for"),
        _("Why, and what would change it"),
    ]
    cells = (tag("th", text, scope="col", role="columnheader") for text in headers)
    head = tag("thead", tag("tr", *cells, role="row"), role="rowgroup")
    bodies = [_question(one, translator, page) for one in listed(judgement.get("questions"))]
    return framed(_("The essential checks, by the five questions"), head, *bodies)


def _question(given: Given, translator: Translator, page: str) -> Html:
    _, ngettext = translator.text, translator.plural
    answer = str(given.get("answer") or "unknown")
    title = _(words.QUESTIONS.get(str(given.get("key")), str(given.get("title"))))
    short = _(words.ANSWER_SHORT.get(answer, answer))
    mark = signs.shape(words.result(answer), words.COLOUR.get(answer, "unknown"))
    undecided = given.get("undecided")
    said = [title, " ", tag("span", mark, tag("span", short), cls="ov-sign")]
    if isinstance(undecided, int) and undecided:
        left = ngettext("{n} check undecided", "{n} checks undecided", undecided)
        said.append(tag("span", f" ({left})", cls="ov-why"))
    name = tag("th", *said, colspan=5, scope="rowgroup", role="rowheader")
    head = tag("tr", name, cls="ov-group", role="row")
    rows = [_check(check, translator, page) for check in listed(given.get("checks"))]
    return tag("tbody", head, *rows, role="rowgroup")


def _check(given: Given, translator: Translator, page: str) -> Html:
    title = translator.text(str(given.get("title") or given.get("key")))
    metric = given.get("metric")
    title = title[:1].upper() + title[1:]
    name = link(title, f"{page}&m={metric}") if metric in BY_KEY else title
    change = phrase(given.get("change"), translator)
    said = [tag("div", phrase(given.get("why"), translator))]
    if change and given.get("result") != "met":
        label = tag("b", translator.text("Would change it:"))
        said.append(tag("div", label, " ", change, cls="ov-why"))
    result = signs.result(str(given.get("result") or "unknown"), translator)
    value, limit = translator.text("Value"), translator.text("Asked for")
    return tag(
        "tr",
        tag("td", result, role="cell"),
        tag("th", name, scope="row", cls="ov-name", role="rowheader"),
        tag("td", _value(given, translator), cls="ov-num", data_label=value, role="cell"),
        tag("td", _threshold(given, translator), data_label=limit, role="cell"),
        tag("td", *said, cls="ov-text", role="cell"),
        role="row",
    )


def _value(given: Given, translator: Translator) -> Html:
    said, cases = value_words(given, translator)
    if not said:
        return tag("span", no_value(given, translator), cls="ov-muted")
    return join(tag("span", said), tag("div", cases, cls="ov-why") if cases else "")


def value_words(given: Given, translator: Translator) -> tuple[str, str]:
    """Say a check's value, and from how many cases it is; empty where there is none."""
    value, unit = given.get("value"), str(given.get("unit") or "")
    if not isinstance(value, int | float):
        return "", ""
    said, n = amount(float(value), unit, translator), given.get("n")
    if not isinstance(n, int) or not n or not _from_cases(given):
        return said, ""
    return said, translator.plural("from {n} case", "from {n} cases", n)


def no_value(given: Given, translator: Translator) -> str:
    """Say why a check has no value."""
    result = str(given.get("result") or "unknown")
    return translator.text(NO_VALUE.get(result, N_("nothing to count")))


def _from_cases(given: Given) -> bool:
    """Is the value a share or a usual time of several cases? A count or an end is not."""
    metric = BY_KEY.get(str(given.get("metric")))
    return bool(metric and metric.window) and given.get("unit") in ("ratio", "hours", "days")


def _threshold(given: Given, translator: Translator) -> Html:
    said, where = limit_words(given, translator)
    if not said:
        return tag("span", "–", cls="ov-muted")
    shown = tag("span", said, cls="ov-nowrap" if where else None)
    return join(shown, tag("div", where, cls="ov-why") if where else "")


def limit_words(given: Given, translator: Translator) -> tuple[str, str]:
    """Say what is asked for, and by whom; higher is better where good is the higher threshold."""
    _ = translator.text
    met, not_met = given.get("met"), given.get("not_met")
    unit = str(given.get("unit") or "")
    if not isinstance(met, int | float):
        return "", ""
    higher = isinstance(not_met, int | float) and met > not_met
    said = limit(float(met), unit, translator, higher=higher)
    if unit in YES_OR_NO:
        return said, ""
    source = str(given.get("threshold_source") or "default")
    return said, _("our default") if source == "default" else plain(source, 60)


def limit(value: float, unit: str, translator: Translator, *, higher: bool) -> str:
    """Say from which value on something holds, upwards or downwards."""
    said = amount(value, unit, translator)
    if unit in YES_OR_NO:
        return said
    _ = translator.text
    return _("at least {limit}", limit=said) if higher else _("at most {limit}", limit=said)
