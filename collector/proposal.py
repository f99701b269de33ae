"""What should become of the shelf? YAML to paste into a portfolio file, for people to correct.

Repositories whose names begin alike are proposed as one project, what is archived, a template or
at rest for two years as set aside. Nothing is decided: what is not wanted is not pasted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.config import Config
from collector.config.ids import free_id, numbered, slug
from collector.config.portfolio_models import Discover
from collector.model import DAY, Instant
from collector.shelf import SET_ASIDE, Place
from collector.store.shelf import Shelved

NAMED = 50
"""Repositories that are set aside already and named; the others are counted."""
AT_REST = 2 * 365 * DAY
_PLAIN = re.compile(r"[A-Za-z][\w./-]*|https?://[\w./~-]+(?::\d+[\w./~-]*)?", re.ASCII)
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"})
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Section:
    """What is proposed for one OSPO: the text of a portfolio file of its own."""

    ospo: str
    file: str
    not_sorted: int
    text: str


@dataclass(frozen=True, slots=True)
class _Project:
    """A project that is proposed, and why its repositories stand together."""

    id: str
    name: str
    why: str
    rows: tuple[Shelved, ...]


def sections(config: Config, rows: Iterable[Shelved], now: Instant) -> Iterator[Section]:
    """A proposal for each OSPO with unsorted repositories."""
    by_ospo: dict[str, dict[int, Shelved]] = defaultdict(dict)
    for row in rows:
        if row.state in (Place.NEW, *SET_ASIDE):
            by_ospo[row.ospo].setdefault(row.id, row)
    taken = {project.id for project in config.projects}
    sources = {one.key: one.declared for one in config.discover}
    for ospo in sorted(by_ospo):
        stands = list(by_ospo[ospo].values())
        new = [row for row in stands if row.state == Place.NEW]
        if new:
            file = f"config/portfolios/{ospo}-sorted.yaml"
            lines = _section(ospo, new, stands, sources, taken, now)
            yield Section(ospo, file, len(new), "\n".join(lines) + "\n")


def _section(
    ospo: str,
    new: Sequence[Shelved],
    stands: Sequence[Shelved],
    sources: Mapping[str, Discover],
    taken: set[str],
    now: Instant,
) -> Iterator[str]:
    yield f"ospo: {{id: {ospo}}}"
    aside = [(row, why) for row in new if (why := set_aside(row, now))]
    left = [row for row in new if not set_aside(row, now)]
    projects = list(_projects(left, taken))
    if projects:
        yield from ("", "projects:")
        for project in projects:
            yield from _project(project)
    if aside:
        yield from ("", "discover:")
        yield from _ignored(aside, sources)
    yield from _already(stands)


# ---------------------------------------------------------------- projects


def _projects(rows: Sequence[Shelved], taken: set[str]) -> Iterator[_Project]:
    """Products that a catalogue names, then names that begin alike, then each on its own."""
    groups: dict[tuple[str, str], list[Shelved]] = defaultdict(list)
    for row in rows:
        owner, _, name = row.key.rpartition("/")
        group = row.found.group
        groups[("", group) if group else (owner, _prefix(name))].append(row)
    for (owner, word), members in sorted(groups.items()):
        if not owner:
            yield _named(word, f"one product: {_line(word)}", members, taken)
        elif len(members) > 1:
            yield _named(word, f"names that begin with {_line(word)}", members, taken)
        else:
            yield _named("", "", members, taken)


def _prefix(name: str) -> str:
    """The first word of a name."""
    return re.split(r"[-_. ]", name.strip("-_. "), maxsplit=1)[0] or name


def _named(word: str, why: str, members: list[Shelved], taken: set[str]) -> _Project:
    path = members[0].key.partition("/")[2]
    wanted = slug(word)
    key = wanted if wanted and wanted not in taken else free_id(path, taken)
    key = key or numbered(wanted or slug(path) or "project", taken)
    taken.add(key)
    found = members[0].found
    name = word or found.name or found.url.rstrip("/").removesuffix(".git").rpartition("/")[2]
    return _Project(key, name, why, tuple(members))


def _project(project: _Project) -> Iterator[str]:
    if project.why:
        yield f"  # {project.why}"
    yield f"  - id: {_scalar(project.id)}"
    if (name := _clean(project.name)) and name != project.id:
        yield f"    name: {_scalar(name)}"
    yield "    repositories:"
    for row in project.rows:
        if row.found.description:
            yield f"      # {_line(row.found.description)}"
        yield f"      - {{url: {_scalar(row.found.url)}}}"


# ---------------------------------------------------------------- what is set aside


def set_aside(row: Shelved, now: Instant) -> str | None:
    """Why might this be set aside, if so?"""
    found = row.found
    if found.archived:
        return "archived"
    if found.template:
        return "a template"
    if found.pushed is not None and now - found.pushed > AT_REST:
        return f"no commit since {datetime.fromtimestamp(found.pushed, UTC):%Y-%m-%d}"
    return None


def _ignored(
    aside: Sequence[tuple[Shelved, str]], sources: Mapping[str, Discover]
) -> Iterator[str]:
    by_source: dict[str, list[tuple[Shelved, str]]] = defaultdict(list)
    for row, why in aside:
        by_source[row.source].append((row, why))
    for source, rows in by_source.items():
        said = sources[source]
        keys = {"url": said.url, "catalogue": said.catalogue, "source": said.source,
                "publisher": said.publisher}  # fmt: skip
        given = [f"{key}: {_scalar(value)}" for key, value in keys.items() if value]
        for number, line in enumerate(given):
            yield f"  {'-' if number == 0 else ' '} {line}"
        yield "    ignore:"
        for row, why in rows:
            path = re.sub(r"([*?\[])", r"[\1]", row.key.partition("/")[2])
            yield f"      - {{match: {_scalar(path)}, why: {_scalar(why)}}}"


def _already(stands: Sequence[Shelved]) -> Iterator[str]:
    """What is set aside already, so that people see it; as comments, since nothing is to do."""
    rows = [row for row in stands if row.state in SET_ASIDE]
    if rows:
        yield from ("", f"# Set aside already ({len(rows)}):")
    for row in rows[:NAMED]:
        said = row.reason or {}
        why = str(said.get("text", "")).format(**said.get("args", {})) if said else row.state
        yield f"#   {_line(row.found.url)}: {_line(why)}"
    if len(rows) > NAMED:
        yield f"#   and {len(rows) - NAMED} more"


# ---------------------------------------------------------------- YAML


def _clean(text: str) -> str:
    """Words that others wrote, without what a portfolio file refuses."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def _line(text: str) -> str:
    """One line of a comment."""
    words = _clean(text)
    return words if len(words) <= 70 else words[:69].rstrip() + "…"


def _scalar(text: str) -> str:
    """A text as YAML, in quotes where it might be read as something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return "'" + text.replace("'", "''") + "'"
