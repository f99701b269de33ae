"""What comes from repositories and forges stays text: in markup, in addresses, in spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from dashboard import exports
from dashboard.components.html import Html, bold_numbers, link, plain, tag


class Reader(HTMLParser):
    """Collects what a browser would make of markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert {name for name, _value in attrs} <= {"class", "title"}

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text())
def test_any_text_stays_one_element(text: str) -> None:
    reader = Reader()
    reader.feed(tag("b", text, title=text, cls=text))
    reader.close()
    assert reader.tags == ["b"]


@given(st.text(max_size=400), st.integers(2, 50))
def test_plain_text_is_short_and_without_tricks(text: str, longest: int) -> None:
    shown = plain(text, longest)
    assert len(shown) <= longest
    assert not any(mark in shown for mark in "\u202e\u2066\u200f\u0000\n")


@given(st.text())
def test_numbers_in_bold_add_no_other_markup(text: str) -> None:
    reader = Reader()
    reader.feed(bold_numbers(text))
    reader.close()
    assert set(reader.tags) <= {"b"}


def test_only_web_addresses_and_our_own_pages_become_links() -> None:
    assert 'href="https://a.example/x?y=1"' in link("x", "https://a.example/x?y=1")
    assert 'href="project?p=a"' in link("x", "project?p=a")
    assert 'href="export/datapackage.json"' in link("x", "export/datapackage.json")
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example", " javascript:x",
                    "/evil", "a//evil.example", "../x", "java.script:alert(1)"):  # fmt: skip
        assert "href" not in link("x", address)


def test_our_own_markup_is_not_escaped_twice() -> None:
    assert tag("p", tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert isinstance(tag("p"), Html)


@given(st.text())
def test_no_cell_of_a_spreadsheet_begins_a_formula(text: str) -> None:
    written = exports.to_csv([{"project": text}], ["project"])
    read = list(csv.reader(io.StringIO(written, newline="")))[1:]
    shown = read[0][0] if read and read[0] else ""
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_json_keeps_every_key_and_missing_is_null() -> None:
    record = dict.fromkeys(exports.COLUMNS)
    assert json.loads(exports.to_json([record])) == [record]
