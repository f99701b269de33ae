"""Who may look, and at what: local, public, sign-in at a provider, sign-in at a proxy."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, insert

from collector.config import Config, ConfigError, load
from collector.config.access_models import Roles, TrustedProxy
from collector.store import read_dashboard as read
from collector.store.schema import projects, repositories
from dashboard import data
from dashboard.access import PUBLIC, Reader, reader
from dashboard.settings import NotProtected, Settings, from_config
from tests.dashboard_app import open_page, text
from tests.dashboard_data import build

ROOT = Path(__file__).parent.parent
ROLES = Roles(people=("staff", "lead"), names=("lead",), private=("lead",))

# ---------------------------------------------------------------- roles


def test_whoever_sits_at_the_machine_sees_all_but_names_that_are_not_stored() -> None:
    assert reader(Settings(""), None, {}) == Reader(people=True, private=True)
    assert reader(Settings("", named=True), None, {}) == Reader(True, True, True)


def test_the_public_sees_nothing_of_people_and_nothing_private_whatever_it_claims() -> None:
    settings = Settings("", access="public", named=True, roles=Roles(people=("*",), names=("*",)))
    assert reader(settings, {"groups": ["lead"]}, {"X-Forwarded-User": "eve"}) == PUBLIC


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["lead"], Reader(True, True, True, "Ana")),
        ("staff", Reader(True, False, False, "Ana")),
        (["guest"], Reader(False, False, False, "Ana")),
        (None, Reader(False, False, False, "Ana")),
        (7, Reader(False, False, False, "Ana")),
    ],
)
def test_a_role_of_the_claim_opens_what_it_is_configured_for(
    groups: object, expected: Reader
) -> None:
    settings = Settings("", access="oidc", named=True, roles=ROLES)
    assert reader(settings, {"name": "Ana", "groups": groups}, {}) == expected


def test_names_that_are_not_stored_are_seen_by_nobody() -> None:
    settings = Settings("", access="oidc", roles=Roles(names=("*",)))
    found = reader(settings, {"name": "Ana"}, {})
    assert found is not None
    assert not found.names


def test_nobody_is_let_in_who_has_not_signed_in() -> None:
    assert reader(Settings("", access="oidc"), None, {"X-Forwarded-User": "eve"}) is None
    assert reader(Settings("", access="proxy"), {"name": "eve"}, {}) is None
    assert reader(Settings("", access="proxy"), None, {"X-Forwarded-User": " "}) is None


def test_the_proxy_tells_who_signed_in_and_in_which_roles() -> None:
    settings = Settings("", access="proxy", roles=ROLES, proxy=TrustedProxy(user_header="X-User"))
    headers = {"X-User": "Ben", "X-Forwarded-Groups": "x, staff"}
    assert reader(settings, None, headers) == Reader(people=True, who="Ben")


def test_before_signing_in_a_page_shows_the_door_and_no_project(tmp_path: Path) -> None:
    url = build(tmp_path / "door.db", 3)
    app = open_page(url, settings=Settings(url, access="oidc"))
    assert "Please sign in" in text(app)
    assert "CityVizor" not in text(app)
    assert [button.label for button in app.button] == ["Sign in"]


# ---------------------------------------------------------------- configuration


def configured(folder: Path, written: str, **environ: str) -> Config:
    (folder / "ospo-vitals.yaml").write_text(written, encoding="utf-8")
    return load(folder, environ)


OIDC = """
access: oidc
oidc: {metadata_url: https://id.example/.well-known/openid-configuration, client_id: vitals}
server: {url: "https://vitals.example/x/"}
"""


def test_signing_in_takes_its_secrets_from_the_environment(tmp_path: Path) -> None:
    config = configured(
        tmp_path, OIDC, OSPO_VITALS_OIDC_SECRET="s3cret", OSPO_VITALS_COOKIE_SECRET="c" * 32
    )
    settings = from_config(config)
    assert settings.sign_in is not None
    assert settings.sign_in.redirect == "https://vitals.example/x/oauth2callback"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "environ", [{}, {"OSPO_VITALS_OIDC_SECRET": "s", "OSPO_VITALS_COOKIE_SECRET": "short"}]
)
def test_without_its_secrets_the_dashboard_is_not_served(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    with pytest.raises(NotProtected, match="OSPO_VITALS_COOKIE_SECRET"):
        from_config(configured(tmp_path, OIDC, **environ))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("access: oidc\n", "needs the key 'oidc'"),
        (OIDC.replace("server", "roles").replace("url:", "names:"), "needs the key 'url'"),
        ("proxy: {trusted: [somewhere]}\n", "is not an IP address or network"),
        ("server: {port: 0}\n", "server.port"),
    ],
)
def test_what_cannot_be_served_is_an_error_with_its_place(
    tmp_path: Path, written: str, said: str
) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, written)
    assert said in str(error.value)
    assert "ospo-vitals.yaml:" in str(error.value)


# ---------------------------------------------------------------- private repositories


@pytest.fixture
def with_secrets(engine: Engine) -> Engine:
    """Four projects: open, open and private together, private, reached by ssh only."""
    rows = [
        (1, "open", "https://h.example/a/open", {"private": False}),
        (2, "mixed", "https://h.example/a/mixed", {"private": False}),
        (2, "mixed", "https://h.example/a/hidden", {"private": True}),
        (3, "secret", "https://h.example/a/secret", {"private": True}),
        (4, "by-ssh", "ssh://git@h.example/a/by-ssh", None),
        (5, "plain-git", "https://git.example/plain", None),
    ]
    with engine.begin() as connection:
        seen = {key: number for number, key, _, _ in rows}
        connection.execute(
            insert(projects),
            [
                {"id": i, "key": k, "ospo": "o", "name": k, "settings": {}, "hidden": False}
                for k, i in seen.items()
            ],
        )
        connection.execute(
            insert(repositories),
            [
                {
                    "id": at,
                    "key": url,
                    "url": url,
                    "host": "h.example",
                    "kind": "git",
                    "project_id": number,
                    "settings": {},
                    "facts": facts,
                }
                for at, (number, _, url, facts) in enumerate(rows)
            ],
        )
    return engine


def test_who_may_not_see_private_repositories_sees_no_project_that_has_one(
    with_secrets: Engine,
) -> None:
    everything = {row.key for row in read.project_rows(with_secrets)}
    assert everything == {"open", "mixed", "secret", "by-ssh", "plain-git"}
    assert {row.key for row in read.project_rows(with_secrets, private=False)} == {
        "open",
        "plain-git",
    }
    shown = {row.url for row in read.repository_rows(with_secrets, private=False)}
    assert shown == {"https://h.example/a/open", "https://git.example/plain"}


def test_an_entry_about_a_private_project_is_not_shown(with_secrets: Engine) -> None:
    from collector.store.schema import meta

    with with_secrets.begin() as connection:
        told = '[{"project": "open"}, {"project": "secret"}]'
        connection.execute(insert(meta), {"key": "attention", "value": told})
    url = with_secrets.url.render_as_string(hide_password=False)
    source = data.look(url, private=False).source
    assert source is not None
    assert [entry["project"] for entry in source.attention() or ()] == ["open"]
    assert source.project("secret") is None
    assert data.look(url).source.project("secret") is not None


# ---------------------------------------------------------------- behind a proxy

SERVER = """
import sys
from collector.config.access_models import TrustedProxy
from dashboard.asgi import serve
from dashboard.settings import Settings
serve(Settings(sys.argv[1], access="proxy", base_path="vitals", url="https://v.example/vitals",
               proxy=TrustedProxy(trusted=("127.0.0.0/30",))), int(sys.argv[2]), False)
"""


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard as a proxy at 127.0.0.1 reaches it; 127.0.0.9 is somebody else."""
    url = build(tmp_path_factory.mktemp("proxy") / "portfolio.db", 2)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - tests are an edge
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, url, str(port)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(server, f"http://127.0.0.1:{port}/vitals/healthz")
        yield f"http://127.0.0.1:{port}/vitals/"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            if httpx.get(address, headers={"Host": "v.example"}).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(address)


def asked(address: str, peer: str = "127.0.0.1", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(transport=httpx.HTTPTransport(local_address=peer)) as client:
        return client.get(address, headers={"Host": "v.example", **named})


def test_only_the_trusted_proxy_gets_in_and_only_with_somebody_signed_in(
    behind_proxy: str,
) -> None:
    assert asked(behind_proxy, X_Forwarded_User="ana").status_code == 200
    refused = asked(behind_proxy)
    assert refused.status_code == 403
    assert "sign in" in refused.text
    assert asked(behind_proxy, "127.0.0.9", X_Forwarded_User="eve").status_code == 403


def test_an_address_that_is_only_claimed_is_not_believed(behind_proxy: str) -> None:
    claimed = {"X_Forwarded_User": "eve", "X_Forwarded_For": "127.0.0.1"}
    assert asked(behind_proxy, "127.0.0.9", **claimed).status_code == 403
    behind = {"X_Forwarded_User": "ana", "X_Forwarded_For": "198.51.100.7"}
    assert asked(behind_proxy, **behind).status_code == 200


def test_a_monitor_may_ask_whether_we_live(behind_proxy: str) -> None:
    found = asked(behind_proxy + "healthz", "127.0.0.9")
    assert found.status_code == 200
    assert found.json()["status"] == "ok"


def test_the_pages_own_connection_is_guarded_too(behind_proxy: str) -> None:
    stream = behind_proxy + "_stcore/stream"
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    upgrade["Sec_WebSocket_Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    assert asked(stream, **upgrade).status_code == 403
