"""How the dashboard is served: below a path behind TLS, to roles, to everybody, on paper."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine, text

from collector import demo
from collector.judgement.open_data import PERSONAL
from dashboard.pages import PAGES
from dashboard.sections import SECTIONS
from tests.browser.watching import MARKS, browser, free_port, grave, opened, serving, settle
from tests.dashboard_data import build
from tests.tls import Authority

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]  # a fixture is found where it is imported

pytestmark = MARKS
NGINX = which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
AS_OF = 1_795_392_000
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  ssl_certificate {certificate}; ssl_certificate_key {certificate};
  {servers}
}}
"""
ENTRANCE = """
  server {{
    listen 127.0.0.1:{port} ssl;
    location {below}/ {{
      proxy_pass http://127.0.0.1:{to}; proxy_http_version 1.1;
      proxy_set_header Host localhost:{port};
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
      proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-User {user}; proxy_set_header X-Forwarded-Groups {roles};
    }}
  }}
"""

# ---------------------------------------------------------------- behind a proxy


@contextmanager
def nginx(folder: Path, to: int, below: str, **roles: str) -> Iterator[dict[str, str]]:
    """A TLS proxy in front, with an entrance of its own for each role."""
    Authority(folder).server("localhost")
    ports = {role: free_port() for role in roles}
    servers = "".join(
        ENTRANCE.format(port=ports[role], below=below, to=to, user="ana", roles=f'"{held}"')
        for role, held in roles.items()
    )
    file = folder / "nginx.conf"
    file.write_text(
        CONFIGURATION.format(folder=folder, certificate=folder / "localhost.pem", servers=servers)
    )
    proxy = subprocess.Popen([str(NGINX), "-c", str(file), "-p", str(folder), "-e", "stderr"])
    try:
        yield {role: f"https://localhost:{port}{below}" for role, port in ports.items()}
    finally:
        proxy.terminate()
        proxy.wait(10)


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Below ``/vitals`` behind TLS; the second project is private."""
    if NGINX is None:
        pytest.skip("needs nginx (apt install nginx-light)")
    folder = tmp_path_factory.mktemp("tls")
    url = build(folder / "portfolio.db", 8)
    with create_engine(url).begin() as connection:
        private = """UPDATE repositories SET facts = '{"private": true}' WHERE project_id = 2"""
        connection.execute(text(private))
        connection.execute(text("UPDATE projects SET name = 'Secret Ledger' WHERE id = 2"))
    port = free_port()
    settings = (
        f"Settings({url!r}, access='proxy', base_path='vitals', url='https://localhost/vitals',"
        " named=True, proxy=TrustedProxy(trusted=('127.0.0.1',)),"
        " roles=Roles(people=('staff', 'lead'), private=('lead',)))"
    )
    with (
        serving(settings, port, "/vitals"),
        nginx(folder, port, "/vitals", guest="", staff="staff", lead="x, lead") as entrances,
    ):
        yield entrances


@pytest.mark.parametrize("path", [path for path, _title, _page in PAGES])
def test_every_page_stands_below_a_path_behind_tls(
    behind_nginx: dict[str, str], browser: Browser, path: str
) -> None:
    address = f"{behind_nginx['lead']}/{path}{'?p=project-5' if path == 'project' else ''}"
    watched = opened(browser, address, ignore_https_errors=True)
    watched.is_quiet()
    assert watched.page.url.startswith(behind_nginx["lead"])
    links = watched.page.eval_on_selector_all(
        ".stHtml a[href]",
        "nodes => nodes.map(n => new URL(n.href)).filter(u => u.host === location.host)"
        ".map(u => u.pathname)",
    )
    assert all(link.startswith("/vitals/") for link in links), links
    watched.page.context.close()


def test_a_link_leads_on_and_a_choice_reloads_below_a_path(
    behind_nginx: dict[str, str], browser: Browser
) -> None:
    page = opened(browser, behind_nginx["lead"] + "/", ignore_https_errors=True).page
    page.locator("a[href^='project?p=']").first.click()
    page.wait_for_url("**/vitals/project?p=**")
    settle(page)
    page.get_by_role("radio", name="Answers").click()
    page.wait_for_url("**s=answers**")
    settle(page)
    before = seen(page)
    page.reload()
    settle(page)
    assert seen(page) == before
    page.locator(".ov-languages a[hreflang=sk]").click()
    page.wait_for_url("**lang=sk**")
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "sk"
    assert [one["secure"] for one in page.context.cookies() if one["name"] == "lang"] == [True]
    page.context.close()


def test_each_role_behind_the_proxy_sees_what_is_its_own(
    behind_nginx: dict[str, str], browser: Browser
) -> None:
    told = {}
    for role, entrance in behind_nginx.items():
        for path in ("/projects", "/people"):
            watched = opened(browser, entrance + path, ignore_https_errors=True)
            told[role, path] = watched.delivered
            watched.page.context.close()
    assert b"Secret Ledger" in told["lead", "/projects"]
    assert b"Secret Ledger" not in told["staff", "/projects"] + told["guest", "/projects"]
    assert re.search(rb"Developer \d", told["staff", "/people"])
    assert b"Developer" not in told["guest", "/people"]


# ---------------------------------------------------------------- open data


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A portfolio with invented people, named in its database, and its folder."""
    folder = tmp_path_factory.mktemp("public")
    config = demo.prepare(demo.Demonstration(AS_OF, 16, 2, 1, ""), folder, folder / "data")
    return folder, config.database_url


@pytest.fixture(scope="module")
def public(demonstration: tuple[Path, str]) -> Iterator[str]:
    folder, _url = demonstration
    made = f"demo.prepare(demo.Demonstration({AS_OF}, 16, 2, 1, ''), Path({str(folder)!r}),"
    config = f"{made} Path({str(folder / 'data')!r}))"
    known = f"from_config({config}, demo.PSEUDONYMS)"
    with serving(f"replace({known}, access='public', named=True)") as address:
        yield address


@pytest.fixture(scope="module")
def persons(demonstration: tuple[Path, str]) -> list[bytes]:
    """Each name, login and account, as it could be written in what is sent."""
    with create_engine(demonstration[1]).connect() as connection:
        rows = connection.execute(text("SELECT id, login, name, native_id FROM accounts")).all()
    found: set[str] = set()
    for account, login, name, _native in rows:
        found |= {str(account), f"{account & 0xFFFFFFFF:08x}", f"{account & (1 << 64) - 1:016x}"}
        found |= {one for one in (login, name) if one}
    assert len(found) > 300
    return [one.encode() for one in found if len(one) > 6]


def test_nothing_of_people_is_sent_to_everybody(
    public: str, persons: list[bytes], demonstration: tuple[Path, str], browser: Browser
) -> None:
    """Every page and section, the figures taken away, and an address that asks for a person."""
    with create_engine(demonstration[1]).connect() as connection:
        keys = [key for (key,) in connection.execute(text("SELECT key FROM projects LIMIT 2"))]
        without = connection.execute(
            text("SELECT without FROM what_if WHERE without LIKE 'supplier:%' LIMIT 1")
        ).scalar_one()
    addresses = [f"/{path}" for path, _title, _page in PAGES if path != "project"]
    addresses += [f"/project?p={keys[0]}&s={code}" for code, _title, _section in SECTIONS]
    addresses += [f"/project?p={keys[0]}&m=commits", f"/project?p={keys[0]}&m=regular_committers"]
    addresses += [f"/compare?p={keys[0]}&p={keys[1]}", f"/what-if?without={without}"]
    addresses += ["/people?s=persons", "/what-if?without=person:00000001", "/?all=true"]
    for address in addresses:
        watched = opened(browser, public + address)
        delivered = watched.delivered + watched.page.content().encode()
        found = [one for one in persons if one in delivered]
        assert not found, (address, found[:3])
        assert not re.search(rb"Developer \d", delivered), address
        for kind in ("CSV", "JSON"):
            button = watched.page.get_by_role("button", name=kind, exact=True)
            if button.count():
                with watched.page.expect_download() as taken:
                    button.click()
                figures = Path(taken.value.path()).read_bytes()
                assert not [one for one in persons if one in figures], address
                rows = json.loads(figures) if kind == "JSON" else []
                told = {key for row in rows for key, value in row.items() if value is not None}
                told |= {str(row["metric"]) for row in rows if "metric" in row}
                assert not told & PERSONAL, address
        watched.is_quiet()
        watched.page.context.close()


def test_who_lives_is_told_and_no_more(public: str) -> None:
    answer = httpx.get(f"{public}/healthz")
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "run", "finished"}
    for path in ("/media/x.csv", "/_stcore/metrics", "/_stcore/agent/interact"):
        assert httpx.get(public + path).status_code in (403, 404, 405), path
    assert httpx.post(f"{public}/_stcore/agent/interact", json={}).status_code >= 400


# ---------------------------------------------------------------- in a browser, at all


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = build(tmp_path_factory.mktemp("served") / "portfolio.db", 24, ospos=2)
    with serving(f"Settings({url!r})") as address:
        yield address


VIEWS = (
    "/?ospo=praha&picture=time&all=true",
    "/projects?status=slowing,at_rest&risk=high&sort=name&q=a",
    "/project?p=project-3&s=answers&span=all",
    "/project?p=project-3&m=first_answer_wait",
    "/compare?p=project-3&p=project-1&m=open_issues",
    "/people?s=suppliers&ospo=bratislava",
    "/what-if?without=supplier%3Asupplier-x",
    "/ospos?ospo=praha&s=questions",
    "/data?s=coverage",
    "/method?q=answer",
)


def seen(page: Page) -> str:
    """What stands on a page, without charts, which take their time, and what counts the time."""
    parts = page.locator("[data-testid=stMain] .stHtml")
    said = "\n".join(parts.all_inner_texts())
    return re.sub(r"\b\d+ (hours?|days?) ago", "…", said)


@pytest.mark.parametrize("address", VIEWS)
def test_a_permalink_leads_to_the_same_view_again(
    served: str, browser: Browser, address: str
) -> None:
    watched = opened(browser, served + address)
    before = seen(watched.page)
    watched.page.reload()
    settle(watched.page)
    assert seen(watched.page) == before
    taken = watched.page.get_by_role("link", name="Link to this view")
    if taken.count():
        again = opened(browser, taken.evaluate("node => node.href"))
        assert seen(again.page) == before
        again.page.context.close()
    watched.is_quiet()
    watched.page.context.close()


PRINTED = (
    ("/", "What to do first"),
    ("/projects", "Last delivery"),
    ("/project?p=project-3", "Its status over time"),
    ("/people", "Without them"),
    ("/ospos", "Why it matters"),
    ("/data", "What happened"),
)


@pytest.mark.skipif(
    which("pdftotext") is None, reason="needs pdftotext (apt install poppler-utils)"
)
@pytest.mark.parametrize(("address", "last"), PRINTED)
def test_a_page_prints_whole_on_paper(
    served: str, browser: Browser, tmp_path: Path, address: str, last: str
) -> None:
    page = opened(browser, served + address, width=794).page
    paper = tmp_path / "page.pdf"
    page.pdf(path=paper, format="A4", print_background=True)
    said = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert last in " ".join(said.split()) or last.rsplit(maxsplit=1)[-1] in said
    pages = [part for part in said.split("\f") if part.strip()]
    page.add_style_tag(content=".ov-unseen,.ov-languages{display:none!important}")
    shown = " ".join(page.locator("[data-testid=stMain] .stHtml").all_inner_texts())
    words = set(re.findall(r"[A-Za-z]{5,}", shown))
    printed = set(re.findall(r"[A-Za-z]{5,}", said))
    assert len(words - printed) < len(words) / 10, sorted(words - printed)[:40]
    assert len(pages) < 12
    page.context.close()


def test_everything_of_a_page_is_reached_by_keyboard(served: str, browser: Browser) -> None:
    """Each link, field and button takes the focus in turn, and shows it."""
    for address in ("/", "/projects", "/project?p=project-3", "/compare?p=project-1&p=project-3"):
        page = opened(browser, served + address).page
        wanted = page.evaluate(REACHABLE)
        reached = set()
        for _ in range(len(wanted) * 2 + 20):
            page.keyboard.press("Tab")
            at = page.evaluate("document.activeElement.dataset.reach || ''")
            reached.add(at)
            if reached >= set(wanted):
                break
        assert not set(wanted) - reached, (address, len(wanted), len(reached))
        page.context.close()


def test_a_section_is_chosen_with_the_arrows(served: str, browser: Browser) -> None:
    page = opened(browser, served + "/project?p=project-3").page
    page.get_by_role("radio", name="Work and deliveries").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**s=people**")
    page.context.close()


REACHABLE = """(() => {
  const seen = [...document.querySelectorAll('a[href], button, input, select, summary, textarea')];
  const open = seen.filter(n => n.checkVisibility({visibilityProperty: true})
    && !n.disabled && n.tabIndex >= 0 && !n.closest('details:not([open]) > :not(summary)')
    && !(n.role === 'radio' && n.ariaChecked !== 'true'));  // arrows lead on to the others
  return open.map((n, at) => (n.dataset.reach = String(at)));
})()"""


def test_hostile_text_runs_nothing_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    bad = "<img src=x onerror=alert(1)><script>alert(2)</script>**b**[l](javascript:alert(3))\u202e"
    url = build(tmp_path / "hostile.db", 3, hostile=bad + "A" * 10_000)
    with serving(f"Settings({url!r})") as address:
        asked = f"/project?p={bad[:40]}&s=<b>&m=%22onload"
        pages = ("/", "/projects", "/project?p=project-1&s=people", "/data", "/what-if")
        for path in (*pages, "/compare?p=project-1&p=project-2", asked):
            watched = opened(browser, address + path)
            ran: list[str] = []
            watched.page.on("dialog", lambda dialog, ran=ran: (ran.append(""), dialog.dismiss()))
            assert watched.page.locator(".stHtml img, .stHtml script").count() == 0
            assert watched.page.locator("a[href^=javascript]").count() == 0
            assert not ran
            assert not grave(watched.page)
            watched.is_quiet()
            watched.page.context.close()


def test_an_empty_a_broken_and_a_missing_database_are_said_without_a_box(
    tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 999)
    build(tmp_path / "newer.db", 1, tables="from_the_future")
    build(tmp_path / "empty.db", 0)
    for name, said in (
        ("missing", "There is no database to read"),
        ("broken", "There is no database to read"),
        ("newer", "The database is newer"),
        ("empty", "No project yet"),
    ):
        with serving(f"Settings('sqlite:///{tmp_path / name}.db')") as address:
            for path in ("/", "/data", "/project?p=x"):
                watched = opened(browser, address + path)
                assert said in watched.page.locator("[data-testid=stMain]").inner_text()
                assert not grave(watched.page)
                watched.is_quiet()
                watched.page.context.close()
            state = httpx.get(address + "/healthz")
            assert state.status_code == (200 if name == "empty" else 503)
            assert json.loads(state.text)["status"] == ("ok" if name == "empty" else "degraded")
