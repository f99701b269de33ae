"""What the documents say is true: their commands exist, and publiccode.yml is of today."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.main import get_command
from typer.testing import CliRunner

from collector import __version__
from collector.cli import app
from collector.commands.common import known
from collector.errors import ConfigurationError
from collector.git.version import OLDEST
from collector.publiccode import read_publiccode

ROOT = Path(__file__).parent.parent
PAGES = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
CALLED = re.compile(r"(?:ospo-vitals|-m collector)((?: +[^\s`|&;#]+)*)")
COMMANDS = get_command(app)


def lines(page: Path) -> Iterator[str]:
    """What a reader may type: fenced blocks line by line, and what stands in back-ticks."""
    parts = page.read_text(encoding="utf-8").split("```")
    for number, part in enumerate(parts):
        yield from part.splitlines() if number % 2 else re.findall(r"`([^`\n]+)`", part)


def calls(page: Path) -> Iterator[list[str]]:
    """The words that follow the program's name."""
    for line in lines(page):
        if re.match(r"(\$ )?(ospo-vitals |\S*python -m collector )", line) or "&&" in line:
            for found in CALLED.findall(line):
                yield shlex.split(found)


def unknown(words: list[str]) -> str | None:
    """The first command or option that the command line does not know."""
    command = COMMANDS
    for written in words:
        word = written.strip("[]").split("=")[0].split("|")[0]
        known = getattr(command, "commands", None)
        if word.startswith("--"):
            names = {name for each in command.params for name in each.opts + each.secondary_opts}
            if word not in names | {"--debug", "--help"}:
                return word
        elif known is not None:
            if word not in known:
                return word
            command = known[word]
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_shows_exists(page: Path) -> None:
    assert [words for words in calls(page) if unknown(words)] == []


def test_examples_of_commands_are_found_and_false_ones_noticed() -> None:
    assert sum(1 for page in PAGES for _ in calls(page)) > 30
    assert unknown(["collect", "--projct", "x"]) == "--projct"
    assert unknown(["db", "upgrad"]) == "upgrad"


def test_the_list_of_commands_fits_80_columns_with_whole_sentences() -> None:
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output
    assert max(map(len, said.splitlines())) <= 80
    assert "..." not in said.partition("Commands:")[2]


def test_an_unknown_command_is_told_with_what_is_really_near() -> None:
    asked = {word: CliRunner().invoke(app, [word]).output for word in ("colect", "wander")}
    assert "Did you mean 'collect'?" in asked["colect"]
    assert "There is no command 'wander'" in asked["wander"]
    assert "Did you mean" not in asked["wander"]


def test_a_word_that_nothing_is_near_to_is_answered_with_what_there_is() -> None:
    with pytest.raises(ConfigurationError, match=r"There are: a, b, c, d, e …$"):
        known([*"abcdefg"], ["zzzz"], "metric")
    with pytest.raises(ConfigurationError, match=r"Did you mean commits\?"):
        known(["commits", "stars"], ["comits"], "metric")
    with pytest.raises(ConfigurationError, match="None is configured"):
        known([], ["x"], "project")


def test_the_version_is_told_and_a_port_that_cannot_be_is_refused() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"ospo-vitals {__version__}\n"
    said = CliRunner().invoke(app, ["dashboard", "--port", "70000"])
    assert (said.exit_code, "65535" in said.output) == (2, True)


def test_our_own_publiccode_is_valid_and_names_the_languages_that_there_are() -> None:
    content = (ROOT / "publiccode.yml").read_bytes()
    said = YAML(typ="safe").load(content)
    assert read_publiccode(content, said["url"]).problems == ()
    catalogues = {file.stem for file in (ROOT / "dashboard/i18n/catalogues").glob("*.po")}
    needed = {each["name"]: each["versionMin"] for each in said["dependsOn"]["open"]}
    assert needed["git"] == ".".join(map(str, OLDEST))
    assert set(said["localisation"]["availableLanguages"]) == {"en", *catalogues}
