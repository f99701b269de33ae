"""Signing in at an OpenID Connect provider, as somebody does in a browser."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser.watching import MARKS, ROOT, browser, free_port, settle, wait_for
from tests.dashboard_data import build

__all__ = ["browser"]  # a fixture is found where it is imported

pytestmark = MARKS
SERVER = """
import sys
from collector.config.access_models import Roles
from dashboard.asgi import serve
from dashboard.settings import Settings, SignIn
database, provider, port = sys.argv[1:]
here = f"http://localhost:{port}"
serve(Settings(database, access="oidc", url=here, roles=Roles(people=("staff",)), sign_in=SignIn(
    f"{provider}/.well-known/openid-configuration", "vitals", f"{here}/oauth2callback",
    "a-secret", "c" * 40)), int(port), False)
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows Ana, who is staff, and a guest."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/.well-known/openid-configuration")
        for sub, name, groups in (("ana", "Ana", ["staff"]), ("guest", "Gast", [])):
            body = json.dumps({"name": name, "groups": groups}).encode()
            request = Request(f"{address}/users/{sub}", body, method="PUT")  # noqa: S310 - ours
            request.add_header("Content-Type", "application/json")
            urlopen(request, timeout=5).close()  # noqa: S310 - ours
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def guarded(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = build(tmp_path_factory.mktemp("sign-in") / "portfolio.db", 3)
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - tests are an edge
    command = [sys.executable, "-c", SERVER, url, provider, str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_who_signs_in_sees_the_portfolio_and_who_signs_out_does_not(
    guarded: str, browser: Browser
) -> None:
    page = browser.new_context().new_page()
    page.goto(guarded)
    page.get_by_role("button", name="Sign in").wait_for()
    assert "CityVizor" not in page.content()
    assert page.request.get(f"{guarded}/export/projects.csv").status == 401
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill("ana")
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(f"{guarded}/**")
    settle(page)
    assert "CityVizor" in page.content()
    assert "CityVizor" in page.request.get(f"{guarded}/export/projects.csv").text()
    page.get_by_role("button", name="Sign out: Ana").click()
    page.wait_for_url(lambda address: not address.startswith(guarded))  # out at the provider too
    page.goto(guarded)
    page.get_by_role("button", name="Sign in").wait_for()
    assert "CityVizor" not in page.content()
    page.context.close()
