"""Which commits there are, who made them, when they arrived: against definitions by brute force."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collector import git
from collector.git.command import Git
from collector.git.walk import LATEST, walk
from collector.model import Account, Commit, GitReading
from tests.gitmake import T0, Maker
from tests.gitmake import git as run

Graph = list[list[int]]
OPTIONS = git.GitOptions(allow_local=True)


@contextmanager
def maker() -> Iterator[Maker]:
    with tempfile.TemporaryDirectory() as folder:
        yield Maker(Path(folder) / "source.git")


@st.composite
def graphs(draw: st.DrawFn, most: int = 14) -> Graph:
    """Each commit's parents, as numbers from 1; several roots, octopuses and crosses included."""
    graph: Graph = [[]]
    for number in range(2, draw(st.integers(2, most)) + 1):
        earlier = st.integers(max(1, number - 5), number - 1)
        graph.append(draw(st.lists(earlier, max_size=3, unique=True)))
    return graph


def make(made: Maker, graph: Graph, times: Sequence[int] | None = None) -> None:
    for i, parents in enumerate(graph):
        time = times[i] if times else None
        made.commit(parents, time=time, branch=f"b{i}", message=b"commit %d\n" % i)
    made.branch_at("main", len(graph))
    made.write()


def reach(graph: Graph, tip: int) -> set[int]:
    """Every commit reachable from a tip, itself included."""
    found: set[int] = set()
    waiting = [tip]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += graph[number - 1]
    return found


def mainline(graph: Graph) -> list[int]:
    """The first-parent line of the last commit, oldest first."""
    line = [len(graph)]
    while graph[line[-1] - 1]:
        line.append(graph[line[-1] - 1][0])
    return line[::-1]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs(), data=st.data())
def test_arrival_is_the_oldest_mainline_commit_that_reaches_a_commit(
    graph: Graph, data: st.DataObject
) -> None:
    times = [data.draw(st.integers(0, 9)) * 86_400 + T0 for _ in graph]
    with maker() as made:
        make(made, graph, times)
        line = mainline(graph)
        shas = {number: made.sha(number) for number in range(1, len(graph) + 1)}
        source = Git(str(made.path), made.path, OPTIONS)
        found = {commit.sha: commit for commit in walk(source, shas[len(graph)])}
        assert set(found) == {shas[number] for number in reach(graph, len(graph))}
        for number in reach(graph, len(graph)):
            brought = next(m for m in line if number in reach(graph, m))
            commit = found[shas[number]]
            assert (commit.arrived_with, commit.arrival) == (shas[brought], times[brought - 1])
            assert commit.parents == len(graph[number - 1])


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=graphs(), cuts=st.lists(st.integers(1, 14), min_size=1, max_size=3))
@example(graph=[[], [1], [1], [3, 2]], cuts=[2])  # a foxtrot merge turns the line around
def test_reading_as_it_grows_gives_what_reading_it_whole_gives(
    graph: Graph, cuts: list[int]
) -> None:
    with maker() as made, tempfile.TemporaryDirectory() as folder:
        make(made, graph)
        known: dict[bytes, Commit] = {}
        cursor = None
        for tip in [*(min(cut, len(graph)) for cut in cuts), len(graph)]:
            made.branch_at("main", tip)
            made.write()
            reading = git.read(str(made.path), Path(folder) / "clone.git", cursor, OPTIONS, "id")
            if isinstance(reading, GitReading):
                known = {} if reading.replaces else known
                known |= {commit.sha: commit for commit in reading.commits}
            cursor = reading.cursor
        whole = git.read(str(made.path), Path(folder) / "other.git", None, OPTIONS, "id")
        assert isinstance(whole, GitReading)
        assert known == {commit.sha: commit for commit in whole.commits}


def commits(made: Maker, **options: object) -> list[Commit]:
    made.write()
    source = Git(str(made.path), made.path, replace(OPTIONS, **options))  # type: ignore[arg-type]
    head = run(made.path, "rev-parse", made.branch).decode().strip()
    return list(walk(source, bytes.fromhex(head)))[::-1]


@pytest.fixture
def made(tmp_path: Path) -> Maker:
    return Maker(tmp_path / "source.git")


def test_co_authors_are_found_in_any_case_and_malformed_ones_survive(made: Maker) -> None:
    made.commit(
        message=b"Do it\n\nBecause.\n\nCo-authored-by: Bo <bo@example.org>\n"
        b"CO-AUTHORED-BY: \xc4\x8c\xc3\xa1p <cap@example.sk>\nco-authored-by: nobody\n"
        b"Co-Authored-By: <only@example.org>\nCo-authored-by: Two <a@b.c> <d@e.f>\n"
        b"Co-authored-by: Bo <bo@example.org>\nCo-authored-by:\n"
    )
    (commit,) = commits(made)
    assert commit.co_authors == (
        Account(name="Bo", mail="bo@example.org"),
        Account(name="Čáp", mail="cap@example.sk"),
        Account(name="nobody", mail=""),
        Account(name="", mail="only@example.org"),
        Account(name="Two <a@b.c>", mail="d@e.f"),
    )


def test_a_hostile_trailer_of_blanks_does_not_hold_the_walk(made: Maker) -> None:
    lines = (b"Co-authored-by: a <" + b" " * 20_000 + b"<", b"Co-authored-by: " + b"@ <>" * 9_000)
    made.commit(message=b"Do it\n\n" + b"\n".join(lines) + b"\nCo-authored-by: Bo <bo@x.org>\n")
    assert Account(name="Bo", mail="bo@x.org") in commits(made)[0].co_authors


def test_a_co_author_named_in_the_middle_of_a_message_is_no_trailer(made: Maker) -> None:
    made.commit(message=b"Do it\n\nCo-authored-by: Bo <bo@example.org> was kind.\n\nThe end.\n")
    assert commits(made)[0].co_authors == ()


def names_ai(name: str | None, mail: str | None) -> bool:
    return mail == "noreply@anthropic.com" or (name or "").lower() in {"claude", "copilot"}


@pytest.mark.parametrize(
    ("trailer", "declared"),
    [
        (b"Co-authored-by: Claude <noreply@anthropic.com>", True),
        (b"Co-Authored-By: Copilot <175728472+Copilot@users.noreply.github.com>", True),
        (b"Assisted-by: Claude:opus-4", True),
        (b"Generated-by: GitHub Copilot", True),
        (b"Reviewed-by: Claude Dupont <claude.dupont@example.fr>", False),
        (b"Signed-off-by: Bo <bo@example.org>", False),
    ],
)
def test_a_trailer_that_names_an_assistant_declares_its_help(
    made: Maker, trailer: bytes, declared: bool
) -> None:
    made.commit(message=b"Do it\n\n" + trailer + b"\n")
    assert commits(made, names_ai=names_ai)[0].declares_ai is declared


def raw_commit(made: Maker, lines: bytes) -> None:
    """Write a commit that no git would make, and make it the head."""
    made.line(1)
    made.write()
    tree = run(made.path, "rev-parse", "main^{tree}").strip()
    words = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    content = b"tree " + tree + b"\n" + lines + b"\n\nmessage\n"
    sha = run(made.path, *words, stdin=content).decode().strip()
    run(made.path, "update-ref", "refs/heads/main", sha)


@pytest.mark.parametrize(
    ("date", "read"),
    [
        (b"-99", 0),
        (b"253402300800", 253402300800),
        (b"99999999999999999999999999", LATEST),
        (b"", 0),
        (b"soon", 0),
        (b"0", 0),
    ],
)
def test_absurd_dates_are_read_as_dates_that_are_plainly_invalid(
    made: Maker, date: bytes, read: int
) -> None:
    raw_commit(made, b"author A <a@x> %s +0000\ncommitter A <a@x> %s +0000" % (date, date))
    (commit,) = commits(made)
    assert commit.author_time == commit.committer_time == commit.arrival == read


def test_names_of_any_encoding_lose_only_what_no_name_has(made: Maker) -> None:
    made.commit(author=b"Jos\xe9\tde\x01 la \x1b[31mCruz <jose@example.es>")
    made.commit([1], author=b"\xe5\xbc\xa0\xe4\xbc\x9f <zhang@example.cn>")
    first, second = commits(made)
    assert first.author == Account(name="Joséde la [31mCruz", mail="jose@example.es")
    assert second.author.name == "张伟"


def test_a_commit_without_an_author_is_still_a_commit(made: Maker) -> None:
    raw_commit(made, b"x-nothing here")
    (commit,) = commits(made)
    assert (commit.author.name, commit.author.mail, commit.author_time) == ("", "", 0)


def test_a_message_with_nul_bytes_and_separators_shifts_no_field(made: Maker) -> None:
    raw_commit(
        made,
        b"author A <a@x> 1500000000 +0000\ncommitter A <a@x> 1500000000 +0000\n\n"
        b"one\0two\0\0three\n\nCo-authored-by: B <b@x>\0",
    )
    assert [commit.author.name for commit in commits(made)] == ["A"]
