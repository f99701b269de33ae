"""Names, options and exits of the commands by which numbers leave the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def add(app: typer.Typer) -> None:
    """Add them to the command line."""
    for command in (export, feed, badge):
        app.command()(command)
