"""The command that writes reports: a whole file or none, and a sentence where it cannot be."""

from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import create_engine

from collector.commands import schedule
from dashboard.reports import as_pdf
from dashboard.reports.making import FORMS
from tests.dashboard_data import build
from tests.program import in_process

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("reports") / "portfolio.db", 8, ospos=2)


@pytest.fixture
def environment(url: str, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config" / "portfolios").mkdir(parents=True)
    (tmp_path / "config" / "ospo-vitals.yaml").write_text(f"database_url: {url}\n")
    return {"OSPO_VITALS_CONFIG": str(tmp_path / "config"), "PATH": "/usr/bin:/bin"}


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_the_form_that_the_name_ends_with(
    environment: dict[str, str], tmp_path: Path, form: str
) -> None:
    out = tmp_path / "new" / f"report.{form}"
    said = in_process(environment, "report", "--ospo", "bratislava", "--out", str(out))
    assert (said.code, said.out) == (0, "")
    begins = {"html": b"<!doctype html>", "pdf": b"%PDF-", "md": b"# Bratislava"}[form]
    assert out.read_bytes().startswith(begins)
    assert [each.name for each in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--out", "a.pdf"), "There are several OSPOs: say which with --ospo."),
        (("--out", "a", "--ospo", "praha"), "Give --format html, pdf or md"),
        (("--out", "a.md", "--ospo", "prag"), "There is no OSPO 'prag'. Did you mean praha?"),
        (("--out", "a.md", "--project", "project"), "There is no project 'project'."),
        (("--out", "a.md", "--ospo", "praha", "--project", "project-3"), "Give either"),
        (("--out", "a.md", "--ospo", "praha", "--month", "2031-01"), "There are no figures of"),
        (("--out", "a.md", "--ospo", "praha", "--language", "xx"), "There is no language 'xx'."),
    ],
)
def test_what_cannot_be_is_a_sentence_and_writes_nothing(
    environment: dict[str, str], tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    words = [str(tmp_path / each) if each in ("a", "a.md", "a.pdf") else each for each in given]
    found = in_process(environment, "report", *words)
    assert found.code == 2
    assert said in found.err
    assert [each.name for each in tmp_path.iterdir()] == ["config"]


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "report.md"
    folder.mkdir()
    found = in_process(environment, "report", "--ospo", "praha", "--out", str(folder))
    assert (found.code, found.out) == (1, "")
    assert "cannot be written" in found.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config", "report.md"]


def test_all_reports_come_into_a_folder_of_the_month(
    environment: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    words = ("report", "--all", "--projects", "--out", str(out), "--month", "2026-10")
    said = in_process(environment, *words, "--format", "md")
    assert (said.code, said.out, said.err) == (0, "", "")
    found = {str(each.relative_to(out)) for each in out.rglob("*") if each.is_file()}
    ospos = {f"2026-10/{key}.md" for key in ("bratislava", "praha")}
    assert ospos < found
    projects = {each for each in found if each.count("/") == 2}
    assert found == ospos | projects
    assert len(projects) == 8


def test_a_project_that_had_not_begun_then_is_left_out_in_silence(
    environment: dict[str, str], url: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        one = "project_id = (SELECT id FROM projects WHERE key = 'project-1')"
        connection.exec_driver_sql(f"DELETE FROM status_history WHERE {one}")
    engine.dispose()
    settings = tmp_path / "config" / "ospo-vitals.yaml"
    settings.write_text(f"database_url: sqlite:///{copy}\n")
    out = tmp_path / "reports"
    words = ("report", "--all", "--projects", "--out", str(out), "--month", "2026-10")
    said = in_process(environment, *words, "--format", "md")
    assert (said.code, said.err) == (0, "")
    assert "project-1.md" not in {each.name for each in out.rglob("*.md")}


def test_what_cannot_be_written_is_named_and_the_others_are_written(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_page: str) -> bytes:
        raise as_pdf.NoPdf("Pango was not found. Install it.")

    monkeypatch.setattr(as_pdf, "as_pdf", broken)
    said = in_process(environment, "report", "--all", "--out", str(tmp_path / "out"))
    assert said.code == 1
    assert said.err.count("Pango was not found. Install it.") == 1
    written = sorted(each.name for each in (tmp_path / "out").rglob("*") if each.is_file())
    assert written == ["bratislava.html", "bratislava.md", "praha.html", "praha.md"]


def test_a_file_that_cannot_be_written_does_not_stop_the_others(
    environment: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "2026-10" / "bratislava.md").mkdir(parents=True)
    words = ("report", "--all", "--out", str(out), "--month", "2026-10", "--format", "md")
    said = in_process(environment, *words)
    assert said.code == 1
    assert "bratislava.md cannot be written" in said.err
    assert (out / "2026-10" / "praha.md").is_file()


def test_the_schedule_writes_the_reports_of_the_month(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config" / "ospo-vitals.yaml"
    settings.write_text(settings.read_text() + f"data_dir: {tmp_path / 'data'}\n")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert schedule.report(Event()) == 0
    (month,) = (tmp_path / "data" / "reports").iterdir()
    names = {f"{key}.{form}" for key in ("bratislava", "praha") for form in FORMS}
    assert {each.name for each in month.iterdir()} == names


def test_a_stop_does_not_wait_for_reports(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    stop = Event()
    stop.set()
    assert schedule.report(stop) != 0
