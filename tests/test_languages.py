"""Words: how sentences are marked, collected, translated and filled."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from altair import Chart
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from sqlalchemy import text
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import Message

from collector import demo
from collector.demo import Demonstration
from collector.metrics import METRICS
from collector.model import Phrase
from collector.model.phrase import UNITS
from collector.publiccode import read_publiccode
from collector.store.engine import connect
from dashboard import i18n
from dashboard.charts import themed
from dashboard.charts.locale import locale
from dashboard.i18n import FOLDER, messages
from dashboard.middleware import PageMiddleware
from dashboard.theme import LIGHT
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
    [(1, "1 deň"), (3, "3 dni"), (5, "5 dní"), (1.5, "2 dni"), (4000, "4 000 dní")],
)
def test_a_stored_phrase_takes_the_plural_of_the_language(
    slovak: i18n.Translator, value: float, said: str
) -> None:
    stored = {
        "text": "Waiting: {value:days}, as {who:word}.",
        "args": {"value": value, "who": "retired"},
    }
    assert slovak.phrase(stored).replace("\xa0", " ") == f"Čaká sa {said}, stav: vyradený."


def test_a_sentence_stored_by_an_earlier_version_is_still_said(slovak: i18n.Translator) -> None:
    stored = {"text": "Nobody has looked after it for {days} days.", "args": {"days": 4000}}
    assert slovak.phrase(stored).replace("\xa0", " ") == (
        "Nobody has looked after it for 4 000 days."
    )


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
    compared = markup(open_page(url, "compare", lang="sk", p=["project-1", "project-2"]))
    assert 'href="?p=project-1&amp;p=project-2&amp;lang=en"' in compared
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


# ---------------------------------------------------------------- the catalogues themselves

CATALOGUES = sorted(FOLDER.glob("*.po"))
KNOWN = re.compile("|".join(("", "word", "day", "person", r"(\.\d)?g", r"\{unit\}", *UNITS)))
FIELD = re.compile(r"\{(?:[^{}]|\{\w+\})*\}")


def _catalogue(file: Path) -> Catalog:
    with file.open("rb") as written:
        return read_po(written, locale=file.stem)


def _pairs(file: Path) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each sentence with its translation: originals and forms."""
    for message in _catalogue(file):
        if message.id:
            original = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            yield original, said


def test_slovak_czech_and_romanian_are_there() -> None:
    assert {file.stem for file in CATALOGUES} >= {"cs", "ro", "sk"}


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_catalogue_has_every_sentence_of_today_and_no_other(file: Path) -> None:
    assert not messages.missing(file), "run make messages, and translate these"
    said = {message.id for message in _catalogue(file)}
    assert said == {message.id for message in messages.template()}, "run make messages"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_translation_fills_in_what_its_sentence_fills_in(file: Path) -> None:
    wrong = []
    for original, said in _pairs(file):
        wanted = [sorted(FIELD.findall(each)) for each in original]
        wrong += [form for form in said if form and sorted(FIELD.findall(form)) not in wanted]
        fields = [field[1:-1] for form in said for field in FIELD.findall(form)]
        asked = {field.partition(":")[2] for field in fields}
        wrong += [f"{original}: {spec}" for spec in asked if not KNOWN.fullmatch(spec)]
    assert not wrong


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_every_plural_has_all_forms_of_its_language(file: Path) -> None:
    forms = _catalogue(file).num_plurals
    wrong = [o for o, said in _pairs(file) if len(o) > 1 and (len(said) != forms or not all(said))]
    assert forms == 3
    assert not wrong


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_a_translation_keeps_blanks_and_ends_and_brings_no_markup(file: Path) -> None:
    wrong = []
    for original, said in _pairs(file):
        for form in filter(None, said):
            edges = {(each[:1].isspace(), each[-1:].isspace()) for each in original}
            same = (form[:1].isspace(), form[-1:].isspace()) in edges
            end = original[0][-1] in ".?!" and original[0][-1] != form[-1] and original[0] != "No."
            if not same or end or re.search(r"<[a-z/]|&[a-z]+;|  ", form):
                wrong.append(form)
    assert not wrong


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_no_two_metrics_have_the_same_title_in_a_language(file: Path) -> None:
    translate = i18n.translator(file.stem).text
    titles = [translate(metric.title) for metric in METRICS]
    assert len(set(titles)) == len({metric.title for metric in METRICS}) == len(titles)


@pytest.mark.parametrize(
    ("language", "number", "share", "day", "ago"),
    [
        ("en", "12,345.5", "73 %", "March 4, 2026", "2 days ago"),
        ("sk", "12 345,5", "73 %", "4. marca 2026", "pred 2 dňami"),
        ("cs", "12 345,5", "73 %", "4. března 2026", "před 2 dny"),
        ("ro", "12.345,5", "73 %", "4 martie 2026", "acum 2 zile"),
    ],
)
def test_numbers_shares_and_dates_are_written_as_the_language_writes_them(
    language: str, number: str, share: str, day: str, ago: str
) -> None:
    speaker, at = i18n.translator(language), 1_772_582_400
    said = (
        speaker.exact(12345.5, ".6g"),
        speaker.percent(0.73),
        speaker.day(at),
        speaker.ago(at, at + 2 * 86_400),
    )
    assert tuple(each.replace("\xa0", " ") for each in said) == (number, share, day, ago)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sk", "1 deň, 2 dni, 5 dní, 20 dní"),
        ("cs", "1 den, 2 dny, 5 dní, 20 dní"),
        ("ro", "1 zi, 2 zile, 5 zile, 20 de zile"),
    ],
)
def test_a_count_takes_the_form_its_number_asks_for(language: str, said: str) -> None:
    speaker = i18n.translator(language)
    assert ", ".join(speaker.count(n, "days") for n in (1, 2, 5, 20)) == said


def test_less_than_a_day_is_said_in_hours_and_a_share_with_the_language_s_comma() -> None:
    speaker = i18n.translator("sk")
    assert speaker.count(0.4, "days_ago") == "pred 10 hodinami"
    assert speaker.count(0, "days") == "0 dní"
    assert speaker.plain("66.7 %") == "66,7 %"
    assert speaker.plain("v1.0") == "v1.0"


@pytest.mark.parametrize("language", i18n.languages())
def test_charts_write_months_and_numbers_as_the_language_does(language: str) -> None:
    made = locale(language)
    months = {"en": "March", "sk": "marec", "cs": "březen", "ro": "martie"}
    assert made["time"]["months"][2] == months.get(language, made["time"]["months"][2])
    assert made["number"]["decimal"] == ("." if language == "en" else ",")
    assert made["number"]["percent"] == "\u00a0%"
    assert [len(made["time"][key]) for key in ("days", "shortDays", "shortMonths")] == [7, 7, 12]
    assert themed(Chart(), LIGHT, language).to_dict(validate=False)["config"]["locale"] == made


# ---------------------------------------------------------------- what hosts said


def about_hosts() -> list[str]:
    """Every sentence that says why a host could not be read, as the catalogues have it."""
    with (FOLDER / "sk.po").open("rb") as written:
        found = read_po(written, locale="sk")
    return [
        str(one.id)
        for one in found
        if isinstance(one.id, str)
        and "{" in one.id
        and ":" not in "".join(i18n.FILLED.findall(one.id))
        and i18n.FILLED.search(one.id)
        and all(name.isdigit() or name in ("host", "url", "said") for name in named(one.id))
        and any(place.startswith(i18n.STORED) for place, _line in one.locations)
    ]


def named(sentence: str) -> list[str]:
    return i18n.FILLED.findall(sentence)


@pytest.mark.parametrize("language", ["sk", "cs", "ro"])
def test_a_stored_sentence_about_a_host_is_known_again_and_said_whole(language: str) -> None:
    speaker = i18n.translator(language)
    sentences = about_hosts()
    assert len(sentences) > 40
    for sentence in sentences:
        values = {name: f"⟨{at}⟩" for at, name in enumerate(named(sentence))}
        stored = i18n.FILLED.sub(lambda found, own=values: own[found[1]], sentence)  # type: ignore[misc]
        said = speaker.told(stored)
        assert said != stored, sentence
        assert all(value in said for value in values.values()), sentence


def test_what_a_host_fills_in_is_said_as_it_is_and_never_read_as_a_template() -> None:
    slovak = i18n.translator("sk")
    hostile = "{0.__class__} {host} %s <b>"
    said = slovak.told(
        f"{hostile} cannot be reached ({hostile}). It is asked again at the next pass."
    )
    assert said == f"{hostile} je nedostupný ({hostile}). Pri ďalšom zbere sa ho opýtame znova."
    assert slovak.told("nothing we ever say {0}") == "nothing we ever say {0}"
    assert slovak.told("") == ""
    long = "x" * 5000 + " redirects in a circle."
    assert slovak.told(long) == long
    assert i18n.translator("en").told("h redirects in a circle.") == "h redirects in a circle."


def test_what_a_host_said_is_translated_where_it_is_the_reason_of_something_else() -> None:
    slovak = i18n.translator("sk")
    said = "git.city.example answers too slowly. It is asked again in the next pass."
    wanted = "git.city.example odpovedá príliš pomaly. Pri ďalšom zbere sa ho opýtame znova."
    assert slovak.phrase({"text": said}) == wanted
    assert slovak.phrase({"text": "{why}", "args": {"why": said}}) == wanted


@pytest.mark.parametrize("language", ["sk", "cs", "ro"])
def test_what_is_wrong_with_a_publiccode_yml_is_said_in_the_reader_s_language(
    language: str,
) -> None:
    files = (
        b"[", b"\xff", b"- a", b"a" * 200_000, b"a: &a 1\nb: [" + b"*a, " * 30 + b"]",
        b"publiccodeYmlVersion: '9'\ndevelopmentStatus: new\nlegal: {license: ours}\n"
        b"releaseDate: soon\nurl: https://x.example/other\ndescription: {en: {}}\n"
        b"maintenance: {type: contract, contractors: [{until: never}]}\n",
    )  # fmt: skip
    found = [one for file in files for one in read_publiccode(file, "https://x.example/a").problems]
    assert len(found) > 15
    same = [one for one in found if i18n.translator(language).told(one) == one]
    assert not same


def test_the_data_page_tells_what_failed_in_the_reader_s_language(tmp_path: Path) -> None:
    url = build(tmp_path / "failed.db", 14)
    engine = connect(url)
    with engine.begin() as connection:
        said = "git.city.example answers too slowly. It is asked again in the next pass."
        connection.execute(text("UPDATE repositories SET error = :said"), {"said": said})
    shown = markup(open_page(url, "data", lang="sk"))
    assert "git.city.example odpovedá príliš pomaly. Pri ďalšom zbere sa ho opýtame znova." in shown
    assert "asked again" not in shown
