"""Names, options and exits of the commands by which numbers leave the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Form = Literal["html", "pdf", "md"]
Language = Annotated[
    str | None, typer.Option(metavar="CODE", help="Such as sk; default: that of the settings.")
]
Internal = Annotated[
    bool,
    typer.Option("--internal", help="All that the organisation sees, not only open data."),
]


def export(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")],
    internal: Internal = False,
) -> None:
    """Write open data into a folder: CSV, JSON, Frictionless schema.

    Nothing derived from people, no project with a private repository; --internal: all figures.
    Other files of the folder stay.
    """
    from collector.commands.takeaway import export as run

    raise typer.Exit(run(out, internal=internal))


def feed(
    ospo: Annotated[str | None, typer.Option(metavar="ID", help="Only of this OSPO.")] = None,
    language: Language = None,
    internal: Internal = False,
) -> None:
    """Print what to look at as an Atom feed."""
    from collector.commands.takeaway import feed as run

    raise typer.Exit(run(ospo, language, internal=internal))


def badge(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Its id.")],
    language: Language = None,
) -> None:
    """Print a project's status as a picture (SVG) for its README."""
    from collector.commands.takeaway import badge as run

    raise typer.Exit(run(project, language))


def report(
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the report goes; - for the terminal.")
    ],
    ospo: Annotated[str | None, typer.Option(metavar="ID", help="Of this OSPO.")] = None,
    project: Annotated[str | None, typer.Option(metavar="ID", help="Of this project.")] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Of this month; default: the last one that is over."),
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="Default: what the name of the file ends with.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Such as sk; default: that of the OSPO."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Without what open data leaves out: people.")
    ] = False,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Of every OSPO, in all forms: FILE is a folder, the month one in it."
        ),
    ] = False,
    projects: Annotated[
        bool, typer.Option("--projects", help="With --all: of every project of ours too.")
    ] = False,
) -> None:
    """Write the month's report of an OSPO or a project.

    As HTML, PDF or Markdown, as it stood on the day after the month: the figures of the dashboard.
    """
    from collector.commands.report import every as run_all
    from collector.commands.report import report as run

    if everything:
        raise typer.Exit(run_all(month, form, out, language, public=public, projects=projects))
    raise typer.Exit(run(ospo, project, month, form, out, language, public=public))


def add(app: typer.Typer) -> None:
    """Add them to the command line."""
    for command in (report, export, feed, badge):
        app.command()(command)
