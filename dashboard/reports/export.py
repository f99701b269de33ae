"""How are all numbers taken away? Table by table as CSV and JSON, line by line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from collector.errors import UserError
from collector.metric import Part
from dashboard import exports
from dashboard.data import ProjectRow, Source
from dashboard.reports.package import package
from dashboard.reports.tables import TABLES, Record, Table

PACKAGE = "datapackage.json"
TOGETHER = 200
"""So many lines are handed on at a time."""


class NotWritten(UserError):
    """The folder cannot be written."""


def lines(table: Table, source: Source, form: str) -> Iterator[str]:
    """Write one table as ``csv`` or ``json``, some lines at a time."""
    records = table.rows(source, source.projects())
    names = [field.name for field in table.shown(source)]
    chosen = ({name: record.get(name) for name in names} for record in records)
    return _together(_csv(names, chosen) if form == "csv" else _json(chosen))


def _csv(names: list[str], records: Iterable[Record]) -> Iterator[str]:
    yield exports.to_csv((), names)
    for record in records:
        yield exports.line(record, names)


def _json(records: Iterable[Record]) -> Iterator[str]:
    before = "["
    for record in records:
        yield f"{before}\n{json.dumps(record, ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _together(pieces: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) == TOGETHER:
            yield "".join(held)
            held.clear()
    yield "".join(held)


def project(source: Source, row: ProjectRow) -> str:
    """Write all that is told of one project, by table."""
    made: dict[str, Part] = {}
    for table in TABLES:
        names = [field.name for field in table.shown(source)]
        found = table.rows(source, (row,))
        made[table.name] = [{name: record.get(name) for name in names} for record in found]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def write(source: Source, folder: Path, licence: str = "") -> tuple[str, ...]:
    """Write the package into a folder and name its files; raise ``NotWritten``.

    All is written beside and moved at the end, file by file, the description last: each file
    is whole. Other files of the folder stay.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".ospo-vitals-", dir=folder) as beside:
            names = tuple(_files(source, Path(beside), licence))
            for name in names:
                os.replace(Path(beside) / name, folder / name)
    except OSError as error:
        raise NotWritten(
            f"{folder} cannot be written ({error.strerror}). Each file in it is still whole:"
            " give --out another folder, or make room, and run the command again."
        ) from error
    return names


def _files(source: Source, folder: Path, licence: str) -> Iterator[str]:
    for table in TABLES:
        for form in ("csv", "json"):
            name = f"{table.name}.{form}"
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines(table, source, form))
            yield name
    (folder / PACKAGE).write_text(package(source, licence), encoding="utf-8")
    yield PACKAGE
