"""Faults that the models find, as sentences with a place and the nearest valid word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from collector.problem import Problem, nearest, shown
from collector.yaml_file import Document, KeyPath

_SENTENCES: Mapping[str, str] = {
    "string_type": "must be text; put it in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "tuple_type": "must be a list: [a, b], or one entry a line, each begun with '- '",
    "dict_type": "must be keys with values (key: value)",
    "model_type": "must be keys with values (key: value)",
    "too_short": "needs at least one entry",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}


def problems(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """What a model found, each at the place of its key or value."""
    return [
        _problem(found["type"], _path(found["loc"]), found, model, document)
        for found in error.errors(include_url=False)
    ]


def _path(location: Iterable[int | str]) -> KeyPath:
    return tuple(part for part in location if part != "[key]")


def _problem(
    kind: str, path: KeyPath, found: Any, model: type[BaseModel], document: Document
) -> Problem:
    context: Mapping[str, Any] = found.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(path, model, document)
    if kind == "missing":
        return document.problem(path, f"the required key {path[-1]!r} is missing")
    if kind == "literal_error":
        is_key = "[key]" in found["loc"]
        known = re.findall(r"'([^']+)'", context["expected"])
        return _not_one_of(path, found["input"], known, document, key=is_key)
    if kind == "mistake":
        return document.problem(path, context["said"], context["nearest"])
    sentence = _SENTENCES.get(kind, "cannot be used: " + found["msg"]).format_map(
        {name: value for name, value in context.items() if isinstance(value, int | float)}
        | {"ge": context.get("ge"), "le": context.get("le")}
    )
    return document.problem(path, f"{sentence}{_instead(found['input'])}")


def _instead(value: object) -> str:
    if isinstance(value, str | int | float):
        return f" (not {shown(value)})"
    return " (it is empty)" if value is None else ""


def _not_one_of(
    path: KeyPath, value: object, known: list[str], document: Document, *, key: bool
) -> Problem:
    near = nearest(value, known)
    what = "is no metric" if len(known) > 20 else "is not one of " + ", ".join(known)
    return document.problem(path, f"{shown(value)} {what}", near, key=key)


def _unknown(path: KeyPath, model: type[BaseModel], document: Document) -> Problem:
    known = keys_at(model, path[:-1])
    near = nearest(path[-1], known)
    listed = "" if near else f"; known here: {', '.join(known)}"
    return document.problem(path, f"unknown key {shown(path[-1])}{listed}", near, key=True)


def keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Which keys may stand below a path?"""
    annotation: Any = model
    for part in path:
        annotation = _inside(_bare(annotation), part)
    annotation = _bare(annotation)
    return list(fields(annotation)) if _is_model(annotation) else []


def fields(model: type[BaseModel]) -> dict[str, Any]:
    """A model's fields by the key that stands in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _bare(annotation: Any) -> Any:
    """The type itself, without what is said about it and without "or nothing"."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _bare(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation


def _inside(annotation: Any, part: int | str) -> Any:
    if _is_model(annotation):
        field = fields(annotation).get(str(part))
        return field.annotation if field else None
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return arguments[1]
    return arguments[0] if arguments and isinstance(part, int) else None
