"""What the commands print for people: whole words at 80 columns, and what to do next."""

import json

import pytest

from collector.commands.attention import look
from collector.commands.metrics import metrics
from collector.commands.paper import Column, paper, plain, show
from collector.commands.status import status
from collector.judgement import from_json, judge, to_json
from collector.metrics import BY_KEY
from tests.activities import activity, at, commits, issue, tag
from tests.collected import Collected, collect
from tests.gitmake import T0, Maker

DAY = 86_400
OVERDUE = "2018-05-20"
"""When the next release had been missing for two months, and somebody was still there."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """Two collected projects: one released regularly and was then left, one is tiny."""
    folder = tmp_path_factory.mktemp("small")
    left = Maker(folder / "left")
    for month in range(8):
        mark = left.commit([left.made] if left.made else [], time=T0 + month * 30 * DAY)
        left.tag(f"v1.{month}", mark, time=T0 + month * 30 * DAY + 60)
    left.commit([left.made], time=T0 + 240 * DAY)
    tiny = Maker(folder / "tiny")
    tiny.commit(time=T0)
    return collect(folder, {"left": left.write(), "tiny": tiny.write()})


@pytest.fixture
def terminal(small: Collected, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns beside that configuration."""
    monkeypatch.setenv("OSPO_VITALS_CONFIG", str(small.folder / "config"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("terminal")
def test_no_metric_key_is_cut_and_no_line_is_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    metrics(("left",), (), None, "table")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    words = {word.strip(",:") for line in lines for word in line.split()}
    assert set(BY_KEY) <= words


@pytest.mark.usefixtures("terminal")
def test_a_reason_that_many_metrics_share_stands_once(capsys: pytest.CaptureFixture[str]) -> None:
    metrics(("left",), (), None, "table")
    assert capsys.readouterr().out.count("this host has no supported API") == 1


@pytest.mark.usefixtures("terminal")
def test_one_metric_is_shown_across_projects(capsys: pytest.CaptureFixture[str]) -> None:
    metrics((), ("release_frequency",), "2018-01-01", "table")
    said = capsys.readouterr().out
    assert "release_frequency: How often is there a new version?" in said
    assert "tiny n/a: there is no tag or release" in said


@pytest.mark.usefixtures("terminal")
def test_status_fits_and_names_the_last_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("table") == 0
    said = capsys.readouterr().out
    assert "Last pass:" in said
    assert "(exit 0)" in said
    assert max(map(len, said.splitlines())) <= 80


def test_a_long_name_takes_no_room_from_the_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    columns = [Column("project", folds=True), Column("commits", right=True), Column("changes")]
    show(paper(), columns, [["long " * 20, "1,234", "–"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("commits  changes")
    assert "1,234" in lines[1]
    assert max(map(len, lines)) <= 60


@pytest.mark.usefixtures("terminal")
def test_attention_tells_what_since_when_why_and_what_helps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert look("table", OVERDUE) == 0
    said = capsys.readouterr().out
    assert "To decide\n\n1. left · since 2018-04-10\n" in said
    assert "Why it matters:" in said
    assert "What helps:" in said
    look("json", OVERDUE)
    entries = json.loads(capsys.readouterr().out)
    assert {"left"} <= {entry["project"] for entry in entries}
    assert {"rule", "since", "why", "role", "links"} <= entries[0].keys()


@pytest.mark.usefixtures("terminal")
def test_a_decision_in_the_portfolio_file_hides_its_entry(
    small: Collected, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "delivery_overdue" in rules(capsys)
    portfolio = small.folder / "config" / "portfolios" / "all.yaml"
    before = portfolio.read_text()
    decided = "{date: 2017-01-01, about: delivery_interval, decision: accept}"
    portfolio.write_text(before.replace("- id: left", f"- id: left\n    decisions: [{decided}]"))
    try:
        assert "delivery_overdue" not in rules(capsys)
    finally:
        portfolio.write_text(before)


def rules(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Which rules have an entry?"""
    look("json", OVERDUE)
    return {entry["rule"] for entry in json.loads(capsys.readouterr().out)}


def test_words_of_others_cannot_steer_the_terminal() -> None:
    assert plain("v1\x1b[2J\u202e\r9") == "v1 [2J  9"


@pytest.mark.parametrize("day", ["2017-01-01", "2020-06-01", "2026-01-01"])
def test_a_judgement_reads_back_as_it_was_stored(day: str) -> None:
    records = activity(
        commits(40, "2019-12-01"), issue("2020-01-05", "eva"), tag("2020-01-01", "v1")
    )
    judged = judge(records, at(day))
    assert from_json(json.loads(json.dumps(to_json(judged)))) == judged
