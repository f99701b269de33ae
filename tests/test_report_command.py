"""The command that writes reports: a whole file or none, and a sentence where it cannot be."""

from pathlib import Path

import pytest

from dashboard.reports.making import FORMS
from tests.dashboard_data import build
from tests.program import in_process


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
