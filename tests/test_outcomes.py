"""Service outcomes: the figures that a city's product team steers by, read from a file."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from collector import config
from collector.config.outcomes import COLUMNS, INDICATORS, read_file, read_text
from collector.config.report import check
from collector.service import read_outcomes
from collector.store.outcomes import figures, write_outcomes
from collector.store.situations import last_measured
from tests.activities import at
from tests.test_past import life, stored

GOOD = """\
date,indicator,value,n,unit,source,responsible,stale_after_days
2026-01-01,service_users,1200,,,Matomo,web team,60
2026-02-01,service_users,1300,,,Matomo,web team,60
2026-01-01,service_satisfaction,4.2,311,1-5,survey,service owner,
2026-01-01,permits_issued,87,,permits,register,,
"""


def test_a_file_in_good_order_gives_its_figures_by_indicator_and_date() -> None:
    found = read_text(GOOD, "outcomes/app.csv")
    assert found.problems == ()
    assert [(f.indicator, f.at, f.value) for f in found.figures] == [
        ("permits_issued", at("2026-01-01"), 87.0),
        ("service_satisfaction", at("2026-01-01"), 4.2),
        ("service_users", at("2026-01-01"), 1200.0),
        ("service_users", at("2026-02-01"), 1300.0),
    ]
    users, satisfaction = found.figures[-1], found.figures[1]
    assert (users.unit, users.source, users.responsible) == ("people", "Matomo", "web team")
    assert users.stale_after_days == 60
    assert (satisfaction.n, satisfaction.unit, satisfaction.stale_after_days) == (311, "1-5", 400)


def test_csv_yaml_and_json_say_the_same() -> None:
    first, *lines = GOOD.splitlines()
    names = first.split(",")
    rows = [{k: v for k, v in zip(names, line.split(","), strict=True) if v} for line in lines]
    yaml = "\n".join("- {" + ", ".join(f'{k}: "{v}"' for k, v in row.items()) + "}" for row in rows)
    wanted = read_text(GOOD, "a.csv").figures
    assert read_text(yaml, "a.yaml").figures == wanted
    assert read_text(json.dumps(rows), "a.json").figures == wanted
    assert read_text(GOOD.replace(",", ";"), "a.csv").figures == wanted


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-13-01,service_users,1", "2026-13-01 is a date that does not exist"),
        ("1.2.2026,service_users,1", "Did you mean '2026-02-01'?"),
        ("2026-01-01,service_user,1", "Did you mean 'service_users'?"),
        ("2026-01-01,Service Users,1", "lower-case letters, digits and '_'"),
        ("2026-01-01,service_users,many", "value is no number: 'many'"),
        ("2026-01-01,service_users,-1", "must be at least 0"),
        ("2026-01-01,service_uptake,45", "at most 1, not '45'"),
        ("2026-01-01,service_users,nan", "value is no number"),
        ("2026-01-01,service_satisfaction,4", "needs the scale"),
        ("2026-01-01,permits,4", "needs the unit"),
        ("2026-01-01,,4", "indicator is missing"),
        ("2026-01-01,service_users,4,x", "has 4 cells, the first line names 3"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_count(row: str, told: str) -> None:
    text = f"date,indicator,value\n2025-12-01,service_users,5\n{row}\n2026-03-01,service_users,6\n"
    found = read_text(text, "outcomes/app.csv")
    assert [figure.value for figure in found.figures] == [5, 6]
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("outcomes/app.csv", 3)
    assert told in str(problem)


def test_a_row_twice_an_unknown_column_and_a_bad_row_of_yaml_are_told() -> None:
    twice = "date,indicator,value\n2026-01-01,service_users,1\n2026-01-01,service_users,2\n"
    (problem,) = read_text(twice, "a.csv").problems
    assert "stands twice" in str(problem)
    assert problem.line == 3
    (problem, *_) = read_text("date,indicator,valeu\n2026-01-01,service_users,2\n", "a").problems
    assert "Did you mean 'value'?" in str(problem)
    yaml = "- {date: 2026-01-01, indicator: service_users, value: 5}\n- 7\n"
    found = read_text(yaml, "a.yaml")
    assert [p.line for p in found.problems] == [2]
    assert len(found.figures) == 1
    assert "not a list of rows" in str(read_text("a: 1", "a.yml").problems[0])


@given(st.text(max_size=200), st.sampled_from(["a.csv", "a.yaml", "a.json"]))
def test_no_text_breaks_the_reading(text: str, name: str) -> None:
    read_text(text, name)
    read_text(",".join(COLUMNS) + "\n" + text, name)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    (problem,) = read_file(tmp_path / "none.csv", "none.csv").problems
    assert "none.csv: cannot be read: No such file" in str(problem)
    (tmp_path / "latin.csv").write_bytes("dáta".encode("latin-1"))
    assert "not UTF-8" in str(read_file(tmp_path / "latin.csv", "latin.csv").problems[0])


def test_every_named_indicator_is_one_of_the_published_ones() -> None:
    assert len(INDICATORS) == 8
    assert all(name.startswith("service_") for name in INDICATORS)


# ---------------------------------------------------------------- the road


def configured(folder: Path) -> config.Config:
    (folder / "config" / "portfolios").mkdir(parents=True)
    (folder / "config" / "ospo-vitals.yaml").write_text("allow_local: true\n")
    (folder / "config" / "portfolios" / "city.yaml").write_text(
        "ospo: {id: city}\nprojects:\n  - id: app\n    outcomes: outcomes/app.csv\n"
        "    repositories: [{url: ./app.git}]\n"
    )
    (folder / "outcomes").mkdir()
    return config.load(folder / "config", {})


def test_figures_are_kept_grow_stale_and_survive_a_broken_file(
    engine: Engine, tmp_path: Path
) -> None:
    from tests.stores import portfolio

    portfolio(engine)
    loaded, file = configured(tmp_path), tmp_path / "outcomes" / "app.csv"
    file.write_text(GOOD)
    assert read_outcomes(engine, loaded) == ()
    assert [f.value for f in figures(engine, 1)] == [87.0, 4.2, 1200.0, 1300.0]
    stored(engine, life(1), at("2026-05-01"), whole=False)
    (one,) = last_measured(engine)
    assert one.stale == {"service_users": at("2026-04-02")}
    file.unlink()
    (problem,) = read_outcomes(engine, loaded)
    assert problem.file == "outcomes/app.csv"
    assert len(figures(engine, 1)) == 4
    write_outcomes(engine, "nobody", ())


class _Sheet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/figures.csv"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(GOOD.encode() if found else b"no")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("path", "rows"), [("figures.csv", 4), ("gone.csv", 0)])
def test_figures_come_from_a_web_address_too(
    engine: Engine, tmp_path: Path, path: str, rows: int
) -> None:
    from tests.stores import portfolio

    portfolio(engine)
    with HTTPServer(("127.0.0.1", 0), _Sheet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        configured(tmp_path)
        file = tmp_path / "config" / "portfolios" / "city.yaml"
        address = f"http://127.0.0.1:{server.server_port}/{path}"
        file.write_text(file.read_text().replace("outcomes/app.csv", address))
        problems = read_outcomes(engine, config.load(tmp_path / "config", {}))
        server.shutdown()
    assert len(figures(engine, 1)) == rows
    assert len(problems) == (rows == 0)


def test_check_tells_bad_rows_of_outcomes_and_ends_with_two(tmp_path: Path) -> None:
    configured(tmp_path)
    file = tmp_path / "outcomes" / "app.csv"
    file.write_text(GOOD)
    assert check(tmp_path / "config", {}).exit_code == 0
    file.write_text(GOOD.replace("4.2", "good"))
    told = check(tmp_path / "config", {})
    assert told.exit_code == 2
    assert "outcomes/app.csv:4:1: value is no number: 'good'" in told.text
