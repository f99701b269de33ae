"""How did a figure come about? Its value in plain words, and its definition one click away."""

from __future__ import annotations

from collector.metric import Metric, Part
from dashboard.components.html import Html, join, link, plain, tag
from dashboard.data import ValueRow
from dashboard.i18n import N_, Translator
from dashboard.parts import WORDS, part_word

NEEDS = {
    "git": N_("git"),
    "forge": N_("the forge"),
    "configuration": N_("the configuration"),
    "lookup": N_("public services beside it"),
}
MANY = 6
PARTIES = ("party", "supplier")
"""What a metric calls an organisation that it knows by its id."""
NOTHING = Html("")


def value_text(metric: Metric, value: ValueRow, translator: Translator) -> str:
    """Say a value in its unit, empty if there is none."""
    _ = translator.text
    if value.state != "ok":
        return ""
    if metric.key == "license":
        return plain(value.parts.get("spdx") or _("none found"), 60)
    if value.value is None:
        return _text(value, translator) or _("no data")
    return amount(value.value, metric.unit, translator, value.n)


TEXT_PARTS = ("type", "main", "text")
"""Where a metric whose value is a text keeps it; a list is said word by word."""


def _text(value: ValueRow, translator: Translator) -> str:
    found = next((value.parts[key] for key in TEXT_PARTS if value.parts.get(key)), None)
    said = found if isinstance(found, list) else [found] if found else []
    return plain(", ".join(translator.text(str(word)) for word in said), 120)


def amount(value: float, unit: str, translator: Translator, n: int | None = None) -> str:
    """Say an amount in its unit."""
    _ = translator.text
    if unit in ("yes/no", "yes or no"):
        return _("yes") if value else _("no")
    if unit == "ratio":
        return translator.percent(value)
    if unit in ("hours", "days"):
        time = translator.duration(abs(value) / (24 if unit == "hours" else 1))
        return time if value >= 0 else _("{time} ago", time=time)
    if unit == "per week":
        return _("{value} a week", value=translator.number(value))
    if unit == "files" and n:
        return _("{value} of {n}", value=translator.number(value, 0), n=n)
    return translator.number(value, 0 if float(value).is_integer() else None)


def missing_text(value: ValueRow, translator: Translator) -> str:
    """Say why there is no value."""
    _ = translator.text
    why = plain(translator.phrase(value.reason), 400)
    if value.state == "n/a":
        return _("does not apply: {why}", why=why) if why else _("does not apply")
    return _("not collected: {why}", why=why) if why else _("not collected")


def sample_text(metric: Metric, value: ValueRow, translator: Translator) -> str:
    """Say how many cases a typical value comes from, and how long nine in ten took."""
    durations = metric.unit in ("hours", "days")
    if value.n is None or value.state != "ok" or value.p90 is None or not durations:
        return ""
    said = translator.plural("from {n} case", "from {n} cases", value.n)
    nine = amount(value.p90, metric.unit, translator)
    return said + "; " + translator.text("nine in ten within {time}", time=nine)


def figure(
    metric: Metric, value: ValueRow | None, translator: Translator, before: Html = NOTHING
) -> Html:
    """Show one figure with its explanation; ``before``: how it was earlier."""
    _ = translator.text
    title = tag("h3", _(metric.words or metric.title))
    if value is None:
        return tag("article", title, _no_value(_("not measured yet")), cls="ov-figure")
    said = value_text(metric, value, translator)
    shown = tag("div", said, cls="ov-value") if said else _no_value(missing_text(value, translator))
    sample = sample_text(metric, value, translator)
    return tag(
        "article",
        title,
        shown,
        tag("div", sample, cls="ov-why") if sample else "",
        before,
        explanation(metric, value, translator),
        cls="ov-figure",
    )


def _no_value(text: str) -> Html:
    return tag("div", text, cls="ov-value ov-novalue")


def explanation(metric: Metric, value: ValueRow, translator: Translator) -> Html:
    """Give definition, window, cases, coverage, date and figures behind a value."""
    _, ngettext = translator.text, translator.plural
    facts: list[tuple[str, object]] = [
        (_("Question"), _(metric.question)),
        (_("Definition"), _(metric.formula)),
    ]
    if metric.window:
        facts.append((_("Window"), ngettext("{n} day", "{n} days", metric.window)))
    if value.n is not None:
        facts.append((_("Cases"), translator.number(value.n, 0)))
    if value.coverage is not None:
        facts.append((_("How much we could read"), translator.percent(value.coverage)))
    facts.append((_("As of"), translator.day(value.as_of)))
    if value.collected_until:
        facts.append((_("Collected until"), translator.day(value.collected_until)))
    facts += [(_(part_word(key)), said) for key, said in _parts(value, translator)]
    facts.append((_("More"), link(_("on the Method page"), f"method?m={metric.key}")))
    return tag("details", tag("summary", _("How is this counted?")), definitions(facts))


def _parts(value: ValueRow, translator: Translator) -> list[tuple[str, str]]:
    """The plain figures that a definition names; series and lists stand elsewhere."""
    simple = [(key, part) for key, part in value.parts.items() if not isinstance(part, dict | list)]
    told = [
        (key, translator.called(part) if key in PARTIES and isinstance(part, str) else part)
        for key, part in simple
        if part is not None
    ]
    return [(key, _part(part, translator)) for key, part in told][:MANY]


def _part(part: Part, translator: Translator) -> str:
    if isinstance(part, bool):
        return translator.text("yes") if part else translator.text("no")
    if isinstance(part, int) and part > 500_000_000:  # an instant
        return translator.day(part)
    return translator.number(part) if isinstance(part, int | float) else _word(part, translator)


def _word(part: Part, translator: Translator) -> str:
    said = plain(part, 120)
    return translator.text(said) if said in WORDS else said


def definitions(facts: list[tuple[str, object]]) -> Html:
    """Make a list of terms and what they are."""
    return tag(
        "dl",
        *(join(tag("dt", term), tag("dd", said)) for term, said in facts),
        cls="ov-facts",
    )
