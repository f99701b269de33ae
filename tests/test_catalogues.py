"""Catalogues: what public lists name lies on the shelf, once, whatever form the list has."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from collector import config
from collector.catalogue import KINDS, Broken
from collector.catalogues import CATALOGUES
from collector.catalogues.rows import rows
from collector.discovery import Discovery
from collector.forge import UnexpectedAnswer
from collector.outcome import SourceResult
from collector.progress import Lines as Quiet
from collector.store import shelf
from collector.store.read_shelf import Shelf
from collector.store.read_shelf import shelf as counted
from collector.store.sources import source_rows
from collector.store.write import purge
from tests.forge.forgejo_side import forgejo
from tests.forge.server import TOKEN, TestForge, running
from tests.forge.world import Repository
from tests.lists import Lists, serving

NOW = 1_790_000_000
Look = Callable[..., list[SourceResult]]


@pytest.fixture
def lists() -> Iterator[Lists]:
    with serving() as server:
        yield server


@pytest.fixture
def forge() -> Iterator[TestForge]:
    with stamina.set_testing(True, attempts=2, cap=True), running() as server:
        server.world.web = server.base
        yield server
        assert not server.mistakes


@pytest.fixture
def look(tmp_path: Path, engine: Engine, lists: Lists, forge: TestForge) -> Look:
    """Look once for what these lines under ``discover:`` name."""
    folder = tmp_path / "config"
    (folder / "portfolios").mkdir(parents=True)
    host = forge.base.removeprefix("http://")
    (folder / "ospo-vitals.yaml").write_text(
        f"forges:\n{lists.forge}  - {{host: '{host}', kind: github, base_url: '{forge.base}',"
        " token_env: TOKEN}\n"
    )

    def now(discover: str, *, at: int = NOW, full: bool = False) -> list[SourceResult]:
        text = f"ospo: {{id: city}}\ndiscover:\n  - {discover}\n"
        (folder / "portfolios" / "city.yaml").write_text(text)
        loaded = config.load(folder, {"TOKEN": TOKEN})
        return Discovery(loaded, engine, Quiet(), Event(), lambda: at, full).run()

    return now


def found(engine: Engine) -> dict[str, shelf.Shelved]:
    """What lies on the shelf, by address."""
    return {row.found.url: row for row in shelf.shelved(engine)}


def states(engine: Engine) -> dict[str, str]:
    return {url.rpartition("/")[2]: row.state for url, row in found(engine).items()}


def document(*entries: Any) -> bytes:
    return json.dumps(entries).encode()


# ---------------------------------------------------------------- each form


def test_every_catalogue_that_configuration_can_name_is_there() -> None:
    assert set(CATALOGUES) == {*KINDS, "organisation"}


ITALIAN = {
    "id": "c353756e-8597-4e46-a99b-7da2e141603b",
    "createdAt": "2014-05-01T00:00:00Z",
    "updatedAt": "2023-05-01T00:00:00Z",
    "url": "https://github.com/italia/one.git",
    "aliases": ["https://github.com/italia/uno"],
    "publiccodeYml": "publiccodeYmlVersion: '0.2'\nname: \"Uno: the one\"\n"
    "url: https://github.com/italia/one\nisBasedOn:\n  - https://github.com/italia/one\n"
    "description:\n  it:\n    name: other\n",
    "active": True,
    "vitality": "90,80,70",
}


def italian(lists: Lists, count: int) -> None:
    """A catalogue of so many, 100 a page, whose links are queries alone."""
    entries = [ITALIAN] + [
        {"id": str(n), "url": f"https://gitlab.com/ente/app{n}", "aliases": []}
        for n in range(1, count)
    ]
    pages = [entries[at : at + 100] for at in range(0, count, 100)]
    for number, page in enumerate(pages):
        after = f"page%5Bafter%5D={number}&" if number else ""
        follows = f"?page[after]={number + 1}" if number + 1 < len(pages) else None
        query = f"/v1/software?{'page%5Bsize%5D=100&' if number else ''}{after}"
        path = query.rstrip("&") if number else "/v1/software?page%5Bsize%5D=100"
        body = {"data": page, "links": {"prev": None, "next": follows}}
        lists.documents[path] = json.dumps(body).encode()


def test_developers_italia_is_read_page_by_page_and_not_again_where_nothing_moved(
    look: Look, lists: Lists, engine: Engine
) -> None:
    italian(lists, 250)
    entry = f"{{catalogue: developers-italia, source: '{lists.base}/v1'}}"
    assert look(entry)[0].error is None
    assert counted(engine) == Shelf(not_sorted=250)
    one = found(engine)["https://github.com/italia/one"]
    assert (one.found.name, one.state) == ("Uno: the one", "new")
    assert len(lists.requests) == 3
    lists.forget()
    look(entry, full=False, at=NOW + 90_000)
    assert lists.answered == [304, 304, 304]
    assert counted(engine) == Shelf(not_sorted=250)


def test_of_a_publisher_what_lies_where_it_keeps_its_code(
    look: Look, lists: Lists, engine: Engine
) -> None:
    italian(lists, 150)
    lists.documents["/v1/publishers/c_a1"] = json.dumps(
        {
            "id": "8f373a8c",
            "codeHosting": [
                {"url": "https://github.com/italia/", "group": True},
                {"url": "https://gitlab.com/ente/alone", "group": False},
            ],
            "description": "Comune",
            "active": True,
        }
    ).encode()
    entry = "{{catalogue: developers-italia, source: '{}/v1', publisher: {}}}"
    look(entry.format(lists.base, "c_a1"))
    assert states(engine) == {"one": "new", "alone": "new"}
    failed = look(entry.format(lists.base, "nobody"))
    assert "knows no publisher 'nobody'" in (failed[0].error or "")


LONG = {
    "archived": False,
    "description": "Un outil",
    "fork": False,
    "full_name": "etalab/outil",
    "id": "https://github.com/etalab/outil",
    "owner": "https://github.com/etalab",
    "platform": "github.com",
    "repo_name": "outil",
    "template": False,
    "updated_at": "2024-01-05T10:00:00.000Z",
}
SHORT = {
    "a": 10,
    "a?": True,
    "d": "Un outil",
    "f?": False,
    "fn": "etalab/outil",
    "n": "outil",
    "o": "https://github.com/etalab",
    "p": "github.com",
    "t?": False,
    "u": "2024-01-05T10:00:00.000Z",
}
OLD = {
    "name": "outil",
    "organization_name": "etalab",
    "platform": "GitHub",
    "repository_url": "https://github.com/etalab/outil",
    "is_fork": True,
    "is_archived": False,
    "last_modification": "2021-01-05T10:00:00",
    "organization_url": "https://github.com/etalab",
}


def _cell(value: object) -> str:
    text = str(value)
    return text.lower() if text in ("True", "False") else text


@pytest.mark.parametrize(
    ("entry", "state"), [(LONG, "new"), (SHORT, "new"), (OLD, "fork")], ids=["long", "short", "old"]
)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_code_gouv_fr_is_read_in_each_of_its_forms(
    look: Look, lists: Lists, engine: Engine, entry: dict[str, Any], state: str, form: str
) -> None:
    other = {key: str(value).replace("etalab", "dinum") for key, value in entry.items()}
    if form == "json":
        lists.documents["/repos"] = document(entry, other)
    elif entry is SHORT:
        pytest.skip("the short form is JSON alone")
    else:
        values = [",".join(_cell(v) for v in one.values()) for one in (entry, other)]
        lists.documents["/repos"] = "\n".join([",".join(entry), *values, ""]).encode()
    look(f"{{catalogue: code-gouv-fr, source: '{lists.base}/repos'}}")
    rows = found(engine)
    assert set(rows) == {"https://github.com/etalab/outil", "https://github.com/dinum/outil"}
    one = rows["https://github.com/etalab/outil"]
    assert one.state == state
    assert one.found.pushed is not None
    assert one.found.archived is (entry is SHORT)


def test_accounts_of_code_gouv_fr_are_opened_on_their_forge(
    look: Look, lists: Lists, forge: TestForge, engine: Engine
) -> None:
    forge.world.add(Repository("dinum", "app"))
    forge.world.add(Repository("etalab", "tool", head="2" * 40))
    lists.documents["/orgs"] = document(
        {"id": f"{forge.base}/dinum", "login": "dinum", "ministry": "PM"},
        {"id": f"{forge.base}/etalab", "login": "etalab", "ministry": "PM"},
        {"id": f"{forge.base}/vanished", "login": "vanished", "ministry": "PM"},
    )
    look(f"{{catalogue: code-gouv-fr, source: '{lists.base}/orgs', publisher: dinum}}")
    assert states(engine) == {"app": "new"}
    look(f"{{catalogue: code-gouv-fr, source: '{lists.base}/orgs', publisher: PM}}")
    assert set(states(engine)) == {"app", "tool"}
    source = next(each for each in source_rows(engine))
    assert source.broken == 1
    assert "knows no organisation or user 'vanished'" in source.broken_entries[0][1]


def test_of_a_host_that_nobody_named_the_kind_is_asked_and_its_accounts_are_opened(
    tmp_path: Path, lists: Lists, engine: Engine
) -> None:
    with stamina.set_testing(True, attempts=2, cap=True), forgejo() as other:
        for number in range(60):
            other.server.world.add(Repository("ville", f"app{number}"))
        host = other.server.base.removeprefix("http://")
        lists.documents["/orgs"] = document(
            {"id": other.url("ville"), "login": "ville"}, {"id": other.url("rien"), "login": "rien"}
        )
        lists.documents["/list"] = f"{other.url('ville')}\n".encode()
        folder = tmp_path / "config"
        (folder / "portfolios").mkdir(parents=True)
        forge = f"  - {{host: '{host}', base_url: '{other.server.base}'}}\n"
        (folder / "ospo-vitals.yaml").write_text(f"forges:\n{lists.forge}{forge}")
        (folder / "portfolios" / "a.yaml").write_text(
            "ospo: {id: a}\ndiscover:\n"
            f"  - {{catalogue: code-gouv-fr, source: '{lists.base}/orgs'}}\n"
            f"  - {{catalogue: list, source: '{lists.base}/list'}}\n"
        )
        loaded = config.load(folder, {})
        results = Discovery(loaded, engine, Quiet(), Event(), lambda: NOW).run()
    assert [result.error for result in results] == [None, None]
    assert counted(engine).not_sorted == 60
    assert sum(source.broken for source in source_rows(engine)) == 1


def test_os2_groups_what_an_organisation_has_into_one_product(
    look: Look, lists: Lists, forge: TestForge, engine: Engine
) -> None:
    for number, name in enumerate(("api", "web")):
        forge.world.add(Repository("os2iot", name, head=f"{number + 5}" * 40))
    lists.documents["/os2"] = f"product,url\nOS2iot,{forge.base}/os2iot\n".encode()
    look(f"{{catalogue: os2, source: '{lists.base}/os2'}}")
    assert {row.found.group for row in found(engine).values()} == {"OS2iot"}


def test_publiccode_yml_is_looked_for_in_every_repository_of_a_list(
    look: Look, lists: Lists, engine: Engine
) -> None:
    lists.documents["/list.txt"] = (
        f"# ours\n{lists.base}/city/app\n\n{lists.base}/city/bare  # has none\n".encode()
    )
    lists.documents["/city/app/raw/HEAD/publiccode.yml"] = (
        b"publiccodeYmlVersion: '0.4'\nname: The app\nurl: https://example.org/else/app\n"
    )
    look(f"{{catalogue: publiccode, source: '{lists.base}/list.txt'}}")
    (row,) = found(engine).values()
    assert row.found.name == "The app"
    assert (row.state, row.reason and row.reason["text"]) == (
        "copy",
        "its publiccode.yml is that of {url}",
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/one\nhttps://github.com/a/two.git # why\n",
        "name;url\nOne;https://github.com/a/one\nTwo;https://github.com/a/two\n",
        '["https://github.com/a/one", {"url": "https://github.com/a/two"}]',
        "\ufeffhttps://github.com/A/One\r\nhttps://github.com/a/two/\r\n",
    ],
)
def test_a_list_of_ones_own_may_be_lines_csv_or_json(
    look: Look, engine: Engine, tmp_path: Path, text: str
) -> None:
    (tmp_path / "ours.list").write_text(text, encoding="utf-8")
    look("{catalogue: list, source: ours.list}")
    assert {row.key for row in found(engine).values()} == {
        "github.com/a/one",
        "github.com/a/two",
    }


# ---------------------------------------------------------------- what goes wrong


def test_broken_entries_are_named_and_counted_and_the_rest_is_found(
    look: Look, lists: Lists, engine: Engine
) -> None:
    broken = [{}, 7, None, {"url": "file:///etc/passwd"}, {"url": "https://u:p@h/x"}, {"url": 3}]
    lists.documents["/l"] = document(*broken, {"url": "https://github.com/a/one"}, {"url": "-x"})
    (result,) = look(f"{{catalogue: list, source: '{lists.base}/l'}}")
    assert result.error is None
    (source,) = source_rows(engine)
    assert (source.broken, source.listed) == (7, 1)
    assert all(why for _, why in source.broken_entries)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", 200, "is a web page"),
        (b'[{"url": "https://github.com/a/two"}, {"url": "https', 200, "breaks off"),
        (b'{"message": "hello"}', 200, "is not a list"),
        (b"", 404, "There is no list"),
        (b"", 503, "failure of its own"),
    ],
)
def test_a_list_that_fails_is_a_sentence_and_keeps_what_was_found(
    look: Look, lists: Lists, engine: Engine, body: bytes, status: int, said: str
) -> None:
    entry = f"{{catalogue: list, source: '{lists.base}/l'}}"
    lists.documents["/l"] = document({"url": "https://github.com/a/one"})
    look(entry)
    lists.documents["/l"], lists.status["/l"] = body, status
    (result,) = look(entry, full=True)
    assert said in (result.error or "")
    assert "one" in states(engine)
    assert "gone" not in states(engine).values()
    assert source_rows(engine)[0].error == result.error


def test_what_disappears_is_marked_and_comes_back(look: Look, lists: Lists, engine: Engine) -> None:
    entry = f"{{catalogue: list, source: '{lists.base}/l'}}"
    both = document({"url": "https://github.com/a/one"}, {"url": "https://github.com/a/two"})
    for body, expected in ((both, "new"), (document({"url": "https://github.com/a/one"}), "gone"),
                           (both, "new")):  # fmt: skip
        lists.documents["/l"] = body
        look(entry, full=True)
        assert states(engine) == {"one": "new", "two": expected}


def test_an_organisation_that_fails_hides_what_it_has_and_nothing_is_called_gone(
    look: Look, lists: Lists, forge: TestForge, engine: Engine
) -> None:
    forge.world.add(Repository("city", "app"))
    lists.documents["/l"] = document({"url": f"{forge.base}/city"})
    entry = f"{{catalogue: list, source: '{lists.base}/l'}}"
    look(entry)
    assert states(engine) == {"app": "new"}
    forge.world.repositories.clear()
    look(entry, full=True)
    assert states(engine) == {"app": "new"}


# ---------------------------------------------------------------- one is one


def test_a_repository_found_twice_is_one(
    look: Look, lists: Lists, forge: TestForge, engine: Engine
) -> None:
    forge.world.add(Repository("city", "app"))
    lists.documents["/l"] = document(
        {"url": f"{forge.base}/City/App.git"}, {"url": f"{forge.base}/city"}
    )
    look(f"{{catalogue: list, source: '{lists.base}/l'}}\n  - {{url: '{forge.base}/city'}}")
    assert len({row.id for row in shelf.shelved(engine)}) == 1
    assert counted(engine).not_sorted == 1


def test_a_renamed_repository_stays_the_one_it_was(
    look: Look, forge: TestForge, engine: Engine
) -> None:
    forge.world.add(Repository("city", "app", id="R_1"))
    look(f"{{url: '{forge.base}/city'}}")
    (before,) = shelf.shelved(engine)
    forge.world.repositories.clear()
    forge.world.add(Repository("city", "portal", id="R_1"))
    look(f"{{url: '{forge.base}/city'}}", full=True)
    (after,) = shelf.shelved(engine)
    assert (after.id, after.found.url) == (before.id, f"{forge.base}/city/portal")


def test_equal_newest_commits_make_the_later_one_a_mirror(
    look: Look, forge: TestForge, engine: Engine
) -> None:
    forge.world.add(Repository("city", "app", head="a" * 40))
    forge.world.add(Repository("city", "copy", head="a" * 40))
    forge.world.add(Repository("city", "own", head="b" * 40))
    look(f"{{url: '{forge.base}/city'}}")
    assert states(engine) == {"app": "new", "copy": "mirror", "own": "new"}


def test_a_source_is_read_once_a_period_of_the_schedule(
    look: Look, lists: Lists, engine: Engine
) -> None:
    lists.documents["/l"] = document({"url": "https://github.com/a/one"})
    entry = f"{{catalogue: list, source: '{lists.base}/l'}}"
    look(entry)
    look(entry, at=NOW + 60)
    assert len(lists.requests) == 1
    look(entry, at=NOW + 90_000)
    look(entry, at=NOW + 90_060, full=True)
    assert lists.answered == [200, 304, 200]


def test_what_is_no_longer_looked_for_is_hidden_and_purged_on_request(
    look: Look, lists: Lists, engine: Engine
) -> None:
    for name in ("one", "two"):
        lists.documents[f"/{name}"] = document({"url": f"https://github.com/a/{name}"})
    look(f"{{catalogue: list, source: '{lists.base}/one'}}")
    look(f"{{catalogue: list, source: '{lists.base}/two'}}")
    assert set(states(engine)) == {"two"}
    purge(engine)
    look(
        f"{{catalogue: list, source: '{lists.base}/two'}}\n"
        f"  - {{catalogue: list, source: '{lists.base}/one'}}"
    )
    assert set(states(engine)) == {"one", "two"}


# ---------------------------------------------------------------- rows


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.none() | st.integers())
    ),
    st.integers(1, 40),
)
def test_a_json_list_gives_its_rows_however_its_bytes_come(
    entries: list[dict[str, Any]], chunk: int
) -> None:
    import io
    from unittest import mock

    text = json.dumps(entries, ensure_ascii=False).encode()
    with mock.patch("collector.catalogues.rows.CHUNK", chunk):
        assert list(rows(io.BytesIO(text), "it")) == entries
    with (
        mock.patch("collector.catalogues.rows.CHUNK", chunk),
        pytest.raises(UnexpectedAnswer, match="breaks off"),
    ):
        list(rows(io.BytesIO(text[:-1]), "it"))


def test_a_row_that_is_no_row_is_broken_alone(tmp_path: Path) -> None:
    import io

    one, two = rows(io.BytesIO(b'[["https://x"], {"url": "y"}]'), "it")
    assert isinstance(one, Broken)
    assert two == {"url": "y"}
    assert replace(one, why="") == Broken("entry 1", "")
