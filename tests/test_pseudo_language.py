"""A language that only wraps what is translated: whatever stands bare on a page was forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
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
from collector.shipped import shipped
from dashboard import i18n
from dashboard.i18n import messages
from dashboard.pages import PAGES
from tests.dashboard_app import open_page

PSEUDO = "eo"
"""Babel knows its numbers and dates; there is no catalogue of it."""
NAMES = {
    "projects": ("key", "name", "ospo", "settings"),
    "ospos": ("id", "name", "settings"),
    "repositories": ("url", "default_branch", "error"),
    "tags": ("name",),
    "files": ("place", "spdx"),
}
"""What is data: names that were given elsewhere, and a host's own words."""
NEVER = frozenset("CSV JSON OSPO OSPOs Vitals EUPL WCAG SPDX OSI git README n s x".split())
SHOWN = ("label", "help", "placeholder", "alt", "body", "options")
INLINE = frozenset({"b", "code"})
WORD = re.compile(r"[^\W\d_]{2,}")
BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("demonstration")
    config = demo.prepare(Demonstration(1_795_392_000, 13, 2, 1, ""), folder, folder / "data")
    return config.database_url


@pytest.fixture(scope="module")
def names(url: str) -> frozenset[str]:
    """The words of names, which no language changes."""
    found = set(NEVER)
    with create_engine(url).connect() as connection:
        for table, columns in NAMES.items():
            for row in connection.execute(text(f"SELECT {', '.join(columns)} FROM {table}")):
                found.update(word for cell in row for word in WORD.findall(str(cell)))
    for pack in packs(shipped("config")):
        found.update(WORD.findall(f"{pack.id} {pack.name} {pack.by}"))
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            months = get_month_names(width, context, PSEUDO)  # type: ignore[arg-type]
            found.update(word for month in months.values() for word in WORD.findall(str(month)))
    return frozenset(found)


@pytest.fixture
def _pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made = Catalog(locale=PSEUDO)
    for message in messages.template():
        if isinstance(message.id, str) and message.id:
            made.add(message.id, f"⟦{message.id}⟧")
        elif message.id:
            made.add(message.id, tuple(f"⟦{each}⟧" for each in message.id))
    with (tmp_path / f"{PSEUDO}.po").open("wb") as file:
        write_po(file, made)
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    i18n.languages.cache_clear()
    i18n.translator.cache_clear()
    yield
    i18n.languages.cache_clear()
    i18n.translator.cache_clear()


def visits() -> list[tuple[str, dict[str, str]]]:
    """Every page, with each of its sections."""
    found: list[tuple[str, dict[str, str]]] = [(path, {}) for path, _title, _page in PAGES]
    found += [("project", {"p": "?", "s": "work"}) for section in "1"]
    found += [("compare", {"p": "?,?"}), ("what-if", {"without": "?"}), ("", {"picture": "time"})]
    return found


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("visit", range(1))
def test_explore(url: str, names: frozenset[str], visit: int) -> None:
    keys = _keys(url)
    total: dict[str, set[str]] = {}
    import importlib
    secs = importlib.import_module("dashboard.sections").SECTIONS
    vs = [(path, {}) for path, _t, _p in PAGES]
    vs += [("project", {"p": k, "s": s}) for k in keys[:6] for s, _t, _x in secs]
    vs += [("", {"picture": "time"}), ("compare", {"p": ",".join(keys[:3])}), ("", {"all": "true"})]
    for m in ("portfolio", "collected", "people", "ospos"):
        mod = importlib.import_module(f"dashboard.pages.{m}")
        for c in getattr(mod, "SECTIONS", {}):
            c = c if isinstance(c, str) else c[0]
            vs.append(({"collected": "data", "portfolio": ""}.get(m, m), {"s": c, "picture": c}))
    with create_engine(url).connect() as c:
        wi = [r[0] for r in c.execute(text("select distinct without from what_if"))]
    vs += [("what-if", {"without": w}) for w in wi[:3]]
    for path, query in vs:
        app = open_page(url, path, lang=PSEUDO, **query)
        if app.exception:
            print("EXC", path, query, app.exception[0].message)
            continue
        for said in shown(app):
            bare = [w for w in WORD.findall(_outside(said)) if w not in names]
            if bare:
                total.setdefault(said[:160], set()).add(f"{path}?{query.get('s','')}")
    for said, where in sorted(total.items()):
        print(sorted(where)[:2], "|", said)


def _keys(url: str) -> list[str]:
    with create_engine(url).connect() as connection:
        return [key for (key,) in connection.execute(text("SELECT key FROM projects"))]


def _outside(said: str) -> str:
    before = None
    while before != said:
        before, said = said, BRACKETS.sub(" ", said)
    return re.sub(r"https?://\S+", " ", said)


def shown(app: AppTest) -> Iterator[str]:
    """Everything a reader sees or hears on a page."""
    for element in _elements(app._tree):
        proto = element.proto
        if type(proto).__name__ == "Html":
            yield from _texts(proto.body)
            continue
        for field, value in proto.ListFields() if hasattr(proto, "ListFields") else ():
            if field.name == "spec":
                yield from _chart(json.loads(value))
            elif field.name in SHOWN:
                yield from _strings(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif hasattr(value, "ListFields"):
        for _field, inner in value.ListFields():
            yield from _strings(inner)
    elif hasattr(value, "__iter__"):
        for inner in value:
            yield from _strings(inner)


def _elements(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child


def _chart(spec: Any, key: str = "") -> Iterator[str]:
    """Titles and the words in the data of a chart."""
    if isinstance(spec, str):
        if key in ("title", "text", "values", "description"):
            yield spec
    elif isinstance(spec, list):
        for inner in spec:
            yield from _chart(inner, key)
    elif isinstance(spec, dict):
        for name, inner in spec.items():
            yield from _chart(inner, "values" if key == "values" else name)


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = [""]
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in ("code", "style")
        self.said += [v or "" for k, v in attrs if k in ("title", "aria-label", "alt")]
        if tag not in INLINE or any(k in ("title", "aria-label", "alt") for k, v in attrs):
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in ("code", "style")
        if tag not in INLINE:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.said[-1] += data


def _texts(markup: str) -> list[str]:
    reader = _Read()
    reader.feed(markup)
    return reader.said
