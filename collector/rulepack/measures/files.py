"""Single files of the main repository, as checklists ask for them."""

from __future__ import annotations

from collections.abc import Callable

from collector.metric import Better, Metric, Value, unknown
from collector.metrics.facts import main_files
from collector.metrics.sources import from_git
from collector.model import Activity, Instant

Compute = Callable[[Activity, Instant], Value]

HIDDEN = "the server would not give the folder in which it may stand"


def there(key: str, *, root: bool = False) -> Compute:
    """Is there such a file? ``root``: in the top folder."""

    @from_git
    def stands(activity: Activity, as_of: Instant) -> Value:
        fact = main_files(activity, as_of).get(key)
        if fact is not None and not fact.place:
            return unknown(HIDDEN)
        found = fact is not None and not (root and "/" in fact.place)
        return Value(float(found), parts={"place": fact.place if fact else None})

    return stands


def _row(key: str, title: str, compute: Compute, formula: str, reference: str = "own") -> Metric:
    return Metric(
        key, title, f"Is there: {title}?", "yes/no", Better.HIGHER, reference, compute, formula
    )


NAMES = {
    "file_readme": "README",
    "file_license": "LICENSE",
    "file_contributing": "CONTRIBUTING",
    "file_code_of_conduct": "CODE_OF_CONDUCT",
    "file_security": "SECURITY",
    "file_governance": "GOVERNANCE",
    "file_changelog": "CHANGELOG",
    "file_roadmap": "ROADMAP",
    "file_authors": "AUTHORS/MAINTAINERS",
    "file_codeowners": "CODEOWNERS",
    "file_support": "SUPPORT",
    "file_citation": "CITATION.cff",
    "file_publiccode": "publiccode.yml",
}
"""Measure → the file's name in METRICS.md."""

MEASURES = (
    *(
        _row(key, f"a file {name}", there(name), f"{name} in the main repository")
        for key, name in NAMES.items()
    ),
    _row(
        "security_in_root",
        "a file SECURITY in the top folder",
        there("SECURITY", root=True),
        "SECURITY in the root of the main repository",
        "openCode",
    ),
    _row(
        "documentation",
        "a folder of documentation",
        there("documentation"),
        "a folder docs, doc or documentation in the root of the main repository",
        "OS2",
    ),
    _row(
        "coding_standard",
        "a coding standard that tools check",
        there("coding_standard"),
        "a settings file of a formatter or linter in the root of the main repository",
        "OS2",
    ),
    _row(
        "container",
        "a recipe for containers",
        there("container"),
        "a Dockerfile, Containerfile or compose file in the root of the main repository",
        "OS2",
    ),
)
