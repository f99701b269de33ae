"""Reports by address: whoever may see a page may have its report, and nothing beyond it."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from collector.judgement.open_data import PERSONAL
from collector.metrics import BY_KEY
from dashboard import settings
from dashboard.reports import apart
from dashboard.reports.making import Asked
from dashboard.settings import Settings
from tests.dashboard_app import markup, open_page
from tests.dashboard_data import NOW
from tests.test_leaving import here, prepared

OSPO, PROJECT = "report/ospo/bratislava", "report/project/project-2"
OF_PEOPLE = {BY_KEY[key].words for key in PERSONAL if key in BY_KEY}
"""What stands in a report only for those who may see what is derived from single people."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return prepared(tmp_path_factory.mktemp("routes"))


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.routes.now", lambda: NOW)
    monkeypatch.setattr("dashboard.view.clock_now", lambda: NOW)


def test_each_form_comes_with_its_type_and_name_and_may_load_nothing(url: str) -> None:
    settings.use(Settings(url))
    page, paper, text = (here(f"{OSPO}.{form}?lang=sk") for form in ("html", "pdf", "md"))
    assert [each.status_code for each in (page, paper, text)] == [200, 200, 200]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none';")
    assert "content-disposition" not in page.headers
    assert '<html lang="sk">' in page.text
    assert paper.content.startswith(b"%PDF-")
    assert paper.headers["content-disposition"].endswith('filename="bratislava-2026-10.pdf"')
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"


def test_whoever_may_see_no_people_gets_a_report_without_them(url: str) -> None:
    settings.use(Settings(url))
    whole = here(f"{PROJECT}.md?month=2026-11").text
    assert {each for each in OF_PEOPLE if each and each in whole}
    for public in (Settings(url, access="public"), Settings(url, access="oidc", open_data=True)):
        settings.use(public)
        found = here(f"{PROJECT}.md?month=2026-11")
        assert found.status_code == 200
        assert not {each for each in OF_PEOPLE if each and each in found.text}
        assert here("report/project/project-3.md").status_code == 404  # it is private
        assert here(f"{PROJECT}.md?internal").status_code == 403


def test_a_page_from_elsewhere_may_read_a_report_only_where_everybody_sees_the_same(
    url: str,
) -> None:
    for access, everybodys in (("public", True), ("local", False), ("oidc", False)):
        settings.use(Settings(url, access=access, open_data=True))
        for form in ("md", "md?month=2026-09"):
            headers = here(f"{OSPO}.{form}").headers
            assert ("access-control-allow-origin" in headers) == everybodys, access
            assert headers["cache-control"].startswith("public" if everybodys else "private")


def test_before_signing_in_there_is_no_report(url: str) -> None:
    settings.use(Settings(url, access="oidc"))
    assert here(f"{OSPO}.md").status_code == 401
    settings.use(Settings(url, access="proxy"))
    assert here(f"{OSPO}.md").status_code == 403


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{OSPO}.docx", "There is nothing of this name here."),
        ("report/ospo/nobody.md", "There is nothing of this name here."),
        ("report/person/project-2.md", "There is nothing of this name here."),
        (f"{OSPO}.md?month=2031-01", "There are no figures of 2031-01 yet"),
        (f"{OSPO}.md?month=now", "'now' is not a month."),
    ],
)
def test_what_there_is_not_is_a_sentence(url: str, path: str, said: str) -> None:
    settings.use(Settings(url))
    found = here(path)
    assert found.status_code == 404
    assert said in found.text


def test_a_report_that_was_not_changed_is_not_sent_again(url: str) -> None:
    settings.use(Settings(url))
    tag = here(f"{OSPO}.md").headers["etag"]
    others = (f"{OSPO}.md?month=2026-09", f"{OSPO}.md?lang=sk", f"{PROJECT}.md")
    assert tag not in {here(path).headers["etag"] for path in others}
    assert here(f"{OSPO}.md").headers["etag"] == tag


def test_more_reports_than_may_wait_are_told_to_come_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(_job: apart.Job) -> bytes:
        begun.release()
        assert go_on.wait(20)
        return b""

    monkeypatch.setattr(apart, "_answer", slow)
    job = apart.Job(Settings(url), Asked(ospo="bratislava"), "md", NOW, True, True)
    waiting = [threading.Thread(target=apart.made, args=(job,)) for _ in range(apart.MOST)]
    for each in waiting:
        each.start()
    assert begun.acquire(timeout=20)
    while apart._places._value:  # type: ignore[attr-defined]
        pass
    settings.use(Settings(url))
    found = here(f"{OSPO}.html?month=2026-08")
    assert (found.status_code, found.text) == (
        503,
        "Several reports are being made. Ask again in half a minute.\n",
    )
    go_on.set()
    for each in waiting:
        each.join(20)


def test_what_another_process_refuses_is_said_here(tmp_path: Path) -> None:
    gone = Settings(f"sqlite:///{tmp_path / 'gone.db'}")
    job = apart.Job(gone, Asked(ospo="bratislava"), "md", NOW, True, True)
    with pytest.raises(apart.UserError, match="The database cannot be read"):
        apart.made(job)


def test_pages_offer_the_reports_of_their_date(url: str) -> None:
    for path, query in (("", {}), ("ospos", {}), ("project", {"p": "project-2"})):
        made = markup(open_page(url, path, **query))  # type: ignore[arg-type]
        found = re.findall(r'href="(report/[^"]*)"', made)
        assert len(found) == 6, path
        assert "month=2026-10" in found[0]
        assert "month=2026-11" in found[-1]
    past = markup(open_page(url, "project", p="project-2", at="2026-03"))
    found = re.findall(r'href="(report/[^"]*)"', past)
    assert len(found) == 3
    assert all("month=2026-02" in each for each in found)
    settings.use(Settings(url))
    for each in found[2:]:
        assert here(each.replace("&amp;", "&")).status_code == 200
