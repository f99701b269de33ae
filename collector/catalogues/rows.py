"""Rows of a list, whatever it is written in: a JSON array, CSV, or an address a line.

Rows come one at a time, so that a list of any length needs the memory of one row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO

from collector.catalogue import Broken
from collector.forge import UnexpectedAnswer

CHUNK = 1 << 16
LONGEST_ROW = 4 << 20
URL_COLUMNS = ("url", "repository_url", "html_url", "repository", "repo", "r", "id")
_SPACE = " \t\r\n"

Row = Mapping[str, object]


def rows(file: IO[bytes], name: str) -> Iterator[Row | Broken]:
    """Each row of a list. Raises ``UnexpectedAnswer`` where it is none, or breaks off."""
    start = file.read(CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()
    file.seek(0)
    if start[:1] == b"<":
        raise UnexpectedAnswer(f"{name} is a web page and not a list: correct its address.")
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    try:
        if start[:1] in (b"[", b"{"):
            yield from _json_rows(text, name)
        elif _has_columns(start):
            yield from _csv_rows(text)
        else:
            yield from _lines(text)
    finally:
        text.detach()


# ---------------------------------------------------------------- an address a line


def _lines(text: io.TextIOWrapper) -> Iterator[Row]:
    for line in text:
        words = line.partition("#")[0].replace(",", " ").split()
        if words:
            yield {"url": words[0]}


# ---------------------------------------------------------------- CSV


def _has_columns(start: bytes) -> bool:
    first = start.partition(b"\n")[0].decode(errors="replace").strip().lower()
    names = [name.strip(' "') for name in first.replace(";", ",").replace("\t", ",").split(",")]
    return any(name in URL_COLUMNS for name in names)


def _csv_rows(text: io.TextIOWrapper) -> Iterator[Row | Broken]:
    header = text.readline()
    mark = max(",;\t", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=mark))]
    reader = csv.reader(text, delimiter=mark)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Broken(f"line {reader.line_num + 1}", f"it is not CSV ({error})")
            continue
        if any(cell.strip() for cell in cells):
            yield dict(zip(names, (cell.strip() for cell in cells), strict=False))


# ---------------------------------------------------------------- JSON


def _json_rows(text: io.TextIOWrapper, name: str) -> Iterator[Row | Broken]:
    for number, value in enumerate(_elements(text, name), 1):
        if isinstance(value, str):
            yield {"url": value}
        elif isinstance(value, dict):
            yield value
        else:
            yield Broken(f"entry {number}", "it is neither an address nor a set of keys")


def _elements(text: io.TextIOWrapper, name: str) -> Iterator[object]:
    """The elements of the array that a text holds, each as soon as it is there whole."""
    decoder, buffer, ended = json.JSONDecoder(), "", False
    opened = False
    while True:
        buffer = buffer.lstrip(_SPACE if not opened else _SPACE + ",")
        if opened and buffer.startswith("]"):
            return
        if not opened and buffer:
            buffer, opened = _inside(buffer, name), True
            continue
        try:
            if not buffer:
                raise ValueError
            value, end = decoder.raw_decode(buffer)
            if not ended and end == len(buffer):
                raise ValueError  # a number may go on
        except (ValueError, RecursionError):
            more = "" if ended else text.read(CHUNK)
            if not more or len(buffer) > LONGEST_ROW:
                raise UnexpectedAnswer(
                    f"{name} breaks off, or is not JSON from one place on. It is read again in"
                    " the next pass; what was found before stays."
                ) from None
            buffer += more
            continue
        yield value
        buffer = buffer[end:]


def _inside(buffer: str, name: str) -> str:
    if not buffer.startswith("["):
        raise UnexpectedAnswer(f"{name} is not a list of entries: it must begin with '['.")
    return buffer[1:]
