"""``add`` and ``init``: what stood in a file stands there still, byte for byte."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import config
from collector.config import portfolio_file
from collector.errors import ConfigurationError

HAND_WRITTEN = """\
# Our portfolio. Do not sort it!
ospo: {id: city,   name: "Mesto"}   # the body

projects:
# the important one
- id: one
  name: 'Jedna'      # in quotes
  repositories:
  -   url: "https://github.com/city/one"   # main
      main: true
  # to come: city/one-mobile

- {id: two, repositories: [{url: https://github.com/city/two}]}   # flow
- id: three
  decisions:
    - date: 2026-01-01
      about: project
      decision: accept
      text: |
        It goes on.

        Really.
  repositories: [{url: https://github.com/city/three},   # first
                 {url: https://github.com/city/four},]   # second
# - id: not-yet

discover: []  # nothing
"""


def portfolio(folder: Path, text: str, name: str = "city") -> Path:
    file = folder / "config" / "portfolios" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def add(
    folder: Path, url: str, ospo: str | None = None, project: str | None = None
) -> portfolio_file.Added:
    return portfolio_file.add(folder / "config", url, ospo, project)


def repositories(folder: Path) -> dict[str, list[str]]:
    return {
        project.id: [repository.url for repository in project.repositories]
        for project in config.load(folder / "config", {}).projects
    }


def added_lines(before: str, after: str) -> list[str]:
    """The lines that ``after`` has more, where all others stand in their old order."""
    old, new, extra = before.splitlines(keepends=True), after.splitlines(keepends=True), []
    for line in new:
        if old and line == old[0]:
            old.pop(0)
        else:
            extra.append(line)
    assert not old, f"a line was changed or lost: {old[0]!r}"
    return extra


def test_a_new_project_is_written_as_its_neighbours_are(tmp_path: Path) -> None:
    file = portfolio(tmp_path, HAND_WRITTEN)
    added = add(tmp_path, "https://github.com/city/Konto.Bratislava.sk.git")
    assert added_lines(HAND_WRITTEN, file.read_text()) == [
        "- id: konto-bratislava-sk\n",
        "  name: Konto.Bratislava.sk\n",
        "  repositories: \n".replace(" \n", "\n"),
        "    - {url: https://github.com/city/Konto.Bratislava.sk}\n",
    ]
    assert added.created
    assert file.read_text().splitlines()[added.line - 1] == "- id: konto-bratislava-sk"


def test_a_repository_joins_its_project_in_its_manner(tmp_path: Path) -> None:
    file = portfolio(tmp_path, HAND_WRITTEN)
    add(tmp_path, "https://github.com/city/mobile", project="one")
    assert '  - url: "https://github.com/city/mobile"\n' in added_lines(
        HAND_WRITTEN, file.read_text()
    )


@pytest.mark.parametrize("project", ["two", "three"])
def test_a_list_in_brackets_gets_its_entry_inside(tmp_path: Path, project: str) -> None:
    file = portfolio(tmp_path, HAND_WRITTEN)
    add(tmp_path, "https://github.com/city/mobile", project=project)
    entry = ", {url: https://github.com/city/mobile}"
    assert file.read_text().replace(entry, "", 1) == HAND_WRITTEN
    assert repositories(tmp_path)[project][-1].endswith("/city/mobile")


def test_windows_line_ends_a_byte_order_mark_and_a_missing_last_newline_stay(
    tmp_path: Path,
) -> None:
    text = HAND_WRITTEN.replace("\n", "\r\n").removesuffix("\r\n\r\ndiscover: []  # nothing\r\n")
    file = portfolio(tmp_path, "\ufeff" + text)
    add(tmp_path, "https://github.com/city/five")
    after = file.read_bytes().decode()
    assert after.startswith("\ufeff# Our")
    assert not re.search(r"(?<!\r)\n", after)
    assert after.endswith("# - id: not-yet")
    assert "five" in repositories(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "ospo: {id: city}",
        "ospo: {id: city}\n# the end\n",
        "ospo: {id: city}\nprojects:\n",
        "ospo: {id: city}\nprojects:   # none yet\ndiscover: []\n",
        "ospo: {id: city}\nprojects: []\n",
        "{ospo: {id: city}}\n",
        "---\nospo:\n  id: city\n...\n",
        "{ospo: {id: city}, projects: [{id: a, repositories: [{url: 'https://a.eu/b'}]}]}",
    ],
)
def test_a_file_with_no_or_few_projects_gets_one(tmp_path: Path, text: str) -> None:
    portfolio(tmp_path, text)
    add(tmp_path, "https://github.com/city/five")
    assert repositories(tmp_path)["five"] == ["https://github.com/city/five"]


def test_an_empty_configuration_gets_its_first_file(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "ospo-vitals.yaml").write_text("# nothing\n")
    with pytest.raises(ConfigurationError, match="--ospo"):
        add(tmp_path, "https://github.com/city/five")
    add(tmp_path, "https://github.com/city/five", ospo="city")
    assert repositories(tmp_path) == {"five": ["https://github.com/city/five"]}


@pytest.mark.parametrize(
    "again",
    [
        "https://github.com/city/one",
        "https://GitHub.com/City/One.git",
        "git@github.com:city/one.git",
        "ssh://git@github.com/city/one/",
    ],
)
def test_what_is_there_already_is_refused_with_its_place(tmp_path: Path, again: str) -> None:
    file = portfolio(tmp_path, HAND_WRITTEN)
    with pytest.raises(ConfigurationError, match=r"city\.yaml:9, project one"):
        add(tmp_path, again)
    assert file.read_text() == HAND_WRITTEN


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("https://github.com/city",), "discover"),
        (("ext::sh -c id",), "spaces|helpers"),
        (("https://github.com/x/y", "towm"), "Did you mean 'town'"),
        (("https://github.com/x/y", None, "Not An Id"), "'not-an-id'"),
        (("https://github.com/x/y", "town", "one"), "belongs to OSPO city"),
        (("https://github.com/x/y",), "--ospo ID. Known: city, town"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    file = portfolio(tmp_path, HAND_WRITTEN)
    portfolio(tmp_path, "ospo: {id: town, name: Town}", "town")
    with pytest.raises(ConfigurationError, match=said):
        add(tmp_path, *arguments)
    assert file.read_text() == HAND_WRITTEN


def test_the_owner_of_a_repository_tells_whose_portfolio_it_belongs_to(tmp_path: Path) -> None:
    portfolio(tmp_path, HAND_WRITTEN)
    town = portfolio(tmp_path, "ospo: {id: town, name: Town}", "town")
    assert add(tmp_path, "https://github.com/city/nine").file.name == "city.yaml"
    assert add(tmp_path, "https://github.com/town/nine", "town").file == town.absolute()
    assert repositories(tmp_path)["town-nine"] == ["https://github.com/town/nine"]


def test_a_name_that_yaml_would_read_as_something_else_is_quoted(tmp_path: Path) -> None:
    portfolio(tmp_path, "ospo: {id: city}\n")
    for name in ("123", "null", "true", "2026-01-01", "a,b", "1e3"):
        add(tmp_path, f"https://git.example.eu/{name}")
    found = config.load(tmp_path / "config", {}).projects
    assert [project.name for project in found] == [
        "123",
        "null",
        "true",
        "2026-01-01",
        "a,b",
        "1e3",
    ]
    assert [project.id for project in found][4] == "a-b"


def test_a_file_with_an_anchor_is_not_written_when_more_than_asked_would_change(
    tmp_path: Path,
) -> None:
    text = (
        "ospo: {id: city}\nprojects:\n"
        "- id: a\n  name: &n A\n  repositories: [{url: https://a.eu/a}]\n"
        "- {id: b, name: *n, repositories: [{url: https://a.eu/b}]}\n"
    )
    portfolio(tmp_path, text)
    add(tmp_path, "https://a.eu/c", project="a")
    assert repositories(tmp_path) == {
        "a": ["https://a.eu/a", "https://a.eu/c"], "b": ["https://a.eu/b"]
    }  # fmt: skip


comments = st.sampled_from(["", "", "  # note", "   # - {url: x}", " #"])
between = st.sampled_from(["", "", "\n", "# note\n", "      # deep\n", "\n\n# - id: old\n"])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, int]:
    """Portfolio files as people write them: mixed manners, comments anywhere."""
    dash, step = draw(st.sampled_from([(0, 0), (2, 2), (2, 4), (4, 0), (1, 3)]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = f"ospo: {{id: city}}{draw(comments)}\n{draw(between)}projects:{draw(comments)}\n"
    count = draw(st.integers(1, 4))
    for number in range(count):
        pad, inner = " " * dash, " " * (dash + 2)
        text += f"{draw(between)}{pad}- id: p{number}{draw(comments)}\n"
        extra = draw(st.sampled_from(["", "name: 'N'\n", "maintainers: [a,\n   b]\n"]))
        text += inner + extra if extra else ""
        url = f"https://git.example.eu/p{number}"
        style = draw(st.integers(0, 3))
        quote = draw(st.sampled_from(["", "'", '"']))
        if style == 0:
            text += f"{inner}repositories: [{{url: {quote}{url}{quote}}}]{draw(comments)}\n"
        else:
            text += f"{inner}repositories:{draw(comments)}\n{draw(between)}{inner}{' ' * step}- "
            text += f"{{url: {quote}{url}{quote}}}" if style == 1 else f"url: {quote}{url}{quote}"
            text += draw(comments) + "\n"
        if style and draw(st.booleans()):
            text += f"{inner}area: x\n"
    text += draw(st.sampled_from(["", "# the end\n", "\ndiscover: []\n", "enabled: true\n"]))
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", newline), count


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=files(), which=st.integers(0, 4))
def test_add_keeps_every_line_of_any_file(
    tmp_path: Path, made: tuple[str, int], which: int
) -> None:
    text, count = made
    file = portfolio(tmp_path, text)
    before = repositories(tmp_path)
    project = f"p{which}" if which < count else None
    url = "https://git.example.eu/added"
    add(tmp_path, url, project=project)
    after = file.read_bytes().decode()
    kept = after.replace(f", {{url: {url}}}", "").replace(f", {{url: '{url}'}}", "")
    kept = kept.replace(f', {{url: "{url}"}}', "")
    newline = "\r\n" if "\r\n" in text else "\n"
    extra = added_lines(text.removesuffix(newline) + newline, kept.removesuffix(newline) + newline)
    assert len(extra) <= (3 if project is None else 1) + 1
    expected = before | {project or "added": [*before.get(project or "added", []), url]}
    assert repositories(tmp_path) == expected


def test_init_writes_a_starter_that_is_valid_and_never_overwrites(tmp_path: Path) -> None:
    folder = portfolio_file.init(tmp_path)
    loaded = config.load(folder, {})
    assert 0 < len(loaded.projects) <= 12
    with pytest.raises(ConfigurationError, match="left as it is"):
        portfolio_file.init(tmp_path)
