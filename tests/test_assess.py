"""``assess``: one page on a repository that is in no portfolio, read into a place of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forge.world import Repository, issue
from tests.gitmake import Maker
from tests.whole import Whole, whole_forge

PUBLICCODE = b"publiccodeYmlVersion: '0.4'\nname: App\nlegal: {license: MIT}\n"


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as forge:
        forge.configure()
        yield forge


def stranger(whole: Whole, **files: bytes) -> None:
    maker = Maker(whole.git.root / "else/app")
    maker.commit(files={"README.md": b"hello\n", **files})
    maker.write()
    fork = "https://github.com/origin/app"
    whole.forge.world.add(Repository("else", "app", issues=[issue(1)], fork_of=fork))


def test_a_page_says_how_it_stands_and_what_to_settle_and_leaves_nothing(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    stranger(whole, **{"publiccode.yml": PUBLICCODE})
    out, _ = whole.run("assess", whole.url("else/app"))
    for words in (
        "The five questions",
        "1. Nobody has looked after it for more than a year",
        "It is a fork of https://github.com/origin/app",
        "It has no licence: nobody may use it.",
        "Its publiccode.yml has",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80
    assert not (whole.folder / "data").exists()


def test_programs_get_one_document(whole: Whole) -> None:
    stranger(whole, LICENSE=b"EUPL v1.2\n")
    out, _ = whole.run("assess", whole.url("else/app"), "--format", "json")
    found = json.loads(out)
    assert found["values"]["open_issues"]["value"] == 1
    assert found["judgement"]["status"] == "at_rest"
    assert any("publiccode.yml" in each["words"] for each in found["settle"])


def test_what_cannot_be_read_is_a_sentence_and_status_one(whole: Whole) -> None:
    _, err = whole.run("assess", whole.url("else/nothing"), exit=1)
    assert "could not be read" in err
    _, err = whole.run("assess", whole.url("else"), exit=2)
    assert "an organisation or group" in err
