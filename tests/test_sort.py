"""``sort`` proposes YAML that can be pasted as it is, whatever repositories are called."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collector import config
from collector.catalogue import Found
from collector.proposal import sections
from collector.shelf import Candidate, Known, Rules, matches, place
from collector.store.shelf import Shelved

NOW = 1_790_000_000
DAY = 86_400
PORTFOLIO = """\
ospo: {id: city, name: City}
projects:
  - {id: app, repositories: [{url: https://github.com/city/first}]}
discover:
  - {url: https://github.com/city}
  - {catalogue: list, source: ours.txt, publisher: "Mesto: 'A'"}
"""


def loaded(folder: Path, *texts: str) -> config.Config:
    """What a folder with these portfolio files configures: ``check`` in short."""
    place = folder / "portfolios"
    place.mkdir(parents=True, exist_ok=True)
    files = {place / f"{n}.yaml": text for n, text in enumerate(texts)}
    return config.load(folder, {}, files)


def row(number: int, path: str, source: str, state: str = "new", **facts: Any) -> Shelved:
    url = f"https://github.com/city/{path}"
    return Shelved(
        source, "city", number, f"github.com/city/{path.lower()}", "github.com",
        Found(url, **facts), NOW, None, state, None, None,
    )  # fmt: skip


def proposal(folder: Path, *rows: Shelved) -> str:
    (found,) = sections(loaded(folder, PORTFOLIO), rows, NOW)
    return found.text


def test_names_that_begin_alike_are_one_project_and_what_rests_is_set_aside(
    tmp_path: Path,
) -> None:
    source = loaded(tmp_path, PORTFOLIO).discover[0].key
    text = proposal(
        tmp_path,
        row(1, "konto-api", source, description="The API"),
        row(2, "konto-web", source),
        row(3, "app", source, name="The application"),
        row(4, "old", source, archived=True),
        row(5, "skeleton", source, template=True),
        row(6, "asleep", source, pushed=NOW - 900 * DAY),
        row(7, "borrowed", source, "fork"),
    )
    after = loaded(tmp_path, PORTFOLIO, text)
    projects = {project.id: len(project.repositories) for project in after.projects}
    assert projects == {"app": 1, "konto": 2, "city-app": 1}
    ignored = {each.match: each.why for each in after.discover[-1].declared.ignore}
    assert after.discover[-1].key == source
    assert set(ignored) == {"city/old", "city/skeleton", "city/asleep"}
    assert ignored["city/asleep"] == "no commit since 2024-04-04"
    assert "# Set aside already (1):\n#   https://github.com/city/borrowed" in text


NAMES = st.from_regex(r"[A-Za-z0-9._-]{1,30}", fullmatch=True).filter(
    lambda name: name.strip(".") not in ("", "git") and not name.lower().endswith(".git")
)
WORDS = st.text(max_size=120) | st.sampled_from(["a: b", "- x", "'", '"', "# no", "{", "\u202e"])


@settings(max_examples=40)
@given(
    rows=st.dictionaries(
        NAMES.map(str.lower),
        st.fixed_dictionaries(
            {
                "description": st.none() | WORDS,
                "name": st.none() | WORDS,
                "group": st.none() | WORDS,
                "archived": st.booleans(),
                "template": st.booleans(),
                "pushed": st.none() | st.integers(0, NOW),
            }
        ),
        min_size=1,
        max_size=12,
    ).filter(lambda rows: "first" not in rows),
    second=st.booleans(),
)
def test_the_whole_proposal_passes_check_and_sorts_everything(
    tmp_path_factory: Any, rows: dict[str, dict[str, Any]], second: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "sorted"
    before = loaded(folder, PORTFOLIO)
    source = before.discover[int(second)].key
    shelved = [row(n, name, source, **facts) for n, (name, facts) in enumerate(rows.items())]
    (found,) = sections(before, shelved, NOW)
    after = loaded(folder, PORTFOLIO, found.text)
    keys = {repository.key for repository in after.repositories}
    ignored = [
        each.match for one in after.discover if one.key == source for each in one.declared.ignore
    ]
    for each in shelved:
        rules = Rules([(match, None) for match in ignored])
        one = Candidate(each.key, each.host, each.found)
        assert place(one, rules, Known(keys))[0] in ("claimed", "ignored")


@given(NAMES, NAMES)
def test_an_exact_pattern_means_one_repository(one: str, other: str) -> None:
    assert matches(f"city/{one}", f"github.com/city/{one}".lower())
    if one.lower() != other.lower():
        assert not matches(f"city/{one}", f"github.com/city/{other}".lower())
