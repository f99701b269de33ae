"""The commands about checklists, about who goes, and about who is who, as people run them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from collector import clock, config
from collector.commands.common import day
from collector.commands.identities import identities
from collector.commands.packs import show
from collector.commands.whatif import look
from collector.errors import ConfigurationError
from collector.model import DAY
from collector.rulepack import from_json
from collector.store.checklists import (
    pack_counts,
    pack_history_of,
    pack_results_of,
    what_if_choices,
    what_if_of,
)
from collector.store.engine import connect
from tests.collected import command
from tests.gitmake import Maker

SETTINGS = """allow_local: true
organisations:
  - {id: firm, kind: supplier, domains: [firm.example]}
identities:
  - {name: Lead, accounts: [ada@firm.example]}
"""
PORTFOLIO = """ospo: {{id: city, country: SK}}
projects:
  - id: app
    contracts: [{{supplier: firm, until: 2090-01-01}}]
    funding: [{{source: Fund of Examples, until: 2090-01-01}}]
    answers: [{{rule: codegouv-awesome/users, answer: yes, date: {today}, by: city}}]
    repositories: [{{url: {app}}}]
  - id: other
    repositories: [{{url: {other}}}]
"""


OTHERS = (
    b"Eva <eva@office.example>",
    b"Eva <e.novak@office.example>",
    b"Jan <jan@gmail.com>",
    b"Ivo <ivo@office.example>",
)


@dataclass(frozen=True)
class Place:
    folder: Path

    @property
    def url(self) -> str:
        return config.load(self.folder / "config", {}).database_url


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two projects: one that a supplier does alone, one by people nobody knows."""
    folder, today = tmp_path_factory.mktemp("people"), clock.today()
    app, other = Maker(folder / "app"), Maker(folder / "other")
    for month in range(11, -1, -1):
        at = today - month * 30 * DAY - DAY
        files = {"SECURITY.md": b"x", "README": b"x"}
        before = [app.made] if app.made else []
        app.commit(before, time=at, author=b"Ada <ada@firm.example>", files=files)
        other.commit([other.made] if other.made else [], time=at, author=OTHERS[month % 4])
    (folder / "config" / "portfolios").mkdir(parents=True)
    (folder / "config" / "ospo-vitals.yaml").write_text(SETTINGS)
    text = PORTFOLIO.format(app=app.write(), other=other.write(), today=day(today))
    (folder / "config" / "portfolios" / "all.yaml").write_text(text)
    command(folder, "collect")
    return Place(folder)


@pytest.fixture
def here(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("OSPO_VITALS_CONFIG", str(place.folder / "config"))
    monkeypatch.setenv("COLUMNS", "200")
    return place


def read(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_packs_prints_every_input_and_those_of_other_countries_only_when_asked(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    show(("app",), (), None, "json")
    found = {each["pack"]: each for each in read(capsys)[0]["packs"]}
    assert "os2-level" not in found
    rules = {rule["id"]: rule for rule in found["codegouv-awesome"]["rules"]}
    assert rules["users"]["answered"]
    assert rules["users"]["by"] == "city"
    assert rules["funded"]["parts"]["by"] == ["Fund of Examples", "firm"]
    show(("app",), ("os2-level",), None, "table")
    said = capsys.readouterr().out
    assert "F4: met. Security has been thought of" in said
    assert "found: SECURITY.md" in said
    with pytest.raises(ConfigurationError, match="Did you mean os2-level"):
        show((), ("os2-levels",), None, "json")


def test_what_was_measured_today_is_read_and_is_what_would_be_computed(
    here: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> list[object]:
        answers = []
        for asked in ("supplier:firm", "person:Lead", "funding:Fund of Examples"):
            look(asked, None, "json")
            answers.append(read(capsys))
        show((), (), None, "json")
        return [*answers, read(capsys)]

    def nobody(*_: object) -> frozenset[str]:
        return frozenset()

    stored = said()
    monkeypatch.setattr("collector.commands.packs.current", nobody)
    monkeypatch.setattr("collector.commands.whatif.current", nobody)
    assert said() == stored


def test_what_was_measured_of_packs_is_stored_with_its_history(here: Place) -> None:
    engine = connect(here.url, read_only=True)
    levels = {each.pack: each for each in pack_counts(engine, "city", True)}
    assert "openssf-maintained" in levels
    one = levels["opencode-maintenance"]
    results = [from_json(each) for each in pack_results_of(engine, one.sample)]
    assert {each.pack for each in results} == set(levels)
    history = [each for each in pack_history_of(engine, one.sample) if each[0] == one.pack]
    assert [at for _, at, _ in history] == sorted(at for _, at, _ in history)
    assert len(history) >= 10


def test_whatif_says_who_would_be_left_and_is_stored_for_the_pages(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    look("supplier:firm", None, "json")
    found = read(capsys)
    assert (found["touched"], found["nobody"]) == (1, ["app"])
    assert found["projects"][0]["regular_committers"] == {"before": 1, "after": 0}
    engine = connect(here.url, read_only=True)
    choices = dict(what_if_choices(engine))
    assert choices == {"supplier:firm": 1, "person:Lead": 1, "funding:Fund of Examples": 1}
    stored = what_if_of(engine, "supplier:firm")[0]
    assert stored["flips"] == found["projects"][0]["flips"]
    look("person:Lead", "2089-01-01", "table")
    said = capsys.readouterr().out
    assert "app: nobody of its regular people would be left" in said
    look("person:jan@gmail.com", None, "json")
    assert read(capsys)["projects"][0]["project"] == "other"
    look("funding:Fund of Examples", None, "table")
    assert "the money runs on: met → not met" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_whoever_is_not_known_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean firm"):
        look("supplier:frim", None, "table")
    with pytest.raises(ConfigurationError, match="Did you mean Lead"):
        look("person:lead1", None, "table")
    with pytest.raises(ConfigurationError, match="Did you mean Fund of Examples"):
        look("funding:Fund of Exampels", None, "table")
    with pytest.raises(ConfigurationError, match="Did you mean supplier"):
        look("suplier:firm", None, "table")
    with pytest.raises(ConfigurationError, match="Write supplier:ID"):
        look("firm", None, "table")


@pytest.mark.usefixtures("here")
def test_who_may_be_one_person_is_suggested_and_never_joined(
    capsys: pytest.CaptureFixture[str],
) -> None:
    identities(())
    said = capsys.readouterr().out
    assert "E*** @office.example in git and E*** @office.example in git: the same name" in said
    assert "An organisation is known for 0% of the year's credits" in said
    assert "at office.example" in said
    assert "other: 4 accounts of people, 4 persons" in said
    assert "gmail" not in said.replace("@gmail.com", "")
    assert "Eva" not in said


def test_suggestions_pass_check_and_do_what_they_say(
    here: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    identities((), yaml=True)
    made = capsys.readouterr().out
    assert "Eva" not in made
    file = here.folder / "config" / "ospo-vitals.yaml"
    before = file.read_text()
    file.write_text("allow_local: true\n" + made)
    try:
        loaded = config.load(here.folder / "config", {})
        assert loaded.organisations[0].domains == ("office.example",)
        command(here.folder, "measure")
        identities(("other",))
        said = capsys.readouterr().out
    finally:
        file.write_text(before)
        command(here.folder, "measure")
    assert "other: 4 accounts of people, 3 persons" in said
    assert "configured as one person" in said
    assert "May be one person" not in said
    assert "An organisation is known for 75% of the year's credits" in said
