"""``sort``: a proposal of what should become of the repositories that are not sorted yet."""

from __future__ import annotations

from collector import clock
from collector.commands.common import configuration, known
from collector.commands.paper import paper, say
from collector.discovery import placed
from collector.proposal import Section, sections
from collector.store import migrate
from collector.store.engine import connect


def sort(ospo: str | None) -> int:
    """Print YAML on stdout, and on stderr what to do with it."""
    config = configuration()
    if ospo is not None:
        known([each.id for each in config.ospos], [ospo], "OSPO")
    engine = connect(config.database_url, read_only=True)
    migrate.require_current(engine)
    found = [
        section
        for section in sections(config, placed(engine, config), clock.now())
        if ospo in (None, section.ospo)
    ]
    if not found:
        say(paper(stderr=True), _nothing(bool(config.discover)))
    for number, section in enumerate(found):
        if number:
            print("\n# " + "-" * 70)
        _print(section)
    return 0


def _print(section: Section) -> None:
    print(f"# {section.file}")
    print(f"# {section.not_sorted} repositories are not sorted yet. Take what you want of this.")
    print(section.text, end="")


def _nothing(looked: bool) -> str:
    if looked:
        return "Everything that was found is sorted."
    return (
        "Nothing is looked for: name an organisation or a catalogue under discover: in a"
        " portfolio file, then run ospo-vitals collect."
    )
