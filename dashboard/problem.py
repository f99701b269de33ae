"""What if there is nothing to show? Each case says why, and the next step."""

from __future__ import annotations

from dashboard.view import View, begin, command, empty


def page(view: View) -> None:
    """Say why the database cannot be shown."""
    begin(view, view.translator.text("OSPO Vitals"))
    {
        "missing": _missing,
        "empty": _empty,
        "older": _older,
        "newer": _newer,
    }[view.state.problem or "missing"](view)


def _missing(view: View) -> None:
    _ = view.translator.text
    empty(
        view,
        _("There is no database to read"),
        _("The collector has not written one yet, or the address in the configuration is another."),
        _("Collect once, then reload this page:"),
        command("ospo-vitals collect"),
        _("Only want to look around? A made-up portfolio opens with:"),
        command("ospo-vitals demo"),
    )


def _empty(view: View) -> None:
    _ = view.translator.text
    empty(
        view,
        _("The database is empty"),
        _("Nothing was collected into it yet. Collect once, then reload this page:"),
        command("ospo-vitals collect"),
    )


def _older(view: View) -> None:
    _ = view.translator.text
    empty(
        view,
        _("The database is older than this program"),
        _("Its tables were made by an earlier version. Nothing is lost; bring it up to date:"),
        command("ospo-vitals db upgrade"),
    )


def _newer(view: View) -> None:
    _ = view.translator.text
    empty(
        view,
        _("The database is newer than this program"),
        _(
            "A later version wrote it, and this one might misread it. Install the version that "
            "wrote it, or give this one a database of its own."
        ),
    )


def no_projects(view: View) -> None:
    """Say how a first project is added."""
    _ = view.translator.text
    empty(
        view,
        _("No project yet"),
        _("Add a repository by its address, then collect:"),
        command("ospo-vitals add https://github.com/your-organisation/your-project"),
        command("ospo-vitals collect"),
    )


def nothing_measured(view: View) -> None:
    """Say that projects are known but nothing was measured."""
    _ = view.translator.text
    empty(
        view,
        _("Nothing was measured yet"),
        _("Projects are configured, but no collection has finished. Collect once:"),
        command("ospo-vitals collect"),
        _("If a collection has run, the Data page says what failed and why."),
    )


def unknown_project(view: View, asked: str, nearest: list[tuple[str, str]]) -> None:
    """Say that there is no such project, and which names come near."""
    from dashboard.components.html import items, link, plain

    _ = view.translator.text
    said = _("There is no project “{asked}” in this portfolio.", asked=plain(asked, 60))
    if nearest:
        listed = items(*(link(name, f"project?p={key}") for key, name in nearest))
        empty(view, _("Unknown project"), said, _("Did you mean one of these?"), listed)
    else:
        empty(view, _("Unknown project"), said, link(_("See all projects"), "projects"))
