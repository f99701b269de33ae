"""Which names are community files, and which one counts where there are several?

METRICS.md, *Openness on paper*: root, ``.github/``, ``.gitlab/``, ``docs/``; any case and
extension. REUSE's ``LICENSES/`` folder counts as a licence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.git.objects import Entry
from collector.git.walk import text

_SOURCE = (
    rb"(?!.*\.(?:py|js|jsx|ts|tsx|mjs|go|java|kt|c|h|cc|cpp|hpp|rs|rb|php|cs|scala|swift|sh|bat"
    rb"|vue|css|scss|sql|svg|png|jpe?g|gif|ico|tmpl|tpl|erb|j2)$)"
)
_PATTERNS: tuple[tuple[str, bytes], ...] = (
    ("README", rb"readme([._-].*)?"),
    ("LICENSE", rb"((un)?licen[cs]e|copying|lizenz)([._-].*)?|[\w.]+[-_.]licen[cs]e(\.(txt|md))?"),
    ("CONTRIBUTING", rb"contributing([._-].*)?"),
    ("CODE_OF_CONDUCT", rb"code[ _-]?of[ _-]?conduct([._-].*)?"),
    ("SECURITY", rb"security([._-].*)?"),
    ("GOVERNANCE", rb"governance([._-].*)?"),
    ("CHANGELOG", rb"(change[_-]?log|changes|history|news|release[_-]?notes|releases)([._-].*)?"),
    ("ROADMAP", rb"roadmap([._-].*)?"),
    ("AUTHORS/MAINTAINERS", rb"(authors?|maintainers?)([._-].*)?"),
    ("CODEOWNERS", rb"codeowners([._-].*)?"),
    ("SUPPORT", rb"support([._-].*)?"),
    ("CITATION.cff", rb"citation\.cff"),
    ("publiccode.yml", rb"publiccode\.ya?ml"),
)
_SETTINGS = (
    rb"\.editorconfig|\.pre-commit-config\.ya?ml|\.?eslint(rc|\.config)(\..*)?|\.prettierrc(\..*)?"
    rb"|\.rubocop\.ya?ml|\.php[-_]?cs(-fixer)?(\.dist)?(\.(php|xml))?|phpcs\.xml(\.dist)?"
    rb"|\.?ruff\.toml|\.flake8|\.pylintrc|checkstyle.*\.xml|\.golangci\.ya?ml|\.?rustfmt\.toml"
    rb"|\.stylelintrc(\..*)?|biome\.jsonc?|\.scalafmt\.conf|\.clang-format|stylecop\.json"
)
_ASKED_BY_PACKS: tuple[tuple[str, bytes], ...] = (
    ("coding_standard", _SETTINGS),
    (
        "container",
        rb"(docker|container)file([._-].*)?|.*\.dockerfile|(docker-)?compose([._-].*)?\.ya?ml",
    ),
)
"""What rule packs look for in the root alone; no metric counts them."""
DOCUMENTATION = "documentation"
KEYS = (*(key for key, _ in (*_PATTERNS, *_ASKED_BY_PACKS)), DOCUMENTATION)
_NAMES = tuple((key, re.compile(_SOURCE + b"(?:" + p + b")", re.I)) for key, p in _PATTERNS)
INNER = (b".github", b".gitlab", b"docs")
LICENSES = b"licenses"
FOLDERS = frozenset((*INNER, LICENSES))
_ROOT = tuple((key, re.compile(p, re.I)) for key, p in _ASKED_BY_PACKS)
_DOCUMENTS = frozenset((b"docs", b"doc", b"documentation"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community file was found; ``entries`` are several for a set of licences."""

    path: str
    entries: tuple[Entry, ...]
    unreadable: bool = False


def key_of(name: bytes) -> str | None:
    """Which community file has this name?"""
    return next((key for key, pattern in _NAMES if pattern.fullmatch(name)), None)


def wanted_text(name: bytes) -> bool:
    """Can a name matter: as a community file, as a licence of REUSE, or as the mailmap?"""
    return (
        name == b".mailmap"
        or name.endswith(b".txt")
        or key_of(name) is not None
        or any(pattern.fullmatch(name) for _, pattern in _ROOT)
    )


def wanted_folder(name: bytes) -> bool:
    """Can a folder matter: by its name, or by what stands in it?"""
    return name.lower() in FOLDERS or name.lower() in _DOCUMENTS


def places(top: Sequence[Entry], inner: Mapping[bytes, Sequence[Entry] | None]) -> dict[str, Place]:
    """The first place of each community file; a folder that cannot be read hides what it may."""
    found: dict[str, Place] = {}
    _collect(found, b"", top)
    _collect_root(found, top)
    hidden = False
    for wanted in INNER:
        for folder, content in inner.items():
            if folder.lower() == wanted and content is not None:
                _collect(found, folder + b"/", content)
            hidden |= folder.lower() == wanted and content is None
    _collect_reuse(found, inner)
    if hidden:
        for key, _ in _PATTERNS:
            found.setdefault(key, Place("", (), unreadable=True))
    return found


def _collect_root(found: dict[str, Place], top: Sequence[Entry]) -> None:
    """What rule packs look for in the root: settings of tools, containers, documents."""
    for entry in sorted(top, key=lambda entry: (len(entry.name), entry.name)):
        if entry.is_folder and entry.name.lower() in _DOCUMENTS:
            found.setdefault(DOCUMENTATION, Place(text(entry.name) + "/", ()))
        for key, pattern in _ROOT:
            if not entry.is_folder and pattern.fullmatch(entry.name):
                found.setdefault(key, Place(text(entry.name), (entry,)))


def _collect(found: dict[str, Place], folder: bytes, content: Sequence[Entry]) -> None:
    here: dict[str, list[Entry]] = {}
    for entry in content:
        key = None if entry.is_folder else key_of(entry.name)
        if key is not None and (entry.is_file or entry.mode == b"120000"):
            here.setdefault(key, []).append(entry)
    for key, several in here.items():
        several.sort(key=lambda entry: (len(entry.name), entry.name))
        first = several[0]
        kept = tuple(several) if key == "LICENSE" else (first,)
        found.setdefault(key, Place(text(folder + first.name), kept))


def _collect_reuse(found: dict[str, Place], inner: Mapping[bytes, Sequence[Entry] | None]) -> None:
    for folder, content in inner.items():
        if folder.lower() == LICENSES and "LICENSE" not in found:
            several = tuple(e for e in content or () if e.is_file and e.name.endswith(b".txt"))
            if several or content is None:
                found["LICENSE"] = Place(text(folder + b"/"), several, content is None)
