"""What leaves the house: export, feed, badge, by command and by address."""

import asyncio
import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import Engine, create_engine, delete, insert
from starlette.applications import Starlette
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from collector import demo
from collector.demo import Demonstration
from collector.judgement.open_data import PERSONAL
from collector.model import DAY
from collector.run import Pass
from collector.store.engine import connect
from collector.store.schema import meta, projects, repositories
from dashboard import data, settings
from dashboard.data import Source
from dashboard.i18n import translator
from dashboard.open_data import opened
from dashboard.reports import badge, export, feed
from dashboard.reports.package import package
from dashboard.reports.tables import TABLES
from dashboard.routes import routes
from dashboard.settings import Settings
from tests.dashboard_data import build

ROOT = Path(__file__).parent.parent
AS_OF = 1_795_392_000  # 2026-11-23
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '</title><script>alert(1)</script>"&\x00\ufffe=cmd'
ENTRIES = [
    {"project": "project-1", "rule": "at_rest", "kind": "decide",
     "about": "", "since": 1_790_000_000,
     "what": {"text": "It is at rest"}, "why": {"text": HOSTILE}, "helps": {"text": "Ask."},
     "severity": 5, "criticality": 4, "role": "OSPO lead", "links": []},
    {"project": "project-2", "rule": "waits", "kind": "answer", "about": "regular_committers",
     "since": None, "what": {"text": "Of people"}, "why": {}, "helps": {},
     "severity": 5, "criticality": 4, "role": "", "links": []},
]  # fmt: skip


def prepared(folder: Path) -> str:
    """A portfolio in which one project is private and one has a hostile name."""
    url = build(folder / "portfolio.db", 8)
    engine = create_engine(url)
    spoil(engine)
    engine.dispose()
    return url


def spoil(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(meta).where(meta.c.key == "attention"))
        connection.execute(insert(meta), {"key": "attention", "value": json.dumps(ENTRIES)})
        hostile = projects.update().where(projects.c.key == "project-1")
        connection.execute(hostile.values(name=HOSTILE.replace("\x00", "")))
        mine = connection.execute(projects.select().where(projects.c.key == "project-3")).one().id
        shut = repositories.update().where(repositories.c.project_id == mine)
        connection.execute(shut.values(facts={"private": True}))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return prepared(tmp_path_factory.mktemp("leaving"))


def whole(url: str) -> Source:
    found = data.look(url).source
    assert found is not None
    return found


def everybodys(url: str) -> Source:
    found = opened(data.look(url, private=False)).source
    assert found is not None
    return found


def test_open_data_has_nothing_of_people_and_no_private_project(url: str, tmp_path: Path) -> None:
    export.write(everybodys(url), tmp_path)
    for file in tmp_path.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "project-3" not in text
        assert not [key for key in PERSONAL if key in text], file
    export.write(whole(url), tmp_path)
    assert "project-3" in (tmp_path / "projects.csv").read_text(encoding="utf-8")
    assert "regular_committers" in (tmp_path / "attention.json").read_text(encoding="utf-8")


def test_csv_says_what_json_says_and_both_what_the_description_names(
    url: str, tmp_path: Path
) -> None:
    export.write(whole(url), tmp_path)
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in described["resources"]] == [table.name for table in TABLES]
    for resource in described["resources"]:
        fields = {one["name"]: one["type"] for one in resource["schema"]["fields"]}
        records = json.loads((tmp_path / f"{resource['name']}.json").read_text(encoding="utf-8"))
        assert records, resource["name"]
        text = (tmp_path / resource["path"]).read_bytes().decode("utf-8")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(lines) == len(records)
        for line, record in zip(lines, records, strict=True):
            assert list(record) == list(fields) == list(line)
            assert {k: back(v, fields[k]) for k, v in line.items()} == record
        keys = [
            tuple(record[key] for key in resource["schema"]["primaryKey"]) for record in records
        ]
        assert len(set(keys)) == len(keys)


def back(cell: str, kind: str) -> object:
    if cell == "":
        return None
    if kind in ("number", "integer", "object", "array"):
        return json.loads(cell)
    return cell[1:] if cell.startswith("'") else cell


def test_what_a_table_gives_stands_in_its_fields_and_the_other_way_round(url: str) -> None:
    source = whole(url)
    for table in TABLES:
        record = next(iter(table.rows(source, source.projects())))
        assert set(record) == {field.name for field in table.fields}, table.name


def test_an_export_leaves_the_files_of_others_and_no_trace_of_itself(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    names = set(export.write(everybodys(url), tmp_path))
    assert {file.name for file in tmp_path.iterdir()} == {"mine.txt", *names}


def test_an_export_that_fails_changes_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "projects.csv").write_text("old")

    def full(*_given: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "package", full)
    with pytest.raises(export.NotWritten, match="No space left"):
        export.write(everybodys(url), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["projects.csv"]
    assert (tmp_path / "projects.csv").read_text() == "old"


def test_a_licence_is_named_only_where_one_is_configured(url: str) -> None:
    assert "licenses" not in json.loads(package(everybodys(url)))
    told = json.loads(package(everybodys(url), "CC-BY-4.0"))
    assert told["licenses"] == [{"name": "CC-BY-4.0"}]


# ---------------------------------------------------------------- feed


def test_a_feed_is_sound_whatever_projects_are_called(url: str) -> None:
    chosen = Settings(url, url="https://v.example/x")
    text = feed.feed(whole(url), chosen, translator("sk"))
    root = ElementTree.fromstring(text)  # noqa: S314 - ours
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [
        "2026-09-21T14:13:20Z",
        "2026-01-01T00:00:00Z",
    ]
    assert root.findtext(f"{ATOM}updated") == "2026-09-21T14:13:20Z"
    assert "<script>" not in text
    assert {link.get("href") for link in entries[0].findall(f"{ATOM}link")} == {
        "https://v.example/x/project?p=project-1"
    }
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sk"


def test_ids_of_a_feed_stay_when_other_entries_come_and_go(tmp_path: Path) -> None:
    url = prepared(tmp_path)
    chosen = Settings(url)

    def ids() -> list[str]:
        root = ElementTree.fromstring(feed.feed(whole(url), chosen, translator("en")))  # noqa: S314
        return [str(entry.findtext(f"{ATOM}id")) for entry in root.findall(f"{ATOM}entry")]

    before = ids()
    assert len(set(before)) == 2
    engine = create_engine(url)
    with engine.begin() as connection:
        more = [{**ENTRIES[0], "project": "project-4"}, *reversed(ENTRIES)]
        connection.execute(meta.update().where(meta.c.key == "attention").values(
            value=json.dumps(more)))  # fmt: skip
    engine.dispose()
    data.st.cache_resource.clear()
    assert set(before) < set(ids())


def test_an_entry_keeps_its_id_and_its_date_as_long_as_nothing_changes(tmp_path: Path) -> None:
    config = demo.prepare(Demonstration(AS_OF, 6, 2, 1, ""), tmp_path, tmp_path / "data")
    engine = connect(config.database_url)

    def dates() -> dict[str, str]:
        data.st.cache_resource.clear()
        told = feed.feed(whole(config.database_url), Settings(config.database_url),
                         translator("en"))  # fmt: skip
        entries = ElementTree.fromstring(told).findall(f"{ATOM}entry")  # noqa: S314 - ours
        return {
            str(one.findtext(f"{ATOM}id")): str(one.findtext(f"{ATOM}updated")) for one in entries
        }

    before = dates()
    assert "2026-11-23T00:00:00Z" in before.values()  # has no date but that it was found
    assert len(set(before.values())) > 3
    for days, some in ((1, ["uradna-tabula"]), (1, []), (2, [])):
        now = AS_OF + days * DAY + 3600
        assert Pass(config, engine, now=lambda now=now: now).measure(some)  # type: ignore[misc]
        assert dates() == before
    engine.dispose()


def test_the_feed_of_everybody_says_nothing_of_people(url: str) -> None:
    assert "Of people" not in feed.feed(everybodys(url), Settings(url), translator("en"))


# ---------------------------------------------------------------- badge


@pytest.mark.parametrize("language", ["en", "sk", "cs", "ro"])
def test_a_badge_says_its_status_in_words_shape_and_title(url: str, language: str) -> None:
    spoken = translator(language)
    row = whole(url).projects()[0]
    drawn = {}
    for status in ("active", "slowing", "abandoned", "unknown"):
        root = ElementTree.fromstring(badge.badge(replace(row, status=status), spoken, 0))  # noqa: S314
        assert root.get("role") == "img"
        drawn[status] = str(root[0].text)
        assert drawn[status].startswith("OSPO Vitals: ")
    assert len(set(drawn.values())) == 4
    old = badge.badge(row, spoken, 2**33)
    assert spoken.day(row.as_of or 0) in old
    assert spoken.text("not measured yet") in badge.badge(replace(row, measured_at=None), spoken, 0)


def test_marks_on_letters_make_a_badge_no_wider() -> None:
    assert badge.width("číslo") == badge.width("cislo")
    assert badge.width("mmm") > badge.width("iii")


# ---------------------------------------------------------------- the server

SERVER = """
import sys
from collector.config.access_models import Roles
from dashboard.asgi import serve
from dashboard.settings import Settings, SignIn
database, access, opened, port = sys.argv[1:]
there = "https://v.example/x/oauth2callback"
sign_in = SignIn("https://id.example/x", "vitals", there, "s", "c" * 40)
serve(Settings(database, access=access, open_data=opened == "open", base_path="x",
               url="https://v.example/x", roles=Roles(people=("staff",), private=("staff",)),
               sign_in=sign_in if access == "oidc" else None), int(port), False)
"""
HERE = {"local": "localhost"}


def served(url: str, access: str, opened: str = "") -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - tests are an edge
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, url, access, opened, str(port)],
        cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    headers = {"Host": HERE.get(access, "v.example")}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/x/", headers=headers) as client:
            for _ in range(300):
                assert server.poll() is None, "the server ended"
                try:
                    client.get("healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


PATHS = ("export/projects.csv", "export/history.json", "export/datapackage.json", "feed.atom",
         "badge/project-1.svg", "export/project/project-1.json")  # fmt: skip
EVE = {"X-Forwarded-User": "eve", "X-Forwarded-Groups": "staff"}


@pytest.fixture(scope="module")
def oidc(url: str) -> Iterator[httpx.Client]:
    yield from served(url, "oidc")


def cookie(groups: list[str], secret: str = "c" * 40, origin: str = "https://v.example") -> str:
    told = {"origin": origin, "is_logged_in": True, "name": "Ana", "groups": groups}
    return (
        "_streamlit_user="
        + create_signed_value(secret, "_streamlit_user", json.dumps(told)).decode()
    )


def test_on_this_machine_the_server_gives_what_the_command_writes(url: str, tmp_path: Path) -> None:
    names = export.write(everybodys(url), tmp_path)
    for client in served(url, "local"):
        for name in names:
            found = client.get(f"export/{name}")
            assert found.status_code == 200
            assert found.content == (tmp_path / name).read_bytes()
            assert "access-control-allow-origin" not in found.headers
            again = client.get(f"export/{name}", headers={"If-None-Match": found.headers["ETag"]})
            assert (again.status_code, again.content) == (304, b"")
            told = client.head(f"export/{name}")
            assert (told.status_code, told.headers.get("content-length")) == (200, None)
        assert "project-3" in client.get("export/projects.csv?internal").text
        assert client.get("badge/project-3.svg").status_code == 200
        unknown = client.get("badge/nothing.svg?lang=sk")
        assert (unknown.status_code, unknown.headers["content-type"][:13]) == (404, "image/svg+xml")
        assert "sandbox" in unknown.headers["content-security-policy"]
        for path in ("export/people.csv", "export/projects.exe", "feed.atom?ospo=none",
                     "export/project/none.json"):  # fmt: skip
            assert client.get(path).status_code == 404
        assert client.get("feed.atom").headers["content-type"].startswith("application/atom+xml")


def test_everybody_gets_open_data_and_nothing_inside_where_pages_are_public(url: str) -> None:
    for client in served(url, "public"):
        for path in PATHS:
            found = client.get(path, headers=EVE)
            assert found.status_code == 200
            assert found.headers["access-control-allow-origin"] == "*"
            assert "project-3" not in found.text
            assert client.get(path, params={"internal": "1"}, headers=EVE).status_code == 403
        assert client.get("badge/project-3.svg").status_code == 404


def test_behind_a_proxy_a_role_decides_and_open_data_makes_nobody_somebody(url: str) -> None:
    for client in served(url, "proxy", "open"):
        client.headers["Host"] = "v.example"
        for path in PATHS:
            assert client.get(path).status_code == 200
            assert client.get(path, params={"internal": "1"}).status_code == 403
        assert "project-3" in client.get("export/projects.csv?internal", headers=EVE).text
        guest = {"X-Forwarded-User": "gast"}
        assert "project-3" not in client.get("export/projects.csv?internal", headers=guest).text
        assert client.get("").status_code == 403
        port = client.base_url.port
        elsewhere = httpx.HTTPTransport(local_address="127.0.0.9")
        with httpx.Client(transport=elsewhere, headers={"Host": "v.example", **EVE}) as stranger:
            below = f"http://127.0.0.1:{port}/x"
            assert stranger.get(f"{below}/export/projects.csv").status_code == 200
            assert stranger.get(f"{below}/export/projects.csv?internal").status_code == 403
            assert stranger.get(f"{below}/badge/project-3.svg").status_code == 404
            assert stranger.get(f"{below}/").status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_before_signing_in_nothing_is_given(oidc: httpx.Client, path: str) -> None:
    for given in ({}, EVE, {"Cookie": cookie(["staff"], "d" * 40)},
                  {"Cookie": cookie(["staff"], origin="https://evil.example")},
                  {"Cookie": "_streamlit_user=abc.def.ghi"}):  # fmt: skip
        refused = oidc.get(path, headers=given)
        assert refused.status_code == 401
        assert "sign in" in refused.text


def test_who_signed_in_gets_open_data_and_more_by_role(oidc: httpx.Client) -> None:
    staff, guest = ({"Cookie": cookie(groups)} for groups in (["staff"], []))
    for path in PATHS:
        assert oidc.get(path, headers=guest).status_code == 200
        assert "project-3" not in oidc.get(path, headers=staff).text
    assert "project-3" in oidc.get("export/projects.csv?internal", headers=staff).text
    assert "project-3" not in oidc.get("export/projects.csv?internal", headers=guest).text


def test_a_file_that_a_page_made_is_for_those_who_signed_in(oidc: httpx.Client) -> None:
    made = f"media/{'0' * 64}.csv"
    assert oidc.get(made).status_code == 401
    assert oidc.get(made, headers={"Cookie": cookie([])}).status_code == 404


def here(path: str) -> httpx.Response:
    """Ask the routes without a server."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes("/x")))
        async with httpx.AsyncClient(transport=transport, base_url="http://v.example/x/") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_with_the_key_badges_are_for_everybody_and_what_is_inside_is_not(url: str) -> None:
    settings.use(Settings(url, access="oidc", open_data=True))
    assert [here(path).status_code for path in PATHS] == [200] * len(PATHS)
    assert here("export/projects.csv?internal").status_code == 403
    assert here("badge/project-3.svg").status_code == 404


def test_a_database_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    settings.use(Settings(f"sqlite:///{tmp_path / 'none.db'}"))
    found = here("export/projects.csv")
    assert (found.status_code, found.text.count("ospo-vitals")) == (503, 1)
