"""One more entry in a YAML list, and every byte that stood there stays.

The text is never written anew from data: the place is found by the parser's marks, and the
entry is put there in the manner of its neighbours (indentation, flow or block, quotes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.config.yaml_file import Document, parse

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Entry = Mapping[str, "str | list[Entry]"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the neighbours are written: how deep below its key a list stands, flow, quotes."""

    dash: int = 2
    flow: bool = True
    quote: str = ""


def child(node: Node | None, key: str) -> tuple[Node, Node] | None:
    """The key and value nodes of a mapping's key."""
    from ruamel.yaml.nodes import MappingNode

    if not isinstance(node, MappingNode):
        return None
    return next(((k, v) for k, v in node.value if k.value == key), None)


def item(node: Node | None, at: int) -> Node | None:
    """An entry of a list."""
    from ruamel.yaml.nodes import SequenceNode

    return node.value[at] if isinstance(node, SequenceNode) and -len(node.value) <= at else None


def append(document: Document, parent: Node | None, key: str, entry: Entry, manner: Manner) -> str:
    """The document's text with one more entry in the list ``key`` of ``parent``."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    found = child(parent, key)
    text = document.text
    if found is None:
        if isinstance(parent, MappingNode) and parent.flow_style:
            inside = f"{key}: [{_flow(entry, manner)}]"
            return _in_flow(text, parent, inside)
        return _at_end(text, f"{key}:", entry, manner)
    key_node, value = found
    if not isinstance(value, SequenceNode):
        line_end = _line_end(text, key_node.end_mark.index)
        column = key_node.start_mark.column + manner.dash
        return _insert_line(text, line_end, _block(entry, column, manner))
    if value.flow_style:
        return _in_flow(text, value, _flow(entry, manner))
    return _after_last(text, value, entry, manner)


def _in_flow(text: str, node: SequenceNode | MappingNode, inside: str) -> str:
    if not node.value:
        at = node.start_mark.index + 1
        return text[:at] + inside + text[at:]
    last = node.value[-1]
    at = (last[1] if isinstance(last, tuple) else last).end_mark.index
    return f"{text[:at]}, {inside}{text[at:]}"


def _after_last(text: str, node: SequenceNode, entry: Entry, manner: Manner) -> str:
    """Below the last entry and the comments that are indented as part of it."""
    column = node.start_mark.column
    at = _line_end(text, _content_end(text, node))
    while True:
        following = text[at:].lstrip("\r\n") if at < len(text) else ""
        start = len(text) - len(following)
        line = text[start : _line_end(text, start)]
        indent = len(line) - len(line.lstrip(" "))
        if not line.lstrip().startswith("#") or indent <= column or text[at:start].count("\n") > 1:
            break
        at = _line_end(text, start)
    return _insert_line(text, at, _block(entry, column, manner))


def _content_end(text: str, node: Node) -> int:
    """Where the last that a node holds ends, trailing blanks and comments not counted."""
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            key, value = last
            empty = isinstance(value, ScalarNode) and value.value == "" and not value.style
            node = key if empty else value
        else:
            node = last
    end: int = node.end_mark.index
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return len(text[:end].rstrip())
    return end


def _at_end(text: str, key: str, entry: Entry, manner: Manner) -> str:
    """A new list at the end of the document, before ``...`` if it says so."""
    marker = re.search(r"^\.\.\.\s*$", text, re.MULTILINE)
    at = len(text) if marker is None else max(marker.start() - 1, 0)
    newline = _newline(text)
    at = len(text[:at].rstrip("\r\n")) if at else 0
    at = _line_end(text, at)
    return _insert_line(text, at, f"{key}{newline}" + _block(entry, manner.dash, manner))


def _insert_line(text: str, at: int, lines: str) -> str:
    """Whole lines after the line that ends at ``at``, in the file's own line ends."""
    newline = _newline(text)
    lines = newline.join(re.split(r"\r?\n", lines.rstrip("\r\n")))
    before, after = text[:at], text[at:]
    lead = newline if before else ""
    tail = newline if not after and not text.endswith("\n") else ""
    if not after and text.endswith("\n"):
        return before + lines + newline
    return f"{before}{lead}{lines}{tail}{after}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _line_end(text: str, at: int) -> int:
    """Where the line of a position ends, before its line end."""
    found = re.compile(r"\r?\n|\Z").search(text, at)
    return found.start() if found else len(text)


def _block(entry: Entry, column: int, manner: Manner) -> str:
    """The entry as lines below a list's dash at ``column``."""
    pad, lead = " " * column, "- "
    if manner.flow and all(isinstance(value, str) for value in entry.values()):
        return f"{pad}- {_flow(entry, manner)}\n"
    lines = []
    for key, value in entry.items():
        if isinstance(value, str):
            lines.append(f"{pad}{lead}{key}: {_scalar(value, manner.quote, flow=False)}\n")
        else:
            lines.append(f"{pad}{lead}{key}:\n")
            lines += [_block(each, column + 2 + manner.dash, manner) for each in value]
        lead = "  "
    return "".join(lines)


def _flow(entry: Entry, manner: Manner) -> str:
    parts = []
    for key, value in entry.items():
        if isinstance(value, str):
            parts.append(f"{key}: {_scalar(value, manner.quote, flow=True)}")
        else:
            parts.append(f"{key}: [{', '.join(_flow(each, manner) for each in value)}]")
    return "{" + ", ".join(parts) + "}"


def _scalar(value: str, quote: str, *, flow: bool) -> str:
    """Text in its neighbours' quotes; in quotes anyway where it would be read as something else."""
    if quote == '"' and not re.search(r'["\\]', value):
        return f'"{value}"'
    around: Callable[[str], str] = (lambda t: f"[{t}]") if flow else (lambda t: f"- {t}")
    if not quote:
        read = parse(Document("", around(value)))
        if not read.problems and read.data == (value,):
            return value
    return "'" + value.replace("'", "''") + "'"


def manner_of(projects: Node | None) -> Manner:
    """How do the projects that are there write their repositories? The last one leads."""
    from ruamel.yaml.nodes import SequenceNode

    listed = projects.value if isinstance(projects, SequenceNode) else []
    return next((found for each in reversed(listed) if (found := own_manner(each))), Manner())


def own_manner(project: Node | None) -> Manner | None:
    """How does one project write its repositories? None: it has none to learn from."""
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    found = child(project, "repositories")
    key, repositories = found or (None, None)
    if key is None or not isinstance(repositories, SequenceNode) or not repositories.value:
        return None
    last = repositories.value[-1]
    url = child(last, "url")
    quote = url[1].style if url and isinstance(url[1], ScalarNode) else None
    dash = repositories.start_mark.column - key.start_mark.column
    return Manner(
        dash=2 if repositories.flow_style else dash,
        flow=isinstance(last, MappingNode) and bool(last.flow_style),
        quote=quote if quote in ("'", '"') else "",
    )
