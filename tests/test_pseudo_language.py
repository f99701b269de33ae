"""A language that only wraps what is translated: whatever stands bare on a page was forgotten."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sqlalchemy import create_engine, text
from streamlit.testing.v1 import AppTest

from collector import demo
from collector.config.rulepack_file import packs
from collector.demo import Demonstration
from collector.metrics import METRICS
from collector.metrics.facts import PUBLICCODE
from collector.metrics.openness import FILES
from collector.shipped import shipped
from dashboard import data, explaining, i18n
from dashboard.i18n import messages
from dashboard.open_data import opened
from dashboard.pages import PAGES, collected, ospos, people
from dashboard.reports.making import Asked, document, html
from dashboard.reports.period import NoSuchMonth
from dashboard.sections import SECTIONS
from dashboard.settings import Settings, from_config
from tests.dashboard_app import open_page

AS_OF = 1_795_392_000
PSEUDO = "eo"
"""Babel knows its numbers and dates; there is no catalogue of it."""
NAMES = {
    "projects": ("key", "name", "ospo", "settings"),
    "ospos": ("id", "name", "settings"),
    "repositories": ("url", "default_branch", "error"),
    "tags": ("name",),
    "files": ("key", "place", "spdx"),
    "what_if": ("without",),
}
"""What is data: names that were given elsewhere, and a host's own words."""
NEVER = (
    "CSV JSON HTML PDF Markdown OSPO OSPOs Vitals EUPL WCAG SPDX OSI OSV CHAOSS GrimoireLab REI "
    "OpenSSF Scorecard openCode README git"
)
LABELS = ("label", "help", "placeholder", "alt", "body", "options")
HEARD = ("title", "aria-label", "alt")
INLINE = frozenset({"b", "code"})
WORD = re.compile(r"[^\W\d_]{2,}")
COMMIT = re.compile(r"\b[0-9a-f]{10}\b")
BRACKETS = re.compile(r"⟦[^⟦⟧]*(⟧|…$)")
"""What is translated; a sentence that was cut has lost its end."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("demonstration")
    config = demo.prepare(Demonstration(AS_OF, 13, 2, 1, ""), folder, folder / "data")
    return from_config(config, demo.PSEUDONYMS)


@pytest.fixture(scope="module")
def url(settings: Settings) -> str:
    return settings.database_url


@pytest.fixture(scope="module")
def names(url: str) -> frozenset[str]:
    """The words of names, which no language changes."""
    said = [NEVER, PUBLICCODE, *FILES, *(metric.key for metric in METRICS)]
    said += [f"{pack.id} {pack.name} {pack.by}" for pack in packs(shipped("config"))]
    with create_engine(url).connect() as connection:
        for table, columns in NAMES.items():
            for row in connection.execute(text(f"SELECT {', '.join(columns)} FROM {table}")):
                said += map(str, row)
    for width in ("wide", "abbreviated"):
        said += get_month_names(width, "format", PSEUDO).values()  # type: ignore[arg-type]
    return frozenset(word for each in said for word in WORD.findall(each.replace("_", " ")))


@pytest.fixture(scope="module")
def _pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("pseudo")
    made = Catalog(locale=PSEUDO)
    for message in messages.template():
        if isinstance(message.id, str) and message.id:
            made.add(message.id, f"⟦{message.id}⟧", locations=message.locations)
        elif message.id:
            made.add(message.id, tuple(f"⟦{each}⟧" for each in message.id))
    with (folder / f"{PSEUDO}.po").open("wb") as file:
        write_po(file, made)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(i18n, "FOLDER", folder)
        _forget()
        yield
    _forget()


def _forget() -> None:
    i18n.languages.cache_clear()
    i18n.translator.cache_clear()


def visits(url: str) -> Iterator[tuple[str, dict[str, str | list[str]]]]:
    """Every page with each of its sections; some projects and some who could go."""
    with create_engine(url).connect() as connection:
        keys = [key for (key,) in connection.execute(text("SELECT key FROM projects ORDER BY id"))]
        goes = connection.execute(text("SELECT min(without), max(without) FROM what_if")).one()
    yield from ((path, {}) for path, _title, _page in PAGES)
    for at, (section, _title, _section) in enumerate(SECTIONS):
        yield from (("project", {"p": key, "s": section}) for key in keys[at % 2 : 6 : 2])
    for page, module in (("data", collected), ("people", people), ("ospos", ospos)):
        yield from ((page, {"s": section}) for section in module.SECTIONS)
    yield from (("what-if", {"without": without}) for without in goes)
    yield "compare", {"p": keys[:3]}
    yield "", {"picture": "time", "all": "true"}
    yield "project", {"p": "nobody-knows"}


@pytest.mark.usefixtures("_pseudo")
def test_every_word_on_every_page_is_translated_or_is_a_name(
    url: str, names: frozenset[str]
) -> None:
    forgotten: dict[str, str] = {}
    for path, query in visits(url):
        _read_page(Settings(url), path, query, names, forgotten)
    _nothing(forgotten)


@pytest.mark.usefixtures("_pseudo")
def test_every_word_behind_a_figure_is_translated_or_is_a_name(
    settings: Settings, names: frozenset[str]
) -> None:
    forgotten: dict[str, str] = {}
    with create_engine(settings.database_url).connect() as connection:
        keys = [key for (key,) in connection.execute(text("SELECT key FROM projects ORDER BY id"))]
    for at, metric in enumerate(METRICS):
        key = keys[at % len(keys)]
        for group in _groups(settings, key, metric.key):
            query = {"p": key, "m": metric.key, "group": group}
            _read_page(settings, "project", query, names, forgotten)
    _nothing(forgotten)


def _groups(settings: Settings, project: str, metric: str) -> list[str]:
    """What can be chosen to be shown behind a figure; once where nothing can."""
    found = explaining.explained_at(settings, 0, project, metric, AS_OF, False)
    groups = found.groups if found else ()
    return [str(at) for at, each in enumerate(groups) if each.total] or [""]


STATES: dict[str, tuple[str, ...]] = {
    "empty": (
        "UPDATE projects SET hidden = true",
        "UPDATE repositories SET hidden = true",
        "DELETE FROM project_lines",
    ),
    "unmeasured": (
        "DELETE FROM judgements",
        "UPDATE project_lines SET status = 'unknown', risk = '', open_risk = ''",
        "DELETE FROM metric_values",
        "DELETE FROM runs",
    ),
    "no demonstration": ("DELETE FROM meta",),
    "stale": ("DELETE FROM meta WHERE key = 'demo'", "UPDATE runs SET finished = 1600000000"),
    "running": (
        "INSERT INTO runs (id, kind, started, finished) SELECT max(id) + 1, 'collect',"
        " 1795392000, NULL FROM runs",
    ),
    "failed": (
        "UPDATE repositories SET state = 'failed', last_success = NULL, error_since = 1795392000,"
        " error = 'The host forge.example does not exist or cannot be found: check the URL''s"
        " spelling, this machine''s network and DNS.'",
    ),
    "older": ("UPDATE alembic_version SET version_num = '0001'",),
    "newer": ("UPDATE alembic_version SET version_num = 'from_the_future'",),
}


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("state", [*STATES, "absent", "signed out", "open data"])
def test_every_word_is_translated_in_every_state(
    url: str,
    names: frozenset[str],
    tmp_path: Path,
    state: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.view.clock_now", lambda: 1_795_392_000 + 3600)
    copy = tmp_path / "state.db"
    if state != "absent":
        shutil.copy(url.removeprefix("sqlite:///"), copy)
    changed = create_engine(f"sqlite:///{copy}")
    with changed.begin() as connection:
        for statement in STATES.get(state, ()):
            connection.execute(text(statement))
    changed.dispose()
    if state == "absent":
        copy.unlink()
    access = {"signed out": "oidc", "open data": "public"}.get(state, "local")
    forgotten: dict[str, str] = {}
    for path, _title, _page in PAGES:
        if path != "method":  # the same in every state
            _read_page(Settings(f"sqlite:///{copy}", access), path, {}, names, forgotten)
    _nothing(forgotten)


NOTHING_DECLARED = (
    "UPDATE projects SET settings = '{}'",
    "UPDATE repositories SET state = 'failed', last_success = NULL, error = 'The host"
    " forge.example does not exist or cannot be found: check the URL''s spelling, this machine''s"
    " network and DNS.'",
)


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("declared", [True, False], ids=["all declared", "nothing declared"])
def test_every_word_of_a_report_is_translated_or_is_a_name(
    url: str, names: frozenset[str], tmp_path: Path, declared: bool
) -> None:
    copy = tmp_path / "report.db"
    shutil.copy(url.removeprefix("sqlite:///"), copy)
    changed = create_engine(f"sqlite:///{copy}")
    with changed.begin() as connection:
        for statement in () if declared else NOTHING_DECLARED:
            connection.execute(text(statement))
    changed.dispose()
    settings = Settings(f"sqlite:///{copy}", url="https://vitals.example")
    state = data.look(settings.database_url)
    forgotten: dict[str, str] = {}
    for source in (state.source, opened(state).source):
        assert source is not None
        asked = [{"ospo": one.key} for one in source.ospos()]
        asked += [{"project": row.key} for row in source.projects()[:6]]
        for of, month in product(asked, ("2026-11", "2026-03")):
            wanted = Asked(**of, month=month, language=PSEUDO)
            with suppress(NoSuchMonth):  # one had not begun by then
                page = html(document(source, settings, wanted, AS_OF)).decode()
                _read_report(page, f"{of} {month}", names, forgotten)
    _nothing(forgotten)


def _read_report(page: str, where: str, names: frozenset[str], forgotten: dict[str, str]) -> None:
    drawn = set(re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page))
    body = page[page.index("<body>") : page.index("</html>")]
    pictures = (base64.b64decode(each).decode() for each in drawn)
    for said in (*_read(body), *(each for picture in pictures for each in _read(picture))):
        if set(WORD.findall(_outside(said))) - names:
            forgotten.setdefault(said.strip()[:200], where)


def _read_page(
    settings: Settings,
    path: str,
    query: dict[str, str | list[str]],
    names: frozenset[str],
    forgotten: dict[str, str],
) -> None:
    app = open_page(settings.database_url, path, settings=settings, lang=PSEUDO, **query)
    assert not app.exception, (path, query, app.exception[0])
    for said in shown(app):
        if set(WORD.findall(_outside(said))) - names:
            forgotten.setdefault(said.strip()[:200], f"{path or 'first page'} {query}")


def _nothing(forgotten: dict[str, str]) -> None:
    assert not forgotten, "not translated:\n" + "\n".join(
        f"{where}: {said}" for said, where in sorted(forgotten.items())
    )


def _outside(said: str) -> str:
    """What stands outside of every bracket; a sentence may hold another."""
    before = ""
    while before != said:
        before, said = said, BRACKETS.sub(" ", said)
    return COMMIT.sub(" ", re.sub(r"https?://\S+", " ", said))


def shown(app: AppTest) -> Iterator[str]:
    """Everything a reader sees or hears on a page."""
    for element in _elements(app._tree):
        if type(element.proto).__name__ == "Html":
            yield from _read(element.proto.body)
            continue
        for field, value in element.proto.ListFields():
            if field.name == "spec":
                yield from _chart(json.loads(value))
            elif field.name in LABELS:
                yield from _strings(value)


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif hasattr(value, "ListFields"):
        for _field, inner in value.ListFields():
            yield from _strings(inner)
    elif hasattr(value, "__iter__"):
        for inner in value:
            yield from _strings(inner)


def _chart(spec: Any, key: str = "") -> Iterator[str]:
    """Titles of a chart, and the words of its data."""
    if isinstance(spec, str) and key in ("title", "text", "values", "description"):
        yield spec
    elif isinstance(spec, list):
        for inner in spec:
            yield from _chart(inner, key)
    elif isinstance(spec, dict):
        for name, inner in spec.items():
            yield from _chart(inner, "values" if key == "values" else name)


class _Reader(HTMLParser):
    """Reads markup aloud, a line for each element that is not part of a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.said = [""]
        self.silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in INLINE or any(name in given for name in HEARD):
            self.said += [*(given[name] or "" for name in HEARD if name in given), ""]
        if tag not in ("br", "hr", "img", "source"):
            # What bears a language of its own, code and styles are no words of ours.
            self.silent.append("lang" in given or tag in ("code", "style"))

    def handle_endtag(self, tag: str) -> None:
        self.silent.pop()
        if tag not in INLINE:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        if not any(self.silent):
            self.said[-1] += data


def _read(markup: str) -> list[str]:
    reader = _Reader()
    reader.feed(markup)
    return reader.said
