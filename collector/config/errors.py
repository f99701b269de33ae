"""Faults that the models find, as sentences with a place and the nearest valid word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from collector.config.yaml_file import Document, KeyPath
from collector.problem import Problem, nearest, shown

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


@dataclass(frozen=True, slots=True)
class _Fault:
    """One thing that pydantic found; ``place`` is the path as it stands in the file."""

    kind: str
    location: KeyPath
    place: KeyPath
    value: object
    context: Mapping[str, Any]
    is_key: bool
    said: str


def problems(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """What a model found, each at the place of its key or value, nothing said twice."""
    faults = [_fault(found, document) for found in error.errors(include_url=False)]
    places = {fault.place for fault in faults}
    meant = {
        (*fault.place[:-1], nearest(fault.place[-1], keys_at(model, fault.location[:-1])))
        for fault in faults
        if fault.kind == "extra_forbidden"
    }
    return [
        _problem(fault, model, document)
        for fault in faults
        if not (fault.kind == "missing" and fault.place in meant)
        and not (fault.kind == "too_short" and _has_deeper(places, fault.place))
    ]


def _has_deeper(places: Iterable[KeyPath], path: KeyPath) -> bool:
    """Entries with faults of their own are not counted as entries: that is no second fault."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in places)


def _fault(found: Any, document: Document) -> _Fault:
    location = tuple(part for part in found["loc"] if part != "[key]")
    place: KeyPath = ()
    for part in location:  # one threshold without a list is item 0 of a list that nobody wrote
        if not isinstance(part, int) or (*place, part) in document.values:
            place = (*place, part)
    return _Fault(
        found["type"],
        location,
        place,
        found["input"],
        found.get("ctx", {}),
        "[key]" in found["loc"],
        found["msg"],
    )


def _problem(fault: _Fault, model: type[BaseModel], document: Document) -> Problem:
    if fault.kind == "extra_forbidden":
        return _unknown(fault, model, document)
    if fault.kind == "missing":
        return document.problem(fault.place, f"the required key {fault.place[-1]!r} is missing")
    if fault.kind == "literal_error":
        return _not_one_of(fault, document)
    if fault.kind == "mistake":
        return document.problem(fault.place, fault.context["said"], fault.context["nearest"])
    if fault.kind == "model_type" and fault.place[-2:-1] in (("repositories",), ("discover",)):
        return document.problem(fault.place, "must have the key url: write {url: https://…}")
    sentence = _SENTENCES.get(fault.kind, "cannot be used: " + fault.said.replace("{", "{{"))
    limits = {"ge": fault.context.get("ge"), "le": fault.context.get("le")}
    return document.problem(fault.place, sentence.format_map(limits) + _instead(fault.value))


def _instead(value: object) -> str:
    if isinstance(value, str | int | float):
        return f" (not {shown(value)})"
    return " (it is empty)" if value is None else ""


def _not_one_of(fault: _Fault, document: Document) -> Problem:
    known = re.findall(r"'([^']+)'", fault.context["expected"])
    what = "is no metric" if len(known) > 20 else "is not one of " + ", ".join(known)
    message = f"{shown(fault.value)} {what}"
    return document.problem(fault.place, message, nearest(fault.value, known), key=fault.is_key)


def _unknown(fault: _Fault, model: type[BaseModel], document: Document) -> Problem:
    known = keys_at(model, fault.location[:-1])
    near = nearest(fault.place[-1], known)
    listed = "" if near else f"; known here: {', '.join(known)}"
    message = f"unknown key {shown(fault.place[-1])}{listed}"
    return document.problem(fault.place, message, near, key=True)


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
