"""Community files through time, and how many files a commit touches."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collector import git
from collector.model import Account, FileFact, GitReading
from tests.gitmake import T0, Maker
from tests.gitmake import git as run
from tests.gitserver import GitServer, serve

OPTIONS = git.GitOptions(allow_local=True, allow_http=True)
MIT = (
    b"MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n"
    b"of this software, subject to the following conditions:\n\n"
    b"The above copyright notice and this permission notice shall be included.\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    root = tmp_path / "server"
    root.mkdir()
    with serve(root) as running:
        yield running


@pytest.fixture
def made(server: GitServer) -> Maker:
    return Maker(server.root / "r.git")


def read(server: GitServer, clone: Path, **changed: object) -> GitReading:
    options = replace(OPTIONS, **changed)  # type: ignore[arg-type]
    reading = git.read(server.url("r.git"), clone, None, options, "id")
    assert isinstance(reading, GitReading)
    return reading


def facts(reading: GitReading, key: str) -> list[FileFact]:
    return [fact for fact in reading.files if fact.key == key]


def test_a_file_counts_from_its_arrival_until_it_goes(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    made.commit(time=T0, files={"readme.rst": b"x"})
    made.commit([1], time=T0 + 10, files={"LICENSE": MIT})
    made.commit([2], time=T0 + 20, files={"LICENSE": b"EUPL v1.2, of course", "a": b"1"})
    made.commit([3], time=T0 + 30, files={"readme.rst": None})
    made.write()
    reading = read(server, tmp_path / "c.git")
    assert [(f.place, f.since, f.until) for f in facts(reading, "README")] == [
        ("readme.rst", T0, T0 + 30)
    ]
    assert [(f.spdx, f.since, f.until) for f in facts(reading, "LICENSE")] == [
        ("MIT", T0 + 10, T0 + 20),
        ("EUPL-1.2", T0 + 20, None),
    ]


def test_a_file_of_a_branch_counts_when_its_merge_arrives(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    made.commit(time=T0, files={"a": b"1"})
    made.commit([1], time=T0 + 10, files={"SECURITY.md": b"x"}, branch="side")
    made.commit([1], time=T0 + 20, files={"a": b"2"})
    made.commit([3, 2], time=T0 + 30, files={"SECURITY.md": b"x"})
    made.write()
    assert facts(read(server, tmp_path / "c.git"), "SECURITY")[0].since == T0 + 30


def test_what_rule_packs_ask_for_is_looked_for_in_the_root_alone(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    names = (".editorconfig", "Dockerfile.web", "doc/index.md", "x/Dockerfile", "x/.eslintrc.json")
    made.commit(files=dict.fromkeys(names, b"x"))
    made.write()
    places = {fact.key: fact.place for fact in read(server, tmp_path / "c.git").files}
    wanted = ("coding_standard", "container", "documentation")
    assert [places.get(key) for key in wanted] == [".editorconfig", "Dockerfile.web", "doc/"]


def test_places_are_searched_in_order_and_any_case_and_extension_counts(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    names = {
        "docs/CONTRIBUTING.adoc": "CONTRIBUTING",
        ".github/contributing.md": "CONTRIBUTING",
        ".github/CODEOWNERS": "CODEOWNERS",
        ".gitlab/Support.txt": "SUPPORT",
        "docs/code-of-conduct.md": "CODE_OF_CONDUCT",
        "Changes": "CHANGELOG",
        "MAINTAINERS.md": "AUTHORS/MAINTAINERS",
        "CITATION.cff": "CITATION.cff",
        "GOVERNANCE": "GOVERNANCE",
        "ROADMAP.md": "ROADMAP",
        "security.py": "",
        "src/README.md": "",
        "support/x.md": "",
        "LICENSES/EUPL-1.2.txt": "LICENSE",
    }
    made.commit(files=dict.fromkeys(names, b"x"))
    made.write()
    places = {fact.key: fact.place for fact in read(server, tmp_path / "c.git").files}
    assert set(places) == set(names.values()) - {""} | {"documentation"}
    assert places["CONTRIBUTING"] == ".github/contributing.md"
    assert (places["LICENSE"], places["CHANGELOG"]) == ("LICENSES/", "Changes")


def test_files_of_a_long_history_come_in_a_handful_of_requests(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    for i in range(60):
        files = {f"{i}.txt": b"x", "LICENSE": b"%d" % i + MIT, "docs/a": b"%d" % i}
        made.commit([i] if i else [], files=files)
    made.write()
    read(server, tmp_path / "c.git")
    posts = [request for request in server.requests if request.startswith("POST")]
    assert len(posts) <= 8


def test_a_longer_history_is_sampled_at_the_starts_of_months(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    for i in range(100):
        files = {"a": b"%d" % i} | ({"README": b"x"} if i >= 50 else {})
        made.commit([i] if i else [], time=T0 + i * 86_400 * 3, files=files)
    made.write()
    exact = facts(read(server, tmp_path / "c.git"), "README")[0]
    sampled = facts(read(server, tmp_path / "d.git", exact_trees=20), "README")[0]
    assert exact.since == T0 + 50 * 86_400 * 3
    assert 0 <= sampled.since - exact.since <= 31 * 86_400
    trees = run(tmp_path / "d.git", "cat-file", "--batch-all-objects", "--batch-check")
    assert trees.count(b"tree") <= 13


def test_clocks_that_run_wrong_never_put_a_file_after_its_successor(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    for i, time in enumerate([T0, 4_000_000_000, 5, T0 + 30]):
        made.commit([i] if i else [], time=time, files={f"{i}": b"x", "README": b"%d" % i})
    made.write()
    (readme,) = facts(read(server, tmp_path / "c.git"), "README")
    assert (readme.since, readme.until) == (T0, None)


def test_objects_that_a_server_lacks_are_unreadable_and_nothing_fails(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    made.commit(files={"LICENSE": MIT, "docs/SUPPORT.md": b"x", "README": b"x"})
    made.commit([1], files={"LICENSE": b"2", "docs/SUPPORT.md": None})
    made.write()
    for name in ("main~1:docs", "main:LICENSE"):
        sha = run(made.path, "rev-parse", name).decode().strip()
        (made.path / "objects" / sha[:2] / sha[2:]).unlink()
    reading = read(server, tmp_path / "c.git")
    assert len(list(reading.commits)) == 2
    assert [fact.readable for fact in facts(reading, "LICENSE") if fact.until is None] == [False]
    assert [fact.readable for fact in facts(reading, "README")] == [False, True]
    assert [fact.readable for fact in facts(reading, "SUPPORT")] == [False]


def test_a_mailmap_joins_mails_and_never_names(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    mailmap = (
        b"# comment <a@b.c> <d@e.f>\nAda L <ada@new.org> <ada@old.org>\n"
        b"<bo@new.org> Bo Old <bo@old.org>\nOnly Name <n@x.org>\n<<<>>>\n\xff\xfe <x\n"
        + b"<q@x> <"
        + b"y" * 5000
        + b">\n"
    )
    made.commit(files={".mailmap": mailmap})
    made.write()
    assert read(server, tmp_path / "c.git").same_people == (
        (Account(name="Ada L", mail="ada@new.org"), Account(mail="ada@old.org")),
        (Account(mail="bo@new.org"), Account(name="Bo Old", mail="bo@old.org")),
    )


def test_the_number_of_files_a_commit_touches_is_git_s_own(
    server: GitServer, made: Maker, tmp_path: Path
) -> None:
    made.commit(files={"a": b"1", "d/b": b"2", "d/e/f": b"3", "copy/b": b"2"})
    made.commit([1], files={"d/e/f": b"4", "g/h/i/j": b"5", "a": None})
    made.commit([1], files={"d": b"now a file"}, branch="side")
    made.commit([2, 3], files={"z/z": b"z"})
    made.commit([4], files={f"dump/{i % 7}/{i}": b"x" for i in range(120)})
    made.commit([5], files={f"again/{i % 7}/{i}": b"x" for i in range(120)})
    made.commit([6])
    made.write()
    clone = tmp_path / "c.git"
    list(read(server, clone).commits)
    shas = [made.sha(i) for i in range(1, 8)]
    server.requests.clear()
    counted = git.changed_files(clone, [*shas, b"\1" * 20], OPTIONS)
    for sha in shas:
        line = run(made.path, "rev-list", "--parents", "-1", sha.hex()).decode().split()
        sides = ["--root", line[0]] if len(line) == 1 else [line[1], line[0]]
        words = ("diff-tree", "-r", "--name-only", "--no-renames", "--no-commit-id")
        names = run(made.path, *words, *sides).splitlines()
        assert counted[sha] == len(names)
    assert counted[b"\1" * 20] is None
    assert len([request for request in server.requests if "POST" in request]) <= 5


@pytest.mark.parametrize("way", ["path", "http"])
def test_a_folder_that_stands_in_another_one_asked_for_with_it_is_had_too(
    server: GitServer, made: Maker, tmp_path: Path, way: str
) -> None:
    """Such a folder is left out by git's servers, where the outer one happens to be asked first."""
    inner = [{"q/f": b"%d" % i, "q/g": b"%d" % i} for i in range(8)]
    made.commit(files={"a": b"1"})
    made.commit(
        [1], files={f"p{i}/{name}": own[name] for i, own in enumerate(inner) for name in own}
    )
    made.commit(
        [2], files={f"z{i}/{name[2:]}": own[name] for i, own in enumerate(inner) for name in own}
    )
    made.write()
    run(made.path, "config", "uploadpack.allowFilter", "true")
    run(made.path, "config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "c.git"
    url = str(made.path) if way == "path" else server.url("r.git")
    assert isinstance(git.read(url, clone, None, OPTIONS, "id"), GitReading)
    shas = [made.sha(i) for i in (1, 2, 3)]
    assert git.changed_files(clone, shas, OPTIONS) == dict(zip(shas, (1, 16, 16), strict=True))
    assert not (clone / "vitals-damaged").exists()


def test_a_touch_count_is_unknown_where_the_server_lacks_the_trees(
    real_repositories: Path, tmp_path: Path
) -> None:
    source = real_repositories / "OS2faktor__OS2faktor-Login.git"
    reading = git.read(str(source), tmp_path / "c.git", None, OPTIONS, "id")
    assert isinstance(reading, GitReading)
    shas = [commit.sha for commit in reading.commits]
    counted = git.changed_files(tmp_path / "c.git", shas, OPTIONS)
    assert set(counted) == set(shas)
    assert None in counted.values()


def test_no_key_of_metrics_md_is_forgotten() -> None:
    from collector.git.community import KEYS
    from collector.metrics.openness import FILES

    assert set(FILES) <= set(KEYS)
    assert all(re.fullmatch(r"[\w./]+", key) for key in KEYS)
