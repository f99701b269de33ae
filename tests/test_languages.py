"""Words: how sentences are marked, collected, translated and filled."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import Message

from collector import demo
from collector.demo import Demonstration
from collector.model import Phrase
from collector.store.engine import connect
from dashboard import i18n
from dashboard.i18n import messages
from dashboard.middleware import PageMiddleware
from tests.dashboard_app import markup, open_page
from tests.dashboard_data import build

SLOVAK = """
msgid ""
msgstr ""
"Language: sk\\n"
"Plural-Forms: nplurals=3; plural=((n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Waiting: {value:days}, as {who:word}."
msgstr "Čaká sa {value:days}, stav: {who:word}."

msgid "{n} day"
msgid_plural "{n} days"
msgstr[0] "{n} deň"
msgstr[1] "{n} dni"
msgstr[2] "{n} dní"

msgid "retired"
msgstr "vyradený"

#, fuzzy
msgid "new"
msgstr "niečo iné"
"""


@pytest.fixture
def slovak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[i18n.Translator]:
    (tmp_path / "sk.po").write_text(SLOVAK, encoding="utf-8")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    _forget()
    yield i18n.translator("sk")
    _forget()


def _forget() -> None:
    i18n.languages.cache_clear()
    i18n.translator.cache_clear()


def test_a_phrase_counts_in_english_and_leaves_other_arguments_as_they_are() -> None:
    assert str(Phrase("{n:days} by {who}, {x:days}", {"n": 1, "who": "{a}", "x": 2})) == (
        "1 day by {a}, 2 days"
    )
    assert str(Phrase("since {at:day}", {"at": 1_700_000_000})) == "since 2023-11-14"
    assert str(Phrase("{n:days}", {"n": "some"})) == "some"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "1 deň"), (3, "3 dni"), (5, "5 dní"), (1.5, "1,5 dni"), (4000, "4 000 dní")],
)
def test_a_stored_phrase_takes_the_plural_of_the_language(
    slovak: i18n.Translator, value: float, said: str
) -> None:
    stored = {
        "text": "Waiting: {value:days}, as {who:word}.",
        "args": {"value": value, "who": "retired"},
    }
    assert slovak.phrase(stored).replace("\xa0", " ") == f"Čaká sa {said}, stav: vyradený."


def test_a_translation_that_waits_for_review_is_not_shown(slovak: i18n.Translator) -> None:
    assert slovak.text("new") == "new"
    assert slovak.text("active") == "active"


def test_a_catalogue_in_the_folder_is_a_language(slovak: i18n.Translator) -> None:
    assert i18n.languages() == ("en", "sk")
    assert i18n.choose(None, "sk-SK,en;q=0.5") == "sk"
    assert slovak.language == "sk"


def test_every_page_offers_each_language_and_keeps_the_rest_of_the_address(
    slovak: i18n.Translator, tmp_path: Path
) -> None:
    url = build(tmp_path / "some.db", 2)
    page = open_page(url, "projects", lang="sk", q="a b")
    said = markup(page)
    assert '<span lang="sk" aria-current="true">Slovenčina</span>' in said
    assert 'href="?q=a+b&amp;lang=en"' in said
    assert "status" not in page.query_params


def test_a_single_language_is_no_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    _forget()
    assert "ov-languages" not in markup(open_page(build(tmp_path / "some.db", 2)))
    _forget()


@pytest.mark.parametrize("asked", ["sk", "xx"])
def test_the_language_asked_for_is_kept_in_a_cookie_no_script_can_read(
    slovak: i18n.Translator, asked: str
) -> None:
    head, body = asyncio.run(_served(f"lang={asked}"))
    known = asked == "sk"
    assert ("HttpOnly" in head.get("set-cookie", "")) is known
    assert body == f'<html lang="{"sk" if known else "en"}"></html>'


async def _served(query: str) -> tuple[Headers, str]:
    """What the middleware makes of a page."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    page = PageMiddleware(HTMLResponse('<html lang="en"></html>'))
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": query.encode()}
    await page(scope, receive, send)
    return Headers(raw=sent[0]["headers"]), sent[1]["body"].decode()


def test_collecting_keeps_translations_and_adds_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "sk.po"
    file.write_text(SLOVAK, encoding="utf-8")
    written = messages.updated(file)
    assert 'msgstr "vyradený"' in written
    assert "Waiting:" not in written
    assert 'msgid "Is work going on?"' in written
    file.write_text(written, encoding="utf-8")
    assert messages.updated(file) == written
    absent = messages.missing(file)
    assert "retired" not in absent
    assert "active" in absent


def test_every_sentence_the_demonstration_stores_can_be_translated(tmp_path: Path) -> None:
    known = {found.message for found in messages.messages()}
    config = demo.prepare(Demonstration(1_795_392_000, 13, 2, 1, ""), tmp_path, tmp_path / "data")
    with connect(config.database_url).connect() as connection:
        stored = [
            value
            for table, column in (
                ("metric_values", "reason"),
                ("status_history", "reason"),
                ("judgements", "judgement"),
                ("judgements", "summary"),
            )
            for (value,) in connection.execute(text(f"SELECT DISTINCT {column} FROM {table}"))
            if value
        ]
    said = {phrase for value in stored for phrase in _phrases(json.loads(value))}
    assert said
    unmarked = sorted(said - known)
    assert not unmarked, "mark these with N_:\n" + "\n".join(unmarked)


def _phrases(value: object) -> Iterator[str]:
    """The templates in a stored value."""
    if isinstance(value, dict):
        if set(value) == {"text", "args"}:
            yield str(value["text"])
        for inner in value.values():
            yield from _phrases(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _phrases(inner)
