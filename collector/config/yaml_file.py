"""YAML as data with places: which line and column says what?

YAML 1.2 (``no`` is Norway, not false). Dates stay text here; the models read them. A key used
twice, a tag or several documents in one file are problems, not surprises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from collector.problem import Problem

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

Data = str | int | float | bool | None | tuple["Data", ...] | dict[str, "Data"]
KeyPath = tuple[str | int, ...]

_SECRET = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}"
    r"|gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
_REVOKE = (
    "this looks like a token or key. It must not stand in a file: revoke it, put a new one into an"
    " environment variable, and name that variable in `token_env`"
)
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value stand, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """One YAML file: its data, and where each part of it stands."""

    file: str
    text: str
    data: Data = None
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    root: Node | None = None

    def problem(
        self, path: KeyPath, message: str, near: str | None = None, *, key: bool = False
    ) -> Problem:
        """The fault of what stands at ``path``, or nearest above it."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        known = _known(path, self.values)
        place = first.get(known) or second.get(known) or Place(1, 1)
        return Problem(self.file, place.line, place.column, key_path(path), message, near)

    def add(
        self, path: KeyPath, message: str, near: str | None = None, *, key: bool = False
    ) -> None:
        """Note the fault of what stands at ``path``."""
        self.problems.append(self.problem(path, message, near, key=key))


def _known(path: KeyPath, places: Mapping[KeyPath, Place]) -> KeyPath:
    while path and path not in places:
        path = path[:-1]
    return path


def key_path(path: KeyPath) -> str:
    """A path as people write it: ``projects[0].stage``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read(path: Path, name: str, text: str | None = None) -> Document:
    """What stands in a file (or would, if it were ``text``)? Its problems are in the answer.

    ``name`` is what people call the file.
    """
    document = Document(name, text or "")
    if text is not None:
        return parse(document)
    try:
        document.text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        document.problems.append(
            Problem(name, line, 1, "", "is not UTF-8 text; save the file as UTF-8")
        )
        return document
    except OSError as error:
        document.problems.append(
            Problem(name, 0, 0, "", f"cannot be read: {error.strerror or error}")
        )
        return document
    return parse(document)


def parse(document: Document) -> Document:
    """Fill in the data and places of a document's text."""
    unreadable = [*_found(document, _UNREADABLE, "a control character stands here; remove it")]
    document.problems.extend([*unreadable, *_found(document, _SECRET, _REVOKE)])
    if unreadable:
        return document  # what else is wrong would be guessed
    document.root = _compose(document, _masked(document.text))
    if document.root is not None:
        document.data = _Builder(document).build(document.root, ())
    return document


def _masked(text: str) -> str:
    """The text with letters where a secret stands, so that no other fault's sentence repeats it."""
    return _SECRET.sub(lambda found: re.sub(r"\S", "x", found[0]), text)


def _found(document: Document, pattern: re.Pattern[str], message: str) -> Iterator[Problem]:
    """What is seen before YAML is, once a line; the text itself is never repeated."""
    for number, line in enumerate(document.text.split("\n"), 1):
        if match := pattern.search(line):
            yield Problem(document.file, number, match.start() + 1, "", message)


def _compose(document: Document, text: str) -> Node | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = " ".join(str(part) for part in (error.context, error.problem) if part)
        if "'\\t'" in said:
            said = "a tab stands here; YAML is indented with spaces alone, two for each level"
        document.problems.append(
            Problem(document.file, line, column, "", f"is not valid YAML: {said}")
        )
    except RecursionError:
        document.problems.append(
            Problem(document.file, 1, 1, "", "is nested too deeply to be a configuration")
        )
    except (YAMLError, ValueError) as error:
        document.problems.append(
            Problem(document.file, 1, 1, "", f"is not valid YAML: {str(error).splitlines()[0]}")
        )
    else:
        return node
    return None


class _Builder:
    """Turns nodes into plain data and notes where each stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.left = 1000 + 4 * len(document.text)
        """Each node takes a character at least: only aliases that multiply make more of them."""

    def build(self, node: Node, path: KeyPath) -> Data:
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

        mark = node.start_mark
        self.document.values[path] = Place(mark.line + 1, mark.column + 1)
        self.left -= 1
        if len(path) > _DEEPEST or self.left < 0:
            if self.left >= -1:
                self.document.add(path, "is nested too deeply, or an alias repeats it without end")
            return None
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, SequenceNode):
            return tuple(self.build(child, (*path, at)) for at, child in enumerate(node.value))
        return self._mapping(node, path) if isinstance(node, MappingNode) else None

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Data]:
        from ruamel.yaml.nodes import ScalarNode

        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            here = (*path, str(key_node.value) if isinstance(key_node, ScalarNode) else "?")
            twice = here in self.document.keys
            before = self.document.keys.get(here)
            self.document.keys[here] = Place(mark.line + 1, mark.column + 1)
            if twice and before is not None:
                self.document.add(
                    here,
                    f"key used twice (first in line {before.line}): put all of it there",
                    key=True,
                )
            elif not isinstance(key_node, ScalarNode):
                self.document.add(here, "a key must be plain text", key=True)
            else:
                data[key_node.value] = self.build(value_node, here)
        return data

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Data:
        kind = str(node.tag).rpartition(":")[2]
        text: str = node.value
        if kind in ("str", "timestamp"):
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            return _number(text, kind)
        self.document.add(path, f"the YAML tag {str(node.tag)[:40]!r} is not used here; remove it")
        return text


def _number(text: str, kind: str) -> int | float | str:
    plain = text.replace("_", "").lower()
    try:
        return (
            int(plain, 0 if plain.lstrip("+-")[:2] in ("0x", "0o") else 10)
            if kind == "int"
            else (float(plain.replace(".inf", "inf").replace(".nan", "nan")))
        )
    except ValueError:
        return text
