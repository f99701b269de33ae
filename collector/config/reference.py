"""The configuration's own description: JSON Schemas for editors, and docs/configuration.md.

Both are generated from the models; tests compare what is shipped with what is generated, and
``python -m collector.config.reference`` writes them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from collector.config.models import Settings
from collector.config.portfolio_models import Portfolio
from collector.config.rulepack_file import GOOD, marks
from collector.config.rulepack_models import RulePack
from collector.metric_keys import METRIC_KEYS
from collector.shipped import PACKAGE

FILES: Mapping[str, tuple[type[BaseModel], str]] = {
    "ospo-vitals": (Settings, "config/ospo-vitals.yaml"),
    "portfolio": (Portfolio, "config/portfolios/*.yaml"),
    "rulepack": (RulePack, "config/rulepacks/*.yaml"),
}
BEGIN, END = "<!-- generated from the models: begin -->", "<!-- generated: end -->"
_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The dialect that editors' YAML extensions know best."""

Schema = Mapping[str, Any]


def json_schema(name: str) -> str:
    """The JSON Schema of ``ospo-vitals`` or ``portfolio``, as it is shipped."""
    found = _tidy(FILES[name][0].model_json_schema(by_alias=True))
    found["definitions"] = found.pop("$defs")
    whole = {"$schema": _DIALECT, "title": f"OSPO Vitals: {name}", **found}
    return (
        json.dumps(whole, indent=1, ensure_ascii=False).replace("#/$defs/", "#/definitions/") + "\n"
    )


def _tidy(node: Any) -> Any:
    """Without generated titles, and with what the models accept and their schema cannot say."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _tidy(value) for key, value in node.items() if not _is_title(key, value)}
    if found.get("items") == {"$ref": "#/$defs/Threshold"}:
        return {"anyOf": [{"$ref": "#/$defs/Threshold"}, found]}
    if found.get("type") == "array":
        found["type"] = ["array", "null"]  # a key with nothing behind it is as good as absent
    return found


def _is_title(key: str, value: object) -> bool:
    return key == "title" and isinstance(value, str)


def config_reference_markdown() -> str:
    """The generated part of ``docs/configuration.md``: every key with value and meaning."""
    parts = []
    for name, (_, file) in FILES.items():
        whole = json.loads(json_schema(name))
        parts.append(f"## `{file}`\n\n{_table(whole)}")
        parts += [
            f"### `{path}`\n\n{_sentence(inner)}\n\n{_table(inner)}"
            for path, inner in _inner(whole, whole["definitions"], "")
        ]
    keys = ", ".join(f"`{key}`" for key in METRIC_KEYS)
    parts.append(f"## Keys of metrics\n\n`goals`, `thresholds`, `decisions` use these: {keys}.\n")
    return "\n".join(parts)


def _sentence(schema: Schema) -> str:
    return " ".join(str(schema.get("description", "")).split("\n\n")[0].split())


def _inner(schema: Schema, known: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Every mapping below a mapping, with the path of its key, in the order of the file."""
    for key, entry in schema["properties"].items():
        name, mark = _reference(entry)
        if name:
            here = f"{path}.{key}{mark}".lstrip(".")
            yield here, known[name]
            yield from _inner(known[name], known, here)


def _reference(entry: Schema) -> tuple[str | None, str]:
    """The definition that a key, a list or a choice by metric holds."""
    entry = _bare(entry)
    if "$ref" in entry:
        return str(entry["$ref"]).rpartition("/")[2], ""
    if "items" in entry:
        return _reference(entry["items"])[0], "[]"
    if isinstance(entry.get("additionalProperties"), dict):
        return _reference(entry["additionalProperties"])[0], ".METRIC"
    return None, ""


def _bare(entry: Schema) -> Schema:
    """The first of several forms that is not null."""
    choices = entry.get("anyOf") or entry.get("allOf")
    if not choices:
        return entry
    return next(_bare(each) for each in choices if each.get("type") != "null")


def _table(schema: Schema) -> str:
    required = schema.get("required", ())
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, entry in schema["properties"].items():
        default = "**required**" if key in required else _default(entry.get("default"))
        cells = (f"`{key}`", _kind(entry), default, str(entry.get("description", "")))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    return "" if value is None or value in ([], {}) else f"`{json.dumps(value)}`"


def _kind(entry: Schema) -> str:
    """What a value looks like, in words."""
    entry = _bare(entry)
    if "$ref" in entry:
        return "keys, see below"
    if "enum" in entry:
        words = [str(each) for each in entry["enum"]]
        return "key of a metric" if len(words) > 40 else ", ".join(f"`{each}`" for each in words)
    if "items" in entry:
        return f"list of {_kind(entry['items'])}"
    if "additionalProperties" in entry:
        return "by metric"
    if "x-form" in entry:
        return str(entry["x-form"])
    kinds = {"integer": "whole number", "number": "number", "boolean": "true or false"}
    return kinds.get(str(entry.get("type")), "text") + _limits(entry)


def _limits(entry: Schema) -> str:
    low, high = entry.get("minimum"), entry.get("maximum")
    return f", {low}–{high}" if low is not None and high is not None else ""


def document(text: str) -> str:
    """A text with its generated part made anew."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{config_reference_markdown()}\n{END}{after}"


def main() -> None:
    """Write the schemas, the marks of packs and the generated documentation again."""
    root = PACKAGE.parent
    (root / GOOD).write_text(marks(), "utf-8")
    for name in FILES:
        (root / "config" / "schema" / f"{name}.schema.json").write_text(json_schema(name), "utf-8")
    docs = Path(root / "docs" / "configuration.md")
    docs.write_text(document(docs.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
