"""Files, places, counts, forks and data quality agree with a second calculation in plain loops."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from collector import git
from collector.metric import State, Value
from collector.metrics import BY_KEY
from collector.model import DAY, Activity, Agreement, FileFact, GitReading, Project, Span
from tests import naive, naive_around
from tests.activities import REPOSITORY, WorksFor, activity, at
from tests.gitmake import Maker
from tests.measuring import NOW, value
from tests.naive_around import Answer, Around
from tests.naive_claims import Claims
from tests.naive_declared import Plain
from tests.naive_items import Naive
from tests.naive_status import Standing
from tests.test_metrics_registry import as_ofs
from tests.worlds import World, worlds


def told(key: str, value: Value) -> object:
    """A metric's answer in the form of the plain loops."""
    if key == "license" and value.state is State.OK:
        parts = value.parts
        return parts["spdx"], parts["osi_approved"], parts["equal"]
    if key == "lifecycle":
        main = value.parts["main"]
        assert isinstance(main, list)
        return {str(word) for word in main} - {"public"}
    if key == "maintenance_type":
        return value.parts.get("type")
    return value.value


def differing(world: World, as_of: int) -> list[str]:
    built, wanted = world.build(), Around(world).at(as_of)
    return [
        f"{key}: {found}, plainly {wanted[key]}"
        for key, found in ours(built, wanted, as_of).items()
        if wanted[key] is not ... and found != wanted[key]
    ]


def ours(built: object, wanted: Answer, as_of: int) -> Answer:
    found: Answer = {}
    for key in wanted:
        name, _, part = key.partition(" ")
        value = BY_KEY[name].compute(built, as_of)  # type: ignore[arg-type]
        found[key] = value.parts.get(part) if part else told(name, value)
    return found


@given(worlds(), as_ofs)
@settings(max_examples=120, deadline=None)
def test_plain_loops_over_what_stands_around_the_work_give_the_same(
    world: World, as_of: int
) -> None:
    assert differing(world, as_of) == []


def test_of_each_family_there_is_something_to_compare() -> None:
    seen: Counter[str] = Counter()

    @given(worlds())
    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    def look(world: World) -> None:
        seen.update(k for k, v in Around(world).at(NOW).items() if v not in (None, ...))

    look()
    assert len(seen) >= 18, seen


def counted_twice() -> set[str]:
    """The keys of all second calculations, by asking each about next to nothing."""
    world = World((), Project("app"), (REPOSITORY,))
    log, archive = naive.Project.__new__(naive.Project), Naive.__new__(Naive)
    log.commits, log.tags, archive.items = [], [], []
    answers = (
        Around(world).at(NOW), Plain([], world.project).at(NOW),
        Standing([], world.project, set()).at(NOW), log.metrics(NOW), archive.at(NOW),
    )  # fmt: skip
    return {key.partition(" ")[0] for answer in answers for key in answer}


COUNTED_ONCE = dict.fromkeys(
    ("scorecard", "known_vulnerabilities", "libyears", "service_answered"),
    "never measured: this version does not ask the services that tell it",
)
"""Metrics that no second calculation knows, with the reason."""


def test_every_metric_is_counted_a_second_time_or_it_is_said_why_not() -> None:
    assert counted_twice() | COUNTED_ONCE.keys() == BY_KEY.keys()
    assert not counted_twice() & COUNTED_ONCE.keys()


# ---------------------------------------------------------------- declared, and seen


@st.composite
def claims(draw: st.DrawFn) -> tuple[World, dict[str, object]]:
    """A project of which much is declared, by which known people work."""
    world = draw(worlds(least=draw(st.sampled_from([0, 30]))))
    said: dict[str, object] = {
        "development_status": draw(st.sampled_from(["stable", "obsolete"])),
        "maintenance_type": draw(st.sampled_from(["internal", "contract"])),
        "release_date": draw(st.sampled_from([None, "2023-02-01"])),
    }
    fact = FileFact("publiccode.yml", "root/publiccode.yml", 0, None, None, said)
    firm, others = draw(st.sampled_from([("firm", "firm"), ("city", "firm"), ("city", "city")]))
    jobs = (WorksFor("ana", firm), WorksFor("ben", others), WorksFor("eva", others))
    ends = draw(st.lists(st.integers(0, 1400), min_size=1, max_size=2))
    party = st.sampled_from(["firm", "firm", "city"])
    contracts = tuple(
        Agreement(draw(party), Span(None, NOW - NOW % DAY - ago * DAY)) for ago in ends
    )
    lines = tuple(one for one in world.lines if not isinstance(one, WorksFor))
    main, second = world.repositories
    made = replace(
        world,
        lines=(*lines, *jobs),
        project=replace(world.project, contracts=contracts),
        repositories=(replace(main, files=(fact,)), second),
        people_since=None,
    )
    return made, said


ALL_CLAIMS = {"stable", "obsolete", "release", "internal", "contract"}


def test_plain_loops_find_the_same_claims_untrue() -> None:
    seen: Counter[str] = Counter()

    @given(claims(), as_ofs)
    @settings(max_examples=250, deadline=None, database=None)
    def look(claim: tuple[World, dict[str, object]], as_of: int) -> None:
        world, said = claim
        untrue = Claims(world, said, as_of).untrue()
        assert value("declared_vs_observed", world.build(), as_of).value == len(untrue)
        seen.update(key.partition(" ")[0] for key in untrue)

    # What is drawn depends also on which modules are loaded: look on until each was met.
    for number in range(8):
        seed(number)(look)()
        if seen.keys() == ALL_CLAIMS:
            return
    raise AssertionError(f"never met: {ALL_CLAIMS - seen.keys()}")


# ---------------------------------------------------------------- from git itself


def read(repository: Path, clone: Path) -> Activity:
    """The files of a repository, as our own reading of its git tells them."""
    options = git.GitOptions(allow_local=True)
    reading = git.read(str(repository), clone, None, options, "id")
    assert isinstance(reading, GitReading)
    return activity(repositories=[replace(REPOSITORY, url=str(repository), files=reading.files)])


TODAY = at("2026-11-25")


QUICK = ("OS2faktor-Login", "catalogi-api", "developers-italia-api", "mls-extensions")
ALL = {"MPL-2.0": 3, "AGPL-3.0-only": 3, "EUPL-1.2": 1, "publiccode.yml": 2}


def stem(spdx: str | None) -> str:
    return (spdx or "").removesuffix("-only").removesuffix("-or-later")


@pytest.mark.parametrize(
    ("names", "wanted_of"),
    [
        (QUICK, {"MPL-2.0": 1, "AGPL-3.0-only": 1, "publiccode.yml": 1}),
        pytest.param(("",), ALL, marks=pytest.mark.slow),
    ],
    ids=["quick", "all"],
)
def test_papers_of_real_repositories_are_those_that_git_shows(
    real_repositories: Path, tmp_path: Path, names: tuple[str, ...], wanted_of: dict[str, int]
) -> None:
    recognised = Counter[str]()
    for path in sorted(real_repositories.glob("*.git")):
        if not path.stem.endswith(names):
            continue
        ours, there = read(path, tmp_path / path.name), naive_around.files_at(path, "HEAD")
        assert value("community_files", ours, TODAY).parts["found"] == there, path.name
        licence = value("license", ours, TODAY).parts
        text = naive_around.git(path, "show", f"HEAD:{there.get('LICENSE', '-')}")
        wanted = naive_around.licence_of(text)
        if wanted is not None:
            assert licence["spdx"] == wanted, path.name
            recognised[wanted] += 1
        if "publiccode.yml" in there:
            text = naive_around.git(path, "show", f"HEAD:{there['publiccode.yml']}")
            whole, declared, kept = naive_around.publiccode_of(text)
            assert value("publiccode_valid", ours, TODAY).value == float(whole), path.name
            assert licence["publiccode"] == declared
            # The text is the same for "only" and "or later".
            assert licence["equal"] is (stem(declared) == stem(wanted)), path.name
            assert value("maintenance_type", ours, TODAY).parts["type"] == kept
            recognised["publiccode.yml"] += 1
    assert recognised == wanted_of


PATHS = (
    "README.md", "readme", "LICENSE", "LICENCE.txt", "docs/CONTRIBUTING.md", "CONTRIBUTING",
    ".github/SECURITY.md", "SECURITY.md", "GOVERNANCE.md", "docs/changelog.rst", "ROADMAP.md",
    "AUTHORS", "MAINTAINERS.md", ".gitlab/CODEOWNERS", "SUPPORT.md", "CITATION.cff",
    "src/README.md", "security/list.txt", "READMEx",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_papers_that_came_and_went_are_those_of_the_commit_that_was_there(
    tmp_path: Path, seed: int
) -> None:
    chance, start = random.Random(seed), at("2025-01-01")
    maker, last, there = Maker(tmp_path / "r.git"), 0, set[str]()
    for step in range(40):
        chosen = chance.sample(PATHS, 3)
        files = {path: None if path in there else b"text\n" for path in chosen}
        there ^= set(chosen)
        last = maker.commit([last] if last else [], time=start + step * 9 * 86_400 + 7, files=files)
    made = maker.write()
    ours = read(made, tmp_path / "clone.git")
    for days in range(0, 380, 13):
        day = date(2025, 1, 1) + timedelta(days)
        commit = naive_around.last_before(made, day)
        wanted = naive_around.files_at(made, commit) if commit else {}
        found = value("community_files", ours, at(day.isoformat())).parts["found"]
        assert found == wanted, day
