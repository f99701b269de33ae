"""GitLab's own published description of its API, where the environment names a file with it."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from tests.forge.rest_side import Query
from tests.forge.world import Json

VARIABLE = "OSPO_VITALS_GITLAB_API"
Described = Mapping[re.Pattern[str], frozenset[str]]


@cache
def described() -> Described | None:
    """What may be read, with which parameters (GitLab's ``doc/api/openapi/openapi_v3.yaml``)."""
    named = os.environ.get(VARIABLE)  # noqa: TID251 - tests are an edge
    return reads(YAML(typ="safe").load(Path(named))) if named else None


def reads(description: Json) -> Described:
    """Each path that can be read, with the names of its query."""
    return {
        re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))): frozenset(
            each["name"] for each in ways["get"].get("parameters", ()) if each["in"] == "query"
        )
        for path, ways in description["paths"].items()
        if "get" in ways
    }


def mistakes(known: Described, path: str, query: Query) -> Iterator[str]:
    """What the description finds wrong with a request. ``path`` begins with /api/v4."""
    found = [names for pattern, names in known.items() if pattern.fullmatch(path)]
    if not found:
        yield f"no such path: {path}"
        return
    for name in query:
        if not any(name.removesuffix("[]") in {n.removesuffix("[]") for n in f} for f in found):
            yield f"{path} has no parameter {name}"
