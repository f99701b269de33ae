"""What is this, whose is it, what does it keep about people, and who can use it?"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from dashboard.components.explain import definitions
from dashboard.components.html import Html, items, link, tag
from dashboard.i18n import N_
from dashboard.view import View, begin, show

PURPOSE = N_("What is this, whose is it, what does it keep about people, and who can use it?")


def page(view: View) -> None:
    """Show version and licence, privacy, accessibility and exports."""
    _ = view.translator.text
    begin(view, _("About"), _(PURPOSE))
    show(
        tag(
            "p",
            _(
                "OSPO Vitals tells an OSPO which of its open source projects can be sustained, "
                "which cannot, why, and what to do."
            ),
            cls="ov-lead",
        ),
        definitions(
            [
                (_("Version"), installed()),
                (_("Licence"), link("EUPL-1.2", "https://eupl.eu/1.2/en/")),
                (_("Definitions"), link(_("the Method page"), "method")),
            ]
        ),
    )
    _privacy(view)
    _accessibility(view)
    _exports(view)


def installed() -> str:
    """Give the installed version."""
    try:
        return version("ospo-vitals")
    except PackageNotFoundError:
        return "development"


def _privacy(view: View) -> None:
    _ = view.translator.text
    said = (
        _("People are counted, never ranked. No page lists people by how much they do."),
        _(
            "Mail addresses are not stored in clear. Facts refer to keyed hashes; names and logins "
            "stand in one table apart."
        ),
        _("This page sends nothing to anybody: no statistics, no fonts, no maps from outside."),
    )
    show(tag("h2", _("Privacy")), items(*said))


def _accessibility(view: View) -> None:
    """The accessibility statement: what is reached, what is not, whom to tell."""
    _ = view.translator.text
    reached = (
        _(
            "The pages aim at WCAG 2.1, level AA, and are tested with axe in light and dark, "
            "on wide and narrow screens."
        ),
        _(
            "Nothing is said by colour alone: each status has a word and a shape. Each chart has a "
            "sentence, which is read out in its place, and a table of its numbers."
        ),
        _("Everything can be reached by keyboard; tables stack on a narrow screen."),
    )
    limits = (
        _(
            "Tools and a keyboard have tried every page; nobody who depends on a screen reader "
            "has yet. Until then we call it partly conformant."
        ),
        _("The pages are drawn by Streamlit, which needs JavaScript."),
        _("After a choice the page is drawn anew; a screen reader may not announce what changed."),
        _("Marks of a chart cannot be reached by keyboard: their numbers stand in its table."),
        _("The buttons beside a chart (picture, full screen) are Streamlit's, in English."),
        _("Lists to choose from keep the names their library gives to their parts, in English."),
    )
    show(
        tag("h2", _("Accessibility")),
        items(*reached),
        tag("h3", _("What is not reached")),
        items(*limits),
        tag(
            "p",
            _(
                "Something cannot be used? Tell your OSPO: each project's page leads to its "
                "address."
            ),
        ),
    )


def _exports(view: View) -> None:
    _ = view.translator.text
    said = (
        tag("span", _("Every page: CSV and JSON at its end, and a link to the view as it stands.")),
        tag(
            "span",
            _("All projects:"),
            " ",
            link(_("Projects page"), "projects"),
            " · ",
            tag("a", tag("code", "datapackage.json"), href="export/datapackage.json"),
            " · ",
            tag("a", tag("code", "feed.atom"), href="feed.atom"),
            " · ",
            _command("export --out DIR"),
        ),
        tag(
            "span",
            _("The month's report of an OSPO or a project:"),
            " ",
            link(_("OSPOs page"), "ospos"),
            " · ",
            _command("report --ospo ID --out FILE"),
        ),
        tag("span", _("Any figure at any date:"), " ", _command("metrics --format json")),
        tag("span", _("What one figure is made of:"), " ", _command("explain PROJECT METRIC")),
        tag("span", _("Official checklists:"), " ", _command("packs")),
        tag("span", _("State of the collection:"), " ", _command("status --format json")),
    )
    show(tag("h2", _("Take the numbers away")), items(*said))


def _command(text: str) -> Html:
    return tag("code", f"ospo-vitals {text}")
