"""The commands. Each one's work stands in ``commands``; here are names, options and exits.

Heavy libraries are imported by the command that needs them, so ``check`` answers at once.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from collector.commands import leaving
from collector.commands.group import Commands, say_version
from collector.commands.logged import log_to_stderr
from collector.errors import UserError

app = typer.Typer(
    name="ospo-vitals",
    cls=Commands,
    help="Which of your open source projects can be sustained, which cannot, why, what to do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Bring the database's tables up to date, or check them.",
)
app.add_typer(db, name="db")


class Format(StrEnum):
    """How values are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class ShortFormat(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"


Projects = Annotated[
    list[str] | None, typer.Option("--project", metavar="ID", help="Only this project; repeatable.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="As seen on this date (YYYY-MM-DD, 00:00 UTC)."),
]


Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65_535,
        metavar="N",
        help="Port of the dashboard. [default: that of the settings, 8501]",
    ),
]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the dashboard in a browser.")
]


@app.callback()
def _everywhere(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and details.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=say_version, help="Say which this is."),
    ] = False,
) -> None:
    log_to_stderr(debug=debug)


@app.command(name="run")
def run_all(port: Port = None, browser: Browser = True) -> None:
    """Read git, open the dashboard, go on reading behind it.

    Makes the database, or brings its tables up to date.
    """
    from collector.commands.serve import run as start

    raise typer.Exit(start(port, browser=browser))


@app.command()
def demo(
    projects: Annotated[int, typer.Option(min=1, max=20_000, metavar="N", help="How many.")] = 24,
    years: Annotated[
        int, typer.Option(min=1, max=20, metavar="N", help="How many years back.")
    ] = 5,
    port: Port = None,
    show: Annotated[bool, typer.Option("--show/--no-show", help="Open the dashboard.")] = True,
    browser: Browser = True,
) -> None:
    """Show invented projects, in a database of their own."""
    from collector.commands.demo import demo as run

    raise typer.Exit(run(projects, years, port, show=show, browser=browser))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty folder.")] = Path(),
) -> None:
    """Write a starter configuration into an empty folder."""
    from collector.commands.check import init as run

    raise typer.Exit(run(folder))


@app.command()
def check() -> None:
    """Validate the configuration; touches no network."""
    from collector.commands.check import check as run

    raise typer.Exit(run())


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where git finds it.")],
    ospo: Annotated[str | None, typer.Option(metavar="ID", help="Whose portfolio.")] = None,
    project: Annotated[
        str | None, typer.Option(metavar="ID", help="Of which project; a new id makes a new one.")
    ] = None,
) -> None:
    """Add a repository to its portfolio file; comments stay.

    Without --project it joins the project that fits, or becomes a new one.
    """
    from collector.commands.check import add as run

    raise typer.Exit(run(url, ospo, project))


@app.command()
def collect(
    project: Projects = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Where a host's limit stops it, wait and go on.")
    ] = False,
) -> None:
    """Read what is new, once, and measure it.

    Exit status: 0 all read; 1 some repositories failed; 2 configuration; 3 another pass is
    running; 4 stopped by a limit, goes on next time.
    """
    from collector.commands.collect import collect as run

    raise typer.Exit(run(tuple(project or ()), full=full, wait=wait))


@app.command()
def measure(as_of: AsOf = None) -> None:
    """Compute all metrics again from the stored records.

    With an earlier date only the months up to it: later ones and today's figures stay. What
    was true on a date is asked with `metrics --as-of` or `attention --as-of`.
    """
    from collector.commands.collect import measure as run

    raise typer.Exit(run(as_of))


@app.command()
def schedule() -> None:
    """Collect on schedule until stopped; an alternative to cron."""
    from collector.commands.schedule import serve as run

    raise typer.Exit(run())


@app.command()
def dashboard(port: Port = None, browser: Browser = True) -> None:
    """Open the dashboard."""
    from collector.commands.serve import dashboard as run

    raise typer.Exit(run(port, browser=browser))


@app.command()
def status(
    format: Annotated[ShortFormat, typer.Option("--format")] = ShortFormat.TABLE,
) -> None:
    """Show how each repository stands, and its last error.

    State, last success, records, and in JSON what it cost and what the forge counts.

    Exit status 1 when something is stale.
    """
    from collector.commands.status import status as run

    raise typer.Exit(run(format.value))


@app.command()
def attention(
    as_of: AsOf = None,
    format: Annotated[ShortFormat, typer.Option("--format")] = ShortFormat.TABLE,
) -> None:
    """List what to look at this week, gravest first.

    By what it asks for: decide, answer, goals, good news, not sorted.
    """
    from collector.commands.attention import look as run

    raise typer.Exit(run(format.value, as_of))


@app.command()
def metrics(
    project: Projects = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", metavar="KEY", help="Only this one; repeatable.")
    ] = None,
    as_of: AsOf = None,
    format: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print values, each with its reason where there is none."""
    from collector.commands.metrics import metrics as run

    raise typer.Exit(run(tuple(project or ()), tuple(metric or ()), as_of, format.value))


@app.command()
def explain(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Its id.")],
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="Its key.")],
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List every record, not the newest 20 of each sort.")
    ] = False,
) -> None:
    """Show how a figure came about, record by record.

    Definition, window, the records that count, those left out, and why.
    """
    from collector.commands.explain import explain as run

    raise typer.Exit(run(project, metric, as_of, everything=everything))


@app.command()
def packs(
    project: Projects = None,
    pack: Annotated[
        list[str] | None, typer.Option("--pack", metavar="ID", help="Only this one; repeatable.")
    ] = None,
    as_of: AsOf = None,
    format: Annotated[ShortFormat, typer.Option("--format")] = ShortFormat.TABLE,
) -> None:
    """Show what official checklists say, with every input.

    Without --project and --pack only what the next level lacks.
    """
    from collector.commands.packs import show as run

    raise typer.Exit(run(tuple(project or ()), tuple(pack or ()), as_of, format.value))


@app.command()
def whatif(
    without: Annotated[
        str,
        typer.Option(
            metavar="WHO", help="supplier:ID, person:ALIAS (or login or mail), funding:SOURCE."
        ),
    ],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From when on; default: today.")
    ] = None,
    format: Annotated[ShortFormat, typer.Option("--format")] = ShortFormat.TABLE,
) -> None:
    """Judge the portfolio without a supplier, person or grant."""
    from collector.commands.whatif import look as run

    raise typer.Exit(run(without, from_, format.value))


@app.command()
def identities(
    project: Annotated[
        str | None, typer.Argument(metavar="PROJECT", help="Only this project.")
    ] = None,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print suggestions to copy into ospo-vitals.yaml.")
    ] = False,
) -> None:
    """List who was taken for one person, who may be, and why.

    And whose work could be given to nobody.
    """
    from collector.commands.identities import identities as run

    raise typer.Exit(run((project,) if project else (), yaml=yaml))


@app.command()
def sort(
    ospo: Annotated[str | None, typer.Option(metavar="ID", help="Only of this OSPO.")] = None,
) -> None:
    """Propose YAML for repositories found and not yet sorted."""
    from collector.commands.sort import sort as run

    raise typer.Exit(run(ospo))


@app.command()
def assess(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where git finds it.")],
    format: Annotated[ShortFormat, typer.Option("--format")] = ShortFormat.TABLE,
) -> None:
    """Look at one repository before you host it: one page.

    Exit status 1 when it could not be read.
    """
    from collector.commands.assess import assess as run

    raise typer.Exit(run(url, format.value))


leaving.add(app)


@app.command()
def doctor() -> None:
    """Test every precondition; each failure comes with its remedy."""
    from collector.commands.doctor import doctor as run

    raise typer.Exit(run())


@db.command()
def upgrade() -> None:
    """Bring the database to this version's tables."""
    from collector.commands.database import upgrade as run

    raise typer.Exit(run())


@db.command(name="check")
def db_check() -> None:
    """Say whether the database fits this version."""
    from collector.commands.database import check as run

    raise typer.Exit(run())


def _of_machine(error: Exception) -> str | None:
    """What the database, the disk or the network of this machine could not do."""
    from collector.outcome import failure
    from collector.store.engine import explain

    return failure(error) if isinstance(error, OSError) or explain(error) else None


def main() -> None:
    """Start the command line: errors are sentences, tracebacks only with ``--debug``."""
    debug = "--debug" in sys.argv
    if debug:  # accepted anywhere on the line
        sys.argv = [sys.argv[0], "--debug", *(a for a in sys.argv[1:] if a != "--debug")]
    try:
        app()
    except UserError as error:
        if debug:
            raise
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        if debug:
            raise
        print(
            _of_machine(error)
            or f"Something unexpected went wrong ({type(error).__name__}: {error}). "
            "Nothing stored was changed by it. Run the command again with --debug to see where, "
            "and report that to the project.",
            file=sys.stderr,
        )
        sys.exit(1)
